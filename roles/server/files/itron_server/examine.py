# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Examines the target and decides which action the role has to perform."""

import json
import os
import re
import shutil
import subprocess

TOOL = "installatron"
PACKAGE = "installatron-server"


def version_key(version):
    """Return a version as a comparable tuple of numbers, such as (10, 0, 2) for "10.0.2"."""
    return tuple(int(number) for number in re.findall(r"\d+", version or ""))


def ask_version(home, timeout):
    """Query the server's command line for its version. Return (data of the reply or None, why there is no reply).

    Other output is not quoted, because an error message of PHP may contain the password of the database.
    """
    command = [os.path.join(home, TOOL), "--GET", "/version"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)
    except OSError as error:
        return None, "it cannot be started: %s" % error.strerror
    except subprocess.TimeoutExpired:
        return None, "it did not answer within %d seconds" % timeout
    try:
        reply = json.loads(done.stdout)
    except ValueError:
        return None, "it exited with status %d and without a reply in JSON" % done.returncode
    if not isinstance(reply, dict) or reply.get("result") is not True or not isinstance(reply.get("data"), dict):
        return None, "its reply reports no success"
    return reply["data"], None


def package_manager():
    """Return "rpm" or "dpkg" if it has the package of the server installed, otherwise None."""
    for manager, command in (("rpm", ["rpm", "-q", PACKAGE]), ("dpkg", ["dpkg-query", "-W", "-f=${db:Status-Status}", PACKAGE])):
        if shutil.which(command[0]):
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if done.returncode == 0 and (manager == "rpm" or done.stdout == "installed"):
                return manager
    return None


def interrupted(work):
    """Return the unfinished action of an earlier run as {"action", "stamp"}, or None."""
    try:
        with open(os.path.join(work, "running.json"), encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return None


def free_mib(path):
    """Return the free space in MiB of the file system of a path, which need not exist."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return shutil.disk_usage(path).free // (1 << 20)


def examine(wanted):
    """Return the state of the target that the decision depends on."""
    home = wanted["home"]
    program = os.path.exists(os.path.join(home, TOOL))
    answer, silence = ask_version(home, wanted["timeout"]) if program else (None, None)
    programs = sorted(set(os.listdir(home)) - {"etc"}) if os.path.isdir(home) else []
    data = [path for path in (wanted["data"], os.path.join(home, "etc")) if os.path.lexists(path)]
    return {
        "root": os.geteuid() == 0,
        "program": program,
        "answer": answer,
        "silence": silence,
        "interrupted": interrupted(wanted["work"]),
        "programs": bool(programs) or os.path.lexists(wanted["cron"]) or package_manager() is not None,
        "data": data,
        "free": {path: free_mib(path) for path in ("/usr/local", "/var", wanted["work"])},
    }


def decide(found, wanted):
    """Return (action, reason, problem). The action is install, upgrade, remove, or none. With a problem, nothing is changed."""
    if not found["root"]:
        return "none", "", "The role server requires root on the target. Set become: true."
    if wanted["state"] == "absent":
        return _decide_absent(found, wanted)
    action, reason, problem = _decide_present(found, wanted)
    if action == "install" and not wanted["license"]:
        problem = "server_license_key: required by the installer, because Installatron Server is not installed."
    if action != "none" and not problem:
        problem = _lack_of_space(found, wanted)
    return action, reason, problem


def _decide_absent(found, wanted):
    if found["programs"]:
        return "remove", "Installatron Server is removed.", None
    if wanted["remove_data"] and found["data"]:
        return "remove", "The data of Installatron Server is removed.", None
    return "none", "Installatron Server is not installed.", None


def _decide_present(found, wanted):
    if not found["program"]:
        return "install", "Installatron Server is not installed.", None
    if found["answer"] is None:
        return _decide_silent(found, wanted)
    has, available = found["answer"].get("version"), found["answer"].get("version_available")
    if wanted["upgrade"] and version_key(available) > version_key(has):
        return "upgrade", "Installatron Server %s is upgraded to %s." % (has, available), None
    return "none", "Installatron Server %s is installed." % has, None


def _decide_silent(found, wanted):
    """Decide for an installed server that does not answer. Its database may be down, and running the installer would make that worse."""
    if found["interrupted"]:
        return found["interrupted"]["action"], "An earlier run of the installer was interrupted.", None
    if wanted["repair"]:
        return "upgrade", "Installatron Server does not answer and is repaired.", None
    return "none", "", (
        "Installatron Server is installed in %s, but its command line does not answer: %s. Run \"%s/%s --GET /version\" on the target to see "
        "why. Often its database is not running. server_repair: true runs the vendor's installer over it (-f --quick)."
        % (wanted["home"], found["silence"], wanted["home"], TOOL))


def _lack_of_space(found, wanted):
    for path, free in sorted(found["free"].items()):
        if free < wanted["free"]:
            return ("%d MiB are free for %s, but server_free_space requires %d. Free some space, or lower server_free_space. Nothing was changed."
                    % (free, path, wanted["free"]))
    return None


def answer(wanted):
    """Examine the target and return the decision for the role."""
    found = examine(wanted)
    action, reason, problem = decide(found, wanted)
    data = found["answer"] or {}
    return {
        "action": "none" if problem else action, "reason": reason, "problem": problem, "installed": found["program"],
        "version": data.get("version"), "version_available": data.get("version_available"), "licensed": data.get("license"),
    }
