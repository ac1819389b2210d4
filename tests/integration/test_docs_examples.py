# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every page of the guides from top to bottom, as a reader would. A new page needs no change here.

A code block with a caption is written to a file of that name. C(shell) is executed in the folder of these files.
C(text) must be in the output of the block before it, where three dots match anything. The server address and API key
in a page are replaced by those of the sandbox. A comment before a block makes an exception:

* C(.. not executed: REASON), for commands that a test cannot run,
* C(.. exit status: NUMBER), for commands that must fail.
"""

import re
import subprocess
import sys
import textwrap
from collections import namedtuple
from pathlib import Path

import pytest
import yaml
from harness import KEY, ROOT, environment
from jinja2 import Template

PAGES = ROOT / "docs" / "docsite" / "rst"
SERVER = "https://installatron.example.com/server/v1"
NO_KEY = "0123456789abcdef0123456789abcdef"
VAULT_PASSWORD = "vault.pass"
FILES = ("yaml", "ini")

Block = namedtuple("Block", "line language caption remark text")


def blocks(text):
    """Return the Blocks of a page."""
    lines, found, number = text.split("\n"), [], 0
    while number < len(lines):
        head = re.match(r"( *)\.\. code-block:: (\S+)$", lines[number])
        number += 1
        if not head:
            continue
        start = number
        before = [line.strip() for line in lines[:start - 1] if line.strip()]
        remark = before[-1][3:] if before and re.match(r"\.\. (not executed|exit status): ", before[-1]) else ""
        while number < len(lines) and (not lines[number].strip() or lines[number].startswith(head.group(1) + "   ")):
            number += 1
        body = textwrap.dedent("\n".join(lines[start:number])).strip("\n")
        caption = re.match(r":caption: (\S+)\n\n?", body)
        found.append(Block(start, head.group(2), caption.group(1) if caption else None, remark,
                           body[caption.end():].lstrip("\n") + "\n" if caption else body + "\n"))
    return found


PLAYED = {path.stem: blocks(path.read_text(encoding="utf-8")) for path in sorted(PAGES.glob("*.rst"))}
COMMANDS = [page for page, found in PLAYED.items()
            if any(block.language == "shell" and not block.remark.startswith("not executed") for block in found)]


class Reader:
    """A reader who follows a page: a folder with its files, and a shell that keeps its variables between blocks."""

    def __init__(self, sandbox, folder):
        self._folder = folder
        self._url = sandbox.url
        self._environment = {name: value for name, value in environment(sandbox, folder).items()
                             if name not in ("ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_LOG_PATH")}
        self._environment.update(
            ANSIBLE_INVENTORY=str(folder / "hosts"), ITRON_API_URL=sandbox.url, ITRON_API_KEY=KEY,
            PATH="%s:%s" % (Path(sys.executable).parent, self._environment["PATH"]))
        # Nothing is downloaded: the sandbox of a page uses the Python packages of the tests.
        (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s sandbox_python=%s\n" % (
            sys.executable, sys.executable), encoding="utf-8")
        # For pages on which Ansible prompts for the vault password.
        (folder / VAULT_PASSWORD).write_text("secret\n", encoding="utf-8")
        self.output = ""

    def write(self, block):
        """Write the file of a block."""
        path = self._folder / block.caption
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._here(block.text), encoding="utf-8")
        if block.caption == "credential_type_injectors.yml":
            self._inject(yaml.safe_load(block.text)["env"])

    def execute(self, block):
        """Run the commands of a block and assert their exit status."""
        script = "[ ! -e .variables ] || . ./.variables\nset -eu\n%s\nexport -p >.variables\n" % self._here(block.text)
        done = subprocess.run(["bash", "-c", script], env=self._environment, cwd=str(self._folder), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=180, check=False)
        self.output = done.stdout
        wanted = int(block.remark.partition(":")[2]) if block.remark else 0
        assert done.returncode == wanted, "line %d: exit status %d\n%s" % (block.line, done.returncode, done.stdout)
        assert "WARNING" not in done.stdout and "DEPRECATION" not in done.stdout, "line %d:\n%s" % (block.line, done.stdout)

    def compare(self, block):
        """Assert that the output of the last commands contains the lines of a block, in this order."""
        rest = iter(" ".join(line.split()) for line in self.output.splitlines())
        for line in (" ".join(line.split()) for line in self._here(block.text).splitlines()):
            if line in ("", "..."):
                continue
            pattern = re.compile(".*".join(re.escape(part) for part in line.split("...")) + "$")
            assert any(pattern.match(one) for one in rest), "line %d: no line %r in:\n%s" % (block.line, line, self.output)

    def _here(self, text):
        """Return a text of a page with the address and the key of the sandbox."""
        return text.replace(SERVER, self._url).replace(NO_KEY, KEY).replace("--ask-vault-pass", "--vault-password-file %s" % VAULT_PASSWORD)

    def _inject(self, variables):
        """Set environment variables as AWX does for those of a credential."""
        given = {"api_url": self._url, "api_key": KEY}
        for name in list(self._environment):
            if name.startswith("ITRON_"):
                del self._environment[name]
        self._environment.update((name, Template(value).render(given)) for name, value in variables.items())


@pytest.mark.parametrize("page", COMMANDS)
def test_page(sandbox, tmp_path, page):
    sandbox.reset(database_automation=True)
    reader = Reader(sandbox, tmp_path)
    for block in PLAYED[page]:
        if block.remark.startswith("not executed"):
            continue
        if block.language == "shell":
            reader.execute(block)
        elif block.language == "text":
            reader.compare(block)
        else:
            reader.write(block)
    requests = sandbox.control("GET", "/requests")
    assert [request for request in requests if request["undocumented"] or request["schema_errors"]] == []


@pytest.mark.parametrize("page", sorted(PLAYED))
def test_blocks_all_used(page):
    """Every block is executed, compared, or a file that commands or files of the page use. Exceptions have a reason."""
    found = PLAYED[page]
    for number, block in enumerate(found):
        where = "%s.rst, line %d" % (page, block.line)
        if block.remark.startswith("not executed"):
            assert len(block.remark.partition(":")[2].split()) > 2, "%s: why?" % where
            continue
        assert block.language in ("shell", "text") + FILES, "%s: unknown language %s" % (where, block.language)
        if block.language == "text":
            assert any(other.language == "shell" for other in found[:number]), "%s: no shell block before this output" % where
        if block.language in FILES:
            assert block.caption, "%s: a file needs a caption" % where
            names = (block.caption, str(Path(block.caption).name), "%s/" % Path(block.caption).parts[0])
            used = any(name in other.text for other in found if other is not block for name in names)
            assert used or block.caption.startswith("credential_type_"), "%s: %s is not used" % (where, block.caption)


@pytest.mark.parametrize("page", sorted(PLAYED))
def test_blocks_no_literal(page):
    """Readers and tests would ignore a literal block."""
    text = (PAGES / ("%s.rst" % page)).read_text(encoding="utf-8")
    assert [line for line in text.split("\n") if line.endswith("::") and not line.lstrip().startswith("..")] == []
    assert re.findall(r"(?m)^ *\.\. (?:code|sourcecode|parsed-literal|literalinclude)::.*$", text) == []
