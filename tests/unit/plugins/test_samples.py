# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sample reply of the specification is converted to the documented result.

The files in samples/ have the names, types and values of the specification. Their running text is different.
"""

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import RefusedError
from ansible_collections.hostops.installatron.plugins.module_utils._core import connection as _connection
from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation
from ansible_collections.hostops.installatron.plugins.module_utils._install.fields import install_result
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor, is_secret_name
from ansible_collections.hostops.installatron.plugins.module_utils._wire.client import Client
from ansible_collections.hostops.installatron.plugins.module_utils._wire.reply import Reply

PACKAGE = "ansible_collections.hostops.installatron.plugins."
SAMPLES = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "samples").glob("*.json")}
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict, "complex": dict}
KEY = "8327b11a311aad5a8092d26d209c9e13"
# Replies with one installed application, with expected values. They are results of itron_install.
INSTALLS = {"install": ("install", "2013-09-30T16:58:31Z", 16105472), "import": ("import", "2013-09-30T16:58:31Z", 16105472),
            "view": ("view", "2013-09-07T05:28:40Z", 15630336)}
# Sample -> its module, the options of the task, the path of the list in the result, and expected values of the first entry.
READINGS = {
    "installs": ("itron_install_info", {}, ["installs"],
                 {"id": "3reqf1iduigw0kogk8skgcsoc", "application": "wordpress", "version": "3.6.1", "autoup": "minor",
                  "time": "2013-09-30T16:58:31Z", "cache_files": 16105472, "path_created": True, "cache_numbackups": 0}),
    "backups": ("itron_backup_info", {}, ["backups"],
                {"id": "aga40vngcy888kg44coogkgwk", "install": "ewr255xcvs0k0w0gwso80gck", "size": 13836288,
                 "time": "2013-08-25T10:43:28Z", "location": "local", "application": "zurmo",
                 "file": "/home/dev1/.appdata/backups/aga40vngcy888kg44coogkgwk"}),
    "tasks": ("itron_task_info", {}, ["tasks"],
              {"id": "138207901722178300", "cmd": "backup", "install": "4yhfygnd10ws0wc8skck444s", "percent_min": 50,
               "percent_max": 99, "rate": 10150, "time": "2013-10-18T06:50:23Z", "state": "running"}),
    "browser": ("itron_app_facts", {"application": ["wordpress"], "version": "4.9.7"}, ["ansible_facts", "itron_apps"],
                {"id": "wordpress_4.9.7", "application": "wordpress", "version": "4.9.7", "branch": "current",
                 "tags": ["security"], "upgrade": "minor"}),
}


class Replay:
    """A transport that answers each command with its sample."""

    def post(self, payload, repeatable):
        """Return the sample."""
        return Reply(SAMPLES[payload["cmd"]], 200)


def documented(module):
    """Return RETURN of a module."""
    return yaml.safe_load(importlib.import_module(PACKAGE + "modules." + module).RETURN)


def operation(module):
    """Return the Operation of a module."""
    return importlib.import_module(PACKAGE + "action." + module).OPERATION


def fits(value, kind):
    """Return whether a value has a documented type. A boolean is not a number."""
    return isinstance(value, TYPES[kind]) and (kind == "bool" or not isinstance(value, bool))


def assert_documented(value, entry, where):
    """Assert that a value has the documented type, and that all of its members are documented.

    Unknown values are null. Members that only an option adds are not part of a sample.
    """
    if value is None:
        return
    assert fits(value, entry["type"]), where
    if "contains" in entry:
        for row in value if isinstance(value, list) else [value]:
            expected = {name: inner for name, inner in entry["contains"].items()
                        if not inner["returned"].startswith("with O(")}
            assert set(row) == set(expected), where
            for name, inner in expected.items():
                assert_documented(row[name], inner, "%s.%s" % (where, name))
    elif isinstance(value, list) and "elements" in entry:
        assert [item for item in value if not fits(item, entry["elements"])] == [], where


def assert_plain(value, where="result"):
    """Assert that times are in ISO 8601 format, and that no password of a sample remains."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("time", "cache_time", "backup_time", "time_updated", "install_time") and item is not None:
                assert TIME.match(item), where
            assert_plain(item, "%s.%s" % (where, name))
    elif isinstance(value, list):
        for item in value:
            assert_plain(item, where)
    else:
        assert value not in ("Y[|BrJ2PAy]@0", "c0BrJY[y]@2PA", "S@qXksiex|^*3", "K@C^l2eMn6##7", "sdfsdf1"), where


def params_of(operation, **more):
    """Return the options of a task, including defaults."""
    params = dict.fromkeys(operation.spec.options)
    params.update({name: option["default"] for name, option in operation.spec.options.items() if "default" in option})
    return dict(params, api_url="http://127.0.0.1:9/server/v1", api_key=KEY, user="dev1", **more)


def test_samples_all_used():
    assert set(SAMPLES) == set(INSTALLS) | set(READINGS) | {"import_refused"}


@pytest.mark.parametrize("sample", INSTALLS)
def test_sample_install(sample):
    command, time, files = INSTALLS[sample]
    client = Client(Replay(), KEY, {}, Redactor())
    data = client.view("x", addons=True) if command == "view" else client.execute(command, {}).data
    result = install_result(data, is_secret_name)
    assert_documented(result, documented("itron_install")["install"], "install")
    assert_plain(result)
    assert (result["application"], result["time"], result["cache_files"]) == ("wordpress", time, files)
    assert result["id"] == json.loads(SAMPLES[sample])["data"]["id"]
    assert result["settings"]["limitloginattempts"] in ("yes", "no") and "passwd" not in result["settings"]


def test_sample_view_addons():
    result = install_result(Client(Replay(), KEY, {}, Redactor()).view("x", addons=True), is_secret_name)
    assert result["list_plugins"] == [
        {"id": "akismet/akismet.php", "name": "Akismet", "version": "2.5.8", "version_available": "2.5.9"},
        {"id": "hello.php", "name": "Hello Dolly", "version": "1.6", "version_available": None}]
    assert [theme["id"] for theme in result["list_themes"]] == ["twentyeleven", "twentytwelve"]
    assert (result["plugin_updates_available"], result["theme_updates_available"]) == (1, None)
    assert result["notification"] == sorted(json.loads(SAMPLES["view"])["data"]["list-notification"])


@pytest.mark.parametrize("sample", READINGS)
def test_sample_of_info_module(sample, monkeypatch):
    module, options, path, values = READINGS[sample]
    monkeypatch.setattr(_connection, "HttpTransport", lambda *args: Replay())
    outcome = _operation.run(operation(module), params_of(operation(module), **options))
    assert not outcome.result.get("failed"), outcome.result
    entry, value = {"contains": documented(module)}, outcome.result
    for name in path:
        entry, value = entry["contains"][name], value[name]
    assert len(value) == len(json.loads(SAMPLES[sample])["data"])
    assert_documented(value, entry, path[-1])
    assert_plain(value)
    assert {name: value[0][name] for name in values} == values


def test_sample_import_refused():
    class Refusing:
        def post(self, payload, repeatable):
            return Reply(SAMPLES["import_refused"], 200)

    with pytest.raises(RefusedError) as caught:
        Client(Refusing(), KEY, {}, Redactor()).execute("import", {})
    assert caught.value.errcode == "invalid_worker_plugin_upload" and caught.value.command == "import"
    assert "app" in caught.value.hint


@pytest.mark.parametrize("code", ["invalid_worker_plugin_upload", "invalid_worker_plugin", "invalid_connection_id",
                                  "invalid_signature", "cannot_find_uid", "invalid_password"])
def test_errcode_hints_section_3_4(code):
    class Refusing:
        def post(self, payload, repeatable):
            return Reply(json.dumps({"result": False, "message": "Error: x", "errcode": code, "data": None}).encode(), 200)

    with pytest.raises(RefusedError) as caught:
        Client(Refusing(), KEY, {}, Redactor()).execute("import", {})
    assert caught.value.hint
