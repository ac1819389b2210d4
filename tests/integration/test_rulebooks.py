# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks of the collection in ansible-rulebook against the sandbox: from the event on the server to the response."""

import http.server
import json
import threading

import pytest
from awx_api import TOKEN
from awx_tools import Awx
from harness import KEY, USER
from role_runs import call, install
from rulebook_runs import Rulebook, missing_requirement

pytestmark = pytest.mark.skipif(bool(missing_requirement()), reason=missing_requirement() or "")

HOSTS = ["site%05d.example" % number for number in range(1, 5)]
OLD, NEW = "6.5.5", "6.5.6"


@pytest.fixture
def rulebook(sandbox, tmp_path):
    """A function that starts a rulebook of the collection with an empty sandbox."""
    sandbox.reset()
    started = []

    def start(name, folder="run", **more):
        started.append(Rulebook(sandbox, tmp_path / folder, "hostops.installatron.%s" % name, **more))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def commands(sandbox, *names):
    """Return the requests with some commands, in order."""
    return [request for request in sandbox.control("GET", "/requests") if request["command"] in names and not request["dryrun"]]


def versions(sandbox):
    """Return versions by host."""
    return {row["url"].partition("://")[2]: row["version"] for row in sandbox.control("GET", "/state")["installs"]}


def test_security_release_canary_first(sandbox, rulebook):
    ids = sandbox.control("POST", "/seed", {"count": 4, "user": USER, "files": True, "version": OLD})["ids"]
    health = {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}
    run = rulebook("security_release", variables={"itron_applications": ["wordpress"], "itron_canary": ["*site00003*"], "itron_soak": 0},
                   host={"safe_update_health": health, "safe_update_poll_interval": 0.05, "safe_update_health_delay": 0.05})
    run.wait_for_first_poll("sites")
    begun = sandbox.control("GET", "/requests")[-1]["n"]
    sandbox.control("POST", "/releases", {"appid": "wordpress", "version": NEW, "tags": ["security"]})
    run.wait(lambda: set(versions(sandbox).values()) == {NEW}, "not every site was patched")
    run.wait_for_jobs()

    requests = [request for request in sandbox.control("GET", "/requests") if request["n"] > begun]
    # The source requests the release within two intervals: one may have started before the release, and one is for another list.
    assert [request["command"] for request in requests].index("browser") <= 2
    upgraded = [request["arguments"]["id"] for request in requests if request["command"] == "upgrade" and not request["dryrun"]]
    assert upgraded[0] == ids[2] and sorted(upgraded) == sorted(ids)
    # The canary was finished before the next site was started.
    first, second = [place for place, request in enumerate(requests) if request["command"] == "upgrade" and not request["dryrun"]][:2]
    assert any(request["command"] == "installs" for request in requests[first + 1:second])
    assert KEY not in run.log


def test_other_application_untouched(sandbox, rulebook):
    sandbox.control("POST", "/seed", {"count": 1, "user": USER, "version": "6.4.3"})
    run = rulebook("security_release", variables={"itron_applications": ["joomla"]})
    run.wait(lambda: "'kind': 'security_release'" in run.log and len(commands(sandbox, "installs")) > 3, "no event")
    assert set(versions(sandbox).values()) == {"6.4.3"}


def test_backup_too_old(sandbox, rulebook):
    for host in HOSTS[:2]:
        row = install(sandbox, host, HOSTS)
        call(sandbox, "backup", HOSTS, id=row["id"])
    run = rulebook("backups", variables={"itron_backup_max_age": "24h", "itron_backups_interval": 1})
    run.wait_for_first_poll("backups")
    assert "'kind'" not in run.log
    sandbox.control("DELETE", "/requests")
    sandbox.control("POST", "/backups", {"url": "http://%s" % HOSTS[1], "ages": [90000]})
    run.wait(lambda: commands(sandbox, "backup"), "no backup was created")
    run.wait_for_jobs()
    assert [request["arguments"]["id"] for request in commands(sandbox, "backup")] == [row["id"]]
    assert KEY not in run.log


class Chat(http.server.BaseHTTPRequestHandler):
    """Receives messages as a chat service does."""

    def do_POST(self):
        """Receive a message."""
        self.server.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        """Do not log."""


@pytest.fixture
def chat():
    """A server that receives messages. C(messages) contains them."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    server.messages = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_task_failed_message(sandbox, rulebook, chat, tmp_path):
    row = install(sandbox, HOSTS[0], HOSTS, db_pass="Canary-4711-secret")
    run = rulebook("task_failed", variables={"itron_webhook_url": "http://127.0.0.1:%d/hook" % chat.server_port})
    run.wait_for_first_poll("tasks")
    planted = tmp_path / "planted"
    template = "{{ lookup('ansible.builtin.pipe', 'touch %s') }}" % planted
    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails", "message": "Error: %s Canary-4711-secret" % template})
    call(sandbox, "backup", HOSTS, id=row["id"], background="yes")
    run.wait(lambda: chat.messages, "no message")
    run.wait_for_jobs()
    text = chat.messages[0]["text"]
    assert text.startswith("task_failed: backup of http://%s (%s): Error: { { lookup" % (HOSTS[0], USER))
    assert not planted.exists()
    assert "Canary" not in text + run.log and KEY not in run.log


# Returns the message that a rulebook passes to a job template of the user.
REPORT = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.set_stats:
        data:
          message: "{{ ansible_eda.event.task.message }}"
"""


@pytest.fixture
def awx(sandbox, tmp_path):
    """An Awx with the templates of the role awx, and a template of the user for failed tasks."""
    template = {"title": "Task failed", "playbook": "report.yml", "ask_variables": True}
    found = Awx(sandbox, tmp_path / "awx", files={"report.yml": REPORT}, own_templates=[template])
    yield found
    found.stand_in.stop()


def test_awx_job_templates(sandbox, rulebook, awx):
    row = install(sandbox, HOSTS[0], HOSTS, version=OLD)
    run = rulebook("awx", variables={"itron_applications": ["wordpress"], "itron_organization": "Hosting"},
                   arguments=["--controller-url", awx.stand_in.url, "--controller-token", TOKEN])
    run.wait(lambda: awx.done("Backup audit"), "the missing backup was not reported")
    audit, = awx.done("Backup audit")
    assert audit.status == "failed" and "http://%s" % HOSTS[0] in audit.output and audit.extra_vars["survey_backup_audit_max_age"] == "26h"

    run.wait_for_first_poll("tasks")
    sandbox.control("POST", "/releases", {"appid": "wordpress", "version": NEW, "tags": ["security"]})
    run.wait(lambda: awx.done("Emergency patch"), "nothing was patched")
    assert set(versions(sandbox).values()) == {NEW} and [job.status for job in awx.done("Emergency patch")] == ["successful"]

    sandbox.control("POST", "/faults", {"command": "backup", "fault": "task_fails", "message": "Error: words"})
    call(sandbox, "backup", HOSTS, id=row["id"], background="yes")
    run.wait(lambda: awx.done("Task failed"), "the failed task was not reported")
    assert awx.done("Task failed")[0].artifacts == {"message": "Error: words"}
    assert KEY not in run.log


def test_source_failure_stops_rulebook(sandbox, rulebook):
    sandbox.control("POST", "/faults", {"command": "*", "fault": "refused", "errcode": "invalid_api_key", "times": 0})
    run = rulebook("task_failed", variables={"itron_webhook_url": "http://127.0.0.1:9/", "itron_interval": 0.05})
    assert run.wait_for_exit() != 0
    assert "refused the API key 3 times in a row" in run.log
    assert "One of the source plugins failed" in run.log


# The last test, because a job of the killed rulebook may continue for a while.
def test_event_repeated_after_kill(sandbox, rulebook):
    sandbox.control("POST", "/seed", {"count": 2, "user": USER, "files": True, "version": OLD})
    options = {"variables": {"itron_applications": ["wordpress"], "itron_soak": 0},
               "host": {"safe_update_health": {"url_ip": "127.0.0.1", "port": sandbox.ready["port"]}, "safe_update_poll_interval": 0.05}}
    first = rulebook("security_release", **options)
    first.wait_for_first_poll("sites")
    sandbox.control("POST", "/releases", {"appid": "wordpress", "version": NEW, "tags": ["security"]})
    first.wait(lambda: "'kind': 'security_release'" in first.log, "no event")
    first.stop()
    assert "'repeated': True" not in first.log
    second = rulebook("security_release", **options)
    second.wait(lambda: "'repeated': True" in second.log, "the event was not repeated")
    second.wait_for_jobs()
    second.wait(lambda: set(versions(sandbox).values()) == {NEW}, "not every site was patched")
