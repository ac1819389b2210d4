#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of one installed application: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_backup
short_description: Make, keep, remove, restore, and import backups of a web application through Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Sees to it that an installed application has a backup that is young enough, removes old ones, restores one, or takes up
    an archive, through the v1 interface of Installatron Server.
  - The last backup of an application is never removed, whatever the options say, and neither is one before the new backup that
    takes its place is listed by the server.
  - A backup whose answer gets lost is looked for, and never asked for a second time.
  - In diff mode RV(ignore:diff) holds what differs, before and after, as dictionaries; a backup that is still to be made shows in
    it as V((new\)).
  - The API has no label for a backup; name backups by O(id) or O(file).
  - The numbers of sections are those of the specification of Installatron Server's v1 interface.
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
      - The steps are the same as without check mode. A restore is verified by the server, see O(dryrun); the API has no such check for
        the other commands, so they are only planned. Nothing that writes is sent.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(state=restored), and with O(state=present) and O(force=true), the task acts and is changed every time.
options:
  state:
    description:
      - V(present) makes a backup (C(backup), section 3.9) if O(install) has none that is young enough, see O(max_age), and then
        removes old ones (C(delete), section 3.13), see O(keep).
      - V(absent) removes the backup that O(id) or O(file) names, archive and record (C(delete), section 3.13). It is an error if it is
        the last one of its application. If there is no such backup, nothing is done.
      - V(restored) brings back the files and tables of the backup that O(id) or O(file) names (C(restore), section 3.12), in place
        or at O(url). It overwrites what is there of the same application, also when that application was removed before, but nothing
        of another one.
      - V(imported) takes up an archive from the user's own files, see O(path) (C(importbackup), section 3.14).
    type: str
    choices:
      - present
      - absent
      - restored
      - imported
    default: present
  install:
    description:
      - The installed application, given by its identifier or by its URL; the scheme of the URL does not count. Becomes the API argument
        C(id) of C(backup) (section 3.9) and C(pid) of C(backups) (section 3.6).
      - Required with O(state=present), where it must be installed, and with O(id=latest).
      - With O(state=absent) and O(state=restored) only backups of this application are meant. It need not be installed any more; a URL
        then means the backups that were made there.
      - Not used with O(state=imported).
    type: str
  id:
    description:
      - Identifier of the backup to remove or restore. Becomes the API argument C(id) (sections 3.12 and 3.13).
      - With O(state=restored), V(latest) is the youngest backup of O(install).
      - Exactly one of O(id) and O(file) is required with O(state=absent) and O(state=restored).
    type: str
  file:
    description:
      - Name of the backup's archive, as in RV(backup.filename) or RV(backup.file), instead of its O(id). It is looked for in the list of
        backups (C(backups), section 3.6), those of O(install) if that is given.
    type: str
  max_age:
    description:
      - With O(state=present), how old the youngest backup may be. An older one, or one whose time the server does not say, leads to a new
        backup. If omitted, any existing backup will do.
      - A number and its unit, V(m) for minutes, V(h) for hours, V(d) for days, or V(w) for weeks, such as V(30m), V(24h), V(7d), or V(2w).
      - It is compared on the clock of the machine that the task runs on. Not sent to the server.
    type: str
  keep:
    description:
      - With O(state=present), how many backups of O(install) to keep, at least V(1). The youngest ones are kept, the new one among them.
        The others are removed, the oldest first, with one C(delete) each (section 3.13). If omitted, none is removed.
      - A backup whose time the server does not say is not counted and not removed.
      - If the archive of an old backup is gone, the server refuses to remove it, and the task fails; O(state=absent) with O(force=true)
        removes it.
    type: int
  expiry:
    description:
      - With O(state=present), when the server is to remove the new backup by itself. Becomes the API argument C(expiry) (section 3.9).
        If omitted, the server keeps it for ever.
      - The specification says that there is a list of values, but not which; the value is sent as it is. It is not compared with
        existing backups.
    type: str
  force:
    description:
      - With O(state=present), make a backup even if there is one that is young enough. Not sent to the server.
      - With O(state=absent), remove the backup even if its archive cannot be reached or is gone. Becomes the API argument C(force)
        (section 3.13). It does not remove the last backup.
    type: bool
    default: false
  path:
    description:
      - With O(state=imported), the archive, relative to the path of the user's website. Becomes the API argument C(path) (section 3.14).
        O(user) is required, too.
      - If a backup of O(user) has an archive of the same name already, nothing is done.
    type: str
  url:
    description:
      - With O(state=restored), the URL to restore to, as another installed application. Becomes the API argument C(url) (section 3.12).
        If omitted, the backup goes back to where it was made.
      - It is an error if an application is installed there, also after a restore by the same task. For a copy that is only made if it is
        missing use O(hostops.installatron.itron_install#module:restore_from).
    type: str
  url_ip:
    description:
      - IP address of O(url), when DNS does not say the right one. Becomes the API argument C(url_ip) (section 3.12). If omitted, the server
        asks DNS. Only goes with O(url).
    type: str
  db_host:
    description:
      - Database server of the restored application. Becomes the API argument C(db_host) (section 3.12). Only goes with O(url).
      - The API requires O(db_host), O(db_name), O(db_user), and O(db_pass) for an application with a database, unless the server creates
        databases by itself. The database must exist.
    type: str
  db_name:
    description:
      - Name of the database. Becomes the API argument C(db_name) (section 3.12). See O(db_host).
    type: str
  db_user:
    description:
      - User of the database. Becomes the API argument C(db_user) (section 3.12). See O(db_host).
    type: str
  db_pass:
    description:
      - Password of O(db_user). Becomes the API argument C(db_pass) (section 3.12). See O(db_host).
    type: str
  db_prefix:
    description:
      - What the names of tables begin with. Becomes the API argument C(db_prefix) (section 3.12). Only goes with O(url). If omitted, the
        server chooses.
    type: str
  db:
    description:
      - With O(state=restored), V(manual) keeps the server from creating the database when it does not exist. Becomes the API argument C(db)
        (section 3.12). If omitted, the server creates it.
    type: str
    choices:
      - manual
  dryrun:
    description:
      - What check mode asks of the server before a restore. Becomes the API argument C(dryrun) (section 3.12). If the server refuses, the
        task fails with its reason. Not used outside check mode.
      - V(full) has everything checked (C(dryrun=2)).
      - V(input) has only the arguments checked, which is faster (C(dryrun=1)).
      - V(none) asks nothing.
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
    description: Which option becomes which argument of the API.
"""

EXAMPLES = r"""
- name: The blog has a backup that is not older than a day, and keeps its three youngest ones
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

- name: Before work on the blog, make a backup in any case
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
  register: before_work

- name: Show the archive
  ansible.builtin.debug:
    msg: "{{ before_work.backup.filename }}, {{ before_work.backup.size }} bytes"

- name: The blog goes back to its youngest backup, also when it was removed
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

- name: See what is in the youngest backup, at another URL
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
    - name: Nothing is left of the last time
      hostops.installatron.itron_install:
        state: absent
        url: https://www.example.com/copy
    - name: The backup is restored as a copy
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
      register: of_the_blog
    - name: Remove the last one in the list, even if its archive is gone
      hostops.installatron.itron_backup:
        state: absent
        id: "{{ (of_the_blog.backups | last).id }}"
        force: true

- name: An archive that Alice uploaded is among her backups
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
    - The installed application. With O(state=present) as it was found; with O(state=restored) after the restore, in check mode and
      with O(wait=false) as it is expected to be; otherwise V(null). A restored one tells its new identifier in RV(install.id).
    - What the server does not say is V(null). Passwords are never in it.
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
        - Identifier of the application in the catalogue.
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
        - Newest version that it can be upgraded to.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.5.0"
    version_available_minor:
      description:
        - Newest version of the same minor series that it can be upgraded to.
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
        - Folder of the application; a password in it is masked.
      type: str
      returned: when RV(install) is not V(null)
      sample: "/home/alice/public_html/blog"
    path_created:
      description:
        - Whether the server created the folder.
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
        - When it was installed, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-01-05T10:15:00Z"
    time_updated:
      description:
        - When it was last updated, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-02-01T03:00:00Z"
    backup_time:
      description:
        - When it was last backed up, ISO 8601 in UTC.
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
        - What the names of tables begin with.
      type: str
      returned: when RV(install) is not V(null)
      sample: "wp_"
    autoup:
      description:
        - Which versions the server may update to by itself, V(none), V(minor), or V(all).
      type: str
      returned: when RV(install) is not V(null)
      sample: "minor"
    autoup_backup:
      description:
        - Whether an update of the server's own makes a backup first.
      type: bool
      returned: when RV(install) is not V(null)
      sample: true
    autoup_plugins:
      description:
        - Which plugins the server updates by itself, as the server says it.
      type: str
      returned: when RV(install) is not V(null)
      sample: "0"
    autoup_themes:
      description:
        - Which themes the server updates by itself, as the server says it.
      type: str
      returned: when RV(install) is not V(null)
      sample: "0"
    version_autouped:
      description:
        - Version that the server last updated to by itself.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.4.2"
    version_notified:
      description:
        - Version that the server last sent e-mail about.
      type: str
      returned: when RV(install) is not V(null)
      sample: "6.5.0"
    notification:
      description:
        - Events that the server sends e-mail about.
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
        - Where backups go; a password in it is masked.
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
        - E-mail address of the administrator.
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
        - Files and folders of the application; empty if the server did not say them.
      type: list
      elements: str
      returned: when RV(install) is not V(null)
      sample: ["index.php", "wp-admin"]
    list_tables:
      description:
        - Tables of the application; empty if the server did not say them.
      type: list
      elements: str
      returned: when RV(install) is not V(null)
      sample: ["wp_options", "wp_posts"]
    list_plugins:
      description:
        - Installed plugins; empty unless O(hostops.installatron.itron_install#module:plugins) or O(hostops.installatron.itron_install#module:themes) are given.
      type: list
      elements: dict
      returned: when RV(install) is not V(null)
      contains:
        id:
          description:
            - Identifier, as O(hostops.installatron.itron_install#module:plugins) takes it.
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
            - Version that it can be brought to, V(null) if it is up to date.
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
        - Installed themes; empty unless O(hostops.installatron.itron_install#module:plugins) or O(hostops.installatron.itron_install#module:themes) are given.
      type: list
      elements: dict
      returned: when RV(install) is not V(null)
      contains:
        id:
          description:
            - Identifier, as O(hostops.installatron.itron_install#module:themes) takes it.
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
            - Version that it can be brought to, V(null) if it is up to date.
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
        - Number of plugins that are not up to date.
      type: int
      returned: when RV(install) is not V(null)
      sample: 1
    theme_updates_available:
      description:
        - Number of themes that are not up to date.
      type: int
      returned: when RV(install) is not V(null)
      sample: 0
    cache_files:
      description:
        - Size of the files in bytes, when the server last looked.
      type: int
      returned: when RV(install) is not V(null)
      sample: 15630336
    cache_tables:
      description:
        - Size of the tables in bytes, when the server last looked.
      type: int
      returned: when RV(install) is not V(null)
      sample: 606208
    cache_time:
      description:
        - When the server last looked, ISO 8601 in UTC.
      type: str
      returned: when RV(install) is not V(null)
      sample: "2026-02-02T04:00:00Z"
    cache_numbackups:
      description:
        - Number of backups, when the server last looked.
      type: int
      returned: when RV(install) is not V(null)
      sample: 9
    settings:
      description:
        - Further fields of the application, as texts, without those that are secret.
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
    - The backup that the task is about; with O(state=present) the youngest one. V(null) if there is none.
    - In check mode and with O(wait=false) as it is expected to be. What the server does not say is V(null), and so is, before there is
      a backup, what only the server knows. Passwords are never in it.
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
        - Identifier of the installed application that it was made of.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "4yhfygnd10ws0wc8skck444s"
    time:
      description:
        - When it was made, ISO 8601 in UTC.
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
        - File of the server's own with what it knows of the backup; a password in it is masked.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "/home/alice/.appdata/backups/aga40vngcy888kg44coogkgwk"
    location:
      description:
        - Where the archive is, V(local) or the URI of a backup location; a password in it is masked.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "local"
    schedule:
      description:
        - Identifier of the schedule that it was made by.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "1f9d83723e594ba1826adf517f869067"
    expiry:
      description:
        - When it expires, as the server says it. The specification has no sample of it.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "2026-03-04"
    note:
      description:
        - Note, as the server says it. The specification has no sample of it.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "before the relaunch"
    application:
      description:
        - Identifier of the application in the catalogue.
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
        - URL of the application when the backup was made.
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
        - Title of the application when the backup was made.
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
        - Folder of the application; a password in it is masked.
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
        - When the application was installed, ISO 8601 in UTC.
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
        - What the names of tables begin with.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "wp_"
    cache_time:
      description:
        - When the server last looked, ISO 8601 in UTC.
      type: str
      returned: when RV(backup) is not V(null)
      sample: "2026-02-02T03:00:05Z"
backups:
  description:
    - All backups of the same installed application, the youngest first, after the task; with O(state=imported) all backups of O(user).
      Empty if there is none, and if the backup is not there that O(state=absent) names.
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
steps:
  description:
    - What was done, in order, or in check mode what would be done; empty if there was nothing to do.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API, V(backup), V(delete), V(restore), or V(importbackup).
      type: str
      returned: always, except when the options are invalid
      sample: "backup"
    arguments:
      description:
        - Its arguments, in the API's form; secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"id": "4yhfygnd10ws0wc8skck444s", "expiry": "30"}
    outcome:
      description:
        - V(planned) is not verified by the server, and V(verified) is; V(refused) is what the server would not carry
          out. All three come from check mode.
        - V(started) is left running in RV(task) with O(wait=false). V(done) is over, and V(failed) did not succeed.
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "backup"
      arguments: {"id": "4yhfygnd10ws0wc8skck444s", "expiry": "30"}
      outcome: "done"
task:
  description:
    - The last background task, as it was last seen. V(null) if there was none.
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
        - What the task does, as the server says it.
      type: str
      returned: when RV(task) is not V(null)
      sample: "_tasks_upgrading"
    status:
      description:
        - Status, as the server says it.
      type: str
      returned: when RV(task) is not V(null)
      sample: "processing"
    message:
      description:
        - What it is at, as the server says it.
      type: str
      returned: when RV(task) is not V(null)
      sample: "_tasks_shared_copyingfiles"
    cmd:
      description:
        - Command that the task carries out.
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
        - Per cent that are done.
      type: int
      returned: when RV(task) is not V(null)
      sample: 50
    percent_max:
      description:
        - Per cent at which the current part ends.
      type: int
      returned: when RV(task) is not V(null)
      sample: 99
    rate:
      description:
        - Rate, as the server says it; the specification names no unit.
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
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "backup"
    stage:
      description:
        - Where it failed, one of V(input), V(read), V(plan), V(dryrun), V(write), V(wait), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "write"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "backup_not_found"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "id"
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
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
