# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that the role server runs on the target. They require only Python 3.9 and the standard library.

run.py loads them from their source texts, so that no file is left on the target, also in check mode. The role calls the function C(answer) of
examine.py, settings.py, and work.py.
"""
