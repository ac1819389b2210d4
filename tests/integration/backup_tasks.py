# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of itron_backup: tasks, and sites with backups of given ages."""

from harness import MODULE, api, site, task
from scenarios import PHASES, Scenario

BACKUP = "hostops.installatron.itron_backup"
HOUR, DAY = 3600, 86400


def backup(name, options, **keywords):
    """Return a task of itron_backup; see harness.task."""
    made = task(name, options, **keywords)
    made[BACKUP] = made.pop(MODULE)
    return made


def with_backups(*ages, **more):
    """Return preparations that install the site of a host and create backups of it with these ages in seconds.

    more: further members of the control request that ages them (lost, forgotten).
    """
    def before(sandbox, hosts, host):
        one = api(sandbox, hosts, "backup", id="@" + host)
        aged = ["POST", "/backups", dict({"url": "http://%s" % host, "ages": list(ages)}, **more)]
        return [api(sandbox, hosts, "install", **site(host, version="6.4.3"))] + [one for _age in ages] + ([aged] if ages else [])
    return before


def backups_at(record, host):
    """Return the ids of the backups of the site of a host in the sandbox, oldest first."""
    return [row["id"] for row in record.state["backups"] if row["install"] == record.install_at(host)["id"]]


def archive_of(record, id):
    """Return the path of a backup's archive."""
    return next(row["archive"] for row in record.state["backups"] if row["id"] == id)


def archives_at(record, host):
    """Return the paths of all archives of a site, including those without a backup."""
    return sorted(path for path in record.state["archives"] if "/app_%s_" % host.replace(".", "-") in path)


class BackupScenario(Scenario):
    """A Scenario of itron_backup.

    Arguments, in addition to those of Scenario:
        priors: (name to register, options) of tasks of itron_backup that run first.
        between: preparations that run after priors, before the first check; callable(sandbox, hosts, host).
    """

    def __init__(self, name, options, commands, priors=(), between=None, **keywords):
        super().__init__(name, options, commands, **keywords)
        self.priors = list(priors)
        self.between = between

    def tasks(self, sandbox, hosts):
        """Return the tasks of all phases. Preparations run before the first task."""
        waiting = list(self.before(sandbox, hosts, self.host)) if self.before else []
        tasks = []
        for register, options in self.priors:
            tasks.append(backup("%s: %s" % (self.name, register), options(self.host), before=waiting, register=register))
            waiting = []
        waiting += self.between(sandbox, hosts, self.host) if self.between else []
        for phase in PHASES:
            tasks.append(backup("%s: %s" % (self.name, phase), self.options, check=phase.startswith("check"), host=self.host, before=waiting))
            waiting = []
        return tasks
