# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites out of files on the controller, past Ansible's loading and templating of variables. This is a private util of the collection."""

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
# What only Ansible's own loader understands.
_VAULT_HEADER = b"$ANSIBLE_VAULT"
_ANSIBLE_TAGS = (b"!vault", b"!unsafe")
_TEMPLATE_MARKS = ("{{", "{%", "{#")
_MERGE = "tag:yaml.org,2002:merge"


class InstallsFromFiles:
    """Gives an action the sites in the files of O(installs_from)."""

    def _complete(self, params):
        """Return the options with C(installs) read from the files. Raises InputError that names file and line."""
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
        """Return the sites in one file. Raises InputError that names file and line."""
        # A description of a site has more than what is installed; the rest is for the role site.
        return [install_item(site) for site in read_file(path, self._loader)]

    def _share_websites(self, entries):
        """Give the sites of all files the websites of their users. Raises InputError."""
        share_websites(entries)

    def _for_module(self, arguments, params):
        """Return the arguments of the module, which cannot read the controller's files."""
        arguments = super()._for_module(arguments, params)
        if params["installs_from"] is None:
            return arguments
        # The module does not know in which file a site stands; what can be found here is said here.
        check_items(read_items(params["installs"], params["defaults"], {}))
        arguments = {name: value for name, value in arguments.items() if name != "installs_from"}
        return dict(arguments, installs=[dict(entry) for entry in params["installs"]])


class CheckedFiles(InstallsFromFiles):
    """Gives an action the sites in the files of O(installs_from) that can be read, and what is wrong with the others."""

    def _complete(self, params):
        """Return the options with C(installs) read from the files, and C(file_problems). Raises InputError for a pattern that names nothing."""
        self._problems, self._descriptions = [], []
        params = super()._complete(params)
        try:
            # What names no site is among the problems of its options.
            site_parts([site for site in self._descriptions if isinstance(site, dict) and (site.get("url") or site.get("id"))], params["defaults"])
        except InputError as error:
            self._problems.append(error.text())
        return dict(params, file_problems=self._problems)

    def _read(self, path):
        """Return the sites in one file, none if it cannot be read."""
        try:
            sites = read_file(path, self._loader)
            items = [install_item(site) for site in sites]
        except InputError as error:
            self._problems.append(error.text())
            return []
        self._descriptions += sites
        return items

    def _share_websites(self, entries):
        """Give the sites of all files the websites of their users, if these fit together."""
        try:
            super()._share_websites(entries)
        except InputError as error:
            self._problems.append(error.text())


def find_files(patterns, bases):
    """Return the files that paths, folders and glob patterns name, each once and in a stable order.

    Arguments:
        patterns: list of texts. bases: folders that relative ones are looked for in, the first that has it wins;
            in each of them, also in its folder C(files).

    Raises InputError for a pattern that names nothing.
    """
    found = {}
    for pattern in patterns:
        files = _matches(os.path.expanduser(pattern), bases)
        if not files:
            raise InputError("installs_from: %s names no file with the extension .yml, .yaml or .json" % pattern,
                             hint="Relative paths are looked for beside the playbook and in its folder files.")
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
        path: of a YAML or JSON file: a list of sites, a table with such a list under C(installs), or the table of one site.
        loader: Ansible's DataLoader, which knows the vault secrets.

    Raises InputError that names the file, and the line if there is one.
    """
    try:
        with open(path, "rb") as stream:
            raw = stream.read()
    except OSError as error:
        raise InputError("installs_from: %s cannot be read (%s)" % (path, error.strerror)) from error
    if raw.startswith(_VAULT_HEADER) or any(tag in raw for tag in _ANSIBLE_TAGS):
        data = _load_with_ansible(path, loader)
    else:
        data = _load(path, raw)
    places = _Places(path, raw)
    entries = [_entry(item, places, index) for index, item in enumerate(sites_in(path, data))]
    if b"!unsafe" not in raw:
        _refuse_templates(entries)
    return entries


def sites_in(path, data):
    """Return the list of sites in the content of a file. Raises InputError for what has none."""
    if isinstance(data, dict) and isinstance(data.get("installs"), list):
        others = sorted(str(name) for name in data if name != "installs")
        if others:
            raise InputError("installs_from: %s has more than installs: %s" % (path, ", ".join(others)),
                             hint="What all sites share goes into the option defaults of the task.")
        return data["installs"]
    if isinstance(data, dict) and ("url" in data or "id" in data):
        return [data]
    if data is None:
        return []
    if not isinstance(data, list):
        raise InputError("installs_from: %s holds no list of sites" % path,
                         hint="Write a list of tables, a table installs with such a list, or the table of one site with its url.")
    return data


class _Places:
    """Tells the line of a site, only when somebody asks: a second look at the file costs as much as the first."""

    def __init__(self, path, raw):
        self._path = path
        self._raw = raw
        self._lines = None

    def place(self, index):
        """Return file and line of the site with an index."""
        if self._lines is None:
            self._lines = self._find()
        return "%s, line %d" % (self._path, self._lines[index]) if index < len(self._lines) else self._path

    def _find(self):
        """Return the first line of every site; none where the file is encrypted."""
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
        """Where the site stands."""
        return self._places.place(self._index)


def _entry(item, places, index):
    """Return one site; what is no table is left for the validation, which names its position."""
    return _FileEntry(item, places, index) if isinstance(item, dict) else item


_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _SiteLoader(_BASE):
    """YAML without surprises: a key stands once, and 6.10 is the version 6.10 and not the number 6.1."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("float", "timestamp")]
        for first, resolvers in _BASE.yaml_implicit_resolvers.items()}

    def construct_mapping(self, node, deep=False):
        """Return a table. Raises ConstructorError for a key that stands in it twice."""
        seen = set()
        for key, _value in node.value:
            if key.tag != _MERGE and key.value.__hash__ is not None:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, "the key %s stands there twice" % key.value, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


class Marked(str):
    """Stands for a value that is encrypted: a text that any option takes."""


class _MarkedLoader(_SiteLoader):
    """Leaves encrypted values as they are."""


_MarkedLoader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
_MarkedLoader.add_multi_constructor("!", lambda loader, tag, node: Marked("encrypted://value"))


def read_marked(path, raw):
    """Return the sites in one file as read_file does, with encrypted values as Marked. raw: its content. Raises InputError."""
    if raw.startswith(_VAULT_HEADER):
        raise InputError("%s is encrypted as a whole" % path, hint="Encrypt single values with ansible-vault encrypt_string.")
    places = _Places(path, raw)
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
        raise InputError("installs_from: %s cannot be read: %s" % (path, error)) from error


def _load_with_ansible(path, loader):
    """Return the content of a file with encrypted or marked values, as plain values."""
    try:
        return json.loads(json.dumps(loader.load_from_file(path), default=str))
    except (AnsibleError, TypeError, ValueError) as error:
        raise InputError("installs_from: %s cannot be read: %s" % (path, error)) from error


def _refuse_templates(entries):
    """Refuse values that somebody expects to be templated: they would be taken as they are."""
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, dict):
            for name, value in entry.items():
                if _has_template(value):
                    raise InputError("installs_from: %s of item %d (%s) holds a template, and files are not templated" % (name, number, entry.source),
                                     hint="Encrypt secrets with ansible-vault encrypt_string, mark literal braces with !unsafe, "
                                          "or give the list as installs.")


def _has_template(value):
    if isinstance(value, dict):
        return any(_has_template(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_template(item) for item in value)
    return isinstance(value, str) and "{" in value and any(mark in value for mark in _TEMPLATE_MARKS)
