# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed applications as inventory hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: itron
short_description: The web applications that Installatron Server manages, as hosts
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Makes a host of every installed application (WordPress, Joomla, Magento, and others) of one user, of a reseller with
    everything below it, or of the server's administrator, so that C(--limit), C(serial), C(forks), and the job slicing
    of AWX spread work over a fleet of sites.
  - Reads the server's own list in one request (C(installs), section 3.5 of the specification of the v1 interface). No
    site is visited.
  - The variables of a host are what M(hostops.installatron.itron_install_info) returns of it, each with O(vars_prefix)
    before its name, such as C(itron_id), C(itron_url), C(itron_application), C(itron_version),
    C(itron_version_available), and C(itron_owner). What the server does not say is V(null).
  - The hosts need no connection and no C(ansible_connection), because the modules of this collection do their work on
    the controller. Use C(gather_facts=false) in the play.
  - The name of the file must end in C(itron.yml), C(itron.yaml), C(installatron.yml), or C(installatron.yaml).
extends_documentation_fragment:
  - hostops.installatron._connection_plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - O(api_url), O(api_key), and the values of O(filters) may be templates, with the extra variables of the
    command line. Secrets may be encrypted with C(ansible-vault encrypt_string).
  - An unknown option or filter is an error. Ansible shows it as a warning and goes on without the hosts, unless
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) is V(true).
  - With a cache, the server is not asked, and O(api_key) is not needed, until the cache is too old. C(--flush-cache)
    and C(meta=refresh_inventory) ask it again. The cache is kept apart for every address, user, and set of filters that
    the server applies; the other filters are applied to what is in it.
  - With thousands of sites, most of the time is what ansible-core needs to evaluate O(compose), O(groups), and
    O(keyed_groups), about a millisecond for every host and entry. A key in O(keyed_groups) that is only the name of a
    variable costs next to nothing.
  - The values of the variables come from the server and are never evaluated as templates.
options:
  plugin:
    description:
      - Says that the file is meant for this plugin.
    type: str
    required: true
    choices:
      - hostops.installatron.itron
  filters:
    description:
      - Which applications become hosts; all that are given must fit. An empty list fits nothing.
    type: dict
    default: {}
    suboptions:
      user:
        description:
          - Only what belongs to this user. Becomes the API argument C(user) (section 3.5).
          - If omitted, the server lists what belongs to its administrator.
        type: str
      owned_accounts:
        description:
          - Whether to list the applications of the accounts that O(filters.user) owns, too, such as those of a reseller
            and its sub-resellers. Becomes the API argument C(filter-ownedaccounts) with V(yes) (section 3.5).
        type: bool
        default: false
      q:
        description:
          - Only applications with this text in their title, URL, identifier, application, or owner. Becomes the API
            argument C(q) (section 3.5).
        type: str
      version_available:
        description:
          - Whether to list only applications for which there is a newer version. Becomes the API argument
            C(filter-version-available) with V(yes) (section 3.5).
        type: bool
        default: false
      version_available_minor:
        description:
          - Whether to list only applications for which there is a newer version of the same minor series. Becomes the
            API argument C(filter-version-available-minor) with V(yes) (section 3.5).
        type: bool
        default: false
      application:
        description:
          - Only these applications, by their ids such as V(wordpress). Applied here, not by the server.
        type: list
        elements: str
      version:
        description:
          - Only versions that match one of these patterns, such as V(6.4.*). Applied here, not by the server.
        type: list
        elements: str
      owner:
        description:
          - Only what belongs to these users. Applied here, not by the server; useful with
            O(filters.owned_accounts=true).
        type: list
        elements: str
      domain:
        description:
          - Only sites whose host name, without the port, matches one of these patterns, such as V(*.example.com). An
            international name is written as the DNS does. Applied here, not by the server.
        type: list
        elements: str
      url:
        description:
          - Only sites whose URL, without the scheme, matches one of these patterns, such as V(*/blog). Case matters in
            the path. Applied here, not by the server.
        type: list
        elements: str
  hostname:
    description:
      - What the names of the hosts are made of.
      - V(url) takes domain, port, and path of the site, so V(https://www.example.com/blog) becomes
        C(www.example.com_blog).
      - V(domain) takes the domain alone.
      - V(id) takes the identifier of the installed application.
      - Everything but letters, digits, dots, dashes, and underscores becomes an underscore, so that a name works with
        C(--limit), in group names, and as the name of a file. International domains stay as the DNS writes them.
      - A name depends on nothing but the URL and the identifier of the application. Only where several applications
        would get the same name, all of them have their identifier at the end, with a warning; so a name never moves from
        one site to another. The identifier is also added to V(127.0.0.1) and to a name without a dot, which could be
        that of a group or of the controller.
    type: str
    choices:
      - url
      - domain
      - id
    default: url
  vars_prefix:
    description:
      - What the names of the variables begin with; letters, digits, and underscores. It must not begin with C(ansible_).
    type: str
    default: itron_
  variables:
    description:
      - Which variables the hosts get, by the names that M(hostops.installatron.itron_install_info) has for them, so
        without O(vars_prefix). A name that it does not have is an error.
      - If omitted, all but C(list_files), C(list_tables), C(list_plugins), and C(list_themes), which would make a large
        inventory several times larger.
      - With O(cache=true), C(title), C(sitetitle), C(sitetagline), and C(settings) are left out as well, and naming one of them
        is an error. Customers write these texts, and a cache on disk must not hold what may be a password.
      - With thousands of sites, name the few that you need. It makes the inventory, and every play over it, faster and
        smaller.
    type: list
    elements: str
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
  - module: hostops.installatron.itron_installs
"""

EXAMPLES = r"""
# Each example is a file of its own, such as inventory/itron.yml.

# Everything of the server's administrator. The address and the key come from the environment variables ITRON_API_URL and
# ITRON_API_KEY, which is where a credential of AWX puts them:
#
#   plugin: hostops.installatron.itron

# Everything of a reseller and its users, in groups by application, version and owner: wordpress, version_6_4_3,
# owner_alice. The group outdated has the sites with a newer version.
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

# The WordPress sites below example.com, kept for an hour in a cache on disk:
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

# With one of these, a playbook such as this one brings the sites up to date: first one of them, then five, then a quarter
# of them at a time; ansible-playbook --limit 'version_6_4_*' picks some of them.
#
# - name: Newest fixes
#   hosts: outdated
#   gather_facts: false
#   serial: [1, 5, "25%"]
#   tasks:
#     - name: The newest version of the same series
#       hostops.installatron.itron_install:
#         user: "{{ itron_owner }}"
#         websites: "{{ websites_of[itron_owner] }}" # in group_vars; needed by servers that do not know them
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
    # From ansible-core 2.19 on, a text is a template only if somebody said so; before, only if nobody said it is not.
    from ansible.template import trust_as_template as _TRUST
    _MARK = None
except ImportError:
    from ansible.utils.unsafe_proxy import wrap_var as _MARK
    _TRUST = None

_ENDINGS = ("itron.yml", "itron.yaml", "installatron.yml", "installatron.yaml")
_CONNECTION = tuple(name for name in CONNECTION.options if name != "run_on")
# What may be a template, beside the filters.
_TEMPLATES = ("api_url", "api_key")
_LONG_LISTS = frozenset(("list_files", "list_tables", "list_plugins", "list_themes"))
# The names of all variables, without prefix.
_VARIABLES = tuple(install_result({}, bool))
_PREFIX = re.compile(r"^(?!ansible_)[A-Za-z_][A-Za-z0-9_]*$")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads the list of installed applications, or the cache of it, and makes hosts of it."""

    NAME = "hostops.installatron.itron"

    def verify_file(self, path):
        """Say whether a file is meant for this plugin: one that can be read, with one of the documented endings."""
        return super().verify_file(path) and path.endswith(_ENDINGS)

    def parse(self, inventory, loader, path, cache=True):
        """Add the hosts to the inventory.

        Arguments:
            inventory, loader, path: as ansible-core gives them. cache: whether the cache may be read; it is written anyway.

        Raises AnsibleParserError that names the option, or what the server said.
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
            # The error itself would be shown as the cause, and it has not been cleaned.
            raise AnsibleParserError(error.text(secrets.text)) from None

    def _check_names(self, config):
        """Refuse options that do not exist: ansible-core ignores them, and a misspelt filter would let everything through."""
        unknown = sorted(str(name) for name in config if not self.has_option(name))
        if unknown:
            raise AnsibleParserError("unsupported option: %s%s" % (
                ", ".join(unknown), ". What the list is narrowed by goes into filters." if {"user", "q"} & set(unknown) else ""))
        if not _PREFIX.match(self.get_option("vars_prefix")):
            raise AnsibleParserError("vars_prefix: %s is no beginning of a variable's name, or begins with ansible_" % self.get_option("vars_prefix"))
        variables = set(self.get_option("variables") or ())
        unknown = sorted(variables - set(_VARIABLES))
        if unknown:
            raise AnsibleParserError("variables: itron_install_info returns no %s" % ", ".join(map(str, unknown)))
        if self.get_option("cache") and variables & FREE_TEXTS:
            raise AnsibleParserError("variables: %s may hold anything, a password as well, and is not kept in a cache; leave it out, or set cache: false"
                                     % ", ".join(sorted(variables & FREE_TEXTS)))

    def _connection(self):
        """Return the connection options. Raises InputError for what is missing."""
        params = {name: self._evaluated(name) if name in _TEMPLATES else self.get_option(name) for name in _CONNECTION}
        if params["transport"] == "http" and not params["api_url"]:
            raise InputError("api_url: needed with transport: http", hint="Set the option or the environment variable ITRON_API_URL.")
        if params["client_key"] and not params["client_cert"]:
            raise InputError("client_key: only goes with client_cert")
        return params

    def _evaluated(self, name):
        """Return an option in which templates are replaced by what they stand for. Raises AnsibleParserError that names the option."""
        value = self.get_option(name)
        self.templar.available_variables = self._vars
        try:
            value = self.templar.template(value)
        except AnsibleError as error:
            raise AnsibleParserError("%s: %s" % (name, error)) from None
        # An encrypted text and one that Ansible has tagged are texts like others from here on.
        return str(value) if name in _TEMPLATES and value is not None else value

    def _installs(self, params, filters, cache):
        """Return the documented results, from the cache where that is wanted and possible."""
        wanted = self.get_option("cache")
        key = cache_key(params, filters)
        if wanted and cache:
            try:
                return self._cache[key]["installs"]
            except KeyError:
                # There is none, or it is too old.
                self.display.vvv("%s: nothing in the cache, asking the server" % self.NAME)
        installs = self._ask(params, filters)
        if wanted:
            # The hosts are the same whether the cache is read or written.
            installs = cacheable(installs)
            self._cache[key] = {"installs": installs}
        return installs

    def _ask(self, params, filters):
        """Return the documented results from the server."""
        if not params["api_key"]:
            raise InputError("api_key: needed", hint="Set the option or the environment variable ITRON_API_KEY.")
        if params["transport"] == "http" and REQUESTS_IMPORT_ERROR:
            raise AnsibleParserError(missing_required_lib("requests"))
        installs, warnings = read_installs(params, filters)
        for warning in warnings:
            self.display.warning(printable(warning))
        return installs

    def _populate(self, installs, filters):
        """Make hosts of the results that pass the filters."""
        # All are named, so that a filter does not change the name of a site.
        names, warnings = host_names(installs, self.get_option("hostname"))
        for warning in warnings:
            self.display.warning(printable(warning))
        wanted = self.get_option("variables")
        wanted = [name for name in _VARIABLES if (name not in self._left_out() if wanted is None else name in wanted)]
        for name, install in zip(names, installs):
            if chosen(install, filters):
                self._add_host(name, {self.get_option("vars_prefix") + key: _untrusted(install[key]) for key in wanted})

    def _left_out(self):
        """Return the variables that a host gets only if it is asked for them."""
        return _LONG_LISTS | FREE_TEXTS if self.get_option("cache") else _LONG_LISTS

    def _add_host(self, name, variables):
        """Make a host with its variables and groups."""
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
        """Evaluate an expression for Constructable; one that is only the name of a text is not compiled anew for each of thousands of hosts."""
        value = variables.get(template) if isinstance(template, str) and not self.get_option("use_extra_vars") else None
        if isinstance(value, str) and value and "{" not in value:
            return value
        return super()._compose(template, variables, *args, **kwargs)


def _untrusted(value):
    """Return a value of the server's so that ansible-core never takes it for a template."""
    if _MARK is not None and value and not isinstance(value, (bool, int)) and "{" in str(value):
        return _MARK(value)
    return value
