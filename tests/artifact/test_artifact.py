# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artifact has what users need and nothing else, and works where only extensions, meta, plugins, roles and playbooks are left.

``make artifact-test`` builds it first, from the files that git knows.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
ARTIFACT = ROOT / ".build" / "dist" / "{namespace}-{name}-{version}.tar.gz".format(**GALAXY)

# Everything that a user calls.
WORKING_FOLDERS = {"extensions", "meta", "playbooks", "plugins", "roles"}
# Below them, what only developers need.
LEFT_OUT = "extensions/molecule/"
# What a user reads, and what Galaxy and Automation Hub ask for.
OTHER_FOLDERS = {"LICENSES", "changelogs", "docs"}
FILES = {"CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "README.md", "REUSE.toml"}
# Written by ansible-galaxy.
MANIFESTS = {"FILES.json", "MANIFEST.json"}


def members():
    """Return the names of the files in the artifact."""
    with tarfile.open(ARTIFACT) as archive:
        return {member.name for member in archive.getmembers() if not member.isdir()}


# What ansible-core 2.21 says of a collection of its own whenever it looks for roles, whatever is installed.
CORE_NOISE = re.compile(r"\[WARNING\]: Collection at '[^']*/ansible/_internal/[^']*' does not have a MANIFEST\.json "
                        r"file, nor has it galaxy\.yml: cannot detect version\.\n")


def files_known_to_git():
    """Return the files of the working tree that are tracked or could be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).exists()}


def run(*command, cwd, collections):
    """Run a command of Ansible that finds collections in one path only, and return the finished process."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "ITRON_", "PYTHON"))}
    env.update(
        ANSIBLE_COLLECTIONS_PATH=str(collections),
        ANSIBLE_HOME=str(cwd / "ansible"),
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        PATH=os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]),
        TMPDIR=str(cwd),
    )
    return subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def reduced(tmp_path_factory):
    """The path of collections that holds an installation of the artifact, reduced to the folders that users call."""
    directory = tmp_path_factory.mktemp("reduced")
    collections = directory / "collections"
    install = run(
        "ansible-galaxy", "collection", "install", "--offline", "--collections-path", str(collections), str(ARTIFACT),
        cwd=directory, collections=collections,
    )
    assert install.returncode == 0, install.stdout + install.stderr
    for entry in (collections / "ansible_collections" / "hostops" / "installatron").iterdir():
        if entry.is_dir() and entry.name not in WORKING_FOLDERS:
            shutil.rmtree(entry)
    return collections


def test_the_artifact_is_of_the_files_as_they_are():
    with tarfile.open(ARTIFACT) as archive:
        for name in ("plugins/modules/itron_install.py", "README.md", "meta/runtime.yml"):
            assert archive.extractfile(name).read() == (ROOT / name).read_bytes(), "run make build"


def test_nothing_but_what_users_need():
    strangers = {
        name for name in members() if name.partition("/")[0] not in WORKING_FOLDERS | OTHER_FOLDERS | FILES | MANIFESTS
    }
    assert strangers == set()
    assert [name for name in members() if name.startswith(LEFT_OUT)] == []


def test_every_file_is_known_to_git():
    assert members() - MANIFESTS - files_known_to_git() == set()


def test_nothing_that_users_need_is_missing():
    wanted = {name for name in files_known_to_git() if name.partition("/")[0] in WORKING_FOLDERS | FILES}
    assert WORKING_FOLDERS | FILES <= {name.partition("/")[0] for name in wanted}
    assert {name for name in wanted if not name.startswith(LEFT_OUT)} - members() == set()


def test_of_the_changelog_only_what_the_ansible_package_reads():
    assert {name for name in members() if name.startswith("changelogs/")} == {"changelogs/changelog.yaml"}


def test_no_state_no_cache_no_secret_file():
    names = re.compile(r"(^|/)(\.[^/]*|__pycache__|.*\.(pyc|sqlite3?|db|log|pid|retry|pem|key|tar\.gz))(/|$)")
    assert [name for name in members() if names.search(name)] == []


def test_it_is_small():
    with tarfile.open(ARTIFACT) as archive:
        sizes = {member.name: member.size for member in archive.getmembers()}
    assert ARTIFACT.stat().st_size < 1024 * 1024
    assert {name: size for name, size in sizes.items() if size > 256 * 1024} == {}


def test_the_manifest_says_what_galaxy_yml_says():
    with tarfile.open(ARTIFACT) as archive:
        info = json.load(archive.extractfile("MANIFEST.json"))["collection_info"]
    for name in ("namespace", "name", "version", "tags", "license", "dependencies", "repository", "issues"):
        assert info[name] == GALAXY[name]
    assert info["dependencies"] == {}


def test_the_reduced_installation_documents_its_plugins(reduced, tmp_path):
    for kind, name in (("module", "itron_install"), ("inventory", "itron"), ("role", "sandbox")):
        command = ("ansible-doc", "--type", kind, "--json", f"hostops.installatron.{name}")
        finished = run(*command, cwd=tmp_path, collections=reduced)
        assert finished.returncode == 0, finished.stderr
        assert list(json.loads(finished.stdout)) == [f"hostops.installatron.{name}"]
        assert CORE_NOISE.sub("", finished.stderr) == ""


def test_the_reduced_installation_runs_the_demo(reduced, tmp_path):
    finished = run("ansible-playbook", "hostops.installatron.demo", cwd=tmp_path, collections=reduced)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "The site was removed: its page is gone" in finished.stdout
    assert re.search(r"failed=0\s", finished.stdout)
    assert "WARNING" not in finished.stdout + finished.stderr


def test_the_event_source_of_the_reduced_installation_finds_its_code(reduced, tmp_path):
    source = reduced / "ansible_collections" / "hostops" / "installatron" / "extensions" / "eda" / "plugins" / "event_source" / "itron_events.py"
    program = "import asyncio, runpy, sys; asyncio.run(runpy.run_path(sys.argv[1])['main'](None, {}))"
    finished = run(sys.executable, "-c", program, str(source), cwd=tmp_path, collections=reduced)
    assert finished.returncode == 1
    assert "missing required arguments: api_key, state_file" in finished.stderr
