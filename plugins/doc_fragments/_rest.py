# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private documentation fragment: option for the v2 API (REST in _core/argspec.py)."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the URL of the v2 API."""

    DOCUMENTATION = r"""
options:
  rest_url:
    description:
      - The base URL of the server's newer REST API (v2). The module appends C(/users) and sends the API key in the
        header C(X-API-KEY).
      - By default, the URL consists of the scheme, host, and port of O(api_url).
      - With O(transport=cli), this option is not used. The module runs the command-line program with C(--GET).
      - If the option is not set, the environment variable E(ITRON_REST_URL) is used.
    type: str
"""
