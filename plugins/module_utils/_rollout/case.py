# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One site of a rollout: its state and its verdict. This is a private util of the collection."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

from .._base.errors import ItronError
from .._base.text import joined
from .._base.url import identity_of

# updated: has the new version and is not worse than before. unchanged: had nothing to update. planned: check mode.
# skipped: was not changed. failed: was not updated, and is as healthy as before. rolled_back: the backup of this run was
# restored, and the site is as healthy as before. attention: requires a manual check.
VERDICTS = ("updated", "unchanged", "planned", "skipped", "failed", "rolled_back", "attention")
# Verdicts of sites that are complete.
DONE = ("updated", "unchanged")
FAILURES = ("failed", "rolled_back", "attention")
# Reasons of skipped that count as failures.
ALARMING = ("no_backup", "update_refused")
# Reasons of attention that the next run checks again, because the server may have finished the update since.
UNSETTLED = ("interrupted", "still_running", "unknown", "stopped")
# Members of a brief verdict.
BRIEF = ("url", "id", "application", "verdict", "reason", "message", "version_before", "version_after", "backup", "wave", "started", "seconds")


class Options(NamedTuple):
    """The options of one site. header: user, reseller, and websites in the form of the options. health: options of the probe."""

    version: str | None
    plugins: list[str]
    themes: list[str]
    rollback: bool
    health: dict[str, Any]
    header: dict[str, Any]


@dataclasses.dataclass
class Case:
    """One site in a run. The stages continue as long as C(verdict) is None.

    started: Unix time at which the update began. seconds: duration of the update. before, after: health (see judge). begun: the
    last journal entry of an interrupted run on this site. error: the first error. changed: whether the server was changed.
    """

    url: str | None
    id: str | None
    options: Options
    application: str | None = None
    verdict: str | None = None
    reason: str | None = None
    message: str = ""
    version_before: str | None = None
    version_after: str | None = None
    backup: dict[str, Any] | None = None
    wave: str | None = None
    started: float | None = None
    seconds: float | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    begun: dict[str, Any] | None = None
    error: ItronError | None = None
    changed: bool = False

    @property
    def key(self) -> str:
        """The name of the site in all runs."""
        return key_of(self.url, self.id)

    @property
    def is_failure(self) -> bool:
        """Whether the verdict counts towards the limit of failures."""
        return self.verdict in FAILURES or self.reason in ALARMING

    def close(self, verdict: str, reason: str, *sentences: str) -> None:
        """Set the verdict. The sentences are joined to the message."""
        self.verdict, self.reason, self.message = verdict, reason, joined(sentences)

    def restore_instruction(self) -> str:
        """Return the instruction for restoring the backup of the run manually."""
        if self.backup is None:
            return ""
        return "To roll back: itron_backup with state: restored, id: %s (version %s)" % (self.backup["id"], self.backup["version"])

    def load_begun(self) -> None:
        """Copy the version, backup, and health before an interrupted update from C(begun)."""
        begun = self.begun or {}
        self.version_before, self.backup, self.before = begun.get("version_before"), begun.get("backup"), begun.get("before")

    def as_result(self, full: bool = False) -> dict[str, Any]:
        """Return the verdict for results and reports."""
        told = {name: getattr(self, name) for name in BRIEF}
        if full:
            told.update(health=self.options.health, before=self.before, after=self.after)
        return told

    def entry(self) -> dict[str, Any]:
        """Return the journal entry of the case. It contains all that another run needs to resume."""
        return dict(self.as_result(full=True), user=self.options.header.get("user"))


def key_of(url: str | None, id: str | None) -> str:
    """Return the name of a site in all runs: its URL without the scheme, or its id."""
    return identity_of(url) if url else str(id)


def is_unsettled(verdict: dict[str, Any]) -> bool:
    """Return whether a verdict was given without knowing the outcome of the update."""
    return verdict["verdict"] == "attention" and verdict["reason"] in UNSETTLED
