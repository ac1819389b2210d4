# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_install: every failure message is a single line that names the option or command and the remedy, and is correct."""

import pytest
from harness import KEY, PLACES, api, play, site, task, websites
from scenarios import cases, main_scenarios

HOST = "there.example"
FREE = "free.example"
HOSTS = (HOST, FREE)


def fault(name, command="*", **more):
    """Return the preparation that sets a fault for the next requests."""
    return ["POST", "/faults", dict({"command": command, "fault": name, "times": 0}, **more)]


class Failure:
    """A task that must fail.

    Arguments:
        name: of the scenario. options: of itron_install. words: must be in the message.
        failure: must be in C(failure). before: preparations. requests: maximum number of requests, or None.
    """

    def __init__(self, name, options, words, failure=None, before=(), requests=None):
        self.name = name
        self.options = options
        self.words = words
        self.failure = failure or {}
        self.before = list(before)
        self.requests = requests

    def tasks(self):
        """Return the tasks: in check mode and without."""
        return [task("%s: %s" % (self.name, phase), self.options, check=phase == "check",
                     before=[["DELETE", "/faults", None]] + self.before) for phase in ("check", "run")]


def existing(**options):
    """Return the options of the existing site."""
    return dict({"url": "http://%s" % HOST, "application": "wordpress"}, **options)


FAILURES = [
    Failure("wrong key", existing(api_key="00000000000000000000000000000000"), ["installs", "api_key"],
            {"command": "installs", "stage": "read", "errcode": "invalid_api_key"}, requests=1),
    Failure("short key", existing(api_key="short"), ["api_key"], requests=0),
    Failure("invalid api_url", existing(api_url="server/v1"), ["api_url"], requests=0),
    Failure("wrong path", existing(api_url="{{ url_of_nothing }}"), ["installs", "404", "api_url"],
            {"command": "installs", "http_status": 404}),
    Failure("closed port", existing(api_url="http://127.0.0.1:9/server/v1", retries=0),
            ["installs", "no connection", "api_url"], {"command": "installs", "stage": "read"}, requests=0),
    Failure("html", existing(), ["installs", "HTML", "api_url"], {"command": "installs"}, [fault("html")]),
    Failure("plain error", existing(), ["installs", "The server is busy"], {"command": "installs"},
            [fault("plain_error")]),
    Failure("truncated JSON", existing(), ["installs", "truncated"], {"command": "installs"}, [fault("cut_json")]),
    Failure("empty", existing(), ["installs", "empty"], {"command": "installs"}, [fault("empty")]),
    Failure("wrong data", existing(), ["installs", "data", "list"], {"command": "installs"},
            [fault("wrong_data_type")]),
    Failure("redirect", existing(), ["installs", "https://login.invalid/", "api_url"],
            {"command": "installs", "http_status": 302}, [fault("redirect")], requests=1),
    Failure("server error", existing(), ["installs", "500"], {"command": "installs", "http_status": 500},
            [fault("500")], requests=1),
    Failure("wrong type", existing(autobk_daily="many"), ["autobk_daily", "int"], requests=0),
    Failure("wrong choice", existing(autoup="sometimes"), ["autoup", "none, minor, all"], requests=0),
    Failure("unknown option", existing(sitetitel="x"), ["sitetitel"], requests=0),
    Failure("neither id nor url", {"application": "wordpress"}, ["id", "url"], requests=0),
    Failure("url with user", existing(url="http://me:pw-in-the-url@%s" % HOST), ["url", "user info"], requests=0),
    Failure("url with query", existing(url="http://%s/?p=1" % HOST), ["url", "query"], requests=0),
    Failure("url without scheme", existing(url=HOST), ["url"], requests=0),
    Failure("schedule not custom", existing(autobk="daily30", autobk_daily=3), ["autobk_daily", "custom"], requests=0),
    Failure("option in settings", existing(settings={"email": "a@example.com"}), ["settings", "email"], requests=0),
    Failure("unsupported field", {"url": "http://%s" % FREE, "application": "joomla", "sitetagline": "x"}, ["sitetagline: joomla has no such field"],
            {"stage": "input"}, requests=3),
    Failure("no such language", existing(language="tlh"), ["language: wordpress does not support 'tlh'", "zh_tw"], {"stage": "input"}, requests=2),
    Failure("no such language, new", site(FREE, language="tlh"), ["language: wordpress does not support 'tlh'"], {"stage": "input"}, requests=3),
    Failure("unknown setting", existing(settings={"color": "blue"}), ["settings", "color", "twofactor"],
            {"stage": "input"}),
    Failure("unknown setting, new", site(FREE, settings={"color": "blue"}), ["settings", "color"],
            {"stage": "input"}),
    Failure("not settable", existing(settings={"multisite": "yes"}), ["settings", "multisite"], {"stage": "input"}),
    Failure("invalid setting value", existing(settings={"twofactor": "maybe"}), ["settings", "twofactor", "clef"],
            {"stage": "input"}),
    Failure("downgrade", existing(version="6.3.5"), ["version", "6.3.5", "6.4.3", "older"], {"stage": "plan"},
            requests=1),
    Failure("other application", existing(application="joomla"), ["application", "joomla", "wordpress", "overwritten"],
            {"stage": "plan"}, requests=1),
    Failure("other application, absent", existing(application="joomla", state="absent"), ["application", "joomla"],
            {"stage": "plan"}, requests=1),
    Failure("unknown id", {"id": "0" * 25, "application": "wordpress"}, ["id", "0" * 25], requests=1),
    Failure("no application", {"url": "http://%s" % FREE}, ["application", FREE], requests=2),
    Failure("unknown application", site(FREE, application="worldpress"), ["install", "worldpress|application"],
            {"command": "install", "errfield": "application"}),
    Failure("unknown host", site("nowhere.example"), ["install", "nowhere.example"],
            {"command": "install", "errcode": "failed_website_vhost", "errfield": "url"}),
    Failure("unknown version, new", site(FREE, version="6.99"), ["install", "no such version"],
            {"command": "install", "errfield": "version"}),
    Failure("unknown version", existing(version="6.99"), ["upgrade", "no such version"],
            {"command": "upgrade", "errfield": "version"}),
    Failure("unknown plugin", existing(plugins=["jetpack"]), ["plugins", "jetpack", "akismet"], {"stage": "plan"}),
    Failure("database refused", site(FREE, db_host="db.invalid"), ["install"], {"command": "install"}),
    Failure("website without underscore", site(FREE, websites=websites(FREE, custom={"prefix": "x"})),
            ["custom", "prefix", "_"], requests=0),
]


@pytest.fixture(scope="module")
def runs(sandbox, tmp_path_factory):
    """All failing tasks, by action and by module."""
    folder, result = tmp_path_factory.mktemp("failures"), {}
    for place in PLACES:
        sandbox.reset()
        failures = FAILURES if place == "controller" else main_scenarios(__file__, FAILURES)
        tasks = [item for failure in failures for item in failure.tasks()]
        tasks[0]["vars"]["sandbox_before"].append(api(sandbox, HOSTS, "install", **site(HOST, version="6.4.3")))
        result[place] = play(sandbox, folder / place, tasks, place, defaults={"websites": websites(*HOSTS)},
                             arguments=["-e", "url_of_nothing=%s/no/such/path" % sandbox.url.partition("/server")[0]])
    return result


@pytest.mark.parametrize("phase", ["check", "run"])
@pytest.mark.parametrize(("failure", "place"), cases(__file__, FAILURES))
def test_failure(failure, place, phase, runs):
    record = runs[place]["%s: %s" % (failure.name, phase)]
    message = record.result["msg"]
    assert record.failed
    assert record.changed is False
    assert "\n" not in message and "Traceback" not in message and len(message) < 800, message
    for word in failure.words:
        assert any(part in message for part in word.split("|")), message
    if failure.failure:
        assert record.result["failure"]["hint"]
        assert {name: record.result["failure"][name] for name in failure.failure} == failure.failure
    if failure.requests is not None:
        assert len(record.requests) == failure.requests
    assert [request["command"] for request in record.writes if request["outcome"] == "ok"] == []
    assert [row["url"] for row in record.state["installs"]] == ["http://%s" % HOST]
    assert record.install_at(HOST)["version"] == "6.4.3"
    assert KEY not in message and "pw-" not in message


@pytest.mark.parametrize("failure", main_scenarios(__file__, FAILURES), ids=lambda failure: failure.name)
def test_action_and_module_agree(failure, runs):
    action, module = (runs[place]["%s: run" % failure.name].comparable() for place in PLACES)
    # Failures that Ansible detects (an unknown option, a wrong type) have no "failure", and their messages differ slightly.
    assert ("failure" in action) == ("failure" in module)
    if "failure" in action:
        assert action == module
