#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and entry point of the module itron_rollout."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_rollout
short_description: Update many web applications in waves, with a verified backup of each
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Updates applications, plugins, and themes without harming sites. Each site passes through the following stages independently
    of other sites.
  - The module probes the pages of the site. It skips a site that is down.
  - It creates a backup and verifies that the server lists it. It does not update a site without a backup from this run.
  - It updates the site, waits, and probes the pages again.
  - If the site got worse, the module restores the backup, provided that O(rollback=true) and O(time_box) is not exceeded.
    Otherwise, the site requires manual action, and the message of its verdict describes how to restore it.
  - Sites without an available update get the verdict V(unchanged) before the first wave. They do not count toward wave sizes and
    percentages.
  - Before a wave starts, the server verifies each of its updates (the API argument C(dryrun)). The module skips sites whose
    update the server refuses.
  - With O(journal), an interrupted run can be started again. It resumes at the end of the journal and does not update a site
    twice.
  - The module prints a progress line for each site and each wave, and a summary at the end. It prints none with O(ignore:no_log),
    O(run_on=target), O(transport=cli), or C(async), or with a callback that produces machine-readable output.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._plan
  - hostops.installatron._wait.many
attributes:
  check_mode:
    support: full
    details:
      - The module selects the same sites and waves, asks the server to verify the same updates, and probes the pages.
      - It does not wait, and it does not write the journal or the report.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each changed site.
  idempotent:
    support: full
    details:
      - Up-to-date sites are not changed. Sites whose update failed are retried. See O(retry).
requirements:
  - The host that runs the task can reach the pages of the sites.
options:
  name:
    description:
      - Name of the rollout. The module ignores entries in O(journal) from a rollout with another name.
    type: str
    default: rollout
  sites:
    description:
      - The sites, in the order of the rollout. By default, all sites that the server lists.
      - An empty list selects no sites.
      - Options of a site take precedence over the options of the task.
    type: list
    elements: dict
    suboptions:
      url:
        description:
          - URL of the site. One of O(sites[].url) and O(sites[].id) is required.
        type: str
      id:
        description:
          - Identifier of the installed application.
        type: str
      version:
        description:
          - Version for this site. See O(version).
        type: str
      plugins:
        description:
          - Plugins for this site. See O(plugins).
        type: list
        elements: str
      themes:
        description:
          - Themes for this site. See O(themes).
        type: list
        elements: str
      rollback:
        description:
          - Whether the backup of this site may be restored. See O(rollback).
        type: bool
      health:
        description:
          - Health options for this site. They take precedence over O(health).
        type: dict
        suboptions: &health
          paths:
            description:
              - Pages to probe, as paths below the URL of the site. By default, the module probes the home page.
            type: list
            elements: str
          keywords:
            description:
              - Texts that each page must contain.
            type: list
            elements: str
          status:
            description:
              - HTTP status that each page must return. By default, any status below 400.
            type: int
          timeout:
            description:
              - Timeout for one page in seconds. By default, V(30).
            type: float
          validate_certs:
            description:
              - Whether to validate the TLS certificate. By default, V(true).
            type: bool
          follow_redirects:
            description:
              - Whether to follow redirects. With O(health.url_ip) or O(health.port), the module only follows redirects to the
                same host. By default, V(true).
            type: bool
          url_ip:
            description:
              - IP address of the site, if DNS does not point to it.
            type: str
          port:
            description:
              - Port of the site, if it differs from the port in its URL.
            type: int
          attempts:
            description:
              - Maximum number of probes until a site is healthy. By default, V(3).
            type: int
          delay:
            description:
              - Delay between two probes in seconds. By default, V(5).
            type: float
          slower_factor:
            description:
              - A page is worse if it takes more than this many times as long as before the update and more than C(slower_margin)
                seconds longer. By default, V(3).
            type: float
          slower_margin:
            description:
              - Increase of the response time, in seconds, that is always acceptable. By default, V(2).
            type: float
      user:
        description:
          - Owner of the site. By default, the owner that the server lists.
        type: str
      reseller:
        description:
          - Reseller of the owner. See O(reseller).
        type: str
      websites:
        description:
          - Websites of the owner, with the suboptions of O(websites).
        type: list
        elements: dict
  application:
    description:
      - Select only sites with this application.
    type: str
  below:
    description:
      - Select only sites whose application has a lower version than this one. With O(plugin), the version of the plugin is
        compared.
    type: str
  plugin:
    description:
      - Select only sites with this plugin.
      - The server must visit each site to list its plugins, which is slow.
    type: str
  include:
    description:
      - Select only sites whose URL (with or without scheme), owner, or identifier matches one of these patterns. Patterns may
        contain C(*) and C(?).
    type: list
    elements: str
  exclude:
    description:
      - Exclude sites that match one of these patterns. See O(include).
    type: list
    elements: str
  owned_accounts:
    description:
      - Whether to include the sites of the accounts that O(user) owns.
    type: bool
    default: true
  version:
    description:
      - Target version - V(latest), V(latest_minor), or an exact version. If the value is empty, the application is not updated.
    type: str
    default: latest
  plugins:
    description:
      - Plugins to update to their newest versions. V(*) selects all plugins.
    type: list
    elements: str
  themes:
    description:
      - Themes to update to their newest versions. V(*) selects all themes.
    type: list
    elements: str
  health:
    description:
      - How to check the health of the sites before and after the update.
    type: dict
    suboptions: *health
  rollback:
    description:
      - Whether the module may restore the backup if a site got worse.
      - A restore discards all changes since the backup, such as orders and comments of visitors.
    type: bool
    default: false
  time_box:
    description:
      - Maximum time between the start of an update and the start of a rollback, in seconds.
    type: float
    default: 900
  server_revert:
    description:
      - Whether the server creates its own backup before the update and restores it if the update fails. This is independent of
        O(rollback).
      - Such a site has two new backups.
    type: bool
    default: true
  canary:
    description:
      - Number of sites to update first, or a list of patterns that select them, as in O(include).
      - If a canary site fails, the rollout stops.
    type: raw
    default: 0
  canary_only:
    description:
      - Whether to update only the canary sites, so that they can be reviewed. If other sites remain, RV(complete) is V(false).
      - A later run without this option updates the other sites. With the same O(journal), it does not process the canary sites
        again.
    type: bool
    default: false
  waves:
    description:
      - Sizes of the waves after the canary, as numbers of sites or as percentages, such as V(10%). A percentage is the progress
        of the rollout after the wave.
      - The remaining sites form the last wave. By default, there is a single wave.
    type: list
    elements: str
  soak:
    description:
      - Time to wait after each wave, in seconds. After this time, the module probes the pages of the wave again and starts the
        next wave.
    type: float
    default: 0
  window:
    description:
      - Maintenance window in which waves may start. A wave that has started is completed. By default, waves may start at any
        time.
    type: dict
    suboptions:
      days:
        description:
          - Days on which the window starts, V(mon) to V(sun). By default, every day.
        type: list
        elements: str
      start:
        description:
          - Start time of the window, such as V(22:00).
        type: str
      end:
        description:
          - End time of the window. If it is not later than the start time, the window ends on the next day.
        type: str
      timezone:
        description:
          - Time zone of the window, such as V(Europe/Berlin). By default, V(UTC).
        type: str
  max_failures:
    description:
      - Maximum number of failed sites before the run stops, or V(-1) for no limit. Sites in progress are completed.
      - The verdicts V(failed), V(rolled_back), and V(attention) count as failures. V(skipped) counts if the backup is missing or
        the server refuses the update.
    type: int
    default: 0
  max_fail_percentage:
    description:
      - Maximum percentage of failed sites in a wave before the run stops, or V(-1) for no limit.
    type: float
    default: -1
  retry:
    description:
      - Process a site again if an earlier run in O(journal) ended with one of these verdicts.
    type: list
    elements: str
    choices: [failed, rolled_back, skipped, attention]
    default: [failed, rolled_back, skipped]
  release_age:
    description:
      - Minimum age of a release in days, according to its date in the catalog.
      - Until a release has this age, sites are updated to the newest release that is old enough, or held back.
    type: float
    default: 0
  security_at_once:
    description:
      - Whether O(release_age) is ignored if the update includes a release with the tag C(security).
    type: bool
    default: true
  journal:
    description:
      - File in which the run records each state transition of a site before it happens. The file is on the host that runs the
        task.
      - The module first checks sites that an interrupted run was updating, as soon as their tasks on the server finish. If such a
        site is as healthy as before, the module processes it again.
      - Otherwise, the site requires manual action. If its rollback had started, the module completes the rollback instead.
      - Two runs cannot use the same journal at the same time.
    type: path
  resume:
    description:
      - Whether to keep the verdicts of an earlier run with the same target, until that rollout is complete.
      - With V(false), each run processes all sites again. Sites that an interrupted run was updating are always handled as
        described in O(journal).
    type: bool
    default: true
  report:
    description:
      - JSON file for the verdicts of all sites and the results of their probes. The file is on the host that runs the task.
    type: path
  fail_on:
    description:
      - Verdicts that make the task fail at the end. With an empty list, the task does not fail even if the run stopped.
    type: list
    elements: str
    choices: [updated, unchanged, planned, skipped, failed, rolled_back, attention]
    default: [attention, failed, rolled_back]
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_backup
  - plugin: hostops.installatron.site_health
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Update all WordPress sites of Alice to the newest version, starting with a canary
  hostops.installatron.itron_rollout:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    application: wordpress
    exclude: ["*.staging.example.com"]
    canary: ["www.example.com"]
    waves: ["10%", "50%"]
    soak: 900
    max_failures: 2
    rollback: true
    health:
      keywords: ["</html>"]
      attempts: 2
      delay: 1
    journal: rollouts/wordpress.jsonl

- name: Update a vulnerable plugin on two sites
  hostops.installatron.itron_rollout:
    api_url: https://installatron.example.com/server/v1
    api_key: "{{ vault_itron_api_key }}"
    user: alice
    websites:
      - id: alice1
        path: /home/alice
        vhosts:
          https://www.example.com: public_html
    version: ""
    plugins: [akismet]
    sites:
      - url: https://www.example.com
        rollback: true
      - url: https://www.example.com/shop
        health:
          paths: ["", "cart/"]
    health:
      attempts: 1
"""

RETURN = r"""
plan:
  description:
    - The planned changes, for O(approved_plan) and for the filter P(hostops.installatron.plan_markdown#filter). Sites without
      changes are not included.
    - The plan contains no secrets. Secret values are replaced by fingerprints that depend on the API key.
  type: dict
  returned: in check mode with O(make_plan=true) or O(plan_dest), if all sites could be planned
  contains:
    format:
      description:
        - Version of the format, V(1).
      type: int
      returned: always
      sample: 1
    digest:
      description:
        - Fingerprint of the whole plan, to approve it.
      type: str
      returned: always
      sample: "5f1de21b7b6b4c1f0b35"
    server:
      description:
        - URL of the API, or V(cli).
      type: str
      returned: always
      sample: "https://installatron.example.com/server/v1"
    desired:
      description:
        - Fingerprint of the desired state in the task.
      type: str
      returned: always
      sample: "0c2b53d07bd8f0b0a5ee"
    total:
      description:
        - Number of compared sites.
      type: int
      returned: always
      sample: 120
    sites:
      description:
        - Each site that would change, sorted by URL.
        - C(url), C(id), and C(action), a short description; C(pruned), whether it is removed because it is not listed; C(steps), the
          commands with their arguments, in which secrets are replaced by fingerprints; C(before) and C(after), the differences.
        - C(header) is a fingerprint of user and websites, and C(found) has a fingerprint of each member of the server's record.
      type: list
      elements: dict
      returned: always
      sample: []
verdicts:
  description:
    - The verdict of each site, except V(unchanged), in the order of the rollout. The list includes verdicts of earlier runs in
      O(journal).
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  contains:
    url:
      description: URL of the site.
      type: str
      returned: always
      sample: "https://www.example.com"
    id:
      description: Identifier of the installed application. V(null) if it is not installed.
      type: str
      returned: always
      sample: "4yhfygnd10ws0wc8skck444s"
    application:
      description: Identifier of the application.
      type: str
      returned: always
      sample: "wordpress"
    verdict:
      description:
        - V(updated), V(planned) (in check mode), V(skipped) (not changed), V(failed) (not updated, and as healthy as before),
          V(rolled_back) (restored to the old version, and as healthy as before), or V(attention) (requires manual action).
      type: str
      returned: always
      sample: "updated"
    reason:
      description: Reason for the verdict, as one word.
      type: str
      returned: always
      sample: "healthy"
    message:
      description: Description of the result. If manual action is required, it explains how to restore the site.
      type: str
      returned: always
      sample: ""
    version_before:
      description: Version before the update.
      type: str
      returned: always
      sample: "6.4.3"
    version_after:
      description: Version after the update. V(null) if the site was not updated.
      type: str
      returned: always
      sample: "6.5.5"
    backup:
      description: The backup from this run with C(id), C(filename), C(size), C(time), and C(version). V(null) if there is none.
      type: dict
      returned: always
      sample: {id: "aga40vngcy888kg44coogkgwk", filename: "app.tar.gz", size: 13836288, time: "2026-11-27T10:03:28Z", version: "6.4.3"}
    wave:
      description: Name of the wave, such as V(canary) or V(wave 1). V(null) if the site is not part of a wave.
      type: str
      returned: always
      sample: "wave 1"
    started:
      description: Start time of the update, as a Unix timestamp. V(null) if the update did not start.
      type: float
      returned: always
      sample: 1795773808.5
    seconds:
      description: Duration of the update in seconds. V(null) if the site was not updated.
      type: float
      returned: always
      sample: 12.4
summary:
  description:
    - Number of sites for each verdict, and C(total).
  type: dict
  returned: always, except when the options of the task are invalid
  sample: {updated: 96, unchanged: 100, planned: 0, skipped: 1, failed: 0, rolled_back: 1, attention: 0, total: 198}
stopped:
  description:
    - Reason why the run stopped. Empty if it did not stop.
  type: str
  returned: always, except when the options of the task are invalid
  sample: ""
complete:
  description:
    - Whether all sites of the rollout are finished.
  type: bool
  returned: always, except when the options of the task are invalid
  sample: true
waves:
  description:
    - The waves with C(name) and C(sites), the number of remaining sites.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  sample:
    - {name: canary, sites: 1}
    - {name: wave 1, sites: 99}
held:
  description:
    - Sites that O(release_age) holds back, with C(url), C(id), and C(reason).
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  sample: []
failure:
  description:
    - Details of the failure, in addition to the message in RV(ignore:msg).
  type: dict
  returned: when the task failed, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed. V(null) if no command was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Stage of the failure, one of V(input), V(read), V(write), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "verify"
    errcode:
      description:
        - Error code, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user_not_found"
    errfield:
      description:
        - Invalid argument of the API, if the server returned one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user"
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
      sample: "Check user, or create it first."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.work import OPERATION


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
