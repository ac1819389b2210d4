#!/usr/bin/python
from ansible_collections.hostops.installatron.plugins.module_utils._host import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._install import OPERATION


def main():
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
