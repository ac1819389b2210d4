# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password that is short or an ordinary word is never shown, and does not blacken what is no secret."""

import pytest
from canaries import search
from conftest import count
from controller import Controller
from harness import websites

HOST = "admin.example"


@pytest.fixture(scope="module")
def played(programs, place, sandbox, canaries, tmp_path_factory):
    """A site whose login, password and host name share a word; installed, changed, refused with a quotation."""
    sandbox.reset()
    controller = Controller(sandbox, programs, tmp_path_factory.mktemp("short"))
    site = {
        "url": "http://%s/wp-admin" % HOST,
        "application": "wordpress",
        "db_host": "localhost",
        "db_name": "admin_db",
        "db_user": "admin",
        "db_pass": "admin",
        "login": "admin",
        "passwd": "admin",
        "email": "admin@%s" % HOST,
        "sitetitle": "The admin page",
    }
    echo = [
        "POST",
        "/faults",
        {"fault": "refused", "command": "edit", "message": "Error: wrong password: admin, see /admin/"},
    ]
    tasks = [
        {"name": name, "hostops.installatron.itron_install": options, "ignore_errors": True}
        for name, options in (
            ("install", site),
            ("change", dict(site, passwd="blue", update_password="always")),
            ("refused", dict(site, email="e@x.example")),
        )
    ]
    played = controller.play(
        tasks,
        {"refused": [echo]},
        "-vvvv",
        "--diff",
        variables={"key": canaries.plain("api_key")},
        defaults={
            "api_url": sandbox.url,
            "api_key": "{{ key }}",
            "user": "alice",
            "run_on": place,
            "websites": websites(HOST),
        },
    )
    findings, size = search(canaries, played.places)
    count(canaries, played.places, findings, size)
    assert findings == []
    return played


def test_other_output_stays_readable(played):
    install = played.results["install"]["install"]
    assert (
        install["url"],
        install["login"],
        install["db_user"],
        install["db_name"],
        install["email"],
        install["title"],
    ) == ("http://%s/wp-admin" % HOST, "admin", "admin", "admin_db", "admin@%s" % HOST, "The admin page")
    diff = played.results["install"]["diff"]
    diff = diff[0] if isinstance(diff, list) else diff
    assert "admin" in str(diff["after"]) and "********" not in str(diff["after"]).replace("(set)", "")


def test_the_password_is_not_shown_where_it_is_one(played):
    arguments = played.results["install"]["steps"][0]["arguments"]
    assert arguments["passwd"] == arguments["db_pass"] == "********" and arguments["login"] == "admin"
    assert "blue" not in played.output


def test_a_refusal_stays_readable(played):
    message = played.results["refused"]["msg"]
    assert "wrong password" in message and "/admin/" in message
