# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: what two looks at the lists differ in, whose turn it is, the options, the state file, and the documentation of the source."""

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


class Catalogue:
    """Answers with RELEASES; C(asked) has the questions."""

    def __init__(self):
        self.asked = []

    def __call__(self, application, version):
        self.asked.append((application, version))
        return RELEASES


def looks(*lists, reports_first=True):
    """Return (the events of each look at a list of sites, the catalogue that was asked)."""
    seen, found, catalogue = None, [], Catalogue()
    for rows in lists:
        seen, events = compare_sites(seen, rows, catalogue, reports_first)
        for event in events:
            check(event)
        found.append(events)
    return found, catalogue


def check(event):
    """Fail unless the schema describes an event and each of its members."""
    event = stamped(event, "0123abcd-1", "2026-01-01T00:00:00Z", "https://host/server/v1")
    jsonschema.Draft7Validator(SCHEMA).validate(event)
    described, = [entry["properties"] for entry in SCHEMA["oneOf"] if event["kind"] in kinds_of(entry)]
    assert set(event) <= set(SCHEMA["properties"]) | set(described)


def kinds_of(entry):
    """Return the kinds of events that an entry of the schema describes."""
    kind = entry["properties"]["kind"]
    return kind.get("enum", [kind.get("const")])


def kinds(events):
    """Return the kinds of events."""
    return [event["kind"] for event in events]


# --- sites ------------------------------------------------------------------------------------------------------------

def test_a_site_appears_changes_and_disappears():
    found, _catalogue = looks([site("a")], [site("a"), site("b")], [site("a", "6.4.2"), site("b")], [site("b")], [site("b")], [site("b")])
    assert [kinds(events) for events in found] == [[], ["site_appeared"], ["version_changed"], [], ["site_disappeared"], []]
    assert found[1][0]["site"] == {"id": "b", "url": "http://b.example", "application": "wordpress", "version": "6.4.1", "user": "alice"}
    assert (found[2][0]["from_version"], found[2][0]["site"]["version"]) == ("6.4.1", "6.4.2")
    assert found[4][0]["site"]["id"] == "a"


def test_a_site_that_one_list_lacks_is_not_gone():
    found, _catalogue = looks([site("a"), site("b")], [site("b")], [site("a"), site("b")], [site("b")], [site("a", "6.4.2"), site("b")])
    assert [kinds(events) for events in found] == [[], [], [], [], ["version_changed"]]


def test_the_catalogue_is_asked_only_when_there_is_something_new():
    row = site(update="6.5.1")
    _found, catalogue = looks([row], [row], [row], [site(update="6.5.2")])
    assert catalogue.asked == [("wordpress", "6.4.1")] * 2


def test_one_question_for_many_sites_from_the_lowest_version_on():
    _found, catalogue = looks([site("a", "6.10", "6.11"), site("b", "6.9", "6.11"), site("c", "6.12")])
    assert catalogue.asked == [("wordpress", "6.9")]


@pytest.mark.parametrize(("version", "update", "security"), [
    ("6.4.1", "6.5.1", "6.4.4"),
    ("6.4.1", "6.4.3", "6.4.3"),
    ("6.4.3", "6.5.1", "6.4.4"),
    ("6.4.4", "6.5.1", None),
    ("6.4.1", "6.4.2", None),
])
def test_the_security_release_is_the_newest_that_the_update_passes(version, update, security):
    found, _catalogue = looks([site(version=version, update=update)])
    assert [event["version"] for event in found[0] if event["kind"] == "security_release"] == ([security] if security else [])


def test_an_update_is_reported_once_for_each_site():
    found, _catalogue = looks(
        [site("a")], [site("a", update="6.4.4"), site("b", update="6.4.4")],
        # Another version on the way to the same release is no news, and neither is a site that the list forgets once.
        [site("a", "6.4.2", "6.4.4")], [site("a", "6.4.2", "6.4.4"), site("b", update="6.4.4")],
        [site("a", "6.4.2", "6.4.4"), site("b", update="6.4.4"), site("c", update="6.4.4")])
    releases = [[(event["kind"], event["count"]) for event in events if "count" in event] for events in found]
    assert releases == [[], [("update_available", 2), ("security_release", 2)], [], [], [("update_available", 1), ("security_release", 1)]]
    security = found[1][-1]
    assert (security["application"], security["version"], security["installed"]) == ("wordpress", "6.4.4", [{"version": "6.4.1", "count": 2}])


def test_a_site_that_falls_back_is_reported_again():
    found, _catalogue = looks([site("a", "6.4.1", "6.4.4")], [site("a", "6.4.4")], [site("a", "6.4.1", "6.4.4")])
    assert kinds(found[2]) == ["version_changed", "update_available", "security_release"]


def test_a_quiet_first_look_reports_nothing_and_remembers_it():
    rows = [site(update="6.4.4")]
    found, _catalogue = looks(rows, rows, reports_first=False)
    assert found == [[], []]


def test_many_sites_come_in_parts_and_a_security_release_in_one():
    found, _catalogue = looks([site("s%d" % number, update="6.4.4") for number in range(MAX_SITES + 1)])
    assert [(event["part"], event["parts"], event["count"], len(event["sites"])) for event in found[0][:-1]] == [
        (1, 2, MAX_SITES + 1, MAX_SITES), (2, 2, MAX_SITES + 1, 1)]
    assert (found[0][-1]["kind"], found[0][-1]["count"]) == ("security_release", MAX_SITES + 1)


def test_a_password_in_a_url_is_masked():
    found, _catalogue = looks([], [site(url="http://alice:Canary-1@a.example")])
    assert "Canary-1" not in json.dumps(found)


def test_rows_with_gaps():
    # A site without a version would be the lowest one, and the server would refuse the question about the catalogue.
    found, catalogue = looks([], [{"id": "a"}, {"url": "http://b.example"}, {"id": "c", "version-available": "7"}, site("d", update="6.5.1")])
    assert kinds(found[1]) == ["site_appeared"] * 3 + ["update_available", "security_release"]
    assert catalogue.asked == [("wordpress", "6.4.1")]


@pytest.mark.parametrize("opening", ["{{", "{%", "{#", "{{{", "{{%"])
def test_no_event_holds_a_template(opening):
    event = stamped({"kind": "x", "sites": [{"url": "http://%s lookup('pipe', 'id') }}" % opening}]}, "1", "now", "cli")
    assert not {"{{", "{%", "{#"} & {event["sites"][0]["url"][place:place + 2] for place in range(20)}


# --- tasks and backups ------------------------------------------------------------------------------------------------

def task(id, status="processing", **more):
    """Return a row of tasks."""
    return dict({"id": id, "status": status, "cmd": "backup", "install": "a", "url": "http://a.example", "user": "alice", "message": "words",
                 "time": NOW}, **more)


def task_looks(*lists):
    """Return the events of each look at a list of tasks."""
    seen, found = None, []
    for rows in lists:
        seen, events = compare_tasks(seen, rows, lambda text: str(text).replace("Canary", "********"))
        for event in events:
            check(event)
        found.append([(event["kind"], event["task"]["id"]) for event in events])
    return found


def test_tasks_end_once():
    assert task_looks(
        [task("1"), task("2", "complete"), task("3", "failed")],
        [task("1"), task("2", "complete"), task("4", "failed"), task("5")],
        [task("1", "complete"), task("4", "failed"), task("5", "failed", errcode="x", message="Canary")],
        [task("1", "complete"), task("5", "failed")],
        [],
    ) == [[], [("task_failed", "4")], [("task_finished", "1"), ("task_failed", "5")], [], []]


def test_a_task_that_leaves_the_list_while_it_runs_is_lost_at_the_second_look():
    assert task_looks([task("1"), task("2")], [], [task("2", "complete")], []) == [[], [], [("task_finished", "2"), ("task_lost", "1")], []]


def test_a_task_is_lost_beside_one_that_runs():
    assert task_looks([task("1"), task("2")], [task("1")], [task("1")])[2] == [("task_lost", "2")]


def test_the_members_of_a_task():
    _seen, events = compare_tasks({}, [task("1", "failed", errcode="", message=None)], str)
    assert events[0]["task"] == {"id": "1", "command": "backup", "install": "a", "user": "alice", "url": "http://a.example",
                                 "started": "2026-01-01T00:00:00Z", "message": None, "errcode": None}


def test_what_is_kept_of_a_running_task_has_no_words_of_the_server():
    seen, _events = compare_tasks({}, [task("1", message="Canary runs", errcode="Canary")], str)
    assert "Canary" not in json.dumps(seen)


def test_the_sites_whose_secrets_must_be_known():
    rows = [task("1", "failed", install="a"), task("2", "failed", install="b"), task("3", install="c"), task("4", "complete", install="d"),
            task("5", "complete", install=None), task("6", "failed", install="a")]
    assert installs_of_ended({"2": {"state": "failed"}, "4": {"state": "running"}}, rows) == ["a", "d"]
    assert installs_of_ended(None, rows) == []


def backup(install, age, **more):
    """Return a row of backups that was made so many hours ago."""
    return dict({"id": "b", "backup-install": install, "backup-time": str(NOW - age * 3600), "cache-archive": "100"}, **more)


def backup_looks(*lists, max_age="24h", reports_first=True):
    """Return the events of each look at a list of backups of the sites a, b and c."""
    sites, _events = compare_sites(None, [site("a"), site("b"), site("c")], Catalogue(), True)
    seen, found = None, []
    for rows in lists:
        seen, events = compare_backups(seen, sites, rows, NOW, max_age, reports_first)
        for event in events:
            check(event)
        found.append([(event["kind"], [row["id"] for row in event["sites"]]) for event in events])
    return found


def test_backups_are_missing_or_too_old_and_reported_once():
    first = [backup("a", 1), backup("b", 25), backup("b", 30)]
    assert backup_looks(
        first, first, [backup("a", 25), backup("b", 1), backup("c", 1)], [backup("b", 25), backup("c", 1, **{"cache-archive": "0"})],
    ) == [
        [("backup_missing", ["c"]), ("backup_too_old", ["b"])], [], [("backup_too_old", ["a"])],
        [("backup_missing", ["a", "c"]), ("backup_too_old", ["b"])],
    ]


def test_without_an_age_only_a_missing_backup_is_reported():
    assert backup_looks([backup("a", 9999), backup("b", 9999)], max_age=None) == [[("backup_missing", ["c"])]]


def test_a_quiet_first_look_at_backups():
    assert backup_looks([], [], [backup("a", 1)], [], reports_first=False) == [[], [], [], [("backup_missing", ["a"])]]


# --- turns and pace ---------------------------------------------------------------------------------------------------

def turns_of(chosen, count, step, backups_interval=100):
    """Return the lists that are read in so many turns, each so many seconds after the one before."""
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
def test_each_turn_has_one_list_and_every_second_one_that_of_the_sites(chosen, expected):
    found = turns_of(chosen, 13, 10)
    assert found == expected


def test_backups_that_are_always_due_leave_every_second_turn_to_the_tasks():
    assert turns_of(KINDS, 9, 10, backups_interval=1) == ["sites", "backups", "sites", "tasks"] * 2 + ["sites"]


def test_a_turn_that_failed_comes_again():
    turns = Turns(KINDS, 100)
    assert [turns.next(0), turns.next(1)] == ["sites", "sites"]


def test_pauses_grow_after_failures_to_a_limit_and_shrink_again():
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
def test_a_bad_option_is_named(options, word):
    given = {name: value for name, value in dict(MINIMUM, **options).items() if value is not None}
    with pytest.raises(InputError) as error:
        settings_of(given)
    assert word in error.value.message


def test_options_come_as_texts_from_variables_of_a_rulebook(monkeypatch):
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


def test_the_documentation_says_what_the_options_are():
    options = documented("DOCUMENTATION")["options"]
    assert list(options) == list(EVENTS.options)
    for name, option in EVENTS.options.items():
        page = options[name]
        assert page["description"], name
        assert {word: page.get(word) for word in ("type", "default", "choices", "elements", "required")} == {
            word: option.get(word) for word in ("type", "default", "choices", "elements", "required")}, name
        variable = option["fallback"][1][0] if "fallback" in option else None
        assert ("E(%s)" % variable in " ".join(page["description"])) == (variable is not None), name


def test_the_schema_describes_every_kind():
    assert sorted(name for entry in SCHEMA["oneOf"] for name in kinds_of(entry)) == sorted(KINDS)
    jsonschema.Draft7Validator.check_schema(SCHEMA)


# --- replies and the state file ---------------------------------------------------------------------------------------

def test_a_lean_reply_keeps_what_is_looked_at_and_what_is_secret():
    row = {"id": "a", "title": "words", "db-pass": "Canary-1", "list-files": ["x"], "list-plugins": {"p": {"Name": "n"}}}
    body = {"result": True, "message": "", "data": [row]}
    assert LeanReply(Reply(json.dumps(body).encode()), frozenset(["id"])).json == {
        "result": True, "message": "", "data": [{"id": "a", "db-pass": "Canary-1"}]}


# --- handing over -----------------------------------------------------------------------------------------------------

class Waiting:
    """A watch with two events that wait."""

    def __init__(self):
        self.handed = []

    def waiting(self):
        """Return the events."""
        return [{"id": "1"}, {"id": "2"}]

    def handed_over(self, id):
        """Take note of one."""
        self.handed.append(id)


class Engine(asyncio.Queue):
    """A rule engine that confirms as many events as it is told to; C(confirmed) is its other queue."""

    def __init__(self, confirms):
        super().__init__()
        self.confirmed = asyncio.Queue(1)
        self._confirms = confirms

    async def put(self, item):
        """Take an event."""
        await super().put(item)
        if self.qsize() <= self._confirms:
            await self.confirmed.put(item)


@pytest.mark.parametrize(("confirms", "handed"), [(2, ["1", "2"]), (1, ["1"]), (0, [])])
def test_an_event_that_is_not_confirmed_was_not_handed_over(confirms, handed):
    source = runpy.run_path(str(SOURCE))
    source["_hand_over"].__globals__["CONFIRMATION"] = 0.05

    async def run():
        watch, engine = Waiting(), Engine(confirms)
        await source["_hand_over"](watch, engine, engine.confirmed)
        return watch.handed

    assert asyncio.run(run()) == handed


SCOPE = {"server": "https://host/server/v1", "user": None}


def filled():
    """Return a State with something in every member."""
    sites, _events = compare_sites(None, [site("a", update="6.4.4"), site("b")], Catalogue(), True)
    tasks, _events = compare_tasks(None, [task("1"), task("2", "failed")], str)
    return State.new()._replace(number=7, sites=sites, tasks=tasks, backups={"a": "backup_missing"}, pending=({"id": "x-7", "kind": "task_failed"},))


def test_the_state_comes_back_from_its_file(tmp_path):
    file = StateFile(str(tmp_path / "new" / "state.json"), SCOPE)
    assert file.open().sites is None
    state = filled()
    file.save(state)
    file.close()
    assert StateFile(str(tmp_path / "new" / "state.json"), SCOPE).open() == state
    assert (tmp_path / "new" / "state.json").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["state.json", "state.json.lock"]


def test_a_save_leaves_no_file_open(tmp_path):
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
def test_a_file_that_is_no_state_is_refused_and_left_as_it_is(tmp_path, change):
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


def test_a_directory_in_the_place_of_the_file_is_an_error(tmp_path):
    with pytest.raises(StateError, match="cannot be read"):
        StateFile(str(tmp_path), SCOPE).open()


@pytest.mark.parametrize("scope", [{"server": "https://other/server/v1"}, {"user": "bob"}])
def test_a_file_about_another_server_or_user_is_refused(tmp_path, scope):
    file = StateFile(str(tmp_path / "state.json"), SCOPE)
    file.open()
    file.save(filled())
    file.close()
    with pytest.raises(StateError, match="is about another"):
        StateFile(str(tmp_path / "state.json"), dict(SCOPE, **scope)).open()


def test_two_sources_cannot_use_one_file(tmp_path):
    first = StateFile(str(tmp_path / "state.json"), SCOPE)
    first.open()
    with pytest.raises(StateError, match="another source"):
        StateFile(str(tmp_path / "state.json"), SCOPE).open()
    first.close()
    StateFile(str(tmp_path / "state.json"), SCOPE).open()
