#!/usr/bin/python
from __future__ import annotations

from ansible_collections.hostops.installatron.plugins.module_utils._host import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._installs import OPERATION


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
