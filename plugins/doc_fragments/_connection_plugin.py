# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: connection options of plugins that run on the controller."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options without run_on, with the environment variables that ansible-core reads for plugins."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The URL of the Installatron Server v1 API, for example V(https://installatron.example.com/server/v1).
      - This option is required if O(transport=http). It is not used if O(transport=cli).
      - If the URL uses V(http://) and the host is not a loopback address, the plugin warns that the API key is sent in
        clear text.
      - Redirects are not followed. The error message contains the target of the redirect.
    type: str
    env:
      - name: ITRON_API_URL
  api_key:
    description:
      - The API key, with at least 8 characters. Corresponds to the API argument C(key) (section 3.1).
      - On a self-hosted server, the key is the value of C(key) in C(/usr/local/installatron/etc/settings.ini).
      - The key is required for each request to the server.
    type: str
    env:
      - name: ITRON_API_KEY
  validate_certs:
    description:
      - Whether to validate the TLS certificate of the server.
      - If V(false), an attacker on the network can read the API key. The plugin warns about this, unless the server
        runs on the same machine.
    type: bool
    default: true
    env:
      - name: ITRON_VALIDATE_CERTS
  ca_path:
    description:
      - Path of a CA bundle, or of a directory of CA certificates, to validate the server's certificate. Used if
        O(validate_certs=true).
      - By default, the CA certificates of the Python library C(requests) are used.
    type: path
    env:
      - name: ITRON_CA_PATH
  client_cert:
    description:
      - Path of a PEM file with the client certificate.
      - If O(client_key) is not set, this file must also contain the private key.
    type: path
    env:
      - name: ITRON_CLIENT_CERT
  client_key:
    description:
      - Path of a PEM file with the private key of O(client_cert). Requires O(client_cert).
    type: path
    env:
      - name: ITRON_CLIENT_KEY
  timeout:
    description:
      - The timeout of a single request in seconds, from connecting to the last byte of the response. Must be greater
        than V(0).
    type: float
    default: 30
    env:
      - name: ITRON_TIMEOUT
  retries:
    description:
      - Maximum number of retries after a connection error or one of the HTTP statuses 429, 502, 503, and 504, with
        increasing delays. Must be V(0) or greater.
    type: int
    default: 3
    env:
      - name: ITRON_RETRIES
  max_reply_size:
    description:
      - Maximum size of a decompressed response in MiB, at least V(1). A larger response is an error.
      - A list of 50,000 sites has about 66 MiB. The maximum number of members in a response increases with this value.
    type: int
    default: 256
    env:
      - name: ITRON_MAX_REPLY_SIZE
  transport:
    description:
      - How to connect to the server.
      - V(http) sends requests to O(api_url).
      - V(cli) runs O(cli_path) on the controller, which must be the Installatron Server host.
    type: str
    choices:
      - http
      - cli
    default: http
    env:
      - name: ITRON_TRANSPORT
  cli_path:
    description:
      - Path of the Installatron Server command-line program on the controller. Used if O(transport=cli).
    type: path
    default: /usr/local/installatron/installatron
    env:
      - name: ITRON_CLI_PATH
requirements:
  - requests (on the controller, if O(transport=http))
notes:
  - The plugin uses the proxies in the usual environment variables, such as E(HTTPS_PROXY) and E(NO_PROXY).
  - Variables, caches, warnings, and errors do not contain passwords or keys.
"""
