# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of itron_installs that are saved, approved, and applied exactly, by action and by module."""

import json

import pytest
from bulk_tasks import bulk, counts, held, hosts, outcomes, present
from harness import KEY, PLACES, USER, api, play, site, websites

NAMES = NEW, EDITED, MOVED, CURRENT, REMOVED, UNLISTED = hosts(6)
SECRET = "canary-of-the-new-site"
DESIRED = [
    site(NEW, version="6.4.3", db_pass=SECRET),
    {"url": "http://%s" % EDITED, "autoup": "all"},
    {"url": "http://%s" % MOVED, "autoup": "all"},
    {"url": "http://%s" % CURRENT, "version": "6.4.3"},
]


def pruned(**more):
    """Return the options of a task that removes what is not listed."""
    return dict({"installs": DESIRED, "prune": "absent"}, **more)


@pytest.fixture(scope="module", params=PLACES)
def story(request, sandbox, tmp_path_factory):
    """Plan twice, move a site, apply what was planned first, and apply once more."""
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


def test_plan_is_stable_and_holds_no_secret(story):
    plan = story["plan"].result["plan"]
    assert plan == story["plan again"].result["plan"] == json.loads(story.text)
    assert story["plan"].writes == [] and story.mode == 0o640
    assert [(entry["url"].partition("://")[2], entry["action"]) for entry in plan["sites"]] == [
        (NEW, "install"), (EDITED, "edit autoup"), (MOVED, "edit autoup"), (REMOVED, "uninstall"), (UNLISTED, "uninstall")]
    assert SECRET not in story.text and KEY not in story.text and "pw-of" not in story.text
    assert list(plan["sites"][0]["steps"][0]["secrets"]) == ["db_pass"]


def test_apply_refuses_exactly_what_moved(story):
    apply = story["apply"]
    assert apply.failed and outcomes(apply) == ["changed", "changed", "failed", "ok", "changed", "changed"]
    failure = apply.result["results"][2]["failure"]
    assert failure["stage"] == "plan" and "the site moved since the plan was made (on the server: " in failure["msg"]
    assert "cf-sitetitle" in failure["msg"]
    assert sorted(held(apply)) == sorted((NEW, EDITED, MOVED, CURRENT))
    assert {name: row["autoup"] for name, row in held(apply).items()} == {NEW: "0", EDITED: "2", MOVED: "0", CURRENT: "0"}


def test_apply_again_changes_nothing(story):
    again = story["apply again"]
    assert outcomes(again) == ["ok", "ok", "failed", "ok"] and again.writes == [] and again.changed is False


def test_apply_sends_what_a_direct_run_sends(sandbox, tmp_path):
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


def test_sites_that_are_not_in_the_plan_are_left_alone(sandbox, tmp_path):
    sandbox.reset()
    behind = [api(sandbox, NAMES, "edit", id="@" + CURRENT, autoup="1")]
    desired = [{"url": "http://%s" % name, "autoup": "none"} for name in (CURRENT,)] + [{"url": "http://%s" % EDITED, "autoup": "all"}]
    path = str(tmp_path / "plan.json")
    tasks = [bulk("plan", {"installs": desired, "plan_dest": path}, check=True, before=present(sandbox, (EDITED, CURRENT), autoup="0")),
             bulk("apply", {"installs": desired, "approved_plan": path}, before=behind, host=CURRENT)]
    apply = play(sandbox, tmp_path, tasks, defaults={"websites": websites(*NAMES)})["apply"]
    assert not apply.failed and outcomes(apply) == ["not_started", "changed"]
    assert [part["before_header"] for part in apply.result["diff"]] == ["http://%s (edit autoup)" % EDITED]
    assert held(apply)[CURRENT]["autoup"] == "1"
    assert any("1 sites would change and are not in it" in warning and CURRENT in warning for warning in apply.result["warnings"])


@pytest.mark.parametrize(("options", "message"), [
    ({"approved_plan": {"format": 1}}, "approved_plan: this is no plan"),
    ({"approved_plan": "nothing.json"}, "approved_plan: nothing.json cannot be read"),
    ({"approved_plan": "{"}, "approved_plan: this is no JSON"),
    ({"make_plan": True}, "make_plan: a plan is made in check mode, and this is a run that changes things"),
    ({"approved_digest": "x"}, "approved_digest: needs approved_plan"),
])
def test_options_refused(sandbox, tmp_path, options, message):
    sandbox.reset()
    record = play(sandbox, tmp_path, [bulk("run", dict({"installs": DESIRED[1:2]}, **options))], defaults={"user": USER})["run"]
    assert record.failed and message in record.result["msg"] and record.requests == []
