# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile values for options, and the modules to test with them."""

import importlib
from pathlib import Path

from harness import websites

from ansible_collections.hostops.installatron.plugins.module_utils._core.argspec import HEADER
from ansible_collections.hostops.installatron.plugins.module_utils._installs.items import ITEM

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = "ansible_collections.hostops.installatron.plugins.action."
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("itron_*.py"))
HOST = "fuzz.example"
LONG = "x" * 100000

TEXTS = (
    "",
    " ",
    "\n",
    "x\ny",
    "\x00",
    "a\x00b",
    "\x1b[31mred",
    "\r\n.\r\n",
    "\ud800",
    "\u202eevil",
    "\ufeff",
    "☃",
    "Ä" * 300,
    LONG,
    "javascript:alert(1)",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "data:text/html,x",
    "//host/x",
    "http://",
    "http:///x",
    "http://[",
    "http://[::1",
    "http://a b",
    "http://a:99999",
    "http://a:b",
    "http://u:p@h",
    "http://h?q",
    "http://h#f",
    "http://münchen.example",
    "http://xn--a",
    "http://\u2100.example",
    "http://a..b",
    "http://" + "a" * 300 + ".example",
    "http://1.2.3.4.5",
    "http://fuzz.example/%00",
    "http://fuzz.example/\u2028",
    "../../../etc/passwd",
    "/../../etc/shadow",
    "..",
    ".",
    "/",
    "~root",
    "$HOME",
    "a/../../b",
    "%2e%2e%2f",
    "C:\\x",
    "ftp://u:p@h:x/",
    "app://",
    "app://:",
    "ftp://",
    "{{ 7 * 191 }}",
    "{{ lookup('pipe', 'id') }}",
    "{% for %}",
    "{#",
    "'; DROP TABLE installs; --",
    "<script>alert(1)</script>",
    "-rf",
    "--key=x",
    "`id`",
    "$(id)",
    "yes",
    "null",
    "None",
    "[]",
    "{}",
    "0",
    "-1",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "١٢",
    "1_000",
    "0x10",
    "9" * 400,
)
OTHERS = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**63,
    10**400,
    1.5,
    float("inf"),
    float("-inf"),
    float("nan"),
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": ""},
    {"a": {"b": ["c"]}},
    ["x", 1, None],
    {"x": None},
    {"1": 2},
)


class Target:
    """A module with a set of valid options, of which a test replaces one.

    Arguments:
        module: its name. more: options of the module in addition to the connection.
    """

    def __init__(self, module, more):
        self.module = module
        self.operation = importlib.import_module(ACTIONS + module).ActionModule.operation
        self._more = more

    def options(self, sandbox):
        """Return a set of valid options."""
        impatient = {"timeout": 2, "retries": 0, "wait_timeout": 2, "poll_interval": 0.02}
        shared = {name: value for name, value in impatient.items() if name in self.operation.spec.options}
        return dict(
            shared, api_url=sandbox.url, api_key=sandbox.key, user="fuzz", websites=websites(HOST), **self._more
        )

    def names(self):
        """Return the names of all options as tuples; suboptions as (name, name)."""
        found = []
        for name, option in self.operation.spec.options.items():
            found.append((name,))
            for inner, more in (option.get("options") or {}).items():
                found.append((name, inner))
                found += [(name, inner, innermost) for innermost in more.get("options") or ()]
        if self.module == "itron_installs":
            # The options of a site.
            found += [("installs", name) for name in ITEM.options if name not in HEADER.options]
        return found


SITE = {"url": "http://%s" % HOST, "application": "wordpress"}
TARGETS = [
    Target(*pair)
    for pair in (
        ("itron_install", dict(SITE, db_host="localhost", db_name="f", db_user="f", db_pass="pw-of-fuzz")),
        ("itron_install", dict(SITE, state="absent")),
        ("itron_installs", {"installs": [SITE]}),
        (
            "itron_rollout",
            {"sites": [{"url": SITE["url"]}], "health": {"attempts": 1, "url_ip": "127.0.0.1", "port": 9}, "fail_on": []},
        ),
        ("itron_backups", {"policies": [{"install": SITE["url"], "keep": 2}], "fail_on_findings": False}),
        (
            "itron_restore_drill",
            {
                "sites": [{"url": SITE["url"], "drill_url": "http://drill.%s" % HOST, "db_name": "f"}],
                "health": {"attempts": 1, "url_ip": "127.0.0.1", "port": 9},
                "fail_on": [],
            },
        ),
        ("itron_backup", {"install": SITE["url"], "keep": 2}),
        ("itron_backup", {"install": SITE["url"], "state": "restored", "id": "latest"}),
        ("itron_backup", {"state": "imported", "path": "/x/b.tar.gz"}),
        ("itron_user", {"email": "f@f.example"}),
        ("itron_gui_session", {}),
        ("itron_install_info", {}),
        ("itron_backup_info", {}),
        ("itron_task_info", {}),
        ("itron_app_facts", {}),
        ("itron_user_info", {}),
        ("itron_adopt", {"accounts": True}),
    )
]


def replaced(options, path, value):
    """Return the options with one of them replaced, at any depth."""
    name, rest = path[0], path[1:]
    if not rest:
        return dict(options, **{name: value})
    inner = options.get(name)
    if isinstance(inner, list):
        return dict(options, **{name: [replaced(inner[0] if inner else {}, rest, value)]})
    if name == "databases" and not inner:
        return dict(options, databases=[replaced({"name": "d"}, rest, value)])
    if name == "migrate_from" and not inner:
        inner = {"source_url": "http://old.example", "source_ftu": "ftp://u:p@old.example/"}
    return dict(options, **{name: replaced(inner or {}, rest, value)})
