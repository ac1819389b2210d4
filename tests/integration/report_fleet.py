# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up, deterministic fleet for the report page. It contains an example of everything that the page can show."""

from datetime import datetime, timedelta, timezone
from random import Random

from ansible_collections.hostops.installatron.plugins.plugin_utils._report import fleet_report

NOW = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)
MIB = 1024 * 1024
# Application, its name, its newest release with tags, and its versions with weights.
CATALOG = (
    ("wordpress", "WordPress", "6.7.2", ["security"],
     (("6.7.2", 52), ("6.7.1", 9), ("6.6.2", 8), ("6.5.5", 3), ("5.9.10", 1))),
    ("joomla", "Joomla", "5.2.4", [], (("5.2.4", 9), ("5.2.1", 3), ("4.4.10", 2))),
    ("magento", "Magento", "2.4.7-p4", ["security"], (("2.4.7-p4", 3), ("2.4.6-p8", 2))),
    ("nextcloud", "Nextcloud", "30.0.6", [], (("30.0.6", 4), ("29.0.9", 1))),
    ("mediawiki", "MediaWiki", "1.43.0", [], (("1.43.0", 2), ("1.39.11", 1))),
)
WORDS = ("garden", "atelier", "bakery", "harbour", "cycle", "studio", "orchard",
         "museum", "choir", "kitchen", "forge", "library")


def timestamp(moment):
    """Return a time in the format of the modules' results."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Fleet:
    """Sites with their backups and tasks.

    Arguments:
        count: number of sites. titles: titles of the first sites.
    """

    def __init__(self, count, titles=()):
        self._random = Random(7)
        self._kinds = [(application, newest, version, weight)
                       for application, _name, newest, _tags, versions in CATALOG for version, weight in versions]
        self.installs = [self._install(number) for number in range(count)]
        for install, title in zip(self.installs, titles):
            install["title"] = title
        self.backups = [backup for install in self.installs for backup in self._backups(install)]
        self.tasks = [self._task(number) for number in range(min(count, 6))]
        self.releases = [{"application": application, "name": name, "version": newest, "tags": tags}
                         for application, name, newest, tags, _versions in CATALOG]

    def _install(self, number):
        """Return one install in the format of itron_install_info."""
        application, newest, version, _weight = self._random.choices(self._kinds, [kind[3] for kind in self._kinds])[0]
        word, behind = self._random.choice(WORDS), version != newest
        series = version.rpartition(".")[0]
        return {
            "id": "i%05d" % number, "url": "https://%s-%05d.example" % (word, number),
            "owner": "customer%03d" % (number % 400),
            "title": "%s of %s" % (word.capitalize(), self._random.choice(WORDS)), "application": application,
            "version": version, "version_available": newest if behind else None,
            "version_available_minor": newest if behind and newest.startswith(series) else None,
            "autoup": self._random.choices(("minor", "all", "none"), (70, 12, 18))[0],
            "time_updated": timestamp(NOW - timedelta(days=self._random.randrange(90))), "cache_time": timestamp(NOW),
            "cache_files": self._random.randrange(30, 900) * MIB, "cache_tables": self._random.randrange(1, 80) * MIB}

    def _backups(self, install):
        """Return the backups of one install. Most are from the last night, some are older, and a few installs have none."""
        kind = self._random.choices(("night", "days", "weeks", "months", "none"), (86, 6, 4, 2, 2))[0]
        if kind == "none":
            return []
        hours = {"night": 4, "days": 100, "weeks": 400, "months": 2000}[kind] + self._random.randrange(4)
        return [{"install": install["id"], "size": install["cache_files"] // 3,
                 "time": timestamp(NOW - timedelta(hours=hours, days=day))} for day in range(self._random.choice((1, 2, 7)))]

    def _task(self, number):
        """Return one finished task."""
        install = self.installs[number]
        state = "failed" if number % 3 == 0 else "done"
        cmd, reason = (("upgrade", "Not enough disk space."),
                       ("backup", "The connection to the backup location timed out."))[number % 2]
        return {"id": "t%d" % number, "url": install["url"], "user": install["owner"], "cmd": cmd, "state": state,
                "time": timestamp(NOW - timedelta(hours=number + 3)), "install": install["id"], "errcode": None,
                "message": "Error: " + reason}

    def _earlier(self, weeks):
        """Return the installs of some weeks ago, which were fewer and smaller."""
        there = self.installs[:len(self.installs) - weeks * len(self.installs) // 400]
        return [dict(row, cache_files=int(row["cache_files"] * (1 - weeks * (0.006 + place % 7 * 0.001))))
                for place, row in enumerate(there)]

    def report(self, weeks=12):
        """Return the last of a series of weekly reports. weeks: the length of the series."""
        found, now = None, None
        for week in range(weeks - 1, -1, -1):
            now = timestamp(NOW - timedelta(weeks=week))
            found = fleet_report(self._earlier(week), self.backups, self.tasks, self.releases, now, previous=found)
        return found
