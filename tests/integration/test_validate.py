# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""itron_validate: all problems in the files are reported at once, with file and line, and without a server."""

import pytest
from harness import PLACES, play, websites

VALIDATE = "hostops.installatron.itron_validate"
GOOD = """\
- url: http://a.example/blog
  user: alice
  application: wordpress
  version: 6.10
  settings: {color: red}
  account: {email: a@a.example}
  backup: {keep: 3, daily: 1}
"""
BAD = """\
- url: http://a.example/blog/
  user: alice
- url: http://b.example
  user: alice
  autoupdate: minor
- url: ftp://c.example
- url: http://d.example
  autoup: sometimes
- url: http://elsewhere.example
  user: alice
"""


def validate(name, keywords=None, **options):
    """Return one task of itron_validate."""
    return dict({"name": name, VALIDATE: options, "ignore_errors": True}, **(keywords or {}))


@pytest.mark.parametrize("place", PLACES)
def test_data(sandbox, tmp_path, place):
    """Without a connection, the module itself only runs in an async task."""
    keywords = {"async": 60, "poll": 1} if place == "target" else {}
    tasks = [validate("good", keywords, installs=[{"url": "http://a.example", "language": "en"}], user="alice", websites=websites("a.example")),
             validate("bad", keywords, installs=[{"url": "http://a.example"}, {"autoup": "minor"}])]
    run = play(sandbox, tmp_path, tasks)
    assert not run["good"].failed and run["good"].result["unchecked"] == ["language: en"] and run["good"].changed is False
    assert run["bad"].failed and run["bad"].result["problems"] == ["item 2: one of the following is required: id, url"]
    assert "1 problems in 2 sites" in run["bad"].result["msg"]


def test_files(sandbox, tmp_path):
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / "bad.yml").write_text(BAD)
    (sites / "broken.yml").write_text("- url: [\\n")
    (sites / "good.yml").write_text(GOOD)
    (sites / "template.yml").write_text("- url: http://e.example\n  sitetitle: '{{ title }}'\n")
    (sites / "backup.yml").write_text("- url: http://f.example\n  backup: {keep_all: true}\n")
    given = websites("a.example", "b.example")
    (sites / "websites.yml").write_text("".join("- {url: http://w%d.example, user: wanda, websites: [{id: w, label: x%d}]}\n" % (n, n) for n in (1, 2)))
    tasks = [validate("all", installs_from=["sites"], user="alice", websites=given), validate("good", installs_from=["sites/good.yml"]),
             validate("nothing", installs_from=["nowhere"]),
             validate("key", installs_from=["sites/good.yml"], api_key="k" * 32)]
    run = play(sandbox, tmp_path, tasks)
    problems = run["all"].result["problems"]
    for part in ("broken.yml, line ", "template.yml, line 1) contains a template", "backup.yml, line 1): unknown member of backup: keep_all",
                 "bad.yml, line 3): unsupported option: autoupdate", "bad.yml, line 6): url: 'ftp://c.example' is not an http:// or https:// URL",
                 "bad.yml, line 7): value of autoup must be one of", "bad.yml, line 9): url: no website of alice has the host elsewhere.example"):
        assert sum(part in problem for problem in problems) == 1, (part, problems)
    assert sum("are the same site" in problem and "bad.yml, line 1" in problem and "good.yml, line 1" in problem for problem in problems) == 1
    assert problems.count("account wanda: two different websites have the id w") == 1
    assert len(problems) == 9 and run["all"].failed
    assert "9 problems in 8 sites" in run["all"].result["msg"]
    good = run["good"].result
    assert not run["good"].failed and good["sites"] == 1 and good["problems"] == [] and good["unchecked"] == [
        "application: wordpress", "version: 6.10", "settings: color", "url: the hosts of 1 sites without websites"]
    assert run["nothing"].failed and "nowhere matches no file" in run["nothing"].result["msg"]
    assert run["key"].failed and "unsupported option: api_key" in run["key"].result["msg"]
    assert all(record.requests == [] for record in run.records.values())
