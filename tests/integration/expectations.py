# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each documented example meets, and what the server holds after it; test_examples.py carries them out."""

import shutil
from collections import namedtuple
from pathlib import Path

from harness import KEY

Example = namedtuple("Example", "before held changed again files sends", defaults=((), None, 1, 0, (), True))
Example.__doc__ = """One example.

before: bodies of API requests, sent one after the other; an id C(@N) stands for the id in the answer to the Nth of them.
A callable(sandbox) at the end does something else.
held: callable(read) that asserts; read(cmd, **arguments) returns the data of a reading command.
changed, again: how many tasks report a change in the first and in the second run. files: (path, text) beside the playbook.
sends: whether a run sends any request.
"""

# Values of the variables that examples use.
VARIABLES = {
    "vault_itron_api_key": KEY,
    "vault_alice_passwd": "passwd-of-alice",
    "vault_alice_db_pass": "db-pass-of-alice",
    "vault_alice_ftp_password": "ftp-password-of-alice",
}
WEBSITES = [{"id": "alice1", "path": "/home/alice", "vhosts": {"https://www.example.com": "public_html"}}]


def body(cmd, **arguments):
    """Return an API request of alice."""
    return dict({"key": KEY, "cmd": cmd, "user": "alice", "websites": WEBSITES}, **arguments)


def blog(version="6.3.5", **arguments):
    """Return the request that installs the blog."""
    return body("install", **dict({"application": "wordpress", "url": "https://www.example.com/blog", "version": version}, **arguments))


def holds(*rows):
    """Return a check that alice has exactly these installs, each given by some keys and values of its row."""
    def check(read):
        installs = sorted(read("installs"), key=lambda row: row["url"])
        assert [{key: row[key] for key in wanted} for row, wanted in zip(installs, rows)] == list(rows)
        assert len(installs) == len(rows)
    return check


OLD = [{"id": "old", "path": "ftp://alice:ftp-password-of-alice@old.example.net", "vhosts": {"http://old.example.net": "public_html"}}]
COPY = "https://www.example.com/copy"
BLOG = "https://www.example.com/blog"

EXPECTED = {"itron_install": {
    "Sites of Alice": Example((), holds({"cf-sitetitle": "Alice's blog"})),
    "WordPress is installed, with passwords from Ansible Vault": Example((), holds({"db-name": "alice_blog", "cf-login": "alice"})),
    "WordPress has exactly this version; if the upgrade fails, the backup made before it is restored":
        Example([blog()], holds({"version": "6.4.3"})),
    "WordPress has the newest version of its minor series": Example([blog("6.4.3")], holds({"version": "6.4.4"})),
    "Updates, backups, and settings of the application are as we want them":
        Example([blog()], holds({"autoup": "1", "autobk": "custom"})),
    "All plugins and themes are up to date": Example([blog()], holds({"version": "6.3.5"})),
    "The administrator's password is set again, which is a change every time": Example([blog()], holds({"version": "6.3.5"}), 1, 1),
    "Start an upgrade, and do not wait for its end": Example([blog()], holds({"version": "6.5.5"})),
    "An application that is there already is taken over":
        Example([blog(), body("edit", id="@0", delete="true")], holds({"url": BLOG, "version": "6.3.5"})),
    "The blog moves in from another server, and stays up to date here":
        Example([dict(blog("6.4.3", url="http://old.example.net/blog"), user="bob", websites=OLD)],
                holds({"url": BLOG, "version": "6.4.3", "autoup": "1"})),
    "The blog has a copy to try things out":
        Example([blog("6.4.3")], holds({"url": BLOG}, {"url": COPY, "version": "6.4.3", "db-name": "alice_copy"})),
    "A blog that got lost comes back from its youngest backup":
        Example([blog("6.4.3"), body("backup", id="@0"), body("uninstall", id="@0")], holds({"url": BLOG, "version": "6.4.3"})),
    "The server forgets the application, its files and tables stay": Example([blog()], holds()),
    "The application is removed with its files and tables": Example([blog()], holds()),
}}

TWO = [blog("6.4.3"), blog("6.4.3", url="https://www.example.com/news")]
RESELLER = {"key": KEY, "cmd": "edituser", "user": "reseller1", "type": "reseller"}


def reads(*before):
    """Return the Example of a task that only reads; it is carried out once."""
    return Example(before, None, 0)


EXPECTED["itron_install_info"] = {
    "List everything that belongs to Alice": reads(*TWO),
    "Look at one site, with its plugins and themes": reads(blog()),
    "List what has a newer version, for a reseller and everybody below it": reads(RESELLER, dict(blog(), reseller="reseller1")),
    "List the WordPress sites of the server's administrator": reads(),
}
EXPECTED["itron_backup_info"] = {
    "List the backups of one site": reads(blog(), body("backup", id="@0")),
    "List all backups of a reseller and everybody below it": reads(RESELLER, dict(blog(), reseller="reseller1"), body("backup", id="@1")),
}
EXPECTED["itron_task_info"] = {
    "List what the server is doing for Alice": reads(blog()),
    "Two upgrades at the same time": Example(TWO, holds({"version": "6.5.5"}, {"version": "6.5.5"})),
    "Wait until nothing is going on with one site, whatever comes of it": reads(blog()),
}
EXPECTED["itron_app_facts"] = {
    "Read which applications there are": reads(),
    "Read the newest releases of one category": reads(),
    "Read what WordPress asks for in this version, in German": reads(),
    "Read the security releases since a version": reads(),
    "Read which versions one can upgrade to": reads(),
}


def backed_up(count, **arguments):
    """Return the requests that install the blog and back it up."""
    return [blog("6.4.3", **arguments)] + [body("backup", id="@0")] * count


def holds_backups(count, *rows):
    """Return a check that alice has so many backups, and these installs."""
    def check(read):
        assert len(read("backups")) == count
        holds(*rows)(read)
    return check


def upload(sandbox):
    """Put a copy of the archive of the only backup into a folder of alice's."""
    archive = Path(sandbox.control("GET", "/state")["backups"][0]["archive"])
    folder = archive.parents[1] / "uploads"
    folder.mkdir()
    shutil.copyfile(archive, folder / "blog.tar.gz")


EXPECTED["itron_backup"] = {
    "The blog has a backup that is not older than a day, and keeps its three youngest ones":
        Example(backed_up(5), holds_backups(3, {"url": BLOG})),
    "Before work on the blog, make a backup in any case": Example(backed_up(1), holds_backups(2, {"url": BLOG}), 1, 1),
    "The blog goes back to its youngest backup, also when it was removed":
        Example(backed_up(1) + [body("uninstall", id="@0")], holds_backups(1, {"url": BLOG, "version": "6.4.3"}), 1, 1),
    "See what is in the youngest backup, at another URL":
        Example(backed_up(1), holds_backups(1, {"url": BLOG}, {"url": COPY, "db-name": "alice_copy"}), 1, 2),
    "Remove the oldest backup of the blog": Example(backed_up(3), holds_backups(2, {"url": BLOG}), 1, 1),
    "An archive that Alice uploaded is among her backups": Example(backed_up(1) + [upload], holds_backups(2, {"url": BLOG})),
}


def account(name, **values):
    """Return a check that an account has these values, or with no values that there is none."""
    def check(read):
        found = read("GET /users/%s" % name)
        assert (found and {key: found[key] for key in values}) == (values or None)
    return check


def websites_of_alice(read):
    """Assert that alice has the two websites, with the address that the password makes."""
    paths = {site["id"]: site["path"] for site in read("GET /users/alice")["websites"]}
    assert paths == {"alice1": "/home/alice", "alice2": "sftp://alice:ftp-password-of-alice@web2.example.com/home/alice"}


ALICE = {"key": KEY, "cmd": "edituser", "user": "alice"}
EXPECTED["itron_user"] = {
    "Alice has two websites; a reordered list is no change, for the whole list is compared":
        Example((), websites_of_alice),
    "A reseller": Example((), account("reseller1", type="reseller", email="reseller@example.com")),
    "A sub-reseller, owned by a reseller": Example([RESELLER], account("reseller2", type="reseller", parent="reseller1")),
    "Alice is suspended, everything else stays as it is":
        Example([dict(ALICE, email="alice@example.com")], account("alice", suspended=True, email="alice@example.com")),
    "Alice may install WordPress only, which the server does not show, so it is sent every time":
        Example([ALICE], account("alice", type="user"), 1, 1),
    "It is an error if the server cannot say what it has": Example([ALICE], account("alice", locale="nl")),
    "The server forgets Alice; it is an error if she still has installed applications": Example([ALICE], account("alice")),
}
EXPECTED["itron_user_info"] = {
    "Read one user": reads(ALICE),
    "Read a reseller and everybody below it": reads(RESELLER, dict(ALICE, reseller="reseller1")),
    "Read all users and resellers": reads(RESELLER, ALICE),
}
EXPECTED["itron_gui_session"] = {
    "A session for Alice, with databases that she may use": Example((), account("alice", locale="en", type="user"), 1, 1),
    "A session for a reseller": Example((), account("reseller1", type="reseller"), 1, 1),
    "A session for the main administrator, at an address of its own": Example((), None, 1, 1),
}
SHOP = "https://www.example.com/shop"
SITE_FILE = """---
installs:
  - url: https://www.example.com/blog
    user: alice
    application: wordpress
    websites:
      - {id: alice1, path: /home/alice, vhosts: {"https://www.example.com": public_html}}
"""
# No site of an example can be reached from here, so each of them is down before, and left alone.
EXPECTED["itron_rollout"] = {
    "All WordPress sites of Alice get the newest version, a canary first": Example([blog()], holds({"version": "6.3.5"}), 0),
    "Two sites get a plugin that has no security hole": Example([blog(url="https://www.example.com")], holds({"version": "6.3.5"}), 0),
}
EXPECTED["itron_backups"] = {
    "Every site of Alice has a backup of the last day, and keeps its two youngest ones": Example(backed_up(3), holds_backups(2, {"url": BLOG})),
    "Alice's blog keeps seven backups, on another server, and no other site is touched":
        Example(backed_up(1), holds_backups(2, {"url": BLOG, "bkloc": "ftp://alice:ftp-password-of-alice@backup.example.com/alice"})),
    "Report the sites without a backup of the last two days": Example([blog()], holds_backups(0, {"url": BLOG}), 0),
}
EXPECTED["itron_restore_drill"] = {
    # Nothing answers at the drill URL of the example.
    "Try the newest backup of Alice's blog at another URL, and report without failing":
        Example(backed_up(1), holds({"url": BLOG}), 1, 1),
}
EXPECTED["itron_installs"] = {
    "Two sites of Alice are as the list says":
        Example([blog()], holds({"url": BLOG, "autoup": "1", "cf-sitetitle": "Alice's blog"}, {"url": SHOP, "autoup": "1"})),
    "All sites in a folder of files, ten at a time": Example((), holds({"url": BLOG}), files=(("sites/alice/blog.yml", SITE_FILE),)),
    "What Alice has and the list does not name is removed, if it is no more than one site":
        Example([blog(), blog(url=SHOP)], holds({"url": BLOG})),
    "Plan, for a person to approve": Example((), holds(), again=1, files=(("sites/alice/blog.yml", SITE_FILE),)),
}
# Each run has a folder of its own.
EXPECTED["itron_adopt"] = {
    "Write down all sites, a file for each owner": Example(TWO, None, 1, 1),
    "Write down the sites of Alice with her account and what differs from the defaults of the company": Example([ALICE, *TWO], None, 1, 1),
    "Show what somebody changed beside the files": Example(TWO, None, 1, 1),
    "Take the descriptions as data": reads(*TWO),
}
EXPECTED["itron_validate"] = {
    "Check all files of the estate": Example((), None, 0, 0, [(Path("sites") / "alice.yml", "- url: https://www.example.com/blog\n")], False),
}
