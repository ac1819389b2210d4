# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs operations in this process against a sandbox and checks them: check mode, duplicates, secrets, unrelated objects."""

import json
import logging

from harness import ID, KEY
from model_state import Digests, Snapshot, changed_keys, identity, unexpected_changes

from ansible_collections.hostops.installatron.plugins.module_utils._adopt import work as _adopt
from ansible_collections.hostops.installatron.plugins.module_utils._backup import work as _backup
from ansible_collections.hostops.installatron.plugins.module_utils._core import operation as _operation
from ansible_collections.hostops.installatron.plugins.module_utils._install import work as _install
from ansible_collections.hostops.installatron.plugins.module_utils._installs import work as _installs
from ansible_collections.hostops.installatron.plugins.module_utils._user import work as _user

OPERATIONS = {"install": _install.OPERATION, "installs": _installs.OPERATION, "backup": _backup.OPERATION,
              "user": _user.OPERATION, "adopt": _adopt.OPERATION}
# Timeout of a request in seconds; also the time to look for a lost response.
TIMEOUT = 2.0
# Faults in sequences; the value is whether the fault affects writes only.
FAULTS = {"reset_before": False, "reset_after": True, "cut_json": True, "empty": True, "503": False, "html": False,
          "task_vanishes": True, "task_fails": True}
# The websites of the accounts are stored in the sandbox, so requests can omit them.
STORED_WEBSITES = "$: 'websites' is a required property"
# Prefix of all secrets.
CANARY = "canary-"
CANARIES = ("%sdatabase" % CANARY, "%sother-database" % CANARY, "%spassword" % CANARY, "%swebsite" % CANARY,
            "%sbackups" % CANARY)


class Figures:
    """The figures of a run."""

    def __init__(self):
        self.sequences = self.steps = self.runs = self.refused = self.faults = self.searched = 0

    def __str__(self):
        return ("%d sequences, %d steps, %d runs of operations (%d of them failed), %d faults triggered, "
                "%d bytes searched for secrets: 0 found" % (
                    self.sequences, self.steps, self.runs, self.refused, self.faults, self.searched))


FIGURES = Figures()


class _Log(logging.Handler):
    """Collects the log messages of libraries."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Judge:
    """Runs tasks against one sandbox and asserts the properties that hold for all tasks."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self._digests = Digests()
        self._secrets = set(CANARIES) | {KEY}

    def look(self):
        """Return a Snapshot of the sandbox."""
        snapshot = Snapshot(self.sandbox, self._digests)
        self._secrets |= snapshot.secrets()
        return snapshot

    def run(self, kind, options, check=False):
        """Run one task and return its result; assert that its output contains no secret."""
        common = {"api_url": self.sandbox.url, "api_key": KEY, "timeout": TIMEOUT, "poll_interval": 0.01}
        if "poll_interval" not in OPERATIONS[kind].spec.options:
            common.pop("poll_interval")
        params, messages = OPERATIONS[kind].spec.validate(dict(common, **options))
        assert not messages, messages
        lines, log = [], _Log()
        logger = logging.getLogger()
        level = logger.level
        logger.addHandler(log)
        logger.setLevel(logging.DEBUG)
        try:
            outcome = _operation.run(OPERATIONS[kind], params, check, True,
                                     lambda text, always=False: lines.append(text))
        finally:
            logger.removeHandler(log)
            logger.setLevel(level)
        FIGURES.runs += 1
        FIGURES.refused += bool(outcome.result.get("failed"))
        self._assert_clean([outcome.result, outcome.warnings, lines, log.lines])
        return outcome.result

    def _assert_clean(self, said):
        """Assert that the output of a task contains no secret."""
        text = json.dumps(said, ensure_ascii=False)
        FIGURES.searched += len(text.encode())
        for secret in self._secrets:
            assert secret not in text, "secret %r in %s" % (secret, text)

    # --- one task: check mode, run, second run, second check ---

    def judge(self, kind, options, allowed, acts=False):
        """Run in check mode, run, and repeat both; return the result of the first run.

        Arguments:
            allowed: callable(before, after) -> Allowance. acts: whether every run changes something, so that repeating it is no no-op.
        """
        before = self.look()
        check = self.checked(kind, dict(options, make_plan=True) if kind in ("install", "installs") else options, before)
        # Applying an approved plan must be equivalent to a direct run.
        approval = {"approved_plan": check["plan"], "approved_digest": check["plan"]["digest"]} if check.get("plan") else {}
        first, after = self.real(kind, dict(options, **approval), before)
        self.assert_agree(check, first)
        found = unexpected_changes(before, after, allowed(before, after))
        assert not found, "unrelated objects changed: %s" % found
        if not acts and not first.get("failed"):
            self.converges(kind, options, after)
        return first

    def checked(self, kind, options, before):
        """Run in check mode; assert that it sends no write and changes nothing."""
        self.sandbox.control("POST", "/settings", {"read_only": True})
        try:
            result = self.run(kind, options, check=True)
        finally:
            self.sandbox.control("POST", "/settings", {"read_only": False})
        self._requests(writes=False)
        self._assert_same(before, "check mode changed something")
        return result

    def real(self, kind, options, before):
        """Run, and assert that C(changed) is correct. Returns (result, Snapshot)."""
        result = self.run(kind, options)
        self.sandbox.control("POST", "/idle", {"seconds": 10})
        self._requests()
        after = self.look()
        self.assert_truth(result, before, after)
        return result, after

    def converges(self, kind, options, before):
        """Assert that a second run and a second check are no-ops."""
        for check in (False, True):
            result = self.run(kind, options, check)
            assert not result.get("failed"), result["msg"]
            assert result["changed"] is False, ("the second run changes something", result)
            assert result["diff"] in ([], {"before": {}, "after": {}}), result["diff"]
            self._requests(writes=False)
        self._assert_same(before, "the second run changed something")

    def run_with_fault(self, kind, options, fault, nth):
        """Run with one fault: nothing is created twice, and C(changed) is correct.

        Returns the result of the run.
        """
        before = self.look()
        body = {"command": "*", "fault": fault, "nth": nth, "retry_after": 0}
        if FAULTS[fault]:
            body["write"] = True
        self.sandbox.control("POST", "/faults", body)
        result = self.run(kind, options)
        FIGURES.faults += sum(fault["seen"] >= nth for fault in self.sandbox.control("GET", "/faults"))
        self.sandbox.control("DELETE", "/faults")
        self.sandbox.control("POST", "/idle", {"seconds": 10})
        self._requests(refusals=True)
        after = self.look()
        self.assert_no_doubles(after)
        self.assert_truth(result, before, after)
        new = set(after.backups) - set(before.backups)
        wanted = 1 if kind == "backup" and options.get("state", "present") in ("present", "imported") else 0
        assert len(new) <= wanted, "%d new backups" % len(new)
        return result

    # --- assertions ---

    def assert_agree(self, check, first):
        """Assert that check mode predicted the run."""
        failed = bool(check.get("failed")), bool(first.get("failed"))
        if failed == (False, True):
            # Only commands without a dry run on the server can be refused when they run.
            failure = first["failure"]
            assert failure["stage"] == "write", first["msg"]
            assert failure["command"] in ("edit", "backup", "delete", "uninstall"), first["msg"]
            assert failure["errcode"], first["msg"]
            return
        assert failed[0] == failed[1], (check.get("msg"), first.get("msg"))
        if failed[0]:
            assert first["changed"] is False or "results" in first, first
            return
        assert check["changed"] == first["changed"], (check, first)
        assert check["diff"] == first["diff"], (check["diff"], first["diff"])

    def assert_truth(self, result, before, after):
        """Assert that C(changed) agrees with the states before and after the run."""
        moved = before.lasting != after.lasting
        if moved:
            assert result["changed"] is True, ("changed is false, but there is a difference", result,
                                               _words(before, after))
        if result["changed"] and not moved:
            # If the state is the same, at least one step must have been done.
            done = [step["outcome"] for step in result.get("steps", ())] + [
                step["outcome"] for entry in result.get("results", ()) for step in entry["steps"]]
            assert "done" in done or result.get("task"), ("changed is true, but nothing was done", result)

    def assert_no_doubles(self, state):
        """Assert that no URL has two installs."""
        places = [identity(row["url"]) for row in state.installs.values()]
        assert len(places) == len(set(places)), places

    def _requests(self, writes=True, refusals=False):
        """Assert that the requests since the last call match the specification, and include no write unless `writes` is true."""
        log = self.sandbox.control("GET", "/requests")
        self.sandbox.control("DELETE", "/requests")
        for entry in log:
            about = (entry["command"], ID.sub("ID", json.dumps(entry["arguments"])))
            wrong = [error for error in entry["schema_errors"] if error != STORED_WEBSITES]
            assert entry["undocumented"] == [] and wrong == [], (about, wrong, entry["undocumented"])
            assert entry["outcome"] not in ("violation", "error"), about
            assert writes or not entry["write"] or entry["dryrun"], ("a write was sent", about)

    def _assert_same(self, before, words):
        after = self.look()
        assert before.lasting == after.lasting, (words, _words(before, after))


def _words(before, after):
    """Return the differences between two Snapshots for a message."""
    return [sorted(changed_keys(old, new)) for old, new in zip(before.lasting, after.lasting)]
