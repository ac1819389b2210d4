# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and the lookup leave no secret in reports and state files."""

import json

import pytest
from canaries import search
from controller import Controller
from harness import websites
from matrix import PLACES, count
from playbook import echo

HOSTS = ("one.example", "two.example")


def described(canaries, host):
    """Return the description of a site with many secrets."""
    name = "role_" + host.partition(".")[0]
    return {
        "url": "http://" + host,
        "application": "wordpress",
        "version": "6.4.3",
        "db_host": "localhost",
        "db_name": name,
        "db_user": name,
        "db_pass": canaries.password(name + "_db_pass"),
        "passwd": canaries.password(name + "_passwd"),
        "bkloc": canaries.uri(name + "_bkloc", host="backup.example"),
        "websites": websites(host, id=host, path=canaries.uri(name + "_path", host=host)),
        "user": "alice",
    }


def tasks(sandbox, canaries, out):
    """Return (tasks, variables)."""
    sites = [described(canaries, host) for host in HOSTS]
    health = {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}
    userinfo = "http://web:%s@one.example" % canaries.password("role_lookup")

    def role(name, **more):
        return {"ansible.builtin.include_role": {"name": "hostops.installatron." + name}, "vars": more}

    made = [
        {"name": "sites", "hostops.installatron.itron_installs": {"installs": "{{ sites }}"}},
        dict(name="report", **role("report", report_user="alice", report_json="%s/r.json" % out, report_html="%s/r.html" % out, report_csv="%s/r.csv" % out)),
        dict(name="drift", **role("drift", drift_sites="{{ wanted }}", drift_json="%s/d.json" % out, drift_markdown="%s/d.md" % out, drift_fail=False)),
        {
            "name": "lookup",
            "ansible.builtin.debug": {"msg": "{{ query('hostops.installatron.site_health', {'url': userinfo, 'timeout': 1}) }}"},
            "ignore_errors": True,
        },
        {
            "name": "rollout",
            "block": [
                role(
                    "rollout",
                    rollout_user="alice",
                    rollout_sites="{{ updated }}",
                    rollout_soak=0,
                    rollout_state_file="%s/state.json" % out,
                    safe_update_poll_interval=0.05,
                    safe_update_health=health,
                )
            ],
            "rescue": [{"name": "stopped", "ansible.builtin.debug": {"msg": "the rollout stopped"}}],
        },
        dict(
            name="drill",
            **role(
                "restore_drill",
                restore_drill_sites="{{ drilled }}",
                restore_drill_json="%s/drill.json" % out,
                restore_drill_markdown="%s/drill.md" % out,
                restore_drill_address="127.0.0.1:%d" % sandbox.ready["port"],
                restore_drill_retries=0,
                restore_drill_fail=False,
            ),
        ),
    ]
    wanted = [dict(site, autoup="all", sitetitle="another", db_pass=canaries.password("role_drift_db_pass")) for site in sites]
    updated = [{"url": site["url"], "websites": site["websites"], "user": "alice"} for site in sites]
    drilled = [
        {
            "url": "http://" + host,
            "drill_url": "http://drill." + host,
            "user": "alice",
            "websites": websites("drill." + host, id=host, path=canaries.uri("role_drill_path_" + name, host=host)),
            "db_host": "localhost",
            "db_name": "drill_" + name,
            "db_user": "drill_" + name,
            "db_pass": canaries.password("role_drill_db_pass_" + name),
        }
        for host, name in ((host, host.partition(".")[0]) for host in HOSTS)
    ]
    return made, {"drilled": drilled, "updated": updated, "sites": sites, "wanted": wanted, "userinfo": userinfo}


@pytest.mark.parametrize("place", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PLACES])
def test_roles(place, programs, sandbox, canaries, tmp_path):
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path)
    made, variables = tasks(sandbox, canaries, controller.out)
    # The update of the canary fails, so the rollout stops.
    plan = {"Update the sites": [echo("task_fails", "upgrade", spelling="php"), echo("cut_json", "restore", spelling="html")]}
    # A restore fails with a message that quotes the request.
    plan["Restore and test the newest backup of each site"] = [echo("task_fails", "restore", spelling="php")]
    played = controller.play(
        made,
        plan,
        "-vv",
        "--diff",
        variables=dict(variables, key=canaries.plain("api_key")),
        defaults={"api_url": sandbox.url, "api_key": "{{ key }}", "run_on": place},
    )
    written = {name for name in played.places if name in ("r.json", "r.html", "r.csv", "d.json", "d.md", "state.json", "drill.json", "drill.md")}
    assert len(written) == 8, (sorted(played.places), played.output[-3000:])
    entries = [json.loads(line) for line in played.places["state.json"].splitlines()]
    messages = [entry["message"] for entry in entries if entry["event"] == "verdict" and entry["url"].endswith("one.example")]
    assert messages and "task" in messages[0], entries
    drills = json.loads(played.places["drill.json"])
    assert "failed" in {drill["verdict"] for drill in drills}, drills
    findings, size = search(canaries, played.places)
    count(canaries, played.places, findings, size)
    assert findings == []
