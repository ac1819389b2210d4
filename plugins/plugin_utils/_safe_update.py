# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions of the role safe_update; pure. This is a private util of the collection.

A case is all that is known of one site in a run: a table that each stage takes and returns with more in it. C(verdict) is
None as long as the site goes on to the next stage.
"""

from __future__ import annotations

from ansible_collections.hostops.installatron.plugins.module_utils._base.url import identity_of

from ._given import listed, truth

# updated: at the new version and not worse than before. unchanged: there was nothing to do. planned: check mode.
# skipped: not touched. failed: not updated, and as healthy as before. rolled_back: the backup of this run is back, and the
# site as healthy as before. attention: somebody has to look.
VERDICTS = ("updated", "unchanged", "planned", "skipped", "failed", "rolled_back", "attention")
FAILURES = ("failed", "rolled_back", "attention")
# Reasons of skipped that speak against going on with other sites.
ALARMING = ("no_backup", "update_refused")
# Websites, which hold credentials, stay out of the cases: Ansible prints items and facts. C(place) says where they are.
HEADER = ("user", "reseller")
PROBE = ("url_ip", "port", "paths", "keywords", "status", "timeout", "validate_certs")
# What a finished case tells.
SHOWN = ("url", "id", "application", "verdict", "reason", "message", "version_before", "version_after", "backup", "started",
         "seconds", "health", "before", "after")


def closed(case, verdict, reason, message=""):
    """Return a case with its verdict."""
    return dict(case, verdict=verdict, reason=reason, message=message)


def key_of(site):
    """Return what a site is called from run to run: its URL without the scheme, or its id."""
    return identity_of(site["url"]) if site.get("url") else str(site.get("id"))


def find(sites, installs, defaults):
    """Return the cases of a run.

    Arguments:
        sites: tables with C(url) or C(id), C(version), C(plugins), C(themes), C(rollback), C(health) and the header options;
            C(begun), what an interrupted run had begun: C(version_before) and C(backup); C(place) in the list that has
            their websites, if it is another list.
        installs: all that the server lists. defaults: of version, plugins, themes, rollback, health, and the header.
    """
    by_id = {row["id"]: row for row in installs}
    by_url = {}
    for row in installs:
        by_url.setdefault(identity_of(row["url"]), []).append(row)
    cases, taken = [], set()
    for place, site in enumerate(sites):
        case = _case(dict(defaults, **{"place": place, **{name: value for name, value in site.items() if value is not None}}), defaults)
        rows = [by_id[site["id"]]] if site.get("id") in by_id else by_url.get(identity_of(site.get("url") or ""), [])
        exact = [row for row in rows if row["url"].rstrip("/") == str(site.get("url") or "").rstrip("/")]
        rows = exact if len(rows) > 1 and len(exact) == 1 else rows
        if len(rows) != 1:
            case = closed(case, "skipped", "ambiguous" if rows else "not_installed",
                          "several installed applications have this URL; name one by its id" if rows
                          else "the server does not list an application there")
        elif rows[0]["id"] in taken:
            case = closed(case, "skipped", "twice", "the site is in the list more than once")
        else:
            row = rows[0]
            taken.add(row["id"])
            case.update(id=row["id"], url=row["url"], application=row["application"], version_before=row["version"])
            if row.get("owner"):
                case["header"].setdefault("user", row["owner"])
        cases.append(case)
    return cases


def _case(site, defaults):
    """Return a case that nothing is known of but the options of the site."""
    health = dict(defaults.get("health") or {}, **(site.get("health") or {}))
    return {"url": site.get("url"), "id": site.get("id"), "application": None, "verdict": None, "reason": None, "message": "",
            "version_before": None, "version_after": None, "backup": None, "started": None, "seconds": None, "before": None,
            "after": None, "restore": False, "begun": site.get("begun"), "place": site["place"],
            "header": {name: site[name] for name in HEADER if site.get(name)},
            "version": site.get("version"), "plugins": listed(site.get("plugins")), "themes": listed(site.get("themes")),
            "rollback": truth(site.get("rollback")),
            "health": {name: health[name] for name in PROBE if health.get(name) is not None}}


def items(cases, revert=True, sites=()):
    """Return the items for itron_installs that update the cases.

    Arguments:
        revert: whether the server guards the upgrade by itself, too. sites: the list with the websites of the cases.
    """
    made = []
    for case in cases:
        item = dict(case["header"], id=case["id"], revert=revert)
        item.update((name, case[name]) for name in ("version", "plugins", "themes") if case[name])
        websites = sites[case["place"]].get("websites") if case["place"] < len(sites) else None
        made.append(dict(item, websites=websites) if websites else item)
    return made


def probes(cases, compare=False):
    """Return the terms for the lookup site_health; compare: with what was seen before the update as the baseline."""
    return [dict(case["health"], url=case["url"], **({"baseline": case["before"]} if compare else {})) for case in cases]


def _each(cases, results):
    """Return pairs of an open case and the result of the same place among the open ones; closed cases have None."""
    results = list(results)
    opened = sum(1 for case in cases if case["verdict"] is None)
    if opened != len(results):
        raise ValueError("%d results for %d sites" % (len(results), opened))
    following = iter(results)
    return [(case, None if case["verdict"] else next(following)) for case in cases]


def preview(cases, results):
    """Take in what itron_installs would do (check mode); results: one for each open case."""
    made = []
    for case, result in _each(cases, results):
        if result is None:
            made.append(case)
        elif result["failure"]:
            made.append(closed(case, "skipped", "update_refused", result["failure"]["msg"]))
        elif not result["changed"] and case["begun"]:
            # The server brought to its end what an interrupted run began.
            made.append(closed(dict(case, version_after=case["version_before"], **from_before(case["begun"])), "updated", "resumed"))
        elif not result["changed"]:
            made.append(closed(dict(case, version_after=case["version_before"]), "unchanged", "current"))
        else:
            made.append(case)
    return made


def from_before(begun):
    """Return what is known of a site from before an interrupted update."""
    return {name: begun.get(name) for name in ("version_before", "backup", "before")}


def baseline(cases, healths, check_mode=False):
    """Take in how the sites are before the update; in check mode that is the end."""
    made = []
    for case, health in _each(cases, healths):
        if health is None:
            made.append(case)
        elif not health["healthy"] and case["begun"]:
            made.append(needs_somebody(dict(case, after=health, **from_before(case["begun"])), "Now %s" % "; ".join(health["problems"])))
        elif not health["healthy"]:
            made.append(closed(dict(case, before=health), "skipped", "down_before", "; ".join(health["problems"])))
        elif check_mode:
            made.append(closed(dict(case, before=health), "planned", "check_mode", "healthy; would be backed up and updated"))
        else:
            made.append(dict(case, before=health))
    return made


def backups(cases, older, started, tasks, newer):
    """Take in the backups of this run; without a verified one a site goes no further.

    Arguments:
        older, newer: for each open case the answer of itron_backup_info, before and after. started: that of itron_backup.
        tasks: all tasks that were waited for.
    """
    states = {task["id"]: task for task in tasks}
    made = []
    for case, answers in _each(cases, zip(older, started, newer)):
        if answers is None:
            made.append(case)
            continue
        before, begun, after = answers
        problem = _backup_problem(begun, states)
        known = {row["id"] for row in before.get("backups") or []}
        fresh = [row for row in after.get("backups") or [] if row["id"] not in known]
        usable = [row for row in fresh if row.get("size") and row.get("version") == case["version_before"]]
        unread = trouble_of(before) or trouble_of(after)
        if unread:
            problem = problem or "the backups cannot be listed: %s" % unread
        if not problem and not usable:
            problem = ("the new backup is empty or of another version" if fresh
                       else "the server says that it made a backup, and does not list it")
        if problem:
            made.append(closed(case, "skipped", "no_backup", problem))
        else:
            kept = {name: usable[0].get(name) for name in ("id", "filename", "size", "time", "version")}
            made.append(dict(case, backup=kept))
    return made


def trouble_of(answer):
    """Return why a module failed, or None; where a task has C(failed_when) only the message is left of it."""
    if answer.get("failed") or answer.get("failure") or (answer.get("msg") and not answer.get("skipped")):
        return answer.get("msg") or "it failed without a message"
    return None


def still_runs(tasks):
    """Say whether the server still works; tasks: answer of itron_task_info."""
    return any(task["state"] == "running" for task in tasks.get("tasks") or [])


def _backup_problem(begun, states):
    """Return why a backup is not there, or None."""
    if trouble_of(begun):
        return trouble_of(begun)
    name = (begun.get("task") or {}).get("id")
    # A task that left the list is judged by the list of backups.
    task = states.get(name) or {}
    if task.get("state") == "failed":
        return task.get("message") or "the backup failed"
    return "the backup still ran when the time was over" if task.get("state") == "running" else None


def interrupted(cases):
    """Return the cases as they are if the run ends in the middle of the update: written down before it begins."""
    return [case if case["verdict"] else needs_somebody(case) for case in cases]


def needs_somebody(case, why=""):
    """Return the case of a site whose update was interrupted; why: what was seen since."""
    return closed(case, "attention", "interrupted", _sentences(["The run was interrupted while the site was updated", why, _way_back(case)]))


def start(cases, now):
    """Take in that the update begins; now: Unix time."""
    return [case if case["verdict"] else dict(case, started=now) for case in cases]


def updated(cases, results, looks, tasks, healths, now):
    """Take in the update; what got worse is to be restored (C(restore)), or is handed over.

    Arguments:
        results: of itron_installs. looks: of itron_install_info. tasks: of itron_task_info for the application. healths:
        against the baseline. Each has one entry for each open case. now: Unix time.
    """
    made = []
    for case, facts in _each(cases, zip(results, looks, tasks, healths)):
        made.append(case if facts is None else _after_update(case, *facts, now))
    return made


def _after_update(case, result, look, tasks, health, now):
    """Return the case of one site after its update."""
    row = (look.get("installs") or [None])[0]
    failure = result.get("failure")
    case = dict(case, after=health, version_after=row["version"] if row else None, seconds=round(now - case["started"], 1))
    why = "; ".join(([failure["msg"]] if failure else []) + health["regressions"])
    unread = [trouble_of(answer) for answer in (look, tasks) if trouble_of(answer)]
    if result.get("outcome") == "not_started":
        return closed(dict(case, started=None), "skipped", "stopped", "not begun")
    if unread or row is None:
        words = [why] + (unread or ["the server does not list the application any more"])
        return closed(case, "attention", "unknown", _sentences(words + [_way_back(case)]))
    if still_runs(tasks):
        # Two commands on one site at the same time is how sites are lost.
        return closed(case, "attention", "still_running", _sentences([why, "Wait for its task before anything else", _way_back(case)]))
    if not failure and health["healthy"]:
        return closed(case, "updated", "healthy")
    if failure and row["version"] == case["version_before"] and health["healthy"]:
        return closed(case, "failed", "update_failed", why)
    if not case["rollback"]:
        return closed(case, "attention", "rollback_not_allowed", _sentences([why, _way_back(case)]))
    return dict(case, restore=True, reason="update_failed" if failure else "regression", message=why)


def _sentences(words):
    """Return texts as one, each with a full stop but the last."""
    return ". ".join(word.rstrip(". ") for word in words if word)


def _way_back(case):
    """Return how the site is brought back by hand."""
    return "To go back: itron_backup with state: restored, id: %s (version %s)" % (case["backup"]["id"], case["backup"]["version"])


def restored(cases, results, looks, healths, now):
    """Take in the restores; the arguments are those of updated, results those of itron_backup, all for the open cases."""
    made = []
    for case, facts in _each(cases, zip(results, looks, healths)):
        made.append(case if facts is None else _after_restore(case, *facts, now))
    return made


def _after_restore(case, result, look, health, now):
    """Return the case of one site after its restore."""
    row = (look.get("installs") or [None])[0]
    case = dict(case, version_after=row["version"] if row else None, after=health, seconds=round(now - case["started"], 1))
    if result.get("skipped"):
        return closed(case, "attention", "time_box_over", _sentences([
            case["message"], "The time for a rollback is over", _way_back(case)]))
    if row is not None:
        case["id"] = row["id"]
    wrong = [trouble_of(result)] if trouble_of(result) else []
    if row is None or row["version"] != case["version_before"]:
        wrong.append("the version is %s and not %s" % (row["version"] if row else "unknown", case["version_before"]))
    wrong += health["regressions"]
    if wrong:
        return closed(case, "attention", "rollback_failed", _sentences([
            case["message"], "After the rollback: %s" % "; ".join(wrong), _way_back(case)]))
    return closed(case, "rolled_back", case["reason"], case["message"])


def stop(cases, reason, message):
    """Close the cases that are still open because the run ends here."""
    made = []
    for case in cases:
        if case["verdict"]:
            made.append(case)
        elif case["started"] is None:
            made.append(closed(case, "skipped", reason, message))
        else:
            made.append(closed(case, "attention", reason, _sentences([case["message"], message, _way_back(case)])))
    return made


def is_failure(verdict):
    """Say whether the verdict on a site speaks against going on with others."""
    return verdict["verdict"] in FAILURES or verdict["reason"] in ALARMING


def failures(verdicts):
    """Return how many verdicts speak against going on."""
    return sum(1 for verdict in verdicts if is_failure(verdict))


def report(cases, stopped=""):
    """Return C(verdicts), the finished cases without the inner workings, C(summary), their numbers, and C(stopped), why the run was."""
    verdicts = [{name: case[name] for name in SHOWN} for case in cases]
    return {"summary": dict({name: sum(1 for case in cases if case["verdict"] == name) for name in VERDICTS}, total=len(cases)),
            "stopped": stopped, "verdicts": verdicts}


STAGES = {function.__name__: function for function in (
    find, items, probes, preview, baseline, backups, interrupted, start, updated, restored, stop, failures, report)}
