#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists installed applications: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_install_info
short_description: List the web applications that Installatron Server manages
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists installed applications (WordPress, Joomla, Magento, and others) of one user, of a reseller with everything
    below it, or of the server's administrator, through the v1 interface of Installatron Server.
  - Reads the server's own list in one call (C(installs), section 3.5). The server only visits the sites (C(view),
    section 3.7) with O(refresh=true) or O(addons=true), one after the other, which takes some seconds for each.
  - Nothing found is an empty list and no error.
  - The numbers of sections are those of the specification of Installatron Server's v1 interface.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - The module only reads, in check mode as without it.
  diff_mode:
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    support: full
options:
  id:
    description:
      - Only the installed application with this identifier. Becomes the API argument C(id) (section 3.5).
      - O(id), O(url), and O(q) exclude each other.
    type: str
  url:
    description:
      - Only the application at this URL. It is compared without the scheme, the host in lower case and in its ASCII
        form, without the default port and without a slash at the end. If one application has exactly this URL and
        another one differs in the scheme, only the first is listed.
      - The server is asked with the API argument C(q), and for its whole list when that finds nothing.
    type: str
  q:
    description:
      - Only applications with this text in their title, URL, identifier, application, or owner. Becomes the API
        argument C(q) (section 3.5).
    type: str
  owned_accounts:
    description:
      - Whether to list the installed applications of the accounts that O(user) owns, too, such as those of a reseller
        and its sub-resellers. Becomes the API argument C(filter-ownedaccounts) with V(yes) (section 3.5).
    type: bool
    default: false
  version_available:
    description:
      - Whether to list only applications for which there is a newer version. Becomes the API argument
        C(filter-version-available) with V(yes) (section 3.5).
    type: bool
    default: false
  version_available_minor:
    description:
      - Whether to list only applications for which there is a newer version of the same minor series. Becomes the API
        argument C(filter-version-available-minor) with V(yes) (section 3.5).
    type: bool
    default: false
  addons:
    description:
      - Whether to visit the sites with WordPress and to list their plugins and themes. Becomes the API argument
        C(addons) of C(view) with V(1) (section 3.7); no other application has them.
      - The API asks for O(user) and O(websites) with it.
    type: bool
    default: false
  refresh:
    description:
      - Whether to let the server visit every listed site and bring its list up to date (C(view), section 3.7).
        Becomes the API argument C(id) of C(view). The API asks for O(user) and O(websites) with it.
      - A site that the server refuses to visit stays as its list has it, is in RV(not_visited), and leads to a
        warning. With O(id) or O(url) the module fails instead.
    type: bool
    default: false
  fields:
    description:
      - Return only these members of each entry of RV(installs). All of them if omitted or empty.
      - Ansible takes longer to hand on a list of thousands of complete entries than the server takes to send it.
    type: list
    elements: str
  as_json:
    description:
      - Return RV(json) instead of RV(installs).
      - Ansible goes through data value by value whenever it hands them on; a text it hands on as it is. Use it for thousands of
        entries that only the filter P(hostops.installatron.fleet_report#filter) or another program reads.
    type: bool
    default: false
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_backup_info
  - module: hostops.installatron.itron_task_info
"""

EXAMPLES = r"""
- name: List everything that belongs to Alice
  hostops.installatron.itron_install_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
  register: alice

- name: Look at one site, with its plugins and themes
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

- name: Show the plugins of this site that are out of date
  ansible.builtin.debug:
    msg: "{{ blog.installs[0].list_plugins | selectattr('version_available') | map(attribute='id') | list }}"

- name: List what has a newer version, for a reseller and everybody below it
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
    - RV(installs) as a text of JSON.
  type: str
  returned: with O(as_json=true)
  sample: '[{"id": "4yhfygnd10ws0wc8skck444s"}]'
installs:
  description:
    - The installed applications, in the order of the server.
    - What the server does not say is V(null). Passwords are never in it.
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
        - Identifier of the application in the catalogue.
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
        - Newest version that it can be upgraded to.
      type: str
      returned: for each of RV(installs)
      sample: "6.5.0"
    version_available_minor:
      description:
        - Newest version of the same minor series that it can be upgraded to.
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
        - Folder of the application; a password in it is masked.
      type: str
      returned: for each of RV(installs)
      sample: "/home/alice/public_html/blog"
    path_created:
      description:
        - Whether the server created the folder.
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
        - When it was installed, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-01-05T10:15:00Z"
    time_updated:
      description:
        - When it was last updated, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-02-01T03:00:00Z"
    backup_time:
      description:
        - When it was last backed up, ISO 8601 in UTC.
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
        - What the names of tables begin with.
      type: str
      returned: for each of RV(installs)
      sample: "wp_"
    autoup:
      description:
        - Which versions the server may update to by itself, V(none), V(minor), or V(all).
      type: str
      returned: for each of RV(installs)
      sample: "minor"
    autoup_backup:
      description:
        - Whether an update of the server's own makes a backup first.
      type: bool
      returned: for each of RV(installs)
      sample: true
    autoup_plugins:
      description:
        - Which plugins the server updates by itself, as the server says it.
      type: str
      returned: for each of RV(installs)
      sample: "0"
    autoup_themes:
      description:
        - Which themes the server updates by itself, as the server says it.
      type: str
      returned: for each of RV(installs)
      sample: "0"
    version_autouped:
      description:
        - Version that the server last updated to by itself.
      type: str
      returned: for each of RV(installs)
      sample: "6.4.2"
    version_notified:
      description:
        - Version that the server last sent e-mail about.
      type: str
      returned: for each of RV(installs)
      sample: "6.5.0"
    notification:
      description:
        - Events that the server sends e-mail about.
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
        - Where backups go; a password in it is masked.
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
        - E-mail address of the administrator.
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
        - Files and folders of the application; empty if the server did not say them.
      type: list
      elements: str
      returned: for each of RV(installs)
      sample: ["index.php", "wp-admin"]
    list_tables:
      description:
        - Tables of the application; empty if the server did not say them.
      type: list
      elements: str
      returned: for each of RV(installs)
      sample: ["wp_options", "wp_posts"]
    list_plugins:
      description:
        - Installed plugins; empty unless O(addons=true).
      type: list
      elements: dict
      returned: for each of RV(installs)
      contains:
        id:
          description:
            - Identifier, as O(hostops.installatron.itron_install#module:plugins) takes it.
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
            - Version that it can be brought to, V(null) if it is up to date.
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
        - Installed themes; empty unless O(addons=true).
      type: list
      elements: dict
      returned: for each of RV(installs)
      contains:
        id:
          description:
            - Identifier, as O(hostops.installatron.itron_install#module:themes) takes it.
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
            - Version that it can be brought to, V(null) if it is up to date.
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
        - Number of plugins that are not up to date.
      type: int
      returned: for each of RV(installs)
      sample: 1
    theme_updates_available:
      description:
        - Number of themes that are not up to date.
      type: int
      returned: for each of RV(installs)
      sample: 0
    cache_files:
      description:
        - Size of the files in bytes, when the server last looked.
      type: int
      returned: for each of RV(installs)
      sample: 15630336
    cache_tables:
      description:
        - Size of the tables in bytes, when the server last looked.
      type: int
      returned: for each of RV(installs)
      sample: 606208
    cache_time:
      description:
        - When the server last looked, ISO 8601 in UTC.
      type: str
      returned: for each of RV(installs)
      sample: "2026-02-02T04:00:00Z"
    cache_numbackups:
      description:
        - Number of backups, when the server last looked.
      type: int
      returned: for each of RV(installs)
      sample: 9
    settings:
      description:
        - Further fields of the application, as texts, without those that are secret.
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
    - The sites that the server refused to visit, with O(refresh=true) or O(addons=true).
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
        - Code of the error, if the server gave one.
      type: str
      returned: for each of RV(not_visited)
      sample: "connection_error"
    msg:
      description:
        - What the server said, in one line.
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
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Where it failed, one of V(input), V(read), and V(plan).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user_not_found"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user"
    http_status:
      description:
        - Status of the HTTP reply, if there was one.
      type: int
      returned: on failure, except when the options are invalid
      sample: 200
    hint:
      description:
        - What to do about it, if something is known.
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
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
