# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions of antsibull-nox.toml, and a session for spelling and style. `make lint` runs them; `nox --list` lists them."""

import subprocess
import sys

import nox

try:
    import antsibull_nox
except ImportError:
    print("You need to install antsibull-nox in the same Python environment as nox.")
    sys.exit(1)

# All output of tools is below .build.
nox.options.envdir = ".build/nox"
nox.options.reuse_venv = "yes"

antsibull_nox.load_antsibull_nox_toml()


# Words and phrases that are archaic, or translated word by word.
PHRASES = (
    r"\banew\b", r"\bbelongs? into\b", r"\bgoes before\b", r"\bin vain\b", r"\bis to be (found|seen)\b", r"\bof its own accord\b",
    r"\b(no|some)body (can|described|else|has|is|knows|looks|reads|said|says|waits|wants|wrote)\b", r"\bstands? (above|below|beside|there|in [^f])",
    r", for (both|it|nothing|that|there|they) (are|can|does|has|have|is|may|would)\b",
)


@nox.session(name="prose", default=True)
def prose(session):
    """Check the spelling of all files, the style of guides, and that no file contains one of PHRASES."""
    session.install("--constraint", "requirements-lint.txt", "codespell", "proselint")
    session.run("codespell")
    pages = subprocess.run(["git", "ls-files", "*.md", "*.rst"], check=True, capture_output=True, text=True).stdout.splitlines()
    session.run("proselint", "check", *pages)
    # git grep exits with 1 if it finds nothing.
    patterns = [word for phrase in PHRASES for word in ("-e", phrase)]
    session.run("git", "grep", "--untracked", "--line-number", "--ignore-case", "--extended-regexp", *patterns, "--", ".", ":!noxfile.py",
                external=True, success_codes=[1])


# Allow to run the noxfile with `python noxfile.py`, `pipx run noxfile.py`, or similar.
if __name__ == "__main__":
    nox.main()
