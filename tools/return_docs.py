# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the shared parts of RETURN of several modules from return_docs.yml, because RETURN cannot use documentation fragments.

Usage: return_docs.py [--check]

With ``--check``, the script changes nothing, prints the differences, and fails if there are any.
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
    """Return the indentation of a line; sys.maxsize for an empty line."""
    return len(line) - len(line.lstrip()) if line.strip() else sys.maxsize


def block(lines: list[str], start: int) -> int:
    """Return the end of the block that starts at a line."""
    return next((end for end in range(start + 1, len(lines)) if indent_of(lines[end]) <= indent_of(lines[start])), len(lines))


def members(text: str) -> list[str]:
    """Return the names of the members that a text documents."""
    return [line.partition(":")[0] for line in text.splitlines() if indent_of(line) == 0]


def written(lines: list[str], value: str, row: str, words: dict[str, str]) -> list[str]:
    """Return the lines of a module with the members of one return value replaced.

    Arguments:
        value: name of the return value. row: the text that documents a row. words: values for the placeholders in the text.

    Members that are not in the row are kept at the end. Raises SystemExit if RETURN does not have the value.
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
    """Update the modules, or compare them with ``--check``; return 1 if a comparison finds differences."""
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
