#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists backups: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_backup_info
short_description: List the backups that Installatron Server keeps
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Lists backups of installed applications of one user, of a reseller with everything below it, or of the server's
    administrator, the youngest first, through the v1 interface of Installatron Server (C(backups), section 3.6).
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
  install:
    description:
      - Only backups of this installed application, given by its identifier or by its URL. Becomes the API argument
        C(pid) (section 3.6).
      - A URL is looked for in the list of installed applications (C(installs), section 3.5), without regard to the
        scheme. When nothing is installed there any more, the backups that were made at this URL are listed; backups
        of an application that was removed are found in this way.
      - It is an error if two applications are installed at the URL, under V(http) and V(https), and neither has
        exactly this URL.
    type: str
  id:
    description:
      - Only the backup with this identifier. Becomes the API argument C(id) (section 3.6).
    type: str
  q:
    description:
      - Only backups with this text in their title, URL, identifier, application, or owner. Becomes the API argument
        C(q) (section 3.6).
      - Can be combined with O(install).
    type: str
  owned_accounts:
    description:
      - Whether to list the backups of the accounts that O(user) owns, too, such as those of a reseller and its
        sub-resellers. Becomes the API argument C(filter-ownedaccounts) with V(yes) (section 3.6).
    type: bool
    default: false
  fields:
    description:
      - Return only these members of each entry of RV(backups). All of them if omitted or empty.
      - Ansible takes longer to hand on a list of thousands of complete entries than the server takes to send it.
    type: list
    elements: str
  as_json:
    description:
      - Return RV(json) instead of RV(backups).
      - Ansible goes through data value by value whenever it hands them on; a text it hands on as it is. Use it for thousands of
        entries that only the filter P(hostops.installatron.fleet_report#filter) or another program reads.
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
  register: of_the_blog

- name: Show when the youngest one was made
  ansible.builtin.debug:
    msg: "{{ (of_the_blog.backups | first).time }}"

- name: List all backups of a reseller and everybody below it
  hostops.installatron.itron_backup_info:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: reseller1
    owned_accounts: true
  register: all_of_them

- name: Show how many bytes they take
  ansible.builtin.debug:
    msg: "{{ all_of_them.backups | sum(attribute='size') }}"
"""

RETURN = r"""
json:
  description:
    - RV(backups) as a text of JSON.
  type: str
  returned: with O(as_json=true)
  sample: '[{"id": "4yhfygnd10ws0wc8skck444s"}]'
backups:
  description:
    - The backups, the youngest first.
    - RV(backups[].id) to RV(backups[].note) are about the backup, what follows is about the application when the
      backup was made. What the server does not say is V(null). Passwords are never in it.
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
        - Identifier of the installed application that it was made of.
      type: str
      returned: for each of RV(backups)
      sample: "4yhfygnd10ws0wc8skck444s"
    time:
      description:
        - When it was made, ISO 8601 in UTC.
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
        - File of the server's own with what it knows of the backup; a password in it is masked.
      type: str
      returned: for each of RV(backups)
      sample: "/home/alice/.appdata/backups/aga40vngcy888kg44coogkgwk"
    location:
      description:
        - Where the archive is, V(local) or the URI of a backup location; a password in it is masked.
      type: str
      returned: for each of RV(backups)
      sample: "local"
    schedule:
      description:
        - Identifier of the schedule that it was made by.
      type: str
      returned: for each of RV(backups)
      sample: "1f9d83723e594ba1826adf517f869067"
    expiry:
      description:
        - When it expires, as the server says it. The specification has no sample of it.
      type: str
      returned: for each of RV(backups)
      sample: "2026-03-04"
    note:
      description:
        - Note, as the server says it. The specification has no sample of it.
      type: str
      returned: for each of RV(backups)
      sample: "before the relaunch"
    application:
      description:
        - Identifier of the application in the catalogue.
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
        - URL of the application when the backup was made.
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
        - Title of the application when the backup was made.
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
        - Folder of the application; a password in it is masked.
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
        - When the application was installed, ISO 8601 in UTC.
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
        - What the names of tables begin with.
      type: str
      returned: for each of RV(backups)
      sample: "wp_"
    cache_time:
      description:
        - When the server last looked, ISO 8601 in UTC.
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
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "backups"
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
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
