# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin leaves no secret in its output, cache or errors. A GUI session is not printed by default."""

import json

import pytest
from canaries import search
from controller import Controller
from harness import websites
from matrix import count


def row(canaries):
    """Return a row of the server's list with a secret in every member that replies have for one."""
    return {
        "id": "a" * 25,
        "installer": "wordpress",
        "version": "6.4.3",
        "owner": "alice",
        "url": "http://vault.example",
        "db-pass": canaries.password("inventory_db_pass"),
        "cf-passwd": canaries.password("inventory_cf_passwd"),
        "bkloc": canaries.uri("inventory_bkloc"),
        "path": canaries.uri("inventory_path"),
        "cf-cryptkey": canaries.plain("inventory_setting"),
        "title": "Was " + canaries.password("inventory_db_pass"),
    }


ANSWERS = {
    "good": lambda rows: {"fault": "wrong_data_type", "data": rows},
    "mixed": lambda rows: {"fault": "wrong_data_type", "data": rows + [json.dumps(rows)]},
    "cut": lambda rows: {"fault": "cut_json", "echo": True, "after": False},
    "refused": lambda rows: {"fault": "refused", "echo": True},
    "redirect": lambda rows: {"fault": "redirect", "echo": True},
}


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_inventory(programs, sandbox, canaries, tmp_path, answer):
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path)
    sandbox.control("POST", "/faults", dict(ANSWERS[answer]([row(canaries)]), command="installs", times=0))
    controller.write(
        "itron.yml",
        {
            "plugin": "hostops.installatron.itron",
            "cache": True,
            "cache_plugin": "ansible.builtin.jsonfile",
            "cache_connection": str(controller.out / "inventory-cache"),
            "retries": 0,
        },
    )
    controller.write("plan.json", {})
    played = controller.run(
        "ansible-inventory",
        "-i",
        "itron.yml",
        "--list",
        "-vvvv",
        ITRON_API_URL=sandbox.url,
        ITRON_API_KEY=canaries.plain("api_key"),
        ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true",
    )
    findings, size = search(canaries, played.places)
    count(canaries, played.places, findings, size)
    assert findings == []
    assert (played.status == 0) == (answer == "good"), played.output
    assert ("files.example" in played.output) == (answer == "good")
    assert any(name.startswith("inventory-cache/") for name in played.places) == (answer == "good")


def test_session_not_printed(programs, place, sandbox, canaries, tmp_path):
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path)
    tasks = [
        {
            "name": "session",
            "hostops.installatron.itron_gui_session": {"user": "carol", "websites": websites("carol.example")},
            "register": "session",
        },
        {"name": "use", "ansible.builtin.assert": {"that": "session.session_id in session.url"}},
    ]
    played = controller.play(
        tasks,
        {},
        variables={"key": canaries.plain("api_key")},
        defaults={"api_url": sandbox.url, "api_key": "{{ key }}", "run_on": place},
    )
    assert played.status == 0, played.output
    session = played.results["session"]["session_id"]
    searched = {name: data for name, data in played.places.items() if name != "results.jsonl"}
    assert [name for name, data in searched.items() if session.encode() in data] == []
