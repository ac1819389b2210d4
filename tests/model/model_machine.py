# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state machine: sequences of tasks, external changes, and faults."""

import requests
from harness import KEY
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model_judge import FAULTS, FIGURES, Judge
from model_options import (
    OWNER,
    SITES,
    database,
    edits,
    extra_website,
    may_change,
    shortcomings,
    sites,
    spelled,
    upgrades,
    urls,
    users,
    website,
)
from model_state import Allowance, identity


class Machine(RuleBasedStateMachine):
    """Random sequences against one sandbox. A subclass sets C(sandbox)."""

    sandbox = None

    @initialize()
    def begin(self):
        """Create the users on an empty server."""
        self.sandbox.reset()
        self.judge = Judge(self.sandbox)
        FIGURES.sequences += 1
        for user in SITES:
            self.api("edituser", user, websites=[website(user)])

    def api(self, command, user, **arguments):
        """Send a command to the server directly, as an external change; return its reply."""
        reply = requests.post(self.sandbox.url, json=dict(arguments, cmd=command, key=KEY, user=user), timeout=30)
        self.sandbox.control("POST", "/idle", {"seconds": 10})
        self.sandbox.control("DELETE", "/requests")
        return reply.json()

    @invariant()
    def count(self):
        """Count the steps, and assert that no URL has two installs."""
        if hasattr(self, "judge"):
            FIGURES.steps += 1
            self.judge.assert_no_doubles(self.judge.look())

    # --- one site ---

    def install(self, options):
        """Run itron_install and check it; return the result."""
        place = identity(self.url_of(options))

        def allowed(before, after):
            existed = bool(before.at(self.url_of(options)))
            names = may_change(options, existed)
            free = upgrades(options) or "db_pass" in options or "bkloc" in options
            backups = [row["id"] for row in before.at(place) + after.at(place)]
            forgets = options.get("delete_backups") or upgrades(options)
            return Allowance({place: names}, {place} if free else (), backups if forgets else ())

        acts = options.get("update_password") == "always" and "passwd" in options
        result = self.judge.judge("install", options, allowed, acts)
        if not result.get("failed"):
            self.assert_there(options)
        return result

    def url_of(self, options):
        """Return the URL in the options."""
        return options["url"].lower().replace(":80", "")

    def assert_there(self, options):
        """Assert that the server has the desired state."""
        found = self.judge.look().at(self.url_of(options))
        if options.get("state", "present") != "present":
            assert not found, found
        else:
            assert len(found) == 1
            assert not shortcomings(options, found[0]["record"]), shortcomings(options, found[0]["record"])

    @rule(options=sites())
    def have_site(self, options):
        """Install, edit or upgrade."""
        self.install(options)

    @rule(url=urls, desired=edits())
    def have_new_site(self, url, desired):
        """Install with all required options."""
        self.install(dict(desired, url=url, application="wordpress", user=OWNER[url], version="6.4.3", **database(url)))

    @rule(url=urls, state=st.sampled_from(("absent", "absent", "detached")), forget=st.booleans(), data=st.data())
    def remove_site(self, url, state, forget, data):
        """Remove a site, or make the server forget it."""
        self.install({"url": data.draw(spelled(url)), "state": state, "user": OWNER[url], "delete_backups": forget})

    @rule(url=urls)
    def import_site(self, url):
        """Import a site that the server does not manage."""
        self.install({"url": url, "application": "wordpress", "user": OWNER[url], "import_existing": True})

    @rule(source=urls, number=st.integers(0, 2), desired=edits())
    def clone_site(self, source, number, desired):
        """Clone a site of the same user."""
        user = OWNER[source]
        target = SITES[user][number % len(SITES[user])]
        self.install(dict(desired, url=target, user=user, clone_from=source, **database(target)))

    @rule(url=urls)
    def have_site_from_backup(self, url):
        """Restore a removed site from its newest backup."""
        self.install({"url": url, "user": OWNER[url], "restore_from": "latest"})

    # --- backups ---

    def backup(self, options, allowed, acts=False):
        """Run itron_backup and check it; return the result."""
        return self.judge.judge("backup", options, allowed, acts)

    def installs_at(self, url):
        """Return a callable for an Allowance: the backups of the installs at a URL."""
        return lambda before, after: Allowance(backups=[row["id"] for row in before.at(url)])

    @rule(url=urls, age=st.sampled_from((None, "1h", "2d")), keep=st.sampled_from((None, 1, 2)), force=st.booleans(),
          expiry=st.booleans())
    def have_backup(self, url, age, keep, force, expiry):
        """Ensure a recent backup, and limit the number of backups."""
        options = {"install": url, "user": OWNER[url], "max_age": age, "keep": keep, "force": force,
                   "expiry": "+1 month" if expiry else None}
        before = self.judge.look()
        result = self.backup(options, self.installs_at(url), acts=force)
        if not result.get("failed"):
            after = self.judge.look()
            own = [row for row in after.backups.values() if row["install"] in {site["id"] for site in after.at(url)}]
            assert 1 <= len(own) <= (keep or len(own)), own
            assert len(set(after.backups) - set(before.backups)) <= (1 if force or age or not before.backups else 1)

    def one_of(self, rows, data):
        """Return a random row."""
        return rows[data.draw(st.integers(0, 9)) % len(rows)]

    @precondition(lambda self: self.judge.look().backups)
    @rule(data=st.data(), force=st.booleans())
    def remove_backup(self, data, force):
        """Remove a backup, but not the last one."""
        row = self.one_of(list(self.judge.look().backups.values()), data)
        self.backup({"state": "absent", "id": row["id"], "user": row["owner"], "force": force},
                    lambda before, after: Allowance(backups=[row["install"]]))
        left = [other for other in self.judge.look().backups.values() if other["install"] == row["install"]]
        assert left, "the last backup is gone"

    @precondition(lambda self: self.judge.look().backups)
    @rule(data=st.data(), elsewhere=st.booleans())
    def restore_backup(self, data, elsewhere):
        """Restore a backup, in place or to another URL of its user."""
        row = self.one_of(list(self.judge.look().backups.values()), data)
        user = row["owner"]
        options = {"state": "restored", "id": row["id"], "user": user}
        if elsewhere:
            options["url"] = self.one_of(SITES[user], data)
            options.update(database(options["url"]))

        def allowed(before, after):
            places = [options["url"]] if elsewhere else [
                state.installs[row["install"]]["url"] for state in (before, after) if row["install"] in state.installs]
            return Allowance({identity(place): None for place in places})

        self.backup(options, allowed, acts=True)

    # --- many sites, users ---

    @rule(user=users, data=st.data(), prune=st.sampled_from(("false", "false", "absent", "detached")),
          limit=st.sampled_from((0, 10)))
    def have_sites(self, user, data, prune, limit):
        """Ensure the desired state of several sites of a user, and prune the sites that are not listed."""
        chosen = data.draw(st.lists(st.sampled_from(SITES[user]), unique=True, max_size=3))
        items = [data.draw(sites(url=url)) for url in chosen]
        for item in items:
            item.pop("user")
            item.pop("passwd", None)
            item.pop("update_password", None)
            if data.draw(st.integers(0, 3)) == 0:
                keep = {"url": item["url"], "state": "absent"}
                item.clear()
                item.update(keep)

        def allowed(before, after):
            listed = {identity(self.url_of(item)): may_change(item, bool(before.at(self.url_of(item))))
                      for item in items}
            pruned = {identity(row["url"]): None for row in before.owned(user)} if prune != "false" else {}
            free = {identity(self.url_of(item)) for item in items if upgrades(item) or {"db_pass", "bkloc"} & set(item)}
            own = [row["id"] for item in items if upgrades(item) for state in (before, after)
                   for row in state.at(self.url_of(item))]
            return Allowance({**pruned, **listed}, free, own)

        result = self.judge.judge("installs", {"user": user, "installs": items, "prune": prune, "prune_limit": limit,
                                               "max_parallel": 2}, allowed)
        if result.get("failed"):
            return
        for item in items:
            self.assert_there(item)
        if prune != "false":
            held = {identity(row["url"]) for row in self.judge.look().owned(user)}
            assert held <= {identity(self.url_of(item)) for item in items}, held

    @rule(user=users, email=st.sampled_from((None, "new@mail.example", "other@mail.example")),
          language=st.sampled_from((None, "en", "de")), suspended=st.sampled_from((None, True, False)),
          webs=st.sampled_from((None, 1, 2)))
    def have_user(self, user, email, language, suspended, webs):
        """Change an account and its websites."""
        given = {"email": email, "language": language, "suspended": suspended}
        given = {name: value for name, value in given.items() if value is not None}
        if webs:
            given["websites"] = [website(user), extra_website(user)][:webs]
        result = self.judge.judge("user", dict(given, user=user), lambda before, after: Allowance(users=[user]))
        row = self.judge.look().users[user]
        assert not result.get("failed"), result["msg"]
        shown = dict(row, suspended=row["suspended"] == "yes")
        assert {name: shown[name] for name in given if name != "websites"} == {
            name: value for name, value in given.items() if name != "websites"}

    @rule(force=st.booleans())
    def remove_user(self, force):
        """Remove carol; this requires force while she has sites."""
        def allowed(before, after):
            rows = before.owned("carol")
            return Allowance({identity(row["url"]): None for row in rows}, backups=None, users=["carol"])

        before = self.judge.look()
        result = self.judge.judge("user", {"user": "carol", "state": "absent", "force": force}, allowed)
        assert bool(result.get("failed")) == bool(before.owned("carol") and not force)
        others = {id: row for id, row in before.backups.items() if row["owner"] != "carol"}
        assert {id: row for id, row in self.judge.look().backups.items() if row["owner"] != "carol"} == others
        if not result.get("failed"):
            self.api("edituser", "carol", websites=[website("carol")])

    # --- external changes ---

    @precondition(lambda self: self.judge.look().installs)
    @rule(data=st.data(), what=st.sampled_from(
        ("title", "autoup", "detach", "uninstall", "upgrade", "backup", "password")))
    def site_changes_externally(self, data, what):
        """Change a site without the collection."""
        row = self.one_of(list(self.judge.look().installs.values()), data)
        command, arguments = {
            "title": ("edit", {"sitetitle": "External"}), "autoup": ("edit", {"autoup": "2"}),
            "detach": ("edit", {"delete": "true"}), "uninstall": ("uninstall", {"force": "yes"}),
            "upgrade": ("upgrade", {"version": "6.4.4"}), "backup": ("backup", {}),
            "password": ("edit", {"passwd": "canary-password"})}[what]
        self.api(command, row["record"]["owner"], id=row["id"], **arguments)

    @precondition(lambda self: self.judge.look().installs)
    @rule(user=users, data=st.data())
    def apply_outdated_plan(self, user, data):
        """Plan, change some sites without the collection, and apply the plan: exactly the changed sites are refused."""
        before = self.judge.look()
        rows = before.owned(user)
        items = [{"url": row["url"], "autoup": data.draw(st.sampled_from(("all", "minor", "none")))} for row in rows]
        options = {"user": user, "installs": items}
        check = self.judge.checked("installs", dict(options, make_plan=True), before)
        assert not check.get("failed"), check["msg"]
        moved = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row["id"])) if rows else []
        for row in moved:
            self.api("edit", user, id=row["id"], sitetitle="Changed before run %d" % FIGURES.runs)
        result, _after = self.judge.real("installs", dict(options, approved_plan=check["plan"]), self.judge.look())
        planned = {identity(site["url"]) for site in check["plan"]["sites"]}
        refused = planned & {identity(row["url"]) for row in moved}
        assert {identity(entry["url"]) for entry in result["results"] if entry["outcome"] == "failed"} == refused, (check["plan"], result)
        assert {identity(entry["url"]) for entry in result["results"] if entry["changed"]} == planned - refused, (check["plan"], result)

    @precondition(lambda self: self.judge.look().installs)
    @rule(user=users)
    def adopt(self, user):
        """Adopt the sites of a user: applying the result changes nothing."""
        before = self.judge.look()
        adopted = self.judge.checked("adopt", {"user": user, "owned_accounts": False}, before)
        assert {site["id"] for site in adopted["sites"]} == {row["id"] for row in before.owned(user)}
        check = self.judge.checked("installs", {"user": user, "installs": [site["options"] for site in adopted["sites"]]}, before)
        assert not check.get("failed") and check["changed"] is False and check["diff"] == [], check

    @precondition(lambda self: self.judge.look().backups)
    @rule(data=st.data(), what=st.sampled_from(("old", "young", "forgotten")))
    def stale_or_lost_backups(self, data, what):
        """Make backups older, or remove their records."""
        row = self.one_of(list(self.judge.look().installs.values()) or [None], data)
        if row is not None:
            body = {"old": {"ages": [90000, 80000, 70000]}, "young": {"ages": [60] * 9},
                    "forgotten": {"forgotten": True}}
            self.sandbox.control("POST", "/backups", dict(body[what], url=row["url"]))

    @rule(url=urls, desired=edits())
    def site_installed_externally(self, url, desired):
        """Install a site without the collection."""
        self.api("install", OWNER[url], application="wordpress", version="6.3.5", url=url,
                 **database(url, "canary-other-database"))

    # --- faults ---

    @rule(url=urls, what=st.sampled_from(("install", "installs", "backup", "absent")),
          fault=st.sampled_from(sorted(FAULTS)), nth=st.integers(1, 3),
          title=st.sampled_from(("Trouble", "More trouble")))
    def trigger_fault(self, url, what, fault, nth, title):
        """Run with one fault; a run without it then reaches the desired state."""
        user, place = OWNER[url], identity(url)
        site = dict({"url": url, "application": "wordpress", "sitetitle": title}, **database(url))
        kind, options = {
            "install": ("install", dict(site, user=user)),
            "absent": ("install", {"url": url, "user": user, "state": "absent"}),
            "installs": ("installs", {"user": user, "installs": [site]}),
            "backup": ("backup", {"install": url, "user": user, "max_age": "1h"})}[what]
        self.judge.run_with_fault(kind, options, fault, nth)
        self.judge.judge(kind, options, lambda before, after: Allowance(
            {place: None}, backups=[row["id"] for row in before.at(place)]))
