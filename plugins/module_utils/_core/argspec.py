# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: BSD-2-Clause
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Groups of options with their constraints: connection, header, waiting. This is a private util of the collection."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._base.errors import InputError


class ArgumentSpec:
    """Options with their constraints.

    Arguments:
        options: name -> specification in the format of AnsibleModule.
        constraints: mutually_exclusive, required_together, required_one_of, required_if, required_by.
    """

    NAMES = ("mutually_exclusive", "required_together", "required_one_of", "required_if")

    def __init__(self, options: dict[str, dict[str, Any]], **constraints: Any) -> None:
        self.options = dict(options)
        self.constraints: dict[str, list[Any]] = {name: list(constraints.pop(name, ())) for name in self.NAMES}
        self.required_by: dict[str, list[str]] = dict(constraints.pop("required_by", {}))
        self._unmasked: dict[str, Any] | None = None
        if constraints:
            raise TypeError("unknown constraints: %s" % ", ".join(sorted(constraints)))

    def merge(self, *others: ArgumentSpec) -> ArgumentSpec:
        """Return a new ArgumentSpec that combines this one with others. Raises TypeError for duplicate options."""
        merged = ArgumentSpec(self.options, required_by=self.required_by, **self.constraints)
        for other in others:
            twice = set(merged.options) & set(other.options)
            if twice:
                raise TypeError("options defined twice: %s" % ", ".join(sorted(twice)))
            merged.options.update(other.options)
            merged.required_by.update(other.required_by)
            for name in self.NAMES:
                merged.constraints[name] += other.constraints[name]
        return merged

    def to_kwargs(self) -> dict[str, Any]:
        """Return the keyword arguments for AnsibleModule or ArgumentSpecValidator."""
        return dict(self.constraints, argument_spec=self.options, required_by=self.required_by)

    def validate(self, values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Validate options as AnsibleModule does.

        Arguments:
            values: option -> value from the user.

        Returns (options with types and defaults applied, list of error messages).
        """
        messages = list(_crashing_values(self.options, values))
        if messages:
            return values, messages
        if self._unmasked is None:
            self._unmasked = _without_no_log(self.options)
        validation = ArgumentSpecValidator(**dict(self.to_kwargs(), argument_spec=self._unmasked)).validate(values)
        # The error for unknown options contains only their names.
        return validation.validated_parameters, ["unsupported option: %s" % error if isinstance(error, UnsupportedError) else str(error)
                                                 for error in validation.errors]


def _without_no_log(options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return options without no_log.

    Since ansible-core 2.22, the validation registers no_log values for masking in all output, so a password C(admin) would mask
    parts of "wp-admin" and each login. Callers mask values with a Redactor instead.
    """
    return {name: dict(option, no_log=False, **({"options": _without_no_log(option["options"])} if "options" in option else {}))
            for name, option in options.items()}


def _crashing_values(options: dict[str, dict[str, Any]], values: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield a message for each value that causes a traceback in the validation of ansible-core.

    These are infinite numbers, and values other than dictionaries for options with suboptions. ansible-core validates all other
    values. The messages do not quote values, which may be secret.
    """
    for name, option in options.items():
        value, kind = values.get(name), option.get("type", "str")
        if kind in ("int", "float") and not _is_finite(value):
            yield "argument '%s%s' is not a finite number" % (prefix, name)
        elif "options" in option and value is not None:
            tables = value if kind == "list" and isinstance(value, list) else [value]
            for index, table in enumerate(tables):
                if isinstance(table, dict):
                    yield from _crashing_values(option["options"], table, "%s%s%s." % (prefix, name, "[%d]" % index if kind == "list" else ""))
                elif table is not None and not isinstance(table, str) and (kind == "dict" or isinstance(value, list)):
                    yield "argument '%s%s' must be a dictionary, not a value of type %s" % (prefix, name, type(table).__name__)


def _is_finite(value: Any) -> bool:
    """Return whether a value is a finite number, or not a number, which ansible-core rejects."""
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return True
    except OverflowError:
        return False


class QuickCheck:
    """Recognizes options that require no conversion, so that thousands of sites do not each require the full validation.

    Arguments:
        spec: an ArgumentSpec without required options and fallbacks, and only with constraints that this class checks.
    """

    _EXACT = {"str": str, "bool": bool, "int": int, "dict": dict}

    def __init__(self, spec: ArgumentSpec) -> None:
        self._defaults = {name: option.get("default") for name, option in spec.options.items()}
        self._types = {name: self._EXACT[option["type"]] for name, option in spec.options.items()
                       if option["type"] in self._EXACT and "options" not in option and "choices" not in option}
        self._choices = {name: frozenset(option["choices"]) for name, option in spec.options.items() if "choices" in option}
        self._lists = {name for name, option in spec.options.items() if option["type"] == "list" and option["elements"] == "str"}
        self._one_of = spec.constraints["required_one_of"]
        self._exclusive = spec.constraints["mutually_exclusive"]

    def __call__(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return the same options as ArgumentSpec.validate(), or None if the full validation is required."""
        for name, value in values.items():
            exact = self._types.get(name)
            if exact is not None:
                # The exact type, because bool is a subclass of int, and Ansible's subclasses of str may contain a template.
                if value.__class__ is not exact:
                    return None
            elif name in self._choices:
                if value.__class__ is not str or value not in self._choices[name]:
                    return None
            elif name not in self._lists or value.__class__ is not list or not all(item.__class__ is str for item in value):
                return None
        if not all(any(name in values for name in names) for names in self._one_of):
            return None
        if any(sum(name in values for name in names) > 1 for names in self._exclusive):
            return None
        return dict(self._defaults, **values)


def env(name: str) -> tuple[Callable[..., Any], list[str]]:
    """Return a fallback to an environment variable."""
    return (env_fallback, [name])


CONNECTION = ArgumentSpec({
    "api_url": {"type": "str", "fallback": env("ITRON_API_URL")},
    "api_key": {"type": "str", "required": True, "no_log": True, "fallback": env("ITRON_API_KEY")},
    "validate_certs": {"type": "bool", "default": True, "fallback": env("ITRON_VALIDATE_CERTS")},
    "ca_path": {"type": "path", "fallback": env("ITRON_CA_PATH")},
    "client_cert": {"type": "path", "fallback": env("ITRON_CLIENT_CERT")},
    "client_key": {"type": "path", "no_log": False, "fallback": env("ITRON_CLIENT_KEY")},
    "timeout": {"type": "float", "default": 30, "fallback": env("ITRON_TIMEOUT")},
    "retries": {"type": "int", "default": 3, "fallback": env("ITRON_RETRIES")},
    "max_reply_size": {"type": "int", "default": 256, "fallback": env("ITRON_MAX_REPLY_SIZE")},
    "transport": {"type": "str", "choices": ["http", "cli"], "default": "http", "fallback": env("ITRON_TRANSPORT")},
    "cli_path": {"type": "path", "default": "/usr/local/installatron/installatron", "fallback": env("ITRON_CLI_PATH")},
    "run_on": {"type": "str", "choices": ["controller", "target"], "default": "controller", "fallback": env("ITRON_RUN_ON")},
}, required_if=[("transport", "http", ["api_url"])], required_by={"client_key": ["client_cert"]})

# Address of v2 (rest-v2.md section 1). Only the modules that read users require it.
REST = ArgumentSpec({"rest_url": {"type": "str", "fallback": env("ITRON_REST_URL")}})

# The members of a website (section 3.1). path may contain credentials. It has no no_log, because errors must show the rest of
# the path; the redactor masks the credentials.
WEBSITE = {
    "id": {"type": "str"},
    "label": {"type": "str"},
    "path": {"type": "str"},
    "vhosts": {"type": "dict"},
    "email": {"type": "str"},
    "uid": {"type": "int"},
    "gid": {"type": "int"},
    "server": {"type": "str"},
    "vhost_ip": {"type": "str"},
    "path_backups": {"type": "str"},
    "mysql_host": {"type": "str"},
    "language": {"type": "str"},
    "suspended": {"type": "bool"},
    "db_mode": {"type": "str"},
    "databases": {"type": "list", "elements": "dict", "options": {
        "type": {"type": "str", "default": "mysql"},
        "host": {"type": "str"},
        "name": {"type": "str", "required": True},
        "user": {"type": "str"},
        "pass": {"type": "str", "no_log": True},
    }},
    "custom": {"type": "dict"},
}

HEADER = ArgumentSpec({
    "user": {"type": "str"},
    "reseller": {"type": "str"},
    "websites": {"type": "list", "elements": "dict", "options": WEBSITE},
})

# For operations that always wait.
PACE = ArgumentSpec({
    "wait_timeout": {"type": "float", "default": 900},
    "poll_interval": {"type": "float", "default": 2},
})
WAIT = ArgumentSpec({"wait": {"type": "bool", "default": True}}).merge(PACE)


def given(options: dict[str, Any] | None) -> dict[str, Any]:
    """Return the options that are not None."""
    return {name: value for name, value in (options or {}).items() if value is not None}


def check_websites(site: dict[str, Any], where: str) -> None:
    """Validate the option websites of a site in place. where: name of the site in errors. Raises InputError that names the option."""
    if site.get("websites") is None:
        return
    checked, messages = HEADER.validate({"websites": site["websites"]})
    if messages:
        raise InputError("%s.%s" % (where, "; ".join(messages)))
    site["websites"] = checked["websites"]
