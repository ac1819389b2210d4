#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_backup."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_backup
short_description: Create, rotate, remove, restore, and import backups of a web application through Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Ensures that an installed application has a recent backup, and removes, restores, and imports backups, through the
    Installatron Server v1 API.
  - The module never removes the last backup of an application. It removes old backups only after the server lists the new one.
  - If the response to a backup command is lost, the module searches for the backup and does not send the command again.
  - In diff mode, RV(ignore:diff) contains the differences before and after the change. A planned backup is shown as V((new\)).
  - The API has no labels for backups. Use O(id) or O(file) to select a backup.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._wait
attributes:
  check_mode:
    support: full
    details:
      - The steps are the same as outside check mode. The server verifies a restore. See O(dryrun). It cannot verify the other
        commands, so they are only planned.
      - The module sends no command that writes.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=restored), and O(state=present) with O(force=true), perform the action and report a change on every run.
options:
  state:
    description:
      - V(present) creates a backup (C(backup), section 3.9) if O(install) has no recent one, and then removes old ones
        (C(delete), section 3.13). See O(max_age) and O(keep).
      - V(absent) removes the archive and the record of the backup in O(id) or O(file) (C(delete), section 3.13). It is a no-op if
        the backup does not exist. The module fails if it is the last backup of its application.
      - V(restored) restores the files and tables of the backup in O(id) or O(file) (C(restore), section 3.12), in place or to
        O(url).
      - A restore in place overwrites the same application, even if it was removed before. It does not overwrite another
        application.
      - V(imported) imports an archive from the user's files (C(importbackup), section 3.14). See O(path).
    type: str
    choices:
      - present
      - absent
      - restored
      - imported
    default: present
  install:
    description:
      - Identifier or URL of the installed application. The scheme of the URL is ignored.
      - Corresponds to the API argument C(id) of C(backup) (section 3.9) and C(pid) of C(backups) (section 3.6).
      - Required with O(state=present), where the application must be installed, and with O(id=latest).
      - With O(state=absent) and O(state=restored), this option restricts the search to backups of this application, which does
        not have to be installed. A URL then selects the backups that were created there.
      - Not used with O(state=imported).
    type: str
  id:
    description:
      - Identifier of the backup to remove or restore. Corresponds to the API argument C(id) (sections 3.12 and 3.13).
      - With O(state=restored), V(latest) selects the newest backup of O(install).
      - Exactly one of O(id) and O(file) is required with O(state=absent) and O(state=restored).
    type: str
  file:
    description:
      - Name of the backup's archive, as in RV(backup.filename) or RV(backup.file), as an alternative to O(id).
      - The module searches for it in the list of backups (C(backups), section 3.6), or in the backups of O(install).
    type: str
  max_age:
    description:
      - With O(state=present), the maximum age of the newest backup. If it is older, or if its time is unknown, the module creates
        a backup. By default, a backup of any age is sufficient.
      - The value consists of a number and the unit V(m) for minutes, V(h) for hours, V(d) for days, or V(w) for weeks, such as
        V(30m), V(24h), V(7d), or V(2w).
      - The module compares the time of the backup with the clock of the host that runs the task. This option is not sent to the
        server.
    type: str
  keep:
    description:
      - With O(state=present), the number of backups of O(install) to keep, including the new one. Must be at least V(1). By
        default, no backup is removed.
      - The module keeps the newest backups and removes the others, oldest first, with one C(delete) each (section 3.13).
      - Backups whose time is unknown are not counted and not removed.
      - If the archive of an old backup is missing, the server refuses to remove it, and the task fails. Use O(state=absent) with
        O(force=true) to remove it.
    type: int
  expiry:
    description:
      - With O(state=present), the time after which the server removes the new backup. Corresponds to the API argument C(expiry)
        (section 3.9). By default, the server keeps it indefinitely.
      - The specification does not list the permitted values, so the module sends the value unchanged. It does not compare the
        value with existing backups.
    type: str
  force:
    description:
      - With O(state=present), create a backup even if there is a recent one. This is not sent to the server.
      - With O(state=absent), remove the backup even if its archive is missing or cannot be reached. Corresponds to the API
        argument C(force) (section 3.13). The last backup is not removed.
    type: bool
    default: false
  path:
    description:
      - With O(state=imported), the archive, relative to the path of the user's website. Corresponds to the API argument C(path)
        (section 3.14). Requires O(user).
      - If a backup of O(user) has an archive with the same name, the task is a no-op.
    type: str
  url:
    description:
      - With O(state=restored), the URL to restore to, as a separate installed application. Corresponds to the API argument C(url)
        (section 3.12). By default, the backup is restored in place.
      - The module fails if an application is installed at this URL, even if the same task restored it earlier. To create a copy
        only if it is missing, use O(hostops.installatron.itron_install#module:restore_from).
    type: str
  url_ip:
    description:
      - IP address of O(url), if DNS does not return the right one. Corresponds to the API argument C(url_ip) (section 3.12). By
        default, the server queries DNS. Requires O(url).
    type: str
  db_host:
    description:
      - Database server of the restored application. Corresponds to the API argument C(db_host) (section 3.12). Requires O(url).
      - For an application with a database, the API requires O(db_host), O(db_name), O(db_user), and O(db_pass), unless the server
        creates databases automatically. The database must exist.
    type: str
  db_name:
    description:
      - Name of the database. Corresponds to the API argument C(db_name) (section 3.12). See O(db_host).
    type: str
  db_user:
    description:
      - User of the database. Corresponds to the API argument C(db_user) (section 3.12). See O(db_host).
    type: str
  db_pass:
    description:
      - Password of O(db_user). Corresponds to the API argument C(db_pass) (section 3.12). See O(db_host).
    type: str
  db_prefix:
    description:
      - Prefix of the table names. Corresponds to the API argument C(db_prefix) (section 3.12). By default, the server chooses the
        prefix. Requires O(url).
    type: str
  db:
    description:
      - With O(state=restored), V(manual) prevents the server from creating the database. Corresponds to the API argument C(db)
        (section 3.12).
      - By default, the server creates a database that does not exist.
    type: str
    choices:
      - manual
  dryrun:
    description:
      - Checks that the server performs before a restore in check mode. Corresponds to the API argument C(dryrun) (section 3.12). If the
        server refuses the restore, the task fails with the server's message. Not used outside check mode.
      - V(full) performs all checks (C(dryrun=2)).
      - V(input) only checks the arguments, which is faster (C(dryrun=1)).
      - V(none) performs no checks.
    type: str
    choices:
      - full
      - input
      - none
    default: full
seealso:
  - module: hostops.installatron.itron_backup_info
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_task_info
  - ref: ansible_collections.hostops.installatron.docsite.commands
    description: Options and their API arguments.
"""

EXAMPLES = r"""
- name: Ensure a backup from the last 24 hours, and keep the three newest
  hostops.installatron.itron_backup:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    install: https://www.example.com/blog
    max_age: 24h
    keep: 3

- name: Create a backup before maintenance work
  hostops.installatron.itron_backup:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    install: https://www.example.com/blog
    force: true
  register: created

- name: Show the archive of the backup
  ansible.builtin.debug:
    msg: "{{ created.backup.filename }}, {{ created.backup.size }} bytes"

- name: Restore the newest backup of the blog, even if the blog was removed
  hostops.installatron.itron_backup:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    state: restored
    install: https://www.example.com/blog
    id: latest

- name: Inspect the newest backup at another URL
  module_defaults:
    group/hostops.installatron.itron:
      api_url: https://installatron.example.com/server/v1
      api_key: "{{ vault_itron_api_key }}"
      user: alice
      websites:
        - id: alice1
          path: /home/alice
          vhosts:
            https://www.example.com: public_html
  block:
    - name: Remove the previous copy
      hostops.installatron.itron_install:
        state: absent
        url: https://www.example.com/copy
    - name: Restore the backup as a copy
      hostops.installatron.itron_backup:
        state: restored
        install: https://www.example.com/blog
        id: latest
        url: https://www.example.com/copy
        db_host: localhost
        db_name: alice_copy
        db_user: alice_copy
        db_pass: "{{ vault_alice_db_pass }}"

- name: Remove the oldest backup of the blog
  module_defaults:
    group/hostops.installatron.itron:
      api_url: https://installatron.example.com/server/v1
      api_key: "{{ vault_itron_api_key }}"
      user: alice
      websites:
        - id: alice1
          path: /home/alice
          vhosts:
            https://www.example.com: public_html
  block:
    - name: List the backups
      hostops.installatron.itron_backup_info:
        install: https://www.example.com/blog
      register: blog
    - name: Remove the last backup in the list, even if its archive is missing
      hostops.installatron.itron_backup:
        state: absent
        id: "{{ (blog.backups | last).id }}"
        force: true

- name: Import an archive that Alice uploaded
  hostops.installatron.itron_backup:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    state: imported
    path: uploads/blog.tar.gz
"""

RETURN = r"""
install:
  description:
    - The installed application. With O(state=present), in its current state. With O(state=restored), after the restore. Otherwise
      V(null).
    - In check mode and with O(wait=false), the expected state after the restore. RV(install.id) contains the new identifier after
      a restore.
    - Values that the server does not return are V(null). Passwords are never returned.
  type: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Identifier of the installed application.
      type: str
      returned: when RV(install) is not V(null)
      sample: "4yhfygnd10ws0wc8skck444s"
    application:
      description:
        - Identifier of the application in the catalog.
      type: str
      returned: when RV(install) is not V(null)
      sample: "wordpress"
    version:
      description:
        - Installed version.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.4.2"
    version_available:
      description:
        - Newest version that the application can be upgraded to.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.5.0"
    version_available_minor:
      description:
        - Newest version of the same branch that the application can be upgraded to.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.4.3"
    url:
      description:
        - URL of the application.
      type: str
      returned: when RV(install) is not V(null)
      sample: "https://www.example.com/blog"
    url_domain:
      description:
        - Host of the URL.
      type: str
      returned: when RV(install) is not V(null)
      sample: "www.example.com"
    title:
      description:
        - Title, as the server lists it.
      type: str
      returned: when RV(install) is not V(null)
      sample: "Alice's blog"
    owner:
      description:
        - User that the application belongs to.
      type: str
      returned: when RV(install) is not V(null)
      sample: "alice"
    language:
      description:
        - Language of the application.
      type: str
      returned: when RV(install) is not V(null)
      sample: "en"
    path:
      description:
        - Directory of the application. A password in it is masked.
      type: str
      returned: when RV(install) is not V(null)
      sample: "/home/alice/public_html/blog"
    path_created:
      description:
        - Whether the server created the directory.
      type: bool
      returned: when RV(install) is not V(null)
      sample: true
    link_admin:
      description:
        - Path of the administration, relative to RV(install.url).
      type: str
      returned: when RV(install) is not V(null)
      sample: "wp-admin"
    agent:
      description:
        - Version of Installatron that installed the application.
      type: str
      returned: when RV(install) is not V(null)
      sample: "9.0.0"
    time:
      description:
        - Time of the installation, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-01-05T10:15:00Z"
    time_updated:
      description:
        - Time of the last update, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-02-01T03:00:00Z"
    backup_time:
      description:
        - Time of the last backup, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-02-02T03:00:00Z"
    db_type:
      description:
        - Type of the database.
      type: str
      returned: when RV(install) is not V(null)
      sample: "mysql"
    db_host:
      description:
        - Database server.
      type: str
      returned: when RV(install) is not V(null)
      sample: "localhost"
    db_name:
      description:
        - Name of the database.
      type: str
      returned: when RV(install) is not V(null)
      sample: "alice_blog"
    db_user:
      description:
        - User of the database.
      type: str
      returned: when RV(install) is not V(null)
      sample: "alice_blog"
    db_prefix:
      description:
        - Prefix of the table names.
      type: str
      returned: when RV(install) is not V(null)
      sample: "wp_"
    autoup:
      description:
        - Versions that automatic updates install, V(none), V(minor), or V(all).
      type: str
      returned: when RV(install) is not V(null)
      sample: "minor"
    autoup_backup:
      description:
        - Whether an automatic update creates a backup first.
      type: bool
      returned: when RV(install) is not V(null)
      sample: true
    autoup_plugins:
      description:
        - Automatic updates of plugins, in the server's notation.
      type: str
      returned: when RV(install) is not V(null)
      sample: "0"
    autoup_themes:
      description:
        - Automatic updates of themes, in the server's notation.
      type: str
      returned: when RV(install) is not V(null)
      sample: "0"
    version_autouped:
      description:
        - Version that the last automatic update installed.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.4.2"
    version_notified:
      description:
        - Version that the server last sent an email about.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.5.0"
    notification:
      description:
        - Events that the server sends emails about.
      type: list
      elements: str
      returned: when RV(install) is not V(null)
      sample: ["update", "update_error"]
    autobk:
      description:
        - Schedule of automatic backups.
      type: str
      returned: when RV(install) is not V(null)
      sample: "custom"
    autobk_daily:
      description:
        - Number of daily backups.
      type: int
      returned: when RV(install) is not V(null)
      sample: 7
    autobk_weekly:
      description:
        - Number of weekly backups.
      type: int
      returned: when RV(install) is not V(null)
      sample: 4
    autobk_monthly:
      description:
        - Number of monthly backups.
      type: int
      returned: when RV(install) is not V(null)
      sample: 0
    bkloc:
      description:
        - Location of backups. A password in it is masked.
      type: str
      returned: when RV(install) is not V(null)
      sample: "local"
    login:
      description:
        - User name of the administrator.
      type: str
      returned: when RV(install) is not V(null)
      sample: "alice"
    email:
      description:
        - Email address of the administrator.
      type: str
      returned: when RV(install) is not V(null)
      sample: "alice@example.com"
    sitetitle:
      description:
        - Title of the site.
      type: str
      returned: when RV(install) is not V(null)
      sample: "Alice's blog"
    sitetagline:
      description:
        - Tagline of the site.
      type: str
      returned: when RV(install) is not V(null)
      sample: "Just another WordPress site"
    list_files:
      description:
        - Files and directories of the application. Empty if the server did not return them.
      type: list
      elements: str
      returned: when RV(install) is not V(null)
      sample: ["index.php", "wp-admin"]
    list_tables:
      description:
        - Tables of the application. Empty if the server did not return them.
      type: list
      elements: str
      returned: when RV(install) is not V(null)
      sample: ["wp_options", "wp_posts"]
    list_plugins:
      description:
        - Installed plugins. Empty unless O(hostops.installatron.itron_install#module:plugins) or O(hostops.installatron.itron_install#module:themes) are given.
      type: list
      elements: dict
      returned: when RV(install) is not V(null)
      contains:
        id:
          description:
            - Identifier, as in O(hostops.installatron.itron_install#module:plugins).
          type: str
          returned: when RV(install) is not V(null)
          sample: "akismet/akismet.php"
        name:
          description:
            - Name.
          type: str
          returned: when RV(install) is not V(null)
          sample: "Akismet"
        version:
          description:
            - Installed version.
          type: str
          returned: when RV(install) is not V(null)
          sample: "5.3"
        version_available:
          description:
            - Version that it can be updated to, V(null) if it is up to date.
          type: str
          returned: when RV(install) is not V(null)
          sample: "5.3.1"
      sample:
        - id: "akismet/akismet.php"
          name: "Akismet"
          version: "5.3"
          version_available: "5.3.1"
    list_themes:
      description:
        - Installed themes. Empty unless O(hostops.installatron.itron_install#module:plugins) or O(hostops.installatron.itron_install#module:themes) are given.
      type: list
      elements: dict
      returned: when RV(install) is not V(null)
      contains:
        id:
          description:
            - Identifier, as in O(hostops.installatron.itron_install#module:themes).
          type: str
          returned: when RV(install) is not V(null)
          sample: "twentytwentyfour"
        name:
          description:
            - Name.
          type: str
          returned: when RV(install) is not V(null)
          sample: "Twenty Twenty-Four"
        version:
          description:
            - Installed version.
          type: str
          returned: when RV(install) is not V(null)
          sample: "1.0"
        version_available:
          description:
            - Version that it can be updated to, V(null) if it is up to date.
          type: str
          returned: when RV(install) is not V(null)
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
      returned: when RV(install) is not V(null)
      sample: 1
    theme_updates_available:
      description:
        - Number of outdated themes.
      type: int
      returned: when RV(install) is not V(null)
      sample: 0
    cache_files:
      description:
        - Size of the files in bytes at RV(install.cache_time).
      type: int
      returned: when RV(install) is not V(null)
      sample: 15630336
    cache_tables:
      description:
        - Size of the tables in bytes at RV(install.cache_time).
      type: int
      returned: when RV(install) is not V(null)
      sample: 606208
    cache_time:
      description:
        - Time of the server's last check, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-02-02T04:00:00Z"
    cache_numbackups:
      description:
        - Number of backups at RV(install.cache_time).
      type: int
      returned: when RV(install) is not V(null)
      sample: 9
    settings:
      description:
        - Further fields of the application as strings, without secret fields.
      type: dict
      returned: when RV(install) is not V(null)
      sample: {"limitloginattempts": "yes"}
  sample:
    id: "4yhfygnd10ws0wc8skck444s"
    application: "wordpress"
    version: "6.4.2"
    version_available: "6.5.0"
    version_available_minor: "6.4.3"
    url: "https://www.example.com/blog"
backup:
  description:
    - The backup that the task applies to. With O(state=present), the newest backup. V(null) if there is none.
    - In check mode and with O(wait=false), the expected backup. Values that the server assigns later are V(null).
    - Values that the server does not return are V(null). Passwords are never returned.
  type: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Identifier of the backup.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "aga40vngcy888kg44coogkgwk"
    install:
      description:
        - Identifier of the backed-up application.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "4yhfygnd10ws0wc8skck444s"
    time:
      description:
        - Time of the backup, ISO 8601 in UTC.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "2026-02-02T03:00:00Z"
    size:
      description:
        - Size of the archive in bytes.
      type: int
      returned: when RV(backup) is not V(null)
      sample: 13836288
    filename:
      description:
        - Name of the archive.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "app_www-example-com_blog_2026-02-02_03-00-00.tar.gz"
    file:
      description:
        - File in which the server stores the record of the backup. A password in it is masked.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "/home/alice/.appdata/backups/aga40vngcy888kg44coogkgwk"
    location:
      description:
        - Location of the archive, V(local) or the URI of a backup location. A password in it is masked.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "local"
    schedule:
      description:
        - Identifier of the schedule that created the backup.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "1f9d83723e594ba1826adf517f869067"
    expiry:
      description:
        - Expiry of the backup, in the server's notation. The specification has no sample.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "2026-03-04"
    note:
      description:
        - Note of the backup. The specification has no sample.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "before the relaunch"
    application:
      description:
        - Identifier of the application in the catalog.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "wordpress"
    version:
      description:
        - Version of the application in the backup.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "6.4.2"
    url:
      description:
        - URL of the application at the time of the backup.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "https://www.example.com/blog"
    url_domain:
      description:
        - Host of the URL.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "www.example.com"
    title:
      description:
        - Title of the application at the time of the backup.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "Alice's blog"
    owner:
      description:
        - User that the backup belongs to.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "alice"
    language:
      description:
        - Language of the application.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "en"
    path:
      description:
        - Directory of the application. A password in it is masked.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "/home/alice/public_html/blog"
    agent:
      description:
        - Version of Installatron that installed the application.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "9.0.0"
    install_time:
      description:
        - Time of the installation, ISO 8601 in UTC.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "2026-01-05T10:15:00Z"
    db_type:
      description:
        - Type of the database.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "mysql"
    db_host:
      description:
        - Database server.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "localhost"
    db_name:
      description:
        - Name of the database.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "alice_blog"
    db_user:
      description:
        - User of the database.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "alice_blog"
    db_prefix:
      description:
        - Prefix of the table names.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "wp_"
    cache_time:
      description:
        - Time of the server's last check, ISO 8601 in UTC.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "2026-02-02T03:00:05Z"
backups:
  description:
    - All backups of the same installed application after the task, newest first. With O(state=imported), all backups of O(user).
    - Empty if there is none, or if the backup in O(state=absent) does not exist.
  type: list
  elements: dict
  returned: always, except when the options are invalid
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
steps:
  description:
    - Steps that the module performed, or would perform in check mode, in order. Empty if no step is required.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - API command, V(backup), V(delete), V(restore), or V(importbackup).
      type: str
      returned: always, except when the options are invalid
      sample: "backup"
    arguments:
      description:
        - Arguments of the command. Secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"id": "4yhfygnd10ws0wc8skck444s", "expiry": "30"}
    outcome:
      description:
        - In check mode, V(planned) is a step that the server did not verify, V(verified) is a step that it verified, and
          V(refused) is a step that it refused.
        - Otherwise, V(done) succeeded, V(failed) did not succeed, and V(started) is still running as RV(task) with O(wait=false).
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "backup"
      arguments: {"id": "4yhfygnd10ws0wc8skck444s", "expiry": "30"}
      outcome: "done"
task:
  description:
    - The last background task in its last known state. V(null) if there was none.
  type: dict
  returned: always, except when the options are invalid
  contains:
    id:
      description:
        - Identifier of the task.
      type: str
      returned: when RV(task) is not V(null)
      sample: "138207901722178300"
    user:
      description:
        - User that the task belongs to.
      type: str
      returned: when RV(task) is not V(null)
      sample: "alice"
    ws_label:
      description:
        - Label of the website.
      type: str
      returned: when RV(task) is not V(null)
      sample: "alice1"
    url:
      description:
        - URL of the application.
      type: str
      returned: when RV(task) is not V(null)
      sample: "https://www.example.com/blog"
    title:
      description:
        - Title of the application.
      type: str
      returned: when RV(task) is not V(null)
      sample: "Alice's blog"
    label:
      description:
        - Description of the task, as the server returns it.
      type: str
      returned: when RV(task) is not V(null)
      sample: "_tasks_upgrading"
    status:
      description:
        - Status, as the server returns it.
      type: str
      returned: when RV(task) is not V(null)
      sample: "processing"
    message:
      description:
        - Description of the current step, as the server returns it.
      type: str
      returned: when RV(task) is not V(null)
      sample: "_tasks_shared_copyingfiles"
    cmd:
      description:
        - Command that the task executes.
      type: str
      returned: when RV(task) is not V(null)
      sample: "upgrade"
    install:
      description:
        - Identifier of the installed application.
      type: str
      returned: when RV(task) is not V(null)
      sample: "4yhfygnd10ws0wc8skck444s"
    percent_min:
      description:
        - Completed percentage.
      type: int
      returned: when RV(task) is not V(null)
      sample: 50
    percent_max:
      description:
        - Percentage at the end of the current step.
      type: int
      returned: when RV(task) is not V(null)
      sample: 99
    rate:
      description:
        - Rate, as the server returns it. The specification defines no unit.
      type: int
      returned: when RV(task) is not V(null)
      sample: 10150
    time:
      description:
        - Time of the task, ISO 8601 in UTC.
      type: str
      returned: when RV(task) is not V(null)
      sample: "2026-02-01T03:00:00Z"
  sample:
    id: "138207901722178300"
    user: "alice"
    ws_label: "alice1"
    url: "https://www.example.com/blog"
    title: "Alice's blog"
    label: "_tasks_backuping"
    status: "processing"
    message: "_tasks_shared_copyingfiles"
    cmd: "backup"
    install: "4yhfygnd10ws0wc8skck444s"
    percent_min: 50
    percent_max: 99
    rate: 10150
    time: "2026-02-01T03:00:00Z"
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
      sample: "backup"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), V(plan), V(dryrun), V(write), V(wait), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "write"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "backup_not_found"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "id"
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
      sample: "Check the id: itron_backup_info lists the backups."
  sample:
    command: "backup"
    stage: "write"
    errcode: "backup_not_found"
    errfield: "id"
    http_status: 200
    hint: "Check the id: itron_backup_info lists the backups."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._backup.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
