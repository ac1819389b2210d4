# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook in which every secret input of every module, and every secret that the server returns, is a canary."""

import json
import re

from harness import websites

HOST, SHOP, OTHER = "vault.example", "shop.example", "other.example"
ALL = ("alpha.example", "beta.example", "file1.example", "file2.example", HOST, SHOP, OTHER)
# Faults with text, which all quote the request.
ECHOES = ("refused", "plain_error", "html", "500", "redirect", "cut_json", "wrong_data_type")
# Encodings of the quoted request.
SPELLINGS = ("php", "json_in_json", "html", "percent", "unicode", "hex", "base64", "print_r", "xml", "form")
# Short timeouts for requests that must fail.
IMPATIENT_READ = {"timeout": 1, "retries": 0}
IMPATIENT = dict(IMPATIENT_READ, wait_timeout=5)
# Tasks that a brief run omits because they repeat others.
ONLY_THOROUGH = re.compile(
    "edit: (html|500|redirect|wrong)|.*_info: refused|itron_app_facts: redirect|user: (500|again|plain)|bulk: plain"
    "|input: (api_url|scheme|unknown|short key|text)|again|bulk: check|server: (mixed|tasks|no rows)"
)


def echo(fault, command="*", **more):
    """Return the request that sets a fault with a quotation of the whole request."""
    return ["POST", "/faults", dict({"fault": fault, "command": command, "echo": True, "times": 0}, **more)]


class Playbook:
    """Tasks, their variables, and the setup requests for the sandbox.

    Arguments:
        canaries: Canaries. cli: the vendor's program. url: the URL of the API. place: C(controller) or C(target).
        brief: whether to omit the tasks that match ONLY_THOROUGH.

    C(tasks), C(plan) and C(variables) are arguments of Controller.play. C(failing) has the names of the tasks that must fail.
    """

    def __init__(self, canaries, cli, url, place, brief=False):
        self.canaries, self._brief = canaries, brief
        self.tasks, self.plan, self.failing = [], {}, set()
        self.variables = {"s": {}}
        self._cli, self._url = str(cli), url
        self.defaults = self._value(
            {
                "api_url": url,
                "api_key": canaries.plain("api_key"),
                "user": "alice",
                "run_on": place,
                "websites": self._websites("header"),
            }
        )
        for part in (
            self._install,
            self._echoes,
            self._from_server,
            self._installs,
            self._backup,
            self._backups_of_many,
            self._user,
            self._readers,
            self._bad_input,
            self._cli_and_async,
            self._loops_and_registers,
        ):
            part()

    def _add(self, name, module, options, plan=(), fails=False, **keywords):
        """Add a task. Values with canaries become variables, because Ansible prints the lines around a failed task."""
        if self._brief and ONLY_THOROUGH.match(name):
            return
        if fails:
            self.failing.add(name)
        if plan:
            self.plan[name] = list(plan)
        module = module if "." in module else "hostops.installatron." + module
        self.tasks.append(dict({"name": name, module: self._value(options), "ignore_errors": True}, **keywords))

    def _value(self, value):
        """Return options in which every string with a canary is replaced by a template."""
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, str) and self.canaries.found_in(value.encode()):
            name = "v%d" % len(self.variables["s"])
            self.variables["s"][name] = value
            return "{{ s.%s }}" % name
        return value

    def _websites(self, name):
        """Return a website whose members contain secrets."""
        secret = self.canaries
        return websites(
            *ALL,
            path=secret.uri(name + "_path"),
            custom={"_panel_password": secret.password(name + "_custom")},
            databases=[{"host": "localhost", "name": "d", "user": "d", "pass": secret.password(name + "_databases")}],
        )

    def _site(self, host, **more):
        """Return the options of a site with all secret options."""
        secret, name = self.canaries, re.sub(r"\W", "_", host)
        return dict(
            {
                "url": "http://" + host,
                "application": "wordpress",
                "db_host": "localhost",
                "db_name": name,
                "db_user": name,
                "db_pass": secret.password(name + "_db_pass"),
                "passwd": secret.password(name + "_passwd"),
                "bkloc": secret.uri(name.split("_")[0] + "_bkloc", host="backup.example", path="/x"),
            },
            **more,
        )

    def _install(self):
        secret = self.canaries
        desired = self._site(HOST)
        changed = dict(
            desired,
            update_password="always",
            db_pass=secret.password("new_db_pass"),
            passwd=secret.password("new_passwd"),
            bkloc=secret.uri("new_bkloc", host="backup.example"),
        )
        self._add("check", "itron_install", desired, check_mode=True)
        self._add("install", "itron_install", desired, register="kept_install")
        self._add("again", "itron_install", desired)
        self._add("view", "itron_install", dict(desired, refresh=True))
        self._add("change: check", "itron_install", changed, check_mode=True)
        self._add("change", "itron_install", changed, register="kept_change")
        shop = self._site(
            SHOP, application="magento", settings={"mode": "production", "cryptkey": secret.plain("setting")}
        )
        self._add("setting", "itron_install", shop, register="kept_shop")
        for name, uri in (
            ("migrate ftp", secret.uri("source_ftu", host="old.example")),
            ("migrate app", "app://admin:%s" % secret.plain("source_app")),
        ):
            self._add(
                name,
                "itron_install",
                self._site(OTHER, migrate_from={"source_url": "http://old.example", "source_ftu": uri}),
                [echo("refused", "import")],
                fails=True,
            )

    def _echoes(self):
        """Add tasks that fail with a quotation of the request."""
        for fault in ECHOES:
            self._add(
                "edit: " + fault,
                "itron_install",
                dict(self._site(HOST), email="e@%s.example" % fault, **IMPATIENT),
                [echo(fault, "edit")] + ([echo(fault, "edit", after=False)] if fault == "cut_json" else []),
                fails=fault != "wrong_data_type",
                register="kept_failure",
            )
        for spelling in SPELLINGS:
            # Combine each encoding with another member, so that all combinations are covered over several runs.
            member = ("message", "errcode", "errfield")[SPELLINGS.index(spelling) % 3]
            self._add(
                "spelled: " + spelling,
                "itron_install",
                dict(self._site(HOST), email="e@spelled.example", **IMPATIENT),
                [echo("refused", "edit", spelling=spelling), echo("refused", "edit", spelling=spelling, member=member)],
                fails=True,
                register="kept_failure",
            )
        self._add(
            "read: cut",
            "itron_install",
            dict(self._site(HOST), **IMPATIENT),
            [echo("cut_json", "installs")],
            fails=True,
        )
        self._add(
            "task fails",
            "itron_install",
            dict(self._site(OTHER), **IMPATIENT),
            [echo("task_fails", "install")],
            fails=True,
        )

    def _from_server(self):
        """Add tasks for secrets that only the server knows, in every member that replies have for them."""
        secret = self.canaries
        row = {
            "id": "a" * 25,
            "installer": "wordpress",
            "version": "6.4.3",
            "owner": "alice",
            "url": "http://%s/x" % HOST,
            "db-pass": secret.password("server_db_pass"),
            "cf-passwd": secret.password("server_cf_passwd"),
            "bkloc": secret.uri("server_bkloc"),
            "path": secret.uri("server_path"),
            "cf-login": "admin",
            "autoup": "0",
            "cf-cryptkey": secret.plain("server_setting"),
            "db-user": "u",
            "db-name": "n",
            "time": "1700000000",
        }
        row["title"] = "Once it was %s" % row["db-pass"]
        row["cf-sitetitle"] = "ftp://web:%s@files.example" % secret.plain("server_title")
        backup = dict(
            row,
            **{
                "backup-install": "a" * 25,
                "backup-location": secret.uri("server_location"),
                "file": secret.uri("server_file"),
                "backup-time": "1700000000",
            },
        )
        task = {
            "id": "t1",
            "status": "failed",
            "cmd": "backup",
            "url": "http://" + HOST,
            "message": "login to %s failed" % secret.uri("server_task"),
        }
        account = {
            "id": "bob",
            "parent": "admin",
            "type": "user",
            "suspended": False,
            "websites": [
                {
                    "id": "w",
                    "path": secret.uri("server_user_path"),
                    "vhosts": {"http://bob.example": "x"},
                    "databases": [{"name": "d", "pass": secret.password("server_user_databases")}],
                    "_panel_password": secret.password("server_user_custom"),
                }
            ],
        }

        def answer(command, data):
            return ["POST", "/faults", {"fault": "wrong_data_type", "command": command, "data": data, "times": 0}]

        url = {"url": row["url"]}
        listed, held = [answer("installs", [row])], [answer("backups", [backup])]
        self._add(
            "server: plan", "itron_install", dict(url, autoup="all"), listed, check_mode=True, register="kept_row"
        )
        self._add("server: info", "itron_install_info", {}, listed, register="kept_info")
        self._add("server: backups", "itron_backup_info", {}, held, register="kept_backups")
        self._add("server: backup", "itron_backup", {"install": row["url"]}, listed + held, register="kept_backup")
        self._add("server: tasks", "itron_task_info", {}, [answer("tasks", [task])])
        self._add(
            "server: failed task",
            "itron_task_info",
            {"wait": True, "ids": ["t1"]},
            [answer("tasks", [task])],
            fails=True,
        )
        self._add("server: users", "itron_user_info", {}, [answer("GET /users", [account])], register="kept_users")
        self._add(
            "server: user",
            "itron_user",
            {"user": "bob", "email": "b@b.example", "websites": None},
            [answer("GET /users/{id}", account)],
            check_mode=True,
        )
        self._add("server: no rows", "itron_install_info", {}, [answer("installs", {"0": row})], fails=True)
        self._add(
            "server: mixed rows", "itron_install_info", {}, [answer("installs", [row, json.dumps(row)])], fails=True
        )
        self._add(
            "server: quoted",
            "itron_install",
            dict(url, autoup="all"),
            listed
            + [
                [
                    "POST",
                    "/faults",
                    {"fault": "refused", "command": "edit", "message": "no: %s %s" % (row["db-pass"], row["path"])},
                ]
            ],
            fails=True,
        )

    def _installs(self):
        secret = self.canaries
        alpha, beta = (
            self._site("alpha.example"),
            dict(self._site("alpha.example"), url="http://beta.example", db_name="beta", db_user="beta"),
        )
        # Use the location of the defaults.
        del beta["bkloc"]
        beta["websites"] = self._websites("item")
        bulk = {
            "installs": [alpha, beta],
            "defaults": {"bkloc": secret.uri("default_bkloc", host="backup.example"), "autoup": "all"},
        }
        files = {"installs_from": ["sites"]}
        self._add("bulk: check", "itron_installs", bulk, check_mode=True)
        self._add("plan", "itron_installs", dict(bulk, plan_dest="plan.json"), check_mode=True, register="kept_plan")
        text = {"content": "{{ kept_plan.plan | hostops.installatron.plan_markdown }}", "dest": "{{ playbook_dir }}/plan.md", "mode": "0600"}
        self._add("plan as text", "ansible.builtin.copy", text)
        self._add("approved", "itron_installs", dict(bulk, approved_plan="plan.json"))
        self._add("bulk", "itron_installs", bulk, register="kept_bulk")
        self._add("files", "itron_installs", files, register="kept_files")
        self._add("files again", "itron_installs", files)
        # Malformed input files.
        self._add("wrong file", "itron_installs", {"installs_from": ["wrong"]}, fails=True)
        echoed = dict(bulk, defaults=dict(bulk["defaults"], autoup="minor"), **IMPATIENT)
        for fault in ("refused", "plain_error"):
            self._add(
                "bulk: " + fault,
                "itron_installs",
                echoed,
                [echo(fault, "edit")],
                fails=True,
                register="kept_bulk_failure",
            )
        self._add(
            "bulk: wrong",
            "itron_installs",
            {"installs": [dict(alpha, autoup="x"), dict(beta, id="x", nonsense=1)]},
            fails=True,
        )

        wrong = {"installs": [alpha, dict(beta, nonsense=1)], "defaults": bulk["defaults"], "websites": self._websites("validate")}
        self._add("validate", "itron_validate", wrong, fails=True)
        self._add("adopt", "itron_adopt", {"dest": "adopted", "accounts": True, "defaults": bulk["defaults"]})
        self._add("adopt again", "itron_adopt", {"dest": "adopted", "gone": "remove"})
        unreachable = {"accounts": True, "rest_url": "http://web:%s@127.0.0.1:9/" % self.canaries.plain("adopt_rest_url"), "retries": 0}
        self._add("adopt: no v2", "itron_adopt", unreachable, fails=True)

    def files(self):
        """Return the input files of itron_installs as {name: (content, whether to encrypt it)}."""
        wrong = [self._site("file1.example", passwd="{{ %s }}" % self.canaries.plain("template"))]
        return {
            "sites/plain.yml": (json.dumps([self._site("file1.example")]), False),
            "sites/vault.yml": (json.dumps([self._site("file2.example")]), True),
            "wrong/site.yml": (json.dumps(wrong), False),
        }

    def _backup(self):
        secret = self.canaries
        install = "http://" + HOST
        self._add("backup", "itron_backup", {"install": install}, register="kept_made")
        restored = {
            "state": "restored",
            "install": install,
            "id": "latest",
            "url": "http://%s" % OTHER,
            "db_host": "localhost",
            "db_name": "copy",
            "db_user": "copy",
            "db_pass": secret.password("restored_db_pass"),
        }
        self._add("restore", "itron_backup", restored, register="kept_restored")
        self._add("restore: refused", "itron_backup", restored, [echo("refused", "restore")], fails=True)
        self._add(
            "import backup",
            "itron_backup",
            {"state": "imported", "path": secret.uri("imported_path", path="/b.tar.gz"), **IMPATIENT},
            [echo("refused", "importbackup")],
            fails=True,
        )
        self._add(
            "delete backup", "itron_backup", {"state": "absent", "file": secret.uri("deleted_file", path="/b.tar.gz")}
        )

    def _backups_of_many(self):
        secret = self.canaries
        install = "http://" + HOST
        policies = {
            "policies": [
                {"install": install, "location": secret.uri("policy_bkloc", host="backup.example")},
                {"install": "http://%s" % OTHER, "max_age": "1d"},
            ],
            "defaults": {"location": secret.uri("policy_default_bkloc", host="backup.example"), "keep": 2},
        }
        self._add("policies: refused", "itron_backups", policies, [echo("refused", "edit")], fails=True, register="kept_policies_failure")
        self._add("policies", "itron_backups", policies, register="kept_policies")
        drill = {
            "url": install,
            "drill_url": "http://drill.example",
            "websites": self._websites("drill"),
            "db_host": "localhost",
            "db_name": "drill",
            "db_user": "drill",
            "db_pass": secret.password("drill_db_pass"),
        }
        # No website serves the drill URL.
        self._add("drill", "itron_restore_drill", {"sites": [drill]}, fails=True, register="kept_drill")
        self._add("drill: refused", "itron_restore_drill", {"sites": [drill]}, [echo("refused", "restore")], fails=True)

    def _user(self):
        first = {"user": "carol", "email": "c@c.example", "websites": self._websites("user")}
        second = dict(first, websites=self._websites("new_user"))
        self._add("user: check", "itron_user", first, check_mode=True)
        self._add("user", "itron_user", first, register="kept_user")
        self._add("user: again", "itron_user", first)
        self._add("user: change", "itron_user", second, register="kept_user_change")
        for fault in ("refused", "plain_error", "500"):
            self._add(
                "user: " + fault, "itron_user", dict(first, **IMPATIENT_READ), [echo(fault, "edituser")], fails=True
            )
        self._add(
            "user: no v2",
            "itron_user",
            dict(first, rest_url="http://web:%s@127.0.0.1:9/" % self.canaries.plain("user_rest_url"), **IMPATIENT_READ),
            fails=True,
        )
        session = {"user": "carol", "websites": self._websites("session")}
        # The module's documentation recommends no_log for this task.
        self._add("session", "itron_gui_session", session, no_log=True, register="session")
        self._add("session: check", "itron_gui_session", session, check_mode=True)
        self._add("session: refused", "itron_gui_session", session, [echo("refused", "guixfer")], fails=True)

    def _readers(self):
        """Add tasks for every reading module, with a response that quotes the request."""
        for module in ("itron_install_info", "itron_backup_info", "itron_task_info", "itron_app_facts"):
            for fault in ("refused", "redirect"):
                self._add(
                    "%s: %s" % (module, fault),
                    module,
                    {"websites": self._websites("reader"), "retries": 0},
                    [echo(fault)],
                    fails=True,
                )
        self._add(
            "users: no v2",
            "itron_user_info",
            {"rest_url": "http://web:%s@127.0.0.1:9/" % self.canaries.plain("rest_url"), "retries": 0},
            fails=True,
        )
        self._add("facts", "itron_app_facts", {"application": ["wordpress"]})

    def _bad_input(self):
        """Add tasks with secrets in the wrong place or of the wrong type."""
        secret, host = self.canaries, "http://" + HOST
        uri = "http://web:%s@%s" % (secret.plain("url_userinfo"), HOST)
        for name, options in (
            ("url", {"url": uri}),
            (
                "api_url",
                {"url": host, "api_url": self._url.replace("://", "://web:%s@" % secret.plain("api_url_userinfo"))},
            ),
            ("clone", {"url": host + "/y", "clone_from": uri}),
            (
                "scheme",
                self._site(
                    OTHER, migrate_from={"source_url": host, "source_ftu": secret.uri("odd_ftu", scheme="gopher")}
                ),
            ),
            ("type", dict(self._site(HOST), autobk_daily="x")),
            ("unknown", dict(self._site(HOST), nonsense="x")),
            ("choice", dict(self._site(HOST), autoup="x")),
            (
                "list",
                {"url": host, "passwd": [secret.password("list_passwd")], "update_password": "always", "autoup": "x"},
            ),
            ("text", {"url": host, "autoup": "x", "settings": "cryptkey=%s" % secret.plain("text_setting")}),
            ("websites", {"url": host, "autoup": "x", "websites": json.dumps(self._websites("text"))}),
            ("short key", {"url": host, "api_key": "short"}),
        ):
            self._add("input: " + name, "itron_install", options, fails=True)

    def _cli_and_async(self):
        """Add tasks for the command line and asynchronous tasks."""
        line = {"transport": "cli", "cli_path": self._cli, "api_url": None}
        changed = self._site(HOST, email="line@example.com", **line)
        self._add("line", "itron_install", changed, register="kept_line")
        self._add("line: user", "itron_user", dict({"user": "carol", "websites": self._websites("user")}, **line))
        self._add(
            "line: refused",
            "itron_install",
            dict(changed, email="x@example.com"),
            [echo("refused", "edit")],
            fails=True,
        )
        self._add(
            "async",
            "itron_install",
            self._site(HOST, email="async@example.com"),
            poll=1,
            register="kept_async",
            **{"async": 60},
        )

    def credentials_play(self, place):
        """Return a play with credentials in the keyword environment, which Ansible adds to command lines."""
        options = {"user": "alice", "run_on": place}
        tasks = [
            {"name": name, "hostops.installatron.itron_install_info": options, **more}
            for name, more in (("environment", {}), ("environment: async", {"async": 60, "poll": 1}))
        ]
        return {
            "name": "Credentials of the environment",
            "hosts": "localhost",
            "gather_facts": False,
            "vars_files": ["variables.json"],
            "environment": {"ITRON_API_KEY": self._value(self.canaries.plain("api_key")), "ITRON_API_URL": self._url},
            "tasks": tasks,
        }

    def _loops_and_registers(self):
        """Add loops whose items name secrets, and tasks that print results, store them as facts, and write them to a file."""
        sites = {"one": self._site(HOST, email="loop@example.com"), "two": self._site(SHOP, application="magento")}
        self.variables["sites"] = sites
        options = {name: "{{ sites[item].%s }}" % name for name in sites["one"] if name != "email"}
        self._add("loop", "itron_install", options, loop=["one", "two"], register="kept_loop")
        self._add(
            "loop: refused",
            "itron_install",
            dict(options, email="{{ item }}@loop.example", **IMPATIENT),
            [echo("refused", "edit")],
            fails=True,
            loop=["one", "two"],
            register="kept_loop_failure",
        )
        kept = {
            task["register"]: "{{ %s }}" % task["register"]
            for task in self.tasks
            if str(task.get("register")).startswith("kept_")
        }
        self._add("show", "ansible.builtin.debug", {"msg": kept})
        self._add("keep", "ansible.builtin.set_fact", dict(kept, cacheable=True))
        self._add(
            "session: show",
            "ansible.builtin.debug",
            {"msg": "{{ session | dict2items | map(attribute='key') | list }}"},
        )
