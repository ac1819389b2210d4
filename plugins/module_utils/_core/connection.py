# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Creates the Client, Redactor and Waiting for the options of a task. This is a private util of the collection."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from .._base.errors import InputError
from .._base.uri import needs_encoding
from .._base.url import check_host
from .._redaction.labels import is_uri_name
from .._redaction.redact import Redactor, collect
from .._wire.client import Client
from .._wire.header import header
from .._wire.transport import CliTransport, HttpTransport
from .tasks import Waiting

MIN_KEY_LENGTH = 8
MAX_SECONDS = 1000000
MAX_RETRIES = 1000
# MiB; larger replies exceed the available memory.
MAX_REPLY_SIZE = 65536
# Maximum number of options that a warning names.
_MAX_NAMED = 5
# Options without secrets. A password that equals one of their values is not masked by value.
_PUBLIC_OPTIONS = ("user", "reseller", "application", "login", "url", "id", "version", "db_user", "db_name")


def redactor_for(params: dict[str, Any]) -> Redactor:
    """Return a Redactor for the secrets in the options of a task."""
    return Redactor(collect(params), plain=[params.get(option) for option in _PUBLIC_OPTIONS])


def waiting_of(params: dict[str, Any]) -> Waiting:
    """Return the Waiting for the options of a task. Raises InputError."""
    for option in ("wait_timeout", "poll_interval"):
        if option in params:
            _check_seconds(option, params[option])
    return Waiting(params.get("wait", True), params.get("wait_timeout", 900), params.get("poll_interval", 2), params["timeout"])


def _check_seconds(option: str, value: float) -> None:
    """Raise InputError for a duration that is not positive, or too long for the clocks of the operating system."""
    if value <= 0:
        raise InputError("%s: must be more than 0 seconds" % option)
    # This form of the comparison also rejects NaN.
    if not value <= MAX_SECONDS:
        raise InputError("%s: must be at most %d seconds" % (option, MAX_SECONDS))


def server_name(params: dict[str, Any]) -> str:
    """Return the name of a task's server in journals and saved plans: its address, or C(cli)."""
    return str(params["api_url"]).rstrip("/") if params["transport"] == "http" else "cli"


def client_of(params: dict[str, Any], redactor: Redactor, read_only: bool) -> tuple[Client, list[str]]:
    """Return (Client, warnings) for the connection and header options of a task. Raises InputError."""
    if len(params["api_key"]) < MIN_KEY_LENGTH:
        raise InputError("api_key: shorter than %d characters" % MIN_KEY_LENGTH,
                         hint="Set the whole key (ITRON_API_KEY). A shorter value cannot be masked in other output.")
    if not params["api_key"].isascii() or not params["api_key"].isprintable():
        raise InputError("api_key: contains characters that are not valid in a key", hint="Check for a line break or a space that was copied with it.")
    _check_seconds("timeout", params["timeout"])
    if params["retries"] < 0:
        raise InputError("retries: must be 0 or more")
    if params["retries"] > MAX_RETRIES:
        raise InputError("retries: must be at most %d" % MAX_RETRIES)
    if not 1 <= params["max_reply_size"] <= MAX_REPLY_SIZE:
        raise InputError("max_reply_size: must be between 1 and %d (MiB)" % MAX_REPLY_SIZE)
    warnings = _encoding_warning(params)
    transport: HttpTransport | CliTransport
    if params["transport"] == "cli":
        transport = CliTransport(params["cli_path"], params["timeout"], params["max_reply_size"])
    else:
        transport = _http_transport(params, warnings)
    return Client(transport, params["api_key"], header(params), redactor, read_only), warnings


def _encoding_warning(params: dict[str, Any]) -> list[str]:
    """Return a list with a warning that names the options with ambiguous URIs, or an empty list."""
    names = list(itertools.islice(_unencoded(params, ""), _MAX_NAMED + 1))
    if not names:
        return []
    more = " and more" if len(names) > _MAX_NAMED else ""
    return ["%s%s: the login or password in the URI contains characters that must be URL-encoded (such as @ as %%40 and / as %%2F); "
            "the server may parse the URI differently" % (", ".join(names[:_MAX_NAMED]), more)]


def _unencoded(value: Any, name: str) -> Iterator[str]:
    """Yield the names of the nested options whose URIs contain characters that must be encoded."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        inner = "%s[%d]" % (name, key) if isinstance(value, list) else "%s.%s" % (name, key) if name else str(key)
        if isinstance(item, (dict, list)):
            yield from _unencoded(item, inner)
        elif isinstance(item, str) and "://" in item and is_uri_name(key) and needs_encoding(item):
            yield inner


def _http_transport(params: dict[str, Any], warnings: list[str]) -> HttpTransport:
    """Return the HttpTransport for the connection options, and add a warning if the connection is insecure."""
    parts, host, port = _address(params["api_url"], "api_url", "https://host/server/v1")
    if params.get("rest_url"):
        _address(params["rest_url"], "rest_url", "https://host")
    if parts.scheme == "http" and not _loopback(host):
        warnings.append("api_url: http:// sends the API key and all passwords to %s in clear text; use https://" % host)
    if parts.scheme == "https" and not params["validate_certs"] and not _loopback(host):
        warnings.append("validate_certs: false accepts any certificate, so an attacker between this host and %s can read the API key; "
                        "set ca_path instead" % host)
    server = "%s://%s%s" % (parts.scheme, "[%s]" % host if ":" in host else host, ":%d" % port if port else "")
    cert = (params["client_cert"], params["client_key"]) if params["client_key"] else params["client_cert"]
    return HttpTransport(params["api_url"], params.get("rest_url") or server, params["api_key"], params["timeout"], params["retries"],
                         (params["ca_path"] or True) if params["validate_certs"] else False, cert, params["max_reply_size"])


def _address(url: str, option: str, example: str) -> tuple[SplitResult, str, int | None]:
    """Return (parts, host, port) of an http:// or https:// address. Raises InputError that names the option."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if not host or parts.scheme not in ("http", "https"):
        raise InputError("%s: %s is not an http:// or https:// address" % (option, url), hint="Use the form %s." % example)
    if parts.username is not None:
        raise InputError("%s: must not contain user info" % option, hint="Put the key into api_key (ITRON_API_KEY).")
    check_host(host, option, url)
    return parts, host, port


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
