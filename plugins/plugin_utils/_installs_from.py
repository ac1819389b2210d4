# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads sites from files on the controller, without Ansible's loading and templating of variables. This is a private util of the collection."""

from __future__ import annotations

import glob
import json
import os

import yaml
from ansible.errors import AnsibleError

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._fleet.snapshot import collector_paused
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import Entry, check_items, read_items
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import install_item, share_websites, site_parts

EXTENSIONS = (".yml", ".yaml", ".json")
# Syntax that only Ansible's loader supports.
_VAULT_HEADER = b"$ANSIBLE_VAULT"
_ANSIBLE_TAGS = (b"!vault", b"!unsafe")
_TEMPLATE_MARKS = ("{{", "{%", "{#")
_MERGE = "tag:yaml.org,2002:merge"


class InstallsFromFiles:
    """Adds support for the files of O(installs_from) to an action plugin."""

    def _complete(self, params):
        """Return the options with C(installs) from the files. Raises InputError that names the file and the line."""
        params = super()._complete(params)
        if params["installs_from"] is None:
            return params
        entries = []
        paths = find_files(params["installs_from"], self._task.get_search_path() or [self._loader.get_basedir()])
        with collector_paused():
            for path in paths:
                entries += self._read(path)
            self._share_websites(entries)
        return dict(params, installs=entries)

    def _read(self, path):
        """Return the sites in one file. Raises InputError that names the file and the line."""
        # A description also contains data for the role site.
        return [install_item(site) for site in read_file(path, self._loader)]

    def _share_websites(self, entries):
        """Add the websites of their users to all sites. Raises InputError."""
        share_websites(entries)

    def _for_module(self, arguments, params):
        """Return the arguments of the module, which cannot read the controller's files."""
        arguments = super()._for_module(arguments, params)
        if params["installs_from"] is None:
            return arguments
        # The module cannot report the file of a site, so validate the sites here as far as possible.
        check_items(read_items(params["installs"], params["defaults"], {}))
        arguments = {name: value for name, value in arguments.items() if name != "installs_from"}
        return dict(arguments, installs=[dict(entry) for entry in params["installs"]])


class CheckedFiles(InstallsFromFiles):
    """Adds support for O(installs_from) to an action plugin that reports all problems of the files."""

    def _complete(self, params):
        """Return the options with C(installs) from the files and C(file_problems). Raises InputError for a pattern without a match."""
        self._problems, self._descriptions = [], []
        params = super()._complete(params)
        try:
            # The validation of the options reports a site without url and id.
            site_parts([site for site in self._descriptions if isinstance(site, dict) and (site.get("url") or site.get("id"))], params["defaults"])
        except InputError as error:
            self._problems.append(error.text())
        return dict(params, file_problems=self._problems)

    def _read(self, path):
        """Return the sites in one file, or an empty list if it cannot be read."""
        try:
            sites = read_file(path, self._loader)
            items = [install_item(site) for site in sites]
        except InputError as error:
            self._problems.append(error.text())
            return []
        self._descriptions += sites
        return items

    def _share_websites(self, entries):
        """Add the websites of their users to all sites. Record conflicts as problems."""
        try:
            super()._share_websites(entries)
        except InputError as error:
            self._problems.append(error.text())


def find_files(patterns, bases):
    """Return the files that match paths, folders, and glob patterns, without duplicates and in a stable order.

    Arguments:
        patterns: list of strings. bases: folders for relative patterns, each searched with its subfolder C(files). The first
            match wins.

    Raises InputError for a pattern without a match.
    """
    found = {}
    for pattern in patterns:
        files = _matches(os.path.expanduser(pattern), bases)
        if not files:
            raise InputError("installs_from: %s matches no file with the extension .yml, .yaml, or .json" % pattern,
                             hint="Relative paths are searched in the folder of the playbook and in its subfolder files.")
        for path in files:
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def _matches(pattern, bases):
    """Return the files of one pattern."""
    for folder in [""] if os.path.isabs(pattern) else [os.path.join(base, name) for base in bases for name in ("files", "")]:
        path = os.path.join(folder, pattern)
        files = [file for match in ([path] if os.path.exists(path) else sorted(glob.glob(path, recursive=True))) for file in files_in(match)]
        if files:
            return files
    return []


def files_in(path):
    """Return a file itself, or the files with sites in a folder and its subfolders."""
    if os.path.isfile(path):
        return [path]
    return [os.path.join(folder, name) for folder, folders, names in sorted(os.walk(path))
            for name in sorted(names) if name.endswith(EXTENSIONS) and not name.startswith(".") and os.sep + "." not in folder[len(path):]]


def read_file(path, loader):
    """Return the sites in one file as a list of Entries.

    Arguments:
        path: of a YAML or JSON file: a list of sites, a dictionary with such a list under C(installs), or the dictionary of one site.
        loader: Ansible's DataLoader, which has the vault secrets.

    Raises InputError that names the file, and the line if there is one.
    """
    try:
        with open(path, "rb") as stream:
            raw = stream.read()
    except OSError as error:
        raise InputError("installs_from: cannot read %s (%s)" % (path, error.strerror)) from error
    if raw.startswith(_VAULT_HEADER) or any(tag in raw for tag in _ANSIBLE_TAGS):
        data = _load_with_ansible(path, loader)
    else:
        data = _load(path, raw)
    places = _Locations(path, raw)
    entries = [_entry(item, places, index) for index, item in enumerate(sites_in(path, data))]
    if b"!unsafe" not in raw:
        _refuse_templates(entries)
    return entries


def sites_in(path, data):
    """Return the list of sites in the content of a file. Raises InputError if there is none."""
    if isinstance(data, dict) and isinstance(data.get("installs"), list):
        others = sorted(str(name) for name in data if name != "installs")
        if others:
            raise InputError("installs_from: %s has members in addition to installs: %s" % (path, ", ".join(others)),
                             hint="For values that all sites share, use the option defaults of the task.")
        return data["installs"]
    if isinstance(data, dict) and ("url" in data or "id" in data):
        return [data]
    if data is None:
        return []
    if not isinstance(data, list):
        raise InputError("installs_from: %s contains no list of sites" % path,
                         hint="Write a list of dictionaries, a dictionary with such a list under installs, or the dictionary of one site with its url.")
    return data


class _Locations:
    """Finds the lines of sites on demand, because parsing the file again takes as long as the first time."""

    def __init__(self, path, raw):
        self._path = path
        self._raw = raw
        self._lines = None

    def place(self, index):
        """Return the file and the line of the site with an index."""
        if self._lines is None:
            self._lines = self._find()
        return "%s, line %d" % (self._path, self._lines[index]) if index < len(self._lines) else self._path

    def _find(self):
        """Return the first line of each site, or an empty list if the file is encrypted."""
        try:
            root = yaml.compose(self._raw, Loader=_BASE)
        except yaml.YAMLError:
            return []
        if isinstance(root, yaml.MappingNode):
            lists = [value for key, value in root.value if key.value == "installs"]
            root = lists[0] if lists else yaml.SequenceNode(None, [root])
        return [node.start_mark.line + 1 for node in root.value] if isinstance(root, yaml.SequenceNode) else []


class _FileEntry(Entry):
    """A site in a file."""

    def __init__(self, values, places, index):
        super().__init__(values)
        self._places = places
        self._index = index

    @property
    def source(self):
        """The file and the line of the site."""
        return self._places.place(self._index)


def _entry(item, places, index):
    """Return one site. The validation reports items that are not dictionaries with their position."""
    return _FileEntry(item, places, index) if isinstance(item, dict) else item


_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _SiteLoader(_BASE):
    """YAML loader that refuses duplicate keys, and reads 6.10 as the version 6.10 instead of the number 6.1."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("float", "timestamp")]
        for first, resolvers in _BASE.yaml_implicit_resolvers.items()}

    def construct_mapping(self, node, deep=False):
        """Return a dictionary. Raises ConstructorError for a duplicate key."""
        seen = set()
        for key, _value in node.value:
            if key.tag != _MERGE and key.value.__hash__ is not None:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, "duplicate key %s" % key.value, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


class Marked(str):
    """Placeholder for an encrypted value. All options accept it."""


class _MarkedLoader(_SiteLoader):
    """YAML loader that does not decrypt values."""


_MarkedLoader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
_MarkedLoader.add_multi_constructor("!", lambda loader, tag, node: Marked("encrypted://value"))


def read_marked(path, raw):
    """Return the sites in one file like read_file, but with Marked for encrypted values. raw: its content. Raises InputError."""
    if raw.startswith(_VAULT_HEADER):
        raise InputError("%s is an encrypted file" % path, hint="Encrypt individual values with ansible-vault encrypt_string instead.")
    places = _Locations(path, raw)
    return [_entry(item, places, index) for index, item in enumerate(sites_in(path, _load(path, raw, _MarkedLoader)))]


def _load(path, raw, loader=_SiteLoader):
    """Return the content of a plain file. Raises InputError that names the line."""
    try:
        if path.endswith(".json"):
            return json.loads(raw, parse_float=str)
        return yaml.load(raw, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError("installs_from: %s, line %d: %s" % (path, mark.line + 1 if mark else 1, error.problem or error.context)) from error
    except json.JSONDecodeError as error:
        raise InputError("installs_from: %s, line %d: %s" % (path, error.lineno, error.msg)) from error
    except (ValueError, yaml.YAMLError) as error:
        raise InputError("installs_from: cannot read %s: %s" % (path, error)) from error


def _load_with_ansible(path, loader):
    """Return the content of a file with encrypted or marked values, as plain values."""
    try:
        return json.loads(json.dumps(loader.load_from_file(path), default=str))
    except (AnsibleError, TypeError, ValueError) as error:
        raise InputError("installs_from: cannot read %s: %s" % (path, error)) from error


def _refuse_templates(entries):
    """Raise InputError for values with templates, because they are not evaluated."""
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, dict):
            for name, value in entry.items():
                if _has_template(value):
                    raise InputError("installs_from: %s of item %d (%s) contains a template, but files are not templated" % (name, number, entry.source),
                                     hint="Encrypt secrets with ansible-vault encrypt_string, mark literal braces with !unsafe, "
                                          "or set the list in installs.")


def _has_template(value):
    if isinstance(value, dict):
        return any(_has_template(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_template(item) for item in value)
    return isinstance(value, str) and "{" in value and any(mark in value for mark in _TEMPLATE_MARKS)
