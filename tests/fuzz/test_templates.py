# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from the server is never evaluated as a template: in results, facts, errors, and inventory variables."""

import pytest
from bounds import FIGURES
from controller import Controller

# An evaluation is visible by the product of 7 and 191, or by the file.
SUM = "{{ 7 * 191 }}"
LOOKUP = "{{ lookup('ansible.builtin.pipe', 'touch %s') }}"
EVALUATED = "1337"


def hostile(trap):
    """Return a row of the server's list in which most strings are templates."""
    return {
        "id": "a" * 25,
        "installer": "wordpress",
        "version": "6.4.3",
        "owner": SUM,
        "url": "http://fuzz.example/x",
        "title": SUM + LOOKUP % trap,
        "cf-sitetitle": LOOKUP % trap,
        "cf-login": "{% if true %}" + SUM + "{% endif %}",
        "db-name": SUM,
        "autoup": "0",
        "time": "1700000000",
        "cf-mode": "{{ lookup('ansible.builtin.env', 'HOME') }}",
        "list-plugins": {SUM: {"Name": SUM, "Version": SUM}},
    }


def answer(command, data):
    """Return the setup request that makes a command return data."""
    return ["POST", "/faults", {"fault": "wrong_data_type", "command": command, "data": data, "times": 0}]


def tasks(trap):
    """Return the tasks and the setup requests for them."""
    row, installs = hostile(trap), "hostops.installatron.itron_install_info"
    task = {"id": "t", "status": "processing", "title": SUM, "message": SUM + LOOKUP % trap, "cmd": SUM, "url": SUM}
    refusal = [
        "POST",
        "/faults",
        {"fault": "refused", "command": "installs", "message": SUM + LOOKUP % trap, "errcode": SUM},
    ]
    app = {
        "id": "x",
        "appid": "x",
        "version": "1",
        "name": SUM,
        "description": LOOKUP % trap,
        "fields": {},
        "requirements": {},
    }
    plan = {
        "installs": [answer("installs", [row])],
        "plan": [answer("installs", [row])],
        "refused": [refusal],
        "tasks": [answer("tasks", [task])],
        "apps": [answer("browser", [app])],
    }
    made = [
        {"name": "installs", installs: {}, "register": "got"},
        {
            "name": "plan",
            "hostops.installatron.itron_install": {"url": row["url"], "sitetitle": "x"},
            "register": "planned",
            "check_mode": True,
        },
        {"name": "tasks", "hostops.installatron.itron_task_info": {}, "register": "ran"},
        {"name": "apps", "hostops.installatron.itron_app_facts": {}},
        {"name": "refused", installs: {}, "register": "failed", "ignore_errors": True},
    ]
    shown = {
        "title": "{{ got.installs[0].title }}",
        "owner": "owner is {{ got.installs[0].owner }}",
        "all": "{{ got }}",
        "planned": "{{ planned }}",
        "task": "{{ ran.tasks[0].message }}",
        "app": "{{ itron_apps[0].name }}",
        "fact": "{{ ansible_facts.itron_apps }}",
        "message": "{{ failed.msg }}",
        "code": "{{ failed.failure.errcode }}",
    }
    made += [
        {"name": "show", "ansible.builtin.debug": {"msg": shown}},
        {"name": "facts", "ansible.builtin.set_fact": {"again": "{{ got.installs[0].title }}"}},
        {"name": "again", "ansible.builtin.debug": {"msg": "{{ again }}"}},
        {"name": "loop", "ansible.builtin.debug": {"msg": "{{ item.title }}"}, "loop": "{{ got.installs }}"},
        {"name": "file", "ansible.builtin.copy": {"content": "{{ got.installs[0].title }}\n", "dest": "written"}},
    ]
    return made, plan


@pytest.mark.parametrize("place", ["controller", "target"])
def test_results(programs, place, sandbox, tmp_path):
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path)
    made, plan = tasks(tmp_path / "trap")
    made[-1]["ansible.builtin.copy"]["dest"] = str(controller.out / "written")
    played = controller.play(
        made,
        plan,
        "-vv",
        "--diff",
        variables={},
        defaults={"api_url": sandbox.url, "api_key": sandbox.key, "user": "fuzz", "run_on": place, "retries": 0},
    )
    assert played.status == 0 and played.failed == {"refused"}, played.output
    raw = hostile(tmp_path / "trap")["title"]
    shown = played.results["show"]["msg"]
    assert (shown["title"], shown["owner"], shown["app"], shown["code"]) == (raw, "owner is " + SUM, SUM, SUM)
    assert (
        SUM in shown["message"] and SUM in shown["task"] and SUM in str(shown["all"]) and SUM in str(shown["planned"])
    )
    assert played.results["again"]["msg"] == raw
    assert played.places["written"].decode() == raw + "\n"
    assert_not_evaluated(played, tmp_path)


def test_inventory(programs, sandbox, tmp_path):
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path)
    sandbox.control("POST", "/faults", answer("installs", [hostile(tmp_path / "trap")])[2])
    controller.write("plan.json", {})
    controller.write(
        "itron.yml",
        {
            "plugin": "hostops.installatron.itron",
            "compose": {"mine": "itron_title", "called": "'by ' ~ itron_owner"},
            "keyed_groups": [{"key": "itron_owner", "prefix": "o"}],
            "strict": True,
        },
    )
    controller.write(
        "playbook.yml",
        [
            {
                "hosts": "all",
                "gather_facts": False,
                "tasks": [
                    {
                        "name": "show",
                        "ansible.builtin.debug": {
                            "msg": {
                                "title": "{{ itron_title }}",
                                "mine": "{{ mine }}",
                                "called": "{{ called }}",
                                "mode": "{{ itron_settings.mode }}",
                            }
                        },
                    }
                ],
            }
        ],
    )
    played = controller.run(
        "ansible-playbook",
        "-i",
        "itron.yml",
        "-vv",
        "playbook.yml",
        ITRON_API_URL=sandbox.url,
        ITRON_API_KEY=sandbox.key,
        ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true",
        ANSIBLE_CACHE_PLUGIN="memory",
    )
    assert played.status == 0, played.output
    row = hostile(tmp_path / "trap")
    assert played.results["show"]["msg"] == {
        "title": row["title"],
        "mine": row["title"],
        "called": "by " + SUM,
        "mode": row["cf-mode"],
    }
    assert_not_evaluated(played, tmp_path)


def assert_not_evaluated(played, folder):
    """Assert that no template was evaluated."""
    FIGURES["inputs"] += 1
    evaluated = [name for name in ("stdout", "stderr", "results.jsonl") if EVALUATED in played.places[name].decode()]
    FIGURES["evaluated"] += len(evaluated) + (folder / "trap").exists()
    assert not (folder / "trap").exists()
    assert evaluated == []
