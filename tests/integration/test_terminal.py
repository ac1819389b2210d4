# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from customers and servers cannot control the operator's terminal or forge lines of output."""

import pytest
from harness import PLACES, api, play, site, task, websites

from ansible_collections.hostops.installatron.plugins.module_utils._base.text import printable

# Clears the screen, sets the window title, C1, changes the writing direction, and forges lines of Ansible.
HOSTILE = "T\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.exe\nok: [localhost] => FAKE\r\nPLAY RECAP ****\u2028x"
HOST = "terminal.example"
FAKES = ("\nok: [localhost] => FAKE", "\nPLAY RECAP ****\n", "\nPLAY RECAP ****\u2028")


def fault(command, name, **more):
    """Return the preparation that sets one fault."""
    return ["POST", "/faults", dict({"command": command, "fault": name, "message": HOSTILE}, **more)]


@pytest.mark.parametrize("place", PLACES)
def test_control_characters_removed(place, sandbox, tmp_path):
    sandbox.reset()
    url = "http://%s" % HOST
    row = {"id": "a1", "installer": "wordpress", "version": "6.4.3", "owner": "alice", "url": url, "title": HOSTILE, "cf-sitetitle": HOSTILE}
    listed = fault("installs", "wrong_data_type", data=[row], times=0)
    there = [["DELETE", "/faults", None], api(sandbox, [HOST], "install", **site(HOST, version="6.4.3"))]
    calm, desired = ["DELETE", "/faults", None], {"url": url, "email": "a@b.example", "timeout": 1}
    tasks = [
        task("refused", desired, before=there + [fault("edit", "refused", errcode=HOSTILE)]),
        task("broken", desired, before=[fault("edit", "html")]),
        task("error", desired, before=[fault("edit", "plain_error", message="Error: " + HOSTILE)]),
        task("task", {"url": url, "version": "latest"}, before=[fault("upgrade", "task_fails")]),
        task("diff", {"url": url, "sitetitle": "mine"}, before=[calm, listed], check=True),
        {"name": "seen", "hostops.installatron.itron_install_info": {}, "register": "seen"},
    ]
    run = play(sandbox, tmp_path, tasks, place, ["--diff"], defaults={"websites": websites(HOST), "poll_interval": None})
    assert [record.name for record in run.records.values() if record.failed] == ["refused", "broken", "error", "task"], run.output
    for output in (run.output, run.log):
        assert [character for character in set(output) if not character.isprintable() and character != "\n"] == []
        assert [fake for fake in FAKES if fake in output] == []
    assert "\\u202egnp.exe" in run.output
    messages = {name: run[name].result["msg"] for name in ("refused", "broken", "error", "task")}
    assert all(message.isprintable() for message in messages.values())
    assert "FAKE PLAY RECAP" in messages["refused"] and "FAKE PLAY RECAP" in messages["task"] and "FAKE" not in messages["broken"]
    # The registered results contain the server's values unchanged. A diff is only for printing.
    assert [row["sitetitle"] for row in run["seen"].result["installs"]] == [HOSTILE]
    assert run["diff"].diff["before"]["sitetitle"] == printable(HOSTILE.strip())
