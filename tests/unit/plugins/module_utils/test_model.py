# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Normal forms of options and of values from the server, and the documented result."""

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._core.model import (
    ALL_NOTIFICATIONS,
    UNKNOWN,
    actual,
    iso_time,
    normal,
    number,
    same,
    to_argument,
)
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import INSTALL_FIELDS, addon_table, install_result
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import is_secret_name


@pytest.mark.parametrize(
    ("option", "user", "server", "argument"),
    [
        ("autoup", "minor", "1", "1"),
        ("autoup", "none", "0", "0"),
        ("autoup", "none", "", "0"),
        ("autoup", "all", " ALL ", "2"),
        ("autoup", "some", "some", "some"),
        # YAML parses an unquoted no as a boolean.
        ("language", False, "no", "no"),
        ("sitetitle", True, "yes", "yes"),
        ("autoup_backup", True, "1", "1"),
        ("autoup_backup", False, "0", "0"),
        ("autobk_daily", 3, "3", "3"),
        ("notification", ["update", "clone"], ["clone", "update"], "clone,update"),
        ("notification", [], [], ""),
        ("email", " a@example.com ", "a@example.com", "a@example.com"),
        ("url", "HTTP://A.example:80/", "http://A.example/", "http://a.example"),
        ("url", "no url", "no url", "no url"),
        ("db_pass", " keep ", " keep ", " keep "),
    ],
)
def test_normal_form_of_option_and_server_value(option, user, server, argument):
    field = INSTALL_FIELDS[option]
    assert same(field, normal(field, user), actual(field, {field.keys[-1]: server}))
    assert to_argument(field, normal(field, user)) == argument


def test_actual_missing_value_unknown():
    assert actual(INSTALL_FIELDS["autoup"], {}) is UNKNOWN
    assert actual(INSTALL_FIELDS["passwd"], {"passwd": "x"}) is UNKNOWN


def test_actual_sitetitle_falls_back_to_title():
    assert actual(INSTALL_FIELDS["sitetitle"], {"title": "T"}) == "T"
    assert actual(INSTALL_FIELDS["sitetitle"], {"title": "T", "cf-sitetitle": "F"}) == "F"


def test_same_notification_all():
    field = INSTALL_FIELDS["notification"]
    assert same(field, ["all"], sorted(ALL_NOTIFICATIONS))
    assert not same(field, ["all"], ["update"])


def test_same_hidden_credentials():
    field = INSTALL_FIELDS["bkloc"]
    assert same(field, "ftp://u:p@h/x", "ftp://h/x")
    assert not same(field, "ftp://u:p@h/x", "ftp://u:q@h/x")
    assert not same(field, "ftp://u:p@h/x", "ftp://h/y")


@pytest.mark.parametrize(("value", "expected"),
                         [("12", 12), (12, 12), ("1.5", 1), ("", None), (None, None), ("x", None), ("inf", None),
                          ("nan", None), (10**400, 10**400), (True, 1)])
def test_number(value, expected):
    assert number(value) == expected


@pytest.mark.parametrize(("value", "expected"), [
    ("1380560311", "2013-09-30T16:58:31Z"), ("0", None), ("", None), ("1e30", None), ("-1e15", None), ("inf", None)])
def test_iso_time(value, expected):
    assert iso_time(value) == expected


@pytest.mark.parametrize("value", [[], None, "", {"a": "no table"}])
def test_addon_table_invalid(value):
    assert addon_table(value) == {}


def test_result_types_and_secrets():
    row = {"id": "i", "installer": "wordpress", "path-created": "1", "cache-files": "12", "time": "1380560311",
           "autoup": "2", "path": "ftp://u:hidden-one@h/x", "db-pass": "hidden-two", "cf-passwd": "hidden-three",
           "cf-twofactor": "no", "cf-email": "e", "list-files": {"0": "index.php"},
           "new-in-next-release": "hidden-four",
           "list-plugins": {"p": {"Name": "P", "Version": "1", "_ud": {"new_version": "2"}}}}
    result = install_result(row, is_secret_name)
    assert "hidden" not in repr(result)
    assert (result["path_created"], result["cache_files"], result["autoup"]) == (True, 12, "all")
    assert result["time"] == "2013-09-30T16:58:31Z"
    assert result["settings"] == {"twofactor": "no"} and result["email"] == "e"
    assert result["list_files"] == ["index.php"]
    assert result["list_plugins"] == [{"id": "p", "name": "P", "version": "1", "version_available": "2"}]
    assert all("-" not in name for name in result)


def test_result_without_row():
    assert install_result(None, is_secret_name) is None


@pytest.mark.parametrize("value", [True, 5, 1.5, None, ""])
def test_result_invalid_list_empty(value):
    row = {"list-files": value, "list-tables": value, "list-plugins": value}
    result = install_result(dict(row, **{"list-notification": value}), is_secret_name)
    assert (result["list_files"], result["list_tables"], result["list_plugins"]) == ([], [], [])
    assert not result["notification"]


def test_result_list_from_table_or_text():
    found = [install_result({"list-files": value}, is_secret_name)["list_files"] for value in ({"1": "a"}, "a", ["a", 1])]
    assert found == [["a"], ["a"], ["a", "1"]]
