#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_install."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_install
short_description: Install, configure, upgrade, and remove one web application through Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Manages one installed application (WordPress, Joomla, Magento, and others) through the Installatron Server v1 API.
  - Only specified options are compared with the server. Omitted options are left unchanged.
  - The module installs a missing application. It corrects differences of an installed application with one C(edit),
    followed by one C(upgrade). It never overwrites an installed application.
  - The module compares the options with the server's list. The server only visits the site with O(refresh=true),
    O(plugins), or O(themes), or if its list does not contain the value of an option.
  - No sample response in the specification contains O(autoup_backup), O(autobk_daily), O(autobk_weekly), and
    O(autobk_monthly). If a server does not return them, they are only set during installation, and the module warns.
  - In diff mode, RV(ignore:diff) contains the differing properties before and after the change. Secrets are shown as
    V((set\)) or V((changed\)).
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._plan
  - hostops.installatron._wait
attributes:
  check_mode:
    support: full
    details:
      - The steps are the same as outside check mode. The server verifies installations and upgrades. See O(dryrun). The
        module sends no command that writes.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - With O(update_password=always), the module sends the passwords and reports a change on every run.
      - O(delete_backups=true) with O(state=present) reports a change if there are new backups.
options:
  state:
    description:
      - V(present) installs a missing application (C(install), section 3.3). Otherwise, it corrects differences
        (C(edit), section 3.8) and upgrades the application (C(upgrade), section 3.10).
      - V(absent) removes the application with its files and tables (C(uninstall), section 3.15).
      - V(detached) makes the server forget the application and keeps its files and tables (C(edit) with the API
        argument C(delete), section 3.8).
    type: str
    choices:
      - present
      - absent
      - detached
    default: present
  id:
    description:
      - Identifier of the installed application. Corresponds to the API argument C(id) (sections 3.8, 3.10, and 3.15).
      - An unknown identifier is an error with O(state=present). The module never installs an application for it.
      - At least one of O(id) and O(url) is required.
    type: str
  url:
    description:
      - URL of the application. Corresponds to the API argument C(url) (sections 3.3 and 3.8).
      - The module finds the application by its URL. The comparison ignores the scheme, the default port, and a trailing
        slash. The host is compared in lowercase and in its ASCII form. User info, a query, and a fragment are refused.
      - A different scheme is corrected with C(edit). It does not identify another site.
      - With O(id), this is the desired URL of the application. The module fails if another application has it.
    type: str
  url_ip:
    description:
      - IP address of O(url), if DNS does not return the right one. Corresponds to the API argument C(url_ip) (section
        3.3).
      - Only used during installation. By default, the server queries DNS.
    type: str
  application:
    description:
      - Identifier of the application in the server's catalog, for example V(wordpress). Corresponds to the API argument
        C(application) (section 3.3).
      - Required to install an application.
      - The module fails for every O(state) if another application is installed at O(url).
    type: str
  version:
    description:
      - Desired version. Corresponds to the API argument C(version) (sections 3.3 and 3.10).
      - Quote an exact version, for example V('6.4.2'). YAML parses an unquoted V(6.10) as the number 6.1.
      - V(latest) is the newest version that the installed version can be upgraded to. V(latest_minor) is the newest
        version of the same minor series. Both are read from the catalog (section 3.2, C(versions-available-from)).
      - For a new installation, both values select the latest compatible version.
      - By default, an installed version is left unchanged, and a new application gets the latest compatible version.
      - The module fails if the version is lower than the installed version, because the API cannot downgrade
        applications.
    type: str
  autoup:
    description:
      - Versions that automatic updates on the server install. Corresponds to the API argument C(autoup) with the values
        V(0), V(1), and V(2) (sections 3.3 and 3.8).
      - V(none) disables automatic updates, V(minor) allows minor versions, and V(all) allows all versions.
      - By default, a new application gets V(none).
      - If the server updates the application beyond an exact O(version), the task fails, because this would be a
        downgrade.
    type: str
    choices:
      - none
      - minor
      - all
  autoup_backup:
    description:
      - Whether the server creates a backup before an automatic update and restores it if the update fails.
      - Corresponds to the API argument C(autoup_backup) with the values V(1) and V(0) (sections 3.3 and 3.8).
      - By default, a new application gets V(true).
    type: bool
  notification:
    description:
      - Events that the server sends emails about, for example V(update_available), V(update), and V(update_error).
      - Corresponds to the API argument C(notification), as a comma-separated list (sections 3.3 and 3.8).
      - V([all]) selects all events. An empty list disables the emails. The order is ignored.
      - By default, the server decides for a new application.
    type: list
    elements: str
  db_host:
    description:
      - Database server. Corresponds to the API argument C(db_host) (sections 3.3 and 3.8).
      - For an application with a database, the API requires O(db_host), O(db_name), O(db_user), and O(db_pass), unless
        the server creates databases automatically. The database must exist.
    type: str
  db_name:
    description:
      - Name of the database. Corresponds to the API argument C(db_name) (sections 3.3 and 3.8). See O(db_host).
    type: str
  db_user:
    description:
      - User of the database. Corresponds to the API argument C(db_user) (sections 3.3 and 3.8). See O(db_host).
    type: str
  db_pass:
    description:
      - Password of O(db_user). Corresponds to the API argument C(db_pass) (sections 3.3 and 3.8). See O(db_host).
      - It is compared if the server returns it. Otherwise, it is only used during installation. It is masked in all
        output.
    type: str
  db_prefix:
    description:
      - Prefix of the table names. Corresponds to the API argument C(db_prefix) (sections 3.3 and 3.8).
      - By default, a new application gets the prefix that the server's administrator configured.
    type: str
  db_host_ip:
    description:
      - Database server to use during installation, if O(db_host) cannot be reached yet. Corresponds to the API argument
        C(db_host_ip) (section 3.3).
      - The application itself is configured with O(db_host). Only used during installation. By default, the server uses
        O(db_host).
    type: str
  autobk:
    description:
      - Schedule of automatic backups. Corresponds to the API argument C(autobk) (sections 3.3 and 3.8).
      - V(custom) uses the numbers in O(autobk_daily), O(autobk_weekly), and O(autobk_monthly). Other values are
        identifiers of schedules on the server.
      - By default, the server decides for a new application.
    type: str
  autobk_daily:
    description:
      - Number of daily backups to keep, V(0) or more. Requires O(autobk=custom) if O(autobk) is set.
      - Corresponds to the API argument C(autobk_daily) (sections 3.3 and 3.8).
      - By default, the server decides for a new application.
    type: int
  autobk_weekly:
    description:
      - Number of weekly backups to keep, V(0) or more. Requires O(autobk=custom) if O(autobk) is set.
      - Corresponds to the API argument C(autobk_weekly) (sections 3.3 and 3.8).
      - By default, the server decides for a new application.
    type: int
  autobk_monthly:
    description:
      - Number of monthly backups to keep, V(0) or more. Requires O(autobk=custom) if O(autobk) is set.
      - Corresponds to the API argument C(autobk_monthly) (sections 3.3 and 3.8).
      - By default, the server decides for a new application.
    type: int
  bkloc:
    description:
      - Location of backups, for example V(local) or V(sftp://user:password@backup.example.com/dir). Corresponds to the
        API argument C(bkloc) (sections 3.3 and 3.8).
      - A password in a URI is masked in all output. By default, the server decides for a new application.
    type: str
  language:
    description:
      - Language of the application, for example V(en) or V(zh_tw). Corresponds to the API argument C(language)
        (sections 3.3 and 3.8).
      - By default, a new application gets the language of its website, or English.
      - If the catalog does not list the language for the application, the module fails before it sends a command that
        writes.
    type: str
  login:
    description:
      - User name of the application's administrator. Corresponds to the API argument C(login) (sections 3.3 and 3.8).
      - By default, a new application gets a random name.
    type: str
  passwd:
    description:
      - Password of the application's administrator. Corresponds to the API argument C(passwd) (sections 3.3 and 3.8).
      - It is not compared, because the server does not return it. See O(update_password).
      - By default, a new application gets a random password.
    type: str
  email:
    description:
      - Email address of the application's administrator. Corresponds to the API argument C(email) (sections 3.3 and
        3.8).
      - By default, the server decides for a new application.
    type: str
  sitetitle:
    description:
      - Title of the site. Corresponds to the API argument C(sitetitle) (sections 3.3 and 3.8).
      - By default, a new application gets a default title such as V(My blog).
    type: str
  sitetagline:
    description:
      - Tagline of the site, if the application supports it. Corresponds to the API argument C(sitetagline) (a field in
        the catalog, section 3.2).
      - By default, the server decides for a new application.
    type: str
  content:
    description:
      - Initial content - V(yes) for the sample content, V(no) for none, or the identifier of a template. Corresponds to
        the API argument C(content) (section 3.3).
      - Only used during installation. By default, the server uses V(yes).
    type: str
  settings:
    description:
      - Additional fields of the application by name, for example C(limitloginattempts). Each field is compared, and is
        sent as the API argument with the same name (sections 3.3 and 3.8).
      - The module validates the fields with the catalog (section 3.2). Unknown fields, read-only fields, and invalid
        values are errors before it sends a command that writes.
      - Booleans are converted to V(yes) and V(no). Fields with a dedicated option are refused.
      - Passwords and write-only fields are handled like O(passwd).
    type: dict
  update_password:
    description:
      - When to send O(passwd) and the write-only fields in O(settings).
      - V(on_create) sends them only during installation.
      - V(always) sends them and reports a change on every run.
    type: str
    choices:
      - on_create
      - always
    default: on_create
  plugins:
    description:
      - Identifiers of plugins to update, or V(['*']) for all plugins. Only for WordPress. Corresponds to the API
        argument C(plugin) of C(upgrade) (section 3.10).
      - The identifier is the value of RV(install.list_plugins[].id), for example V(akismet/akismet.php), or its
        directory. A plugin that is not installed is an error.
      - By default, plugins are not updated.
    type: list
    elements: str
  themes:
    description:
      - Identifiers of themes to update, or V(['*']) for all themes. Only for WordPress. Corresponds to the API argument
        C(theme) of C(upgrade) (section 3.10).
      - A theme that is not installed is an error. By default, themes are not updated.
    type: list
    elements: str
  revert:
    description:
      - Whether to create a backup before an upgrade and restore it if the upgrade fails.
      - Corresponds to the API argument C(revert=yes) of C(upgrade) (section 3.10), which is not sent with V(false).
    type: bool
    default: true
  force:
    description:
      - With O(state=absent), whether to uninstall the application even if the server cannot reach the site. Corresponds
        to the API argument C(force) of C(uninstall) (section 3.15).
      - Not used with other states.
    type: bool
    default: false
  delete_backups:
    description:
      - Whether the server forgets all backups of the application. The archives are kept. Corresponds to the API
        argument C(delete-backups) of C(edit) (section 3.8).
      - Applies to every O(state).
    type: bool
    default: false
  refresh:
    description:
      - Whether the server visits the site before the comparison (C(view), section 3.7). This is slower, but detects
        changes that were made without the server.
      - Only used with O(state=present).
    type: bool
    default: false
  dryrun:
    description:
      - Checks that the server performs before an installation, an import, a clone, a restore, or an upgrade in check mode.
        Corresponds to the API argument C(dryrun) (sections 3.3, 3.4, and 3.10 to 3.12).
      - If the server refuses the step, the task fails with the server's message. Not used outside check mode.
      - V(full) performs all checks (C(dryrun=2)).
      - V(input) only checks the arguments, which is faster (C(dryrun=1)).
      - V(none) performs no checks.
      - The server cannot verify C(edit) and C(uninstall), so they are only planned.
    type: str
    choices:
      - full
      - input
      - none
    default: full
  import_existing:
    description:
      - If the server lists no application at O(url), import the application whose files are at this URL. Corresponds to
        the command C(import) without a source (section 3.4). Requires O(application).
      - The imported application is then compared with the other options, and differences are corrected in the same run.
        O(passwd) is only sent with O(update_password=always).
      - If the server already lists the application, it is managed as usual. This also applies to O(migrate_from),
        O(clone_from), and O(restore_from).
      - O(import_existing), O(migrate_from), O(clone_from), and O(restore_from) are mutually exclusive.
    type: bool
    default: false
  import_version:
    description:
      - Version of the application to import with O(import_existing), if the server cannot detect it. Corresponds to the
        API argument C(version) of C(import) (section 3.4).
      - O(version) is the desired version and is never sent with an import.
    type: str
  migrate_from:
    description:
      - If the server lists no application at O(url), copy an application from another server (section 3.4). Requires
        O(application).
      - The password in RV(steps[].arguments) is masked.
    type: dict
    suboptions:
      source_url:
        description: URL of the application on the other server. Corresponds to the API argument C(source_url).
        type: str
        required: true
      source_ftu:
        description:
          - Address of the other server with credentials. Corresponds to the API argument C(source_ftu).
          - The value begins with V(ftp://), V(ftps://), V(sftp://), or V(ssh://). For WordPress, it can also be
            V(app://login:password) with the login and password of the administrator.
        type: str
        required: true
      source_ftu_key:
        description:
          - Path of a key file on the Installatron host, for V(sftp://) and V(ssh://). With a key, the password can be
            omitted. Corresponds to the API argument C(source_ftu_key).
        type: str
      source_url_ip:
        description: IP address of the other server, if DNS does not return the right one. Corresponds to the API argument C(source_url_ip).
        type: str
  clone_from:
    description:
      - If the server lists no application at O(url), copy this installed application, given by its identifier or URL.
      - Corresponds to the API argument C(id) of C(clone) (section 3.11). The command also gets O(url), O(url_ip), and
        the database options.
      - If O(application) is set, the module fails if the source is a different application.
    type: str
  restore_from:
    description:
      - If the server lists no application at O(url), restore this backup, given by its identifier. V(latest) selects
        the newest backup of O(url).
      - Corresponds to the API argument C(id) of C(restore) (section 3.12).
      - A backup of another URL is restored to O(url), with O(url_ip) and the database options. A backup of O(url) is
        restored in place, to its original database.
      - If O(application) is set, the module fails if the backup contains a different application.
    type: str
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_install_info
  - module: hostops.installatron.itron_backup
  - module: hostops.installatron.itron_app_facts
  - ref: ansible_collections.hostops.installatron.docsite.getting_started
    description: Getting started with a sandbox.
  - ref: ansible_collections.hostops.installatron.docsite.check_mode
    description: Check mode and C(dryrun).
  - ref: ansible_collections.hostops.installatron.docsite.commands
    description: Options and their API arguments.
"""

EXAMPLES = r"""
# Many tasks share the connection, the user, and the websites. Set them once for a block, as in this example, or for a whole
# play.
- name: Manage the sites of Alice
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
          email: alice@example.com
          uid: 1001
          gid: 1001
  block:
    - name: Set the title of the blog
      hostops.installatron.itron_install:
        url: https://www.example.com/blog
        application: wordpress
        sitetitle: Alice's blog

- name: Install WordPress with passwords from Ansible Vault
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    language: en
    login: alice
    passwd: "{{ vault_alice_passwd }}"
    email: alice@example.com
    sitetitle: Alice's blog
    content: 'no'
    db_host: localhost
    db_name: alice_blog
    db_user: alice_blog
    db_pass: "{{ vault_alice_db_pass }}"

- name: Upgrade WordPress to an exact version, and revert the upgrade if it fails
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    version: '6.4.3'
    revert: true

- name: Upgrade WordPress to the newest version of its minor series
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    version: latest_minor

- name: Configure automatic updates, automatic backups, and settings
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    autoup: minor
    autoup_backup: true
    notification:
      - update
      - update_error
    autobk: custom
    autobk_daily: 7
    autobk_weekly: 4
    autobk_monthly: 0
    settings:
      limitloginattempts: 'yes'

- name: Update all plugins and themes
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    plugins: ['*']
    themes: ['*']

- name: Set the administrator's password on every run
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    passwd: "{{ vault_alice_passwd }}"
    update_password: always

- name: Start an upgrade without waiting for it
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    version: latest
    wait: false
  register: upgrade

- name: Show the background task
  ansible.builtin.debug:
    var: upgrade.task

- name: Import an existing application
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    import_existing: true

- name: Migrate the blog from another server, and enable automatic updates
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    migrate_from:
      source_url: http://old.example.net/blog
      source_ftu: "ftp://alice:{{ vault_alice_ftp_password }}@old.example.net/public_html"
    autoup: minor

- name: Create a copy of the blog for tests
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/copy
    clone_from: https://www.example.com/blog
    sitetitle: A copy of Alice's blog
    db_host: localhost
    db_name: alice_copy
    db_user: alice_copy
    db_pass: "{{ vault_alice_db_pass }}"

- name: Restore a lost blog from its newest backup
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    restore_from: latest

- name: Detach the application from the server, and keep its files and tables
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    state: detached

- name: Remove the application with its files and tables
  hostops.installatron.itron_install:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    url: https://www.example.com/blog
    application: wordpress
    state: absent
"""

RETURN = r"""
plan:
  description:
    - The planned changes, for O(approved_plan) and for the filter P(hostops.installatron.plan_markdown#filter). Sites without
      changes are not included.
    - The plan contains no secrets. Secret values are replaced by fingerprints that depend on the API key.
  type: dict
  returned: in check mode with O(make_plan=true) or O(plan_dest), if all sites could be planned
  contains:
    format:
      description:
        - Version of the format, V(1).
      type: int
      returned: always
      sample: 1
    digest:
      description:
        - Fingerprint of the whole plan, to approve it.
      type: str
      returned: always
      sample: "5f1de21b7b6b4c1f0b35"
    server:
      description:
        - URL of the API, or V(cli).
      type: str
      returned: always
      sample: "https://installatron.example.com/server/v1"
    desired:
      description:
        - Fingerprint of the desired state in the task.
      type: str
      returned: always
      sample: "0c2b53d07bd8f0b0a5ee"
    total:
      description:
        - Number of compared sites.
      type: int
      returned: always
      sample: 120
    sites:
      description:
        - Each site that would change, sorted by URL.
        - C(url), C(id), and C(action), a short description; C(pruned), whether it is removed because it is not listed; C(steps), the
          commands with their arguments, in which secrets are replaced by fingerprints; C(before) and C(after), the differences.
        - C(header) is a fingerprint of user and websites, and C(found) has a fingerprint of each member of the server's record.
      type: list
      elements: dict
      returned: always
      sample: []
install:
  description:
    - The installed application after the task, or the expected application in check mode and with O(wait=false).
    - V(null) if it does not exist or could not be read.
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
        - Installed plugins. Empty unless O(plugins) or O(themes) are given.
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
        - Installed themes. Empty unless O(plugins) or O(themes) are given.
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
steps:
  description:
    - Steps that the module performed, or would perform in check mode, in order. Empty if no step is required.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - API command, V(install), V(import), V(clone), V(restore), V(edit), V(upgrade), or V(uninstall).
      type: str
      returned: always, except when the options are invalid
      sample: "upgrade"
    arguments:
      description:
        - Arguments of the command. Secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"id": "4yhfygnd10ws0wc8skck444s", "version": "6.4.2", "revert": "yes"}
    outcome:
      description:
        - In check mode, V(planned) is a step that the server did not verify, V(verified) is a step that it verified, and
          V(refused) is a step that it refused.
        - Otherwise, V(done) succeeded, V(failed) did not succeed, and V(started) is still running as RV(task) with O(wait=false).
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "upgrade"
      arguments: {"id": "4yhfygnd10ws0wc8skck444s", "version": "6.4.2", "revert": "yes"}
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
    label: "_tasks_upgrading"
    status: "processing"
    message: "_tasks_shared_copyingfiles"
    cmd: "upgrade"
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
      sample: "install"
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
      sample: "invalid_argument_url"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "url"
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
      sample: "The reason comes from the server. Check the option that it names."
  sample:
    command: "install"
    stage: "write"
    errcode: "invalid_argument_url"
    errfield: "url"
    http_status: 200
    hint: "The reason comes from the server. Check the option that it names."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._install.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
