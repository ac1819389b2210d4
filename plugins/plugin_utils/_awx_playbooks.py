# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for AWX and their surveys. This is a private util of the collection.

The role awx creates surveys from this data, and each playbook reads the answers with it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_question import AGE, NAME, SIZE, VERSION, Question

FILES = Question(
    "itron_files", "Files with the sites", "Files or folders of the project that describe the sites, one per line.", "lines",
    default="sites", example="sites/alice.yml")


def parallel(variable: str) -> Question:
    """Return the question for the number of sites to process in parallel."""
    return Question(variable, "Parallel sites", "Each uses a process on the server and a thread in the job.", "integer",
                    default=4, least=1, most=64)


def _rollback() -> Question:
    return Question(
        "safe_update_rollback", "Restore the backup if a site gets worse",
        "Data since the backup, such as orders and comments, is then lost. With no, the job only reports the site.", "flag", default="no")


def _soak(variable: str, seconds: int) -> Question:
    return Question(variable, "Seconds between waves", "The pages of a wave are checked again after this time.", "integer",
                    default=seconds, least=0, most=86400)


def _canary(variable: str) -> Question:
    return Question(
        variable, "Sites to update first", "The number of sites, or patterns of their URLs, owners, or ids, separated by commas. If one of them "
        "fails, no other site is updated.", default="1", pattern=r"[0-9]+|[^\s,]+( *, *[^\s,]+)*",
        example="www.example.com, *.staging.example.com")


ROLLOUT = (
    Question("rollout_application", "Application", "Only sites with this application. Empty: all applications.", pattern=NAME, example="wordpress"),
    Question("rollout_below", "Only below this version", "Sites with this or a newer version are not updated.", pattern=VERSION, example="6.5.5"),
    Question("rollout_version", "Version to update to", "latest, latest_minor, or an exact version.", default="latest", pattern=VERSION,
             example="latest_minor"),
    Question("rollout_include", "Only these sites", "Patterns of URLs, owners, or ids, with * and ?, one per line. Empty: all sites.", "lines"),
    Question("rollout_exclude", "Sites to exclude", "Patterns of URLs, owners, or ids, with * and ?, one per line.", "lines"),
    _canary("rollout_canary"),
    Question("rollout_waves", "Waves after the canary", "Numbers of sites, or the share of the rollout that is complete after the wave, one per line.", "lines",
             default="10%\n30%\n100%", pattern=SIZE, example="25%"),
    _soak("rollout_soak", 900),
    Question("rollout_max_failures", "Allowed failures", "Number of sites that may fail before the rollout stops; -1 for any number.", "integer",
             default=0, least=-1, most=100000),
    Question("rollout_release_age", "Minimum age of a release in days", "Newer releases are not installed, unless they fix a vulnerability.", "number",
             default=0, least=0, most=3650),
    Question("rollout_retry", "Verdicts to retry", "Retry sites with one of these verdicts in an earlier run of the same rollout.", "several",
             default="failed\nrolled_back\nskipped", choices=("failed", "rolled_back", "skipped", "attention")),
    _rollback(),
)


class Playbook(NamedTuple):
    """One job template.

    Arguments:
        title: of the template, without prefix and server. playbook: of the collection, which a file of the project imports.
        survey: its Questions. description: of the template. job_type: V(run) or V(check). asks: other prompts at launch.
        diff: whether to show changes. variables: extra variables of the template.
        reports: variables for the paths of reports -> extensions of the files.
    """

    title: str
    playbook: str
    survey: tuple[Question, ...]
    description: str
    job_type: str = "run"
    asks: tuple[str, ...] = ("verbosity",)
    diff: bool = False
    variables: dict[str, Any] = {}
    reports: dict[str, str] = {}


# Templates that change sites can be launched in check mode.
_CHANGES = ("job_type", "diff_mode", "verbosity")

PLAYBOOKS = {
    "onboard": Playbook(
        "Onboard", "onboard", (
            FILES,
            Question("site_accounts", "Create and change accounts", "Only for sites with an account in their description.", "flag", default="yes"),
            Question("site_backups", "Create and remove backups", "According to the backup policies in the descriptions of the sites.", "flag", default="yes"),
            parallel("site_max_parallel")),
        "Creates accounts, sites, settings, and first backups according to the files.", asks=_CHANGES, diff=True),
    "plan": Playbook(
        "Plan", "plan", (FILES, parallel("plan_max_parallel")),
        "Plans the changes that the files require. Changes nothing, and passes the plan to the next job.", job_type="check", diff=True),
    "apply": Playbook(
        "Apply", "apply", (
            FILES,
            Question("itron_plan_digest", "Digest of the approved plan", "The plan contains it. Any other plan is refused.", pattern=r"[0-9a-f]{20}",
                     example="5f1de21b7b6b4c1f0b35"),
            parallel("apply_max_parallel")),
        "Applies only the plan from the previous job of the workflow.", diff=True),
    "drift": Playbook(
        "Drift", "drift", (
            FILES,
            Question("drift_unmanaged", "Report sites that are not in a file", "", "flag", default="yes"),
            Question("drift_ignore", "Sites to ignore", "Regular expressions for the URLs of sites that are not in a file, one per line.", "expressions",
                     example="[.]staging[.]example[.]com"),
            parallel("drift_max_parallel")),
        "Reports differences between files and server. Changes nothing, and fails if there are any.", job_type="check", diff=True,
        reports={"drift_json": "json", "drift_markdown": "md"}),
    "report": Playbook(
        "Report", "report", (
            Question("report_title", "Title of the page", "", default="Fleet report"),
            Question("report_user", "Account", "Report the sites of this account and of the accounts that it owns. Empty: all sites."),
            Question("report_max_backup_age", "Maximum age of the newest backup", "Older backups count as a problem.", default="2d", pattern=AGE,
                     example="24h")),
        "Reports applications, versions, backups, disk space, and failed tasks. Changes nothing on the server.",
        reports={"report_json": "json", "report_csv": "csv", "report_html": "html"}),
    "backup_audit": Playbook(
        "Backup audit", "backup_audit", (
            Question("itron_files", "Files with the sites", "Files or folders of the project that describe sites and their policies. Empty: one policy "
                     "for all sites of the server.", "lines", example="sites/alice.yml"),
            Question("backup_audit_max_age", "Maximum age of the newest backup", "For sites without this setting.", default="24h", pattern=AGE,
                     example="7d"),
            Question("backup_audit_keep", "Backups to keep", "For sites without this setting. Empty: any number.", "integer", least=1, most=10000)),
        "Reports missing, old, and excess backups. Changes nothing, and fails if a site violates its policy.", job_type="check",
        reports={"backup_policy_json": "json", "backup_policy_markdown": "md"}),
    "safe_update": Playbook(
        "Safe update", "safe_update", (
            Question("safe_update_sites", "Sites", "URLs or ids, one per line.", "sites", required=True, pattern=r"\S+", example="https://www.example.com"),
            Question("safe_update_version", "Version to update to", "latest, latest_minor, or an exact version.", default="latest",
                     pattern=VERSION, example="latest_minor"),
            Question("safe_update_plugins", "Plugins to update", "One per line. Use * for all.", "lines", pattern=r"[*]|" + NAME, example="akismet"),
            Question("safe_update_themes", "Themes to update", "One per line. Use * for all.", "lines", pattern=r"[*]|" + NAME, example="twentytwentyfour"),
            _rollback(),
            parallel("safe_update_max_parallel")),
        "Updates sites after a verified backup of each, and checks their pages.", asks=_CHANGES, diff=True, reports={"safe_update_report": "json"}),
    "rollout": Playbook(
        "Rollout", "rollout", ROLLOUT, "Updates many sites in waves, and stops if too many fail.", asks=_CHANGES, diff=True,
        reports={"rollout_state_file": "jsonl"}),
    "canary": Playbook(
        "Canary", "rollout", ROLLOUT, "Updates only the first sites of a rollout.", asks=_CHANGES, diff=True,
        variables={"rollout_canary_only": True}, reports={"rollout_state_file": "jsonl"}),
    "emergency_patch": Playbook(
        "Emergency patch", "emergency_patch", (
            Question("emergency_patch_application", "Application", "The vulnerable application, or that of the vulnerable plugin.", default="wordpress",
                     pattern=NAME, example="wordpress"),
            Question("emergency_patch_plugin", "Plugin", "The vulnerable plugin. Empty: the application itself.", pattern=NAME, example="akismet"),
            Question("emergency_patch_below", "First fixed version", "Older versions are updated.", required=True, pattern=r"[0-9][0-9A-Za-z.+_-]*",
                     example="6.5.5"),
            Question("emergency_patch_version", "Version to update to", "Empty: the first fixed version.", pattern=VERSION, example="6.5.5"),
            _canary("emergency_patch_canary"),
            _soak("emergency_patch_soak", 60),
            _rollback()),
        "Updates a vulnerable application or plugin on all sites at once, after a canary.", asks=_CHANGES, diff=True),
    "restore_drill": Playbook(
        "Restore drill", "restore_drill", (
            Question("restore_drill_files", "Files with the drills", "Files or folders of the project in the form of restore_drill_sites.",
                     "lines", default="drills", example="drills/shop.yml"),
            Question("restore_drill_replace", "Remove copies of interrupted drills", "", "flag", default="no"),
            Question("restore_drill_timeout", "Timeout of a page in seconds", "", "integer", default=30, least=1, most=3600),
            parallel("restore_drill_max_parallel")),
        "Restores the newest backup of each site to a drill URL, checks the page, and removes the copy.", asks=("job_type", "verbosity"),
        reports={"restore_drill_json": "json", "restore_drill_markdown": "md"}),
    "offboard": Playbook(
        "Offboard", "offboard", (
            Question("offboard_urls", "Sites to remove", "URLs, one per line.", "lines", required=True, pattern=r"https?://\S+",
                     example="https://www.example.com/blog"),
            Question("offboard_confirmed", "Remove them with files and tables", "Required unless the job type is check.", "flag", default="no"),
            Question("offboard_user", "Account", "Owner of the sites. Empty: the owner in the server's list.", pattern=r"\S+", example="alice"),
            Question("offboard_account", "Remove the account from the server's records", "Only if the user has no sites left.", "flag", default="no")),
        "Removes sites after a last backup of each. Runs in check mode unless the launch changes the job type.", job_type="check",
        asks=_CHANGES, diff=True),
}
