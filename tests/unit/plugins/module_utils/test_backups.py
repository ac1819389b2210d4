# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit of backups: findings, their order, due backups, and policies that are refused."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._backups.audit import audit_backups
from ansible_collections.hostops.installatron.plugins.module_utils._backups.options import BACKUPS, read_policies
from ansible_collections.hostops.installatron.plugins.module_utils._backups.work import OPERATION, BackupsAttempt, Job
from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor
from ansible_collections.hostops.installatron.plugins.plugin_utils._backup_markdown import (
    backup_audit_markdown,
    human_age,
    human_size,
)

NOW = 1767225600  # 2026-01-01T00:00:00Z
DAY = ("2025-12-31T00:00:00Z", "2025-12-30T00:00:00Z", "2025-12-29T00:00:00Z")


def install(id, url=None):
    """Return the members of an installed application that the audit uses."""
    return {"id": id, "url": url or "http://%s.example" % id, "owner": "alice", "application": "wordpress"}


def backup(of, time=DAY[0], size=1000, location="local"):
    """Return the members of a backup that the audit uses."""
    return {"id": "b", "install": of, "time": time, "size": size, "location": location}


def audit(policy, backups, installs=None):
    """Return the audit of one site."""
    return audit_backups([dict({"install": "http://one.example"}, **policy)],
                         [install("one")] if installs is None else installs, backups, NOW)


@pytest.mark.parametrize(("policy", "backups", "findings", "forced"), [
    ({}, [backup("one")], [], None),
    ({}, [], ["no_backup"], False),
    ({}, [backup("other")], ["no_backup"], False),
    ({}, [backup("one", time=None)], ["no_backup"], False),
    ({"max_age": "24h"}, [backup("one")], [], None),
    ({"max_age": "23h"}, [backup("one")], ["too_old"], False),
    ({"max_age": "23h"}, [backup("one", DAY[2]), backup("one", "2025-12-31T12:00:00Z")], [], None),
    ({"keep": 2}, [backup("one", time) for time in DAY], ["too_many"], False),
    ({"keep": 3}, [backup("one", time) for time in DAY], [], None),
    ({}, [backup("one", size=0)], ["empty"], True),
    ({"location": "ftp://u:p@far.example/x"}, [backup("one")], ["wrong_location"], True),
    ({"location": "ftp://u:p@far.example/x"}, [backup("one", location="ftp://u:********@far.example/x/")], [], None),
    ({"max_age": "1h", "keep": 1}, [backup("one", time) for time in DAY], ["too_old", "too_many"], False),
])
def test_findings(policy, backups, findings, forced):
    found = audit(policy, backups)
    assert found.sites[0]["findings"] == findings
    assert [due["force"] for due in found.due] == ([] if forced is None else [forced])


def test_findings_not_installed():
    found = audit({"keep": 1}, [], installs=[])
    assert found.sites[0]["findings"] == ["not_installed"] and found.due == []
    assert found.sites[0]["url"] == "http://one.example"


def test_order_and_summary():
    names = ["fine", "many", "old", "older", "none"]
    backups = [backup("fine"), backup("many"), backup("many", DAY[1]), backup("old", DAY[1]), backup("older", DAY[2])]
    found = audit_backups([], [install(name) for name in names], backups, NOW, {"max_age": "24h", "keep": 1})
    assert [row["id"] for row in found.sites] == ["none", "older", "old", "many", "fine"]
    assert found.summary == {"sites": 5, "ok": 1, "backups": 5, "total_size": 5000, "no_backup": 1, "too_old": 2,
                             "too_many": 1, "not_installed": 0, "empty": 0, "wrong_location": 0}
    assert [row["url"] for row in found.due] == ["http://%s.example" % name for name in names[:0:-1]]


def test_policy_of_site_and_default():
    policies = [{"install": "one", "keep": 5, "user": "bob"}]
    found = audit_backups(policies, [install("one"), install("two")], [], NOW, {"keep": 2})
    assert {row["id"]: row["keep"] for row in found.sites} == {"one": 5, "two": 2}
    assert {due["install"]: due["user"] for due in found.due} == {"one": "bob", "two": "alice"}


def test_policy_without_default():
    found = audit_backups([{"install": "one"}], [install("one"), install("two")], [], NOW)
    assert [row["id"] for row in found.sites] == ["one"]


def policies_of(**given):
    """Return the policies and the default policy from the options of a task."""
    params, messages = BACKUPS.validate(dict({"api_url": "https://h", "api_key": "k" * 12}, **given))
    assert messages == []
    return read_policies(params)


@pytest.mark.parametrize(("options", "message"), [
    ({"defaults": {"keep": 0}}, "defaults.keep: must be 1 or more"),
    ({"defaults": {"max_age": "soon"}}, "defaults.max_age: 'soon' is not an age"),
    ({"policies": [{"install": "a"}, {"install": "b", "keep": 0}]}, "policies[1].keep: must be 1 or more"),
    ({"policies": [{"install": "a", "max_age": "0h"}]}, "policies[0].max_age: '0h' is not an age"),
    ({"policies": [{"install": "www.example.com"}]}, "policies[0].install: 'www.example.com' is neither an id nor a URL"),
    ({"policies": [{"install": "a", "websites": [{"uid": "x"}]}]}, "policies[0]."),
    ({"max_parallel": 65}, "max_parallel: must be between 1 and 64"),
])
def test_options_refused(options, message):
    with pytest.raises(InputError) as caught:
        policies_of(**options)
    assert message in caught.value.text()


def test_policies_and_defaults():
    assert policies_of(defaults={"keep": 2}) == ([], {"keep": 2})
    assert policies_of(policies=[]) == ([], None)
    assert policies_of(defaults={"keep": 2, "max_age": "1d"}, policies=[{"install": "a"}, {"install": "b", "keep": 3}]) == (
        [{"install": "a", "keep": 2, "max_age": "1d"}, {"install": "b", "keep": 3, "max_age": "1d"}], None)


class AttemptWithWarning:
    """An attempt at one site, with a warning that contains a secret of the site."""

    redactor = Redactor({"secret-of-the-site"})
    warnings = ["location: the server accepted secret-of-the-site, but shows nothing"]


def test_warnings_name_site_without_secrets():
    run = BackupsAttempt(OPERATION, Redactor(), False, print)
    job = Job("1", "http://one.example")
    job.place = AttemptWithWarning()
    run._jobs, run._params = [job], {"fail_on_findings": False}
    run._audit.summary["sites"] = run._audit.summary["ok"] = 0
    run._raise_failures()
    assert run.warnings == ["http://one.example: location: the server accepted ********, but shows nothing"]


def test_worst_sites_limited():
    many = [install("s%03d" % number) for number in range(150)]
    assert [row["id"] for row in audit_backups([], many, [], NOW, {}).worst] == ["s%03d" % number for number in range(100)]
    assert [row["id"] for row in audit_backups([], [install("a"), install("z")], [backup("a")], NOW, {}).worst] == ["z"]


def test_places_without_owner():
    policies = [{"install": "http://a.example", "location": "local"}]
    assert audit_backups(policies, [{"id": "a", "url": "http://a.example"}], [], NOW).places == [{"id": "a", "url": "http://a.example", "bkloc": "local"}]


def test_places_of_installed_sites():
    policies = [{"install": "http://a.example", "location": "ftp://far.example", "user": "bob", "keep": 3},
                {"install": "http://gone.example", "location": "local"}, {"install": "c", "keep": 2}]
    installs = [install("a"), install("c"), install("d")]
    assert audit_backups(policies, installs, [], NOW).places == [
        {"id": "a", "url": "http://a.example", "user": "bob", "bkloc": "ftp://far.example"}]
    assert audit_backups(policies, installs, [], NOW, {"daily": 2}).places[1:] == [
        {"id": "d", "url": "http://d.example", "user": "alice", "autobk": "custom", "autobk_daily": 2}]


def test_markdown_worst_site_first():
    found = audit_backups([], [install("a"), install("z")], [backup("a", size=3 * 1024 ** 2)], NOW, {})
    text = backup_audit_markdown(found._asdict())
    rows = [line for line in text.splitlines() if "http://" in line]
    assert rows[0].startswith("| http://z.example | no backup |")
    assert rows[1] == "| http://a.example | ok | 24 h | 1 | 3.0 MiB | 3.0 MiB | local |"


@pytest.mark.parametrize(("seconds", "text"), [
    (None, ""), (0, "0 s"), (59, "59 s"), (60, "1 m"), (3600, "1 h"), (93600, "26 h"), (172800, "2 d")])
def test_human_age(seconds, text):
    assert human_age(seconds) == text


@pytest.mark.parametrize(("size", "text"), [
    (None, ""), (0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 * 1024 ** 5, "5120.0 TiB")])
def test_human_size(size, text):
    assert human_size(size) == text
