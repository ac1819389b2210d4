# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role and playbook report: the files match the sandbox, are reproducible, and are not written in check mode."""

import csv
import io
import json
import re

import pytest
from harness import KEY
from role_runs import call, install, run_playbook, run_role, stable_state

HOSTS = ["s%d.example" % number for number in range(1, 5)]
TIME = "2036-02-01T03:00:00Z"
HOSTILE = "</script><script>alert(1)</script> {{ 7 * 7 }}"
NAMES = ("json", "csv", "html")


@pytest.fixture
def filled(sandbox):
    """The sandbox with four sites, including an outdated one with a backup, one with a hostile title, and one with a failed task."""
    sandbox.reset()
    install(sandbox, HOSTS[0], autoup="0")
    install(sandbox, HOSTS[1], autoup="2", version="6.5.5", sitetitle="=cmd|' /C calc'!A0")
    install(sandbox, HOSTS[2], sitetitle=HOSTILE)
    install(sandbox, HOSTS[3])
    made = rows(sandbox)
    call(sandbox, "backup", HOSTS, id=made[HOSTS[0]]["id"])
    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails",
                                        "message": "Error: <b>No space</b>."})
    call(sandbox, "backup", HOSTS, id=made[HOSTS[3]]["id"], background=1)
    sandbox.control("POST", "/idle", {"seconds": 20})
    sandbox.control("DELETE", "/faults")
    return sandbox


def rows(sandbox):
    """Return the records of the sandbox's installs, by host."""
    return {row["url"].partition("://")[2]: row["record"] for row in sandbox.control("GET", "/state")["installs"]}


def files(folder):
    """Return the variables that set the paths of a report's files in a folder."""
    return {"report_%s" % name: str(folder / ("fleet." + name)) for name in NAMES}


def read(folder):
    """Return the bytes of the files in a folder, by name."""
    return {name: (folder / ("fleet." + name)).read_bytes() for name in NAMES}


def report(sandbox, folder, out, time=TIME, check=False, arguments=(), **variables):
    """Run the role with its files in the folder out. Return the RoleRun."""
    out.mkdir(exist_ok=True)
    return run_role(sandbox, folder, "report", dict(files(out), report_time=time, **variables), check, arguments)


def embedded(page):
    """Return the sites in the data of a page."""
    text = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1)
    data = json.loads(text)
    return [dict(zip(data["columns"], row)) for row in data["rows"]]


def test_report_content(filled, tmp_path):
    before = stable_state(filled)
    run = report(filled, tmp_path / "a", tmp_path / "out", arguments=["-vv", "--diff"])
    assert run.status == 0, run.output
    assert run.writes == [] and run.warnings == [] and stable_state(filled) == before
    assert [request["command"] for request in run.requests] == ["installs", "backups", "tasks", "browser"]
    found, held = json.loads(read(tmp_path / "out")["json"]), rows(filled)
    assert_sites(found, held)
    assert run.fact("report_result") == {name: value for name, value in found.items() if name != "sites"}
    assert '"report": {' in run.output or "report:" in run.output
    assert_files_agree(found, read(tmp_path / "out"))
    for name in NAMES:
        assert (tmp_path / "out" / ("fleet." + name)).stat().st_mode & 0o777 == 0o600
        assert KEY not in read(tmp_path / "out")[name].decode("utf-8")
    for text in [run.output] + [content.decode("utf-8") for content in read(tmp_path / "out").values()]:
        assert "pw-of" not in text and KEY not in text


def assert_sites(found, held):
    """Assert that the sites of a report match the sandbox."""
    by_host = {site["url"].partition("://")[2]: site for site in found["sites"]}
    assert set(by_host) == set(held) == set(HOSTS)
    for host, site in by_host.items():
        record = held[host]
        assert (site["id"], site["application"], site["version"], site["owner"], site["title"]) == (
            record["id"], record["installer"], record["version"], record["owner"], record["title"])
        assert site["disk"] == int(record["cache-files"]) + int(record["cache-tables"]) > 0
    newest = by_host[HOSTS[1]]["newest"]
    outdated = [host for host in HOSTS if by_host[host]["status"] in ("patch", "upgrade")]
    assert outdated == [host for host in HOSTS if held[host]["version"] != newest] and HOSTS[0] in outdated
    assert [by_host[host]["backup"] for host in HOSTS] == ["old", "none", "none", "none"]
    assert [by_host[host]["failed_tasks"] for host in HOSTS] == [0, 0, 0, 1]
    assert found["failed_tasks"][0]["message"] == "Error: <b>No space</b>."
    assert found["summary"]["sites"] == 4 and found["summary"]["outdated"] == len(outdated)


def assert_files_agree(found, contents):
    """Assert that the three files contain the same sites, and that nothing in them is executable."""
    lines = list(csv.DictReader(io.StringIO(contents["csv"].decode("utf-8"))))
    assert [line["id"] for line in lines] == [site["id"] for site in found["sites"]]
    assert lines[1]["title"] == "'=cmd|' /C calc'!A0"
    page = contents["html"].decode("ascii")
    assert [site["url"] for site in embedded(page)] == [site["url"] for site in found["sites"]]
    assert embedded(page)[2]["title"] == HOSTILE
    assert "<script>alert" not in page and "<b>No space" not in page and "&lt;b&gt;No space" in page


def test_idempotency_and_growth(filled, tmp_path):
    out = tmp_path / "out"
    first = report(filled, tmp_path / "a", out)
    before = read(out)
    second = report(filled, tmp_path / "b", out)
    # Later on the same day, the ages differ but the history is the same: it is empty.
    assert first.status == second.status == 0 and first.changed > 0 and second.changed == 0
    assert read(out) == before
    identity = rows(filled)[HOSTS[0]]["id"]
    grow(filled, tmp_path / "c", out, identity)
    again = report(filled, tmp_path / "d", out, "2036-02-08T03:00:00Z")
    assert again.status == 0 and again.changed == 0, again.output


def grow(sandbox, folder, out, identity):
    """Install one more site. Assert that next week's report compares itself with this week's."""
    install(sandbox, "s9.example", hosts=HOSTS + ["s9.example"])
    run = report(sandbox, folder, out, "2036-02-08T03:00:00Z")
    assert run.status == 0, run.output
    found = json.loads(read(out)["json"])
    assert found["since"] == TIME and [point["sites"] for point in found["history"]] == [4, 5]
    site = {row["id"]: row for row in found["sites"]}[identity]
    assert site["disk_before"] == site["disk"] and site["growth"] == 0
    new = [row for row in found["sites"] if row["url"] == "http://s9.example"]
    assert found["summary"]["growth"] == new[0]["disk"] > 0 and new[0]["growth"] is None
    assert 'class="line"' in read(out)["html"].decode("ascii")


def test_check_mode(sandbox, tmp_path):
    sandbox.reset()
    run = report(sandbox, tmp_path / "a", tmp_path / "out", check=True)
    assert run.status == 0, run.output
    assert list((tmp_path / "out").iterdir()) == [] and run.writes == []
    assert run.fact("report_result")["summary"]["sites"] == 0
    # Check mode predicts the changes.
    real = report(sandbox, tmp_path / "b", tmp_path / "out")
    assert real.status == 0 and real.changed == run.changed
    assert "Nothing is installed." in read(tmp_path / "out")["html"].decode("ascii")


def test_report_defaults(filled, tmp_path):
    target = tmp_path / "page.html"
    run = run_role(filled, tmp_path / "a", "report", {"report_html": str(target), "report_mode": "0644",
                                                      "report_title": "Ours & yours"})
    assert run.status == 0, run.output
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00Z", run.fact("report_result")["time"])
    assert target.stat().st_mode & 0o777 == 0o644 and "<h1>Ours &amp; yours</h1>" in target.read_text(encoding="ascii")


@pytest.mark.parametrize("content", ["{}", "no JSON"])
def test_invalid_earlier_report(content, filled, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "fleet.json").write_text(content, encoding="utf-8")
    run = report(filled, tmp_path / "a", out)
    assert run.status == 2 and "previous: the value is not a report of this format" in run.output
    assert (out / "fleet.json").read_text(encoding="utf-8") == content


@pytest.mark.parametrize("command", ["installs", "backups", "tasks", "browser"])
def test_server_unreachable(command, filled, tmp_path):
    filled.control("POST", "/faults", {"command": command, "fault": "html", "times": 0})
    run = report(filled, tmp_path / "a", tmp_path / "out")
    filled.control("DELETE", "/faults")
    assert run.status == 2 and list((tmp_path / "out").iterdir()) == []


def test_playbook(filled, tmp_path):
    run = run_playbook(filled, tmp_path / "a", "report", {"report_time": TIME, "report_html": "page.html"})
    assert run.status == 0, run.output
    found = json.loads((tmp_path / "a" / "report.json").read_text(encoding="utf-8"))
    assert_sites(found, rows(filled))
    assert (tmp_path / "a" / "page.html").exists() and (tmp_path / "a" / "report.csv").exists()
    assert not (tmp_path / "a" / "report.html").exists()
