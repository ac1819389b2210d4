# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for AWX as code: the playbooks of the project, and the objects as data; pure functions. This is a private util of the collection."""

from __future__ import annotations

import posixpath
from typing import Any

import yaml

from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_description import check_description
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_objects import INVENTORY_FILE, awx_objects
from ansible_collections.hostops.installatron.plugins.plugin_utils._awx_playbooks import PLAYBOOKS

_PLAYBOOK = """\
---
# AWX lists a file as a playbook if it contains this keyword. The collection contains the playbook itself.
- name: %s
  import_playbook: hostops.installatron.%s
"""
_INVENTORY = """\
---
# The sites of the server as hosts, for your own playbooks. The credential of the inventory source provides the address and the key.
plugin: hostops.installatron.itron
filters:
  # All sites of the server, not only those of its administrator.
  owned_accounts: true
keyed_groups:
  - key: itron_application
    separator: ""
"""
_CONFIGURATION = """\
---
# Created by the role hostops.installatron.awx for the collection infra.aap_configuration. It contains no secrets, only the names of their variables.
"""


def awx_project_files(description: dict[str, Any]) -> list[dict[str, str]]:
    """Return C(path) and C(content) of each file of the project. Raises InputError."""
    checked = check_description(description)
    folder = checked["project"]["folder"]
    names = dict.fromkeys(PLAYBOOKS[key].playbook for key in checked["playbooks"])
    files = [{"path": posixpath.join(folder, "%s.yml" % name), "content": _PLAYBOOK % (PLAYBOOKS[name].title, name)} for name in names]
    return files + [{"path": posixpath.join(folder, INVENTORY_FILE), "content": _INVENTORY}]


def awx_configuration(description: dict[str, Any]) -> str:
    """Return the objects as a variables file for infra.aap_configuration. Raises InputError."""
    objects = awx_objects(description)
    for credential in objects["controller_credentials"]:
        credential["inputs"] = {"api_url": credential.pop("api_url"), "api_key": Template("{{ %s }}" % credential.pop("api_key_variable"))}
        credential["update_secrets"] = False
    for notification in objects["controller_notifications"]:
        notification["notification_configuration"] = Template("{{ %s }}" % notification.pop("configuration_variable"))
    return _CONFIGURATION + yaml.dump(objects, Dumper=_Dumper, sort_keys=False, width=150, allow_unicode=True)


class Template(str):
    """A string that Ansible must template."""


class _Dumper(yaml.SafeDumper):
    """Marks the templates of AWX, which Ansible must not evaluate."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write no aliases, for better readability."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Represent a string of AWX."""
    return dumper.represent_scalar("!unsafe" if "{{" in text else "tag:yaml.org,2002:str", text, style="|" if "\n" in text else '"' if "{{" in text else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Template, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"'))
