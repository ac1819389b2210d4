# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of site files from descriptions: what is added, changed, removed and kept."""

import json

import pytest
import yaml

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError
from ansible_collections.hostops.installatron.plugins.plugin_utils._estate_files import Estate, read_folder

PARAMS = {"user": None, "owned_accounts": True, "file_for": "owner", "gone": "keep", "defaults": None, "api_key": "k" * 32}


def site(url, user="alice", left_out=(), id=None, **options):
    """Return a site in the form of the result of itron_adopt."""
    return {"id": id or "id-of-" + url, "left_out": [{"option": name, "reason": "a secret"} for name in left_out],
            "options": dict({"url": url, "user": user, "application": "wordpress"}, **options)}


def adopt(folder, *sites, accounts=(), **params):
    """Update the files of a folder to the given sites, assert that a second run changes nothing, and return the result."""
    params = dict(PARAMS, **params)
    estate = Estate(str(folder), params)
    estate.take(list(sites), {account["user"]: account for account in accounts})
    result = estate.result(True)
    estate.write()
    again = Estate(str(folder), params)
    again.take(list(sites), {account["user"]: account for account in accounts})
    assert again.result(False)["changed"] is False, again.result(True)["diff"]
    return result


A, B, C = "http://a.example", "http://b.example", "http://c.example"


def test_new_file_per_owner(tmp_path):
    result = adopt(tmp_path / "sites", site(B), site(A, left_out=["passwd"], settings={"color": "red"}), site(C, user=None),
                   site("http://d.example", user=".x"))
    assert sorted(path.name for path in (tmp_path / "sites").iterdir()) == ["_.x.yml", "_without_owner.yml", "alice.yml"]
    text = (tmp_path / "sites" / "alice.yml").read_text()
    assert text.endswith("""\
- url: http://b.example
  user: alice
  application: wordpress
- url: http://a.example
  # Omitted (a secret): passwd
  user: alice
  application: wordpress
  settings:
    color: red
""")
    assert result["summary"] == {"added": 4, "updated": 0, "removed": 0}


def test_new_file_per_application(tmp_path):
    adopt(tmp_path, site(A), site(B, application="joomla"), file_for="application")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["joomla.yml", "wordpress.yml"]


def test_defaults_not_repeated(tmp_path):
    adopt(tmp_path, site(A, autoup="minor", settings={"color": "red"}), site(B, autoup="all", settings={"color": "red", "size": "8"}),
          defaults={"autoup": "minor", "application": "wordpress", "settings": {"color": "red"}})
    first, second = yaml.safe_load((tmp_path / "alice.yml").read_text())
    assert first == {"url": A, "user": "alice"}
    assert second == {"url": B, "user": "alice", "autoup": "all", "settings": {"size": "8"}}


FILE = """\
# Ours
- url: http://B.example/
  application: wordpress
  sitetitle: Old
  passwd: !vault |
    $ANSIBLE_VAULT;1.1;AES256
    6162
  db_pass: plain-secret
  version: latest

# The shop
- url: http://c.example
  application: joomla
- url: http://gone.example
  application: joomla
- url: http://going.example
  state: absent
"""


def test_hand_written_file_updated(tmp_path):
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "mine.yml"
    path.write_text(FILE)
    path.chmod(0o604)
    sites = [site(B, sitetitle="New", version="6.4.2"), site(C, application="joomla"), site("http://going.example"), site(A), site("http://bb.example")]
    result = adopt(tmp_path, *sites, user="alice")
    assert result["gone"] == ["http://gone.example"]
    assert path.read_text() == FILE.replace("sitetitle: Old", "sitetitle: New")
    assert path.stat().st_mode & 0o777 == 0o604
    assert [entry["url"] for entry in yaml.safe_load((tmp_path / "alice.yml").read_text())] == [A, "http://bb.example"]
    assert result["files"] == [{"path": str(tmp_path / "alice.yml"), "added": 2, "updated": 0, "removed": 0},
                               {"path": str(path), "added": 0, "updated": 1, "removed": 0}]
    diff = result["diff"][1]
    assert diff["before"] == FILE.replace("plain-secret", "********") and "New" in diff["after"] and "plain-secret" not in diff["after"]


def test_gone_sites_removed_with_comments(tmp_path):
    (tmp_path / "alice.yml").write_text(FILE)
    adopt(tmp_path, site(B, sitetitle="Old"), site("http://going.example"), gone="remove", user="alice")
    assert (tmp_path / "alice.yml").read_text() == FILE.partition("# The shop")[0] + "- url: http://going.example\n  state: absent\n"


def test_other_users_unchanged(tmp_path):
    (tmp_path / "all.yml").write_text("- url: http://b.example\n  user: bob\n- url: http://c.example\n  user: alice\n")
    result = adopt(tmp_path, user="alice", owned_accounts=False, gone="remove")
    assert result["gone"] == [C] and (tmp_path / "all.yml").read_text() == "- url: http://b.example\n  user: bob\n"


def test_owned_accounts_unknown_kept(tmp_path):
    """With a user, the list contains the accounts that the user owns. A missing account may belong to a different owner."""
    (tmp_path / "all.yml").write_text("".join("- url: http://%s.example\n  user: %s\n  application: wordpress\n" % pair for pair in (
        ("a", "boss"), ("b", "owned"), ("c", "owned"), ("d", "stranger"))))
    result = adopt(tmp_path, site("http://b.example", user="owned"), user="boss", gone="remove")
    assert result["gone"] == [A, C]
    assert [entry["user"] for entry in yaml.safe_load((tmp_path / "all.yml").read_text())] == ["owned", "stranger"]


def test_symlink_kept(tmp_path):
    (tmp_path / "real.txt").write_text("- url: http://a.example\n  user: alice\n  application: joomla\n")
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "alice.yml").symlink_to(tmp_path / "real.txt")
    adopt(tmp_path / "sites", site(A))
    assert (tmp_path / "sites" / "alice.yml").is_symlink() and "wordpress" in (tmp_path / "real.txt").read_text()


def test_new_sites_sorted_by_url(tmp_path):
    (tmp_path / "alice.yml").write_text("- url: http://b.example\n  user: alice\n  application: wordpress\n# the last\n- url: http://d.example\n  user: alice\n"
                                        "  application: wordpress\n")
    adopt(tmp_path, *(site("http://%s.example" % name) for name in "eabcd"))
    text = (tmp_path / "alice.yml").read_text()
    assert [entry["url"][7] for entry in yaml.safe_load(text)] == list("abcde")
    assert "# the last\n- url: http://d.example" in text


def test_site_matched_by_id(tmp_path):
    (tmp_path / "x.yml").write_text("- id: '77'\n  url: http://old.example\n  user: alice\n  application: wordpress\n")
    adopt(tmp_path, site(A, id="77"))
    assert yaml.safe_load((tmp_path / "x.yml").read_text()) == [{"id": "77", "url": A, "user": "alice", "application": "wordpress"}]
    adopt(tmp_path, site(A, id="78"))
    assert yaml.safe_load((tmp_path / "x.yml").read_text())[0]["id"] == "78"


def test_single_site_file(tmp_path):
    path = tmp_path / "one.yml"
    path.write_text("# ours\nurl: http://a.example  # the blog\nuser: alice\napplication: wordpress\nautoup: none\n")
    adopt(tmp_path, site(A, autoup="all"))
    assert path.read_text() == "# ours\nurl: http://a.example  # the blog\nuser: alice\napplication: wordpress\nautoup: all\n"


def test_comment_injection_prevented(tmp_path):
    adopt(tmp_path, site(A, left_out=["settings.x\n- url: http://evil.example"]))
    assert [entry["url"] for entry in yaml.safe_load((tmp_path / "alice.yml").read_text())] == [A]


def test_json_files(tmp_path):
    path = tmp_path / "alice.json"
    path.write_text(json.dumps({"installs": [{"url": A, "user": "alice", "application": "wordpress", "autoup": "none"}, {"url": B}]}))
    adopt(tmp_path, site(A, autoup="all"), gone="remove")
    assert json.loads(path.read_text()) == {"installs": [{"url": A, "user": "alice", "application": "wordpress", "autoup": "all"}]}


HOME = {"id": "ws1", "path": "/home/alice", "vhosts": {"http://a.example": "www"}}


def account(left_out=(), incomplete=None, **options):
    """Return an account in the form of the result of itron_adopt."""
    return {"user": "alice", "options": options, "incomplete": incomplete or {}, "left_out": [{"option": name, "reason": "a secret"} for name in left_out]}


def test_account_written_once(tmp_path):
    adopt(tmp_path, site(A), site(B), accounts=[account(["x"], email="a@a.example", websites=[HOME])])
    text = (tmp_path / "alice.yml").read_text()
    first, second = yaml.safe_load(text)
    assert first["account"] == {"email": "a@a.example"} and first["websites"] == [HOME] and "account" not in second
    assert "  # Account: Omitted (a secret): x\n" in text
    adopt(tmp_path, site(A), site(B), accounts=[account(email="b@a.example", type="user", websites=[HOME, dict(HOME, id="ws2")])])
    first, second = yaml.safe_load((tmp_path / "alice.yml").read_text())
    assert first["account"] == {"email": "b@a.example", "type": "user"} and len(first["websites"]) == 2 and "account" not in second


def test_websites_incomplete_as_comments(tmp_path):
    adopt(tmp_path, site(A), accounts=[account(["websites"], {"websites": [HOME]}, email="a@a.example")])
    text = (tmp_path / "alice.yml").read_text()
    assert "  # websites:\n  #   - id: ws1\n  #     path: /home/alice\n" in text and "websites" not in yaml.safe_load(text)[0]
    # Without the comment signs, the lines are the omitted websites.
    lines = [line.replace("# ", "", 1) if line.startswith(("  # websites:\n", "  #  ")) or line == "  # websites:" else line for line in text.splitlines()]
    assert yaml.safe_load("\n".join(lines))[0]["websites"] == [HOME]


def test_websites_with_vault_values_kept(tmp_path):
    text = ("- url: http://a.example\n  user: alice\n  application: wordpress\n  websites:\n    - id: ws1\n      path: !vault |\n"
            "        $ANSIBLE_VAULT;1.1;AES256\n        6162\n")
    (tmp_path / "alice.yml").write_text(text)
    adopt(tmp_path, site(A), accounts=[account(websites=[HOME])])
    assert (tmp_path / "alice.yml").read_text() == text


@pytest.mark.parametrize(("name", "text", "message"), [
    ("a.yml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "a.yml is an encrypted file"),
    ("a.yml", "- url: http://a.example\n  autoupdate: yes\n", "a.yml, line 1.*unsupported option"),
    ("a.yml", "- url: http://a.example\n- url: https://a.example/\n", "are the same site"),
    ("a.yml", "- url: [\n", "a.yml, line"),
    ("a.yml", "- url: http://a.example\n  account: {mail: x}\n", "unknown member of account: mail"),
    ("alice.yml", "url: http://b.example\n", "contains the dictionary of one site"),
    ("a.yml", "- &base\n  url: http://b.example\n- <<: *base\n  url: http://a.example\n", "a.yml: cannot change an item .found undefined alias"),
])
def test_files_refused(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message):
        adopt(tmp_path, site(A))
    assert (tmp_path / name).read_text() == text and len(list(tmp_path.iterdir())) == 1


def test_folder_is_a_file(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="x is not a folder"):
        read_folder(str(tmp_path / "x"))
