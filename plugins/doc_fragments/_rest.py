# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the option for v2 (REST in _core/argspec.py). This is a private fragment of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that says where the newer REST interface is."""

    DOCUMENTATION = r"""
options:
  rest_url:
    description:
      - Address of the newer REST interface (v2) of the server, to which C(/users) is appended. The key goes into the
        header C(X-API-KEY).
      - If omitted, it is scheme, host, and port of O(api_url). With O(transport=cli) it is not used; the command-line
        program is then called with C(--GET).
      - If the option is not set, the environment variable E(ITRON_REST_URL) is used.
    type: str
"""
