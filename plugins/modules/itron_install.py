#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One installed application, as it is wanted: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_install
short_description: Install, configure, upgrade, and remove one web application through Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Brings one installed application (WordPress, Joomla, Magento, and others) to what is wanted, through the v1
    interface of Installatron Server.
  - Only options that are given are compared with the server; what is omitted stays as it is.
  - What is missing is installed. What differs is repaired with one C(edit), and after it comes one C(upgrade). Nothing
    that is already installed is ever overwritten.
  - The installed application is compared as the server's own list has it. The server only visits the site when
    O(refresh=true), when O(plugins) or O(themes) are given, or when its list does not say what an option needs.
  - No sample in the specification shows O(autoup_backup), O(autobk_daily), O(autobk_weekly), and O(autobk_monthly) in
    a reply. Where a server does not return them, they are only set when the application is installed, and a warning
    says so.
  - In diff mode RV(ignore:diff) holds the managed properties that differ, before and after, as dictionaries. A secret
    shows in it as V((set\)) or V((changed\)).
  - The numbers of sections are those of the specification of Installatron Server's v1 interface.
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
      - The steps are the same as without check mode. Installations and upgrades are verified by the server, see
        O(dryrun). Nothing that writes is sent.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - With O(update_password=always) the passwords are sent every time, and the task is changed every time.
      - O(delete_backups=true) with O(state=present) acts again as soon as there are backups again.
options:
  state:
    description:
      - V(present) installs the application if it is missing (C(install), section 3.3), and otherwise changes what
        differs (C(edit), section 3.8) and upgrades it (C(upgrade), section 3.10).
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
      - Identifier of the installed application. Becomes the API argument C(id) (sections 3.8, 3.10, and 3.15).
      - An O(id) that the server does not have never leads to an installation; with O(state=present) it is an error.
      - At least one of O(id) and O(url) is required.
    type: str
  url:
    description:
      - URL of the application. Becomes the API argument C(url) (sections 3.3 and 3.8).
      - The application is found by its URL without the scheme. The host is taken in lower case and in its ASCII form,
        without the default port, and a slash at the end does not count. User info, a query, and a fragment are
        refused.
      - Another scheme is a difference, which C(edit) repairs, and not another site.
      - Together with O(id), it is the URL that this application is to have. It is an error if another application has
        it.
    type: str
  url_ip:
    description:
      - IP address of O(url), when DNS does not say the right one. Becomes the API argument C(url_ip) (section 3.3).
      - Only used when the application is installed. If omitted, the server asks DNS.
    type: str
  application:
    description:
      - Identifier of the application in the server's catalogue, for example V(wordpress). Becomes the API argument
        C(application) (section 3.3).
      - Needed when the application is not installed yet.
      - It is an error if another application is installed at O(url), whatever O(state) is.
    type: str
  version:
    description:
      - Version that is wanted. Becomes the API argument C(version) (sections 3.3 and 3.10).
      - An exact version, for example V('6.4.2'). Quote it, or YAML reads V(6.10) as the number 6.1.
      - V(latest) is the newest version that the installed one can be upgraded to, V(latest_minor) the newest of the
        same minor series, both as the catalogue says (section 3.2, C(versions-available-from)). When the application
        is installed anew, both mean the latest compatible version.
      - If omitted, any installed version will do, and a new application gets the latest compatible version.
      - A version below the installed one is an error, for the API cannot go back.
    type: str
  autoup:
    description:
      - Which versions the server may update the application to by itself. Becomes the API argument C(autoup) with
        V(0), V(1), or V(2) (sections 3.3 and 3.8).
      - V(none) is none, V(minor) minor versions only, V(all) any version.
      - If omitted, a new application gets none.
      - When the server updates beyond an exact O(version), that version is below the installed one, and the task
        fails.
    type: str
    choices:
      - none
      - minor
      - all
  autoup_backup:
    description:
      - Whether the server makes a backup before an update of its own, and restores it if the update fails. Becomes the
        API argument C(autoup_backup) with V(1) or V(0) (sections 3.3 and 3.8).
      - If omitted, a new application gets V(true).
    type: bool
  notification:
    description:
      - Events that the server sends e-mail about, for example V(update_available), V(update), and V(update_error).
        Becomes the API argument C(notification), separated by commas (sections 3.3 and 3.8).
      - V([all]) sends all of them, an empty list none. The order does not matter.
      - If omitted, the server decides for a new application.
    type: list
    elements: str
  db_host:
    description:
      - Database server. Becomes the API argument C(db_host) (sections 3.3 and 3.8).
      - The API requires O(db_host), O(db_name), O(db_user), and O(db_pass) for an application with a database, unless
        the server creates databases by itself. The database must exist.
    type: str
  db_name:
    description:
      - Name of the database. Becomes the API argument C(db_name) (sections 3.3 and 3.8). See O(db_host).
    type: str
  db_user:
    description:
      - User of the database. Becomes the API argument C(db_user) (sections 3.3 and 3.8). See O(db_host).
    type: str
  db_pass:
    description:
      - Password of O(db_user). Becomes the API argument C(db_pass) (sections 3.3 and 3.8). See O(db_host).
      - It is compared with what the server has, if the server shows it, and is never shown. If the server does not
        show it, it is only used when the application is installed.
    type: str
  db_prefix:
    description:
      - What the names of tables begin with. Becomes the API argument C(db_prefix) (sections 3.3 and 3.8).
      - If omitted, a new application gets what the server's administrator has set.
    type: str
  db_host_ip:
    description:
      - Database server to use while installing, when O(db_host) cannot be reached yet. Becomes the API argument
        C(db_host_ip) (section 3.3). The application itself gets O(db_host).
      - Only used when the application is installed. If omitted, the server uses O(db_host).
    type: str
  autobk:
    description:
      - Schedule of automatic backups. V(custom) for the numbers in O(autobk_daily), O(autobk_weekly), and
        O(autobk_monthly), or the identifier of a schedule on the server. Becomes the API argument C(autobk)
        (sections 3.3 and 3.8).
      - If omitted, the server decides for a new application.
    type: str
  autobk_daily:
    description:
      - Number of daily backups to keep, V(0) or more. Only goes with O(autobk=custom), or without O(autobk). Becomes
        the API argument C(autobk_daily) (sections 3.3 and 3.8).
      - If omitted, the server decides for a new application.
    type: int
  autobk_weekly:
    description:
      - Number of weekly backups to keep, V(0) or more. Only goes with O(autobk=custom), or without O(autobk). Becomes
        the API argument C(autobk_weekly) (sections 3.3 and 3.8).
      - If omitted, the server decides for a new application.
    type: int
  autobk_monthly:
    description:
      - Number of monthly backups to keep, V(0) or more. Only goes with O(autobk=custom), or without O(autobk). Becomes
        the API argument C(autobk_monthly) (sections 3.3 and 3.8).
      - If omitted, the server decides for a new application.
    type: int
  bkloc:
    description:
      - Where backups go, for example V(local) or V(sftp://user:password@backup.example.com/dir). Becomes the API
        argument C(bkloc) (sections 3.3 and 3.8).
      - The password inside a URI is never shown. If omitted, the server decides for a new application.
    type: str
  language:
    description:
      - Language of the application, for example V(en) or V(zh_tw). Becomes the API argument C(language) (sections 3.3
        and 3.8).
      - If omitted, a new application gets the language of its website, or English.
      - A language that the application does not have in the catalogue is refused before anything is sent.
    type: str
  login:
    description:
      - User name of the application's administrator. Becomes the API argument C(login) (sections 3.3 and 3.8).
      - If omitted, a new application gets a random one.
    type: str
  passwd:
    description:
      - Password of the application's administrator. Becomes the API argument C(passwd) (sections 3.3 and 3.8).
      - The server does not return it, so it is not compared; see O(update_password).
      - If omitted, a new application gets a random one.
    type: str
  email:
    description:
      - E-mail address of the application's administrator. Becomes the API argument C(email) (sections 3.3 and 3.8).
      - If omitted, the server decides for a new application.
    type: str
  sitetitle:
    description:
      - Title of the site. Becomes the API argument C(sitetitle) (sections 3.3 and 3.8).
      - If omitted, a new application gets one such as V(My blog).
    type: str
  sitetagline:
    description:
      - Tagline of the site, for applications that have one. Becomes the API argument C(sitetagline) (a field of the
        catalogue, section 3.2).
      - If omitted, the server decides for a new application.
    type: str
  content:
    description:
      - Content to begin with. V(yes) for the sample content, V(no) for none, or the identifier of a template. Becomes
        the API argument C(content) (section 3.3).
      - Only used when the application is installed. If omitted, the server takes V(yes).
    type: str
  settings:
    description:
      - Further fields of the application by name, for example C(limitloginattempts). Each becomes an API argument of
        its name (sections 3.3 and 3.8), and is compared.
      - Before they are sent, they are checked against the fields of the catalogue (section 3.2). A field that is
        unknown or cannot be set, or a value that is not among those allowed, is an error before anything is sent.
      - Booleans become V(yes) and V(no). What has an option of its own is refused here.
      - Passwords, and fields that cannot be read back, are treated as O(passwd) is.
    type: dict
  update_password:
    description:
      - When O(passwd), and those O(settings) that cannot be read back, are sent.
      - V(on_create) sends them only when the application is installed.
      - V(always) sends them every time, and the task is changed every time.
    type: str
    choices:
      - on_create
      - always
    default: on_create
  plugins:
    description:
      - Identifiers of plugins to bring up to date, or V(['*']) for all of them; only for WordPress. Becomes the API
        argument C(plugin) of C(upgrade) (section 3.10).
      - The identifier is that in RV(install.list_plugins[].id), for example V(akismet/akismet.php); its folder alone
        will do. A plugin that is not installed is an error.
      - If omitted, plugins are left as they are.
    type: list
    elements: str
  themes:
    description:
      - Identifiers of themes to bring up to date, or V(['*']) for all of them; only for WordPress. Becomes the API
        argument C(theme) of C(upgrade) (section 3.10).
      - A theme that is not installed is an error. If omitted, themes are left as they are.
    type: list
    elements: str
  revert:
    description:
      - Whether an upgrade makes a backup first, and restores it if the upgrade fails. Becomes the API argument
        C(revert=yes) of C(upgrade) (section 3.10); with V(false) it is not sent.
    type: bool
    default: true
  force:
    description:
      - With O(state=absent), whether to uninstall even if the server cannot reach the site. Becomes the API argument
        C(force) of C(uninstall) (section 3.15). Not used with other states.
    type: bool
    default: false
  delete_backups:
    description:
      - Whether the server forgets all backups of the application. Their archives are kept. Becomes the API argument
        C(delete-backups) of C(edit) (section 3.8).
      - Works with every O(state).
    type: bool
    default: false
  refresh:
    description:
      - Whether the server visits the site before the comparison (C(view), section 3.7). Slower, but it also sees what
        was changed without the server. Only used with O(state=present).
    type: bool
    default: false
  dryrun:
    description:
      - What check mode asks of the server before an installation, an import, a clone, a restore, or an upgrade. Becomes the API
        argument C(dryrun) (sections 3.3, 3.4, and 3.10 to 3.12). If the server refuses, the task fails with its reason. Not used outside check mode.
      - V(full) has everything checked (C(dryrun=2)).
      - V(input) has only the arguments checked, which is faster (C(dryrun=1)).
      - V(none) asks nothing.
      - C(edit) and C(uninstall) have no such check, so they are only planned.
    type: str
    choices:
      - full
      - input
      - none
    default: full
  import_existing:
    description:
      - If nothing is installed at O(url) as far as the server knows, take over the application whose files are already there. Becomes
        the command C(import) without a source (section 3.4). O(application) is needed.
      - What the application brings along is then compared with the other options, and repaired in the same run, except for
        O(passwd), which is only sent with O(update_password=always).
      - If the server already knows the application, it is compared and repaired as usual. The same is true of O(migrate_from),
        O(clone_from), and O(restore_from).
      - Only one of O(import_existing), O(migrate_from), O(clone_from), and O(restore_from) can be given.
    type: bool
    default: false
  import_version:
    description:
      - The version of the application that O(import_existing) takes over, if the server cannot detect it. Becomes the API argument
        C(version) of C(import) (section 3.4). If omitted, the server detects it.
      - O(version) is the version that is wanted; it is never sent with an import.
    type: str
  migrate_from:
    description:
      - If nothing is installed at O(url), copy an application from another server (section 3.4). O(application) is needed.
      - The password in RV(steps[].arguments) is masked.
    type: dict
    suboptions:
      source_url:
        description: URL of the application on the other server. Becomes the API argument C(source_url).
        type: str
        required: true
      source_ftu:
        description:
          - Address of the other server with its credentials. Becomes the API argument C(source_ftu).
          - It begins with V(ftp://), V(ftps://), V(sftp://), or V(ssh://), or has the form V(app://login:password) with the login and
            password of the administrator, for WordPress only.
        type: str
        required: true
      source_ftu_key:
        description:
          - Path, on the Installatron host, of a key file for V(sftp://) and V(ssh://); the password can then be left out. Becomes the
            API argument C(source_ftu_key).
        type: str
      source_url_ip:
        description: IP address of the other server, if DNS must not be asked. Becomes the API argument C(source_url_ip).
        type: str
  clone_from:
    description:
      - If nothing is installed at O(url), copy this installed application, named by its id or its URL. Becomes the API argument C(id)
        of C(clone) (section 3.11), which also gets O(url), O(url_ip), and the options of the database.
      - It is an error if O(application) is given and the source is another one.
    type: str
  restore_from:
    description:
      - If nothing is installed at O(url), restore this backup, named by its id, or V(latest) for the youngest backup that was made of
        O(url). Becomes the API argument C(id) of C(restore) (section 3.12).
      - A backup of another URL is restored to O(url), with O(url_ip) and the options of the database. A backup of O(url) goes back to
        where it was, into the database it had.
      - It is an error if O(application) is given and the backup is of another one.
    type: str
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_install_info
  - module: hostops.installatron.itron_backup
  - module: hostops.installatron.itron_app_facts
  - ref: ansible_collections.hostops.installatron.docsite.getting_started
    description: Ten minutes with a sandbox.
  - ref: ansible_collections.hostops.installatron.docsite.check_mode
    description: What check mode and C(dryrun) can tell.
  - ref: ansible_collections.hostops.installatron.docsite.commands
    description: Which option becomes which argument of the API.
"""

EXAMPLES = r"""
# The connection, the user, and the websites are the same for many tasks. Say them once, for a block as here or in the
# same way for a whole play.
- name: Sites of Alice
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
    - name: Her blog has a title
      hostops.installatron.itron_install:
        url: https://www.example.com/blog
        application: wordpress
        sitetitle: Alice's blog

- name: WordPress is installed, with passwords from Ansible Vault
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

- name: WordPress has exactly this version; if the upgrade fails, the backup made before it is restored
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

- name: WordPress has the newest version of its minor series
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

- name: Updates, backups, and settings of the application are as we want them
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

- name: All plugins and themes are up to date
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

- name: The administrator's password is set again, which is a change every time
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

- name: Start an upgrade, and do not wait for its end
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

- name: Show the task that the server works on
  ansible.builtin.debug:
    var: upgrade.task

- name: An application that is there already is taken over
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

- name: The blog moves in from another server, and stays up to date here
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

- name: The blog has a copy to try things out
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

- name: A blog that got lost comes back from its youngest backup
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

- name: The server forgets the application, its files and tables stay
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

- name: The application is removed with its files and tables
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
    - What the task would do, for O(approved_plan) and for the filter P(hostops.installatron.plan_markdown#filter). A site without a
      change is not in it.
    - It holds no secret. Where one matters, it has a fingerprint that only the API key can make.
  type: dict
  returned: in check mode with O(make_plan=true) or O(plan_dest), if every site could be planned for
  contains:
    format:
      description:
        - Version of the format, V(1).
      type: int
      returned: always
      sample: 1
    digest:
      description:
        - Fingerprint of the whole plan, which people approve.
      type: str
      returned: always
      sample: "5f1de21b7b6b4c1f0b35"
    server:
      description:
        - Address of the server, or V(cli).
      type: str
      returned: always
      sample: "https://installatron.example.com/server/v1"
    desired:
      description:
        - Fingerprint of all that the task wants.
      type: str
      returned: always
      sample: "0c2b53d07bd8f0b0a5ee"
    total:
      description:
        - Number of sites that were compared.
      type: int
      returned: always
      sample: 120
    sites:
      description:
        - Each site that would change, in the order of the URLs. C(url), C(id), and C(action) in a few words; C(pruned), whether it is
          removed because nothing names it; C(steps), the commands with their arguments, and fingerprints of those that are secret;
          C(before) and C(after), what differs; C(header) and C(found), fingerprints of user and websites, and of each member of what
          the server said of the site.
      type: list
      elements: dict
      returned: always
      sample: []
install:
  description:
    - The installed application after the task; in check mode and with O(wait=false) as it is expected to be. V(null)
      if there is none, or if it could not be read.
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
        - Installed plugins; empty unless O(plugins) or O(themes) are given.
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
        - Installed themes; empty unless O(plugins) or O(themes) are given.
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
steps:
  description:
    - What was done, in order, or in check mode what would be done; empty if there was nothing to do.
  type: list
  elements: dict
  returned: always, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API, V(install), V(edit), V(upgrade), or V(uninstall).
      type: str
      returned: always, except when the options are invalid
      sample: "upgrade"
    arguments:
      description:
        - Its arguments, in the API's form; secrets are masked.
      type: dict
      returned: always, except when the options are invalid
      sample: {"id": "4yhfygnd10ws0wc8skck444s", "version": "6.4.2", "revert": "yes"}
    outcome:
      description:
        - V(planned) is not verified by the server, and V(verified) is; V(refused) is what the server would not carry
          out. All three come from check mode.
        - V(started) is left running in RV(task) with O(wait=false). V(done) is over, and V(failed) did not succeed.
      type: str
      returned: always, except when the options are invalid
      sample: "done"
  sample:
    - command: "upgrade"
      arguments: {"id": "4yhfygnd10ws0wc8skck444s", "version": "6.4.2", "revert": "yes"}
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
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "install"
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
      sample: "invalid_argument_url"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "url"
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
      sample: "The server gives this reason; check the option it names."
  sample:
    command: "install"
    stage: "write"
    errcode: "invalid_argument_url"
    errfield: "url"
    http_status: 200
    hint: "The server gives this reason; check the option it names."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._install.work import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
