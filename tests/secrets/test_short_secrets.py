# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short or ordinary password is never shown, and does not cause the masking of other text."""

import pytest
from canaries import search
from controller import Controller
from harness import websites
from matrix import count

HOST = "admin.example"


@pytest.fixture(scope="module")
def played(programs, place, sandbox, canaries, tmp_path_factory):
    """A site whose login, password and host name share a word: installed, changed, and refused with a quotation."""
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


@pytest.fixture
def as_shown(programs, place):
    """Return a function that returns a string as it appears in the result.

    ansible-core 2.22 masks hidden options everywhere in the output of a module, but not in the output of an operation on
    the controller.
    """
    masks = place == "target" and any(programs.parent.glob("lib/*/site-packages/ansible/module_utils/secrets.py"))
    return lambda text: text.replace("admin", "$REDACTED$") if masks else text


def test_short_secret_not_masked_in_words(played, as_shown):
    install = played.results["install"]["install"]
    shown = [install[name] for name in ("url", "login", "db_user", "db_name", "email", "title")]
    expected = ["http://%s/wp-admin" % HOST, "admin", "admin", "admin_db", "admin@%s" % HOST, "The admin page"]
    assert shown == [as_shown(text) for text in expected]
    diff = played.results["install"]["diff"]
    diff = diff[0] if isinstance(diff, list) else diff
    assert as_shown("admin") in str(diff["after"]) and "********" not in str(diff["after"])


def test_short_password_masked(played, as_shown):
    arguments = played.results["install"]["steps"][0]["arguments"]
    assert arguments["passwd"] == arguments["db_pass"] == "********" and arguments["login"] == as_shown("admin")
    assert "blue" not in played.output


def test_refusal_readable(played, as_shown):
    message = played.results["refused"]["msg"]
    assert "wrong password" in message and as_shown("/admin/") in message
