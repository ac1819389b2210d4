# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions that antsibull-nox.toml asks for. `make lint` runs them; `nox --list` names them."""

import sys

import nox

try:
    import antsibull_nox
except ImportError:
    print("You need to install antsibull-nox in the same Python environment as nox.")
    sys.exit(1)

# Everything that tools leave behind lies below .build.
nox.options.envdir = ".build/nox"
nox.options.reuse_venv = "yes"

antsibull_nox.load_antsibull_nox_toml()


# Allow to run the noxfile with `python noxfile.py`, `pipx run noxfile.py`, or similar.
if __name__ == "__main__":
    nox.main()
