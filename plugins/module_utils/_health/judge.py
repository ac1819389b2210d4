# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Evaluates pages for the health of a site; pure functions. This is a private util of the collection."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from typing import Any

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
# Texts of applications that are broken or in maintenance, some of them with status 200.
TROUBLE = ("There has been a critical error on this website", "Error establishing a database connection",
           "Briefly unavailable for scheduled maintenance", "Fatal error:", "Parse error:", "Uncaught Error:", "SQLSTATE[")


def page(path: str, status: int, seconds: float, text: str, keywords: Iterable[str] = ()) -> dict[str, Any]:
    """Return the data of one page.

    Arguments:
        path: relative to the URL of the site. status: of HTTP. seconds: until the response was complete. text: the body.
        keywords: texts that the body should contain.
    """
    match = _TITLE.search(text)
    title = " ".join(html.unescape(match.group(1)).split()) if match else None
    return {"path": path, "status": status, "seconds": round(seconds, 3), "title": title,
            "title_hash": None if title is None else hashlib.sha256(title.encode("utf-8")).hexdigest(),
            "missing": [word for word in keywords if word not in text],
            "trouble": [word for word in TROUBLE if word in text], "error": None}


def unreachable(path: str, seconds: float, error: str) -> dict[str, Any]:
    """Return the data of a page without a response. error: the reason."""
    return {"path": path, "status": None, "seconds": round(seconds, 3), "title": None, "title_hash": None, "missing": [],
            "trouble": [], "error": error}


def problems(seen: dict[str, Any], status: int | None = None) -> list[str]:
    """Return the problems of a page, without a comparison, as a list of texts.

    Arguments:
        seen: a page. status: the expected HTTP status; any below 400 if None.
    """
    name = seen["path"] or "/"
    if seen["error"]:
        return ["%s: %s" % (name, seen["error"])]
    found = []
    if seen["status"] != status if status else seen["status"] >= 400:
        found.append("%s: HTTP status %d%s" % (name, seen["status"], " instead of %d" % status if status else ""))
    found += ["%s: the text %r is missing" % (name, word) for word in seen["missing"]]
    return found + ["%s: the page contains %r" % (name, word) for word in seen["trouble"]]


def regressions(before: dict[str, Any], after: dict[str, Any], factor: float = 3.0, margin: float = 2.0) -> list[str]:
    """Return how a page is worse than before, as a list of texts.

    Arguments:
        before, after: pages. factor, margin: the page is slower only if its time exceeds both this multiple of the time before
            and the time before plus this number of seconds.
    """
    name = after["path"] or "/"
    if after["error"]:
        return ["%s: %s" % (name, after["error"])]
    found = []
    if after["status"] != before["status"]:
        found.append("%s: HTTP status %s, before %s" % (name, after["status"], before["status"]))
    if after["title_hash"] != before["title_hash"]:
        found.append("%s: title %r, before %r" % (name, after["title"], before["title"]))
    found += ["%s: the text %r is missing" % (name, word) for word in after["missing"] if word not in before["missing"]]
    found += ["%s: the page contains %r" % (name, word) for word in after["trouble"] if word not in before["trouble"]]
    if after["seconds"] > max(before["seconds"] * factor, before["seconds"] + margin):
        found.append("%s: %.1f s, before %.1f s" % (name, after["seconds"], before["seconds"]))
    return found


def judge(pages: list[dict[str, Any]], status: int | None = None, baseline: dict[str, Any] | None = None, factor: float = 3.0,
          margin: float = 2.0) -> dict[str, Any]:
    """Return the health of a site: C(pages), C(problems), C(regressions), and C(healthy).

    Arguments:
        pages: of the site. status: see problems. baseline: an earlier result of judge, or None. With a baseline, the site is
            healthy if it has no regressions. factor, margin: see regressions.
    """
    wrong = [sentence for seen in pages for sentence in problems(seen, status)]
    worse: list[str] = []
    if baseline:
        earlier = {seen["path"]: seen for seen in baseline["pages"]}
        worse = [sentence for seen in pages if seen["path"] in earlier
                 for sentence in regressions(earlier[seen["path"]], seen, factor, margin)]
    return {"pages": pages, "problems": wrong, "regressions": worse, "healthy": not (worse if baseline else wrong)}
