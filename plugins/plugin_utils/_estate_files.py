# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merges descriptions of sites into files that users edit. This is a private util of the collection."""

from __future__ import annotations

import contextlib
import json
import os
from urllib.parse import quote

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.files import write_text
from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of, url_of
from ansible_collections.hostops.installatron.plugins.module_utils._base.versions import version_key
from ansible_collections.hostops.installatron.plugins.module_utils._core.connection import redactor_for
from ansible_collections.hostops.installatron.plugins.module_utils._core.model import normal, same
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.snapshot import collector_paused
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import INSTALL_FIELDS
from ansible_collections.hostops.installatron.plugins.module_utils._install.plan import LATEST
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import read_items
from ansible_collections.hostops.installatron.plugins.module_utils._user.fields import USER_FIELDS
from ansible_collections.hostops.installatron.plugins.module_utils._user.websites import compare_websites
from ansible_collections.hostops.installatron.plugins.module_utils._wire.header import website
from ansible_collections.hostops.installatron.plugins.plugin_utils._installs_from import Marked, files_in, read_marked
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import ACCOUNT, install_item
from ansible_collections.hostops.installatron.plugins.plugin_utils._yaml_text import ListText, block_lines, item_lines

_WEBSITES = "websites"
_NO_OWNER = "_without_owner"
_HEAD = """\
---
# Sites of %s, created by hostops.installatron.itron_adopt. You can edit this file: further runs keep comments, encrypted values,
# and all other data that the server does not return.

"""


class EstateFiles:
    """Adds support for the files of O(dest) to an action plugin."""

    def _carry_out(self, params, task_vars):
        """Read the server's state, update the files, and return the result."""
        if params["dest"] is not None and self._task.async_val:
            return {"failed": True, "changed": False,
                    "msg": "itron_adopt: dest: an asynchronous task cannot write files on the controller. Remove async."}
        result = super()._carry_out(dict(params, dest=None), task_vars)
        if params["dest"] is None or result.get("failed"):
            return result
        # The module returns strings of Ansible's types, which other libraries do not support.
        sites, accounts = (json.loads(json.dumps(result.pop(name))) for name in ("sites", "accounts"))
        try:
            with collector_paused():
                estate = Estate(self._loader.path_dwim(params["dest"]), params)
                estate.take(sites, {account["user"]: account for account in accounts})
                if not self._task.check_mode:
                    estate.write()
        except InputError as error:
            return dict(result, failed=True, msg="itron_adopt: %s" % error.text(redactor_for(params).text))
        result.update(estate.result(self._task.diff))
        if estate.gone and params["gone"] == "keep":
            result["warnings"] = [*result.get("warnings", ()), "%d sites of the files are not on the server, so applying the files would install them: %s" % (
                len(estate.gone), ", ".join(estate.gone[:20]))]
        return result

    def _for_module(self, arguments, params):
        """Return the arguments of the module, which cannot write the controller's files."""
        return {name: value for name, value in super()._for_module(arguments, params).items() if name != "dest"}


class SiteFile:
    """A file with sites.

    Arguments:
        path: of the file. text: its content, None for a new file. entries: its sites.
    """

    def __init__(self, path, text, entries):
        self.path = path
        self.text = text
        self.entries = entries
        self.changes = {}
        self.removed = set()
        self.added = []

    def new_text(self, head):
        """Return the content with all changes. head: of a new file. Raises InputError."""
        if self.text is None:
            return head + "".join(line + "\n" for _key, _table, lines in self.added for line in lines)
        if not (self.changes or self.removed or self.added):
            return self.text
        if self.path.endswith(".json"):
            return self._new_json()
        text = ListText(self.text, self.path).with_values(self.changes) if self.changes else self.text
        if not (self.removed or self.added):
            return text
        keys = [key_of(entry) for entry in self.entries]
        places = [(next((index for index, other in enumerate(keys) if other > key), len(keys)), lines) for key, _table, lines in self.added]
        return ListText(text, self.path).changed(self.removed, places)

    def _new_json(self):
        """Return the content of a JSON file with all changes."""
        entries = [_merged(dict(entry), self.changes.get(index, {})) for index, entry in enumerate(self.entries) if index not in self.removed]
        entries += [table for _key, table, _lines in self.added]
        root = json.loads(self.text)
        return json.dumps(dict(root, installs=entries) if isinstance(root, dict) and "installs" in root else entries, indent=2, ensure_ascii=False) + "\n"


def _merged(table, values):
    """Update a dictionary recursively with other values, and return it."""
    for name, value in values.items():
        table[name] = _merged(dict(table[name]), value) if isinstance(value, dict) and isinstance(table.get(name), dict) else value
    return table


def read_folder(folder):
    """Return {path: SiteFile} of all files with sites in a folder, which may be missing. Raises InputError."""
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise InputError("dest: %s is not a folder" % folder)
    found = {}
    for path in files_in(folder) if os.path.isdir(folder) else ():
        try:
            with open(path, "rb") as stream:
                raw = stream.read()
            found[path] = SiteFile(path, raw.decode(), read_marked(path, raw))
        except OSError as error:
            raise InputError("dest: cannot read %s (%s)" % (path, error.strerror)) from error
        except UnicodeDecodeError as error:
            raise InputError("dest: %s is not encoded in UTF-8" % path) from error
    return found


def key_of(options):
    """Return the sort key of a site in a file."""
    return url_of(options.get("url") or ""), str(options.get("id") or "")


class Estate:
    """The files of one folder and their changes.

    Arguments:
        folder: its path. params: the validated options of the task.

    Raises InputError for files that cannot be read or that itron_installs would refuse.
    """

    def __init__(self, folder, params):
        self._folder = folder
        self._files = files = read_folder(folder)
        self._params = params
        self._defaults = params["defaults"] or {}
        self.gone = []
        self._by_id, self._by_site = {}, {}
        entries = [entry for file in files.values() for entry in file.entries]
        read_items([install_item(entry) if isinstance(entry, dict) else entry for entry in entries], self._defaults, {"user": params.get("user")})
        for file in files.values():
            for index, entry in enumerate(file.entries):
                if entry.get("id"):
                    self._by_id[str(entry["id"])] = (file, index)
                if entry.get("url"):
                    self._by_site[identity_of(entry["url"])] = (file, index)

    def take(self, sites, accounts):
        """Calculate the changes. Raises InputError for a file that cannot be changed.

        Arguments:
            sites: the sites of the result of itron_adopt. accounts: its accounts by user.
        """
        kept, left = set(), dict(accounts)
        self._owners = {site["options"].get("user") for site in sites}
        homes = self._homes()
        for site in sites:
            options = site["options"]
            file, index = self._by_id.get(str(options.get("id") or site["id"])) or self._by_site.get(identity_of(options.get("url"))) or (None, None)
            account = left.pop(options.get("user"), None) if options.get("user") not in homes else None
            if file is None:
                self._add(site, account)
                continue
            kept.add((file.path, index))
            self._update(file, index, site, account)
        for user, account in left.items():
            if user in homes:
                self._update_account(*homes[user], account)
        self._find_gone(kept)
        self._changed = list(self._texts())

    def _homes(self):
        """Return {user: (file, index)} of the first site that describes each account."""
        homes = {}
        for file in self._files.values():
            for index, entry in enumerate(file.entries):
                if entry.get("user") and (ACCOUNT in entry or _WEBSITES in entry):
                    homes.setdefault(str(entry["user"]), (file, index))
        return homes

    def _add(self, site, account):
        """Add a site that is not in a file."""
        options = {name: own for name, value in site["options"].items() if (own := self._value_beyond_default(name, value)) is not None}
        owner = site["options"].get("user")
        file = self._file_for(owner if self._params["file_for"] == "owner" else site["options"].get("application"))
        comments = _comments(site["left_out"])
        if account is not None:
            options.update(_account_members(account))
            comments += ["Account: %s" % comment for comment in _comments(account["left_out"])] + block_lines(account["incomplete"])
        file.added.append((key_of(options), options, item_lines(options, comments)))

    def _file_for(self, name):
        """Return the file for the new sites of an owner or of an application."""
        stem = quote(str(name), safe="@-_.") if name else _NO_OWNER
        path = os.path.join(self._folder, "%s.yml" % (stem if not stem.startswith(".") else "_" + stem))
        if path not in self._files:
            self._files[path] = SiteFile(path, None, [])
        return self._files[path]

    def _update(self, file, index, site, account):
        """Record the differences of a site between its file and the server."""
        entry = file.entries[index]
        if entry.get("state", "present") != "present":
            # The user wants to remove the site.
            return
        changes = {}
        if entry.get("id") and str(entry["id"]) != site["id"]:
            # The application was reinstalled.
            changes["id"] = site["id"]
        for name, value in site["options"].items():
            mine = entry.get(name)
            if mine is None:
                wanted = None if name in ("id", "url") or (name == "user" and value == self._params.get("user")) else self._value_beyond_default(name, value)
            else:
                wanted = _differing(name, mine, self._value_beyond_default(name, value) if isinstance(mine, dict) else value)
            if wanted is not None:
                changes[name] = wanted
        if account is not None:
            changes.update(_account_members(account))
        if changes:
            file.changes[index] = changes

    def _value_beyond_default(self, name, value):
        """Return the value that a site needs in addition to the defaults for an option to have a value, or None."""
        default = self._defaults.get(name)
        return value if default is None else _differing(name, default, value)

    def _update_account(self, file, index, account):
        """Record the differences of an account between its file and the server."""
        entry = file.entries[index]
        mine = entry.get(ACCOUNT) or {}
        changes = {}
        members = _account_members(account)
        given = {name: value for name, value in members.get(ACCOUNT, {}).items()
                 if not isinstance(mine.get(name), Marked)
                 and (mine.get(name) is None or normal(USER_FIELDS[name], mine[name]) != normal(USER_FIELDS[name], value))}
        if given:
            changes[ACCOUNT] = given
        if _WEBSITES in members and not _holds_marked(entry.get(_WEBSITES)):
            if _WEBSITES not in entry or compare_websites(_api_form(entry[_WEBSITES]), _api_form(members[_WEBSITES]))[0]:
                changes[_WEBSITES] = members[_WEBSITES]
        if changes:
            file.changes.setdefault(index, {}).update(changes)

    def _find_gone(self, kept):
        """Record the sites of the files that are missing on the server."""
        for file in self._files.values():
            for index, entry in enumerate(file.entries):
                if (file.path, index) in kept or entry.get("state", self._defaults.get("state", "present")) != "present" or not self._is_in_scope(entry):
                    continue
                self.gone.append(str(entry.get("url") or entry.get("id")))
                if self._params["gone"] == "remove":
                    file.removed.add(index)

    def _is_in_scope(self, entry):
        """Return whether the server's list would contain the site if it were installed. For an owner without listed sites, this is unknown."""
        user, asked = entry.get("user") or self._defaults.get("user"), self._params.get("user")
        if user is None or user == asked:
            return True
        return self._params["owned_accounts"] and (asked is None or user in self._owners)

    def _texts(self):
        """Yield (file, new text) of each file that changes."""
        for path in sorted(self._files):
            file = self._files[path]
            text = file.new_text(_HEAD % os.path.splitext(os.path.basename(path))[0])
            if text != file.text:
                yield file, text

    def write(self):
        """Write the files that change. Raises InputError."""
        for file, text in self._changed:
            try:
                write_text(file.path, text)
            except OSError as error:
                raise InputError("dest: cannot write %s (%s)" % (file.path, error.strerror)) from error

    def result(self, diff):
        """Return the members of the result for the files."""
        files = [{"path": file.path, "added": len(file.added), "updated": len(file.changes), "removed": len(file.removed)}
                 for file, _text in self._changed]
        result = {"changed": bool(self._changed), "files": files, "gone": self.gone, "summary": {
            name: sum(file[name] for file in files) for name in ("added", "updated", "removed")}}
        if diff:
            result["diff"] = [self._diff(file, text) for file, text in self._changed]
        return result

    def _diff(self, file, text):
        """Return the diff of one file without the secrets in it."""
        redactor = redactor_for({"installs": file.entries, "api_key": self._params["api_key"]})
        before, after = ("\n".join(map(redactor.text, side.split("\n"))) for side in (file.text or "", text))
        return {"before_header": file.path, "after_header": file.path, "before": before, "after": after}


def _differing(name, mine, value):
    """Return the server's value of an option if it differs from the file, or None. For settings, return only the different ones."""
    if isinstance(mine, Marked) or value is None:
        return None
    if name == "settings":
        if not isinstance(mine, dict):
            return value
        return {key: text for key, text in value.items() if not isinstance(mine.get(key), Marked)
                and (mine.get(key) is None or str(mine[key]).strip() != text)} or None
    if name == "version":
        return None if mine in LATEST or version_key(mine) == version_key(value) else value
    field = INSTALL_FIELDS.get(name)
    if field is None:
        return None if str(mine) == value else value
    wanted = mine
    with contextlib.suppress(InputError):
        wanted = normal(field, mine)
    return None if same(field, wanted, value) else value


def _account_members(account):
    """Return the members of a description for an account: C(account) and C(websites)."""
    options = dict(account["options"])
    websites = options.pop(_WEBSITES, None)
    return {**({ACCOUNT: options} if options else {}), **({_WEBSITES: websites} if websites else {})}


def _comments(left_out):
    """Return a comment for each reason of omitted options."""
    reasons = {}
    for entry in left_out:
        reasons.setdefault(entry["reason"], []).append(entry["option"])
    return ["Omitted (%s): %s" % (reason, ", ".join(names)) for reason, names in reasons.items()]


def _holds_marked(value):
    """Return whether a nested value contains an encrypted one."""
    if isinstance(value, dict):
        return any(map(_holds_marked, value.values()))
    return any(map(_holds_marked, value)) if isinstance(value, list) else isinstance(value, Marked)


def _api_form(websites):
    """Return websites in the form of section 3.1."""
    return [website(dict(item), "websites[%d]" % index) for index, item in enumerate(websites)]
