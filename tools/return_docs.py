# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what several modules say of the same rows in RETURN, from return_docs.yml: RETURN cannot use documentation fragments.

Usage: return_docs.py [--check]

With ``--check`` it changes nothing, prints what it would change, and fails if there is anything.
"""

from __future__ import annotations

import difflib
import pathlib
import string
import sys
import textwrap

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(__file__).with_suffix(".yml")


def indent_of(line: str) -> int:
    """Return by how much a line is indented; an empty one is as deep as can be."""
    return len(line) - len(line.lstrip()) if line.strip() else sys.maxsize


def block(lines: list[str], start: int) -> int:
    """Return where the block below a line ends."""
    return next((end for end in range(start + 1, len(lines)) if indent_of(lines[end]) <= indent_of(lines[start])), len(lines))


def members(text: str) -> list[str]:
    """Return the names of the members that a text documents."""
    return [line.partition(":")[0] for line in text.splitlines() if indent_of(line) == 0]


def written(lines: list[str], value: str, row: str, words: dict[str, str]) -> list[str]:
    """Return the lines of a module with the members of one return value written anew.

    Arguments:
        value: name of the return value. row: the text that documents a row. words: what the text has place holders for.

    Members that the row does not have are kept, after those that it has. Raises SystemExit if RETURN does not have the value.
    """
    begin = next(number for number, line in enumerate(lines) if line.startswith("RETURN = "))
    if f"{value}:" not in lines[begin:]:
        raise SystemExit(f"return_docs: no {value} in RETURN")
    start = lines.index(f"{value}:", begin)
    end = block(lines, start)
    contains = lines.index("  contains:", start, end)
    old = [line[4:] for line in lines[contains + 1:block(lines, contains)]]
    is_list = "  type: list" in lines[start:end]
    text = string.Template(row).substitute(words, value=value, place=f"{value}[]" if is_list else value,
                                           returned=f"for each of RV({value})" if is_list else f"when RV({value}) is not V(null)")
    kept: list[str] = []
    for number, line in enumerate(old):
        if indent_of(line) == 0 and line.partition(":")[0] not in members(text):
            kept += old[number:block(old, number)]
    new = textwrap.indent("\n".join([text.rstrip("\n"), *kept]), "    ").splitlines()
    return lines[:contains + 1] + new + lines[block(lines, contains):]


def main(arguments: list[str]) -> int:
    """Write the modules, or compare them; return 1 if they differ with ``--check``."""
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    differs = False
    for module, places in data["places"].items():
        path = ROOT / "plugins" / "modules" / f"{module}.py"
        lines = old = path.read_text(encoding="utf-8").splitlines()
        for value, words in places.items():
            lines = written(lines, value, data["rows"][words["row"]], words)
        if lines == old:
            continue
        differs = True
        if "--check" in arguments:
            print("\n".join(difflib.unified_diff(old, lines, str(path.relative_to(ROOT)), "tools/return_docs.yml", lineterm="")))
        else:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(differs and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
