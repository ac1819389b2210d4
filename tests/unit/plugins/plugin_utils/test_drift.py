# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift: every item of a comparison is in exactly one list, and the Markdown escapes all values."""

import re

import pytest

from ansible_collections.hostops.installatron.plugins.plugin_utils._drift import drift_markdown, drift_report
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import markdown_table, table


def entry(url, *commands, id="i1", outcome="ok", **failure):
    """Return one entry of the results of itron_installs."""
    return {"url": url, "id": id, "outcome": outcome, "steps": [{"command": command} for command in commands],
            "failure": failure or None}


def report(entries, before=(), after=(), listed=(), **more):
    """Return the report of a comparison."""
    before, after = dict(before), dict(after)
    diff = [{"before_header": "%s (edit)" % url, "before": before.get(url, {}), "after": after.get(url, {})} for url in {**before, **after}]
    check = {"results": entries, "diff": diff}
    return drift_report(check, list(listed), **more)


def row(id, url):
    """Return the members of an installed application that the report uses."""
    return {"id": id, "url": url, "owner": "alice", "application": "wordpress", "version": "6.4.3", "db_user": "x"}


def test_in_sync():
    found = report([entry("http://a.example")], listed=[row("i1", "http://a.example")])
    assert found == {"missing": [], "unmanaged": [], "different": [], "accounts": [], "errors": [], "in_sync": 1,
                     "drifted": False, "failure": None, "message": "nothing differs"}


def test_message_names_few_and_counts_many():
    urls = ["http://u%02d.example" % number for number in range(13)]
    found = report([entry("http://m.example", "install", id=None), entry("http://d.example", "edit")],
                   listed=[row("x%d" % number, url) for number, url in enumerate(urls)], before={"http://d.example": {"autoup": "none"}},
                   after={"http://d.example": {"autoup": "all"}})
    assert found["message"] == "missing: http://m.example; different: http://d.example; unmanaged: 13, the first %s" % ", ".join(urls[:3])


def test_failure_is_neither_drifted_nor_in_sync():
    found = drift_report({}, [], failure="the server | does\nnot answer")
    assert (found["failure"], found["drifted"], found["in_sync"]) == ("the server | does\nnot answer", None, 0)
    assert "could not be compared with the server:\n\n" in drift_markdown(found)
    assert "in sync" not in drift_markdown(found)


@pytest.mark.parametrize("command", ["install", "import", "clone", "restore"])
def test_missing(command):
    url = "http://a.example"
    found = report([entry(url, command, id=None)],
                   after={url: {"application": "wordpress", "version": "6.5", "url": url}})
    assert found["missing"] == [{"url": url, "application": "wordpress", "version": "6.5"}] and found["drifted"]


def test_unmanaged():
    listed = [row("i1", "http://moved.example"), row("i2", "https://A.example"), row("i3", "http://c.example"),
              row("i4", "http://staging.c.example")]
    found = report([entry("http://x.example"), entry("http://a.example", id=None)], listed=listed,
                   ignore=[r"://staging\."])
    assert found["unmanaged"] == [{"url": "http://c.example", "id": "i3", "owner": "alice",
                                   "application": "wordpress", "version": "6.4.3"}]


def test_different_properties():
    url = "http://a.example"
    found = report([entry(url, "edit", "upgrade")],
                   before={url: {"id": "i1", "url": url, "autoup": "none", "settings": {"x": "1", "y": "2"}}},
                   after={url: {"id": "i1", "url": url, "autoup": "minor", "settings": {"x": "1", "y": "3"},
                                "version": "7"}})
    fields = found["different"][0]["fields"]
    assert fields["autoup"] == {"actual": "none", "wanted": "minor"}
    assert fields["settings.y"] == {"actual": "2", "wanted": "3"}
    assert fields["version"] == {"actual": None, "wanted": "7"} and "id" not in fields


def test_different_site_to_remove():
    url = "http://a.example"
    found = report([entry(url, "uninstall")], before={url: {"id": "i1", "url": url}})
    assert found["different"][0]["fields"] == {"state": {"actual": "present", "wanted": "not present"}}


def test_plan_failure_is_different_and_read_failure_is_error():
    found = report([entry("http://a.example", stage="plan", msg="another application"),
                    entry("http://b.example", stage="read", msg="no answer")])
    assert found["different"][0]["reason"] == "another application"
    assert found["errors"] == [{"url": "http://b.example", "id": "i1", "fields": {}, "reason": "no answer"}]


def test_not_started_is_error():
    found = report([entry("http://a.example", outcome="not_started")])
    assert [row["reason"] for row in found["errors"]] == ["it was not compared"] and found["in_sync"] == 0


def test_accounts():
    rows = [{"item": "bob", "changed": False, "diff": {"before": {}, "after": {"id": "bob"}}},
            {"item": "alice", "changed": False, "diff": [{"before": {"id": "alice", "email": "a"},
                                                         "after": {"id": "alice", "email": "b"}}]},
            {"item": "carol", "changed": False, "diff": {"before": {}, "after": {}}},
            {"item": "dave", "failure": {"stage": "read"}, "changed": False, "msg": "refused"}]
    found = report([], accounts=rows)
    assert found["accounts"] == [{"user": "alice", "fields": {"email": {"actual": "a", "wanted": "b"}}},
                                 {"user": "bob", "fields": {"state": {"actual": "absent", "wanted": "present"}}}]
    assert found["errors"] == [{"user": "dave", "reason": "refused"}]


def test_markdown_row_per_difference():
    url = "http://a.example/a|b"
    found = report([entry(url, "edit"), entry("http://n.example", "install", id=None),
                    entry("http://p.example", stage="plan", msg="x")],
                   before={url: {"sitetitle": "<b>", "autoup": "none"}},
                   after={url: {"sitetitle": "a|b\nc", "autoup": "all"}})
    text = drift_markdown(found)
    assert "| http://a.example/a\\|b | sitetitle | \\<b> | a\\|b c |" in text
    assert "## Missing" in text and "## Unmanaged" not in text and "1 missing, 0 unmanaged, 2 different" in text


@pytest.mark.parametrize("value", ["|", "a\nb", "\\|", "`x`", "[l](u)", None, 7, ["a", "b"], {"x": 1}])
def test_markdown_table_escapes_values(value):
    line = table(["One", "Two"], [[value, "end"]]).split("\n")
    assert len(line) == 3
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line[2])) == 3


def test_markdown_table_of_dictionaries():
    rows = [{"url": "u", "backup_time": None}, {"url": "v"}]
    assert markdown_table(rows, ["url", "backup_time"]) == "| Url | Backup time |\n| --- | --- |\n| u |  |\n| v |  |"
