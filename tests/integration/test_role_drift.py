# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role and playbook drift: the report lists exactly the missing, unmanaged and different sites, and nothing is written."""

import json

import pytest
from harness import KEY, USER
from role_runs import described, install, run_playbook, run_role, stable_state

HOSTS = ["s%d.example" % number for number in range(1, 7)]
MISSING, UNMANAGED, DIFFERENT = "new.example", "s6.example", ("s1.example", "s2.example", "s3.example")


def estate():
    """Return the descriptions: one missing site, three that differ, and two that match."""
    sites = {host: described(host) for host in HOSTS if host != UNMANAGED}
    sites["s1.example"]["autoup"] = "minor"
    sites["s2.example"]["sitetitle"] = "Another | title"
    sites["s3.example"]["version"] = "latest"
    return list(sites.values()) + [described(MISSING)]


@pytest.fixture
def filled(sandbox):
    """The sandbox with six sites."""
    sandbox.reset()
    for host in HOSTS:
        install(sandbox, host, autoup="0", sitetitle="Title of %s" % host)
    return sandbox


def assert_named(report):
    """Assert that a report lists exactly the differences."""
    assert [row["url"] for row in report["missing"]] == ["http://%s" % MISSING]
    assert [row["url"] for row in report["unmanaged"]] == ["http://%s" % UNMANAGED]
    assert [row["url"] for row in report["different"]] == ["http://%s" % host for host in DIFFERENT]
    fields = [row["fields"] for row in report["different"]]
    assert fields[0] == {"autoup": {"actual": "none", "wanted": "minor"}}
    assert fields[1] == {"sitetitle": {"actual": "Title of s2.example", "wanted": "Another | title"}}
    assert list(fields[2]) == ["version"] and fields[2]["version"]["actual"] == "6.4.3"
    assert report["in_sync"] == 2 and report["errors"] == [] and report["accounts"] == []
    assert report["drifted"] is True and report["failure"] is None


def test_differences(filled, tmp_path):
    before, texts = stable_state(filled), []
    for number, check in enumerate((False, True, False)):
        files = {name: tmp_path / ("%d.%s" % (number, name)) for name in ("json", "markdown")}
        run = run_role(filled, tmp_path / str(number), "drift", dict(
            {"drift_%s" % name: str(path) for name, path in files.items()}, drift_sites=estate()), check)
        assert run.status == 2, run.output
        assert run.writes == [] and run.warnings == []
        assert_named(run.fact("drift_result"))
        assert_named(json.loads(files["json"].read_text(encoding="utf-8")))
        texts.append(files["markdown"].read_text(encoding="utf-8"))
        message = "missing: http://%s; different: %s; unmanaged: http://%s" % (MISSING, ", ".join("http://" + name for name in DIFFERENT), UNMANAGED)
        assert message in " ".join(run.output.split())
        assert "pw-of" not in run.output and KEY not in run.output
    assert stable_state(filled) == before
    assert texts[0] == texts[1] == texts[2]
    assert "| http://s2.example | sitetitle | Title of s2.example | Another \\| title |" in texts[0]
    for host in HOSTS[3:5]:
        assert host not in texts[0]


def test_no_drift_exit_code(filled, tmp_path):
    sites = [described(host) for host in HOSTS]
    run = run_role(filled, tmp_path / "a", "drift", {"drift_sites": sites})
    assert run.status == 0, run.output
    assert run.fact("drift_result")["in_sync"] == 6 and run.fact("drift_result")["drifted"] is False


def test_report_without_failure(filled, tmp_path):
    run = run_role(filled, tmp_path / "a", "drift", {"drift_sites": estate(), "drift_fail": False,
                                                     "drift_ignore": ["//s6[.]"]})
    assert run.status == 0, run.output
    assert run.fact("drift_result")["unmanaged"] == []
    assert '"drift": {' in run.output or "drift:" in run.output


def test_accounts(filled, tmp_path):
    sites = [described(host) for host in HOSTS]
    sites[0]["account"] = {"email": "alice@s1.example"}
    sites[1].update(user=USER)
    run = run_role(filled, tmp_path / "a", "drift", {"drift_sites": sites})
    assert run.status == 2 and run.writes == []
    assert [account["user"] for account in run.fact("drift_result")["accounts"]] == [USER]


def test_other_application(filled, tmp_path):
    sites = [described(host) for host in HOSTS]
    sites[0]["application"] = "joomla"
    run = run_role(filled, tmp_path / "a", "drift", {"drift_sites": sites})
    found = run.fact("drift_result")
    assert run.status == 2 and found["missing"] == found["unmanaged"] == []
    assert "joomla was requested, but wordpress is installed" in found["different"][0]["reason"]


@pytest.mark.parametrize("fault", ["html", "500"])
def test_server_unreachable(fault, filled, tmp_path):
    files = {name: tmp_path / name for name in ("json", "markdown")}
    variables = dict({"drift_%s" % name: str(path) for name, path in files.items()}, drift_sites=estate())
    assert run_role(filled, tmp_path / "before", "drift", variables).status == 2
    filled.control("POST", "/faults", {"command": "installs", "fault": fault, "times": 0})
    # Also with drift_fail: false, which only applies to drift.
    run = run_role(filled, tmp_path / "a", "drift", dict(variables, drift_fail=False))
    filled.control("DELETE", "/faults")
    assert run.status == 2 and run.writes == []
    assert "could not be compared with the server: " in " ".join(run.output.split())
    # The report replaces that of the earlier run.
    report = json.loads(files["json"].read_text(encoding="utf-8"))
    assert report["drifted"] is None and report["failure"] and report["missing"] == report["different"] == []
    assert "http://" + MISSING not in files["markdown"].read_text(encoding="utf-8")
    assert run.fact("drift_result") == report and KEY not in run.output


def test_invalid_description(filled, tmp_path):
    run = run_role(filled, tmp_path / "a", "drift", {"drift_sites": [{"application": "wordpress"}]})
    assert run.status == 2 and run.fact("drift_result")["drifted"] is None
    assert "site 1 has neither url nor id" in run.fact("drift_result")["failure"]


def test_playbook(filled, tmp_path):
    run = run_playbook(filled, tmp_path / "a", "drift", {"itron_sites": estate(), "drift_json": "drift.json"})
    assert run.status == 2 and run.writes == []
    assert_named(json.loads((tmp_path / "a" / "drift.json").read_text(encoding="utf-8")))


def test_check_mode_empty_server(sandbox, tmp_path):
    sandbox.reset()
    run = run_role(sandbox, tmp_path / "a", "drift", {"drift_sites": estate(), "drift_fail": False}, check=True)
    assert run.status == 0, run.output
    assert len(run.fact("drift_result")["missing"]) == 6
