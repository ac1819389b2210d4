# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the sites that a run of safe_update was updating when it was killed; pure. This is a private util of the collection.

The run wrote its verdicts down before it began (C(interrupted) of the role's decisions); here the next run reads them.
"""

from __future__ import annotations

import json

from ._safe_update import closed, from_before, key_of, needs_somebody, still_runs, trouble_of


def is_interrupted(verdict):
    """Say whether nobody saw how the update of a site ended."""
    return verdict["reason"] == "interrupted"


def read(text, name):
    """Return the verdicts in the report of an earlier run.

    Arguments:
        text: of the file. name: of the file.

    Raises ValueError if it is no such report: it is not for the next run to overwrite.
    """
    try:
        verdicts = json.loads(text)["verdicts"]
        for verdict in verdicts:
            is_interrupted(verdict)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("%s is no report of safe_update; move it away, or name another file" % name) from error
    return verdicts


def left(verdicts, sites=()):
    """Return the sites that were being updated when a run was interrupted, as the stage find takes them.

    Arguments:
        verdicts: as that run left them. sites: the list of the user, with the options of single sites.
    """
    options = {key: dict(site, place=place) for place, site in enumerate(sites) for key in (site.get("id"), key_of(site))}
    return [dict(options.get(verdict["id"]) or options.get(key_of(verdict)) or {}, url=verdict["url"], id=verdict["id"])
            for verdict in verdicts if is_interrupted(verdict)]


def resumed(verdicts, healths, tasks):
    """Return the verdicts that a run left, where sites that can be visited again are C(open).

    A site that was being updated when the run ended, and is as healthy as before, is visited again. One that got worse needs
    somebody: another visit would take it for a site that was down before. So does one that the server still works on.

    Arguments:
        verdicts: as the run left them. healths: against the baseline, one for each of left. tasks: of itron_task_info, which
            waited for them, one for each of left.
    """
    following = zip(healths, tasks)
    made = []
    for verdict in verdicts:
        if is_interrupted(verdict):
            trouble = _why_not(*next(following))
            verdict = needs_somebody(verdict, trouble) if trouble else dict(verdict, verdict="open")
        made.append(verdict)
    return made


def _why_not(health, tasks):
    """Return why an interrupted site cannot be visited again, or nothing."""
    if still_runs(tasks):
        return "Its task still runs"
    if trouble_of(tasks):
        return "Its tasks cannot be listed: %s" % trouble_of(tasks)
    return "" if health["healthy"] else "Now %s" % "; ".join(health["regressions"])


def recall(cases, verdicts):
    """Return the cases with what an interrupted run had begun on their sites; sites that are no case but need somebody follow.

    Arguments:
        cases: of find. verdicts: of resumed.
    """
    known = {key_of(verdict): verdict for verdict in verdicts if is_interrupted(verdict)}
    made = []
    for case in cases:
        begun = known.pop(key_of(case), None)
        if begun and begun["verdict"] == "attention":
            case = closed(dict(case, id=begun["id"], health=begun["health"], **from_before(begun)), "attention", "interrupted", begun["message"])
        made.append(dict(case, begun=begun or case["begun"]))
    return made + [verdict for verdict in known.values() if verdict["verdict"] == "attention"]


STAGES = {function.__name__: function for function in (read, left, resumed, recall)}
