# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick selection: what `make test` runs of the folders named here; `make test-all` runs the others, too.

An entry is a file, a test in a file, or the beginning of a test with parameters, each below C(tests). A file plays those of
its scenarios that a selected test is about. tests/conftest.py marks the tests, and refuses an entry that no test matches.
"""


# The scenarios that are played by action, by module, and over the command line of the second host. The others are played by action:
# the same operation behind the same options.
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
    """Return the entries for the main scenarios of a file: by action, by module, and that both agree."""
    return ["integration/%s.py::%s[%s" % (file, function, name) for name in MAIN[file] for function in (test, "test_action_and_module_agree")]


def readings(file):
    """Return the entries for the main readings of a file: by action, by module, and that both agree."""
    return scenarios(file, test="test_reading")


# The main scenarios of each module, by action and by module. A module without an entry is an error.
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
        "integration/test_installs.py::test_check_says_what_the_run_does",
        "integration/test_installs.py::test_the_second_run_changes_nothing",
        "integration/test_installs.py::test_the_server_holds_what_was_wanted",
        "integration/test_installs.py::test_action_and_module_agree",
        "integration/test_installs.py::test_nothing_complains_and_nothing_leaks",
    ],
    "itron_restore_drill": ["integration/test_restore_drill.py"],
    "itron_rollout": ["integration/test_rollout.py"],
    "itron_task_info": readings("test_task_info"),
    "itron_user": scenarios("test_user"),
    "itron_user_info": readings("test_user_info"),
    "itron_validate": ["integration/test_validate.py"],
}

# One of everything else.
OTHERS = [
    # The inventory plugin, a role, a filter, a lookup, the first playbook of a reader.
    "integration/test_inventory.py::test_variables_are_the_results_of_the_module",
    "integration/test_role_site.py::test_from_an_empty_server",
    "integration/test_examples_of_filters.py::test_example[drift_markdown",
    "integration/test_examples_of_filters.py::test_example[site_health",
    "integration/test_events.py::test_the_life_of_a_site",
    "integration/test_rulebooks.py::test_a_security_release_is_installed_everywhere_canary_first",
    "integration/test_examples.py::test_every_example_is_expected",
    "integration/test_examples.py::test_the_playbook_of_the_readme",
    "integration/test_docs_examples.py::test_no_block_is_left_out",
    "integration/test_docs_examples.py::test_there_are_no_other_blocks",
    "integration/test_panel_databases.py::test_the_user_may_use_this_database_alone",
    "integration/test_panel_paths.py::test_table",
    "secrets/test_search.py",
    "reliability/test_faults_session.py",
    "model/test_promises.py",
    "fuzz/test_placed_secrets.py",
]
