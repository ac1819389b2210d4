# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_installs: sites from files, plain and encrypted, and errors that name the line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bulk_tasks import bulk, counts, hosts, installs_by_host
from harness import PLACES, environment, play, site, websites
from scenarios import assert_no_warnings

NAMES = hosts(4)
PASSWORD = "pw-of-the-vault-canary"


def vault(folder, sandbox, *arguments, text=None):
    """Run ansible-vault in a folder and return its output."""
    (folder / "vault-password").write_text("open sesame\n")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-vault"), *arguments, "--vault-password-file", "vault-password"], cwd=str(folder), input=text,
        env=environment(sandbox, folder), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def desired(name, **more):
    """Return a site whose database password is a canary."""
    return dict(site(name, version="6.4.3", db_pass=PASSWORD + name), **more)


@pytest.mark.parametrize("place", PLACES)
def test_file_formats(sandbox, tmp_path, place):
    sandbox.reset()
    folder = tmp_path / "run" / "sites"
    (folder / "more" / ".hidden").mkdir(parents=True)
    (folder / "list.yml").write_text("# two sites\n" + json.dumps([desired(NAMES[0], sitetitle="A")]))
    (folder / "more" / "table.json").write_text(json.dumps({"installs": [desired(NAMES[1], sitetitle="B")]}))
    (folder / "one.yaml").write_text("version: 6.4.3\n" + "".join("%s: %s\n" % pair for pair in desired(NAMES[2]).items() if pair[0] != "version"))
    (folder / "empty.yml").write_text("---\n# nothing yet\n")
    (folder / "notes.txt").write_text("{{{ no site")
    (folder / "more" / ".hidden" / "x.yml").write_text("{{{ no site")
    encrypted = folder / "secret.yml"
    encrypted.write_text(json.dumps([desired(NAMES[3], sitetitle="D")]))
    vault(tmp_path, sandbox, "encrypt", str(encrypted))
    options = {"installs_from": ["sites"]}
    arguments = ["--vault-password-file", str(tmp_path / "vault-password"), "-vvvv"]
    run = play(sandbox, tmp_path / "run", [bulk("run", options), bulk("again", options)], place, arguments, defaults={"websites": websites(*NAMES)})
    assert not run["run"].failed, run["run"].result["msg"]
    assert sorted(installs_by_host(run["run"])) == NAMES
    assert installs_by_host(run["run"])[NAMES[3]]["cf-sitetitle"] == "D"
    assert run["again"].changed is False and counts(run["again"]) == {"installs": 1}
    assert PASSWORD not in run.output + run.log


def test_encrypted_values(sandbox, tmp_path):
    sandbox.reset()
    folder = tmp_path / "run"
    folder.mkdir()
    secret = vault(tmp_path, sandbox, "encrypt_string", "--stdin-name", "db_pass", text=PASSWORD)
    lines = ["url: http://%s" % NAMES[0], "application: wordpress", "version: 6.4.3", "db_host: localhost", "db_name: x", "db_user: x",
             *secret.splitlines()]
    (folder / "sites.yml").write_text("- %s\n" % "\n  ".join(lines))
    run = play(sandbox, folder, [bulk("run", {"installs_from": "sites.yml"})], arguments=["--vault-password-file", str(tmp_path / "vault-password")],
               defaults={"websites": websites(*NAMES)})
    assert not run["run"].failed, run["run"].result["msg"]
    assert installs_by_host(run["run"])[NAMES[0]]["db-pass"] == PASSWORD
    assert PASSWORD not in run.output + run.log
    assert_no_warnings(run)


def test_file_patterns_order(sandbox, tmp_path):
    sandbox.reset()
    folder = tmp_path / "run" / "files"
    folder.mkdir(parents=True)
    for name in reversed(NAMES):
        (folder / ("%s.yml" % name)).write_text("url: http://%s\nstate: absent\n" % name)
    run = play(sandbox, tmp_path / "run", [bulk("run", {"installs_from": ["s0[13]*.yml", "s04.example.yml", "s03.example.yml"]})])
    assert [entry["url"] for entry in run["run"].result["results"]] == ["http://%s" % NAMES[number] for number in (0, 2, 3)]


def test_version_is_text(sandbox, tmp_path):
    sandbox.reset()
    (tmp_path / "sites.yml").write_text("- {url: http://%s, application: wordpress, version: 6.10}\n" % NAMES[0])
    run = play(sandbox, tmp_path, [bulk("run", {"installs_from": "sites.yml"}, check=True)], defaults={"websites": websites(*NAMES)})
    assert "6.10" in json.dumps(run["run"].result["results"][0]["steps"])


FAULTY = [
    ("sites.yml", "- url: http://a.example\n- url: [\n", ["sites.yml, line 3"]),
    ("sites.json", '[{"url": "http://a.example"},\n {"url": }]', ["sites.json, line 2"]),
    ("sites.yml", "- url: http://a.example\n  autoup: all\n  autoup: none\n", ["sites.yml, line 3: duplicate key autoup"]),
    ("sites.yml", "- url: http://a.example\n\n- url: http://b.example\n  autoupp: all\n",
     ["item 2 (http://b.example, ", "sites.yml, line 3): unsupported option: autoupp"]),
    ("sites.yml", "- url: http://a.example\n- url: a.example\n",
     ["item 2 (a.example, ", "sites.yml, line 2): url: 'a.example' is not an http:// or https:// URL"]),
    ("sites.json", '[{"url": "http://a.example"},\n\n{"url": "HTTP://A.example/"}]',
     ["item 1 (http://a.example, ", "sites.json, line 1) and item 2 (", "line 3) are the same site"]),
    ("sites.yml", "- url: http://a.example\n  db_pass: '{{ vault_pw }}'\n", ["db_pass of item 1 (", "sites.yml, line 1) contains a template"]),
    ("sites.yml", "- just words\n", ["item 1: is not a dictionary of options"]),
    ("sites.yml", "words\n", ["sites.yml contains no list of sites"]),
    ("sites.yml", "installs: []\ndefaults: {}\n", ["sites.yml has members in addition to installs: defaults"]),
    ("other.yml", "[]", ["sites.* matches no file"]),
    ("sites.yml", "- url: http://a.example\n  x: !!python/object:os.system {}\n", ["sites.yml, line 2: could not determine a constructor"]),
]


@pytest.mark.parametrize(("place", "name", "text", "messages"),
                         [("controller", *faulty) for faulty in FAULTY] + [("target", *faulty) for faulty in FAULTY[3:5]])
def test_error_location(sandbox, tmp_path, place, name, text, messages):
    sandbox.reset()
    (tmp_path / name).write_text(text)
    run = play(sandbox, tmp_path, [bulk("run", {"installs_from": "sites.*"})], place)
    assert run["run"].failed
    assert run["run"].requests == []
    for message in messages:
        assert message in run["run"].result["msg"]
    assert "Traceback" not in run.output
