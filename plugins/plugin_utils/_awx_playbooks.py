# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks that people run from AWX, with their surveys; pure. This is a private util of the collection.

One table serves both sides: the role awx makes surveys of it, and each playbook reads the answers with it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_question import AGE, NAME, SIZE, VERSION, Question

FILES = Question(
    "itron_files", "Files with the sites", "Files or folders of the project, one on each line, that describe the sites.", "lines",
    default="sites", example="sites/alice.yml")


def parallel(variable: str) -> Question:
    """Return the question how many sites are worked on at the same time."""
    return Question(variable, "Sites at the same time", "Each costs the server a process and the jobs of this template a thread.", "integer",
                    default=4, least=1, most=64)


def _rollback() -> Question:
    return Question(
        "safe_update_rollback", "Restore the backup if a site gets worse",
        "What visitors wrote since the backup (orders, comments) is lost then. Without it, the site is reported.", "flag", default="no")


def _soak(variable: str, seconds: int) -> Question:
    return Question(variable, "Seconds between waves", "The pages of a wave are looked at once more after this time.", "integer",
                    default=seconds, least=0, most=86400)


def _canary(variable: str) -> Question:
    return Question(
        variable, "Which sites go first", "The number of sites, or patterns of their URLs, owners, or ids, with a comma between them. If one of them "
        "fails, nothing else is updated.", default="1", pattern=r"[0-9]+|[^\s,]+( *, *[^\s,]+)*",
        example="www.example.com, *.staging.example.com")


ROLLOUT = (
    Question("rollout_application", "Application", "Only sites with this application. Empty: all of them.", pattern=NAME, example="wordpress"),
    Question("rollout_below", "Only below this version", "Sites with this version or a newer one are left alone.", pattern=VERSION, example="6.5.5"),
    Question("rollout_version", "Version to update to", "latest, latest_minor, or an exact version.", default="latest", pattern=VERSION,
             example="latest_minor"),
    Question("rollout_include", "Only these sites", "Patterns of URLs, owners, or ids, with * and ?, one on each line. Empty: all.", "lines"),
    Question("rollout_exclude", "Not these sites", "Patterns of URLs, owners, or ids, with * and ?, one on each line.", "lines"),
    _canary("rollout_canary"),
    Question("rollout_waves", "Waves after the canary", "Numbers of sites, or how far the rollout is after the wave, one on each line.", "lines",
             default="10%\n30%\n100%", pattern=SIZE, example="25%"),
    _soak("rollout_soak", 900),
    Question("rollout_max_failures", "Failures until it stops", "How many sites may fail before the rollout stops; -1 for any number.", "integer",
             default=0, least=-1, most=100000),
    Question("rollout_release_age", "Age of a release in days", "Younger releases are not installed, unless they close a security hole.", "number",
             default=0, least=0, most=3650),
    Question("rollout_retry", "Verdicts to try again", "Sites that got one of these verdicts in an earlier run of the same rollout.", "several",
             default="failed\nrolled_back\nskipped", choices=("failed", "rolled_back", "skipped", "attention")),
    _rollback(),
)


class Playbook(NamedTuple):
    """One job template.

    Arguments:
        title: of the template, after the names of what it is for. playbook: of the collection, which a file of the project imports.
        survey: its Questions. description: of the template. job_type: V(run) or V(check). asks: what else AWX asks at the launch.
        diff: whether changes are shown. variables: extra variables of the template.
        reports: variables that name files, and the endings of these files, where there is a folder for reports.
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


# What changes sites can be tried in check mode first.
_CHANGES = ("job_type", "diff_mode", "verbosity")

PLAYBOOKS = {
    "onboard": Playbook(
        "Onboard", "onboard", (
            FILES,
            Question("site_accounts", "Create and change accounts", "Only accounts whose description says so.", "flag", default="yes"),
            Question("site_backups", "Make and remove backups", "As the descriptions of the sites say.", "flag", default="yes"),
            parallel("site_max_parallel")),
        "Accounts, sites, settings, and first backups are as the files say.", asks=_CHANGES, diff=True),
    "plan": Playbook(
        "Plan", "plan", (FILES, parallel("plan_max_parallel")),
        "What would change if the sites were as the files say. Changes nothing, and hands the plan on.", job_type="check", diff=True),
    "apply": Playbook(
        "Apply", "apply", (
            FILES,
            Question("itron_plan_digest", "Digest of the approved plan", "The plan says it. Another plan is refused.", pattern=r"[0-9a-f]{20}",
                     example="5f1de21b7b6b4c1f0b35"),
            parallel("apply_max_parallel")),
        "Carries out the plan that a workflow hands over, and nothing else.", diff=True),
    "drift": Playbook(
        "Drift", "drift", (
            FILES,
            Question("drift_unmanaged", "Report sites that no file describes", "", "flag", default="yes"),
            Question("drift_ignore", "Sites that no file needs to describe", "Regular expressions for their URLs, one on each line.", "expressions",
                     example="[.]staging[.]example[.]com"),
            parallel("drift_max_parallel")),
        "What differs between the files and the server. Changes nothing, and fails if something differs.", job_type="check", diff=True,
        reports={"drift_json": "json", "drift_markdown": "md"}),
    "report": Playbook(
        "Report", "report", (
            Question("report_title", "Title of the page", "", default="Fleet report"),
            Question("report_user", "Account", "Whose sites are reported, with those of the accounts it owns. Empty: all sites."),
            Question("report_max_backup_age", "Age of the youngest backup", "Older ones count as a problem.", default="2d", pattern=AGE, example="24h")),
        "Applications, versions, backups, disk space, and failed tasks. Changes nothing on the server.",
        reports={"report_json": "json", "report_csv": "csv", "report_html": "html"}),
    "backup_audit": Playbook(
        "Backup audit", "backup_audit", (
            Question("itron_files", "Files with the sites", "Files or folders of the project that describe sites and their policies. Empty: one policy "
                     "for all sites of the server.", "lines", example="sites/alice.yml"),
            Question("backup_audit_max_age", "Age of the youngest backup", "Of sites whose description does not say it.", default="24h", pattern=AGE,
                     example="7d"),
            Question("backup_audit_keep", "Backups to keep", "Of sites whose description does not say it. Empty: any number.", "integer", least=1, most=10000)),
        "Backups that are missing, too old, or too many. Changes nothing, and fails if a site does not meet its policy.", job_type="check",
        reports={"backup_policy_json": "json", "backup_policy_markdown": "md"}),
    "safe_update": Playbook(
        "Safe update", "safe_update", (
            Question("safe_update_sites", "Sites", "URLs or ids, one on each line.", "sites", required=True, pattern=r"\S+", example="https://www.example.com"),
            Question("safe_update_version", "Version to update to", "latest, latest_minor, or an exact version.", default="latest",
                     pattern=VERSION, example="latest_minor"),
            Question("safe_update_plugins", "Plugins to update", "One on each line; * for all.", "lines", pattern=r"[*]|" + NAME, example="akismet"),
            Question("safe_update_themes", "Themes to update", "One on each line; * for all.", "lines", pattern=r"[*]|" + NAME, example="twentytwentyfour"),
            _rollback(),
            parallel("safe_update_max_parallel")),
        "Updates sites, each behind a verified backup and looks at its pages.", asks=_CHANGES, diff=True, reports={"safe_update_report": "json"}),
    "rollout": Playbook(
        "Rollout", "rollout", ROLLOUT, "Updates many sites in waves, and stops when too many fail.", asks=_CHANGES, diff=True,
        reports={"rollout_state_file": "jsonl"}),
    "canary": Playbook(
        "Canary", "rollout", ROLLOUT, "Updates the first sites of a rollout, and no others.", asks=_CHANGES, diff=True,
        variables={"rollout_canary_only": True}, reports={"rollout_state_file": "jsonl"}),
    "emergency_patch": Playbook(
        "Emergency patch", "emergency_patch", (
            Question("emergency_patch_application", "Application", "The application with the hole, also for a plugin.", default="wordpress",
                     pattern=NAME, example="wordpress"),
            Question("emergency_patch_plugin", "Plugin", "The plugin with the hole. Empty: the application itself.", pattern=NAME, example="akismet"),
            Question("emergency_patch_below", "First version without the hole", "Sites below it are updated.", required=True, pattern=r"[0-9][0-9A-Za-z.+_-]*",
                     example="6.5.5"),
            Question("emergency_patch_version", "Version to update to", "Empty: the first version without the hole.", pattern=VERSION, example="6.5.5"),
            _canary("emergency_patch_canary"),
            _soak("emergency_patch_soak", 60),
            _rollback()),
        "Brings an application or a plugin to a version without a known hole, everywhere and at once, but for the canary.", asks=_CHANGES, diff=True),
    "restore_drill": Playbook(
        "Restore drill", "restore_drill", (
            Question("restore_drill_files", "Files with the drills", "Files or folders of the project with what the variable restore_drill_sites holds.",
                     "lines", default="drills", example="drills/shop.yml"),
            Question("restore_drill_replace", "Remove what an interrupted drill left", "", "flag", default="no"),
            Question("restore_drill_timeout", "Seconds to wait for a page", "", "integer", default=30, least=1, most=3600),
            parallel("restore_drill_max_parallel")),
        "Restores the newest backup of each site to a drill URL, looks at the page, and removes the copy.", asks=("job_type", "verbosity"),
        reports={"restore_drill_json": "json", "restore_drill_markdown": "md"}),
    "offboard": Playbook(
        "Offboard", "offboard", (
            Question("offboard_urls", "Sites to remove", "URLs, one on each line.", "lines", required=True, pattern=r"https?://\S+",
                     example="https://www.example.com/blog"),
            Question("offboard_confirmed", "Remove them with files and tables", "Needed unless the job type is check.", "flag", default="no"),
            Question("offboard_user", "Account", "Owner of the sites. Empty: the one that the server lists.", pattern=r"\S+", example="alice"),
            Question("offboard_account", "Let the server forget the account", "If nothing of it is left.", "flag", default="no")),
        "Takes sites off the server, after a last backup of each. Runs in check mode unless the launch says otherwise.", job_type="check",
        asks=_CHANGES, diff=True),
}
