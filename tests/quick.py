# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick selection: what `make test` runs of the folders named here; `make test-all` runs the others, too.

An entry is a file, a test in a file, or the beginning of a test with parameters, each below C(tests). Tests that share
an expensive fixture belong together: an entry that leaves some of them out saves nothing. tests/conftest.py marks the
tests, and refuses an entry that no test matches.
"""

# The main scenario of each module, by action and by module. A module without an entry is an error.
MODULES = {
    "itron_app_facts": [
        "integration/test_app_facts.py::test_reading",
        "integration/test_app_facts.py::test_action_and_module_agree",
        "integration/test_app_facts.py::test_no_complaints",
        "integration/test_app_facts.py::test_arguments_are_sent_as_they_were_asked_for",
    ],
    "itron_backup": [
        "integration/test_backup.py::test_scenario",
        "integration/test_backup.py::test_action_and_module_agree",
        "integration/test_backup.py::test_no_warning_and_no_deprecation",
    ],
    "itron_backup_info": [
        "integration/test_backup_info.py::test_reading",
        "integration/test_backup_info.py::test_action_and_module_agree",
        "integration/test_backup_info.py::test_no_complaints",
    ],
    "itron_gui_session": ["integration/test_gui_session.py"],
    "itron_install": ["integration/test_install_present.py"],
    "itron_install_info": [
        "integration/test_install_info.py::test_reading",
        "integration/test_install_info.py::test_action_and_module_agree",
        "integration/test_install_info.py::test_no_complaints",
    ],
    "itron_installs": [
        "integration/test_installs.py::test_check_says_what_the_run_does",
        "integration/test_installs.py::test_the_second_run_changes_nothing",
        "integration/test_installs.py::test_the_server_holds_what_was_wanted",
        "integration/test_installs.py::test_action_and_module_agree",
        "integration/test_installs.py::test_nothing_complains_and_nothing_leaks",
        "integration/test_installs.py::test_the_single_module_takes_the_same_steps",
    ],
    "itron_task_info": [
        "integration/test_task_info.py::test_reading",
        "integration/test_task_info.py::test_action_and_module_agree",
        "integration/test_task_info.py::test_no_complaints",
    ],
    "itron_user": [
        "integration/test_user.py::test_scenario",
        "integration/test_user.py::test_action_and_module_agree",
        "integration/test_user.py::test_only_the_warning_about_the_package",
        "integration/test_user.py::test_no_secret_is_shown",
    ],
    "itron_user_info": [
        "integration/test_user_info.py::test_reading",
        "integration/test_user_info.py::test_nobody_is_an_empty_list",
        "integration/test_user_info.py::test_action_and_module_agree",
        "integration/test_user_info.py::test_no_secret_and_no_complaint",
    ],
}

# One of everything else.
OTHERS = [
    # The inventory plugin, a role, every filter and lookup plugin, the first playbook of a reader.
    "integration/test_inventory.py::test_variables_are_the_results_of_the_module",
    "integration/test_role_site.py::test_from_an_empty_server",
    "integration/test_examples_of_filters.py",
    "integration/test_examples.py::test_every_example_is_expected",
    "integration/test_examples.py::test_the_playbook_of_the_readme",
    "integration/test_docs_examples.py::test_no_block_is_left_out",
    "integration/test_docs_examples.py::test_there_are_no_other_blocks",
    # Secrets in the output of the module with the most of them, by action and by module.
    "integration/test_install_secrets.py",
    "secrets/test_search.py",
    "reliability/test_faults_session.py",
    "model/test_promises.py",
    "fuzz/test_placed_secrets.py",
]
