# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats a fleet report as a self-contained HTML page. This is a private util of the collection.

The template escapes all values of the server in texts and in the data of the table. The script of the page inserts values only as
text. The Content-Security-Policy of the page allows only its own script and style.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import namedtuple
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_markdown import human_age, human_size
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_charts import bars, line
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_history import report_data

_FOLDER = Path(__file__).with_name("report_page")
# One number of the summary. show: the filter that it links to. state: a class of the style sheet.
Tile = namedtuple("Tile", "show label value note state")
# The content below one heading, in this order. None is omitted.
Card = namedtuple("Card", "empty bars line note table more", defaults=(None,) * 6)
Table = namedtuple("Table", "caption columns rows")
# The columns of the table data. report.js uses these names.
TABLE = ("url", "title", "owner", "application", "version", "newest", "status", "security", "autoup", "backup", "backup_age", "backups", "disk", "growth",
         "failed_tasks")
STATUS_WORDS = {"current": "current", "patch": "behind, with fixes in the same series", "upgrade": "behind", "unknown": "newest version unknown"}
_AUTOUP_WORDS = {"all": "To every version", "minor": "Within the minor series", "none": "Off", "unknown": "Unknown"}
_AUTOUP_CLASSES = {"all": "current", "minor": "current", "none": "patch", "unknown": "unknown"}
_AGE_WORDS = {"day": "Up to a day", "week": "Up to a week", "month": "Up to 30 days", "older": "Older", "none": "No backup"}
# Limits of rows in the other lists of the page.
_MOST = 10
_MOST_TASKS = 25


def fleet_report_html(report, title="Fleet report"):
    """Return a report of fleet_report as a page in ASCII.

    Arguments:
        title: heading of the page.
    """
    report = report_data(report)
    script, style = _asset("report.js"), _asset("report.css")
    policy = "default-src 'none'; script-src %s; style-src %s; img-src data:; base-uri 'none'; form-action 'none'" % (_hash(script), _hash(style))
    page = _template().render(
        policy=policy, title=title, style=Markup(style), script=Markup(script), about=_about(report), tiles=_tiles(report),
        cards={"applications": _applications(report), "versions": _versions(report), "backups": _backups(report), "autoup": _autoup(report),
               "growth": _growth(report), "tasks": _tasks(report)},
        data={"columns": TABLE, "rows": [[site[name] for name in TABLE] for site in report["sites"]]})
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


@cache
def _template():
    """Return the template of the page."""
    environment = Environment(autoescape=True, keep_trailing_newline=True)
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment.from_string(_asset("report.html"))


def _asset(name):
    """Return a file of the page without the license comment."""
    text = (_FOLDER / name).read_text(encoding="ascii")
    return re.sub(r"\A(/\*.*?\*/|<!--.*?-->)\s*", "", text, flags=re.S)


def _hash(text):
    """Return the source expression of a Content-Security-Policy that allows only this text."""
    return "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode("ascii")).digest()).decode("ascii")


def _count(number):
    """Return a number with separators."""
    return "{:,}".format(number)


def _signed(size):
    """Return a difference of bytes in words."""
    return ("\u2212" if size < 0 else "+") + human_size(abs(size))


def _about(report):
    """Return the line under the heading."""
    words = _time(report["time"])
    if report["since"]:
        words += ", compared with %s" % _time(report["since"])
    return words


def _time(text):
    """Return a time in readable form."""
    return "%s UTC" % _minute(text)


def _minute(text):
    """Return a time without its zone."""
    return "%s %s" % (text[:10], text[11:16])


def _place(url):
    """Return a URL without its scheme."""
    return re.sub(r"\Ahttps?://", "", str(url or ""), flags=re.I)


def _tiles(report):
    """Return the tiles with the numbers of the summary. Each links to the sites that it counts."""
    counts = report["summary"]
    stale = counts["backup_old"] + counts["backup_none"]
    limit = human_age(report["max_backup_age"])
    growth = "no earlier day to compare with" if counts["growth"] is None else _growth_words(counts["growth"], report["history"])
    return [
        Tile("all", "Sites", _count(counts["sites"]), "%s %s" % (_count(counts["applications"]), _plural(counts["applications"], "application")), ""),
        Tile("outdated", "Outdated", _count(counts["outdated"]), "%s with a security release available" % _count(counts["security"]) if counts["security"]
             else _share(counts["outdated"], counts["sites"]), "bad" if counts["security"] else "warn" if counts["outdated"] else "good"),
        Tile("stale", "No backup within %s" % limit, _count(stale), "%s without any backup" % _count(counts["backup_none"]) if counts["backup_none"]
             else "%s too old" % _count(counts["backup_old"]) if stale else "all sites have one",
             "bad" if counts["backup_none"] else "warn" if stale else "good"),
        Tile("autoup_off", "Automatic updates off", _count(counts["autoup_off"]), _share(counts["autoup_off"], counts["sites"]),
             "warn" if counts["autoup_off"] else "good"),
        Tile("all", "Disk space", human_size(counts["disk"]), growth, ""),
        Tile("failed", "Failed tasks", _count(counts["failed_tasks"]), "%s running" % _count(counts["running_tasks"]),
             "bad" if counts["failed_tasks"] else "good"),
    ]


def _growth_words(growth, history):
    """Return a text with the growth of the fleet and the number of days."""
    days = (date.fromisoformat(history[-1]["day"]) - date.fromisoformat(history[-2]["day"])).days
    return "%s in %s %s" % (_signed(growth), _count(days), _plural(days, "day"))


def _plural(number, word):
    """Return the singular or plural of a word."""
    return word if number == 1 else word + "s"


def _share(number, total):
    """Return a share in words."""
    return "%.0f %% of the sites" % (100 * number / total) if total else "no sites"


def _status_parts(row):
    """Return the parts of a bar: the numbers of sites by state."""
    return [(status, words, row[status]) for status, words in STATUS_WORDS.items()]


def _more(number, words):
    """Return the line with the number of rows that are not shown, or None."""
    return "and %s %s" % (_count(number), words) if number > 0 else None


def _applications(report):
    """Return the chart of applications."""
    rows = report["applications"]
    if not rows:
        return Card(empty="Nothing is installed.")
    found = [("%s, newest %s" % (row["name"], row["newest"]) if row["newest"] else str(row["name"]), _status_parts(row), _count(row["sites"]))
             for row in rows[:_MOST]]
    return Card(bars=bars("applications", "Sites by application and state of their version", found), more=_more(len(rows) - _MOST, "more applications"))


def _versions(report):
    """Return the chart of the most frequent versions."""
    rows = sorted(report["versions"], key=lambda row: -row["sites"])
    if not rows:
        return Card(empty="Nothing is installed.")
    names = {row["application"]: row["name"] for row in report["applications"]}
    found = [("%s %s" % (names[row["application"]], row["version"] or "of unknown version"), _status_parts(row), _count(row["sites"]))
             for row in rows[:_MOST]]
    return Card(bars=bars("versions", "Sites by version", found), more=_more(len(rows) - _MOST, "more versions, see the table"))


def _backups(report):
    """Return the chart of the age of the newest backup."""
    if not report["sites"]:
        return Card(empty="Nothing is installed.")
    found = [(_AGE_WORDS[row["age"]], [("current", "young enough", row["fresh"]), ("patch", "too old", row["old"]),
                                       ("upgrade", "without one", row["sites"] - row["fresh"] - row["old"])], _count(row["sites"]))
             for row in report["backup_age"]]
    return Card(bars=bars("backups", "Sites by age of the newest backup", found))


def _autoup(report):
    """Return the chart of the policies of automatic updates."""
    if not report["sites"]:
        return Card(empty="Nothing is installed.")
    rows = [row for row in report["autoup"] if row["sites"] or row["policy"] != "unknown"]
    return Card(bars=bars("autoup", "Sites by automatic updates", [
        (_AUTOUP_WORDS[row["policy"]], [(_AUTOUP_CLASSES[row["policy"]], "sites", row["sites"])], _count(row["sites"])) for row in rows]))


def _growth(report):
    """Return the chart of disk space and the sites with the largest growth."""
    points = [(point["day"], point["disk"]) for point in report["history"]]
    drawn = line("growth", "Disk space of all sites", points, human_size) if len(points) > 1 else None
    grown = sorted((site for site in report["sites"] if (site["growth"] or 0) > 0), key=lambda site: (-site["growth"], str(site["url"])))[:5]
    rows = [(_place(site["url"]), _signed(site["growth"]), human_size(site["disk"])) for site in grown]
    unknown = report["summary"]["disk_unknown"]
    return Card(
        empty=None if drawn else "The growth is available from the second day on.", line=drawn,
        note="without %s %s that the server has not measured" % (_count(unknown), _plural(unknown, "site")) if unknown else None,
        table=Table("Sites with the largest growth", ("Site", "Growth", "Disk space"), rows) if rows else None)


def _tasks(report):
    """Return the list of failed tasks."""
    rows = report["failed_tasks"]
    if not rows:
        return Card(empty="The server lists no failed task.")
    shown = [(_minute(row["time"]) if row["time"] else "", row["cmd"] or "", _place(row["url"]) or row["install"] or "",
              row["message"] or row["errcode"] or "") for row in rows[:_MOST_TASKS]]
    return Card(table=Table("Newest first", ("Time (UTC)", "Command", "Site", "Message of the server"), shown),
                more=_more(len(rows) - _MOST_TASKS, "more failed tasks, see the JSON report"))
