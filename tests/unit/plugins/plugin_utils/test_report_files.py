# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet report as CSV and as an HTML page: texts of the server are always escaped."""

import base64
import csv
import hashlib
import html.parser
import io
import json

import pytest

from ansible_collections.hostops.installatron.plugins.filter import fleet_report as fleet_filter
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._report import fleet_report
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_charts import bars, line
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_csv import COLUMNS, fleet_report_csv
from ansible_collections.hostops.installatron.plugins.plugin_utils._report_html import (
    TABLE,
    fleet_report_html,
)

NOW = "2026-02-10T12:00:00Z"
EVIL = ['<script>alert(1)</script>', '</script><img src=x onerror=alert(1)>', '"><b>', "<!--<script>", "{{ 7 * 7 }}",
        "{% include 'x' %}", "' onclick='alert(1)", "&lt;", "\u2028", "\ud800", "\u202e txt", "a\x00b"]


def install(id, **more):
    """Return the members of an installed application that the report uses."""
    return dict({"id": id, "url": "https://%s.example" % id, "title": "Site", "owner": "alice", "autoup": "none",
                 "application": "wordpress", "version": "6.4.3", "version_available": "6.5.0",
                 "version_available_minor": None, "time_updated": None, "cache_files": 5000, "cache_tables": None,
                 "cache_time": None}, **more)


def report(*installs, tasks=(), **more):
    """Return the report on some installed applications."""
    return fleet_report(list(installs), [], list(tasks), [], NOW, **more)


class Page(html.parser.HTMLParser):
    """Collects the tags of a page and the text of its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self._open = [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag in ("script", "style"):
            self.scripts.append((tag, dict(attrs), []))

    def handle_data(self, data):
        if self._open in ("script", "style"):
            self.scripts[-1][2].append(data)

    def handle_endtag(self, tag):
        self._open = None

    def text_of(self, tag, **attributes):
        """Return the text of a script or style."""
        found = ["".join(text) for name, attrs, text in self.scripts if name == tag and attrs == attributes]
        assert len(found) == 1
        return found[0]


def table_of(text):
    """Return the rows of the data in a page as dictionaries."""
    data = json.loads(Page(text).text_of("script", type="application/json", id="data"))
    return [dict(zip(data["columns"], row)) for row in data["rows"]]


@pytest.mark.parametrize("evil", EVIL)
def test_html_escapes_server_texts(evil):
    task = {"id": "1", "state": "failed", "install": "a", "url": evil, "cmd": evil, "message": evil, "time": None}
    plain, odd = (fleet_report_html(report(install("a", title=value, owner=value, application=value, version=value,
                                                   url="https://x.example/" + value),
                                           tasks=[dict(task, url=value, cmd=value, message=value)]), title=value)
                  for value in ("plain", evil))
    assert [tag for tag, _attrs in Page(odd).tags] == [tag for tag, _attrs in Page(plain).tags]
    assert table_of(odd)[0]["title"] == evil
    assert Page(odd).text_of("script") == Page(plain).text_of("script")
    assert odd.isascii() and not [name for _tag, attrs in Page(odd).tags for name in attrs if name.startswith("on")]


def test_html_content_security_policy():
    page = Page(fleet_report_html(report(install("a"))))
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    hashes = {tag: base64.b64encode(hashlib.sha256(page.text_of(tag).encode()).digest()).decode()
              for tag in ("script", "style")}
    assert policy == ("default-src 'none'; script-src 'sha256-%(script)s'; style-src 'sha256-%(style)s'; "
                      "img-src data:; base-uri 'none'; form-action 'none'" % hashes)
    for tag, attrs in page.tags:
        # The policy forbids style attributes and event handlers.
        assert not [name for name in attrs if name == "style" or name.startswith("on") or name == "src"], (tag, attrs)
        assert tag in ("a", "link") or "href" not in attrs
    assert {attrs["href"] for tag, attrs in page.tags if "href" in attrs} == {"#sites", "data:,"}


def test_html_data_matches_report():
    found = report(install("a", title="Zürich"), install("b"))
    assert table_of(fleet_report_html(found)) == [{name: row[name] for name in TABLE} for row in found["sites"]]


def test_html_deterministic():
    found = report(install("a"), install("b"))
    assert fleet_report_html(found) == fleet_report_html(json.loads(json.dumps(found)))


def test_html_empty_fleet():
    text = fleet_report_html(report())
    assert text.count("Nothing is installed.") >= 4 and "The server lists no failed task" in text and "<svg" not in text
    assert "no earlier day to compare with" in text


def test_html_growth_since_second_day():
    first = fleet_report([install("a")], [], [], [], "2026-02-01T00:00:00Z")
    text = fleet_report_html(report(install("a", cache_files=9096), previous=first))
    assert "+4.0 KiB in 9 days" in text
    assert 'class="line"' in text and "Sites with the largest growth" in text
    assert "compared with 2026-02-01 00:00 UTC" in text


def test_html_shrinking_and_long_lists():
    first = fleet_report([install("a", cache_files=9096)], [], [], [], "2026-02-01T00:00:00Z")
    tasks = [{"id": str(number), "state": "failed", "install": "a", "time": NOW} for number in range(30)]
    many = [install("i%d" % number, application="app%d" % number) for number in range(20)]
    text = fleet_report_html(report(install("a"), *many, tasks=tasks, previous=first))
    assert "and 5 more failed tasks" in text and "and 11 more applications" in text and "more versions" in text
    shrunk = fleet_report_html(report(install("a"), previous=first))
    assert "&#8722;4.0 KiB in 9 days" in shrunk and "Sites with the largest growth" not in shrunk


@pytest.mark.parametrize(("facts", "words"), [
    ({}, "No backup within 2 d"),
    ({"version": "6.5.0"}, "0 % of the sites"),
    ({"autoup": None}, "Unknown"),
    ({"version": None}, "of unknown version"),
])
def test_html_headline_and_charts(facts, words):
    assert words in fleet_report_html(report(install("a", **facts)))


@pytest.mark.parametrize(("times", "words"), [
    (["2026-02-10T03:00:00Z"], "all sites have one"), (["2026-01-10T03:00:00Z"], "1 too old")])
def test_html_backups(times, words):
    backups = [{"install": "a", "time": time, "size": 5} for time in times]
    assert words in fleet_report_html(fleet_report([install("a")], backups, [], [], NOW))


def test_html_security_releases():
    release = {"application": "wordpress", "version": "6.5.0", "tags": ["security"]}
    found = fleet_report([install("a")], [], [], [release], NOW)
    assert "1 with a security release available" in fleet_report_html(found)


def test_bars_shares_and_alternative_text():
    found = bars("x", "Title", [("A", [("current", "fine", 3), ("upgrade", "behind", 1)], "4"),
                                ("B" * 60, [("current", "fine", 2), ("upgrade", "behind", 0)], "2")])
    assert [(part.kind, part.start, part.width) for row in found.bars for part in row.parts] == [
        ("current", "0.000", "75.000"), ("upgrade", "75.000", "25.000"), ("current", "0.000", "50.000")]
    assert found.words.startswith("A: 3 fine, 1 behind; ") and found.bars[1].short == "B" * 43 + "\u2026"


def test_bars_without_numbers():
    found = bars("x", "T", [("A", [("current", "fine", 0)], "0")])
    assert found.words == "A: 0" and found.bars[0].parts == []


@pytest.mark.parametrize(("points", "path"), [
    ([("2026-01-01", 0), ("2026-01-02", 5), ("2026-01-05", 10)], "M0.00 100.00 L25.00 54.55 L100.00 9.09"),
    ([("2026-01-01", 7), ("2026-01-03", 7)], "M0.00 50.00 L100.00 50.00"),
    ([("2026-01-01", 0), ("2026-01-03", 0)], "M0.00 100.00 L100.00 100.00"),
])
def test_line(points, path):
    drawn = line("x", "T", points, str)
    assert drawn.path == path
    assert drawn.words == "From %d on %s to %d on %s." % (points[0][1], points[0][0], points[-1][1], points[-1][0])


def rows_of(text):
    """Return the rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_line_per_site():
    text = fleet_report_csv(report(install("a", title='x, "y"'), install("b")))
    rows = rows_of(text)
    assert list(rows[0]) == list(COLUMNS) and [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["title"] == 'x, "y"' and rows[0]["disk"] == "5000" and rows[0]["growth"] == ""
    assert rows[0]["security"] == "no" and rows[0]["backups"] == "0"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "\r\n=1", "\u00a0=1"])
def test_csv_escapes_formulas(text):
    found = rows_of(fleet_report_csv(report(install("a", title=text))))[0]["title"]
    assert found.startswith("'") and found.endswith("1" if "SUM" not in text else "@SUM(A1)")


def test_csv_negative_number_not_escaped():
    first = fleet_report([install("a", cache_files=9000)], [], [], [], "2026-02-01T00:00:00Z")
    assert rows_of(fleet_report_csv(report(install("a"), previous=first)))[0]["growth"] == "-4000"


@pytest.mark.parametrize(("text", "cell"), [
    ("a\nb", "a b"), ("a\x00\x1bb", "a b"), ("\ud800", "?"), ("Zürich", "Zürich")])
def test_csv_control_characters(text, cell):
    written = fleet_report_csv(report(install("a", title=text)))
    written.encode("utf-8")
    assert rows_of(written)[0]["title"] == cell and written.count("\n") == 2


@pytest.mark.parametrize("render", [fleet_report_csv, fleet_report_html])
def test_report_as_text(render):
    found = report(install("a"))
    assert render(json.dumps(found)) == render(found)
    for wrong in ("no JSON", "[]", {}, None, dict(found, format=2)):
        with pytest.raises(InputError, match="not a report of this format"):
            render(wrong)


def test_filter_ignores_other_members():
    rows = [dict(install("a"), settings={"x": "y"})]
    text = json.dumps(fleet_filter.FilterModule().filters()["fleet_report"](rows, [], [], [], NOW))
    assert text == json.dumps(report(*rows))


def test_report_from_and_as_json():
    rows = [install("a", title=EVIL[0])]
    assert json.loads(fleet_report(json.dumps(rows), "[]", "[]", [], NOW, as_json=True)) == report(*rows)


@pytest.mark.parametrize("rows", ["[", "{}", "[1]", None, 5])
def test_report_rows_refused(rows):
    with pytest.raises(InputError, match="^backups: the value is not "):
        fleet_report([], rows, [], [], NOW)
