#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_backup_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_backup_info
short_description: List backups on Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists the backups of one user, of a reseller and all its accounts, or of the server's administrator, newest first,
    through the Installatron Server v1 API (C(backups), section 3.6).
  - If no backup matches, the module returns an empty list.
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
  install:
    description:
      - Return only backups of this installed application, given by its identifier or URL. Corresponds to the API
        argument C(pid) (section 3.6).
      - The module searches for a URL in the list of installed applications (C(installs), section 3.5) and ignores its
        scheme.
      - If no application is installed at the URL, the module returns the backups that were created at this URL. This
        includes backups of removed applications.
      - The module fails if two applications are installed at the URL, with V(http) and V(https), and neither matches
        the URL exactly.
    type: str
  id:
    description:
      - Return only the backup with this identifier. Corresponds to the API argument C(id) (section 3.6).
    type: str
  q:
    description:
      - Return only backups with this text in their title, URL, identifier, application, or owner. Corresponds to the
        API argument C(q) (section 3.6).
      - Can be combined with O(install).
    type: str
  owned_accounts:
    description:
      - Whether to include the backups of the accounts that O(user) owns, such as those of a reseller and its
        sub-resellers.
      - Corresponds to the API argument C(filter-ownedaccounts) with the value V(yes) (section 3.6).
    type: bool
    default: false
  fields:
    description:
      - Return only these members of each entry of RV(backups). By default, all members are returned.
      - Ansible takes longer to process thousands of complete entries than the server takes to send them.
    type: list
    elements: str
  as_json:
    description:
      - Whether to return RV(json) instead of RV(backups).
      - Ansible processes data structures value by value, but passes on a string as a whole. Use this option for
        thousands of entries that are only processed by the filter P(hostops.installatron.fleet_report#filter) or
        another program.
    type: bool
    default: false
seealso:
  - module: hostops.installatron.itron_backup
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
"""

EXAMPLES = r"""
- name: List the backups of one site
  hostops.installatron.itron_backup_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    install: https://www.example.com/blog
  register: blog

- name: Show the time of the newest backup
  ansible.builtin.debug:
    msg: "{{ (blog.backups | first).time }}"

- name: List the backups of a reseller and all its accounts
  hostops.installatron.itron_backup_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    owned_accounts: true
  register: reseller

- name: Show the total size of the backups
  ansible.builtin.debug:
    msg: "{{ reseller.backups | sum(attribute='size') }}"
"""

RETURN = r"""
json:
  description:
    - RV(backups) as a JSON string.
  type: str
  returned: with O(as_json=true)
  sample: '[{"id": "4yhfygnd10ws0wc8skck444s"}]'
backups:
  description:
    - The backups, newest first.
    - RV(backups[].id) to RV(backups[].note) describe the backup. The other members describe the application at the time of the
      backup.
    - Values that the server does not return are V(null). Passwords are never returned.
  type: list
  elements: dict
  returned: always, except when the options are invalid or O(as_json=true)
  contains:
    id:
      description:
        - Identifier of the backup.
      type: str
      returned: for each of RV(backups)
      sample: "aga40vngcy888kg44coogkgwk"
    install:
      description:
        - Identifier of the backed-up application.
      type: str
      returned: for each of RV(backups)
      sample: "4yhfygnd10ws0wc8skck444s"
    time:
      description:
        - Time of the backup, ISO 8601 in UTC.
      type: str
      returned: for each of RV(backups)
      sample: "2026-02-02T03:00:00Z"
    size:
      description:
        - Size of the archive in bytes.
      type: int
      returned: for each of RV(backups)
      sample: 13836288
    filename:
      description:
        - Name of the archive.
      type: str
      returned: for each of RV(backups)
      sample: "app_www-example-com_blog_2026-02-02_03-00-00.tar.gz"
    file:
      description:
        - File in which the server stores the record of the backup. A password in it is masked.
      type: str
      returned: for each of RV(backups)
      sample: "/home/alice/.appdata/backups/aga40vngcy888kg44coogkgwk"
    location:
      description:
        - Location of the archive, V(local) or the URI of a backup location. A password in it is masked.
      type: str
      returned: for each of RV(backups)
      sample: "local"
    schedule:
      description:
        - Identifier of the schedule that created the backup.
      type: str
      returned: for each of RV(backups)
      sample: "1f9d83723e594ba1826adf517f869067"
    expiry:
      description:
        - Expiry of the backup, in the server's notation. The specification has no sample.
      type: str
      returned: for each of RV(backups)
      sample: "2026-03-04"
    note:
      description:
        - Note of the backup. The specification has no sample.
      type: str
      returned: for each of RV(backups)
      sample: "before the relaunch"
    application:
      description:
        - Identifier of the application in the catalog.
      type: str
      returned: for each of RV(backups)
      sample: "wordpress"
    version:
      description:
        - Version of the application in the backup.
      type: str
      returned: for each of RV(backups)
      sample: "6.4.2"
    url:
      description:
        - URL of the application at the time of the backup.
      type: str
      returned: for each of RV(backups)
      sample: "https://www.example.com/blog"
    url_domain:
      description:
        - Host of the URL.
      type: str
      returned: for each of RV(backups)
      sample: "www.example.com"
    title:
      description:
        - Title of the application at the time of the backup.
      type: str
      returned: for each of RV(backups)
      sample: "Alice's blog"
    owner:
      description:
        - User that the backup belongs to.
      type: str
      returned: for each of RV(backups)
      sample: "alice"
    language:
      description:
        - Language of the application.
      type: str
      returned: for each of RV(backups)
      sample: "en"
    path:
      description:
        - Directory of the application. A password in it is masked.
      type: str
      returned: for each of RV(backups)
      sample: "/home/alice/public_html/blog"
    agent:
      description:
        - Version of Installatron that installed the application.
      type: str
      returned: for each of RV(backups)
      sample: "9.0.0"
    install_time:
      description:
        - Time of the installation, ISO 8601 in UTC.
      type: str
      returned: for each of RV(backups)
      sample: "2026-01-05T10:15:00Z"
    db_type:
      description:
        - Type of the database.
      type: str
      returned: for each of RV(backups)
      sample: "mysql"
    db_host:
      description:
        - Database server.
      type: str
      returned: for each of RV(backups)
      sample: "localhost"
    db_name:
      description:
        - Name of the database.
      type: str
      returned: for each of RV(backups)
      sample: "alice_blog"
    db_user:
      description:
        - User of the database.
      type: str
      returned: for each of RV(backups)
      sample: "alice_blog"
    db_prefix:
      description:
        - Prefix of the table names.
      type: str
      returned: for each of RV(backups)
      sample: "wp_"
    cache_time:
      description:
        - Time of the server's last check, ISO 8601 in UTC.
      type: str
      returned: for each of RV(backups)
      sample: "2026-02-02T03:00:05Z"
  sample:
    - id: "aga40vngcy888kg44coogkgwk"
      install: "4yhfygnd10ws0wc8skck444s"
      time: "2026-02-02T03:00:00Z"
      size: 13836288
      filename: "app_www-example-com_blog_2026-02-02_03-00-00.tar.gz"
      location: "local"
      version: "6.4.2"
      url: "https://www.example.com/blog"
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
      sample: "backups"
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
    command: "backups"
    stage: "read"
    errcode: "user_not_found"
    errfield: "user"
    http_status: 200
    hint: "Check user, or create it first."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._backup.info import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
