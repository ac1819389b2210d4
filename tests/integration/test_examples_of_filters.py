# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of filters and lookups are executed. Only addresses and folders are replaced."""

import json
import re

import pytest
import yaml
from harness import KEY, ROOT, USER
from role_runs import described, install, installs_by_host
from test_examples import output_of

# Two sites: one with a description, and one without.
SITES = ("described.example", "unmanaged.example")
HEALTHY = "www.example.com"
# Plugin -> regular expressions for the output or the files of the run.
EXPECTED = {
    "awx_files": ["controller_templates:"],
    "awx_objects": ["Installatron main: Onboard"],
    "awx_steps": ["Installatron main: Plan", "Installatron project"],
    "backup_audit_markdown": ["# Backups"],
    "drift_markdown": ["in sync"],
    "drift_report": ["http://unmanaged.example"],
    "fleet_report": ['"msg": "3, 3"'],
    "fleet_report_csv": ["url,"],
    "fleet_report_html": ["<title>Shared hosting"],
    "plan_markdown": ["# Plan.*0 of 1 sites would change"],
    "markdown_table": [r"\| https://www.example.com/blog \| 6.4.3 \|"],
    "site_files": ["changed=0"],
    "site_health": ["All assertions passed"],
    "survey_answers": [r"\*\.staging\.example\.com"],
    "site_parts": ["changed=1"],
}


def plugins():
    """Return {name: text of the examples} of the filters and lookups."""
    files = [path for kind in ("filter", "lookup") for path in (ROOT / "plugins" / kind).glob("[a-z]*.py")]
    return {path.stem: path.read_text(encoding="utf-8").partition('EXAMPLES = r"""')[2].partition('"""')[0] for path in files}


EXAMPLES = plugins()


def test_examples_complete():
    assert set(EXAMPLES) == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_example(sandbox, tmp_path, name):
    sandbox.reset(database_automation=True)
    for host in (*SITES, HEALTHY):
        install(sandbox, host, sitetitle="Welcome")
    files = tmp_path / "play" / "sites"
    files.mkdir(parents=True)
    (files / "sites.json").write_text(json.dumps([described(SITES[0])]), encoding="utf-8")
    text = EXAMPLES[name].replace("/tmp/", str(tmp_path) + "/").replace("owned_accounts: true", "user: %s" % USER)
    text = text.replace("'url': 'https://%s'" % HEALTHY, "'url': 'http://%s', 'url_ip': '127.0.0.1', 'port': %d" % (
        HEALTHY, sandbox.ready["port"]))
    connection = {"group/hostops.installatron.itron": {"api_url": sandbox.url, "api_key": KEY}}
    book = [{"hosts": "localhost", "gather_facts": False, "module_defaults": connection, "tasks": yaml.safe_load(text)}]
    # As users write it: in JSON, a key is not templated.
    shown = output_of(sandbox, tmp_path / "play", yaml.safe_dump(book, sort_keys=False), "-e", "vault_itron_api_key=%s" % KEY)
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.*"))
    for pattern in EXPECTED[name]:
        assert re.search(pattern, written + shown), (pattern, written + shown)
    if name == "site_parts":
        assert installs_by_host(sandbox)["www.example.com/blog"]["installer"] == "wordpress"
