# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup plugin that probes the health of websites."""

from __future__ import annotations

DOCUMENTATION = r"""
name: site_health
short_description: Probe pages of websites, and compare their health with a baseline
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Fetches pages of websites from the controller in parallel, and returns their status, response time, title, and missing
    keywords.
  - With a C(baseline), an earlier result for the same site, the lookup returns the regressions.
  - The pages are fetched each time the expression is evaluated. Store the result with C(ansible.builtin.set_fact).
  - Redirects are followed unless C(follow_redirects) is false. With C(url_ip) or C(port), only redirects to the same host are
    followed.
  - The lookup requires the Python package C(requests) on the controller.
options:
  _terms:
    description:
      - Sites, as dictionaries with the following members.
      - C(url) is the URL of the site and is required. C(paths) is a list of paths below it (default V([''])).
      - C(url_ip) and C(port) are the address of the site, if DNS does not point to it.
      - C(keywords) is a list of texts that each page must contain.
      - C(status) is the expected HTTP status (by default, any status below 400). C(timeout) is the timeout for one page in
        seconds (default V(30)).
      - C(validate_certs) and C(follow_redirects) are booleans (default V(true)).
      - C(baseline) is an earlier result for the site.
    type: list
    elements: dict
    required: true
  max_parallel:
    description: Maximum number of sites to probe at the same time.
    type: int
    default: 8
  attempts:
    description: Maximum number of probes until a site is healthy.
    type: int
    default: 1
  delay:
    description: Delay between two probes in seconds.
    type: float
    default: 2
  slower_factor:
    description: A page is worse if it takes more than this many times as long as in the baseline and more than O(slower_margin) seconds longer.
    type: float
    default: 3
  slower_margin:
    description: Increase of the response time, in seconds, that is always acceptable.
    type: float
    default: 2
"""

EXAMPLES = r"""
- name: Store the health of the site
  ansible.builtin.set_fact:
    before: "{{ query('hostops.installatron.site_health', {'url': 'https://www.example.com', 'keywords': ['Welcome']}) }}"

- name: Verify that the site has no regressions
  ansible.builtin.assert:
    that: >-
      query('hostops.installatron.site_health', {'url': 'https://www.example.com', 'baseline': before[0]})[0].healthy
"""

RETURN = r"""
_raw:
  description: One dictionary for each site, in the order of the sites.
  type: list
  elements: dict
  contains:
    url:
      description: URL of the site.
      type: str
    healthy:
      description: Whether the site has no problems. With a baseline, whether it has no regressions.
      type: bool
    problems:
      description: Problems, as sentences.
      type: list
      elements: str
    regressions:
      description: Regressions compared with the baseline, as sentences.
      type: list
      elements: str
    attempts:
      description: Number of probes.
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
    """Lookup plugin."""

    def run(self, terms, variables=None, **kwargs):
        """Return the health of the sites."""
        self.set_options(var_options=variables, direct=kwargs)
        if REQUESTS_IMPORT_ERROR:
            raise AnsibleError(missing_required_lib("requests"))
        sites = []
        for term in terms:
            sites += term if isinstance(term, list) else [term]
        # Convert Ansible's types to plain Python values for other libraries.
        sites = json.loads(json.dumps(sites, default=str))
        for site in sites:
            if not isinstance(site, dict) or not str(site.get("url", "")).startswith(("http://", "https://")):
                raise AnsibleError("site_health: each site must be a dictionary with an http:// or https:// url")
        return check_sites(sites, self.get_option("max_parallel"), self.get_option("attempts"), self.get_option("delay"),
                           self.get_option("slower_factor"), self.get_option("slower_margin"))
