# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes plans in files on the controller, and formats them as Markdown. This is a private util of the collection."""

from __future__ import annotations

import json
import os

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.module_utils._base.files import write_json
from ansible_collections.hostops.installatron.plugins.plugin_utils._markdown import code, report


class PlanFiles:
    """Adds support for plans in files (O(approved_plan), O(plan_dest)) to an action plugin."""

    def _complete(self, params):
        """Return the options with the content of the plan's file. Raises InputError."""
        plan = params["approved_plan"]
        if isinstance(plan, str):
            params = dict(params, approved_plan=read_plan(plan, self._loader))
        if params["plan_dest"] is not None and os.path.isdir(params["plan_dest"]):
            raise InputError("plan_dest: %s is a folder" % params["plan_dest"])
        return super()._complete(params)

    def _for_module(self, arguments, params):
        """Return the arguments of the module, which cannot read or write the controller's files."""
        arguments = super()._for_module(arguments, params)
        if params["approved_plan"] is not None:
            arguments["approved_plan"] = params["approved_plan"]
        if arguments.pop("plan_dest", None) is not None:
            arguments["make_plan"] = True
        return arguments

    def _carry_out(self, params, task_vars):
        """Run the task, write its plan, and return the result."""
        result = super()._carry_out(params, task_vars)
        path = params["plan_dest"]
        if path is not None and result.get("plan") is not None:
            try:
                write_json(self._loader.path_dwim(path), result["plan"], indent=1)
            except OSError as error:
                result.update(failed=True, msg="plan_dest: cannot write %s (%s)" % (path, error.strerror))
        return result


def read_plan(text, loader):
    """Return the plan from a JSON string or from the file with this path. Raises InputError."""
    try:
        if not text.lstrip().startswith("{"):
            with open(loader.path_dwim(os.path.expanduser(text)), encoding="utf-8") as file:
                text = file.read()
        return json.loads(text)
    except OSError as error:
        raise InputError("approved_plan: cannot read %s (%s)" % (text, error.strerror)) from error
    except ValueError as error:
        raise InputError("approved_plan: the value is not JSON (%s)" % error) from error


def plan_markdown(plan, limit=None):
    """Return a saved plan as Markdown: counts, removals, and other changes by site. limit: of sites in each section."""
    removed = [site for site in plan["sites"] if _removes(site)]
    changed = [site for site in plan["sites"] if not _removes(site)]
    head = "%d of %d sites would change: %d removed, %d changed or installed. Digest: `%s`" % (
        len(plan["sites"]), max(plan["total"], len(plan["sites"])), len(removed), len(changed), plan["digest"])
    return report("Plan", head, [
        (":warning: Removed", "The plan removes these sites from the server." + _left_out(removed, limit), ("Site", "Id", "Action", "Reason"),
         [(site["url"], site["id"], site["action"], "not in a file" if site["pruned"] else "requested by a file") for site in removed[:limit]]),
        ("Changed", "The plan changes these sites." + _left_out(changed, limit), ("Site", "Action", "Property", "Now", "Planned"),
         [line for site in changed[:limit] for line in _lines(site)])])


def _left_out(sites, limit):
    """Return a sentence about the limit if it applies."""
    return " Only %d of %d sites are shown." % (limit, len(sites)) if limit is not None and len(sites) > limit else ""


def _removes(site):
    """Return whether a site or its record on the server is removed."""
    return any(step["command"] == "uninstall" or "delete" in step["arguments"] for step in site["steps"])


def _lines(site):
    """Return the rows of one site: one for each different property."""
    before, after = site["before"], site["after"]
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return [(site["url"], site["action"], name, code(before.get(name)), code(after.get(name))) for name in names] or [
        (site["url"], site["action"], "", "", "")]
