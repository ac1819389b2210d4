# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of roles as they are given with -e name=value, by a survey, or by a template of ansible-core before 2.19: as texts.

This is a private util of the collection. The specification of a role's arguments accepts such a text and leaves it one.
"""

from __future__ import annotations

from ansible.module_utils.parsing.convert_bool import boolean


def listed(value):
    """Return a list: of a list itself, of a text its parts between commas, of a number its text. None is an empty list."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    return [part.strip() for part in str(value).split(",") if part.strip()]


def truth(value):
    """Return a bool; what is empty or not given is False. Raises ValueError for a text that is neither yes nor no."""
    text = str(value).strip()
    try:
        return text.lower() not in ("", "none") and boolean(text)
    except TypeError as error:
        raise ValueError("neither yes nor no: %r" % value) from error
