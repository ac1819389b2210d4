# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the connection options of plugins that run on the controller. This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of _connection, without C(run_on), with their environment variables as ansible-core reads them for plugins."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Address of the v1 interface of Installatron Server, for example V(https://installatron.example.com/server/v1).
      - Needed with O(transport=http); not used with O(transport=cli).
      - With an V(http://) address that is not on the loopback interface there is a warning, for the API key then
        travels in clear text.
      - Redirects are never followed; the error names where one pointed.
    type: str
    env:
      - name: ITRON_API_URL
  api_key:
    description:
      - The API key; at least 8 characters. Becomes the API argument C(key) (section 3.1 of the specification).
      - On a self-hosted server it is the value of C(key) in C(/usr/local/installatron/etc/settings.ini).
      - Needed whenever the server is asked.
    type: str
    env:
      - name: ITRON_API_KEY
  validate_certs:
    description:
      - Whether the certificate of the server must be valid.
      - Without it, anyone between here and the server can read the API key, so V(false) is warned of unless the server is on this machine.
    type: bool
    default: true
    env:
      - name: ITRON_VALIDATE_CERTS
  ca_path:
    description:
      - File with the CA certificates that the server's certificate is checked with, or a directory of them; used when
        O(validate_certs=true). If omitted, those of the Python library requests are used.
    type: path
    env:
      - name: ITRON_CA_PATH
  client_cert:
    description:
      - File with the client certificate to show to the server, in PEM format. Without O(client_key) it must hold the
        private key as well.
    type: path
    env:
      - name: ITRON_CLIENT_CERT
  client_key:
    description:
      - File with the private key of O(client_cert), in PEM format; only goes with O(client_cert).
    type: path
    env:
      - name: ITRON_CLIENT_KEY
  timeout:
    description:
      - Seconds that one request to the server may take, from connecting to the last byte of the answer; more than V(0).
    type: float
    default: 30
    env:
      - name: ITRON_TIMEOUT
  retries:
    description:
      - How often a request is repeated, with growing pauses, when the connection breaks and for the HTTP statuses 429,
        502, 503 and 504; V(0) or more.
    type: int
    default: 3
    env:
      - name: ITRON_RETRIES
  max_reply_size:
    description:
      - MiB that one answer of the server may have, unpacked; at least V(1). A larger answer is an error.
      - A list of 50,000 sites has about 66 MiB. The limit on the number of members in an answer grows with this option.
    type: int
    default: 256
    env:
      - name: ITRON_MAX_REPLY_SIZE
  transport:
    description:
      - How the server is reached.
      - V(http) sends requests to O(api_url).
      - V(cli) calls O(cli_path) on the controller, which then must be the host of Installatron Server.
    type: str
    choices:
      - http
      - cli
    default: http
    env:
      - name: ITRON_TRANSPORT
  cli_path:
    description:
      - Path of the command-line program of Installatron Server on the controller, used with O(transport=cli).
    type: path
    default: /usr/local/installatron/installatron
    env:
      - name: ITRON_CLI_PATH
requirements:
  - requests (on the controller, with O(transport=http))
notes:
  - Proxies are taken from the usual environment variables, such as E(HTTPS_PROXY) and E(NO_PROXY).
  - Passwords and keys appear in no variable, cache, warning or error.
"""
