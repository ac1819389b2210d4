# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the connection options (CONNECTION in _core/argspec.py). This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say which server is managed, and how it is reached."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Address of the v1 interface of Installatron Server, for example V(https://installatron.example.com/server/v1).
      - Needed with O(transport=http); not used with O(transport=cli).
      - With an V(http://) address that is not on the loopback interface there is a warning, for the API key and all
        passwords then travel in clear text.
      - Redirects are never followed; the error names where one pointed.
      - If the option is not set, the environment variable E(ITRON_API_URL) is used.
    type: str
  api_key:
    description:
      - The API key; at least 8 characters. Becomes the API argument C(key) (section 3.1 of the specification).
      - On a self-hosted server it is the value of C(key) in C(/usr/local/installatron/etc/settings.ini).
      - If the option is not set, the environment variable E(ITRON_API_KEY) is used. One of the two is needed.
    type: str
    required: true
  validate_certs:
    description:
      - Whether the certificate of the server must be valid.
      - Without it, anyone between here and the server can read the API key, so V(false) is warned of unless the server is on this machine.
      - If the option is not set, the environment variable E(ITRON_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File with the CA certificates that the server's certificate is checked with, or a directory of them; used when
        O(validate_certs=true). If omitted, those of the Python library requests are used.
      - If the option is not set, the environment variable E(ITRON_CA_PATH) is used.
    type: path
  client_cert:
    description:
      - File with the client certificate to show to the server, in PEM format. Without O(client_key) it must hold the
        private key as well.
      - If the option is not set, the environment variable E(ITRON_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - File with the private key of O(client_cert), in PEM format; only goes with O(client_cert).
      - If the option is not set, the environment variable E(ITRON_CLIENT_KEY) is used.
    type: path
  timeout:
    description:
      - Seconds that one request to the server may take, from connecting to the last byte of the answer; more than V(0).
      - When an answer got lost, the server is looked at for the same number of seconds to find out whether the
        command arrived.
      - Long work is not limited by this option, see O(hostops.installatron.itron_install#module:wait_timeout).
      - If the option is not set, the environment variable E(ITRON_TIMEOUT) is used.
    type: float
    default: 30
  retries:
    description:
      - How often a request is repeated, with growing pauses; V(0) or more.
      - A request that only reads is repeated when the connection breaks and for the HTTP statuses 429, 502, 503
        and 504. A request that writes is only repeated when the connection was never made.
      - If the option is not set, the environment variable E(ITRON_RETRIES) is used.
    type: int
    default: 3
  max_reply_size:
    description:
      - MiB that one answer of the server may have, unpacked; at least V(1). A larger answer is an error.
      - A list of 50,000 sites has about 66 MiB. The limit on the number of members in an answer grows with this option.
      - If the option is not set, the environment variable E(ITRON_MAX_REPLY_SIZE) is used.
    type: int
    default: 256
  transport:
    description:
      - How the server is reached.
      - V(http) sends requests to O(api_url).
      - V(cli) calls O(cli_path) on the target and hands it the request on standard input, so no secret is visible in
        the process list.
      - If the option is not set, the environment variable E(ITRON_TRANSPORT) is used.
    type: str
    choices:
      - http
      - cli
    default: http
  cli_path:
    description:
      - Path of the command-line program of Installatron Server on the target, used with O(transport=cli).
      - If the option is not set, the environment variable E(ITRON_CLI_PATH) is used.
    type: path
    default: /usr/local/installatron/installatron
  run_on:
    description:
      - Where the work is done with O(transport=http).
      - V(controller) does it in the process of ansible-core on the controller, by the action plugin of this name. The
        target then needs neither a connection nor Python, and C(delegate_to) is not needed.
      - V(target) does it by the module on the target, for an API that only the target can reach.
      - With O(transport=cli) and with C(async) the module on the target does the work, whatever is set here.
      - If the option is not set, the environment variable E(ITRON_RUN_ON) is used.
    type: str
    choices:
      - controller
      - target
    default: controller
requirements:
  - requests (on the host that does the work, with O(transport=http); see O(run_on))
notes:
  - With O(transport=http), the action plugin does the work on the controller, unless O(run_on=target) or C(async) is
    set. With O(transport=cli) the module does it on the target. Both do the same and return the same.
  - Proxies are taken from the usual environment variables, such as E(HTTPS_PROXY) and E(NO_PROXY).
  - The environment variables of options are read on the controller, together with what the keyword C(environment) adds,
    also when the module does the work on the target.
  - Passwords and keys appear in no result, diff, warning, error or line of progress.
"""
