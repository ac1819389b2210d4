# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deliberate defects: each a replacement of one piece of text in one file, and the test that has to catch it."""

from collections import namedtuple

Defect = namedtuple("Defect", "name file search replace test")
Defect.__doc__ = """One defect.

name: what is wrong, in words. file: below plugins/. search: a text that stands there exactly once. replace: what stands
there instead. test: of pytest, below tests/, that has to fail then and only then.
"""

# Redirects are not followed for two reasons; this takes both away.
FOLLOWING = (
    'allow_redirects=not setattr(BoundedSession, "get_redirect_target", requests.Session.get_redirect_target)'
)
_UNIT = "unit/plugins/module_utils/test_%s.py::test_%s"
_PROMISE = "model/test_promises.py::test_%s"


def _utils(name, search, replace, test, test_file=None):
    """Return a Defect of a file in module_utils; C(name) is C(file: words).

    The test is one of the promises, or with C(test_file) one of the unit tests of that name.
    """
    file, _colon, words = name.partition(": ")
    pattern = _UNIT % (test_file, test) if test_file else _PROMISE % test
    return Defect(words, "module_utils/%s.py" % file, search, replace, pattern)


DEFECTS = (
    # --- nothing doubled, nothing lost ---
    _utils("_core/operation: a lost install is sent again without a look",
           "            answer = self._settle(step, error)\n", "            answer = None\n",
           "a_lost_answer_leads_to_no_second_install"),
    _utils("_wire/commands: a lost backup is sent again",
           '_write("backup", "3.9", _ALL, ("id", "expiry"), background=True, guarded=False)',
           '_write("backup", "3.9", _ALL, ("id", "expiry"), background=True)', "a_lost_backup_is_not_sent_again"),
    _utils("_wire/client: writes are repeated on HTTP 503",
           "repeatable=not writes)", "repeatable=True)", "a_busy_server_gets_no_write_twice"),
    _utils("_core/operation: a task of an earlier run is not waited for",
           "        if task is None:\n            return True\n",
           "        if task or not task:\n            return True\n",
           "a_running_backup_is_not_begun_again"),
    _utils("_install/origin: absent because a search finds nothing",
           '({"q": site_identity(url)}, {})', '({"q": site_identity(url)},)',
           "only_the_whole_list_says_that_a_site_is_absent"),
    _utils("_wire/client: HTTP 403 counts as an empty list",
           "        body = self._envelope(reply)\n        if command.name",
           "        if reply.status == 403:\n            return Answer([])\n        body = self._envelope(reply)\n"
           "        if command.name", "forbidden_is_not_absent"),
    _utils("_wire/client: a refused reading counts as an empty list",
           "                raise self._refused(body, reply.status)\n"
           "        self._check_success(body, reply)\n        data = ",
           "                return Answer([])\n        self._check_success(body, reply)\n        data = ",
           "a_list_that_cannot_be_read_is_no_empty_list"),
    _utils("_backup/plan: old backups go before the new one is made",
           'steps.insert(0, Step("backup"', 'steps.append(Step("backup"', "the_new_backup_comes_first"),
    _utils("_core/operation: old backups go before the new one is proven",
           "if step is not plan.steps[-1]:\n                    self.work.verify",
           "if False:\n                    self.work.verify",
           "old_backups_stay_until_the_new_one_is_proven"),
    _utils("_backup/plan: the last backup is removed",
           "if all(id_of(row) == id_of(backup) for row in current.backups):", "if not current.backups:",
           "the_last_backup_is_not_removed", "backup"),
    _utils("_backup/plan: retention forgets the new backup",
           "desired.keep - (1 if new else 0)", "desired.keep - 0",
           "retention_keeps_the_youngest_and_never_removes_the_last_one", "backup"),
    _utils("_installs/work: pruning removes what an item that failed had matched",
           "if any(job.error for job in self._jobs):\n            self.warnings",
           "if False:\n            self.warnings",
           "pruning_removes_nothing_when_an_item_cannot_be_matched"),
    _utils("_installs/work: pruning knows no limit",
           'if len(rows) > params["prune_limit"]:', "if False:", "pruning_stops_at_its_limit"),
    _utils("_installs/work: pruning removes what is listed",
           'if str(row.get("id")) not in kept and identity_of(str(row.get("url"))) not in sites\n', "if row\n",
           "pruning_leaves_the_sites_of_others_and_those_that_are_listed"),
    _utils("_installs/work: pruning looks at the sites of everybody",
           '        task = header(self._params)\n        if len(users) == 1:\n'
           '            task["user"] = next(iter(users))\n',
           '        task = dict(header(self._params), user=None)\n',
           "pruning_leaves_the_sites_of_others_and_those_that_are_listed"),
    _utils("_installs/items: two items for one site are not refused",
           "            if key in seen:", "            if key in ():", "doubles_in_a_list_are_refused"),
    _utils("_install/plan: another application is overwritten",
           'if desired.application and desired.application != str(row.get("installer")):', "if False:",
           "another_application_is_left_alone", "plan"),
    _utils("_install/plan: an older version is installed over a newer one",
           'if current.target and version_key(current.target) < version_key(row.get("version")):', "if False:",
           "no_downgrade", "plan"),
    _utils("_user/plan: a user with sites is deleted",
           "    if not desired.force:\n        _check_is_empty", "    if False:\n        _check_is_empty",
           "sites_of_a_user_protect_the_user"),
    _utils("_base/versions: versions are compared as texts",
           'key.append((3, int(part), ""))', 'key.append((3, 0, part))', "order", "versions"),
    # --- the truth ---
    _utils("_core/operation: a step does not count as a change",
           "                self.changed = True\n                if answer.task and",
           "                if answer.task and",
           "check_mode_says_what_the_run_does_and_the_second_run_does_nothing"),
    _utils("_core/operation: a failure forgets the steps before it",
           "self.changed = earlier or self.work.moved(self.current, now)",
           "self.changed = self.work.moved(self.current, now)",
           "changed_is_true_when_a_later_step_fails"),
    _utils("_core/operation: what a failed step left behind is not looked at",
           "            now = self.work.look(step, self.current)\n        except",
           "            now = self.current\n        except",
           "changed_is_true_when_a_task_fails_that_may_have_changed_something"),
    _utils("_core/operation: the object is not read again",
           "        if plan.steps:\n            self._read_again(plan, answer)\n", "", "the_result_is_read_again"),
    _utils("_core/tasks: a task that left the list counts as done",
           "            if is_applied():\n", "            if is_applied() or True:\n",
           "a_task_that_left_the_list_without_a_result", "tasks"),
    _utils("_core/tasks: an unknown status counts as done",
           '"failed" if status in FAILED else "running"', '"failed" if status in FAILED else "done"',
           "an_unknown_status_means_still_running", "tasks"),
    _utils("_core/tasks: waiting has no deadline",
           "            if passed >= seconds:\n                return\n", "", "waiting_ends"),
    _utils("_installs/work: the sites of a list do not say whether they changed",
           '"changed": attempt.changed, "steps"', '"changed": False, "steps"',
           "every_site_of_a_list_says_whether_it_changed"),
    # --- check mode ---
    _utils("_core/operation: check mode carries out the plan",
           "        if self._check_mode:\n            self._dry_run(plan)",
           "        if False:\n            self._dry_run(plan)",
           "check_mode_says_what_the_run_does_and_the_second_run_does_nothing"),
    _utils("_wire/client: nothing guards against writes in check mode",
           "if writes and self.read_only:", "if False:", "nothing_that_writes_leaves_in_check_mode", "client"),
    _utils("_wire/client: a dry run is sent without dryrun",
           "dict(arguments, dryrun=DRYRUN[level])", "dict(arguments)",
           "check_mode_says_what_the_run_does_and_the_second_run_does_nothing"),
    _utils("_core/operation: the option dryrun is ignored",
           'self._level = params.get("dryrun", "none")', 'self._level = "none"', "check_mode_asks_the_server"),
    # --- the second run ---
    _utils("_install/plan: a password is sent in every run",
           'if desired.update_password == "always":', "if True:", "a_password_is_not_sent_unless_asked_for"),
    _utils("_core/model: lists are compared in their order",
           "    return sorted({str(part).strip() for part in parts if str(part).strip()})",
           "    return [str(part).strip() for part in parts if str(part).strip()]",
           "notifications_have_no_order"),
    _utils("_install/plan: the ids of backups in a diff come in any order",
           '        before["backups"] = sorted(current.backups)\n        steps.append',
           '        before["backups"] = list(current.backups)\n        steps.append',
           "removal", "plan"),
    # --- the wire ---
    _utils("_install/plan: an argument that install does not know",
           '    arguments = {"application": desired.application, "url": desired.url}\n    # Without',
           '    arguments = {"application": desired.application, "url": desired.url, "sitename": "x"}\n    # Without',
           "check_mode_says_what_the_run_does_and_the_second_run_does_nothing"),
    _utils("_wire/transport: redirects are followed",
           "allow_redirects=False", FOLLOWING, "a_redirect_is_not_followed", "transport"),
    _utils("_wire/transport: Retry-After is not limited",
           "return min(max(seconds, 0.0), MAX_RETRY_AFTER)", "return max(seconds, 0.0)", "retry_after_is_clamped",
           "transport"),
    _utils("_wire/bounded: an answer may trickle for ever",
           "        if left <= 0:\n            raise", "        left = 9\n        if False:\n            raise",
           "the_time_limit_holds_for_an_answer_that_trickles", "transport"),
    # --- TLS ---
    Defect("certificates are not verified", "module_utils/_wire/transport.py",
           "                verify=self._verify)\n", "                verify=False)\n",
           "integration/test_tls.py::test_certificates_that_are_refused"),
    Defect("REQUESTS_CA_BUNDLE has the last word", "module_utils/_wire/transport.py",
           "                verify=self._verify)\n", "                verify=None)\n",
           "integration/test_tls.py::test_a_bundle_in_the_environment_does_not_replace_the_options"),
    Defect("a missing certificate file ends in a traceback", "module_utils/_wire/transport.py",
           "except (requests.exceptions.RequestException, OSError) as error:",
           "except requests.exceptions.RequestException as error:",
           "integration/test_tls.py::test_certificates_that_are_refused"),
    Defect("the inventory plugin follows redirects", "module_utils/_wire/transport.py",
           "allow_redirects=False", FOLLOWING,
           "integration/test_tls.py::test_the_inventory_does_not_follow_a_redirect"),
    # --- secrets ---
    _utils("_redaction/labels: db-pass is not known to be a secret",
           '_SECRET_NAME = re.compile(r"pass|', '_SECRET_NAME = re.compile(r"', "secret_names", "redact"),
    _utils("_base/uri: passwords in URIs stay readable",
           "    if not uri.password:\n        return value", "    if uri.password:\n        return value",
           "mask_uri_keeps_what_is_no_secret", "redact"),
    _utils("_wire/client: the request is logged",
           '        payload = {"cmd": name, "key": self._key}\n',
           '        payload = {"cmd": name, "key": self._key}\n'
           '        __import__("logging").getLogger(__name__).warning("sending %s", payload)\n',
           "the_result_is_read_again"),
    _utils("_wire/transport: the command line gets the request among its arguments",
           "self._run([self.path], _encoded", 'self._run([self.path, json.dumps(payload)], _encoded',
           "the_command_line_gets_the_request_on_standard_input_only", "transport"),
    _utils("_wire/transport: passwords of ~/.netrc are sent",
           "        session.auth = _no_auth\n", "", "netrc_is_not_used", "transport"),
    _utils("_core/connection: no warning for plain http",
           'if parts.scheme == "http" and not _loopback(host):', "if False:",
           "warning_where_the_key_travels_in_clear_text", "connection"),
    _utils("_core/connection: a key of one character is accepted",
           "MIN_KEY_LENGTH = 8", "MIN_KEY_LENGTH = 1", "refused_options", "connection"),
    _utils("_redaction/labels: dumps of data are quoted",
           "    return text[:min(places)] + MASK if places else text", "    return text",
           "what_the_server_alone_knows_is_not_quoted", "redact"),
    _utils("_redaction/known: secrets in base64 are not found",
           "            for form in _encoded_forms(secret):", "            for form in ():",
           "a_known_secret_is_masked_in_every_spelling", "redact"),
    Defect("the key of the keyword environment gets into a command line", "plugin_utils/_action.py",
           "if name not in names} if isinstance(item, dict) else item", "} if isinstance(item, dict) else item",
           "integration/test_install_command_line.py::test_the_key_of_the_environment_is_in_no_command_line"),
    Defect("short secrets blacken words", "module_utils/_redaction/known.py",
           "MIN_INSIDE_TEXT = 8\n", "MIN_INSIDE_TEXT = 1\n",
           "secrets/test_short_secrets.py::test_other_output_stays_readable"),
    Defect("progress is shown in spite of no_log", "plugin_utils/_action.py",
           "if task.no_log or callback in", "if callback in",
           "integration/test_installs.py::test_progress_is_silent_where_silence_is_asked_for"),
    # --- the controller ---
    Defect("check mode of a task does not reach the operation", "plugin_utils/_action.py",
           "run(self.operation, params, self._task.check_mode,", "run(self.operation, params, False,",
           "integration/test_install_present.py::test_scenario"),
    Defect("warnings of an action are dropped", "plugin_utils/_action.py",
           "return _with_warnings(outcome)", "return outcome.result",
           "integration/test_install_info.py::test_a_site_that_cannot_be_visited_does_not_hide_the_others"),
    Defect("a text of the server is a template in the inventory", "inventory/itron.py",
           'if _MARK is not None and value and not isinstance(value, (bool, int)) and "{" in str(value):\n'
           "        return _MARK(value)\n",
           "if isinstance(value, str):\n        return (_TRUST or str)(value)\n",
           "fuzz/test_templates.py::test_inventory"),
    Defect("a template in a file of sites is taken as it is", "plugin_utils/_installs_from.py",
           "                if _has_template(value):\n", "                if False:\n",
           "integration/test_installs_from.py::test_errors_name_file_and_line"),
    Defect("a version in a file of sites is a number", "plugin_utils/_installs_from.py",
           'not in ("float", "timestamp")]', 'not in ("timestamp",)]',
           "integration/test_installs_from.py::test_a_version_is_no_number"),
    _utils("_base/orphan: work goes on when nobody waits for it",
           "return lambda: os.getppid() == parent", "return lambda: True",
           "a_child_ends_when_its_parent_is_gone", "orphan"),
)
