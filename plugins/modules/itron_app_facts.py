#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of applications as facts: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_app_facts
short_description: Read the catalogue of applications of Installatron Server
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Reads which applications, in which versions, Installatron Server can install, and which fields they have, through
    its v1 interface (C(browser), section 3.2).
  - Returns them as the fact RV(ansible_facts.itron_apps), and nothing else.
  - The catalogue is long. Give O(application), or filter, where only some of it is needed.
  - The numbers of sections are those of the specification of Installatron Server's v1 interface.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
attributes:
  check_mode:
    support: full
    details:
      - The module only reads, in check mode as without it.
  diff_mode:
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    support: full
options:
  application:
    description:
      - Only these applications, one or several, by their identifiers, for example V(wordpress). Becomes the API
        argument C(application) (section 3.2).
      - If omitted, the newest release of every application is listed. For the applications that are given, the server
        lists all releases.
    type: list
    elements: str
  version:
    description:
      - Only this release. Becomes the API argument C(version) (section 3.2). Quote it, or YAML reads V(6.10) as the
        number 6.1.
      - Needs exactly one O(application). O(version), O(from_version), and O(versions_available_from) exclude each
        other.
    type: str
  from_version:
    description:
      - All releases from this one on, each with RV(ansible_facts.itron_apps[].upgrade_from). Becomes the API argument
        C(from-version) (section 3.2).
      - Needs exactly one O(application).
    type: str
  versions_available_from:
    description:
      - Instead of releases, one entry with the versions that this one can be upgraded to, in
        RV(ansible_facts.itron_apps[].versions_available) and RV(ansible_facts.itron_apps[].versions_available_minor).
        Becomes the API argument C(versions-available-from) (section 3.2).
      - Needs exactly one O(application), and does not go with the filters O(name), O(category), O(branch), and
        O(tags).
    type: str
  language:
    description:
      - Language of the texts, for example V(de). Becomes the API argument C(language) (section 3.2). If omitted, it
        is the language of the website, or English.
    type: str
  name:
    description:
      - Only applications whose name holds this text, in any case. The API has no argument for it; the module filters.
    type: str
  category:
    description:
      - Only applications of one of these categories, in any case, for example V(Content Management). The module
        filters.
    type: list
    elements: str
  branch:
    description:
      - Only releases of one of these branches, in any case, for example V(current). The module filters.
    type: list
    elements: str
  tags:
    description:
      - Only releases with one of these tags, in any case, for example V(security). The module filters.
    type: list
    elements: str
seealso:
  - module: hostops.installatron.itron_install
  - module: hostops.installatron.itron_install_info
"""

EXAMPLES = r"""
- name: Read which applications there are
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"

- name: Show them
  ansible.builtin.debug:
    msg: "{{ ansible_facts.itron_apps | items2dict(key_name='application', value_name='version') }}"

- name: Read the newest releases of one category
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    category:
      - Content Management

- name: Read what WordPress asks for in this version, in German
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    application: wordpress
    version: "6.4.3"
    language: de

- name: Show the fields that can be set
  ansible.builtin.debug:
    msg: "{{ ansible_facts.itron_apps[0].fields | dict2items | selectattr('value.settable') | map(attribute='key') }}"

- name: Read the security releases since a version
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    application: wordpress
    from_version: "6.3.5"
    tags:
      - security

- name: Read which versions one can upgrade to
  hostops.installatron.itron_app_facts:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    application: wordpress
    versions_available_from: "6.3.5"

- name: Show the newest one
  ansible.builtin.debug:
    msg: "{{ ansible_facts.itron_apps[0].versions_available | last }}"
"""

RETURN = r"""
ansible_facts:
  description:
    - The fact that the module sets.
  type: dict
  returned: on success
  contains:
    itron_apps:
      description:
        - The releases, or with O(versions_available_from) one entry, in the order of the server. What the server does
          not say is V(null).
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
            - Version of the release, or O(versions_available_from) itself.
          type: str
          returned: for each entry
          sample: "6.4.2"
        versions_available:
          description:
            - Versions that one can upgrade to, in order.
          type: list
          elements: str
          returned: with O(versions_available_from)
          sample: ["6.4.3", "6.5.5"]
        versions_available_minor:
          description:
            - Those of the same minor series, in order.
          type: list
          elements: str
          returned: with O(versions_available_from)
          sample: ["6.4.3"]
        branch:
          description:
            - Branch, for example V(current).
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
            - Licence.
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
            - Kind of the upgrade to this release, as the server says it.
          type: str
          returned: for each release
          sample: "minor"
        upgrade_from:
          description:
            - How O(from_version) gets to this release. V(none) and V(manual) mean that it cannot be upgraded to it;
              V(null) without O(from_version).
          type: str
          returned: for each release
          sample: "auto"
        install:
          description:
            - How it is installed, as the server says it.
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
            - What is new in the release.
          type: str
          returned: for each release
          sample: "WordPress 6.4.2 is a maintenance and security release."
        link_site:
          description:
            - Web site of the application.
          type: str
          returned: for each release
          sample: "https://wordpress.org"
        link_showcase:
          description:
            - Showcase.
          type: str
          returned: for each release
          sample: "https://wordpress.org/showcase"
        link_docs:
          description:
            - Documentation.
          type: str
          returned: for each release
          sample: "https://wordpress.org/documentation"
        link_faq:
          description:
            - Frequent questions.
          type: str
          returned: for each release
          sample: "https://wordpress.org/documentation/article/faq-work-with-wordpress"
        link_support:
          description:
            - Support.
          type: str
          returned: for each release
          sample: "https://wordpress.org/support"
        link_changelog:
          description:
            - Announcement of the release.
          type: str
          returned: for each release
          sample: "https://wordpress.org/news/2023/12/wordpress-6-4-2-maintenance-security-release"
        link_admin:
          description:
            - Path of the administration, relative to the URL of an installed application.
          type: str
          returned: for each release
          sample: "wp-admin"
        link_installersupport:
          description:
            - Support by Installatron.
          type: str
          returned: for each release
          sample: "https://installatron.com/tickets"
        requirements:
          description:
            - What it needs, as the server says it, with V(diskspace) in bytes.
          type: dict
          returned: for each release
          sample: {"diskspace": 41943040, "php": "7.0-", "mysql": "5-"}
        languages:
          description:
            - Languages it comes in.
          type: list
          elements: str
          returned: for each release
          sample: ["de", "en"]
        fields:
          description:
            - The fields that can be given when it is installed, by name. Those that have no option of their own in
              M(hostops.installatron.itron_install) go into O(hostops.installatron.itron_install#module:settings).
            - RV(ansible_facts.itron_apps[].fields) has a dictionary for each name; its keys are V(label), V(text),
              V(type), V(default), V(value), V(options), V(gettable), V(settable), and V(sort_order).
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
            - Names of pictures.
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
    - What went wrong, for programs; RV(ignore:msg) says it for people.
  type: dict
  returned: on failure, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "browser"
    stage:
      description:
        - Where it failed, one of V(input), V(read), and V(plan).
      type: str
      returned: on failure, except when the options are invalid
      sample: "read"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "application_not_found"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "application"
    http_status:
      description:
        - Status of the HTTP reply, if there was one.
      type: int
      returned: on failure, except when the options are invalid
      sample: 200
    hint:
      description:
        - What to do about it, if something is known.
      type: str
      returned: on failure, except when the options are invalid
      sample: "Check application: itron_app_facts without it lists what the server has."
  sample:
    command: "browser"
    stage: "read"
    errcode: "application_not_found"
    errfield: "application"
    http_status: 200
    hint: "Check application: itron_app_facts without it lists what the server has."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._apps.facts import OPERATION
from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module


def main():
    """Run the operation on the target."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
