#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_app_facts."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_app_facts
short_description: Read the application catalog of Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Reads the applications and versions that Installatron Server can install, and the fields of each release, through
    the v1 API (C(browser), section 3.2).
  - Returns only the fact RV(ansible_facts.itron_apps).
  - The catalog is large. Use O(application) or a filter if only part of it is needed.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - This module does not modify state.
  diff_mode:
    support: N/A
    details:
      - This module does not modify state.
  idempotent:
    support: full
options:
  application:
    description:
      - Return only these applications, by their identifiers, for example V(wordpress). Corresponds to the API argument
        C(application) (section 3.2).
      - If this option is set, the server lists all releases of the given applications. If omitted, it lists the newest
        release of every application.
    type: list
    elements: str
  version:
    description:
      - Return only this release. Corresponds to the API argument C(version) (section 3.2).
      - Quote the version. YAML parses an unquoted V(6.10) as the number 6.1.
      - Requires exactly one O(application). O(version), O(from_version), and O(versions_available_from) are mutually
        exclusive.
    type: str
  from_version:
    description:
      - Return all releases starting with this one, each with RV(ansible_facts.itron_apps[].upgrade_from).
      - Corresponds to the API argument C(from-version) (section 3.2).
      - Requires exactly one O(application).
    type: str
  versions_available_from:
    description:
      - Instead of releases, return one entry with the versions that this version can be upgraded to.
      - The versions are in RV(ansible_facts.itron_apps[].versions_available) and
        RV(ansible_facts.itron_apps[].versions_available_minor).
      - Corresponds to the API argument C(versions-available-from) (section 3.2).
      - Requires exactly one O(application). It cannot be combined with the filters O(name), O(category), O(branch), and
        O(tags).
    type: str
  language:
    description:
      - Language of the returned texts, for example V(de). Corresponds to the API argument C(language) (section 3.2).
      - By default, this is the language of the website, or English.
    type: str
  name:
    description:
      - Return only applications whose name contains this text. The comparison is case-insensitive.
      - The module applies this filter, because the API has no argument for it.
    type: str
  category:
    description:
      - Return only applications in one of these categories, for example V(Content Management). The comparison is
        case-insensitive.
      - The module applies this filter.
    type: list
    elements: str
  branch:
    description:
      - Return only releases of one of these branches, for example V(current). The comparison is case-insensitive.
      - The module applies this filter.
    type: list
    elements: str
  tags:
    description:
      - Return only releases with one of these tags, for example V(security). The comparison is case-insensitive.
      - The module applies this filter.
    type: list
    elements: str
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
"""

EXAMPLES = r"""
- name: Read the application catalog
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"

- name: Show the newest version of each application
  ansible.builtin.debug:
    msg: "{{ ansible_facts.itron_apps | items2dict(key_name='application', value_name='version') }}"

- name: Read the newest releases of one category
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    category:
      - Content Management

- name: Read the fields of a WordPress release, in German
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    application: wordpress
    version: "6.4.3"
    language: de

- name: Show the fields that can be set
  ansible.builtin.debug:
    msg: "{{ ansible_facts.itron_apps[0].fields | dict2items | selectattr('value.settable') | map(attribute='key') }}"

- name: Read all security releases since a version
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    application: wordpress
    from_version: "6.3.5"
    tags:
      - security

- name: Read the available upgrades of a version
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    application: wordpress
    versions_available_from: "6.3.5"

- name: Show the newest available version
  ansible.builtin.debug:
    msg: "{{ ansible_facts.itron_apps[0].versions_available | last }}"
"""

RETURN = r"""
ansible_facts:
  description:
    - Facts that the module sets.
  type: dict
  returned: on success
  contains:
    itron_apps:
      description:
        - The releases in the order of the server, or one entry with O(versions_available_from).
        - Values that the server does not return are V(null).
      type: list
      elements: dict
      returned: on success
      contains:
        id:
          description:
            - Identifier of the release.
          type: str
          returned: for each release
          sample: "wordpress_6.4.2"
        application:
          description:
            - Identifier of the application.
          type: str
          returned: for each entry
          sample: "wordpress"
        version:
          description:
            - Version of the release, or the value of O(versions_available_from).
          type: str
          returned: for each entry
          sample: "6.4.2"
        versions_available:
          description:
            - Versions that are available as upgrades, in ascending order.
          type: list
          elements: str
          returned: with O(versions_available_from)
          sample: ["6.4.3", "6.5.5"]
        versions_available_minor:
          description:
            - Versions of the same minor series that are available as upgrades, in ascending order.
          type: list
          elements: str
          returned: with O(versions_available_from)
          sample: ["6.4.3"]
        branch:
          description:
            - Branch of the release, for example V(current).
          type: str
          returned: for each release
          sample: "current"
        name:
          description:
            - Name of the application.
          type: str
          returned: for each release
          sample: "WordPress"
        category:
          description:
            - Category of the application.
          type: str
          returned: for each release
          sample: "Content Management"
        type:
          description:
            - Type of the application.
          type: str
          returned: for each release
          sample: "blog"
        date:
          description:
            - Date of the release.
          type: str
          returned: for each release
          sample: "2023-12-06"
        license:
          description:
            - License of the application.
          type: str
          returned: for each release
          sample: "open source"
        tags:
          description:
            - Tags of the release, for example V(security).
          type: list
          elements: str
          returned: for each release
          sample: ["security"]
        upgrade:
          description:
            - Kind of the upgrade to this release, as the server returns it.
          type: str
          returned: for each release
          sample: "minor"
        upgrade_from:
          description:
            - How O(from_version) is upgraded to this release. V(none) and V(manual) mean that the server
              cannot upgrade to it.
            - V(null) without O(from_version).
          type: str
          returned: for each release
          sample: "auto"
        install:
          description:
            - How the release is installed, as the server returns it.
          type: str
          returned: for each release
          sample: "auto"
        description:
          description:
            - Description by Installatron.
          type: str
          returned: for each release
          sample: "WordPress is an open source blog application."
        authordescription:
          description:
            - Description by the authors of the application.
          type: str
          returned: for each release
          sample: "WordPress is a personal publishing platform."
        changelog:
          description:
            - Changes in the release.
          type: str
          returned: for each release
          sample: "WordPress 6.4.2 is a maintenance and security release."
        link_site:
          description:
            - URL of the application's website.
          type: str
          returned: for each release
          sample: "https://wordpress.org"
        link_showcase:
          description:
            - URL of the showcase.
          type: str
          returned: for each release
          sample: "https://wordpress.org/showcase"
        link_docs:
          description:
            - URL of the documentation.
          type: str
          returned: for each release
          sample: "https://wordpress.org/documentation"
        link_faq:
          description:
            - URL of the frequently asked questions.
          type: str
          returned: for each release
          sample: "https://wordpress.org/documentation/article/faq-work-with-wordpress"
        link_support:
          description:
            - URL of the support page.
          type: str
          returned: for each release
          sample: "https://wordpress.org/support"
        link_changelog:
          description:
            - URL of the release announcement.
          type: str
          returned: for each release
          sample: "https://wordpress.org/news/2023/12/wordpress-6-4-2-maintenance-security-release"
        link_admin:
          description:
            - Path of the administration interface, relative to the URL of an installed application.
          type: str
          returned: for each release
          sample: "wp-admin"
        link_installersupport:
          description:
            - URL of the Installatron support page.
          type: str
          returned: for each release
          sample: "https://installatron.com/tickets"
        requirements:
          description:
            - Requirements of the application, as the server returns them. V(diskspace) is in bytes.
          type: dict
          returned: for each release
          sample: {"diskspace": 41943040, "php": "7.0-", "mysql": "5-"}
        languages:
          description:
            - Available languages.
          type: list
          elements: str
          returned: for each release
          sample: ["de", "en"]
        fields:
          description:
            - Dictionary of the fields that can be set during installation, by name.
            - Fields without a dedicated option in M(hostops.installatron.itron_install) are set in
              O(hostops.installatron.itron_install#module:settings).
            - Each value is a dictionary with the keys V(label), V(text), V(type), V(default), V(value),
              V(options), V(gettable), V(settable), and V(sort_order).
          type: dict
          returned: for each release
          sample:
            limitloginattempts:
              label: "Limit Login Attempts"
              text: null
              type: "radio"
              default: null
              value: "yes"
              options: {"yes": "Yes, limit failed login attempts.", "no": "No."}
              gettable: true
              settable: true
              sort_order: 8
        images:
          description:
            - File names of images.
          type: list
          elements: str
          returned: for each release
          sample: ["icon_wordpress.png"]
      sample:
        - id: "wordpress_6.4.2"
          application: "wordpress"
          version: "6.4.2"
          name: "WordPress"
          tags: ["security"]
  sample: {"itron_apps": [{"application": "wordpress", "version": "6.4.2"}]}
failure:
  description:
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "browser"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), and V(plan).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "application_not_found"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "application"
    http_status:
      description:
        - HTTP status of the response, if there was one.
      type: int
      returned: on failure, except when the options are invalid
      sample: 200
    hint:
      description:
        - How to fix the failure, if known.
      type: str
      returned: on failure, except when the options are invalid
      sample: "Check application: itron_app_facts without application lists the catalog of the server."
  sample:
    command: "browser"
    stage: "read"
    errcode: "application_not_found"
    errfield: "application"
    http_status: 200
    hint: "Check application: itron_app_facts without application lists the catalog of the server."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._apps.facts import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
