# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Columns of a release in the catalog (section 3.2). This is a private util of the collection."""

from __future__ import annotations

import re
from typing import Any

from .._core.model import Column, flag, number, plain_text, row_result, text_list, text_table

_SIZE = re.compile(r"^([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(?:I?B)?$")
_UNITS = {unit: 1024 ** power for power, unit in enumerate(("", "K", "M", "G", "T"))}


def size(value: object) -> int | None:
    """Return a size such as 40M (section 3.2, requirements) in bytes, or None if the value is not a size."""
    match = _SIZE.match(str(value).strip().upper())
    return int(float(match.group(1)) * _UNITS[match.group(2)]) if match else None


def _requirements(value: Any) -> dict[str, Any]:
    table = value if isinstance(value, dict) else {}
    return {str(name).replace("-", "_"): size(item) if name == "diskspace" else plain_text(item) for name, item in table.items()}


def _default_true(value: object) -> bool:
    return True if value is None else flag(value)


# Result of a field of an application, from the sample of section 3.2.
APP_FIELD_COLUMNS = tuple(Column(*column) for column in (
    ("label", "label", plain_text), ("text", "text", plain_text), ("type", "type", plain_text),
    ("default", "default", plain_text), ("value", "value", plain_text),
    ("options", "options", text_table), ("gettable", "gettable", _default_true), ("settable", "settable", _default_true),
    ("sort_order", "sort_order", number),
))


def _app_fields(value: Any) -> dict[str, dict[str, Any]]:
    table = value if isinstance(value, dict) else {}
    return {str(name): row_result(APP_FIELD_COLUMNS, field)
            for name, field in table.items() if isinstance(field, dict)}


# Result of a release of an application, from the sample of section 3.2.
APP_COLUMNS = tuple(Column(*column) for column in (
    ("id", "id", plain_text), ("application", "appid", plain_text), ("version", "version", plain_text), ("branch", "branch", plain_text),
    ("name", "name", plain_text), ("category", "category", plain_text), ("type", "type", plain_text), ("date", "date", plain_text),
    ("license", "license", plain_text), ("tags", "tags", text_list), ("upgrade", "upgrade", plain_text), ("upgrade_from", "upgrade_from", plain_text),
    ("install", "install", plain_text), ("description", "description", plain_text), ("authordescription", "authordescription", plain_text),
    ("changelog", "changelog", plain_text), ("link_site", "link_site", plain_text), ("link_showcase", "link_showcase", plain_text),
    ("link_docs", "link_docs", plain_text), ("link_faq", "link_faq", plain_text), ("link_support", "link_support", plain_text),
    ("link_changelog", "link_changelog", plain_text), ("link_admin", "link_admin", plain_text),
    ("link_installersupport", "link_installersupport", plain_text), ("requirements", "requirements", _requirements),
    ("languages", "languages", text_list), ("fields", "fields", _app_fields), ("images", "images", text_list),
))


def app_result(row: dict[str, Any]) -> dict[str, Any]:
    """Return the documented result of a release from C(browser) (section 3.2)."""
    result = row_result(APP_COLUMNS, row)
    result["application"] = result["application"] or result["id"]
    return result
