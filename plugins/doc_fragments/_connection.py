# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: connection options (CONNECTION in _core/argspec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The URL of the Installatron Server v1 API, for example V(https://installatron.example.com/server/v1).
      - This option is required if O(transport=http). It is not used if O(transport=cli).
      - If the URL uses V(http://) and the host is not a loopback address, the module warns that the API key and all
        passwords are sent in clear text.
      - Redirects are not followed. The error message contains the target of the redirect.
      - If the option is not set, the environment variable E(ITRON_API_URL) is used.
    type: str
  api_key:
    description:
      - The API key, with at least 8 characters. Corresponds to the API argument C(key) (section 3.1).
      - On a self-hosted server, the key is the value of C(key) in C(/usr/local/installatron/etc/settings.ini).
      - If the option is not set, the environment variable E(ITRON_API_KEY) is used. One of the two is required.
    type: str
    required: true
  validate_certs:
    description:
      - Whether to validate the TLS certificate of the server.
      - If V(false), an attacker on the network can read the API key. The module warns about this, unless the server
        runs on the same machine.
      - If the option is not set, the environment variable E(ITRON_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a CA bundle, or of a directory of CA certificates, to validate the server's certificate. Used if
        O(validate_certs=true).
      - By default, the CA certificates of the Python library C(requests) are used.
      - If the option is not set, the environment variable E(ITRON_CA_PATH) is used.
    type: path
  client_cert:
    description:
      - Path of a PEM file with the client certificate.
      - If O(client_key) is not set, this file must also contain the private key.
      - If the option is not set, the environment variable E(ITRON_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - Path of a PEM file with the private key of O(client_cert). Requires O(client_cert).
      - If the option is not set, the environment variable E(ITRON_CLIENT_KEY) is used.
    type: path
  timeout:
    description:
      - The timeout of a single request in seconds, from connecting to the last byte of the response. Must be greater
        than V(0).
      - If the response to a command is lost, the module checks for the same number of seconds whether the server
        received the command.
      - This option does not limit background tasks. See O(hostops.installatron.itron_install#module:wait_timeout).
      - If the option is not set, the environment variable E(ITRON_TIMEOUT) is used.
    type: float
    default: 30
  retries:
    description:
      - Maximum number of retries of a failed request, with increasing delays. Must be V(0) or greater.
      - A read request is retried after a connection error and after the HTTP statuses 429, 502, 503, and 504.
      - A write request is only retried if the connection could not be established.
      - If the option is not set, the environment variable E(ITRON_RETRIES) is used.
    type: int
    default: 3
  max_reply_size:
    description:
      - Maximum size of a decompressed response in MiB, at least V(1). A larger response is an error.
      - A list of 50,000 sites has about 66 MiB. The maximum number of members in a response increases with this value.
      - If the option is not set, the environment variable E(ITRON_MAX_REPLY_SIZE) is used.
    type: int
    default: 256
  transport:
    description:
      - How to connect to the server.
      - V(http) sends requests to O(api_url).
      - V(cli) runs O(cli_path) on the target and passes the request on standard input, so that the process list does
        not show secrets.
      - If the option is not set, the environment variable E(ITRON_TRANSPORT) is used.
    type: str
    choices:
      - http
      - cli
    default: http
  cli_path:
    description:
      - Path of the Installatron Server command-line program on the target. Used if O(transport=cli).
      - If the option is not set, the environment variable E(ITRON_CLI_PATH) is used.
    type: path
    default: /usr/local/installatron/installatron
  run_on:
    description:
      - Where the module runs if O(transport=http).
      - V(controller) runs it in the ansible-core process on the controller. The target needs neither a connection nor
        Python, and C(delegate_to) is not required.
      - V(target) runs it on the target, for an API that only the target can reach.
      - With O(transport=cli) and with C(async), the module always runs on the target.
      - If the option is not set, the environment variable E(ITRON_RUN_ON) is used.
    type: str
    choices:
      - controller
      - target
    default: controller
requirements:
  - requests (on the host that runs the module, if O(transport=http))
notes:
  - The module uses the proxies in the usual environment variables, such as E(HTTPS_PROXY) and E(NO_PROXY).
  - The environment variables of options are read on the controller, including those set by the keyword C(environment),
    even if the module runs on the target.
  - Results, diffs, warnings, errors, and progress lines do not contain passwords or keys.
"""
