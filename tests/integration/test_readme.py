# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md: its playbook, commands, picture, and links."""

import re

import pytest
from harness import ROOT
from test_docs_examples import PLAYED, Block, Reader

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PATHS = (ROOT / "docs" / "docsite" / "rst" / "paths.rst").read_text(encoding="utf-8")
REPOSITORY = "https://github.com/hostops/installatron/"
PICTURES = "https://raw.githubusercontent.com/hostops/installatron/main/"
# Shell blocks with these words need the network or run the whole test suite.
NOT_EXECUTED = ("pip install", "git clone")


def readme_blocks(language):
    """Return the code blocks of a language in README.md."""
    return re.findall(r"(?s)```%s\n(.*?)```" % language, TEXT)


def block(language, text, caption=None):
    """Return a code block of README.md in the form of those in the guides."""
    return Block(0, language, caption, "", text)


def anchor(title):
    """Return the anchor that GitHub creates for a heading."""
    return re.sub(r"[^\w -]", "", title.lower().replace("`", "")).replace(" ", "-")


def test_length():
    playbook, = readme_blocks("yaml")
    assert len(playbook.splitlines()) <= 25
    assert len(TEXT.splitlines()) <= 105


def test_playbook_is_that_of_the_guide():
    assert readme_blocks("yaml") == [block.text for block in PLAYED["getting_started"] if block.caption == "site.yml"]


def test_playbook(sandbox, tmp_path):
    sandbox.reset(database_automation=True)
    reader = Reader(sandbox, tmp_path)
    reader.write(block("yaml", readme_blocks("yaml")[0], "site.yml"))
    for commands in readme_blocks("shell"):
        if not any(words in commands for words in NOT_EXECUTED):
            reader.execute(block("shell", commands))
    reader.compare(block("text", "changed: [localhost]"))
    requests = sandbox.control("GET", "/requests")
    assert [request for request in requests if request["write"] and not request["dryrun"]] == []
    assert [request for request in requests if request["undocumented"] or request["schema_errors"]] == []


def test_make_targets_exist():
    targets = set(re.findall(r"(?m)^([a-z-]+(?: [a-z-]+)*):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = re.findall(r"(?m)^make ([a-z-]+)|`make ([a-z-]+)`", TEXT)
    assert named
    assert {first or second for first, second in named} <= {name for line in targets for name in line.split()}


def test_picture_is_up_to_date(sandbox, tmp_path):
    pytest.importorskip("rich")
    from session_picture import PICTURE, picture, session

    assert picture(session(sandbox, tmp_path)) == PICTURE.read_text(encoding="utf-8"), "run make screenshot"


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]*)\)", TEXT))
def test_link(link):
    """Galaxy shows the README without the files of the repository, so links to them must be absolute."""
    assert link.startswith("https://")
    if link.startswith((REPOSITORY + "blob/", REPOSITORY + "tree/", PICTURES)):
        path, _hash, fragment = re.sub(r"^(%s|%s(blob|tree)/main/)" % (PICTURES, REPOSITORY), "", link).partition("#")
        target = ROOT / path
        assert target.exists()
        if fragment:
            titles = re.findall(r"(?m)^(.+)\n[=-]{3,}$", target.read_text(encoding="utf-8"))
            assert fragment in [anchor(title) for title in titles]


def test_paths_lead_to_executed_guides():
    """Each step of a path links to a guide whose commands a test executes, or to a page that has none."""
    steps = re.findall(r"(?m)^\d\. (?:.+\n)(?:   .+\n)*", PATHS)
    assert len(steps) > 15
    for step in steps:
        targets = re.findall(r"docsite\.(\w+)", step)
        assert targets or "<https://" in step or re.search(r"`[^`]+`_", step), step
        assert set(targets) <= set(PLAYED), step


def test_readme_links_to_every_path():
    titles = re.findall(r"(?m)^(.+)\n-{3,}$", PATHS)
    assert titles and [title for title in titles if "paths.rst#%s)" % anchor(title) not in TEXT] == []
