# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of site files is generated from the argument specs and accepts the same files as the validation."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import read_items
from ansible_collections.hostops.installatron.plugins.plugin_utils._site_description import install_item

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "estate.schema.json").read_text(encoding="utf-8"))


def test_schema_up_to_date():
    done = subprocess.run([sys.executable, "tools/estate_schema.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [
    "{url: http://a.example, autoup: minor, version: 6.10, settings: {color: red}, notification: [update]}",
    "{id: a, backup: {keep: 3, daily: '2'}, account: {email: x, suspended: 'yes'}}",
    "{url: http://a.example, websites: [{id: 1, path: /h, vhosts: {http://a.example: w}, databases: [{name: d}]}], autoup: null}",
    "{url: http://a.example, migrate_from: {source_url: x, source_ftu: y}, autobk_daily: 3, revert: false}",
])
def test_site_accepted_by_schema_and_validation(text):
    site = yaml.safe_load(text)
    assert jsonschema.Draft7Validator(SCHEMA).is_valid([site])
    read_items([install_item(site)], {}, {})


@pytest.mark.parametrize("text", [
    "{url: http://a.example, autoupdate: x}", "{autoup: all}", "{url: http://a.example, autoup: some}",
    "{url: http://a.example, clone_from: a, restore_from: b}", "{url: http://a.example, websites: [{databases: [{user: x}]}]}",
    "{url: http://a.example, autobk_daily: many}", "{id: a, account: {mail: x}}",
    "{id: a, backup: {keep_all: 3}}", "{url: http://a.example, settings: text}", "{url: http://a.example, revert: perhaps}",
])
def test_site_refused_by_schema_and_validation(text):
    site = yaml.safe_load(text)
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid([site])
    with pytest.raises(InputError):
        read_items([install_item(site)], {}, {})
