# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: comparison of lists, order of the polls, options, the state file, and the documentation of the event source."""

import ast
import asyncio
import json
import os
import runpy
from pathlib import Path

import jsonschema
import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._events.backups import compare_backups
from ansible_collections.hostops.installatron.plugins.module_utils._events.event import KINDS, MAX_SITES, stamped
from ansible_collections.hostops.installatron.plugins.module_utils._events.lean import LeanReply
from ansible_collections.hostops.installatron.plugins.module_utils._events.options import EVENTS, settings_of
from ansible_collections.hostops.installatron.plugins.module_utils._events.pace import Pace, Turns
from ansible_collections.hostops.installatron.plugins.module_utils._events.sites import compare_sites
from ansible_collections.hostops.installatron.plugins.module_utils._events.state import State, StateError, StateFile
from ansible_collections.hostops.installatron.plugins.module_utils._events.tasks import compare_tasks, installs_of_ended
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "itron_events.py"
SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
NOW = 1767225600  # 2026-01-01T00:00:00Z
RELEASES = [{"version": "6.4.2", "tags": []}, {"version": "6.4.3", "tags": ["security"]}, {"version": "6.4.4", "tags": ["security"]}, {"version": "6.5.1"}]


def site(id="a", version="6.4.1", update=None, **more):
    """Return a row of installs."""
    return dict({"id": id, "url": "http://%s.example" % id, "installer": "wordpress", "version": version, "owner": "alice"},
                **({"version-available": update} if update else {}), **more)


class Catalog:
    """Returns RELEASES. C(asked) has the queries."""

    def __init__(self):
        self.asked = []

    def __call__(self, application, version):
        self.asked.append((application, version))
        return RELEASES


def poll_sites(*lists, reports_first=True):
    """Return (the events of each poll of the sites, the queried catalog)."""
    seen, found, catalog = None, [], Catalog()
    for rows in lists:
        seen, events = compare_sites(seen, rows, catalog, reports_first)
        for event in events:
            check(event)
        found.append(events)
    return found, catalog


def check(event):
    """Assert that the schema describes an event and each of its members."""
    event = stamped(event, "0123abcd-1", "2026-01-01T00:00:00Z", "https://host/server/v1")
    jsonschema.Draft7Validator(SCHEMA).validate(event)
    described, = [entry["properties"] for entry in SCHEMA["oneOf"] if event["kind"] in kinds_of(entry)]
    assert set(event) <= set(SCHEMA["properties"]) | set(described)


def kinds_of(entry):
    """Return the kinds of events in an entry of the schema."""
    kind = entry["properties"]["kind"]
    return kind.get("enum", [kind.get("const")])


def kinds(events):
    """Return the kinds of events."""
    return [event["kind"] for event in events]


# --- sites ------------------------------------------------------------------------------------------------------------

def test_sites_appeared_changed_disappeared():
    found, _catalog = poll_sites([site("a")], [site("a"), site("b")], [site("a", "6.4.2"), site("b")], [site("b")], [site("b")], [site("b")])
    assert [kinds(events) for events in found] == [[], ["site_appeared"], ["version_changed"], [], ["site_disappeared"], []]
    assert found[1][0]["site"] == {"id": "b", "url": "http://b.example", "application": "wordpress", "version": "6.4.1", "user": "alice"}
    assert (found[2][0]["from_version"], found[2][0]["site"]["version"]) == ("6.4.1", "6.4.2")
    assert found[4][0]["site"]["id"] == "a"


def test_sites_missing_once_not_disappeared():
    found, _catalog = poll_sites([site("a"), site("b")], [site("b")], [site("a"), site("b")], [site("b")], [site("a", "6.4.2"), site("b")])
    assert [kinds(events) for events in found] == [[], [], [], [], ["version_changed"]]


def test_catalog_queried_only_for_news():
    row = site(update="6.5.1")
    _found, catalog = poll_sites([row], [row], [row], [site(update="6.5.2")])
    assert catalog.asked == [("wordpress", "6.4.1")] * 2


def test_catalog_queried_once_from_lowest_version():
    _found, catalog = poll_sites([site("a", "6.10", "6.11"), site("b", "6.9", "6.11"), site("c", "6.12")])
    assert catalog.asked == [("wordpress", "6.9")]


@pytest.mark.parametrize(("version", "update", "security"), [
    ("6.4.1", "6.5.1", "6.4.4"),
    ("6.4.1", "6.4.3", "6.4.3"),
    ("6.4.3", "6.5.1", "6.4.4"),
    ("6.4.4", "6.5.1", None),
    ("6.4.1", "6.4.2", None),
])
def test_security_release_newest_up_to_update(version, update, security):
    found, _catalog = poll_sites([site(version=version, update=update)])
    assert [event["version"] for event in found[0] if event["kind"] == "security_release"] == ([security] if security else [])


def test_update_reported_once_per_site():
    found, _catalog = poll_sites(
        [site("a")], [site("a", update="6.4.4"), site("b", update="6.4.4")],
        # Neither an intermediate version nor a site that is missing in one list repeats the event.
        [site("a", "6.4.2", "6.4.4")], [site("a", "6.4.2", "6.4.4"), site("b", update="6.4.4")],
        [site("a", "6.4.2", "6.4.4"), site("b", update="6.4.4"), site("c", update="6.4.4")])
    releases = [[(event["kind"], event["count"]) for event in events if "count" in event] for events in found]
    assert releases == [[], [("update_available", 2), ("security_release", 2)], [], [], [("update_available", 1), ("security_release", 1)]]
    security = found[1][-1]
    assert (security["application"], security["version"], security["installed"]) == ("wordpress", "6.4.4", [{"version": "6.4.1", "count": 2}])


def test_update_reported_again_after_downgrade():
    found, _catalog = poll_sites([site("a", "6.4.1", "6.4.4")], [site("a", "6.4.4")], [site("a", "6.4.1", "6.4.4")])
    assert kinds(found[2]) == ["version_changed", "update_available", "security_release"]


def test_first_look_quiet_sites():
    rows = [site(update="6.4.4")]
    found, _catalog = poll_sites(rows, rows, reports_first=False)
    assert found == [[], []]


def test_update_split_into_parts():
    found, _catalog = poll_sites([site("s%d" % number, update="6.4.4") for number in range(MAX_SITES + 1)])
    assert [(event["part"], event["parts"], event["count"], len(event["sites"])) for event in found[0][:-1]] == [
        (1, 2, MAX_SITES + 1, MAX_SITES), (2, 2, MAX_SITES + 1, 1)]
    assert (found[0][-1]["kind"], found[0][-1]["count"]) == ("security_release", MAX_SITES + 1)


def test_url_password_masked():
    found, _catalog = poll_sites([], [site(url="http://alice:Canary-1@a.example")])
    assert "Canary-1" not in json.dumps(found)


def test_rows_with_missing_members():
    # A site without a version must not be the lowest version, because the server refuses such a query.
    found, catalog = poll_sites([], [{"id": "a"}, {"url": "http://b.example"}, {"id": "c", "version-available": "7"}, site("d", update="6.5.1")])
    assert kinds(found[1]) == ["site_appeared"] * 3 + ["update_available", "security_release"]
    assert catalog.asked == [("wordpress", "6.4.1")]


@pytest.mark.parametrize("opening", ["{{", "{%", "{#", "{{{", "{{%"])
def test_templates_defused(opening):
    event = stamped({"kind": "x", "sites": [{"url": "http://%s lookup('pipe', 'id') }}" % opening}]}, "1", "now", "cli")
    assert not {"{{", "{%", "{#"} & {event["sites"][0]["url"][place:place + 2] for place in range(20)}


# --- tasks and backups ------------------------------------------------------------------------------------------------

def task(id, status="processing", **more):
    """Return a row of tasks."""
    return dict({"id": id, "status": status, "cmd": "backup", "install": "a", "url": "http://a.example", "user": "alice", "message": "words",
                 "time": NOW}, **more)


def poll_tasks(*lists):
    """Return the events of each poll of the tasks."""
    seen, found = None, []
    for rows in lists:
        seen, events = compare_tasks(seen, rows, lambda text: str(text).replace("Canary", "********"))
        for event in events:
            check(event)
        found.append([(event["kind"], event["task"]["id"]) for event in events])
    return found


def test_tasks_reported_once():
    assert poll_tasks(
        [task("1"), task("2", "complete"), task("3", "failed")],
        [task("1"), task("2", "complete"), task("4", "failed"), task("5")],
        [task("1", "complete"), task("4", "failed"), task("5", "failed", errcode="x", message="Canary")],
        [task("1", "complete"), task("5", "failed")],
        [],
    ) == [[], [("task_failed", "4")], [("task_finished", "1"), ("task_failed", "5")], [], []]


def test_tasks_lost_at_second_look():
    assert poll_tasks([task("1"), task("2")], [], [task("2", "complete")], []) == [[], [], [("task_finished", "2"), ("task_lost", "1")], []]


def test_tasks_lost_while_other_runs():
    assert poll_tasks([task("1"), task("2")], [task("1")], [task("1")])[2] == [("task_lost", "2")]


def test_tasks_members():
    _seen, events = compare_tasks({}, [task("1", "failed", errcode="", message=None)], str)
    assert events[0]["task"] == {"id": "1", "command": "backup", "install": "a", "user": "alice", "url": "http://a.example",
                                 "started": "2026-01-01T00:00:00Z", "message": None, "errcode": None}


def test_tasks_state_without_server_texts():
    seen, _events = compare_tasks({}, [task("1", message="Canary runs", errcode="Canary")], str)
    assert "Canary" not in json.dumps(seen)


def test_tasks_installs_of_ended():
    rows = [task("1", "failed", install="a"), task("2", "failed", install="b"), task("3", install="c"), task("4", "complete", install="d"),
            task("5", "complete", install=None), task("6", "failed", install="a")]
    assert installs_of_ended({"2": {"state": "failed"}, "4": {"state": "running"}}, rows) == ["a", "d"]
    assert installs_of_ended(None, rows) == []


def backup(install, age, **more):
    """Return a row of backups with an age in hours."""
    return dict({"id": "b", "backup-install": install, "backup-time": str(NOW - age * 3600), "cache-archive": "100"}, **more)


def poll_backups(*lists, max_age="24h", reports_first=True):
    """Return the events of each poll of the backups of the sites a, b and c."""
    sites, _events = compare_sites(None, [site("a"), site("b"), site("c")], Catalog(), True)
    seen, found = None, []
    for rows in lists:
        seen, events = compare_backups(seen, sites, rows, NOW, max_age, reports_first)
        for event in events:
            check(event)
        found.append([(event["kind"], [row["id"] for row in event["sites"]]) for event in events])
    return found


def test_backups_missing_and_too_old_reported_once():
    first = [backup("a", 1), backup("b", 25), backup("b", 30)]
    assert poll_backups(
        first, first, [backup("a", 25), backup("b", 1), backup("c", 1)], [backup("b", 25), backup("c", 1, **{"cache-archive": "0"})],
    ) == [
        [("backup_missing", ["c"]), ("backup_too_old", ["b"])], [], [("backup_too_old", ["a"])],
        [("backup_missing", ["a", "c"]), ("backup_too_old", ["b"])],
    ]


def test_backups_without_max_age():
    assert poll_backups([backup("a", 9999), backup("b", 9999)], max_age=None) == [[("backup_missing", ["c"])]]


def test_first_look_quiet_backups():
    assert poll_backups([], [], [backup("a", 1)], [], reports_first=False) == [[], [], [], [("backup_missing", ["a"])]]


# --- order and interval of the polls ----------------------------------------------------------------------------------

def lists_of_turns(chosen, count, step, backups_interval=100):
    """Return the list of each turn for a number of turns, with C(step) seconds between turns."""
    turns, found = Turns(chosen, backups_interval), []
    for number in range(count):
        found.append(turns.next(number * step))
        turns.done(found[-1], number * step)
    return found


@pytest.mark.parametrize(("chosen", "expected"), [
    (KINDS, ["sites", "backups", "sites", "tasks", "sites", "tasks", "sites", "tasks", "sites", "tasks", "sites", "backups", "sites"]),
    (["task_failed"], ["tasks"] * 13),
    (["security_release"], ["sites"] * 13),
    (["backup_missing"], ["sites", "backups", *["sites"] * 9, "backups", "sites"]),
])
def test_turns_alternate_sites_and_others(chosen, expected):
    found = lists_of_turns(chosen, 13, 10)
    assert found == expected


def test_turns_backups_always_due():
    assert lists_of_turns(KINDS, 9, 10, backups_interval=1) == ["sites", "backups", "sites", "tasks"] * 2 + ["sites"]


def test_turns_failed_repeated():
    turns = Turns(KINDS, 100)
    assert [turns.next(0), turns.next(1)] == ["sites", "sites"]


def test_pace_backoff_and_reset():
    pace = Pace(60, lambda low, high: high)
    assert [round(pace.good()), *[round(pace.bad()) for _failure in range(6)], round(pace.good())] == [66, 120, 240, 480, 900, 900, 900, 66]
    assert round(pace.bad()) == 120
    early = Pace(3600, lambda low, high: low)
    assert (round(early.good()), round(early.bad())) == (3240, 1800)


# --- options ----------------------------------------------------------------------------------------------------------

MINIMUM = {"state_file": "/nowhere/state.json", "api_url": "https://host/server/v1", "api_key": "12345678"}


@pytest.mark.parametrize(("options", "word"), [
    ({"state_file": None}, "state_file"),
    ({"interval": 0}, "interval"),
    ({"interval": "soon"}, "interval"),
    ({"interval": 60000000}, "interval"),
    ({"keep_events": -1}, "keep_events"),
    ({"backups_interval": 0}, "backups_interval"),
    ({"backup_max_age": "old"}, "backup_max_age"),
    ({"backup_max_age": "24h", "events": ["task_failed"]}, "backup_max_age"),
    ({"events": ["backup_too_old"]}, "backup_max_age"),
    ({"events": []}, "events"),
    ({"events": ["reboot"]}, "events"),
    ({"inteval": 5}, "inteval"),
    ({"run_on": "target"}, "run_on"),
])
def test_options_refused(options, word):
    given = {name: value for name, value in dict(MINIMUM, **options).items() if value is not None}
    with pytest.raises(InputError) as error:
        settings_of(given)
    assert word in error.value.message


def test_options_from_text_and_environment(monkeypatch):
    monkeypatch.setenv("ITRON_API_URL", "https://host/server/v1")
    monkeypatch.setenv("ITRON_API_KEY", "12345678")
    settings = settings_of({"state_file": "~/x", "interval": "300", "events": "task_failed,task_lost", "owned_accounts": "no"})
    assert (settings.interval, settings.kinds, settings.params["owned_accounts"]) == (300, {"task_failed", "task_lost"}, False)
    assert "~" not in settings.state_file


def documented(name):
    """Return a text of the source, such as DOCUMENTATION, as YAML."""
    for node in ast.parse(SOURCE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return yaml.safe_load(node.value.value)
    raise AssertionError("%s is missing" % name)


def test_options_documented():
    options = documented("DOCUMENTATION")["options"]
    assert list(options) == list(EVENTS.options)
    for name, option in EVENTS.options.items():
        page = options[name]
        assert page["description"], name
        assert {word: page.get(word) for word in ("type", "default", "choices", "elements", "required")} == {
            word: option.get(word) for word in ("type", "default", "choices", "elements", "required")}, name
        variable = option["fallback"][1][0] if "fallback" in option else None
        assert ("E(%s)" % variable in " ".join(page["description"])) == (variable is not None), name


def test_schema_complete():
    assert sorted(name for entry in SCHEMA["oneOf"] for name in kinds_of(entry)) == sorted(KINDS)
    jsonschema.Draft7Validator.check_schema(SCHEMA)


# --- replies and the state file ---------------------------------------------------------------------------------------

def test_lean_reply_members():
    row = {"id": "a", "title": "words", "db-pass": "Canary-1", "list-files": ["x"], "list-plugins": {"p": {"Name": "n"}}}
    body = {"result": True, "message": "", "data": [row]}
    assert LeanReply(Reply(json.dumps(body).encode()), frozenset(["id"])).json == {
        "result": True, "message": "", "data": [{"id": "a", "db-pass": "Canary-1"}]}


# --- delivery ---------------------------------------------------------------------------------------------------------

class Waiting:
    """A watch with two pending events."""

    def __init__(self):
        self.handed = []

    def waiting(self):
        """Return the pending events."""
        return [{"id": "1"}, {"id": "2"}]

    def handed_over(self, id):
        """Record a delivered event."""
        self.handed.append(id)


class Engine(asyncio.Queue):
    """A rule engine that confirms a limited number of events in the queue C(confirmed)."""

    def __init__(self, confirms):
        super().__init__()
        self.confirmed = asyncio.Queue(1)
        self._confirms = confirms

    async def put(self, item):
        """Receive an event."""
        await super().put(item)
        if self.qsize() <= self._confirms:
            await self.confirmed.put(item)


@pytest.mark.parametrize(("confirms", "handed"), [(2, ["1", "2"]), (1, ["1"]), (0, [])])
def test_hand_over_needs_confirmation(confirms, handed):
    source = runpy.run_path(str(SOURCE))
    source["_hand_over"].__globals__["CONFIRMATION"] = 0.05

    async def run():
        watch, engine = Waiting(), Engine(confirms)
        await source["_hand_over"](watch, engine, engine.confirmed)
        return watch.handed

    assert asyncio.run(run()) == handed


SCOPE = {"server": "https://host/server/v1", "user": None}


def filled():
    """Return a State with a value in every member."""
    sites, _events = compare_sites(None, [site("a", update="6.4.4"), site("b")], Catalog(), True)
    tasks, _events = compare_tasks(None, [task("1"), task("2", "failed")], str)
    return State.new()._replace(number=7, sites=sites, tasks=tasks, backups={"a": "backup_missing"}, pending=({"id": "x-7", "kind": "task_failed"},))


def test_state_file_roundtrip(tmp_path):
    file = StateFile(str(tmp_path / "new" / "state.json"), SCOPE)
    assert file.open().sites is None
    state = filled()
    file.save(state)
    file.close()
    assert StateFile(str(tmp_path / "new" / "state.json"), SCOPE).open() == state
    assert (tmp_path / "new" / "state.json").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["state.json", "state.json.lock"]


def test_state_file_save_closes_descriptors(tmp_path):
    file = StateFile(str(tmp_path / "state.json"), SCOPE)
    file.open()
    lowest = os.dup(0)
    os.close(lowest)
    file.save(filled())
    again = os.dup(0)
    os.close(again)
    assert again == lowest


@pytest.mark.parametrize("change", [
    lambda text: text[:-20], lambda text: "", lambda text: "[]", lambda text: "{}", lambda text: text.replace('"version":1', '"version":2', 1),
    lambda text: text.replace("hostops.installatron events", "hostops.installatron rollout journal"),
    lambda text: text.replace('"pending":[', '"pending":[7,'), lambda text: text.replace('"sites":{', '"sites":{"z":[1],'),
    lambda text: text.replace('"tasks":', '"task":'), lambda text: "\udcff",
])
def test_state_file_invalid_refused(tmp_path, change):
    path = tmp_path / "state.json"
    file = StateFile(str(path), SCOPE)
    file.open()
    file.save(filled())
    file.close()
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", errors="surrogateescape")
    before = path.read_bytes()
    with pytest.raises(StateError) as error:
        StateFile(str(path), SCOPE).open()
    assert str(path) in error.value.message and "move it away" in error.value.hint
    assert path.read_bytes() == before


def test_state_file_is_directory(tmp_path):
    with pytest.raises(StateError, match="cannot read"):
        StateFile(str(tmp_path), SCOPE).open()


@pytest.mark.parametrize("scope", [{"server": "https://other/server/v1"}, {"user": "bob"}])
def test_state_file_other_scope_refused(tmp_path, scope):
    file = StateFile(str(tmp_path / "state.json"), SCOPE)
    file.open()
    file.save(filled())
    file.close()
    with pytest.raises(StateError, match="belongs to another"):
        StateFile(str(tmp_path / "state.json"), dict(SCOPE, **scope)).open()


def test_state_file_locked(tmp_path):
    first = StateFile(str(tmp_path / "state.json"), SCOPE)
    first.open()
    with pytest.raises(StateError, match="another source"):
        StateFile(str(tmp_path / "state.json"), SCOPE).open()
    first.close()
    StateFile(str(tmp_path / "state.json"), SCOPE).open()
