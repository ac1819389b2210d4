# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the request header (HEADER in _core/argspec.py). This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say for whom a command is carried out, and where that user's websites are."""

    DOCUMENTATION = r"""
options:
  user:
    description:
      - Whom the websites and the installed applications belong to; letters and digits. It indexes the data on the
        server and cannot change.
      - Becomes the API argument C(user) (section 3.1 of the specification); the commands that write require it.
      - If omitted, the server lists what belongs to its administrator.
    type: str
  reseller:
    description:
      - The reseller that O(user) belongs to. If omitted, it is the server's main administrator.
      - Becomes the API argument C(reseller) (section 3.1).
    type: str
  websites:
    description:
      - The websites of O(user), as the server is to reach them. Becomes the API argument C(websites) (section 3.1).
      - A website has exactly one home directory; sites in several home directories need several entries.
      - The API requires it for every command that writes. If omitted, nothing is sent, and the server falls back on
        what it knows of O(user), or refuses.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - Identifier of the website, letters and digits; becomes C(id). It indexes the data and must not change.
        type: str
      label:
        description:
          - Name to show, which may change; becomes C(label).
        type: str
      path:
        description:
          - Home directory without a slash at its end; a path on the server, or a URI such as
            V(ssh://user:password@web1.example.com/home/user) with C(ssh), C(ftp), C(ftps) or C(sftp). Becomes C(path).
          - User name and password must be URL-encoded. They are never shown, the rest of the URI is.
          - If omitted, the server must be set up to find the path on demand (section 4.1).
        type: str
      vhosts:
        description:
          - URL of each domain with its document root, relative to O(websites[].path). Becomes C(vhosts), with the URLs
            in the same normal form as that of the application.
        type: dict
      email:
        description:
          - E-mail address for this website; becomes C(email).
        type: str
      uid:
        description:
          - Numeric POSIX owner of the files that are created, for paths in the local file system; becomes C(uid).
        type: int
      gid:
        description:
          - Numeric POSIX group of the files that are created, for paths in the local file system; becomes C(gid).
        type: int
      server:
        description:
          - Identifier of the web server, when the host in O(websites[].path) does not tell web servers apart; becomes
            C(server). If omitted, it is that host.
        type: str
      vhost_ip:
        description:
          - IP address that O(websites[].vhosts) should resolve to; becomes C(vhost_ip). If omitted, DNS says it.
        type: str
      path_backups:
        description:
          - Folder for backups, relative to O(websites[].path); becomes C(path_backups). If omitted, the server uses
            V(/application_backups/).
        type: str
      mysql_host:
        description:
          - Database server of this website; becomes C(mysql_host). If omitted, the server uses V(localhost).
        type: str
      language:
        description:
          - Language of this website, for example V(en); becomes C(language).
        type: str
      suspended:
        description:
          - Whether the website is suspended; becomes C(suspended) with V(yes) or V(no).
        type: bool
      db_mode:
        description:
          - How databases come to be; V(manual) means that they are created beforehand and listed in
            O(websites[].databases). Becomes C(db_mode) (section 3.17).
        type: str
      databases:
        description:
          - Databases of this website that already exist; becomes C(databases) (section 3.17).
        type: list
        elements: dict
        suboptions:
          type:
            description:
              - Type of the database; becomes C(type).
            type: str
            default: mysql
          host:
            description:
              - Database server; becomes C(host).
            type: str
          name:
            description:
              - Name of the database; becomes C(name).
            type: str
            required: true
          user:
            description:
              - User of the database; becomes C(user).
            type: str
          pass:
            description:
              - Password of O(websites[].databases[].user); becomes C(pass). It is never shown.
            type: str
      custom:
        description:
          - Further values for the server's own panel class (section 3.17.3). Every name must begin with an underscore.
            Each becomes an argument of that name.
          - Values under names such as C(_db_pass) are treated as secrets, others are not.
        type: dict
"""
