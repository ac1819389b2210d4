# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base class of action plugins that run an operation on the controller. This is a private util of the collection."""

from __future__ import annotations

import contextlib
import json
import os
import time

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.display import Display

from ansible_collections.hostops.installatron.plugins.module_utils._base.errors import InputError, shortened
from ansible_collections.hostops.installatron.plugins.module_utils._base.orphan import ended_unless, parent_lives
from ansible_collections.hostops.installatron.plugins.module_utils._base.text import printable
from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run, silent
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.known import MIN_INSIDE_TEXT
from ansible_collections.hostops.installatron.plugins.module_utils._redaction.redact import Redactor, collect
from ansible_collections.hostops.installatron.plugins.module_utils._wire.transport import REQUESTS_IMPORT_ERROR

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:
    register_secrets = None

display = Display()

# Before ansible-core 2.19, display.warning() does not add a warning to the result, and warnings in the result are printed.
RESULT_CARRIES_WARNINGS = [int(part) for part in core_version.split(".")[:2]] < [2, 19]

# Minimum seconds between two progress lines.
PROGRESS_INTERVAL = 1.0
# Callbacks whose output would be broken by additional lines.
SILENT_CALLBACKS = frozenset(("null", "json", "jsonl", "oneline", "dense", "selective", "tree"))


class ItronAction(ActionBase):
    """Runs an Operation in the process of the controller, or runs the module of the same name on the target.

    The module is required if only the target can reach the API (O(run_on=target), O(transport=cli)), and for C(async).
    Subclasses set C(operation).
    """

    operation = None
    _given_environment = None
    _supports_check_mode = True
    _supports_async = True
    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        """Run the task and return its result."""
        super().run(tmp, task_vars)
        if self._given_environment is None:
            self._given_environment = self._task.environment
        # A retry of the task needs the full environment again.
        self._task.environment = self._given_environment
        with _environment(self._task_environment()):
            # Store plain values in the task as well: Ansible returns the arguments with the result, and tagged strings make that slow.
            self._task.args = _plain(self._task.args)
            params, messages = self.operation.spec.validate(self._task.args)
        if not messages:
            try:
                params = self._complete(params)
            except InputError as error:
                messages = [error.text()]
        secrets = collect(params)
        if register_secrets is not None:
            # A short secret ("admin") would mask parts of other words. The result never contains secrets.
            register_secrets([value for value in secrets if len(value) >= MIN_INSIDE_TEXT])
        if messages:
            return _failed("%s: %s" % (self.operation.name, Redactor(secrets).text("; ".join(messages + self._connection_hint(params)))))
        with ended_unless(parent_lives()):
            return self._carry_out(params, task_vars or {})

    def _carry_out(self, params, task_vars):
        """Run the operation here, or the module on the target; return the result."""
        # An operation without a server has no connection options.
        if self._task.async_val or params.get("transport") == "cli" or params.get("run_on") == "target":
            return self._run_module(params, task_vars)
        if REQUESTS_IMPORT_ERROR and "transport" in params:
            return _failed(missing_required_lib("requests"))
        outcome = run(self.operation, params, self._task.check_mode, self._task.diff, _progress(self._task))
        return _with_warnings(outcome)

    def _run_module(self, params, task_vars):
        """Run the module on the target, with the credentials from the controller's environment."""
        arguments = dict(self._task.args)
        for name, option in self.operation.spec.options.items():
            if "fallback" in option and name not in arguments and params[name] != option.get("default"):
                arguments[name] = params[name]
        try:
            arguments = self._for_module(arguments, params)
        except InputError as error:
            return _failed("%s: %s" % (self.operation.name, error.text(Redactor(collect(params)).text)))
        # Keep this after the call, because Ansible polls an async job with the keywords of the task.
        self._task.environment = self._without_fallbacks(self._given_environment)
        # The system log of the target would contain the options, including passwords in paths.
        task_vars = dict(task_vars, ansible_no_target_syslog=True)
        return self._execute_module(module_name="hostops.installatron.%s" % self.operation.name, module_args=arguments,
                                    task_vars=task_vars, wrap_async=self._task.async_val)

    def _complete(self, params):
        """Return the options, completed by data that only the controller can read. Raises InputError."""
        return params

    def _for_module(self, arguments, params):
        """Return the arguments of the module. Raises InputError."""
        return arguments

    def _connection_hint(self, params):
        """Return a list with a hint for missing connection options, or an empty list."""
        if "api_key" not in self.operation.spec.options or all(params.get(option) for option in ("api_key", "api_url")):
            return []
        return ["api_url and api_key can also be set in the environment (ITRON_API_URL, ITRON_API_KEY)"]

    def _task_environment(self):
        """Return the variables of the keyword C(environment) of task, block, and play."""
        values = {}
        self._compute_environment_string(values)
        return {str(name): str(value) for name, value in values.items()}

    def _without_fallbacks(self, environments):
        """Return the keyword C(environment) without the fallbacks of options, such as the API key. The module receives those as options.

        Ansible puts the environment into command lines, which all users of the target can read.
        """
        names = {name for option in self.operation.spec.options.values() for name in option.get("fallback", (None, ()))[1]}
        return [{name: value for name, value in item.items() if name not in names} if isinstance(item, dict) else item
                for item in (environments if isinstance(environments, list) else [environments])]


class _Progress:
    """Prints progress lines, at most one per second and without repetition. Lines with always are never dropped."""

    def __init__(self, action):
        self._action = action
        self._last = None
        self._next = 0.0

    def __call__(self, text, always=False):
        now = time.monotonic()
        if not always and (text == self._last or now < self._next):
            return
        self._last, self._next = text, now + PROGRESS_INTERVAL
        display.display(printable("%s: %s" % (self._action, text)))


def _progress(task):
    """Return the function that reports the progress of a task. It is silent if programs read the output, and with no_log."""
    callback = str(C.DEFAULT_STDOUT_CALLBACK).rpartition(".")[2]
    if task.no_log or callback in SILENT_CALLBACKS:
        return silent
    return _Progress(task.action)


@contextlib.contextmanager
def _environment(values):
    """Extend the environment of the process temporarily, for the fallbacks of options. This is safe because a worker runs one task at a time."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _plain(args):
    """Return the options as plain Python values, because other libraries do not support Ansible's types."""
    try:
        return json.loads(json.dumps(args, default=str))
    except (TypeError, ValueError) as error:
        raise AnsibleError("cannot read the options: %s" % error) from error


def _with_warnings(outcome):
    """Return the result of an outcome. Its warnings are printed and registered, like those of a module."""
    if RESULT_CARRIES_WARNINGS:
        return dict(outcome.result, warnings=list(outcome.warnings)) if outcome.warnings else outcome.result
    for warning in outcome.warnings:
        display.warning(warning)
    return outcome.result


def _failed(message):
    """Return the result of a task that failed before it read anything."""
    return {"failed": True, "changed": False, "msg": shortened(message)}
