# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: request header (HEADER in _core/argspec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the user and the websites that a command applies to."""

    DOCUMENTATION = r"""
options:
  user:
    description:
      - The user that owns the websites and the installed applications. The name consists of letters and digits.
      - The server indexes its data by this name, so it cannot be changed.
      - Corresponds to the API argument C(user) (section 3.1). Commands that write require it.
      - By default, the server lists the data of its administrator.
    type: str
  reseller:
    description:
      - The reseller that O(user) belongs to. By default, this is the server's main administrator.
      - Corresponds to the API argument C(reseller) (section 3.1).
    type: str
  websites:
    description:
      - The websites of O(user), as the server accesses them. Corresponds to the API argument C(websites) (section 3.1).
      - A website has exactly one home directory. Sites in several home directories require several entries.
      - The API requires this argument for every command that writes. If omitted, the server uses its own data about
        O(user) or refuses the command.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - Identifier of the website, in letters and digits. Corresponds to C(id).
          - The server indexes its data by this identifier, so it must not change.
        type: str
      label:
        description:
          - Display name of the website, which can be changed. Corresponds to C(label).
        type: str
      path:
        description:
          - Home directory without a trailing slash. Corresponds to C(path).
          - The value is a path on the server, or a URI such as V(ssh://user:password@web1.example.com/home/user) with
            the scheme C(ssh), C(ftp), C(ftps), or C(sftp).
          - The user name and the password must be URL-encoded. They are masked in all output.
          - If omitted, the server must be configured to find the path on demand (section 4.1).
        type: str
      vhosts:
        description:
          - Dictionary that maps the URL of each domain to its document root, relative to O(websites[].path).
            Corresponds to C(vhosts).
          - The URLs are normalized in the same way as the URLs of applications.
        type: dict
      email:
        description:
          - Email address for this website. Corresponds to C(email).
        type: str
      uid:
        description:
          - Numeric POSIX user ID that owns created files, for paths in the local file system. Corresponds to C(uid).
        type: int
      gid:
        description:
          - Numeric POSIX group ID that owns created files, for paths in the local file system. Corresponds to C(gid).
        type: int
      server:
        description:
          - Identifier of the web server, if the host in O(websites[].path) does not identify it. Corresponds to
            C(server).
          - By default, this is the host in O(websites[].path).
        type: str
      vhost_ip:
        description:
          - IP address that the domains in O(websites[].vhosts) resolve to. Corresponds to C(vhost_ip). By default, the
            server queries DNS.
        type: str
      path_backups:
        description:
          - Directory for backups, relative to O(websites[].path). Corresponds to C(path_backups).
          - By default, the server uses V(/application_backups/).
        type: str
      mysql_host:
        description:
          - Database server of this website. Corresponds to C(mysql_host). By default, the server uses V(localhost).
        type: str
      language:
        description:
          - Language of this website, for example V(en). Corresponds to C(language).
        type: str
      suspended:
        description:
          - Whether the website is suspended. Corresponds to C(suspended) with the values V(yes) and V(no).
        type: bool
      db_mode:
        description:
          - How databases are created. Corresponds to C(db_mode) (section 3.17).
          - V(manual) means that the databases exist and are listed in O(websites[].databases).
        type: str
      databases:
        description:
          - Existing databases of this website. Corresponds to C(databases) (section 3.17).
        type: list
        elements: dict
        suboptions:
          type:
            description:
              - Type of the database. Corresponds to C(type).
            type: str
            default: mysql
          host:
            description:
              - Database server. Corresponds to C(host).
            type: str
          name:
            description:
              - Name of the database. Corresponds to C(name).
            type: str
            required: true
          user:
            description:
              - User of the database. Corresponds to C(user).
            type: str
          pass:
            description:
              - Password of O(websites[].databases[].user). Corresponds to C(pass). It is masked in all output.
            type: str
      custom:
        description:
          - Additional values for the server's custom panel class (section 3.17.3). Each entry is sent as an argument
            with the same name.
          - Each name must begin with an underscore.
          - Values with the name of a secret, such as C(_db_pass), are treated as secrets.
        type: dict
notes:
  - Section numbers refer to the specification of the Installatron Server v1 API.
"""
