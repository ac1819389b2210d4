# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/docsite/images/session.svg, the picture in README.md: `make screenshot`.

It shows real runs of the playbook in README.md against the sandbox. The same output results in the same bytes.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import KEY, ROOT, Sandbox, environment
from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

PICTURE = ROOT / "docs" / "docsite" / "images" / "session.svg"
README = ROOT / "README.md"
COMMANDS = ("ansible-playbook site.yml --check --diff", "ansible-playbook site.yml", "ansible-playbook site.yml")
# Contains the license for REUSE. Loads no font from the network.
HEAD = "<!--\nCopyright (c) 2026, hostops.installatron contributors\nSPDX-License-Identifier: GPL-3.0-or-later\n-->\n"
FORMAT = HEAD + re.sub(r"(?s)\s*@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT).replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


def readme_playbook():
    """Return the playbook in README.md."""
    return re.search(r"(?s)```yaml\n(.*?)```", README.read_text(encoding="utf-8")).group(1)


def session(sandbox, folder):
    """Run the commands against an empty sandbox. Return each with its output in color."""
    sandbox.reset(database_automation=True)
    (folder / "site.yml").write_text(readme_playbook(), encoding="utf-8")
    (folder / "hosts").write_text("localhost ansible_connection=local ansible_python_interpreter=%s\n" % sys.executable, encoding="utf-8")
    variables = environment(sandbox, folder)
    # The output that a user sees: colors, and no callback of the tests.
    for name in ("ANSIBLE_NOCOLOR", "ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_LOG_PATH"):
        del variables[name]
    variables.update(ANSIBLE_FORCE_COLOR="1", ANSIBLE_INVENTORY=str(folder / "hosts"), ITRON_API_URL=sandbox.url, ITRON_API_KEY=KEY)
    program = Path(sys.executable).parent
    runs = []
    for command in COMMANDS:
        done = subprocess.run([str(program / command.split()[0]), *command.split()[1:]], env=variables, cwd=str(folder), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=180, check=True)
        runs.append((command, done.stdout))
    return runs


def picture(runs):
    """Return the SVG of a terminal with commands and their output."""
    lines = []
    for command, output in runs:
        lines.append(Text("$ " + command, style="bold"))
        shown = [Text.from_ansi(line) for line in output.strip("\n").splitlines()]
        for line in shown:
            line.rstrip()
        # Keep one empty line between two blocks.
        lines += [line for number, line in enumerate(shown) if line.plain or shown[number - 1].plain] + [Text()]
    with open("/dev/null", "w", encoding="utf-8") as nowhere:
        console = Console(record=True, file=nowhere, width=max(line.cell_len for line in lines), force_terminal=True, color_system="truecolor",
                          legacy_windows=False, _environ={})
        for line in lines[:-1]:
            console.print(line, soft_wrap=True)
        svg = console.export_svg(title="Plan, apply, and run again", code_format=FORMAT, unique_id="session")
    return re.sub(r"[ \t]+\n", "\n", svg.rstrip() + "\n")


def main():
    """Run the playbook and save a picture of the terminal."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder) / "sandbox")
        try:
            PICTURE.write_text(picture(session(sandbox, Path(folder))), encoding="utf-8")
        finally:
            sandbox.stop()
    print("%s, %d kB" % (PICTURE.relative_to(ROOT), PICTURE.stat().st_size // 1000))


if __name__ == "__main__":
    main()
