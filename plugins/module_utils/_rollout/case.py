# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One site of a rollout: what is known of it, and its verdict. This is a private util of the collection."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

from .._base.errors import ItronError
from .._base.text import joined
from .._base.url import identity_of

# updated: has the new version and is not worse than before. unchanged: had nothing to update. planned: check mode.
# skipped: was not touched. failed: was not updated, and is as healthy as before. rolled_back: the backup of this run is
# restored, and the site is as healthy as before. attention: somebody must look.
VERDICTS = ("updated", "unchanged", "planned", "skipped", "failed", "rolled_back", "attention")
# Verdicts that leave nothing to do in a rollout.
DONE = ("updated", "unchanged")
FAILURES = ("failed", "rolled_back", "attention")
# Reasons of skipped that are a reason to stop, too.
ALARMING = ("no_backup", "update_refused")
# Reasons of attention that the next run looks into: the server may have brought the site to a good end meanwhile.
UNSETTLED = ("interrupted", "still_running", "unknown", "stopped")
# What a brief verdict shows.
BRIEF = ("url", "id", "application", "verdict", "reason", "message", "version_before", "version_after", "backup", "wave", "started", "seconds")


class Options(NamedTuple):
    """What the user wants of one site. header: user, reseller and websites, as the options have them. health: what the probe takes."""

    version: str | None
    plugins: list[str]
    themes: list[str]
    rollback: bool
    health: dict[str, Any]
    header: dict[str, Any]


@dataclasses.dataclass
class Case:
    """One site in a run. The site goes on to its next stage as long as C(verdict) is None.

    started: Unix time at which the update began. seconds: that it took. before, after: health (see judge). begun: what an
    interrupted run did: the last entry of its journal on this site. error: the first thing that went wrong. changed: whether
    the server was changed.
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
        """The name of the site from run to run."""
        return key_of(self.url, self.id)

    @property
    def is_failure(self) -> bool:
        """Whether the verdict is a reason not to go on with other sites."""
        return self.verdict in FAILURES or self.reason in ALARMING

    def close(self, verdict: str, reason: str, *sentences: str) -> None:
        """Set the verdict; the sentences become the message."""
        self.verdict, self.reason, self.message = verdict, reason, joined(sentences)

    def way_back(self) -> str:
        """Return how a person restores the backup of the run."""
        if self.backup is None:
            return ""
        return "To go back: itron_backup with state: restored, id: %s (version %s)" % (self.backup["id"], self.backup["version"])

    def recall(self) -> None:
        """Take version, backup and health from before an interrupted update out of C(begun)."""
        begun = self.begun or {}
        self.version_before, self.backup, self.before = begun.get("version_before"), begun.get("backup"), begun.get("before")

    def told(self, full: bool = False) -> dict[str, Any]:
        """Return the verdict as results and reports show it."""
        told = {name: getattr(self, name) for name in BRIEF}
        if full:
            told.update(health=self.options.health, before=self.before, after=self.after)
        return told

    def entry(self) -> dict[str, Any]:
        """Return what the journal keeps of the case: enough for another run to go on."""
        return dict(self.told(full=True), user=self.options.header.get("user"))


def key_of(url: str | None, id: str | None) -> str:
    """Return the name of a site from run to run: its URL without the scheme, or its id."""
    return identity_of(url) if url else str(id)


def is_unsettled(verdict: dict[str, Any]) -> bool:
    """Say whether the outcome of an update was not known when its verdict was given."""
    return verdict["verdict"] == "attention" and verdict["reason"] in UNSETTLED
