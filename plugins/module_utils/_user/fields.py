# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Fields and columns of users and their websites (sections 3.1 and 4.3, rest-v2.md section 2). This is a private util of the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._base.uri import mask_uri
from .._core.model import Column, flag, number, optional, plain_text, row_result, same_name_field, text_table

# Section 4.3 (edituser). The keys are those of a user in v2 (rest-v2.md section 2), which returns C(language) as locale and
# C(reseller) as parent, and does not return C(package).
USER_FIELDS = {field.option: field for field in (
    same_name_field("type", ("type",)),
    same_name_field("language", ("locale", "language")),
    same_name_field("email", ("email",)),
    same_name_field("package", ("package",)),
    same_name_field("reseller", ("parent", "reseller")),
    same_name_field("suspended", ("suspended",), kind="yesno"),
)}

# Result of a user (rest-v2.md section 2).
USER_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", plain_text), ("type", "type", plain_text), ("reseller", "parent", plain_text),
    ("suspended", "suspended", optional(flag)), ("language", "locale", plain_text), ("email", "email", plain_text), ("package", "package", plain_text),
))
# Result of a website (sections 3.1 and 3.17, rest-v2.md section 2), without secrets.
WEBSITE_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", plain_text), ("label", "label", plain_text), ("path", "path", optional(lambda value: mask_uri(str(value)))),
    ("vhosts", "vhosts", text_table), ("email", "email", plain_text), ("uid", "uid", number), ("gid", "gid", number),
    ("server", "server", plain_text), ("vhost_ip", "vhost_ip", plain_text), ("path_backups", "path_backups", plain_text),
    ("mysql_host", "mysql_host", plain_text), ("language", "language", plain_text), ("suspended", "suspended", optional(flag)),
    ("db_mode", "db_mode", plain_text), ("reseller", "parent", plain_text),
))
_DATABASE_KEYS = ("type", "host", "name", "user")


def user_result(row: dict[str, Any] | None, secret_name: Callable[[str], bool]) -> dict[str, Any] | None:
    """Return the documented result of a user, or None.

    Arguments:
        row: the user in the form of v2 (rest-v2.md section 2), or None. secret_name: callable(name) -> bool that returns whether a
            custom value of a website is secret.
    """
    if row is None:
        return None
    result = row_result(USER_COLUMNS, row)
    result["websites"] = [website_result(website, secret_name) for website in row.get("websites") or ()
                          if isinstance(website, dict)]
    return result


def website_result(row: dict[str, Any], secret_name: Callable[[str], bool]) -> dict[str, Any]:
    """Return the documented result of one website of a user; see user_result()."""
    result = row_result(WEBSITE_COLUMNS, row)
    result["databases"] = [{key: plain_text(database.get(key)) for key in _DATABASE_KEYS}
                           for database in row.get("databases") or () if isinstance(database, dict)]
    result["custom"] = {key: value for key, value in row.items() if key.startswith("_") and not secret_name(key)}
    return result
