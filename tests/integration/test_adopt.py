# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_adopt by action and by module: the files it writes are idempotent when applied, and contain no secret."""

import pytest
import yaml
from bulk_tasks import INSTALLS, bulk, hosts, present
from harness import KEY, MODULE, PLACES, api, play, site, task, websites
from scenarios import assert_no_warnings

NAMES = BLOG, SHOP, CLUB, NEW = hosts(4)
ADOPT = "hostops.installatron.itron_adopt"
SECRETS = {name: "canary-of-the-%s" % name for name in ("db_pass", "passwd", "bkloc", "path")}


def adopt(name, options, **keywords):
    """Return one task of itron_adopt."""
    made = task(name, options, **keywords)
    made[ADOPT] = made.pop(MODULE)
    return made


def prepare(sandbox):
    """Return preparations: three sites with secrets, and Bob, whose website has credentials."""
    home = websites(CLUB, path="ftp://bob:%s@files.example/home" % SECRETS["path"])
    bob = {"key": KEY, "cmd": "edituser", "user": "bob", "email": "bob@b.example", "websites": home}
    secrets = {"db_pass": SECRETS["db_pass"], "passwd": SECRETS["passwd"], "bkloc": "ftp://keeper:%s@far.example/x" % SECRETS["bkloc"]}
    return [*present(sandbox, (BLOG, SHOP), autoup="1", sitetitle="It's {{ mine }}", language="en", **secrets), ["POST", sandbox.url, bob],
            ["POST", sandbox.url, dict(api(sandbox, [CLUB], "install", **site(CLUB, version="6.4.3"))[2], user="bob", websites=home)]]


def edit(path, old, new):
    """Return the task that edits a file as a person does."""
    return {"name": "edit %s" % old, "ansible.builtin.replace": {"path": path, "regexp": old, "replace": new}, "vars": {"sandbox_before": []}}


@pytest.fixture(scope="module", params=PLACES)
def story(request, sandbox, tmp_path_factory):
    """Adopt, check, add a comment, change the server, adopt again, and check again."""
    folder = tmp_path_factory.mktemp(request.param)
    sandbox.reset()
    options = {"dest": "sites", "accounts": True, "user": None}
    apply = {"installs_from": ["sites"], "user": None}
    behind = [api(sandbox, NAMES, "edit", id="@" + BLOG, sitetitle="Another title"), *present(sandbox, [NEW])]
    tasks = [
        adopt("look", options, check=True, before=prepare(sandbox)),
        adopt("adopt", options),
        bulk("apply", apply, check=True),
        adopt("adopt again", options),
        edit("sites/alice.yml", "- url: http://%s" % SHOP, "# The shop\\n- url: http://%s" % SHOP),
        adopt("adopt a change", options, before=behind, host=BLOG),
        bulk("apply a change", apply, check=True),
        adopt("data", {"user": None, "fields": ["autoup", "version"]}),
    ]
    run = play(sandbox, folder, tasks, request.param, ["-vvvv"], defaults={"websites": None, "poll_interval": None})
    run.files = {path.name: path.read_text(encoding="utf-8") for path in (folder / "sites").iterdir()}
    return run


def test_idempotency_adopted_files(story):
    for name in ("apply", "apply a change"):
        assert not story[name].failed, story[name].result["msg"]
        assert story[name].changed is False and story[name].result["summary"]["ok"] in (3, 4)
    assert story["look"].changed and story["look"].result["summary"] == {"added": 3, "updated": 0, "removed": 0}
    assert story["look"].result["files"] == story["adopt"].result["files"] and story["adopt again"].changed is False
    assert not any(record.writes for record in story.records.values())


def test_files_content(story):
    assert sorted(story.files) == ["alice.yml", "bob.yml"]
    first = yaml.safe_load(story.files["bob.yml"])[0]
    assert first["url"] == "http://%s" % CLUB and first["account"]["email"] == "bob@b.example" and "websites" not in first
    assert "# Account: Omitted (a secret: path of ws1): websites" in story.files["bob.yml"]
    assert "  #     path: ftp://files.example/home\n" in story.files["bob.yml"]
    assert "# Omitted (a secret): bkloc, db_pass\n" in story.files["alice.yml"]
    assert 'sitetitle: !unsafe "It\'s {{ mine }}"' in story.files["alice.yml"]


def test_files_keep_manual_edits(story):
    change = story["adopt a change"].result
    assert change["summary"] == {"added": 1, "updated": 1, "removed": 0}
    assert "# The shop\n- url: http://%s\n" % SHOP in story.files["alice.yml"] and "sitetitle: Another title\n" in story.files["alice.yml"]
    assert "+  sitetitle: Another title" in story.output


def test_secrets_not_shown(story):
    for secret in SECRETS.values():
        assert secret not in story.output + story.log + "".join(story.files.values()), secret
    assert_no_warnings(story)


def test_descriptions_returned_as_data(story):
    sites = story["data"].result["sites"]
    assert [row["options"] for row in sites if row["options"]["url"] == "http://%s" % BLOG] == [
        {"url": "http://%s" % BLOG, "user": "alice", "application": "wordpress", "autoup": "minor", "version": "6.4.3"}]
    assert story["data"].result["accounts"] == []


def test_removed_site(sandbox, tmp_path):
    sandbox.reset()
    tasks = [adopt("adopt", {"dest": "sites"}, before=present(sandbox, (BLOG, SHOP))),
             adopt("keep", {"dest": "sites"}, before=[api(sandbox, NAMES, "uninstall", id="@" + SHOP)], host=SHOP),
             adopt("remove", {"dest": "sites", "gone": "remove"}),
             adopt("bad", {"dest": "sites", "fields": ["titel"]}),
             adopt("background", {"dest": "sites"}, **{"async": 30, "poll": 1}),
             edit("sites/alice.yml", "^- url: .*", "- nothing: all"),
             adopt("cannot", {"dest": "sites"}, check=True)]
    run = play(sandbox, tmp_path, tasks, defaults={"poll_interval": None})
    assert run["keep"].changed is False and run["keep"].result["gone"] == ["http://%s" % SHOP]
    assert "1 sites of the files are not on the server" in run.words
    assert run["remove"].result["summary"] == {"added": 0, "updated": 0, "removed": 1}
    assert SHOP not in (tmp_path / "sites" / "alice.yml").read_text()
    assert run["background"].failed and "Remove async" in run["background"].result["msg"] and run["background"].requests == []
    said = run["cannot"].result["msg"]
    assert run["cannot"].failed and "alice.yml, line " in said and "unsupported option: nothing" in said
    assert run["bad"].failed and "fields: the result has no titel" in run["bad"].result["msg"] and run["bad"].requests == []


def test_installs_skip_accounts(sandbox, tmp_path):
    """A description with an account is valid. One with an unknown member is not."""
    sandbox.reset()
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "a.yml").write_text("- url: http://%s\n  application: wordpress\n  account: {mail: x}\n" % BLOG)
    record = play(sandbox, tmp_path, [{"name": "run", INSTALLS: {"installs_from": ["sites"]}, "ignore_errors": True}])["run"]
    assert record.failed and "a.yml, line 1): unknown member of account: mail" in record.result["msg"]
