# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts that the role server collects on a target, and the action that it derives from them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import itron_server
import pytest
import yaml
from itron_server.examine import ask_version, decide, version_key

FOLDER = Path(itron_server.__file__).parent
OLD = {"version": "10.0.9", "version_available": "10.0.10"}
FOUND = {"root": True, "program": True, "answer": OLD, "silence": None, "interrupted": None, "programs": True, "data": ["/var/installatron"],
         "free": {"/usr/local": 500, "/var": 900}}
WANTED = {"state": "present", "upgrade": False, "repair": False, "remove_data": False, "license": True, "free": 400, "home": "/usr/local/installatron"}
EMPTY = {"program": False, "answer": None, "programs": False, "data": []}
SILENT = {"answer": None, "silence": "it exited with status 255 and without a reply in JSON"}

CASES = {
    "empty": (EMPTY, {}, "install", None),
    "empty, no key": (EMPTY, {"license": False}, None, "server_license_key"),
    "empty, full disk": (EMPTY, {"free": 501}, None, "500 MiB are free for /usr/local"),
    "full disk, nothing to do": ({}, {"free": 501, "license": False}, "none", None),
    "no root": ({"root": False}, {}, None, "become: true"),
    "upgrade available": ({}, {"upgrade": True}, "upgrade", None),
    "upgrade available, not requested": ({}, {}, "none", None),
    "upgrade available, full disk": ({}, {"upgrade": True, "free": 501}, None, "server_free_space"),
    "up to date": ({"answer": {"version": "10.0.10", "version_available": "10.0.10"}}, {"upgrade": True}, "none", None),
    "older version available": ({"answer": {"version": "10.1", "version_available": "10.0.10"}}, {"upgrade": True}, "none", None),
    "no version available": ({"answer": {"version": "10.1", "version_available": None}}, {"upgrade": True}, "none", None),
    "silent": (SILENT, {"upgrade": True}, None, "exited with status 255.*server_repair: true"),
    "silent, repair": (SILENT, {"repair": True}, "upgrade", None),
    "silent, interrupted": ({**SILENT, "interrupted": {"action": "install"}}, {}, "install", None),
    "silent, interrupted upgrade, no key": ({**SILENT, "interrupted": {"action": "upgrade"}}, {"license": False}, "upgrade", None),
    "responsive, interrupted": ({"interrupted": {"action": "install"}}, {}, "none", None),
    "absent": ({}, {"state": "absent"}, "remove", None),
    "absent, silent": (SILENT, {"state": "absent"}, "remove", None),
    "already absent, keep data": ({**EMPTY, "data": ["/var/installatron"]}, {"state": "absent"}, "none", None),
    "already absent, remove data": ({**EMPTY, "data": ["/var/installatron"]}, {"state": "absent", "remove_data": True}, "remove", None),
    "already absent without data, remove data": (EMPTY, {"state": "absent", "remove_data": True}, "none", None),
}


@pytest.mark.parametrize("case", CASES)
def test_decide(case):
    found, wanted, expected, words = CASES[case]
    action, reason, problem = decide({**FOUND, **found}, {**WANTED, **wanted})
    if words:
        assert re.search(words, problem), problem
    else:
        assert (action, problem) == (expected, None) and reason


def test_version_key_order():
    assert version_key("10.0.10") > version_key("10.0.9") > version_key("9.5") > version_key(None) == version_key("")


@pytest.mark.parametrize(("script", "version", "words"), [
    ("echo '{\"result\": true, \"data\": {\"version\": \"1.2\"}}'", "1.2", None),
    ("echo '{\"result\": false, \"data\": null}'", None, "no success"),
    ("echo '{\"result\": true, \"data\": []}'", None, "no success"),
    ("echo '[]'", None, "no success"),
    ("echo 'PHP Fatal error: password hunter2'; exit 255", None, "exited with status 255"),
    ("exec sleep 60", None, "did not answer within 1 seconds"),
])
def test_ask_version(tmp_path, script, version, words):
    (tmp_path / "installatron").write_text("#!/bin/sh\n[ \"$*\" = '--GET /version' ] || exit 9\n%s\n" % script, encoding="utf-8")
    (tmp_path / "installatron").chmod(0o755)
    data, silence = ask_version(str(tmp_path), 1)
    assert (data or {}).get("version") == version
    assert silence is None if words is None else words in silence and "hunter2" not in silence


def test_run_from_stdin_leaves_no_files(tmp_path):
    options = {**WANTED, "home": str(tmp_path / "home"), "data": str(tmp_path / "data"), "cron": str(tmp_path / "cron"), "work": str(tmp_path / "work"),
               "timeout": "5", "free": "0"}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}
    given = {"program": texts, "module": "examine", "request": options}
    done = subprocess.run([sys.executable, "-I", "-c", texts["run"]], input=json.dumps(given), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["installed"] is False and list(tmp_path.iterdir()) == []


def test_role_vars_list_all_modules():
    variables = yaml.safe_load((FOLDER.parents[1] / "vars" / "main.yml").read_text(encoding="utf-8"))
    assert sorted(variables["__server_modules"]) == sorted({path.stem for path in FOLDER.glob("*.py")} - {"run"})
