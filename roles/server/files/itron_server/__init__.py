# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role server runs on the target: Python 3.9 or newer, nothing but the standard library.

examine.py and settings.py are also run from their text alone (python -c), so that check mode leaves no file on the target.
They import nothing from this package.
"""
