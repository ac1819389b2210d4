# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role server runs on the target: Python 3.9 or newer, nothing but the standard library.

run.py runs it from its texts, so that the target keeps no file of it, also in check mode. What the role calls are the functions C(answer) of
examine.py, settings.py and work.py.
"""
