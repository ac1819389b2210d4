# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The journal of a rollout: a write-ahead log of the transitions of all sites. This is a private util of the collection.

A journal is a file of JSON lines. The first line names the format and the server. Each run adds C(run), the transitions
C(backup), C(update), C(restore), and C(verdict) of its sites, and C(end). Each line is on disk before the action begins.
If a run is killed, a site whose last entry is C(update) or C(restore) was interrupted during that action.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from typing import Any

from .._base.errors import ItronError
from .case import Case, is_unsettled, key_of

try:
    import fcntl
except ImportError:
    # Ansible does not run on such a system, but importing the file must not fail there.
    fcntl = None  # type: ignore[assignment]

FORMAT = "hostops.installatron rollout journal"
VERSION = 2
# The start of the first line.
_HEAD = b'{"format":"%s"' % FORMAT.encode("ascii")
# The transitions that start a change of a site.
ACTS = ("update", "restore")


class JournalError(ItronError):
    """The journal cannot be used, or a transition cannot be written. The action of the transition must not begin."""


class State:
    """The state that the entries of a journal describe.

    target: of the last run. runs: number of runs with this target. complete: whether the last run completed the rollout.
    verdicts: key of a site -> its last verdict. open: key -> last entry of a site that was interrupted during an action.
    unsettled: key -> last verdict of a site with an unknown outcome of its update.
    """

    def __init__(self) -> None:
        self.target: dict[str, Any] | None = None
        self.runs = 0
        self.complete = False
        self.verdicts: dict[str, dict[str, Any]] = {}
        self.open: dict[str, dict[str, Any]] = {}
        self.unsettled: dict[str, dict[str, Any]] = {}

    @property
    def interrupted(self) -> dict[str, dict[str, Any]]:
        """Sites that were interrupted during an action or whose outcome is unknown: key -> last entry."""
        return {**self.unsettled, **self.open}

    def add(self, entry: dict[str, Any]) -> None:
        """Apply one entry."""
        event = entry["event"]
        if event == "run":
            self._begin(entry)
        elif event == "end":
            self.complete = entry["complete"]
        elif event in ACTS:
            self.open[key_of(entry["url"], entry["id"])] = entry
        elif event == "verdict":
            key = key_of(entry["url"], entry["id"])
            self.open.pop(key, None)
            self.verdicts[key] = entry
            if is_unsettled(entry):
                self.unsettled[key] = entry
            else:
                self.unsettled.pop(key, None)

    def _begin(self, entry: dict[str, Any]) -> None:
        """Apply the entry of a run, which resumes the previous runs or starts over."""
        if not entry["resumes"]:
            self.verdicts, self.runs = {}, 0
        self.target, self.complete = entry["target"], False
        self.runs += 1


class Journal:
    """The open journal of a run. Without a path, nothing is stored.

    Arguments:
        path: of the file, or None. server: address of the server that the journal belongs to. write: whether this run
        changes anything. If not (check mode), the journal is only read, and another run may write it at the same time.

    C(state) is the state after the previous runs. Use the journal as a context manager. Raises JournalError.
    """

    def __init__(self, path: str | None, server: str, write: bool) -> None:
        self._path = path
        self._server = server
        self._write = write
        self._lock = threading.Lock()
        self._file: Any = None
        self._start = self._end = 0
        self.state = State()

    def __enter__(self) -> Journal:
        if self._path is not None:
            try:
                self._open(self._path)
            except OSError as error:
                self.__exit__()
                raise JournalError("journal: cannot use %s: %s" % (self._path, error.strerror or error), stage="input",
                                   hint="Nothing was sent. Correct the path or its permissions.") from error
            except JournalError:
                self.__exit__()
                raise
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def begin(self, target: dict[str, Any], resume: bool) -> list[str]:
        """Write the entry of a run and return warnings.

        Arguments:
            target: dictionary of the options that define the rollout. If it differs from that of the journal, the run starts
                over. resume: whether to keep the verdicts of earlier runs with the same target.

        Interrupted sites are kept in any case.
        """
        state, warnings = self.state, []
        if state.target is not None and state.target != target and not state.complete and resume:
            differ = ", ".join(sorted(name for name in target if state.target.get(name) != target[name]))
            warnings.append("journal: it contains an incomplete rollout with other options (%s); this rollout starts over" % differ)
        resumes = resume and state.target == target and not state.complete
        if self._file is not None and not resumes and not state.interrupted:
            self._truncate(self._start)
        self.append("run", target=target, resumes=resumes)
        state.add({"event": "run", "target": target, "resumes": resumes})
        return warnings

    def append(self, event: str, **values: Any) -> None:
        """Write one entry to disk. Raises JournalError if that fails; the file then contains no part of the entry."""
        if self._file is None or not self._write:
            return
        line = json.dumps(dict(values, event=event), ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
        with self._lock:
            try:
                self._file.write(line)
                os.fsync(self._file.fileno())
            except OSError as error:
                with contextlib.suppress(OSError):
                    self._truncate(self._end)
                raise JournalError("journal: cannot write %s: %s" % (self._path, error.strerror or error), stage="write",
                                   hint="The run starts no further updates. Free disk space, then run the play again.") from error
            self._end += len(line)

    def note(self, event: str, case: Case) -> None:
        """Write a transition of one site; see append()."""
        self.append(event, **case.entry())

    # --- opening ---

    def _open(self, path: str) -> None:
        """Open and read the file, and lock it until the process exits."""
        if not self._write:
            if os.path.exists(path):
                with open(path, "rb") as file:
                    self._read(file.read())
            return
        os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o750, exist_ok=True)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640), "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalError("journal: another run uses %s" % path, stage="input",
                               hint="Nothing was sent. Wait until that run has finished, or use another journal for this run.") from error
        self._end = self._read(self._file.read())
        # The last line of a killed run may be incomplete. Its action never began.
        self._truncate(self._end)
        if not self._end:
            self.append("journal", format=FORMAT, version=VERSION, server=self._server)
            self._start = self._end

    def _truncate(self, size: int) -> None:
        """Truncate the file to a number of bytes."""
        os.ftruncate(self._file.fileno(), size)
        self._end = size

    def _read(self, data: bytes) -> int:
        """Apply the entries of a file and return the number of bytes up to the end of the last complete line."""
        end = data.rfind(b"\n") + 1
        lines = data[:end].splitlines()
        # A journal that was truncated within its first line is empty. Any other file must not be truncated.
        if not lines and (_HEAD.startswith(data) or data.startswith(_HEAD)):
            return 0
        self._check_head(_entry(lines[0]) if lines else None, data)
        self._start = len(lines[0]) + 1
        for number, line in enumerate(lines[1:], 2):
            entry = _entry(line)
            try:
                if entry is None:
                    raise KeyError("event")
                self.state.add(entry)
            except (KeyError, TypeError, AttributeError) as error:
                raise JournalError("journal: line %d of %s is not a journal entry" % (number, self._path), stage="input",
                                   hint="Nothing was sent. Correct the line, or set journal to another file to start over.") from error
        return end

    def _check_head(self, head: dict[str, Any] | None, data: bytes) -> None:
        """Raise JournalError if the file is not a journal of this format and server."""
        if head is None or head.get("format") != FORMAT:
            if _entry(data) is not None:
                raise JournalError("journal: %s is a state file or report of an earlier version" % self._path, stage="input",
                                   hint="Nothing was sent. Finish that rollout with the earlier version, or set journal to another file to start over.")
            raise JournalError("journal: %s is not the journal of a rollout" % self._path, stage="input", hint="Nothing was sent. Set journal to another file.")
        if head.get("version") != VERSION:
            raise JournalError("journal: %s has format %s, but this version of the collection reads format %d" % (
                self._path, head.get("version"), VERSION), stage="input", hint="Nothing was sent. Set journal to another file to start over.")
        if head.get("server") != self._server:
            raise JournalError("journal: %s belongs to %s, not to %s" % (self._path, head.get("server"), self._server), stage="input",
                               hint="Nothing was sent. Correct api_url, or set journal to another file.")


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object in a line, or None if there is none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
