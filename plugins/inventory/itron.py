# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory plugin for installed applications."""

from __future__ import annotations

DOCUMENTATION = r"""
name: itron
short_description: Use the web applications on Installatron Server as inventory hosts
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Adds every installed application (WordPress, Joomla, Magento, and others) of one user, of a reseller and all its
    accounts, or of the server's administrator as a host.
  - This allows C(--limit), C(serial), C(forks), and the job slicing of AWX to distribute work over many sites.
  - The plugin reads the server's list with one request (C(installs), section 3.5). The server does not visit the sites.
  - The variables of a host are the return values of M(hostops.installatron.itron_install_info) with the prefix
    O(vars_prefix), such as C(itron_id), C(itron_url), C(itron_application), C(itron_version),
    C(itron_version_available), and C(itron_owner). Values that the server does not return are V(null).
  - The hosts require no connection and no C(ansible_connection), because the modules of this collection run on the
    controller. Use C(gather_facts=false) in the play.
  - The file name must end in C(itron.yml), C(itron.yaml), C(installatron.yml), or C(installatron.yaml).
extends_documentation_fragment:
  - hostops.installatron._connection_plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - Section numbers refer to the specification of the Installatron Server v1 API.
  - O(api_url), O(api_key), and the values of O(filters) can be templates that use extra variables. Secrets can be
    encrypted with C(ansible-vault encrypt_string).
  - An unsupported option or filter is an error. Ansible prints it as a warning and continues without the hosts, unless
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) is V(true).
  - With a valid cache, the plugin sends no request, and O(api_key) is not required. C(--flush-cache) and
    C(meta=refresh_inventory) discard the cache.
  - There is a separate cache for each URL, user, and set of filters that the server applies. Other filters are applied
    to the cached data.
  - For thousands of sites, ansible-core needs most of the time to evaluate O(compose), O(groups), and O(keyed_groups),
    about one millisecond for each host and entry. A key in O(keyed_groups) that consists of a variable name is much
    faster.
  - Variables from the server are never evaluated as templates.
options:
  plugin:
    description:
      - The name of this plugin.
    type: str
    required: true
    choices:
      - hostops.installatron.itron
  filters:
    description:
      - Select the applications that become hosts. All filters must match. An empty list matches nothing.
    type: dict
    default: {}
    suboptions:
      user:
        description:
          - Select only applications of this user. Corresponds to the API argument C(user) (section 3.5).
          - By default, the server lists the applications of its administrator.
        type: str
      owned_accounts:
        description:
          - Whether to include the applications of the accounts that O(filters.user) owns, such as those of a reseller
            and its sub-resellers.
          - Corresponds to the API argument C(filter-ownedaccounts) with the value V(yes) (section 3.5).
        type: bool
        default: false
      q:
        description:
          - Select only applications with this text in their title, URL, identifier, application, or owner. Corresponds
            to the API argument C(q) (section 3.5).
        type: str
      version_available:
        description:
          - Whether to select only applications with an available upgrade.
          - Corresponds to the API argument C(filter-version-available) with the value V(yes) (section 3.5).
        type: bool
        default: false
      version_available_minor:
        description:
          - Whether to select only applications with an available upgrade in the same minor series.
          - Corresponds to the API argument C(filter-version-available-minor) with the value V(yes) (section 3.5).
        type: bool
        default: false
      application:
        description:
          - Select only these applications, by their identifiers such as V(wordpress). The plugin applies this filter.
        type: list
        elements: str
      version:
        description:
          - Select only versions that match one of these patterns, such as V(6.4.*). The plugin applies this filter.
        type: list
        elements: str
      owner:
        description:
          - Select only applications of these users, for example with O(filters.owned_accounts=true). The plugin applies
            this filter.
        type: list
        elements: str
      domain:
        description:
          - Select only sites whose host name, without the port, matches one of these patterns, such as
            V(*.example.com). The plugin applies this filter.
          - Internationalized domain names must be in their ASCII form.
        type: list
        elements: str
      url:
        description:
          - Select only sites whose URL, without the scheme, matches one of these patterns, such as V(*/blog). The path
            is case-sensitive. The plugin applies this filter.
        type: list
        elements: str
  hostname:
    description:
      - Property that determines the host names.
      - V(url) uses the domain, port, and path of the site. For example, V(https://www.example.com/blog) becomes
        C(www.example.com_blog).
      - V(domain) uses only the domain.
      - V(id) uses the identifier of the installed application.
      - Characters other than letters, digits, dots, dashes, and underscores are replaced by underscores, so that a name
        is valid for C(--limit), in group names, and as a file name. Internationalized domain names are in their ASCII
        form.
      - A host name depends only on the URL and the identifier of the application. If several applications have the same
        name, the plugin appends the identifier to each of them and prints a warning. Therefore, a name never changes to
        another site.
      - The plugin also appends the identifier to V(127.0.0.1) and to a name without a dot, because it could be the name
        of a group or of the controller.
    type: str
    choices:
      - url
      - domain
      - id
    default: url
  vars_prefix:
    description:
      - Prefix of the variable names, in letters, digits, and underscores. It must not begin with C(ansible_).
    type: str
    default: itron_
  variables:
    description:
      - Variables of the hosts, as the names of return values of M(hostops.installatron.itron_install_info), without
        O(vars_prefix). An unknown name is an error.
      - By default, all variables except C(list_files), C(list_tables), C(list_plugins), and C(list_themes), which are
        large.
      - With O(cache=true), C(title), C(sitetitle), C(sitetagline), and C(settings) are also excluded, and selecting one
        of them is an error. Customers write these texts, which may contain passwords, and the cache is stored on disk.
      - For thousands of sites, select only the variables that you need. This makes the inventory smaller, and the
        inventory and all plays faster.
    type: list
    elements: str
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
  - module: hostops.installatron.itron_installs
"""

EXAMPLES = r"""
# Each example is a separate file, such as inventory/itron.yml.

# All applications of the server's administrator. The URL and the key are in the environment variables ITRON_API_URL and
# ITRON_API_KEY, for example from an AWX credential:
#
#   plugin: hostops.installatron.itron

# All applications of a reseller and its users, in groups by application, version, and owner, such as wordpress,
# version_6_4_3, and owner_alice. The group outdated contains the sites with an available upgrade.
plugin: hostops.installatron.itron
api_url: https://installatron.example.com/server/v1
filters:
  user: reseller1
  owned_accounts: true
keyed_groups:
  - key: itron_application
    separator: ""
  - key: itron_version
    prefix: version
  - key: itron_owner
    prefix: owner
groups:
  outdated: itron_version_available is truthy
strict: true

# The WordPress sites of example.com and its subdomains, cached on disk for an hour:
#
#   plugin: hostops.installatron.itron
#   api_url: https://installatron.example.com/server/v1
#   filters:
#     user: alice
#     application:
#       - wordpress
#     domain:
#       - example.com
#       - "*.example.com"
#   compose:
#     series: itron_version.split('.')[:2] | join('.')
#   cache: true
#   cache_plugin: ansible.builtin.jsonfile
#   cache_connection: .cache/inventory
#   cache_timeout: 3600

# The following playbook updates the sites of one of these inventories: first one site, then five sites, then a quarter of the
# sites at a time. Use ansible-playbook --limit 'version_6_4_*' to select sites.
#
# - name: Update outdated sites
#   hosts: outdated
#   gather_facts: false
#   serial: [1, 5, "25%"]
#   tasks:
#     - name: Upgrade to the newest version of the minor series
#       hostops.installatron.itron_install:
#         user: "{{ itron_owner }}"
#         websites: "{{ websites_of[itron_owner] }}" # from group_vars, for servers that do not store websites
#         url: "{{ itron_url }}"
#         version: latest_minor
"""

import re

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, ItronError
from ansible_collections.hostops.installatron.plugins.module_utils._base.text import printable
from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import CONNECTION
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import install_result
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor, collect
from ansible_collections.hostops.installatron.plugins.module_utils._wire.transport import REQUESTS_IMPORT_ERROR
from ansible_collections.hostops.installatron.plugins.plugin_utils._inventory_names import host_names
from ansible_collections.hostops.installatron.plugins.plugin_utils._inventory_read import (
    FREE_TEXTS,
    cache_key,
    cacheable,
    chosen,
    read_filters,
    read_installs,
)

try:
    # Since ansible-core 2.19, only trusted strings are templated. Earlier versions template all strings except unsafe ones.
    from ansible.template import trust_as_template as _TRUST
    _MARK = None
except ImportError:
    from ansible.utils.unsafe_proxy import wrap_var as _MARK
    _TRUST = None

_ENDINGS = ("itron.yml", "itron.yaml", "installatron.yml", "installatron.yaml")
_CONNECTION = tuple(name for name in CONNECTION.options if name != "run_on")
# Options that can be templates, in addition to the filters.
_TEMPLATES = ("api_url", "api_key")
_LONG_LISTS = frozenset(("list_files", "list_tables", "list_plugins", "list_themes"))
# Names of all variables, without the prefix.
_VARIABLES = tuple(install_result({}, bool))
_PREFIX = re.compile(r"^(?!ansible_)[A-Za-z_][A-Za-z0-9_]*$")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Inventory plugin that adds a host for each installed application."""

    NAME = "hostops.installatron.itron"

    def verify_file(self, path):
        """Return whether a file is readable and has one of the documented endings."""
        return super().verify_file(path) and path.endswith(_ENDINGS)

    def parse(self, inventory, loader, path, cache=True):
        """Add the hosts to the inventory.

        Arguments:
            inventory, loader, path: from ansible-core. cache: whether the cache may be read. It is always written.

        Raises AnsibleParserError with the name of the option or the message from the server.
        """
        super().parse(inventory, loader, path, cache)
        self._check_names(self._read_config_data(path))
        secrets = Redactor()
        try:
            params = self._connection()
            secrets.add(collect(params))
            filters = read_filters(self._evaluated("filters"))
            self._populate(self._installs(params, filters, cache), filters)
        except ItronError as error:
            # The original error would be printed as the cause, and its secrets are not masked.
            raise AnsibleParserError(error.text(secrets.text)) from None

    def _check_names(self, config):
        """Refuse unsupported options. ansible-core ignores them, and a misspelled filter would select all applications."""
        unknown = sorted(str(name) for name in config if not self.has_option(name))
        if unknown:
            raise AnsibleParserError("unsupported option: %s%s" % (
                ", ".join(unknown), ". Set user and q in filters." if {"user", "q"} & set(unknown) else ""))
        if not _PREFIX.match(self.get_option("vars_prefix")):
            raise AnsibleParserError("vars_prefix: %s is not the start of a valid variable name, or starts with ansible_" % self.get_option("vars_prefix"))
        variables = set(self.get_option("variables") or ())
        unknown = sorted(variables - set(_VARIABLES))
        if unknown:
            raise AnsibleParserError("variables: itron_install_info does not return %s" % ", ".join(map(str, unknown)))
        if self.get_option("cache") and variables & FREE_TEXTS:
            raise AnsibleParserError("variables: %s can contain any text, including passwords, and cannot be cached; omit it, or set cache: false"
                                     % ", ".join(sorted(variables & FREE_TEXTS)))

    def _connection(self):
        """Return the connection options. Raises InputError if a required option is missing."""
        params = {name: self._evaluated(name) if name in _TEMPLATES else self.get_option(name) for name in _CONNECTION}
        if params["transport"] == "http" and not params["api_url"]:
            raise InputError("api_url: required with transport: http", hint="Set the option or the environment variable ITRON_API_URL.")
        if params["client_key"] and not params["client_cert"]:
            raise InputError("client_key: requires client_cert")
        return params

    def _evaluated(self, name):
        """Return an option with evaluated templates. Raises AnsibleParserError with the name of the option."""
        value = self.get_option(name)
        self.templar.available_variables = self._vars
        try:
            value = self.templar.template(value)
        except AnsibleError as error:
            raise AnsibleParserError("%s: %s" % (name, error)) from None
        # Convert encrypted and tagged strings to plain strings.
        return str(value) if name in _TEMPLATES and value is not None else value

    def _installs(self, params, filters, cache):
        """Return the documented results, from the cache if it is enabled and valid."""
        wanted = self.get_option("cache")
        key = cache_key(params, filters)
        if wanted and cache:
            try:
                return self._cache[key]["installs"]
            except KeyError:
                # The entry does not exist or has expired.
                self.display.vvv("%s: no valid cache entry, querying the server" % self.NAME)
        installs = self._ask(params, filters)
        if wanted:
            # Hosts must not depend on whether the cache is read or written.
            installs = cacheable(installs)
            self._cache[key] = {"installs": installs}
        return installs

    def _ask(self, params, filters):
        """Return the documented results from the server."""
        if not params["api_key"]:
            raise InputError("api_key: required", hint="Set the option or the environment variable ITRON_API_KEY.")
        if params["transport"] == "http" and REQUESTS_IMPORT_ERROR:
            raise AnsibleParserError(missing_required_lib("requests"))
        installs, warnings = read_installs(params, filters)
        for warning in warnings:
            self.display.warning(printable(warning))
        return installs

    def _populate(self, installs, filters):
        """Add hosts for the results that match the filters."""
        # Name all applications, so that filters do not change host names.
        names, warnings = host_names(installs, self.get_option("hostname"))
        for warning in warnings:
            self.display.warning(printable(warning))
        wanted = self.get_option("variables")
        wanted = [name for name in _VARIABLES if (name not in self._left_out() if wanted is None else name in wanted)]
        for name, install in zip(names, installs):
            if chosen(install, filters):
                self._add_host(name, {self.get_option("vars_prefix") + key: _untrusted(install[key]) for key in wanted})

    def _left_out(self):
        """Return the variables that are excluded by default."""
        return _LONG_LISTS | FREE_TEXTS if self.get_option("cache") else _LONG_LISTS

    def _add_host(self, name, variables):
        """Add a host with its variables and groups."""
        self.inventory.add_host(name)
        for key, value in variables.items():
            self.inventory.set_variable(name, key, value)
        strict = self.get_option("strict")
        if self.get_option("compose"):
            self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
            variables = self.inventory.get_host(name).get_vars()
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict, fetch_hostvars=False)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict, fetch_hostvars=False)

    def _compose(self, template, variables, *args, **kwargs):
        """Evaluate an expression for Constructable. The name of a string variable is looked up directly, which is much faster for many hosts."""
        value = variables.get(template) if isinstance(template, str) and not self.get_option("use_extra_vars") else None
        if isinstance(value, str) and value and "{" not in value:
            return value
        return super()._compose(template, variables, *args, **kwargs)


def _untrusted(value):
    """Return a value from the server that ansible-core never evaluates as a template."""
    if _MARK is not None and value and not isinstance(value, (bool, int)) and "{" in str(value):
        return _MARK(value)
    return value
