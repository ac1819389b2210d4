# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_user: accounts and websites are created, compared, changed and forgotten, by action and by module."""

import json

import pytest
from harness import KEY, PLACES, api, play
from reading import play_reading_tasks, reading_task
from scenarios import PHASES, cases, main_scenarios
from second_host import SecondHost, missing_requirement

READ = "GET /users/{id}"
EDIT = [READ, "edituser", READ]
OLD_PASSWORD, NEW_PASSWORD = "canary-old-ftp-password", "canary-new/ftp@password"
HOME = {"id": "one", "label": "one.example", "path": "/home/one", "vhosts": {"http://one.example": "www"}, "uid": 1001}
SHOP = {"id": "two", "path": "ftp://web:%s@files.example/two" % OLD_PASSWORD, "vhosts": {"https://two.example": "shop"}}


def preparation(sandbox, user, cmd="edituser", **arguments):
    """Return the preparation that sends one command for a user."""
    return ["POST", sandbox.url, dict({"key": KEY, "cmd": cmd, "user": user}, **arguments)]


class Account:
    """A scenario: an account that is checked, run, run again and checked again.

    Arguments:
        name: of the account and of the scenario. options: of itron_user in addition to user.
        commands: of the first real run. again: of the second one.
        before: callable(sandbox, name) -> preparations.
        verify: callable(record, the account in the sandbox or None).
    """

    def __init__(self, name, options, commands, before=None, again=(READ,), verify=None):
        self.name, self.options, self.commands = name, options, list(commands)
        self.before, self.again, self.verify = before, list(again), verify

    def tasks(self, sandbox):
        """Return the tasks of all phases."""
        before = self.before(sandbox, self.name) if self.before else ()
        return [
            reading_task(
                "%s: %s" % (self.name, phase),
                "itron_user",
                dict({"user": self.name}, **self.options),
                phase.startswith("check"),
                before if phase == "check" else (),
            )
            for phase in PHASES
        ]


def preinstalled(**arguments):
    """Return preparations: the account exists, with these arguments."""
    return lambda sandbox, name: [preparation(sandbox, name, **arguments)]


def account(record, name):
    """Return an account of the sandbox after a task, or None."""
    return next((user for user in record.state["users"] if user["id"] == name), None)


def sent(*names, **values):
    """Return a check that edituser was sent with these arguments in addition to user and the header, and with these values."""

    def verify(record, user):
        arguments = dict(record.result["steps"][0]["arguments"])
        assert arguments.pop("user") == user["id"]
        assert sorted(arguments) == sorted(names)
        assert {name: user[name] for name in values} == values

    return verify


def all_stored(record, user):
    """Assert that the server has all values, and that they are returned."""
    assert (user["type"], user["language"], user["email"], user["package"], user["suspended"], user["parent"]) == (
        "reseller",
        "nl",
        "a@b.example",
        "gold",
        "yes",
        "boss",
    )
    assert [website["id"] for website in user["websites"]] == ["one", "two"]
    result = record.result["user"]
    assert result["reseller"] == "boss" and result["language"] == "nl" and result["suspended"] is True
    assert result["websites"][0]["vhosts"] == {"http://one.example": "www"}
    assert result["websites"][0]["uid"] == 1001 and result["websites"][1]["suspended"] is False
    assert result["websites"][1]["custom"] == {"_plan": "gold"}
    assert result["websites"][1]["databases"] == [{"type": "mysql", "host": "localhost", "name": "d", "user": "d"}]


def vhost_changed(record, user):
    """Assert that the diff contains the website and the domain, and that the whole list was sent."""
    assert record.diff["before"] == {"id": user["id"], "websites": {"one": {"vhosts": {"http://one.example": "www"}}}}
    assert record.diff["after"] == {"id": user["id"], "websites": {"one": {"vhosts": {"http://new.example": "www"}}}}
    assert user["websites"][0]["vhosts"] == {"http://new.example": "www"} and len(user["websites"]) == 2


def password_changed(record, user):
    """Assert that a new password in a path is a change, is sent to the server, and is not shown."""
    assert user["websites"][1]["path"] == "ftp://web:canary-new%2Fftp%40password@files.example/two"
    assert record.diff["before"]["websites"] == {"two": {"path": "ftp://web:********@files.example/two"}}
    assert record.diff["after"]["websites"] == {"two": {"path": "ftp://web:********@files.example/two (changed)"}}
    for secret in (OLD_PASSWORD, NEW_PASSWORD, "canary-new%2Fftp%40password"):
        assert secret not in json.dumps(record.result)


def website_removed(record, user):
    """Assert that a website that is no longer listed is gone."""
    assert [website["id"] for website in user["websites"]] == ["one"]
    assert sorted(record.diff["before"]["websites"]) == ["two"] and record.diff["after"]["websites"] == {}
    assert OLD_PASSWORD not in json.dumps(record.result)


def forgotten(record, user):
    """Assert that the account is gone."""
    assert user is None and record.result["user"] is None
    assert record.diff["after"] == {}


def forgotten_with_sites(record, user):
    """Assert that the server has no record of the application and that its files still exist."""
    forgotten(record, user)
    assert record.diff["before"]["installs"] == ["http://forced.example"]
    assert [row for row in record.state["installs"] if row["owner"] == "forced"] == []


def installed(sandbox, name):
    """Return preparations: the account has an installed application."""
    command = api(
        sandbox,
        ["%s.example" % name],
        "install",
        application="wordpress",
        url="http://%s.example" % name,
        db_host="localhost",
        db_name=name,
        db_user=name,
        db_pass="pw-of-%s" % name,
    )
    command[2]["user"] = name
    return [command]


ACCOUNTS = [
    Account("created", {}, EDIT, verify=sent(type="user", language="en", suspended="no", websites=[])),
    Account(
        "full",
        {
            "type": "reseller",
            "language": "nl",
            "email": "a@b.example",
            "package": "gold",
            "suspended": True,
            "reseller": "boss",
            "update_package": "with_changes",
            "websites": [
                HOME,
                dict(
                    SHOP,
                    suspended=False,
                    custom={"_plan": "gold"},
                    databases=[{"host": "localhost", "name": "d", "user": "d", "pass": "canary-database"}],
                ),
            ],
        },
        EDIT,
        again=[READ],
        verify=all_stored,
    ),
    Account(
        "suspended",
        {"suspended": True},
        EDIT,
        preinstalled(websites=[HOME]),
        verify=sent("suspended", suspended="yes", websites=[HOME]),
    ),
    Account(
        "released",
        {"suspended": False, "email": ""},
        EDIT,
        preinstalled(suspended="yes"),
        verify=sent("suspended", suspended="no"),
    ),
    Account("language", {"language": "nl", "type": "user"}, EDIT, preinstalled(), verify=sent("language", language="nl")),
    Account("typed", {"type": "reseller"}, EDIT, preinstalled(), verify=sent("type", type="reseller")),
    Account("moved", {"reseller": "boss"}, EDIT, preinstalled(reseller="other"), verify=sent("reseller", parent="boss")),
    Account(
        "vhost",
        {"websites": [dict(HOME, vhosts={"http://new.example": "www"}), SHOP]},
        EDIT,
        preinstalled(websites=[HOME, SHOP]),
        verify=vhost_changed,
    ),
    Account(
        "reordered",
        {"email": "new@example.com", "websites": [SHOP, HOME]},
        EDIT,
        preinstalled(websites=[HOME, SHOP]),
        verify=sent("email", email="new@example.com"),
    ),
    Account(
        "password",
        {"websites": [HOME, dict(SHOP, path="ftp://web:canary-new%2Fftp%40password@files.example/two")]},
        EDIT,
        preinstalled(websites=[HOME, SHOP]),
        verify=password_changed,
    ),
    Account("removed", {"websites": [HOME]}, EDIT, preinstalled(websites=[HOME, SHOP]), verify=website_removed),
    Account("emptied", {"websites": []}, EDIT, preinstalled(websites=[HOME]), verify=sent("websites", websites=[])),
    Account(
        "gone", {"state": "absent"}, [READ, "installs", "deleteuser", READ], preinstalled(websites=[HOME]), verify=forgotten
    ),
    Account(
        "forced",
        {"state": "absent", "force": True},
        [READ, "installs", "deleteuser", READ],
        installed,
        verify=forgotten_with_sites,
    ),
]
HIDDEN = {"full"}


@pytest.fixture(scope="module")
def runs(sandbox, chosen, tmp_path_factory):
    """All scenarios of this file, run by action and by module."""
    folder, found = tmp_path_factory.mktemp("user"), {}
    for place, scenarios in chosen(ACCOUNTS).items():
        if not scenarios:
            continue
        sandbox.reset()
        tasks = [task for scenario in scenarios for task in scenario.tasks(sandbox)]
        found[place] = play_reading_tasks(sandbox, folder / place, tasks, place, arguments=["-vvvv"], user=None)
        assert {line.partition("package: ")[1] for line in found[place].warnings} <= {"package: "}
        assert_no_secrets_shown(found[place])
    return found


def assert_no_secrets_shown(run):
    """Assert that neither a result nor the output of a whole run shows a secret."""
    results = json.dumps([record.result for record in run.records.values()])
    # The variables of a task contain the preparations of this test but no options of the module.
    output = "\n".join(line for line in run.output.splitlines() if "sandbox_before" not in line)
    for secret in (OLD_PASSWORD, "canary-new", "canary-database", KEY):
        assert secret not in results and secret not in output


def assert_documented(record):
    """Assert that the specification describes every request. A request for a missing user is allowed."""
    for request in record.requests:
        assert request["undocumented"] == [] and request["schema_errors"] == [], (record.name, request)
        assert request["outcome"] == "ok" or request["errcode"] == "user_not_found", (record.name, request)


@pytest.mark.parametrize(("scenario", "place"), cases(__file__, ACCOUNTS))
def test_scenario(scenario, place, runs):
    assert_account(scenario, runs[place])


def assert_account(scenario, run):
    """Assert the rules of all scenarios and the expectations of this one."""
    check, first, again, last = (run["%s: %s" % (scenario.name, phase)] for phase in PHASES)
    for record in (check, first, again, last):
        assert not record.failed, (record.name, record.result["msg"])
        assert_documented(record)
    assert check.writes == [] and check.changed is first.changed is True
    assert check.diff == first.diff
    assert set(check.result) - {"invocation"} == set(first.result) - {"invocation"}
    assert [(step["command"], step["arguments"]) for step in check.result["steps"]] == [
        (step["command"], step["arguments"]) for step in first.result["steps"]
    ]
    assert check.commands == [command for command in scenario.commands if command in (READ, "installs")][:-1]
    assert first.commands == scenario.commands
    for record in (again, last):
        assert record.changed is False and record.writes == [], (record.name, record.diff)
        assert record.diff == {"before": {}, "after": {}} and record.commands == scenario.again
        assert bool(record.result.get("warnings")) == (scenario.name in HIDDEN)
    if scenario.verify:
        scenario.verify(first, account(first, scenario.name))


@pytest.mark.parametrize("scenario", main_scenarios(__file__, ACCOUNTS), ids=lambda scenario: scenario.name)
def test_action_and_module_agree(scenario, runs):
    for phase in PHASES:
        action, module = (runs[place]["%s: %s" % (scenario.name, phase)] for place in PLACES)
        assert action.comparable() == module.comparable(), action.name
        assert action.commands == module.commands, action.name


@pytest.fixture(scope="module")
def second(sandbox, tmp_path_factory):
    """All scenarios of this file, run over the command line of a second host."""
    reason = missing_requirement()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("second")
    host = SecondHost(folder, sandbox)
    sandbox.reset()
    return play(
        sandbox,
        folder / "play",
        [task for scenario in ACCOUNTS for task in scenario.tasks(sandbox)],
        host=host,
        defaults={"transport": "cli", "api_url": None, "user": None, "poll_interval": None},
    )


@pytest.mark.parametrize("scenario", ACCOUNTS, ids=lambda scenario: scenario.name)
def test_scenario_over_the_command_line(scenario, second):
    assert_account(scenario, second)
    interfaces = {
        request["interface"] for phase in PHASES for request in second["%s: %s" % (scenario.name, phase)].requests
    }
    assert interfaces == {"cli"}
