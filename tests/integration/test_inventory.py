# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: variables, host names, groups, the cache, and playbooks over its hosts."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from harness import KEY, ROOT, Sandbox, environment, play

PLUGIN = "hostops.installatron.itron"
CANARY = "canary-7f3a91"
JSONFILE = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}


class Inventory:
    """The output of ansible-inventory: C(status), C(output), C(errors), C(hosts) and C(groups)."""

    def __init__(self, done):
        self.status = done.returncode
        self.output = done.stdout
        self.errors = " ".join(done.stderr.split())
        listing = _plain(json.loads(done.stdout)) if done.returncode == 0 else {"_meta": {"hostvars": {}}}
        self.hosts = listing["_meta"]["hostvars"]
        self.groups = {name: set(group.get("hosts", ())) for name, group in listing.items() if name != "_meta"}

    def by_domain(self, name):
        """Return one variable of every host, by the domain of the site."""
        return {variables["itron_url_domain"]: variables[name] for variables in self.hosts.values()}


def _plain(value):
    """Return a listing without the markers of unsafe values."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def run(sandbox, folder, program, *arguments, **more):
    """Run a program of Ansible with only the environment variables of an AWX credential."""
    settings = environment(sandbox, folder)
    del settings["ANSIBLE_CALLBACKS_ENABLED"]
    settings.update({"ITRON_API_URL": sandbox.url, "ITRON_API_KEY": KEY})
    settings["ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED"] = "true"
    settings = {name: value for name, value in dict(settings, **more).items() if value is not None}
    return subprocess.run([str(Path(sys.executable).parent / program), *arguments], env=settings, cwd=str(folder),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)


def write(folder, config, name="itron.yml"):
    """Write the configuration of the plugin and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    text = config if isinstance(config, str) else json.dumps(dict({"plugin": PLUGIN}, **config))
    path.write_text(text, encoding="utf-8")
    return str(path)


def listed(sandbox, folder, config, *arguments, **more):
    """Return the Inventory of a configuration."""
    path = write(folder, config)
    return Inventory(run(sandbox, folder, "ansible-inventory", "-i", path, "--list", *arguments, **more))


def successful(inventory):
    """Assert that an Inventory was created without warnings, and return it."""
    assert inventory.status == 0, inventory.errors
    assert inventory.errors == ""
    return inventory


def seed(sandbox, count, user="alice", **more):
    """Add installs to the sandbox."""
    sandbox.control("POST", "/seed", dict({"count": count, "user": user}, **more))
    sandbox.control("DELETE", "/requests")


def commands(sandbox):
    """Return the commands since the last call. Assert that the specification describes all of them."""
    requests = sandbox.control("GET", "/requests")
    assert [request for request in requests if request["undocumented"] or request["schema_errors"]] == []
    sandbox.control("DELETE", "/requests")
    return [request["command"] for request in requests]


@pytest.fixture
def empty(sandbox):
    """The sandbox without installs."""
    sandbox.reset()
    return sandbox


def test_variables_match_module(empty, tmp_path):
    seed(empty, 3, fields={"sitetitle": "{{ 7 * 7 }} {% raw %}"})
    inventory = successful(listed(empty, tmp_path / "all", {"filters": {"user": "alice"}}))
    assert commands(empty) == ["installs"]
    task = {"name": "list", "hostops.installatron.itron_install_info": {"user": "alice"}}
    record = play(empty, tmp_path / "module", [task], defaults={"poll_interval": None})["list"]
    assert not record.failed, record.result
    results = record.result["installs"]
    lists = {"list_files", "list_tables", "list_plugins", "list_themes"}
    assert inventory.hosts == {
        install["url_domain"]: {"itron_%s" % name: value for name, value in install.items() if name not in lists}
        for install in results}
    assert inventory.by_domain("itron_sitetitle")["site00001.example"] == "{{ 7 * 7 }} {% raw %}"
    inventory = successful(listed(empty, tmp_path / "some", {
        "filters": {"user": "alice"}, "variables": ["list_tables", "id"], "vars_prefix": "site_"}))
    assert inventory.hosts == {
        install["url_domain"]: {"site_id": install["id"], "site_list_tables": install["list_tables"]}
        for install in results}


@pytest.mark.parametrize("cached", [True, False])
def test_values_not_templated(cached, empty, tmp_path):
    seed(empty, 1, fields={"sitetitle": "{{ 7 * 7 }}", "login": "{{ 7 * 7 }}"})
    # The cache contains no text that customers write.
    name = "itron_login" if cached else "itron_sitetitle"
    config = dict(JSONFILE if cached else {}, filters={"user": "alice"}, strict=True,
                  compose={"shown": name, "both": name + " ~ '!'"})
    for _again in range(1 + cached):
        path = write(tmp_path, config)
        done = run(empty, tmp_path, "ansible", "-i", path, "all", "-m", "ansible.builtin.debug",
                   "-a", "msg='{{ %s }} {{ shown }} {{ both }}'" % name)
        assert '"msg": "{{ 7 * 7 }} {{ 7 * 7 }} {{ 7 * 7 }}!"' in done.stdout, done.stdout + done.stderr


def test_cache_without_customer_text(empty, tmp_path):
    seed(empty, 1, fields={"sitetitle": "a-password-in-a-title", "twofactor": "a-password-in-a-setting"})
    config = dict(JSONFILE, filters={"user": "alice"})
    runs = [successful(listed(empty, tmp_path, config)).hosts for _again in range(2)]
    assert runs[0] == runs[1] and "itron_id" in next(iter(runs[0].values()))
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "cache").iterdir())
    assert "site00001.example" in kept and "a-password" not in kept
    refused = listed(empty, tmp_path / "named", dict(config, variables=["id", "settings"]))
    assert "variables: settings can contain any text" in refused.errors and "set cache: false" in refused.errors


def test_groups_and_composed_variables(empty, tmp_path):
    seed(empty, 2, version=["6.4.1", "6.4.3"])
    seed(empty, 1, application="joomla", domain="joomla{n}.example")
    inventory = successful(listed(empty, tmp_path, {
        "filters": {"user": "alice"}, "strict": True, "leading_separator": False,
        "keyed_groups": [{"key": "itron_application"},
                         {"key": "itron_version", "prefix": "version", "parent_group": "versions"},
                         {"key": "series", "prefix": "series"}],
        "groups": {"outdated": "itron_version_available is truthy", "old": "series == '6.4'"},
        "compose": {"series": "itron_version.split('.')[:2] | join('.')"}}))
    wordpress = {"site00001.example", "site00002.example"}
    assert inventory.groups["wordpress"] == wordpress
    assert inventory.groups["joomla"] == {"joomla00001.example"}
    assert inventory.groups["version_6_4_1"] == {"site00001.example"}
    assert inventory.groups["series_6_4"] == inventory.groups["old"] == wordpress
    assert inventory.groups["outdated"] == {
        name for name, variables in inventory.hosts.items() if variables["itron_version_available"]} >= wordpress


def test_strict(empty, tmp_path):
    seed(empty, 1)
    config = {"filters": {"user": "alice"}, "groups": {"wrong": "itron_nonsense == 'x'"}}
    assert set(successful(listed(empty, tmp_path / "lax", config)).hosts) == {"site00001.example"}
    strict = listed(empty, tmp_path / "strict", dict(config, strict=True))
    assert strict.status and "itron_nonsense" in strict.errors


def test_filters(empty, tmp_path):
    seed(empty, 2, version=["6.4.1", "6.4.3"])
    seed(empty, 1, application="joomla", domain="Shop{n}.other.example")
    seed(empty, 1, user="bob", domain="bob{n}.example")

    def names(**filters):
        inventory = successful(listed(empty, tmp_path, {"filters": filters}))
        return {name.split("0")[0] + name.split(".")[0][-1] for name in inventory.hosts}

    assert names(user="alice") == {"site1", "site2", "shop1"}
    assert names(user="bob") == {"bob1"}
    assert names(user="alice", application=["wordpress"]) == {"site1", "site2"}
    assert names(user="alice", version=["6.4.[12]"]) == {"site1"}
    assert names(user="alice", domain=["*.Other.example"]) == {"shop1"}
    assert names(user="alice", url=["http://site00002.example/"]) == {"site2"}
    assert names(user="alice", owner=["bob"]) == names(user="alice", application=[]) == set()
    empty.control("DELETE", "/requests")
    switches = {"version_available": True, "version_available_minor": True, "owned_accounts": True}
    assert names(user="alice", q="00002", **switches) == {"site2"}
    sent = empty.control("GET", "/requests")[0]["arguments"]
    assert {name: value for name, value in sent.items() if name not in ("cmd", "key")} == {
        "user": "alice", "q": "00002", "filter-version-available": "yes", "filter-version-available-minor": "yes",
        "filter-ownedaccounts": "yes"}


def test_host_name_collisions(empty, tmp_path):
    seed(empty, 2)
    installs = empty.control("GET", "/state")["installs"]
    ids = [row["id"] for row in installs]
    assert set(successful(listed(empty, tmp_path / "id", {"filters": {"user": "alice"}, "hostname": "id"})).hosts) == set(ids)
    seed(empty, 1, record={"url": "https://site00001.example"})
    inventory = listed(empty, tmp_path / "url", {"filters": {"user": "alice"}})
    ids = {variables["itron_id"]: name for name, variables in inventory.hosts.items()}
    assert "hostname: 1 names belong to several sites (site00001.example)" in inventory.errors
    assert sorted(ids.values()) == sorted(["site00002.example"] + [
        "site00001.example_%s" % id for id, name in ids.items() if name != "site00002.example"])


@pytest.mark.parametrize(("config", "message"), [
    ({"filters": {"aplication": ["wordpress"]}}, "filters: unsupported option: aplication"),
    ({"filters": {"version_available": "perhaps"}}, "version_available"),
    ({"filters": {"user": ""}}, "filters.user: must not be empty"),
    ({"filters": {"domain": ["*.bücher.example"]}}, "filters.domain: *.bücher.example contains characters other than ASCII"),
    ({"filters": ["alice"]}, "filters"),
    ({"user": "alice"}, "unsupported option: user. Set user and q in filters."),
    ({"hostname": "title"}, "hostname"),
    ({"vars_prefix": "ansible_"}, "vars_prefix: ansible_"),
    ({"variables": ["db_pass"]}, "variables: itron_install_info does not return db_pass"),
    ({"timeout": "soon"}, "timeout"),
    ({"timeout": 0}, "timeout: must be more than 0 seconds"),
    ({"retries": -1}, "retries: must be 0 or more"),
    ({"api_url": "installatron.example.com"}, "api_url: installatron.example.com is not an http:// or https:// address"),
    ({"api_url": "{{ nowhere }}"}, "api_url: "),
    ({"api_key": "k3y"}, "api_key: shorter than 8 characters"),
    ({"api_key": "wrong-" + CANARY}, "installs: the server refused"),
    ({"client_key": "/key.pem"}, "client_key: requires client_cert"),
    ({"transport": "cli", "cli_path": "/nowhere"}, "cli_path: cannot run /nowhere"),
    ({"api_url": "http://127.0.0.1:1/x", "retries": 0}, "no connection to http://127.0.0.1:1/x"),
])
def test_error_names_option(empty, tmp_path, config, message):
    inventory = listed(empty, tmp_path, config)
    assert inventory.status != 0
    assert message in inventory.errors
    assert CANARY not in inventory.errors and KEY not in inventory.errors
    assert "Traceback" not in inventory.errors


@pytest.mark.parametrize("name", ["ITRON_API_URL", "ITRON_API_KEY"])
def test_missing_credential(empty, tmp_path, name):
    inventory = listed(empty, tmp_path, {}, **{name: None})
    assert inventory.status != 0
    assert "%s: required" % name[6:].lower() in inventory.errors and name in inventory.errors


def test_verify_file(empty, tmp_path):
    done = run(empty, tmp_path, "ansible-inventory", "-i", write(tmp_path, {}, "sites.yml"), "--list")
    assert done.returncode != 0
    assert commands(empty) == []


def test_options_templated(empty, tmp_path):
    seed(empty, 1)
    config = {"api_key": "{{ key_of_server }}", "transport": "cli", "cli_path": empty.ready["cli"],
              "filters": {"user": "{{ customer }}"}}
    inventory = successful(listed(empty, tmp_path, config, "-e", json.dumps({
        "key_of_server": KEY, "customer": "alice"}), ITRON_API_URL=None, ITRON_API_KEY=None))
    assert set(inventory.hosts) == {"site00001.example"}


def test_scale_cache(tmp_path):
    sandbox = Sandbox(tmp_path / "sandbox")
    try:
        record = {"db-pass": CANARY, "cf-passwd": CANARY, "cf-cryptkey": CANARY,
                  "cf-dsn": "mysql://web:%s@db.example/x" % CANARY,
                  "path": "ftp://web:%s@files.example/home" % CANARY, "bkloc": "ftp://web:%s@files.example/b" % CANARY,
                  "title": "My blog, password %s" % CANARY}
        seed(sandbox, 10000, record=record)
        config = dict(JSONFILE, filters={"user": "alice"}, keyed_groups=[{"key": "itron_application", "separator": ""}])
        cold = successful(listed(sandbox, tmp_path, config))
        assert len(cold.hosts) == len(cold.groups["wordpress"]) == 10000
        assert commands(sandbox) == ["installs"]
        kept = [path.read_text(encoding="utf-8") for path in (tmp_path / "cache").iterdir()]
        assert len(kept) == 1 and "site09999.example" in kept[0]
        for secret in (CANARY, KEY):
            assert secret not in kept[0] and secret not in cold.output
    finally:
        sandbox.stop()
    # Neither the server nor the key is required.
    warm = successful(listed(sandbox, tmp_path, config, ITRON_API_KEY=None))
    assert warm.output == cold.output


def test_cache_refresh(empty, tmp_path):
    seed(empty, 1)
    config = dict(JSONFILE, filters={"user": "alice"})

    def count(**changes):
        return len(successful(listed(empty, tmp_path, dict(config, **changes))).hosts), commands(empty)

    assert count() == (1, ["installs"])
    seed(empty, 1)
    assert count() == (1, [])
    assert count(cache=False) == (2, ["installs"])
    assert count() == (1, [])
    (tmp_path / "playbook.yml").write_text(json.dumps(PLAYBOOK), encoding="utf-8")
    path = write(tmp_path, config)
    done = run(empty, tmp_path, "ansible-playbook", "-i", path, "playbook.yml", "--list-hosts", "--flush-cache")
    assert "hosts (2)" in done.stdout and commands(empty) == ["installs"]
    assert count() == (2, [])
    assert count(filters={"user": "alice", "domain": ["site00001.*"]}) == (1, [])
    assert count(filters={"user": "alice", "q": "00001"}) == (1, ["installs"])
    assert count(filters={"user": "bob"}) == (0, ["installs"])
    for path in (tmp_path / "cache").iterdir():
        assert KEY not in path.name and "alice" not in path.name


def websites(user, count):
    """Return the website of the seeded installs of a user."""
    hosts = ["site%05d.example" % number for number in range(1, count + 1)]
    vhosts = {"http://%s" % host: host for host in hosts}
    return [{"id": "seedwordpress", "path": "/var/www/seed/%s" % user, "vhosts": vhosts}]


PLAYBOOK = [{
    "name": "All sites get a title", "hosts": "all", "gather_facts": False, "serial": [1, 5, "25%"],
    "module_defaults": {"group/hostops.installatron.itron": {"websites": websites("alice", 20)}},
    "tasks": [{"name": "Title", "hostops.installatron.itron_install": {
        "user": "{{ itron_owner }}", "url": "{{ itron_url }}", "sitetitle": "Title of {{ inventory_hostname }}"}}]}]


def test_serial_limit_forks(empty, tmp_path):
    seed(empty, 20)
    path = write(tmp_path, {"filters": {"user": "alice"}})
    (tmp_path / "playbook.yml").write_text(json.dumps(PLAYBOOK), encoding="utf-8")

    def drive(*arguments):
        done = run(empty, tmp_path, "ansible-playbook", "-i", path, "playbook.yml", *arguments)
        assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
        plays = done.stdout.partition("PLAY RECAP")[0].split("PLAY [")[1:]
        batches = [len(re.findall(r"(?m)^(?:changed|ok): ", text)) for text in plays]
        sent = [command for command in commands(empty) if command == "edit"]
        return batches, len(re.findall("changed=1", done.stdout)), len(sent)

    assert drive("--limit", "site0000*:!site00009.example", "--check") == ([1, 5, 2], 8, 0)
    assert drive("--limit", "site0000*:!site00009.example") == ([1, 5, 2], 8, 8)
    assert drive("--forks", "3") == ([1, 5, 5, 5, 4], 12, 12)
    assert drive() == ([1, 5, 5, 5, 4], 0, 0)
    titles = {row["url"]: row["record"]["cf-sitetitle"] for row in empty.control("GET", "/state")["installs"]}
    assert titles["http://site00007.example"] == "Title of site00007.example"


def examples():
    """Return the examples of the plugin: the uncommented one and those in comments."""
    source = (ROOT / "plugins" / "inventory" / "itron.py").read_text(encoding="utf-8")
    document = source.partition('EXAMPLES = r"""')[2].partition('"""')[0]
    blocks = re.findall(r"(?m)^#   plugin: (?:.*\n#   )*.*$", document)
    return [document, *(re.sub(r"(?m)^#   ", "", block) for block in blocks)]


def test_examples_complete():
    assert [sorted(yaml.safe_load(text)) for text in examples()] == [
        ["api_url", "filters", "groups", "keyed_groups", "plugin", "strict"], ["plugin"],
        ["api_url", "cache", "cache_connection", "cache_plugin", "cache_timeout", "compose", "filters", "plugin"]]


@pytest.mark.parametrize("number", range(len(examples())))
def test_example(empty, tmp_path, number):
    for user in (None, "reseller1", "alice"):
        seed(empty, 1, user=user, domain="www{n}.example.com", version="6.4.1")
    text = examples()[number].replace("https://installatron.example.com/server/v1", empty.url)
    inventory = successful(listed(empty, tmp_path, text))
    assert len(inventory.hosts) == 1
    assert commands(empty) == ["installs"]
    config = yaml.safe_load(text)
    if "groups" in config:
        assert {"wordpress", "version_6_4_1", "owner_reseller1", "outdated"} <= set(inventory.groups)
    if "compose" in config:
        assert list(inventory.hosts.values())[0]["series"] == "6.4"


def test_examples_playbook(empty, tmp_path):
    seed(empty, 2, user="reseller1", version="6.4.1")
    text = examples()[0].replace("https://installatron.example.com/server/v1", empty.url)
    playbook = "\n".join(line[2:] for line in ("# - name" + examples()[0].partition("\n# - name")[2]).splitlines())
    (tmp_path / "playbook.yml").write_text(playbook, encoding="utf-8")
    path = write(tmp_path, text)
    done = run(empty, tmp_path, "ansible-playbook", "-i", path, "playbook.yml", "--limit", "version_6_4_*",
               "-e", json.dumps({"websites_of": {"reseller1": websites("reseller1", 2)}}))
    assert done.returncode == 0 and done.stdout.count("changed=1") == 2, done.stdout + done.stderr
    assert commands(empty).count("upgrade") == 2
