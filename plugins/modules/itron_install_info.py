#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_install_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_install_info
short_description: List web applications on Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists the installed applications (WordPress, Joomla, Magento, and others) of one user, of a reseller and all its
    accounts, or of the server's administrator, through the Installatron Server v1 API.
  - The module reads the server's list with one request (C(installs), section 3.5).
  - With O(refresh=true) or O(addons=true), the server visits the sites sequentially (C(view), section 3.7), which takes
    some seconds for each site.
  - If no application matches, the module returns an empty list.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - This module does not modify state.
  diff_mode:
    support: N/A
    details:
      - This module does not modify state.
  idempotent:
    support: full
options:
  id:
    description:
      - Return only the installed application with this identifier. Corresponds to the API argument C(id) (section 3.5).
      - O(id), O(url), and O(q) are mutually exclusive.
    type: str
  url:
    description:
      - Return only the application at this URL. The comparison ignores the scheme, the default port, and a trailing
        slash. The host is compared in lowercase and in its ASCII form.
      - If one application has exactly this URL and another one differs only in the scheme, only the first is returned.
      - The module sends the URL in the API argument C(q). If the server finds no match, the module reads the whole
        list.
    type: str
  q:
    description:
      - Return only applications with this text in their title, URL, identifier, application, or owner. Corresponds to
        the API argument C(q) (section 3.5).
    type: str
  owned_accounts:
    description:
      - Whether to include the applications of the accounts that O(user) owns, such as those of a reseller and its
        sub-resellers.
      - Corresponds to the API argument C(filter-ownedaccounts) with the value V(yes) (section 3.5).
    type: bool
    default: false
  version_available:
    description:
      - Whether to return only applications with an available upgrade. Corresponds to the API argument
        C(filter-version-available) with the value V(yes) (section 3.5).
    type: bool
    default: false
  version_available_minor:
    description:
      - Whether to return only applications with an available upgrade in the same minor series.
      - Corresponds to the API argument C(filter-version-available-minor) with the value V(yes) (section 3.5).
    type: bool
    default: false
  addons:
    description:
      - Whether to visit WordPress sites and return their plugins and themes. Other applications do not support this.
      - Corresponds to the API argument C(addons) of C(view) with the value V(1) (section 3.7). The API requires O(user)
        and O(websites).
    type: bool
    default: false
  refresh:
    description:
      - Whether the server visits every listed site and updates its list (C(view), section 3.7).
      - Corresponds to the API argument C(id) of C(view). The API requires O(user) and O(websites).
      - If the server refuses to visit a site, the module returns the listed data, adds the site to RV(not_visited), and
        prints a warning. With O(id) or O(url), the module fails instead.
    type: bool
    default: false
  fields:
    description:
      - Return only these members of each entry of RV(installs). By default, all members are returned.
      - Ansible takes longer to process thousands of complete entries than the server takes to send them.
    type: list
    elements: str
  as_json:
    description:
      - Whether to return RV(json) instead of RV(installs).
      - Ansible processes data structures value by value, but passes on a string as a whole. Use this option for
        thousands of entries that are only processed by the filter P(hostops.installatron.fleet_report#filter) or
        another program.
    type: bool
    default: false
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_backup_info
  - module: hostops.installatron.itron_task_info
"""

EXAMPLES = r"""
- name: List all applications of Alice
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
  register: alice

- name: List the plugins and themes of one site
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    addons: true
  register: blog

- name: Show the outdated plugins
  ansible.builtin.debug:
    msg: "{{ blog.installs[0].list_plugins | selectattr('version_available') | map(attribute='id') | list }}"

- name: List the outdated applications of a reseller and all its accounts
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    owned_accounts: true
    version_available: true
  register: outdated

- name: List the WordPress sites of the server's administrator
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    q: wordpress
    fields: [id, url, version]
  register: sites
"""

RETURN = r"""
json:
  description:
    - RV(installs) as a JSON string.
  type: str
  returned: with O(as_json=true)
  sample: '[{"id": "4yhfygnd10ws0wc8skck444s"}]'
installs:
  description:
    - The installed applications, in the order of the server.
    - Values that the server does not return are V(null). Passwords are never returned.
  type: list
  elements: dict
  returned: always, except when the options are invalid or O(as_json=true)
  contains:
    id:
      description:
        - Identifier of the installed application.
      type: str
      returned: for each of RV(installs)
      sample: "4yhfygnd10ws0wc8skck444s"
    application:
      description:
        - Identifier of the application in the catalog.
      type: str
      returned: for each of RV(installs)
      sample: "wordpress"
    version:
      description:
        - Installed version.
      type: str
      returned: for each of RV(installs)
      sample: "6.4.2"
    version_available:
      description:
        - Newest version that the application can be upgraded to.
      type: str
      returned: for each of RV(installs)
      sample: "6.5.0"
    version_available_minor:
      description:
        - Newest version of the same branch that the application can be upgraded to.
      type: str
      returned: for each of RV(installs)
      sample: "6.4.3"
    url:
      description:
        - URL of the application.
      type: str
      returned: for each of RV(installs)
      sample: "https://www.example.com/blog"
    url_domain:
      description:
        - Host of the URL.
      type: str
      returned: for each of RV(installs)
      sample: "www.example.com"
    title:
      description:
        - Title, as the server lists it.
      type: str
      returned: for each of RV(installs)
      sample: "Alice's blog"
    owner:
      description:
        - User that the application belongs to.
      type: str
      returned: for each of RV(installs)
      sample: "alice"
    language:
      description:
        - Language of the application.
      type: str
      returned: for each of RV(installs)
      sample: "en"
    path:
      description:
        - Directory of the application. A password in it is masked.
      type: str
      returned: for each of RV(installs)
      sample: "/home/alice/public_html/blog"
    path_created:
      description:
        - Whether the server created the directory.
      type: bool
      returned: for each of RV(installs)
      sample: true
    link_admin:
      description:
        - Path of the administration, relative to RV(installs[].url).
      type: str
      returned: for each of RV(installs)
      sample: "wp-admin"
    agent:
      description:
        - Version of Installatron that installed the application.
      type: str
      returned: for each of RV(installs)
      sample: "9.0.0"
    time:
      description:
        - Time of the installation, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-01-05T10:15:00Z"
    time_updated:
      description:
        - Time of the last update, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-02-01T03:00:00Z"
    backup_time:
      description:
        - Time of the last backup, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-02-02T03:00:00Z"
    db_type:
      description:
        - Type of the database.
      type: str
      returned: for each of RV(installs)
      sample: "mysql"
    db_host:
      description:
        - Database server.
      type: str
      returned: for each of RV(installs)
      sample: "localhost"
    db_name:
      description:
        - Name of the database.
      type: str
      returned: for each of RV(installs)
      sample: "alice_blog"
    db_user:
      description:
        - User of the database.
      type: str
      returned: for each of RV(installs)
      sample: "alice_blog"
    db_prefix:
      description:
        - Prefix of the table names.
      type: str
      returned: for each of RV(installs)
      sample: "wp_"
    autoup:
      description:
        - Versions that automatic updates install, V(none), V(minor), or V(all).
      type: str
      returned: for each of RV(installs)
      sample: "minor"
    autoup_backup:
      description:
        - Whether an automatic update creates a backup first.
      type: bool
      returned: for each of RV(installs)
      sample: true
    autoup_plugins:
      description:
        - Automatic updates of plugins, in the server's notation.
      type: str
      returned: for each of RV(installs)
      sample: "0"
    autoup_themes:
      description:
        - Automatic updates of themes, in the server's notation.
      type: str
      returned: for each of RV(installs)
      sample: "0"
    version_autouped:
      description:
        - Version that the last automatic update installed.
      type: str
      returned: for each of RV(installs)
      sample: "6.4.2"
    version_notified:
      description:
        - Version that the server last sent an email about.
      type: str
      returned: for each of RV(installs)
      sample: "6.5.0"
    notification:
      description:
        - Events that the server sends emails about.
      type: list
      elements: str
      returned: for each of RV(installs)
      sample: ["update", "update_error"]
    autobk:
      description:
        - Schedule of automatic backups.
      type: str
      returned: for each of RV(installs)
      sample: "custom"
    autobk_daily:
      description:
        - Number of daily backups.
      type: int
      returned: for each of RV(installs)
      sample: 7
    autobk_weekly:
      description:
        - Number of weekly backups.
      type: int
      returned: for each of RV(installs)
      sample: 4
    autobk_monthly:
      description:
        - Number of monthly backups.
      type: int
      returned: for each of RV(installs)
      sample: 0
    bkloc:
      description:
        - Location of backups. A password in it is masked.
      type: str
      returned: for each of RV(installs)
      sample: "local"
    login:
      description:
        - User name of the administrator.
      type: str
      returned: for each of RV(installs)
      sample: "alice"
    email:
      description:
        - Email address of the administrator.
      type: str
      returned: for each of RV(installs)
      sample: "alice@example.com"
    sitetitle:
      description:
        - Title of the site.
      type: str
      returned: for each of RV(installs)
      sample: "Alice's blog"
    sitetagline:
      description:
        - Tagline of the site.
      type: str
      returned: for each of RV(installs)
      sample: "Just another WordPress site"
    list_files:
      description:
        - Files and directories of the application. Empty if the server did not return them.
      type: list
      elements: str
      returned: for each of RV(installs)
      sample: ["index.php", "wp-admin"]
    list_tables:
      description:
        - Tables of the application. Empty if the server did not return them.
      type: list
      elements: str
      returned: for each of RV(installs)
      sample: ["wp_options", "wp_posts"]
    list_plugins:
      description:
        - Installed plugins. Empty unless O(addons=true).
      type: list
      elements: dict
      returned: for each of RV(installs)
      contains:
        id:
          description:
            - Identifier, as in O(hostops.installatron.itron_install#module:plugins).
          type: str
          returned: for each of RV(installs)
          sample: "akismet/akismet.php"
        name:
          description:
            - Name.
          type: str
          returned: for each of RV(installs)
          sample: "Akismet"
        version:
          description:
            - Installed version.
          type: str
          returned: for each of RV(installs)
          sample: "5.3"
        version_available:
          description:
            - Version that it can be updated to, V(null) if it is up to date.
          type: str
          returned: for each of RV(installs)
          sample: "5.3.1"
      sample:
        - id: "akismet/akismet.php"
          name: "Akismet"
          version: "5.3"
          version_available: "5.3.1"
    list_themes:
      description:
        - Installed themes. Empty unless O(addons=true).
      type: list
      elements: dict
      returned: for each of RV(installs)
      contains:
        id:
          description:
            - Identifier, as in O(hostops.installatron.itron_install#module:themes).
          type: str
          returned: for each of RV(installs)
          sample: "twentytwentyfour"
        name:
          description:
            - Name.
          type: str
          returned: for each of RV(installs)
          sample: "Twenty Twenty-Four"
        version:
          description:
            - Installed version.
          type: str
          returned: for each of RV(installs)
          sample: "1.0"
        version_available:
          description:
            - Version that it can be updated to, V(null) if it is up to date.
          type: str
          returned: for each of RV(installs)
          sample: null
      sample:
        - id: "twentytwentyfour"
          name: "Twenty Twenty-Four"
          version: "1.0"
          version_available: null
    plugin_updates_available:
      description:
        - Number of outdated plugins.
      type: int
      returned: for each of RV(installs)
      sample: 1
    theme_updates_available:
      description:
        - Number of outdated themes.
      type: int
      returned: for each of RV(installs)
      sample: 0
    cache_files:
      description:
        - Size of the files in bytes at RV(installs[].cache_time).
      type: int
      returned: for each of RV(installs)
      sample: 15630336
    cache_tables:
      description:
        - Size of the tables in bytes at RV(installs[].cache_time).
      type: int
      returned: for each of RV(installs)
      sample: 606208
    cache_time:
      description:
        - Time of the server's last check, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-02-02T04:00:00Z"
    cache_numbackups:
      description:
        - Number of backups at RV(installs[].cache_time).
      type: int
      returned: for each of RV(installs)
      sample: 9
    settings:
      description:
        - Further fields of the application as strings, without secret fields.
      type: dict
      returned: for each of RV(installs)
      sample: {"limitloginattempts": "yes"}
  sample:
    - id: "4yhfygnd10ws0wc8skck444s"
      application: "wordpress"
      version: "6.4.2"
      url: "https://www.example.com/blog"
not_visited:
  description:
    - Sites that the server refused to visit, with O(refresh=true) or O(addons=true).
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Identifier of the installed application.
      type: str
      returned: for each of RV(not_visited)
      sample: "4yhfygnd10ws0wc8skck444s"
    url:
      description:
        - URL of the application.
      type: str
      returned: for each of RV(not_visited)
      sample: "https://www.example.com/blog"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: for each of RV(not_visited)
      sample: "connection_error"
    msg:
      description:
        - Message from the server, as a single line.
      type: str
      returned: for each of RV(not_visited)
      sample: "view: Error: Could not connect to the web hosting server."
  sample:
    - id: "4yhfygnd10ws0wc8skck444s"
      url: "https://www.example.com/blog"
      errcode: "connection_error"
      msg: "view: Error: Could not connect to the web hosting server."
failure:
  description:
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), and V(plan).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user_not_found"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user"
    http_status:
      description:
        - HTTP status of the response, if there was one.
      type: int
      returned: on failure, except when the options are invalid
      sample: 200
    hint:
      description:
        - How to fix the failure, if known.
      type: str
      returned: on failure, except when the options are invalid
      sample: "Check user, or create it first."
  sample:
    command: "installs"
    stage: "read"
    errcode: "user_not_found"
    errfield: "user"
    http_status: 200
    hint: "Check user, or create it first."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._install.info import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
