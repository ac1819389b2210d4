# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preparations and expected results of each documented example; test_examples.py runs them."""

import shutil
from collections import namedtuple
from pathlib import Path

from harness import KEY

Example = namedtuple("Example", "before verify changed again files sends", defaults=((), None, 1, 0, (), True))
Example.__doc__ = """One example.

before: bodies of API requests, sent sequentially. An id C(@N) stands for the id in the answer to the Nth of them.
A callable(sandbox) at the end runs other preparations.
verify: callable(read) that asserts the state of the server. read(cmd, **arguments) returns the data of a reading command.
changed, again: number of tasks that report a change in the first and in the second run. files: (path, text) next to the playbook.
sends: whether a run sends requests.
"""

# Values of the variables in the examples.
VARIABLES = {
    "vault_itron_api_key": KEY,
    "vault_alice_passwd": "passwd-of-alice",
    "vault_alice_db_pass": "db-pass-of-alice",
    "vault_alice_ftp_password": "ftp-password-of-alice",
}
WEBSITES = [{"id": "alice1", "path": "/home/alice", "vhosts": {"https://www.example.com": "public_html"}}]


def body(cmd, **arguments):
    """Return an API request for alice."""
    return dict({"key": KEY, "cmd": cmd, "user": "alice", "websites": WEBSITES}, **arguments)


def blog(version="6.3.5", **arguments):
    """Return the request that installs the blog."""
    return body("install", **dict({"application": "wordpress", "url": "https://www.example.com/blog", "version": version}, **arguments))


def holds(*rows):
    """Return a check that alice has exactly these installs, each given by some columns of its row."""
    def check(read):
        installs = sorted(read("installs"), key=lambda row: row["url"])
        assert [{key: row[key] for key in wanted} for row, wanted in zip(installs, rows)] == list(rows)
        assert len(installs) == len(rows)
    return check


OLD = [{"id": "old", "path": "ftp://alice:ftp-password-of-alice@old.example.net", "vhosts": {"http://old.example.net": "public_html"}}]
COPY = "https://www.example.com/copy"
BLOG = "https://www.example.com/blog"

EXPECTED = {"itron_install": {
    "Manage the sites of Alice": Example((), holds({"cf-sitetitle": "Alice's blog"})),
    "Install WordPress with passwords from Ansible Vault": Example((), holds({"db-name": "alice_blog", "cf-login": "alice"})),
    "Upgrade WordPress to an exact version, and revert the upgrade if it fails":
        Example([blog()], holds({"version": "6.4.3"})),
    "Upgrade WordPress to the newest version of its minor series": Example([blog("6.4.3")], holds({"version": "6.4.4"})),
    "Configure automatic updates, automatic backups, and settings":
        Example([blog()], holds({"autoup": "1", "autobk": "custom"})),
    "Update all plugins and themes": Example([blog()], holds({"version": "6.3.5"})),
    "Set the administrator's password on every run": Example([blog()], holds({"version": "6.3.5"}), 1, 1),
    "Start an upgrade without waiting for it": Example([blog()], holds({"version": "6.5.5"})),
    "Import an existing application":
        Example([blog(), body("edit", id="@0", delete="true")], holds({"url": BLOG, "version": "6.3.5"})),
    "Migrate the blog from another server, and enable automatic updates":
        Example([dict(blog("6.4.3", url="http://old.example.net/blog"), user="bob", websites=OLD)],
                holds({"url": BLOG, "version": "6.4.3", "autoup": "1"})),
    "Create a copy of the blog for tests":
        Example([blog("6.4.3")], holds({"url": BLOG}, {"url": COPY, "version": "6.4.3", "db-name": "alice_copy"})),
    "Restore a lost blog from its newest backup":
        Example([blog("6.4.3"), body("backup", id="@0"), body("uninstall", id="@0")], holds({"url": BLOG, "version": "6.4.3"})),
    "Detach the application from the server, and keep its files and tables": Example([blog()], holds()),
    "Remove the application with its files and tables": Example([blog()], holds()),
}}

TWO = [blog("6.4.3"), blog("6.4.3", url="https://www.example.com/news")]
RESELLER = {"key": KEY, "cmd": "edituser", "user": "reseller1", "type": "reseller"}


def reads(*before):
    """Return the Example of a task that only reads. It runs once."""
    return Example(before, None, 0)


EXPECTED["itron_install_info"] = {
    "List all applications of Alice": reads(*TWO),
    "List the plugins and themes of one site": reads(blog()),
    "List the outdated applications of a reseller and all its accounts": reads(RESELLER, dict(blog(), reseller="reseller1")),
    "List the WordPress sites of the server's administrator": reads(),
}
EXPECTED["itron_backup_info"] = {
    "List the backups of one site": reads(blog(), body("backup", id="@0")),
    "List the backups of a reseller and all its accounts": reads(RESELLER, dict(blog(), reseller="reseller1"), body("backup", id="@1")),
}
EXPECTED["itron_task_info"] = {
    "List the tasks of Alice": reads(blog()),
    "Run two upgrades at the same time": Example(TWO, holds({"version": "6.5.5"}, {"version": "6.5.5"})),
    "Wait until all tasks of one site finish, and ignore failures": reads(blog()),
}
EXPECTED["itron_app_facts"] = {
    "Read the application catalog": reads(),
    "Read the newest releases of one category": reads(),
    "Read the fields of a WordPress release, in German": reads(),
    "Read all security releases since a version": reads(),
    "Read the available upgrades of a version": reads(),
}


def backed_up(count, **arguments):
    """Return the requests that install the blog and back it up."""
    return [blog("6.4.3", **arguments)] + [body("backup", id="@0")] * count


def holds_backups(count, *rows):
    """Return a check that alice has this many backups and these installs."""
    def check(read):
        assert len(read("backups")) == count
        holds(*rows)(read)
    return check


def upload(sandbox):
    """Copy the archive of the only backup into a folder of alice."""
    archive = Path(sandbox.control("GET", "/state")["backups"][0]["archive"])
    folder = archive.parents[1] / "uploads"
    folder.mkdir()
    shutil.copyfile(archive, folder / "blog.tar.gz")


EXPECTED["itron_backup"] = {
    "Ensure a backup from the last 24 hours, and keep the three newest":
        Example(backed_up(5), holds_backups(3, {"url": BLOG})),
    "Create a backup before maintenance work": Example(backed_up(1), holds_backups(2, {"url": BLOG}), 1, 1),
    "Restore the newest backup of the blog, even if the blog was removed":
        Example(backed_up(1) + [body("uninstall", id="@0")], holds_backups(1, {"url": BLOG, "version": "6.4.3"}), 1, 1),
    "Inspect the newest backup at another URL":
        Example(backed_up(1), holds_backups(1, {"url": BLOG}, {"url": COPY, "db-name": "alice_copy"}), 1, 2),
    "Remove the oldest backup of the blog": Example(backed_up(3), holds_backups(2, {"url": BLOG}), 1, 1),
    "Import an archive that Alice uploaded": Example(backed_up(1) + [upload], holds_backups(2, {"url": BLOG})),
}


def account(name, **values):
    """Return a check that an account has these values, or, without values, that it does not exist."""
    def check(read):
        found = read("GET /users/%s" % name)
        assert (found and {key: found[key] for key in values}) == (values or None)
    return check


def websites_of_alice(read):
    """Assert that alice has the two websites, with the address that depends on the password."""
    paths = {site["id"]: site["path"] for site in read("GET /users/alice")["websites"]}
    assert paths == {"alice1": "/home/alice", "alice2": "sftp://alice:ftp-password-of-alice@web2.example.com/home/alice"}


ALICE = {"key": KEY, "cmd": "edituser", "user": "alice"}
EXPECTED["itron_user"] = {
    "Ensure that Alice has two websites":
        Example((), websites_of_alice),
    "Create a reseller": Example((), account("reseller1", type="reseller", email="reseller@example.com")),
    "Create a sub-reseller that a reseller owns": Example([RESELLER], account("reseller2", type="reseller", parent="reseller1")),
    "Suspend Alice":
        Example([dict(ALICE, email="alice@example.com")], account("alice", suspended=True, email="alice@example.com")),
    "Allow Alice to install only WordPress, and send the package on every run":
        Example([ALICE], account("alice", type="user"), 1, 1),
    "Set the language, and fail if the server cannot return the account": Example([ALICE], account("alice", locale="nl")),
    "Remove the account of Alice, unless it still has installed applications": Example([ALICE], account("alice")),
}
EXPECTED["itron_user_info"] = {
    "List one user": reads(ALICE),
    "List a reseller and all its accounts": reads(RESELLER, dict(ALICE, reseller="reseller1")),
    "List all users and resellers": reads(RESELLER, ALICE),
}
EXPECTED["itron_gui_session"] = {
    "Open a session for Alice, with an existing database": Example((), account("alice", locale="en", type="user"), 1, 1),
    "Open a session for a reseller": Example((), account("reseller1", type="reseller"), 1, 1),
    "Open a session for the main administrator, with a separate GUI URL": Example((), None, 1, 1),
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
# The sites of the examples cannot be reached from here, so each of them is down beforehand and is skipped.
EXPECTED["itron_rollout"] = {
    "Update all WordPress sites of Alice to the newest version, starting with a canary": Example([blog()], holds({"version": "6.3.5"}), 0),
    "Update a vulnerable plugin on two sites": Example([blog(url="https://www.example.com")], holds({"version": "6.3.5"}), 0),
}
EXPECTED["itron_backups"] = {
    "Ensure daily backups of all sites of Alice, and keep the two newest": Example(backed_up(3), holds_backups(2, {"url": BLOG})),
    "Keep seven backups of Alice's blog on another server":
        Example(backed_up(1), holds_backups(2, {"url": BLOG, "bkloc": "ftp://alice:ftp-password-of-alice@backup.example.com/alice"})),
    "Report sites without a backup from the last two days": Example([blog()], holds_backups(0, {"url": BLOG}), 0),
}
EXPECTED["itron_restore_drill"] = {
    # The drill URL of the example does not respond.
    "Test the newest backup of Alice's blog at another URL, and report the result":
        Example(backed_up(1), holds({"url": BLOG}), 1, 1),
}
EXPECTED["itron_installs"] = {
    "Manage two sites of Alice":
        Example([blog()], holds({"url": BLOG, "autoup": "1", "cf-sitetitle": "Alice's blog"}, {"url": SHOP, "autoup": "1"})),
    "Manage all sites in a directory, ten at a time": Example((), holds({"url": BLOG}), files=(("sites/alice/blog.yml", SITE_FILE),)),
    "Remove unlisted sites of Alice, but not more than one":
        Example([blog(), blog(url=SHOP)], holds({"url": BLOG})),
    "Create a plan for approval": Example((), holds(), again=1, files=(("sites/alice/blog.yml", SITE_FILE),)),
}
# Each run uses a separate folder.
EXPECTED["itron_adopt"] = {
    "Export all sites to one file for each owner": Example(TWO, None, 1, 1),
    "Export the account and sites of Alice, without values that are defaults": Example([ALICE, *TWO], None, 1, 1),
    "Show changes that were made without the files": Example(TWO, None, 1, 1),
    "Return the descriptions without writing files": reads(*TWO),
}
EXPECTED["itron_validate"] = {
    "Validate all files of the estate": Example((), None, 0, 0, [(Path("sites") / "alice.yml", "- url: https://www.example.com/blog\n")], False),
}
