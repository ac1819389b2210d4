# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Describes sites and accounts of the server by the options of modules; pure functions. This is a private util of the collection."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from .._base.errors import InputError
from .._base.uri import Uri, split_uri
from .._base.url import identity_of, url_of
from .._core.model import SETTING_PREFIX, UNKNOWN, actual, plain_text
from .._install.fields import INSTALL_FIELDS, MAY_BE_HIDDEN
from .._install.settings import RESERVED
from .._install.work import check_options
from .._installs.items import site_params
from .._redaction.labels import is_secret_name
from .._user.fields import USER_FIELDS, website_result
from .._wire.header import header

# Options that a description may contain in addition to those for the site, its owner, and its application.
FIELDS = (*(field.option for field in INSTALL_FIELDS.values() if field.edit and field.keys and not field.secret and field.option != "url"),
          "settings", "version")
# By default without the version: automatic updates would exceed it, and a downgrade is impossible.
DEFAULT_FIELDS = tuple(name for name in FIELDS if name != "version")

HIDDEN = "not returned by the server"
SECRET = "a secret"
REFUSED = "not a valid value for the option"
# Passwords of an application. The server does not return them, or they must not be written to files.
_PASSWORDS = ("passwd", "db_pass")
_SCHEDULE = ("autobk_daily", "autobk_weekly", "autobk_monthly")


class Description(NamedTuple):
    """A site or an account as options of a module.

    id: of the application or the account. options: name -> value, in the order in which they are written. left_out: name of an omitted
    option -> reason. incomplete: options that are omitted only because of their secrets, without the secrets.
    """

    id: str
    options: dict[str, Any]
    left_out: dict[str, str]
    incomplete: dict[str, Any] = {}


class Catalog(NamedTuple):
    """Determines the settings to write. fields: application -> fields of section 3.2. names: the options to write."""

    fields: dict[str, dict[str, Any]]
    names: frozenset[str]


def describe_sites(rows: Iterable[dict[str, Any]], catalog: Catalog, clean: Callable[[Any], Any]) -> list[Description]:
    """Return the Descriptions of installed applications, in the order of their URLs.

    Arguments:
        rows: of C(installs). catalog: a Catalog. clean: callable(value) -> value without secrets. Options that it changes are omitted.
    """
    rows = sorted(rows, key=lambda row: (url_of(row.get("url")), str(row.get("id"))))
    sites = Counter(identity_of(row.get("url")) for row in rows)
    return [_site(row, sites[identity_of(row.get("url"))] > 1, catalog, clean) for row in rows]


def _site(row: dict[str, Any], is_duplicate: bool, catalog: Catalog, clean: Callable[[Any], Any]) -> Description:
    """Return the Description of one application. is_duplicate: whether another one has its URL, so that only the id identifies it."""
    name = {"id": str(row.get("id"))} if is_duplicate or not _is_accepted({"url": url_of(row.get("url"))}) else {"url": url_of(row.get("url"))}
    left_out: dict[str, str] = {}
    options = dict(name, **{option: value for option, value in (("user", plain_text(row.get("owner"))), ("application", plain_text(row.get("installer"))))
                            if value})
    options.update(_found(row, catalog, left_out))
    _omit(options, left_out, SECRET, lambda part: clean(part) == part)
    if options.get("autobk") not in (None, "custom"):
        # The schedule has fixed numbers (section 3.3, autobk).
        for option in _SCHEDULE:
            options.pop(option, None)
            left_out.pop(option, None)
    _omit(options, left_out, REFUSED, lambda part: _is_accepted({**name, **part}))
    return Description(str(row.get("id")), options, left_out)


def _omit(options: dict[str, Any], left_out: dict[str, str], reason: str, is_fine: Callable[[dict[str, Any]], bool]) -> None:
    """Move the options that fail a check to left_out. Check them individually only if the check of all fails."""
    if not is_fine(options):
        for option in [option for option, value in options.items() if not is_fine({option: value})]:
            del options[option]
            left_out[option] = reason


def _found(row: dict[str, Any], catalog: Catalog, left_out: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield the options that a row contains, and add the others to left_out."""
    for option, field in INSTALL_FIELDS.items():
        if option in _PASSWORDS:
            if option == "passwd" or row.get("db-name"):
                left_out[option] = SECRET if field.keys and row.get(field.keys[0]) else HIDDEN
        elif option in catalog.names:
            value = actual(field, row)
            if value is UNKNOWN:
                if option in MAY_BE_HIDDEN:
                    left_out[option] = HIDDEN
            elif field.kind == "uri" and _with_login(value) is not None:
                left_out[option] = SECRET
            else:
                yield option, value
    if "version" in catalog.names and row.get("version"):
        yield "version", str(row["version"])
    if "settings" in catalog.names:
        settings = dict(_settings(row, catalog.fields.get(str(row.get("installer")), {}), left_out))
        if settings:
            yield "settings", settings


def _settings(row: dict[str, Any], fields: dict[str, Any], left_out: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the application's own fields that can be read and set according to the catalog (section 3.2)."""
    for key, value in sorted(row.items()):
        name = key[len(SETTING_PREFIX):]
        field = fields.get(name)
        if not key.startswith(SETTING_PREFIX) or name in INSTALL_FIELDS or name in RESERVED or not isinstance(field, dict):
            continue
        if is_secret_name(name) or field.get("type") == "password":
            left_out["settings.%s" % name] = SECRET
        elif field.get("settable") is not False and field.get("gettable") is not False and isinstance(value, str) and value == value.strip() \
                and not (isinstance(field.get("options"), dict) and field["options"] and value not in field["options"]):
            yield name, value


def _with_login(value: object) -> Uri | None:
    """Return the parts of a URI with a login, or None for other values."""
    uri = split_uri(str(value or ""))
    return uri if uri is not None and uri.login is not None else None


def _is_accepted(options: dict[str, Any]) -> bool:
    """Return whether itron_installs accepts the options and a file can contain them."""
    try:
        check_options(site_params(dict(options)))
        header({"user": options.get("user")})
        json.dumps(options, ensure_ascii=False).encode()
    except (InputError, UnicodeEncodeError):
        return False
    return True


# --- accounts ---------------------------------------------------------------------------------------------------------

# Members of a website that are not options. The reseller is an option of the account.
_NO_WEBSITE_OPTION = frozenset(("reseller",))


def describe_account(row: dict[str, Any], clean: Callable[[Any], Any]) -> Description:
    """Return the Description of a user as v2 returns it: the options of itron_user except the name, including C(websites).

    If any website has a secret, the whole list is incomplete. C(edituser) replaces the list (section 4.3), so applying it without the
    credentials would remove them.
    """
    options: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for option, field in USER_FIELDS.items():
        value = actual(field, row)
        if value is not UNKNOWN and value != "":
            options[option] = value
    websites = [website for website in row.get("websites") or () if isinstance(website, dict)]
    incomplete: dict[str, Any] = {}
    secrets = sorted({where for website in websites for where in _secrets_of(website)})
    if secrets:
        left_out["websites"] = "%s: %s" % (SECRET, ", ".join(secrets))
        incomplete["websites"] = clean([_website(website) for website in websites])
    elif websites:
        options["websites"] = [_website(website) for website in websites]
    _omit(options, left_out, SECRET, lambda part: clean(part) == part)
    return Description(str(row.get("id")), options, left_out, incomplete)


def _website(row: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a website (section 3.1) as v2 returns it, without credentials."""
    result = {name: value for name, value in website_result(row, is_secret_name).items()
              if value not in (None, "", [], {}) and name not in _NO_WEBSITE_OPTION}
    uri = _with_login(result.get("path"))
    if uri is not None:
        result["path"] = "%s://%s" % (uri.scheme, uri.rest)
    return result


def _secrets_of(website: dict[str, Any]) -> Iterator[str]:
    """Yield the locations of secrets in a website."""
    name = website.get("id") or website.get("label") or "a website"
    if _with_login(website.get("path")) is not None:
        yield "path of %s" % name
    if website.get("databases"):
        yield "databases of %s" % name
    for key in website:
        if is_secret_name(key):
            yield "%s of %s" % (key, name)
