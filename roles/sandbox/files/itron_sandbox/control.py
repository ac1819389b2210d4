# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface at ``/_sandbox``, with which tests set up and inspect the sandbox. The vendor's product does not have it."""

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from flask import Blueprint, jsonify, request

from . import __version__, catalog
from .call import Call
from .commands import execute
from .errors import Refusal
from .seed import seed

UPGRADES = ("ok", "task_fails", "page_500")


def blueprint(world):
    """Return the blueprint of the control interface."""
    routes = Blueprint("control", __name__, url_prefix="/_sandbox")
    _errors(routes)
    _basics(routes, world)
    _log_and_faults(routes, world)
    _contents(routes, world)
    return routes


def _errors(routes):
    """Add error handlers that answer bad input with status 400."""
    @routes.errorhandler(ValueError)
    @routes.errorhandler(TypeError)
    @routes.errorhandler(KeyError)
    def bad_input(error):
        return jsonify({"error": "%s: %s" % (type(error).__name__, error)}), 400

    @routes.errorhandler(Refusal)
    def refused(error):
        return jsonify({"error": error.message, "errcode": error.errcode}), 400


def _body():
    """Return the JSON object in the body of a request; an empty body is an empty object."""
    # Ignore the content type: curl -d always sends the type of a form.
    text = request.get_data()
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _basics(routes, world):
    """Add the routes that control the program."""
    @routes.get("/")
    def about():
        return jsonify({"name": "itron_sandbox", "version": __version__, "pid": os.getpid()})

    @routes.get("/settings")
    def settings():
        return jsonify(world.settings.all())

    @routes.post("/settings")
    def change_settings():
        world.settings.change(_body())
        return jsonify(world.settings.all())

    @routes.post("/reset")
    def reset():
        world.tasks.idle(10)
        world.store.empty()
        world.requests.clear()
        world.settings.reset()
        world.panel.forget()
        catalog.forget_added()
        for folder in ("fs", "remote", "databases", "tmp"):
            shutil.rmtree(str(world.directory / folder), ignore_errors=True)
        return jsonify({})

    @routes.delete("/tasks")
    def abandon_tasks():
        return jsonify({"ids": world.tasks.abandon()})

    @routes.post("/idle")
    def idle():
        return jsonify({"idle": world.tasks.idle(float(_body().get("seconds", 30)))})


def _log_and_faults(routes, world):
    """Add the routes for the request log and for faults."""
    @routes.get("/requests")
    def requests():
        return jsonify(world.requests.entries(int(request.args.get("since", 0))))

    @routes.delete("/requests")
    def clear_requests():
        world.requests.clear()
        return jsonify({})

    @routes.get("/faults")
    def list_faults():
        return jsonify(world.faults.entries())

    @routes.post("/faults")
    def add_fault():
        body = json.loads(request.get_data())
        added = [world.faults.add(fault) for fault in (body if isinstance(body, list) else [body])]
        return jsonify(added if isinstance(body, list) else added[0])

    @routes.delete("/faults")
    @routes.delete("/faults/<int:identity>")
    def clear_faults(identity=None):
        world.faults.clear(identity)
        return jsonify({})


def _contents(routes, world):
    """Add the routes for sites, databases and the state."""
    @routes.get("/state")
    def state():
        return jsonify(_state(world))

    @routes.post("/seed")
    def make_many():
        identities = seed(world, **_body())
        return jsonify({"count": len(identities), "ids": identities})

    @routes.get("/paths")
    def open_paths():
        return jsonify(world.panel.open_paths())

    @routes.post("/paths/disable")
    def disable_paths():
        return jsonify(world.panel.disable_paths())

    @routes.post("/releases")
    def add_release():
        catalog.add_release(**_body())
        return jsonify({})

    @routes.post("/sites")
    def change_site():
        return jsonify(_change_site(world, _body()))

    @routes.post("/backups")
    def change_backups():
        return jsonify(_change_backups(world, _body()))

    @routes.post("/unmanaged")
    def unmanaged():
        return jsonify(_unmanaged(world, _body()))

    @routes.post("/databases")
    def define_database():
        body = _body()
        source = body.get("copy_from")
        if source:
            tables = world.databases.tables(source["host"], source["name"])
            statements = world.databases.dump(source["host"], source["name"], tables)
            world.databases.load(body["host"], body["name"], statements)
        world.databases.define(body["host"], body["name"], body["user"], body["pass"])
        return jsonify({"file": str(world.databases.path(body["host"], body["name"]))})


def _state(world):
    """Return the complete state of the server, with paths on this disk."""
    installs = []
    for identity, record, storage, private in world.installs.entries():
        installs.append({"id": identity, "owner": record["owner"], "url": record["url"],
                         "installer": record["installer"], "version": record["version"], "root": storage,
                         "database": str(world.databases.path(record["db-host"], record["db-name"])),
                         "prefix": record["db-prefix"], "record": record, "private": private})
    backups = [dict(zip(("id", "install", "owner", "archive"), row)) for row in
               world.store.query("SELECT id, install, owner, archive FROM backups ORDER BY rowid")]
    users = [world.accounts.get(name) or world.accounts.blank(name) for name in world.accounts.names()]
    return {"installs": installs, "backups": backups, "archives": _archives(world), "users": users,
            "tasks": world.tasks.entries(hidden=True)}


def _archives(world):
    """Return the archives on this disk and their sizes in bytes, including archives without a backup record."""
    sizes = {}
    for folder in ("fs", "remote"):
        for file in (world.directory / folder).rglob("*.tar.gz"):
            # A task can remove the file concurrently.
            with suppress(FileNotFoundError):
                sizes[str(file)] = file.stat().st_size
    return sizes


def _change_site(world, body):
    """Set the result of the next upgrades of a site: ``upgrade`` is ok, task_fails or page_500."""
    if body.get("upgrade") not in UPGRADES:
        raise ValueError("upgrade must be one of %s" % ", ".join(UPGRADES))
    identities = [body["id"]] if "id" in body else world.installs.with_url(body["url"])
    for identity in identities:
        record, storage, private = world.installs.get(identity)
        world.installs.put(record, storage, dict(private, upgrade=body["upgrade"]))
    return {"ids": identities}


def _change_backups(world, body):
    """Change the backups of a URL, oldest first.

    ``ages``: one age in seconds for each backup. ``lost``: remove the archives. ``forgotten``: remove only the records.
    """
    rows = world.store.query("SELECT id FROM backups WHERE url = ? ORDER BY rowid", (body["url"],))
    identities = [identity for (identity,) in rows]
    for identity, age in zip(identities, body.get("ages", ())):
        record, archive = world.backups.get(identity)
        world.backups.put(dict(record, **{"backup-time": str(int(time.time() - age))}), archive)
    for identity in identities:
        if body.get("lost"):
            Path(world.backups.get(identity)[1]).unlink(missing_ok=True)
        if body.get("forgotten"):
            world.backups.delete(identity)
    return {"ids": identities}


def _unmanaged(world, body):
    """Create a site that the server does not manage, from the arguments of ``install``."""
    made = execute(Call(world, dict({"user": "unmanaged"}, **body, cmd="install"))).data
    world.installs.delete(made["id"])
    return {"url": made["url"], "version": made["version"]}
