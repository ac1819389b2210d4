# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick selection: the tests of the slow folders that `make test` runs. `make test-all` runs the others, too.

An entry is a file, a test in a file, or the beginning of the name of a parametrized test, relative to C(tests). A file executes only
the scenarios that its selected tests use. tests/conftest.py marks the tests, and refuses an entry that matches no test.
"""


# The scenarios that run by action, by module, and on the command line of the second host. The others run by action only:
# they repeat the same operation with other options.
MAIN = {
    "test_app_facts": ("all", "several"),
    "test_backup": ("first", "three", "absent", "imported"),
    "test_backup_info": ("all", "url"),
    "test_install_edit": ("autoup",),
    "test_install_failures": ("wrong key", "html", "wrong type", "unknown option", "neither id nor url", "no such language", "downgrade", "database refused"),
    "test_install_gone": ("removed",),
    "test_install_info": ("all", "addons"),
    "test_install_origin": ("source", "clone", "migrated"),
    "test_install_present": ("plain", "everything", "addons"),
    "test_install_upgrade": ("both",),
    "test_task_info": ("all", "wait for one"),
    "test_user": ("full", "password", "forced"),
    "test_user_info": ("one", "below"),
}


def scenarios(file, test="test_scenario"):
    """Return the entries for the main scenarios of a file: by action, by module, and their comparison."""
    return ["integration/%s.py::%s[%s" % (file, function, name) for name in MAIN[file] for function in (test, "test_action_and_module_agree")]


def readings(file):
    """Return the entries for the main readings of a file: by action, by module, and their comparison."""
    return scenarios(file, test="test_reading")


# The main scenarios of each module, by action and by module. Each module must have an entry.
MODULES = {
    "itron_adopt": ["integration/test_adopt.py"],
    "itron_app_facts": readings("test_app_facts"),
    "itron_backup": scenarios("test_backup"),
    "itron_backup_info": readings("test_backup_info"),
    "itron_backups": ["integration/test_backups.py"],
    "itron_gui_session": ["integration/test_gui_session.py"],
    "itron_install": [
        *scenarios("test_install_present"),
        *scenarios("test_install_upgrade"),
        *scenarios("test_install_gone"),
    ],
    "itron_install_info": readings("test_install_info"),
    "itron_installs": [
        "integration/test_installs.py::test_check_mode_predicts_run",
        "integration/test_installs.py::test_idempotency",
        "integration/test_installs.py::test_server_state",
        "integration/test_installs.py::test_action_and_module_agree",
        "integration/test_installs.py::test_no_warnings_no_secrets",
    ],
    "itron_restore_drill": ["integration/test_restore_drill.py"],
    "itron_rollout": ["integration/test_rollout.py"],
    "itron_task_info": readings("test_task_info"),
    "itron_user": scenarios("test_user"),
    "itron_user_info": readings("test_user_info"),
    "itron_validate": ["integration/test_validate.py"],
}

# One test of each other kind.
OTHERS = [
    # The inventory plugin, a role, filters, and the first playbook in the README.
    "integration/test_inventory.py::test_variables_match_module",
    "integration/test_role_site.py::test_empty_server",
    "integration/test_examples_of_filters.py::test_example[drift_markdown",
    "integration/test_examples_of_filters.py::test_example[site_health",
    "integration/test_events.py::test_site_life_cycle",
    "integration/test_rulebooks.py::test_security_release_canary_first",
    "integration/test_examples.py::test_examples_complete",
    "integration/test_readme.py::test_playbook",
    "integration/test_readme.py::test_picture_is_up_to_date",
    "integration/test_docs_examples.py::test_blocks_all_used",
    "integration/test_docs_examples.py::test_blocks_no_literal",
    "integration/test_panel_databases.py::test_grants_limited_to_database",
    "integration/test_panel_paths.py::test_table",
    "secrets/test_search.py",
    "reliability/test_faults_session.py",
    "model/test_promises.py",
    "fuzz/test_placed_secrets.py",
]
