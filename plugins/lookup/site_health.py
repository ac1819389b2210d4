# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup: the health of web sites, from their pages."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_health
short_description: Ask pages of web sites, and say whether they are healthy or worse than before
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Fetches pages of web sites on the controller, many at a time, and keeps status, time, title and missing keywords.
  - With a C(baseline), an earlier result for the same site, it says what is worse now.
  - The pages are fetched each time the expression is evaluated; keep the result with C(ansible.builtin.set_fact).
  - Redirects are followed, unless C(follow_redirects) is false. Where C(url_ip) or C(port) is given, only on the same host.
  - Needs the Python package C(requests) on the controller.
options:
  _terms:
    description:
      - Sites, tables with the members C(url) (required); C(paths), a list of paths below it (V(['']));
        C(url_ip) and C(port), where the site is served when DNS does not say so, or not yet; C(keywords), a list of texts that must
        be in every page; C(status), the HTTP status that is right (any below 400); C(timeout), seconds for a page (30);
        C(validate_certs) (true); C(follow_redirects) (true); and C(baseline), an earlier result for the site.
    type: list
    elements: dict
    required: true
  max_parallel:
    description: How many sites are asked at the same time.
    type: int
    default: 8
  attempts:
    description: How often a site is asked until it is healthy.
    type: int
    default: 1
  delay:
    description: Seconds between two attempts.
    type: float
    default: 2
  slower_factor:
    description: A page is worse when it takes more than this many times the time of the baseline, and O(slower_margin) is passed, too.
    type: float
    default: 3
  slower_margin:
    description: Seconds that a page may always take more than in the baseline.
    type: float
    default: 2
"""

EXAMPLES = r"""
- name: Keep how the site is
  ansible.builtin.set_fact:
    before: "{{ query('hostops.installatron.site_health', {'url': 'https://www.example.com', 'keywords': ['Welcome']}) }}"

- name: It is not worse than before
  ansible.builtin.assert:
    that: >-
      query('hostops.installatron.site_health', {'url': 'https://www.example.com', 'baseline': before[0]})[0].healthy
"""

RETURN = r"""
_raw:
  description: One table for each site, in their order.
  type: list
  elements: dict
  contains:
    url:
      description: URL of the site.
      type: str
    healthy:
      description: Whether nothing is wrong; with a baseline, whether nothing got worse.
      type: bool
    problems:
      description: What is wrong by itself, as sentences.
      type: list
      elements: str
    regressions:
      description: What is worse than in the baseline, as sentences.
      type: list
      elements: str
    attempts:
      description: How often the site was asked.
      type: int
    pages:
      description: The pages with C(path), C(status), C(seconds), C(title), C(title_hash), C(missing), C(trouble), and C(error).
      type: list
      elements: dict
"""

import json

from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.lookup import LookupBase

from ansible_collections.hostops.installatron.plugins.module_utils._health.probe import check_sites
from ansible_collections.hostops.installatron.plugins.module_utils._wire.transport import REQUESTS_IMPORT_ERROR


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms, variables=None, **kwargs):
        """Return the health of the sites."""
        self.set_options(var_options=variables, direct=kwargs)
        if REQUESTS_IMPORT_ERROR:
            raise AnsibleError(missing_required_lib("requests"))
        sites = []
        for term in terms:
            sites += term if isinstance(term, list) else [term]
        # Plain Python values: Ansible's own types must not reach other libraries.
        sites = json.loads(json.dumps(sites, default=str))
        for site in sites:
            if not isinstance(site, dict) or not str(site.get("url", "")).startswith(("http://", "https://")):
                raise AnsibleError("site_health: each site is a table with an http:// or https:// url")
        return check_sites(sites, self.get_option("max_parallel"), self.get_option("attempts"), self.get_option("delay"),
                           self.get_option("slower_factor"), self.get_option("slower_margin"))
