# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Requests the pages of sites in parallel. This is a private util of the collection."""

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
    requests = None  # type: ignore[assignment]  # importers must check REQUESTS_IMPORT_ERROR first

from .._base.uri import mask_uri, uri_secrets
from .._redaction.redact import Redactor
from .._wire.bounded import BoundedSession, DeadlineAdapter, UnknownEncoding, pieces_of, set_deadline
from .judge import judge, page, unreachable

# Limits: bytes of a page to check, and redirects to follow.
MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
AGENT = "hostops.installatron (site health)"


class _NamedAdapter(DeadlineAdapter):
    """Connects to an IP address, and requests and verifies the certificate of a host name."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the pool with the host name for TLS."""
        super().init_poolmanager(*args, server_hostname=self._name, assert_hostname=self._name, **kwargs)


class Probe:
    """Requests the pages of one site.

    Arguments:
        site: C(url); C(follow_redirects) (true); C(paths) relative to the URL (a single empty one); C(url_ip) and C(port) override DNS and the
            URL; C(keywords), C(status); C(timeout) in seconds (30); C(validate_certs) (true).
    """

    def __init__(self, site: dict[str, Any]) -> None:
        self._site = site
        self._redactor = Redactor(uri_secrets(site["url"]))
        self._host = urlsplit(site["url"]).hostname or ""
        self._session = BoundedSession()
        self._session.headers["User-Agent"] = AGENT
        self._session.verify = site.get("validate_certs", True)
        if site.get("url_ip") or site.get("port"):
            # A proxy might answer in place of the server.
            self._session.trust_env = False
            self._session.mount("https://", _NamedAdapter(self._host))

    def pages(self) -> list[dict[str, Any]]:
        """Return the pages in the form of judge.page."""
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
        """Return a short reason for a failed request."""
        if isinstance(error, requests.Timeout):
            return "timed out"
        if isinstance(error, requests.exceptions.SSLError):
            return "TLS: %s" % self._redactor.foreign(error)
        if isinstance(error, requests.ConnectionError):
            return "no connection"
        return self._redactor.foreign(error)

    def _fetch(self, url: str, deadline: float) -> tuple[int, str]:
        """Return (status, text) of a URL. Follow redirects if _may_follow() allows them."""
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
        """Return whether to follow a redirect. If url_ip or port is set, only redirects to the same host and port are followed."""
        if not (self._site.get("url_ip") or self._site.get("port")):
            return True
        old, new = urlsplit(url), urlsplit(target)
        return new.hostname == self._host and (new.scheme == old.scheme or not self._site.get("port"))

    def _address(self, url: str) -> tuple[str, dict[str, str]]:
        """Return the URL to connect to and its headers."""
        parts = urlsplit(url)
        if not (self._site.get("url_ip") or self._site.get("port")):
            return url, {}
        ip = str(self._site.get("url_ip") or parts.hostname)
        port = self._site.get("port") or parts.port
        netloc = ("[%s]" % ip if ":" in ip else ip) + (":%s" % port if port else "")
        return parts._replace(netloc=netloc).geturl(), {"Host": parts.netloc}


def _text(answer: Any) -> str:
    """Return the beginning of a body as text."""
    found = bytearray()
    for piece in pieces_of(answer):
        found += piece
        if len(found) >= MAX_BYTES:
            break
    return found.decode(answer.encoding if _is_encoding(answer.encoding) else "utf-8", "replace")


def _is_encoding(name: str | None) -> bool:
    """Return whether Python supports an encoding."""
    try:
        return name is not None and "".encode(name) == b""
    except LookupError:
        return False


def check_site(site: dict[str, Any], attempts: int, delay: float, factor: float, margin: float,
               sleep: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """Return the health of one site from the first successful attempt, or else from the last attempt.

    Arguments:
        site: see Probe, and C(baseline), see judge.judge. delay: seconds between attempts. factor, margin: see
            judge.regressions. sleep: callable(seconds).
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
    """Return the health of sites, in their order; see check_site. max_parallel: limit of parallel checks."""
    if not sites:
        return []
    with ThreadPoolExecutor(max(1, min(max_parallel, len(sites)))) as pool:
        return list(pool.map(lambda site: check_site(site, attempts, delay, factor, margin), sites))
