# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Runs an operation as a module on the target. Only this file uses AnsibleModule. This is a private util of the collection."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._base.orphan import ended_unless, somebody_reads
from ._core.operation import Operation, run
from ._redaction.known import MIN_INSIDE_TEXT
from ._redaction.redact import Redactor, collect
from ._wire.transport import REQUESTS_IMPORT_ERROR

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:
    register_secrets = None


def run_module(operation: Operation) -> None:
    """Run an Operation as an Ansible module: read the options, execute it, print the result and exit."""
    module = AnsibleModule(supports_check_mode=True, **operation.spec.to_kwargs())
    _mask(module, collect(module.params))
    if REQUESTS_IMPORT_ERROR and module.params.get("transport") == "http":
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR,
                         invocation=_invocation(module, Redactor(collect(module.params))))
    with ended_unless(somebody_reads()):
        outcome = run(operation, module.params, module.check_mode, module._diff)
    _mask(module, outcome.redactor.maskable)
    for warning in outcome.warnings:
        module.warn(warning)
    result = dict(outcome.result, invocation=_invocation(module, outcome.redactor))
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _mask(module: AnsibleModule, secrets: list[str]) -> None:
    """Register the long secrets with Ansible.

    A short secret ("admin") would mask parts of other words ("wp-admin"). The redactor already masks short secrets in the result.
    """
    module.no_log_values = {value for value in module.no_log_values.union(secrets) if len(value) >= MIN_INSIDE_TEXT}
    if register_secrets is not None:
        register_secrets(sorted(module.no_log_values))


def _invocation(module: AnsibleModule, redactor: Redactor) -> dict[str, Any]:
    """Return the masked options for -vvv. Ansible masks no_log options, but no passwords inside paths or URIs."""
    return {"module_args": redactor.value(module.params)}
