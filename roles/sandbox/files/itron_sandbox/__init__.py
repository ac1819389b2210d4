# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for Installatron Server, written from the vendor's specification.

The package shares no code with the collection's client, so both are independent implementations of the same document.
Section numbers in this package refer to the Installatron Server API specification, version 1.0.4.0.10.
"""

__version__ = "0.1.0"
