# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved plans: plans that are refused, sites that have changed since the plan, and the Markdown of a plan."""

import json

import pytest

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, ItronError
from ansible_collections.hostops.installatron.plugins.module_utils._core.approval import Approved, Seal, saved_plan
from ansible_collections.hostops.installatron.plugins.plugin_utils._saved_plan import plan_markdown

SERVER, SEAL = "https://h.example/server/v1", Seal("k" * 32)
DESIRED = ({"url": "http://a.example", "db_pass": "one"}, {"url": "http://b.example"})


def site(url="http://a.example", command="edit", **more):
    """Return the entry of a site in a plan."""
    step = {"command": command, "arguments": {"id": "1", "autoup": "1"}, "secrets": {}}
    return dict({"url": url, "id": "1", "action": "%s autoup" % command, "pruned": False, "header": "h", "found": {"autoup": "x", "version": "y"},
                 "steps": [step], "before": {"autoup": "none"}, "after": {"autoup": "all"}}, **more)


def plan(*sites, desired=DESIRED, seal=SEAL, server=SERVER):
    """Return a saved plan."""
    return saved_plan(server, desired, list(sites or [site()]), 2, seal)


def approved(document, digest=None):
    """Return an approved plan, read from JSON."""
    return Approved(json.loads(json.dumps(document)), digest, SERVER, SEAL)


def test_plan_independent_of_order():
    sites = [site(), site("http://b.example", id=None)]
    assert plan(*sites) == plan(*sites[::-1], desired=DESIRED[::-1])


@pytest.mark.parametrize(("document", "digest", "message"), [
    ([], None, "not a saved plan"),
    ({"format": 1}, None, "not a saved plan"),
    (dict(plan(), format=2), None, "the plan has format 2"),
    (plan(server="https://other.example"), None, "created for https://other.example"),
    (plan(seal=Seal("other")), None, "edited, or created with another API key"),
    (dict(plan(), total=3), None, "edited, or created with another API key"),
    (dict(plan(), sites=[site(action="install")]), None, "edited, or created with another API key"),
    (dict(plan(), digest=None), None, "edited, or created with another API key"),
    (plan(), "other", "approved_digest: other was approved, but the digest of this plan is"),
])
def test_plan_refused(document, digest, message):
    with pytest.raises(InputError, match=message):
        approved(document, digest)


@pytest.mark.parametrize("desired", [DESIRED[:1], [dict(DESIRED[0], db_pass="two"), DESIRED[1]], []])
def test_plan_refused_desired_state_changed(desired):
    found = approved(plan(), plan()["digest"])
    found.check_desired(DESIRED[::-1])
    with pytest.raises(InputError, match="a file, an option or a secret has changed"):
        found.check_desired(desired)


@pytest.mark.parametrize(("now", "message"), [
    ({"found": {"autoup": "x", "version": "z", "title": "t"}}, "on the server: title, version)"),
    ({"found": {}}, "on the server: autoup, version)"),
    ({"steps": [{"command": "upgrade", "arguments": {"id": "1"}, "secrets": {}}], "action": "upgrade"}, "approved: edit autoup; now: upgrade"),
    ({"steps": [{"command": "edit", "arguments": {"id": "1", "autoup": "1"}, "secrets": {"passwd": "p"}}]}, "approved: edit autoup"),
    ({"header": "other"}, "its user or websites"),
    ({"pruned": True}, "its user or websites"),
])
def test_site_changed_since_plan(now, message):
    found = approved(plan())
    assert found.find(site("https://A.example/", id=None)) == found.find(site("http://moved.example")) == site()
    assert found.find(site("http://b.example", id="2")) is None
    found.check(site())
    with pytest.raises(ItronError) as caught:
        found.check(site(**now))
    assert message in str(caught.value)


def test_site_already_applied():
    approved(plan()).check(site(found={}, steps=[]))


def test_fingerprints_keyed():
    assert SEAL.of("secret") != SEAL.of("secreT") and SEAL.of("secret") != Seal("other").of("secret")
    assert SEAL.of({"a": 1, "b": [2]}) == SEAL.of({"b": [2], "a": 1})


def test_markdown_order():
    gone = site("http://z.example", "uninstall", pruned=True, after={})
    detached = site("http://y.example", steps=[{"command": "edit", "arguments": {"delete": "yes"}, "secrets": {}}], action="detach")
    text = plan_markdown(plan(site("http://a|x.example", after={"autoup": "all", "version": "`x`"}), gone, detached))
    assert text.startswith("# Plan\n\n3 of 3 sites would change: 2 removed, 1 changed or installed. Digest: `")
    assert text.index("## :warning: Removed") < text.index("| http://y.example | 1 | detach | requested by a file |")
    assert "| http://z.example | 1 | uninstall autoup | not in a file |" in text
    assert "| http://a\\|x.example | edit autoup | autoup | none | all |\n| http://a\\|x.example | edit autoup | version | - | \\`x\\` |" in text
