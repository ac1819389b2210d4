# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the API, and the execution of requests.

A reading command has `answer(call)`, which returns a Reply. A writing command has `plan(call)`, which checks the input,
`check(call, plan)`, which checks the state of the server, and `work(call, plan, progress)`, which returns the data of the reply.
"""

from contextlib import ExitStack

from .. import remote
from ..errors import ConnectionDropped, Interrupted, Refusal
from ..tasks import Progress
from ..wire import Reply
from . import (
    backup,
    browse,
    clone,
    delete,
    edit,
    gui,
    importbackup,
    install,
    listing,
    restore,
    transfer,
    uninstall,
    upgrade,
    users,
    view,
)


class Command:
    """A command: whether it writes, and whether its table lists ``background`` and ``dryrun``."""

    def __init__(self, module, write=True, background=False, dryrun=False):
        self.module = module
        self.write = write
        self.background = background
        self.dryrun = dryrun


COMMANDS = {
    "browser": Command(browse, write=False),
    "installs": Command(listing.Installs, write=False),
    "backups": Command(listing.Backups, write=False),
    "tasks": Command(listing.Tasks, write=False),
    "view": Command(view, write=False),
    "install": Command(install, background=True, dryrun=True),
    "import": Command(transfer, background=True, dryrun=True),
    "edit": Command(edit),
    "backup": Command(backup, background=True),
    "upgrade": Command(upgrade, background=True, dryrun=True),
    "clone": Command(clone, background=True, dryrun=True),
    "restore": Command(restore, background=True, dryrun=True),
    "delete": Command(delete, background=True),
    "importbackup": Command(importbackup),
    "uninstall": Command(uninstall, background=True),
    "guixfer": Command(gui),
    "edituser": Command(users.Edit),
    "deleteuser": Command(users.Delete),
}


def execute(call, fault=None):
    """Execute a request and return the Reply; `fault` is a fault that strikes inside the task."""
    command = COMMANDS[call.command]
    if not command.write:
        return command.module.answer(call)
    # An argument that the command's table does not list is ignored, as the vendor's server does.
    dryrun = call.dryrun if command.dryrun else 0
    plan = command.module.plan(call)
    plan.dry = bool(dryrun)
    if dryrun != 1:
        command.module.check(call, plan)
    if dryrun:
        return Reply(True, "The task is complete.\n", None, errcode="complete_dryrun")
    if call.websites and call.command not in ("edituser", "deleteuser"):
        call.world.accounts.remember(plan.owner, call.websites, call.reseller)
    if command.background and call.defined("background"):
        return _in_background(call, command, plan, fault)
    return _in_foreground(call, command, plan, fault)


def _in_background(call, command, plan, fault):
    """Start a task for the work and return a reply with the task at once."""
    world = call.world
    world.claims.take(plan.claims, call)
    row = world.tasks.create(call, plan)
    shown = dict(row)
    if world.offline:
        world.tasks.spawn(row)
    else:
        world.tasks.start(row, lambda progress: worked(call, command, progress)[1], fault,
                          lambda: world.claims.release(call))
    return Reply(True, "", None, task=shown)


def _in_foreground(call, command, plan, fault):
    """Do the work and return a reply with its data."""
    call.world.claims.take(plan.claims, call)
    failure = None
    if fault and fault["fault"] == "task_fails":
        failure = Refusal(fault.get("message", "Error: The task failed."), fault.get("errcode"))
    seconds = call.world.settings["task_seconds"] if command.background else 0
    try:
        data, _install, more = worked(call, command, Progress(seconds, call.world.stop, failure=failure))
    except Interrupted as error:
        raise ConnectionDropped() from error
    return Reply(True, "", data, **more)


def worked(call, command, progress):
    """Do the work while no other request works on the same objects; return (data, install id, more members).

    The plan is made again, because the state can change while the request waits for its turn.
    """
    try:
        first = command.module.plan(call)
        with call.world.claims.locked(first.locks + first.claims):
            plan = command.module.plan(call)
            location = getattr(plan, "location", None)
            with ExitStack() as stack:
                if location:
                    stack.enter_context(remote.fetched(location.home))
                command.module.check(call, plan)
                data = command.module.work(call, plan, progress)
            return data, plan.install, getattr(plan, "more", {})
    finally:
        call.world.claims.release(call)
