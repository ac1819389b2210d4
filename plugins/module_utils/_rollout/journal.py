# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The journal of a rollout: each transition of each site, written before the act it announces. This is a private util of the collection.

A journal is a file of JSON lines. The first line names the format and the server. Each run adds C(run), the transitions
C(backup), C(update), C(restore) and C(verdict) of its sites, and C(end). A line is on the disk before the act begins, so a
run that is killed leaves the truth behind: a site whose last entry is C(update) or C(restore) was in the middle of it.
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
    # Ansible does not run on such a system; the file can still be imported there.
    fcntl = None  # type: ignore[assignment]

FORMAT = "hostops.installatron rollout journal"
VERSION = 2
# How the first line begins.
_HEAD = b'{"format":"%s"' % FORMAT.encode("ascii")
# The transitions after which a site may be in the middle of a change.
ACTS = ("update", "restore")


class JournalError(ItronError):
    """The journal cannot be used, or a transition cannot be written: the act that it announces must not begin."""


class State:
    """What the entries of a journal say.

    target: of the last run. runs: number of runs towards this target. complete: whether the last run left nothing to do.
    verdicts: key of a site -> its last verdict. open: key -> last entry of a site that was in the middle of an act.
    unsettled: key -> last verdict of a site that was handed over because the outcome of its update was unknown.
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
        """Sites that a run left in the middle of an act, and those that were handed over with an unknown outcome: key -> last entry."""
        return {**self.unsettled, **self.open}

    def add(self, entry: dict[str, Any]) -> None:
        """Take in one entry."""
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
        """Take in the beginning of a run, which goes on with what the runs before it left, or begins anew."""
        if not entry["resumes"]:
            self.verdicts, self.runs = {}, 0
        self.target, self.complete = entry["target"], False
        self.runs += 1


class Journal:
    """The open journal of a run; without a path it keeps nothing.

    Arguments:
        path: of the file, or None. server: address of the server, which a journal belongs to. write: whether this run
        changes anything; if not (check mode), the journal is only read, and another run may write it meanwhile.

    C(state) says what the runs before this one left. Use it as a context manager. Raises JournalError.
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
                raise JournalError("journal: %s cannot be used: %s" % (self._path, error.strerror or error), stage="input",
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
        """Note the beginning of a run; return warnings.

        Arguments:
            target: what the rollout is about, any table; with another one, the run begins anew. resume: whether verdicts
                of an earlier run towards this target stay.

        A site that was in the middle of an act is remembered in any case.
        """
        state, warnings = self.state, []
        if state.target is not None and state.target != target and not state.complete and resume:
            differ = ", ".join(sorted(name for name in target if state.target.get(name) != target[name]))
            warnings.append("journal: the rollout in it is about something else (%s) and is not complete; this one begins anew" % differ)
        resumes = resume and state.target == target and not state.complete
        if self._file is not None and not resumes and not state.interrupted:
            self._truncate(self._start)
        self.append("run", target=target, resumes=resumes)
        state.add({"event": "run", "target": target, "resumes": resumes})
        return warnings

    def append(self, event: str, **values: Any) -> None:
        """Write one entry to the disk. Raises JournalError if it cannot be written; nothing of it is left then."""
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
                raise JournalError("journal: %s cannot be written: %s" % (self._path, error.strerror or error), stage="write",
                                   hint="Nothing more is begun. Make room on the disk and run the play again.") from error
            self._end += len(line)

    def note(self, event: str, case: Case) -> None:
        """Write a transition of one site; see append()."""
        self.append(event, **case.entry())

    # --- opening ---

    def _open(self, path: str) -> None:
        """Open and read the file, and lock it as long as this process lives."""
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
                               hint="Nothing was sent. Wait until that run is over, or give this one a journal of its own.") from error
        self._end = self._read(self._file.read())
        # The last line of a killed run may be cut off; the act that it announces never began.
        self._truncate(self._end)
        if not self._end:
            self.append("journal", format=FORMAT, version=VERSION, server=self._server)
            self._start = self._end

    def _truncate(self, size: int) -> None:
        """Cut the file to a number of bytes."""
        os.ftruncate(self._file.fileno(), size)
        self._end = size

    def _read(self, data: bytes) -> int:
        """Take in the entries of a file; return the number of bytes up to the end of the last whole line."""
        end = data.rfind(b"\n") + 1
        lines = data[:end].splitlines()
        # A journal that was cut within its first line holds nothing; any other file is not ours to cut.
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
                raise JournalError("journal: line %d of %s is no entry" % (number, self._path), stage="input",
                                   hint="Nothing was sent. Correct the line, or name another file to begin anew.") from error
        return end

    def _check_head(self, head: dict[str, Any] | None, data: bytes) -> None:
        """Refuse a file that is no journal of this format and server."""
        if head is None or head.get("format") != FORMAT:
            if _entry(data) is not None:
                raise JournalError("journal: %s is a state file or report of an earlier version" % self._path, stage="input",
                                   hint="Nothing was sent. Finish that rollout with the earlier version, or name another file to begin anew.")
            raise JournalError("journal: %s is no journal of a rollout" % self._path, stage="input", hint="Nothing was sent. Name another file.")
        if head.get("version") != VERSION:
            raise JournalError("journal: %s has format %s, and this version of the collection reads format %d" % (
                self._path, head.get("version"), VERSION), stage="input", hint="Nothing was sent. Name another file to begin anew.")
        if head.get("server") != self._server:
            raise JournalError("journal: %s belongs to %s, not to %s" % (self._path, head.get("server"), self._server), stage="input",
                               hint="Nothing was sent. Correct api_url, or name another file.")


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return the table in a line, or None if it is none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
