# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: the steps and the diff that lead from the current state to the desired state."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import ItronError
from ansible_collections.hostops.installatron.plugins.module_utils._core.model import normal
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import INSTALL_FIELDS
from ansible_collections.hostops.installatron.plugins.module_utils._install.plan import (
    CurrentInstall,
    DesiredInstall,
    Origin,
    outdated_addons,
    plan_install,
    unseen_fields,
)

ROW = {"id": "i1", "installer": "wordpress", "version": "6.4.3", "url": "http://a.example", "language": "en",
       "title": "My blog", "autoup": "0", "cf-email": "a@example.com", "cf-sitetitle": "My blog", "db-pass": "old-pass",
       "bkloc": "ftp://u:old@b.example/x", "list-notification": ["update", "clone"],
       "list-plugins": {"akismet/akismet.php": {"Version": "1", "_ud": {"new_version": "2"}},
                        "hello.php": {"Version": "1"}}}


def desired(settings=None, **options):
    """Return a DesiredInstall. Options of the field table become its fields."""
    fields = {name: normal(INSTALL_FIELDS[name], value) for name, value in options.items() if name in INSTALL_FIELDS}
    rest = {name: value for name, value in options.items() if name not in INSTALL_FIELDS}
    values = {"state": "present", "id": None, "application": "wordpress", "version": None,
              "fields": fields, "settings": settings or {}, "secret_settings": frozenset(),
              "update_password": "on_create", "plugins": [], "themes": [], "revert": True, "force": False,
              "delete_backups": False}
    return DesiredInstall(**dict(values, **rest))


def plan(asked, row="the usual one", target=None, backups=None, origin=None):
    """Return (steps as (command, arguments), before, after) of a plan."""
    made = plan_install(asked, CurrentInstall(ROW if row == "the usual one" else row, target, backups, origin))
    return [(step.command, step.arguments) for step in made.steps], made.before, made.after


def test_no_differences():
    assert plan(desired(url="http://a.example", email="a@example.com", autoup="none")) == ([], {}, {})


def test_install_arguments():
    steps, before, after = plan(desired(url="http://a.example", passwd="p", autoup="minor", version="6.4.3"), row=None)
    assert steps == [("install", {"application": "wordpress", "url": "http://a.example", "version": "6.4.3",
                                  "passwd": "p", "autoup": "1"})]
    assert before == {} and after["passwd"] == "(set)" and after["autoup"] == "minor"


@pytest.mark.parametrize("version", ["latest", "latest_minor"])
def test_install_latest_without_version(version):
    steps = plan(desired(url="http://a.example", version=version), row=None)[0]
    assert "version" not in steps[0][1]


def test_install_diff():
    after = plan(desired(url="http://a.example", application=None, plugins=["p"], settings={"mode": "x"}), row=None)[2]
    assert after == {"url": "http://a.example", "plugins": {"p": "up to date"}, "settings": {"mode": "x"}}


@pytest.mark.parametrize(("origin", "arguments"), [
    (Origin("import", {}, {"imported": True}, False),
     {"application": "wordpress", "version": "6.4", "url": "http://a.example", "url_ip": "192.0.2.1"}),
    (Origin("clone", {"id": "i9"}, {"cloned_from": "i9"}, False),
     {"id": "i9", "url": "http://a.example", "url_ip": "192.0.2.1", "db_name": "d"}),
    (Origin("restore", {"id": "b1"}, {"restored_from": "b1"}, True), {"id": "b1"}),
])
def test_origin_arguments(origin, arguments):
    wanted = desired(url="http://a.example", url_ip="192.0.2.1", db_name="d", email="a@example.com", import_version="6.4")
    steps, _before, after = plan(wanted, row=None, origin=origin)
    assert steps == [(origin.command, arguments)] and origin.shown.items() <= after.items()


def test_edit_before_upgrade():
    steps, before, after = plan(desired(sitetitle="New", autoup="all", email="a@example.com"), target="6.5")
    assert steps == [("edit", {"id": "i1", "sitetitle": "New", "autoup": "2"}),
                     ("upgrade", {"id": "i1", "version": "6.5", "revert": "yes"})]
    assert (before["sitetitle"], after["sitetitle"]) == ("My blog", "New")
    assert (before["version"], after["version"]) == ("6.4.3", "6.5")
    assert before["id"] == after["id"] == "i1"


def test_url_scheme_differs():
    steps = plan(desired(url="https://a.example"))[0]
    assert steps == [("edit", {"id": "i1", "url": "https://a.example"})]


def test_password_update_always():
    assert plan(desired(passwd="p"))[0] == []
    steps, before, after = plan(desired(passwd="p", update_password="always"))
    assert steps == [("edit", {"id": "i1", "passwd": "p"})]
    assert (before["passwd"], after["passwd"]) == ("(set)", "(changed)")


def test_password_readable_compared_and_hidden():
    assert plan(desired(db_pass="old-pass"))[0] == []
    steps, before, after = plan(desired(db_pass="new-pass"))
    assert steps == [("edit", {"id": "i1", "db_pass": "new-pass"})]
    assert (before["db_pass"], after["db_pass"]) == ("(set)", "(changed)")


def test_password_in_uri_changed():
    _steps, before, after = plan(desired(bkloc="ftp://u:new@b.example/x"))
    assert before["bkloc"] != after["bkloc"]
    assert "old" not in before["bkloc"] and "new" not in after["bkloc"]


def test_lists_unordered():
    assert plan(desired(notification=["clone", "update"]))[0] == []
    assert plan(desired(notification=[]))[0] == [("edit", {"id": "i1", "notification": ""})]


def test_settings_nested_in_diff():
    row = dict(ROW, **{"cf-twofactor": "clef"})
    steps, before, after = plan(desired(settings={"twofactor": "no"}), row=row)
    assert steps == [("edit", {"id": "i1", "twofactor": "no"})]
    assert (before["settings"], after["settings"]) == ({"twofactor": "clef"}, {"twofactor": "no"})


def test_settings_unreadable_like_password():
    wanted = {"settings": {"serial": "x"}, "secret_settings": frozenset(["serial"])}
    assert plan(desired(**wanted))[0] == []
    steps, before, after = plan(desired(update_password="always", **wanted))
    assert steps == [("edit", {"id": "i1", "serial": "x"})]
    assert (before["settings"], after["settings"]) == ({"serial": "(set)"}, {"serial": "(changed)"})


def test_unseen_fields_noted():
    row = {key: value for key, value in ROW.items() if key != "db-pass"}
    wanted = {"url": "http://a.example", "db_pass": "x", "autobk_daily": 3, "autoup_backup": True}
    made = plan_install(desired(**wanted), CurrentInstall(row, None, None))
    assert made.steps == () and [note.partition(":")[0] for note in made.notes] == ["autoup_backup", "autobk_daily"]
    assert unseen_fields(desired(passwd="p", content="no", **wanted), row) == ["autoup_backup", "autobk_daily", "db_pass"]
    made = plan_install(desired(autobk="custom", **wanted), CurrentInstall(row, None, None))
    assert made.steps[0].arguments == {"id": "i1", "autobk": "custom", "autobk_daily": "3"}
    assert (made.before["autobk_daily"], made.after["autobk_daily"]) == (None, 3)
    assert [note.partition(":")[0] for note in made.notes] == ["autoup_backup"]


def test_upgrade_not_needed():
    assert plan(desired(), target="6.4.3") == ([], {}, {})


def test_downgrade_refused():
    with pytest.raises(ItronError, match="version: 6.3 was requested, but 6.4.3 is installed"):
        plan(desired(), target="6.3")


@pytest.mark.parametrize("state", ["present", "absent", "detached"])
def test_other_application_refused(state):
    with pytest.raises(ItronError, match="application: joomla was requested, but wordpress is installed"):
        plan(desired(application="joomla", state=state))


@pytest.mark.parametrize("state", ["absent", "detached"])
def test_removal_already_absent(state):
    assert plan(desired(state=state), row=None) == ([], {}, {})


def test_removal():
    assert plan(desired(state="absent"))[0] == [("uninstall", {"id": "i1"})]
    assert plan(desired(state="absent", force=True))[0] == [("uninstall", {"id": "i1", "force": "yes"})]
    assert plan(desired(state="detached"))[0] == [("edit", {"id": "i1", "delete": "true"})]
    steps, before, after = plan(desired(state="absent", delete_backups=True), backups=["b2", "b1"])
    assert [command for command, _arguments in steps] == ["edit", "uninstall"]
    assert after == {} and before == {"id": "i1", "application": "wordpress", "url": "http://a.example", "version": "6.4.3", "backups": ["b1", "b2"]}


def test_removal_of_backups():
    for more, sent in (({"state": "detached"}, {"id": "i1", "delete": "true"}), ({}, {"id": "i1"})):
        steps, before, after = plan(desired(delete_backups=True, **more), backups=["b2", "b1"])
        assert steps == [("edit", dict(sent, **{"delete-backups": "true"}))] and before["backups"] == ["b1", "b2"]
        assert not after.get("backups")
        assert plan(desired(delete_backups=True, **more), backups=[])[0] == ([("edit", sent)] if more else [])
    assert plan(desired(state="absent", delete_backups=True), backups=[])[0] == [("uninstall", {"id": "i1"})]


def test_addons_upgrade_keeps_version():
    steps, before, after = plan(desired(plugins=["*"], revert=False))
    assert steps == [("upgrade", {"id": "i1", "version": "current", "plugin": "akismet/akismet.php"})]
    assert (before["plugins"], after["plugins"]) == ({"akismet/akismet.php": "1"}, {"akismet/akismet.php": "2"})
    steps = plan(desired(plugins=["*"], themes=["*"]), target="6.5", row=dict(ROW, **{"list-themes": {"t": {"_ud": {"new_version": "3"}}}}))[0]
    assert steps == [("upgrade", {"id": "i1", "version": "6.5", "plugin": "akismet/akismet.php", "theme": "t", "revert": "yes"})]
    assert plan(desired(plugins=["hello"]))[0] == []


@pytest.mark.parametrize("name", ["akismet", "akismet/akismet.php"])
def test_addons_by_id_or_short_name(name):
    assert outdated_addons([name], ROW["list-plugins"], "plugins") == {"akismet/akismet.php": ("1", "2")}


def test_addons_unknown_or_ambiguous():
    with pytest.raises(ItronError, match="plugins: jetpack is not installed") as caught:
        outdated_addons(["jetpack"], ROW["list-plugins"], "plugins")
    assert "hello.php" in caught.value.hint
    with pytest.raises(ItronError, match="plugins: a matches a/b.php and a/c.php"):
        outdated_addons(["a"], {"a/b.php": {}, "a/c.php": {}}, "plugins")


def test_addons_empty_list():
    assert outdated_addons(["*"], [], "themes") == {}
