# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios for faults: one for each kind of write of the modules, and one for each reading module."""

from collections import namedtuple

from ansible_collections.hostops.installatron.plugins.module_utils._apps import facts as _app_facts
from ansible_collections.hostops.installatron.plugins.module_utils._backup import info as _backup_info
from ansible_collections.hostops.installatron.plugins.module_utils._backup import work as _backup
from ansible_collections.hostops.installatron.plugins.module_utils._backups import work as _many_backups
from ansible_collections.hostops.installatron.plugins.module_utils._drill import work as _drill
from ansible_collections.hostops.installatron.plugins.module_utils._install import info as _install_info
from ansible_collections.hostops.installatron.plugins.module_utils._install import work as _install
from ansible_collections.hostops.installatron.plugins.module_utils._installs import work as _installs
from ansible_collections.hostops.installatron.plugins.module_utils._rollout import work as _rollout
from ansible_collections.hostops.installatron.plugins.module_utils._task import info as _task_info
from ansible_collections.hostops.installatron.plugins.module_utils._user import info as _user_info
from ansible_collections.hostops.installatron.plugins.module_utils._user import work as _user

Scenario = namedtuple("Scenario", "name operation options prepare always waits", defaults=(None, False, False))
Scenario.__doc__ = """One task.

operation: the Operation. options: callable(place) -> options. prepare: callable(place) that creates the initial state;
its result is in C(place.kept). always: whether every run changes something. waits: whether the task waits for any other
task on its sites before it starts.
"""

HOUR, DAY = 3600, 86400
_DATABASE = {"db_host": "localhost", "db_name": "drill", "db_user": "drill", "db_pass": "pw-of-drill"}


def _present(place):
    return {"site": place.install()}


def _two_sites(place):
    return {"site": place.install(0), "other": place.install(1)}


def _unknown_files(place):
    """Leave files and tables that the server does not manage."""
    place.send("edit", id=place.install(sitetitle="Left alone")["id"], delete="true")
    return {}


def _elsewhere(place):
    """Install a site on another server."""
    uri = "ftp://keeper:pw-of-keeper@%s" % place.hosts[1]
    website = {"id": "old", "path": uri, "vhosts": {place.url(1): "public_html"}}
    place.send("install", **dict(place.site(1), user="of-old", websites=[website]))
    return {"source": {"source_url": place.url(1), "source_ftu": uri + "/public_html"}}


def _backups(*ages):
    """Return a preparation function: a site with backups of the given ages in seconds."""

    def prepare(place):
        site = place.install()
        made = [place.send("backup", id=site["id"])["id"] for _age in ages]
        place.sandbox.control("POST", "/backups", {"url": place.url(), "ages": list(ages)})
        return {"site": site, "backups": made}

    return prepare


def _only_a_backup(place):
    kept = _backups(HOUR)(place)
    place.send("uninstall", id=kept["site"]["id"])
    return kept


def _newer_than_its_backup(place):
    kept = _backups(HOUR)(place)
    place.send("upgrade", id=kept["site"]["id"], version="6.4.4")
    return kept


def _forgotten_backup(place):
    """Leave an archive without a backup record."""
    kept = _backups(HOUR)(place)
    archive = next(
        row["archive"] for row in place.sandbox.control("GET", "/state")["backups"] if row["id"] == kept["backups"][0]
    )
    place.sandbox.control("POST", "/backups", {"url": place.url(), "forgotten": True})
    return dict(kept, archive=archive)


def _account(place):
    place.send("edituser", email="old@example.com")
    return {}


def _fleet(place):
    """Install two sites to change and one to remove; the task adds a fourth."""
    return {"sites": [place.install(number) for number in range(3)]}


def _site(place, **more):
    return dict({"url": place.url(), "application": "wordpress", "websites": place.websites}, **more)


def _new(place, number=0, **more):
    return dict(place.site(number), websites=place.websites, **more)


def _backup_of(place, **more):
    return dict({"install": place.url(), "websites": place.websites}, **more)


def _fleet_options(place):
    items = [
        dict(_site(place), sitetitle="Fleet"),
        {"url": place.url(1), "application": "wordpress", "version": "6.4.4"},
        {"url": place.url(2), "state": "absent"},
        place.site(3),
    ]
    return {
        "installs": [{name: value for name, value in item.items() if name != "websites"} for item in items],
        "websites": place.websites,
        "max_parallel": 2,
    }


def _rollout_options(place):
    """Update two sites; any other verdict is a failure."""
    return {
        "version": "6.4.4",
        "sites": [{"url": place.url(number), "websites": place.websites} for number in range(2)],
        "health": {"url_ip": "127.0.0.1", "port": place.sandbox.ready["port"], "attempts": 1, "slower_margin": 30},
        "journal": str(place.sandbox.directory / place.token),
        "fail_on": ["attention", "failed", "rolled_back", "skipped"],
        "max_failures": -1,
        "server_revert": False,
    }


def _backups_options(place):
    """Two sites need a new backup, each in another location, and one of them has too many backups."""
    return {
        "policies": [
            {"install": place.url(), "websites": place.websites, "max_age": "30m", "keep": 2},
            {"install": place.url(1), "websites": place.websites, "daily": 2},
        ],
        "max_parallel": 2,
    }


def _one_backed_up(place):
    """Install two sites, one of them with backups."""
    kept = _backups(2 * HOUR, HOUR)(place)
    return dict(kept, other=place.install(1))


def _drill_options(place):
    """Test the backup of a site."""
    return {
        "sites": [dict({"url": place.url(), "drill_url": place.url(1), "websites": place.websites}, **_DATABASE)],
        "pattern": ".",
        "replace": True,
        "health": {"url_ip": "127.0.0.1", "port": place.sandbox.ready["port"], "attempts": 1},
    }


WRITES = [
    Scenario("install", _install.OPERATION, _new),
    Scenario("edit", _install.OPERATION, lambda place: _site(place, sitetitle="New"), _present),
    Scenario("upgrade", _install.OPERATION, lambda place: _site(place, version="6.4.4"), _present),
    Scenario(
        "edit_and_upgrade", _install.OPERATION, lambda place: _site(place, version="6.4.4", autoup="minor"), _present
    ),
    Scenario("uninstall", _install.OPERATION, lambda place: _site(place, state="absent"), _present),
    Scenario("detach", _install.OPERATION, lambda place: _site(place, state="detached"), _present),
    Scenario(
        "clone",
        _install.OPERATION,
        lambda place: dict(
            place.site(1),
            application=None,
            version=None,
            clone_from=place.url(),
            websites=place.websites,
            sitetitle="Copy",
        ),
        _present,
    ),
    Scenario("import", _install.OPERATION, lambda place: _site(place, import_existing=True), _unknown_files),
    Scenario("migrate", _install.OPERATION, lambda place: _site(place, migrate_from=place.kept["source"]), _elsewhere),
    Scenario(
        "restore_missing",
        _install.OPERATION,
        lambda place: {"url": place.url(), "restore_from": "latest", "websites": place.websites},
        _only_a_backup,
    ),
    Scenario("backup", _backup.OPERATION, _backup_of, _present),
    Scenario(
        "backup_and_keep",
        _backup.OPERATION,
        lambda place: _backup_of(place, max_age="1h", keep=2),
        _backups(3 * DAY, 2 * DAY),
    ),
    Scenario(
        "delete_backup",
        _backup.OPERATION,
        lambda place: {"state": "absent", "id": place.kept["backups"][0], "websites": place.websites},
        _backups(2 * DAY, DAY),
    ),
    Scenario(
        "restore",
        _backup.OPERATION,
        lambda place: _backup_of(place, state="restored", id="latest"),
        _newer_than_its_backup,
        True,
    ),
    Scenario(
        "importbackup",
        _backup.OPERATION,
        lambda place: {
            "state": "imported",
            "path": place.kept["archive"].partition("/fs/var/www/vhosts/company.com/")[2],
            "websites": place.websites,
        },
        _forgotten_backup,
    ),
    Scenario("new_user", _user.OPERATION, lambda place: {"email": "new@example.com", "websites": place.websites}),
    Scenario("edituser", _user.OPERATION, lambda place: {"email": "new@example.com"}, _account),
    Scenario("deleteuser", _user.OPERATION, lambda place: {"state": "absent"}, _account),
    Scenario("installs", _installs.OPERATION, _fleet_options, _fleet),
    Scenario("backups", _many_backups.OPERATION, _backups_options, _one_backed_up, waits=True),
    Scenario("restore_drill", _drill.OPERATION, _drill_options, _backups(HOUR), always=True),
    Scenario("rollout", _rollout.OPERATION, _rollout_options, _two_sites, waits=True),
]
READS = [
    Scenario(
        "install_info",
        _install_info.OPERATION,
        lambda place: {"url": place.url(), "refresh": True, "websites": place.websites},
        _present,
    ),
    Scenario("backup_info", _backup_info.OPERATION, lambda place: {}, _backups(DAY)),
    Scenario("user_info", _user_info.OPERATION, lambda place: {}, _account),
    Scenario("app_facts", _app_facts.OPERATION, lambda place: {}),
    Scenario("task_info", _task_info.OPERATION, lambda place: {}, _present),
]
