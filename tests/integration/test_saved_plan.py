# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of itron_installs: saved, approved, and applied exactly, by action and by module."""

import json

import pytest
from bulk_tasks import bulk, counts, hosts, installs_by_host, outcomes, present
from harness import KEY, MODULE, PLACES, USER, api, play, site, task, websites

NAMES = NEW, EDITED, MOVED, CURRENT, REMOVED, UNLISTED = hosts(6)
SECRET = "canary-of-the-new-site"
DESIRED = [
    site(NEW, version="6.4.3", db_pass=SECRET),
    {"url": "http://%s" % EDITED, "autoup": "all"},
    {"url": "http://%s" % MOVED, "autoup": "all"},
    {"url": "http://%s" % CURRENT, "version": "6.4.3"},
]


def pruned(**more):
    """Return the options of a task that removes sites that are not listed."""
    return dict({"installs": DESIRED, "prune": "absent"}, **more)


@pytest.fixture(scope="module", params=PLACES)
def story(request, sandbox, tmp_path_factory):
    """Plan twice, change a site, apply the first plan, and apply it once more."""
    folder = tmp_path_factory.mktemp(request.param)
    sandbox.reset()
    path = str(folder / "plan.json")
    behind = [api(sandbox, NAMES, "edit", id="@" + MOVED, sitetitle="Another title")]
    tasks = [
        bulk("plan", pruned(plan_dest=path), check=True, before=present(sandbox, NAMES[1:])),
        bulk("plan again", pruned(make_plan=True), check=True),
        bulk("apply", pruned(approved_plan=path), before=behind, host=MOVED),
        bulk("apply again", pruned(approved_plan=path)),
    ]
    run = play(sandbox, folder, tasks, request.param, defaults={"websites": websites(*NAMES)})
    run.text = (folder / "plan.json").read_text(encoding="utf-8")
    run.mode = (folder / "plan.json").stat().st_mode & 0o777
    return run


def test_plan_content(story):
    plan = story["plan"].result["plan"]
    assert plan == story["plan again"].result["plan"] == json.loads(story.text)
    assert story["plan"].writes == [] and story.mode == 0o640
    assert [(entry["url"].partition("://")[2], entry["action"]) for entry in plan["sites"]] == [
        (NEW, "install"), (EDITED, "edit autoup"), (MOVED, "edit autoup"), (REMOVED, "uninstall"), (UNLISTED, "uninstall")]
    assert SECRET not in story.text and KEY not in story.text and "pw-of" not in story.text
    assert list(plan["sites"][0]["steps"][0]["secrets"]) == ["db_pass"]


def test_apply_refuses_changed_sites(story):
    apply = story["apply"]
    assert apply.failed and outcomes(apply) == ["changed", "changed", "failed", "ok", "changed", "changed"]
    failure = apply.result["results"][2]["failure"]
    assert failure["stage"] == "plan" and "the site has changed since the plan was created (on the server: " in failure["msg"]
    assert "cf-sitetitle" in failure["msg"]
    assert sorted(installs_by_host(apply)) == sorted((NEW, EDITED, MOVED, CURRENT))
    assert {name: row["autoup"] for name, row in installs_by_host(apply).items()} == {NEW: "0", EDITED: "2", MOVED: "0", CURRENT: "0"}


def test_apply_idempotency(story):
    again = story["apply again"]
    assert outcomes(again) == ["ok", "ok", "failed", "ok"] and again.writes == [] and again.changed is False


def test_apply_equals_direct_run(sandbox, tmp_path):
    sent = []
    for place in ("direct", "approved"):
        sandbox.reset()
        path = str(tmp_path / "plan.json")
        tasks = [bulk("plan", pruned(plan_dest=path), check=True, before=present(sandbox, NAMES[1:])),
                 bulk("run", pruned(max_parallel=1, **({"approved_plan": path} if place == "approved" else {})))]
        run = play(sandbox, tmp_path / place, tasks, defaults={"websites": websites(*NAMES)})
        assert not run["run"].failed, run["run"].result["msg"]
        polled = dict(counts(run["run"]), tasks=None)
        sent.append((polled, [request["command"] for request in run["run"].writes]))
    assert sent[0] == sent[1]


def test_apply_skips_sites_not_in_plan(sandbox, tmp_path):
    sandbox.reset()
    behind = [api(sandbox, NAMES, "edit", id="@" + CURRENT, autoup="1")]
    desired = [{"url": "http://%s" % name, "autoup": "none"} for name in (CURRENT,)] + [{"url": "http://%s" % EDITED, "autoup": "all"}]
    path = str(tmp_path / "plan.json")
    tasks = [bulk("plan", {"installs": desired, "plan_dest": path}, check=True, before=present(sandbox, (EDITED, CURRENT), autoup="0")),
             bulk("apply", {"installs": desired, "approved_plan": path}, before=behind, host=CURRENT)]
    apply = play(sandbox, tmp_path, tasks, defaults={"websites": websites(*NAMES)})["apply"]
    assert not apply.failed and outcomes(apply) == ["not_started", "changed"]
    assert [part["before_header"] for part in apply.result["diff"]] == ["http://%s (edit autoup)" % EDITED]
    assert installs_by_host(apply)[CURRENT]["autoup"] == "1"
    assert any("1 sites would change but are not in the plan" in warning and CURRENT in warning for warning in apply.result["warnings"])


def test_plan_size(sandbox, tmp_path):
    """The plan is smaller than 1 MiB for 10,000 sites of which 100 change."""
    sandbox.reset()
    sandbox.control("POST", "/seed", {"count": 10000, "user": USER})
    desired = [{"url": "http://site%05d.example" % number, "autoup": "all" if number <= 100 else "none"} for number in range(1, 10001)]
    (tmp_path / "sites.json").write_text(json.dumps(desired), encoding="utf-8")
    options = {"installs_from": ["sites.json"], "defaults": {"dryrun": "none"}, "plan_dest": "plan.json"}
    plan = play(sandbox, tmp_path, [bulk("plan", options, check=True)])["plan"].result["plan"]
    assert (plan["total"], len(plan["sites"])) == (10000, 100)
    assert (tmp_path / "plan.json").stat().st_size < 2**20


def test_plan_ignores_backups(sandbox, tmp_path):
    sandbox.reset()
    desired, path = [{"url": "http://%s" % EDITED, "autoup": "all"}], str(tmp_path / "plan.json")
    tasks = [bulk("plan", {"installs": desired, "plan_dest": path}, check=True, before=present(sandbox, (EDITED,))),
             bulk("apply", {"installs": desired, "approved_plan": path}, before=[api(sandbox, NAMES, "backup", id="@" + EDITED)], host=EDITED)]
    apply = play(sandbox, tmp_path, tasks, defaults={"websites": websites(*NAMES)})["apply"]
    assert not apply.failed and outcomes(apply) == ["changed"]


@pytest.mark.parametrize("place", PLACES)
def test_plan_one_site(sandbox, tmp_path, place):
    sandbox.reset()
    path = str(tmp_path / "plan.json")
    options = dict(site(EDITED), autoup="all", sitetitle="Ours")
    behind = [api(sandbox, NAMES, "edit", id="@" + EDITED, sitetitle="Theirs")]
    tasks = [task("plan", dict(options, plan_dest=path), check=True, before=present(sandbox, (EDITED,))),
             task("moved", dict(options, approved_plan=path), before=behind, host=EDITED),
             task("plan again", dict(options, plan_dest=path), check=True),
             task("another", dict(options, autoup="minor", approved_plan=path)),
             task("apply", dict(options, approved_plan="{{ plan.plan }}", approved_digest="{{ plan.plan.digest }}")),
             task("done", dict(options, approved_plan=path))]
    tasks[2]["register"] = "plan"
    run = play(sandbox, tmp_path, tasks, place, defaults={"websites": websites(*NAMES)})
    plan = run["plan again"].result["plan"]
    assert plan == json.loads((tmp_path / "plan.json").read_text()) and plan["total"] == 1
    assert [(entry["url"], entry["action"]) for entry in plan["sites"]] == [("http://%s" % EDITED, "edit autoup, sitetitle")]
    assert run["moved"].failed and run["moved"].writes == [] and "on the server: cf-sitetitle" in run["moved"].result["msg"]
    assert run["another"].failed and run["another"].requests == [] and "a file, an option or a secret has changed" in run["another"].result["msg"]
    assert run["apply"].changed and installs_by_host(run["apply"])[EDITED]["autoup"] == "2" and installs_by_host(run["apply"])[EDITED]["cf-sitetitle"] == "Ours"
    assert not run["done"].failed and run["done"].changed is False and run["done"].writes == []


@pytest.mark.parametrize("place", PLACES)
def test_plan_rollout(sandbox, tmp_path, place):
    """Only sites of the plan that have not changed since are updated."""
    sandbox.reset()
    path, names = str(tmp_path / "plan.json"), (EDITED, MOVED)
    options = {"owned_accounts": False, "journal": str(tmp_path / "journal"), "server_revert": False,
               "health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"], "delay": 0.05}}
    seeds = {name: {"count": 1, "user": USER, "files": True, "domain": name, "version": "6.4.3"} for name in (*names, NEW)}
    behind = [["POST", sandbox.url, {"key": KEY, "cmd": "edit", "user": USER, "id": "@" + MOVED, "sitetitle": "Another title"}],
              ["POST", "/seed", seeds[NEW]]]
    for name in names:
        sandbox.control("POST", "/seed", seeds[name])
    tasks = [rollout("plan", dict(options, plan_dest=path), check=True),
             rollout("apply", dict(options, approved_plan=path), before=behind, host=MOVED)]
    run = play(sandbox, tmp_path, tasks, place, defaults={"websites": websites(*NAMES)})
    plan = run["plan"].result["plan"]
    assert [(entry["url"], entry["action"]) for entry in plan["sites"]] == [("http://%s" % name, "6.4.3 -> 6.5.5") for name in names]
    assert run["plan"].writes == [] and plan["total"] == 2
    apply = run["apply"]
    assert not apply.failed and {verdict["url"]: (verdict["verdict"], verdict["reason"]) for verdict in apply.result["verdicts"]} == {
        "http://%s" % NEW: ("skipped", "not_approved"), "http://%s" % EDITED: ("updated", "healthy"), "http://%s" % MOVED: ("skipped", "moved")}
    assert {name: row["version"] for name, row in installs_by_host(apply).items()} == {NEW: "6.4.3", EDITED: "6.5.5", MOVED: "6.4.3"}
    assert "cf-sitetitle" in next(verdict["message"] for verdict in apply.result["verdicts"] if verdict["reason"] == "moved")


def rollout(name, options, **keywords):
    """Return one task of itron_rollout."""
    made = task(name, options, **keywords)
    made["hostops.installatron.itron_rollout"] = made.pop(MODULE)
    return made


@pytest.mark.parametrize(("options", "message"), [
    ({"approved_plan": {"format": 1}}, "approved_plan: the value is not a saved plan"),
    ({"approved_plan": "nothing.json"}, "approved_plan: cannot read nothing.json"),
    ({"approved_plan": "{"}, "approved_plan: the value is not JSON"),
    ({"make_plan": True}, "make_plan: a plan can only be created in check mode"),
    ({"approved_digest": "x"}, "approved_digest: requires approved_plan"),
])
def test_options_refused(sandbox, tmp_path, options, message):
    sandbox.reset()
    record = play(sandbox, tmp_path, [bulk("run", dict({"installs": DESIRED[1:2]}, **options))], defaults={"user": USER})["run"]
    assert record.failed and message in record.result["msg"] and record.requests == []
