# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the search itself: it finds canaries, and every secret option of every module has one."""

import codecs
import importlib
from pathlib import Path

import pytest
from canaries import Canaries, files_below, search
from controller import CARRIERS, ProcessList
from playbook import Playbook
from spellings import SPELLINGS

from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = "ansible_collections.hostops.installatron.plugins.action."
# Options that contain secrets but are not hidden as a whole, and options that contain other options.
URIS = {
    "path",
    "bkloc",
    "migrate_from.source_ftu",
    "websites.path",
    "file",
    "rest_url",
    "settings",
    "websites.custom",
    "installs",
    "defaults",
    "policies.location",
    "defaults.location",
}


@pytest.mark.parametrize("spelling", [*SPELLINGS, "upper case", "reversed"])
def test_canary_found_in_every_spelling(spelling):
    canaries = Canaries()
    spell = {"upper case": str.upper, "reversed": lambda text: text[::-1]}.get(spelling) or SPELLINGS[spelling]
    data = ("before %s after" % spell(canaries.password("it"))).encode()
    assert list(canaries.found_in(data)) == ["it"]
    assert canaries.found_in(b"before something else after") == {}


def test_spelling_unknown_to_redactor(monkeypatch):
    """The search finds a spelling in the list that the redactor does not mask."""
    monkeypatch.setitem(SPELLINGS, "rot13", lambda secret: codecs.encode(secret, "rot13"))
    canaries = Canaries()
    secret = canaries.plain("it")
    leaked = Redactor([secret]).foreign("It is %s" % SPELLINGS["rot13"](secret))
    assert list(canaries.found_in(leaked.encode())) == ["it"]


def test_places_searched(tmp_path):
    canaries = Canaries()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file").write_text(canaries.plain("one"))
    (tmp_path / "remote" / "x").mkdir(parents=True)
    (tmp_path / "remote" / "x" / "AnsiballZ_itron_install.py").write_text(canaries.plain("two"))
    findings, size = search(canaries, files_below(tmp_path, CARRIERS))
    assert len(findings) == 1 and findings[0].startswith("one in deep/er/file")
    assert size == len(canaries.plain("one"))


def test_process_list_searched():
    import subprocess

    canaries = Canaries()
    with ProcessList() as processes:
        subprocess.run(["sh", "-c", "sleep 0.5; : %s" % canaries.plain("argument")], check=True)
    assert "argument" in canaries.found_in(processes.data)


def secret_options(options, prefix=""):
    """Yield the names of the options that contain secrets."""
    for name, option in options.items():
        if option.get("no_log") or prefix + name in URIS:
            yield prefix + name
        yield from secret_options(option.get("options", {}), prefix + name + ".")


def given_options(value, prefix=""):
    """Yield the names of the options whose values contain a canary; options of a site count as options of itron_install."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from given_options(item, prefix + name + ".")
    elif isinstance(value, list):
        for item in value:
            yield from given_options(item, prefix)
    elif isinstance(value, str) and "{{ s" in value:
        yield prefix.rstrip(".")


@pytest.mark.parametrize("module", sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("itron_*.py")))
def test_secret_options_covered(module):
    operation = importlib.import_module(ACTIONS + module).ActionModule.operation
    playbook = Playbook(Canaries(), "/installatron", "http://127.0.0.1/server/v1", "controller")
    given = set(given_options(playbook.defaults))
    for task in playbook.tasks:
        given.update(given_options(task.get("hostops.installatron." + module, {})))
    given |= {name.split(".")[0] for name in given} | {"websites.custom"} & {
        "websites.custom" for name in given if name.startswith("websites.custom.")
    }
    assert set(secret_options(operation.spec.options)) - given == set()
