# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Asks the pages of sites, many at a time. This is a private util of the collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin, urlsplit

try:
    import requests
except ImportError:
    requests = None  # type: ignore[assignment]  # whoever imports this asks REQUESTS_IMPORT_ERROR before

from .._base.uri import mask_uri, uri_secrets
from .._redaction.redact import Redactor
from .._wire.bounded import BoundedSession, DeadlineAdapter, UnknownEncoding, pieces_of, set_deadline
from .judge import judge, page, unreachable

# Bytes of a page that are looked at, and redirects that are followed.
MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
AGENT = "hostops.installatron (site health)"


class _NamedAdapter(DeadlineAdapter):
    """Connects to an address, and asks for and checks the certificate of a name."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool with the name for TLS."""
        super().init_poolmanager(*args, server_hostname=self._name, assert_hostname=self._name, **kwargs)


class Probe:
    """Asks the pages of one site.

    Arguments:
        site: C(url); C(follow_redirects) (true); C(paths) below it (one empty one); C(url_ip) and C(port), where it is served if DNS does not say so;
            C(keywords), C(status); C(timeout) in seconds (30); C(validate_certs) (true).
    """

    def __init__(self, site: dict[str, Any]) -> None:
        self._site = site
        self._redactor = Redactor(uri_secrets(site["url"]))
        self._host = urlsplit(site["url"]).hostname or ""
        self._session = BoundedSession()
        self._session.headers["User-Agent"] = AGENT
        self._session.verify = site.get("validate_certs", True)
        if site.get("url_ip") or site.get("port"):
            # The answer of a proxy would say nothing of the server that is meant.
            self._session.trust_env = False
            self._session.mount("https://", _NamedAdapter(self._host))

    def pages(self) -> list[dict[str, Any]]:
        """Return the pages as judge.page describes them."""
        return [self._page(path) for path in self._site.get("paths") or [""]]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _page(self, path: str) -> dict[str, Any]:
        start = time.monotonic()
        url = self._site["url"].rstrip("/") + "/" + path.lstrip("/")
        try:
            status, text = self._fetch(url, start + float(self._site.get("timeout") or 30))
        except (requests.RequestException, UnknownEncoding, OSError, ValueError) as error:
            return unreachable(path, time.monotonic() - start, self._reason(error))
        return page(path, status, time.monotonic() - start, text, self._site.get("keywords") or ())

    def _reason(self, error: Exception) -> str:
        """Return in a few words why a page did not come."""
        if isinstance(error, requests.Timeout):
            return "no answer in time"
        if isinstance(error, requests.exceptions.SSLError):
            return "TLS: %s" % self._redactor.foreign(error)
        if isinstance(error, requests.ConnectionError):
            return "no connection"
        return self._redactor.foreign(error)

    def _fetch(self, url: str, deadline: float) -> tuple[int, str]:
        """Return (status, text) of a URL. Redirects are followed as long as they stay on servers that the site names."""
        for _number in range(MAX_REDIRECTS + 1):
            left = max(deadline - time.monotonic(), 0.001)
            set_deadline(left)
            address, headers = self._address(url)
            with contextlib.closing(self._session.get(address, headers=headers, timeout=left, allow_redirects=False, stream=True)) as answer:
                follows = 300 <= answer.status_code < 400 and self._site.get("follow_redirects", True)
                target = answer.headers.get("Location") if follows else None
                target = urljoin(url, target) if target else None
                if target is None or not self._may_follow(url, target):
                    return answer.status_code, _text(answer)
            url = target
        raise ValueError("more than %d redirects" % MAX_REDIRECTS)

    def _may_follow(self, url: str, target: str) -> bool:
        """Say whether a redirect is followed: with another address than that of DNS, not to another host or port."""
        if not (self._site.get("url_ip") or self._site.get("port")):
            return True
        old, new = urlsplit(url), urlsplit(target)
        return new.hostname == self._host and (new.scheme == old.scheme or not self._site.get("port"))

    def _address(self, url: str) -> tuple[str, dict[str, str]]:
        """Return the URL to connect to and the headers for it."""
        parts = urlsplit(url)
        if not (self._site.get("url_ip") or self._site.get("port")):
            return url, {}
        ip = str(self._site.get("url_ip") or parts.hostname)
        port = self._site.get("port") or parts.port
        netloc = ("[%s]" % ip if ":" in ip else ip) + (":%s" % port if port else "")
        return parts._replace(netloc=netloc).geturl(), {"Host": parts.netloc}


def _text(answer: Any) -> str:
    """Return the start of a body as text."""
    found = bytearray()
    for piece in pieces_of(answer):
        found += piece
        if len(found) >= MAX_BYTES:
            break
    return found.decode(answer.encoding if _is_encoding(answer.encoding) else "utf-8", "replace")


def _is_encoding(name: str | None) -> bool:
    """Say whether Python knows an encoding that a server names."""
    try:
        return name is not None and "".encode(name) == b""
    except LookupError:
        return False


def check_site(site: dict[str, Any], attempts: int, delay: float, factor: float, margin: float,
               sleep: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """Return the health of one site after at most a number of attempts, the last one or the first that is good.

    Arguments:
        site: see Probe, and C(baseline), see judge.judge. delay: seconds between attempts. factor, margin: see
            judge.regressions. sleep: waits so many seconds.
    """
    probe = Probe(site)
    try:
        for number in range(max(attempts, 1)):
            if number:
                sleep(delay)
            health = judge(probe.pages(), site.get("status"), site.get("baseline"), factor, margin)
            if health["healthy"]:
                break
        return dict(health, url=mask_uri(site["url"]), attempts=number + 1)
    finally:
        probe.close()


def check_sites(sites: list[dict[str, Any]], max_parallel: int = 8, attempts: int = 1, delay: float = 2.0, factor: float = 3.0,
                margin: float = 2.0) -> list[dict[str, Any]]:
    """Return the health of sites, in their order; see check_site. max_parallel: how many are asked at the same time."""
    if not sites:
        return []
    with ThreadPoolExecutor(max(1, min(max_parallel, len(sites)))) as pool:
        return list(pool.map(lambda site: check_site(site, attempts, delay, factor, margin), sites))
