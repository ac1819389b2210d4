#!/usr/bin/python
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many sites updated in waves: documentation, and the entry point on the target."""

from __future__ import annotations

DOCUMENTATION = r"""
module: itron_rollout
short_description: Update many web applications in waves, each behind a verified backup
version_added: 0.1.0
author:
  - hostops.installatron contributors (@hostops)
description:
  - Updates applications, plugins, and themes so that no site is harmed. Each site goes through the same stages, and no site
    waits for another one between them.
  - It looks at the pages of the site. A site that is down is left alone.
  - It makes a backup, and finds it in the list of the server. A site without a backup of this run is not updated.
  - It updates the site, waits, and looks at the pages again.
  - If the site got worse, it restores the backup, where O(rollback) allows that and O(time_box) is not over. Otherwise the
    site needs a person, and the message of its verdict says how to go back.
  - Sites that have nothing to update are V(unchanged) before the first wave. They count in no wave and in no share.
  - Before a wave begins, the server checks each of its updates (the API argument C(dryrun)). A site that it refuses is left alone.
  - With O(journal), a run that is killed can be started again. It resumes where the journal ends, and updates no site twice.
  - A line of progress is printed for each site and for each wave, and a summary at the end; not with O(ignore:no_log), with
    O(run_on=target), O(transport=cli), or C(async), and not with a callback whose output is read by programs.
extends_documentation_fragment:
  - hostops.installatron._attributes
  - hostops.installatron._attributes.actiongroup_itron
  - hostops.installatron._connection
  - hostops.installatron._header
  - hostops.installatron._plan
attributes:
  check_mode:
    support: full
    details:
      - Selects the same sites, makes the same waves, asks the server about the same updates, and looks at the pages. It does not
        wait, and it writes neither journal nor report.
  diff_mode:
    support: full
    details:
      - RV(ignore:diff) is a list with an entry for each site that changes.
  idempotent:
    support: full
    details:
      - A site that is up to date is not touched. A site that could not be updated is tried again, see O(retry).
requirements:
  - The pages of the sites can be reached from where the task runs.
options:
  name:
    description:
      - Name of the rollout. A O(journal) of a rollout with another name does not count.
    type: str
    default: rollout
  sites:
    description:
      - The sites, in the order of the rollout. If omitted, all sites that the server lists.
      - An empty list selects nothing.
      - The options of a site take precedence over those of the task.
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
          - Version for this site, see O(version).
        type: str
      plugins:
        description:
          - Plugins for this site, see O(plugins).
        type: list
        elements: str
      themes:
        description:
          - Themes for this site, see O(themes).
        type: list
        elements: str
      rollback:
        description:
          - Whether the backup of this site may be restored, see O(rollback).
        type: bool
      health:
        description:
          - What differs from O(health) for this site.
        type: dict
        suboptions: &health
          paths:
            description:
              - Pages below the URL of the site. If omitted, its first page.
            type: list
            elements: str
          keywords:
            description:
              - Texts that each page must contain.
            type: list
            elements: str
          status:
            description:
              - HTTP status that each page must have. If omitted, any status below 400.
            type: int
          timeout:
            description:
              - Seconds for one page. If omitted, V(30).
            type: float
          validate_certs:
            description:
              - Whether the certificate must be valid. If omitted, V(true).
            type: bool
          follow_redirects:
            description:
              - Whether redirects are followed; with O(health.url_ip) or O(health.port) only on the same host. If omitted, V(true).
            type: bool
          url_ip:
            description:
              - IP address of the site, if DNS does not point to it.
            type: str
          port:
            description:
              - Port of the site, if it is not that of its URL.
            type: int
          attempts:
            description:
              - How often a site is asked until it is healthy. If omitted, V(3).
            type: int
          delay:
            description:
              - Seconds between two attempts. If omitted, V(5).
            type: float
          slower_factor:
            description:
              - A page is worse if it takes more than this many times as long as before the update, and more than
                C(slower_margin) longer. If omitted, V(3).
            type: float
          slower_margin:
            description:
              - Seconds that a page may always take longer than before the update. If omitted, V(2).
            type: float
      user:
        description:
          - Owner of the site. If omitted, the one that the server lists.
        type: str
      reseller:
        description:
          - Reseller of the owner, see O(reseller).
        type: str
      websites:
        description:
          - Websites of the owner, with the options of O(websites).
        type: list
        elements: dict
  application:
    description:
      - Only sites with this application.
    type: str
  below:
    description:
      - Only sites whose application, or with O(plugin) whose plugin, has a lower version.
    type: str
  plugin:
    description:
      - Only sites that have this plugin. The server must visit each site to find out, which takes long.
    type: str
  include:
    description:
      - Only sites whose URL (with or without scheme), owner, or id matches one of these patterns, with C(*) and C(?).
    type: list
    elements: str
  exclude:
    description:
      - No sites that match one of these patterns.
    type: list
    elements: str
  owned_accounts:
    description:
      - Whether the sites of the accounts that O(user) owns are listed, too.
    type: bool
    default: true
  version:
    description:
      - Version to update to, V(latest), V(latest_minor), or an exact version. Empty, the version stays.
    type: str
    default: latest
  plugins:
    description:
      - Plugins to update to their newest versions; V(*) stands for all of them.
    type: list
    elements: str
  themes:
    description:
      - Themes to update to their newest versions; V(*) stands for all of them.
    type: list
    elements: str
  health:
    description:
      - How the health of the sites is judged, before and after the update.
    type: dict
    suboptions: *health
  rollback:
    description:
      - Whether the backup may be restored when a site got worse. What visitors wrote since the backup (orders, comments) is
        lost then.
    type: bool
    default: false
  time_box:
    description:
      - Seconds after the beginning of an update in which a rollback may begin.
    type: float
    default: 900
  server_revert:
    description:
      - Whether the server makes a backup of its own before its update, and restores it if the update fails, also where
        O(rollback) does not allow that. Such a site has two new backups.
    type: bool
    default: true
  max_parallel:
    description:
      - How many sites are worked on at the same time, from V(1) to V(64).
    type: int
    default: 4
  canary:
    description:
      - How many sites go first, or a list of patterns that name them, as in O(include). If one of them fails, the rollout stops.
    type: raw
    default: 0
  canary_only:
    description:
      - Whether to update the canary and nothing else, so that a person can look at it. RV(complete) is V(false) then if there are other sites. A later
        run without this option updates those; with the same O(journal), it does not visit the canary again.
    type: bool
    default: false
  waves:
    description:
      - Sizes of the waves after the canary, as a number of sites, or as a share such as V(10%), which says how far the rollout is
        after the wave. The rest makes the last wave. If omitted, there is one wave.
    type: list
    elements: str
  soak:
    description:
      - Seconds to wait after a wave. The pages of its sites are then looked at once more, and the next wave begins.
    type: float
    default: 0
  window:
    description:
      - Maintenance window in which waves may begin. A wave that has begun is finished. If omitted, waves may always begin.
    type: dict
    suboptions:
      days:
        description:
          - Days on which the window begins, V(mon) to V(sun). If omitted, every day.
        type: list
        elements: str
      start:
        description:
          - Time at which the window begins, such as V(22:00).
        type: str
      end:
        description:
          - Time at which the window ends; on the next day if it is not later than the beginning.
        type: str
      timezone:
        description:
          - Time zone, such as V(Europe/Berlin). If omitted, V(UTC).
        type: str
  max_failures:
    description:
      - How many sites may fail in a run before it stops; V(-1) for any number. Sites that are being worked on are finished.
      - The verdicts V(failed), V(rolled_back), and V(attention) count as failures, and V(skipped) for want of a backup or
        because the server refuses the update.
    type: int
    default: 0
  max_fail_percentage:
    description:
      - How many of the sites of a wave may fail, in percent, before the run stops; V(-1) for any number.
    type: float
    default: -1
  retry:
    description:
      - Verdicts of an earlier run in O(journal) with which a site is visited again.
    type: list
    elements: str
    choices: [failed, rolled_back, skipped, attention]
    default: [failed, rolled_back, skipped]
  release_age:
    description:
      - Days that a release must be old, by its date in the catalogue. Until then a site gets the newest older version, or is held back.
    type: float
    default: 0
  security_at_once:
    description:
      - Whether an update that passes a release with the tag C(security) may be installed at once.
    type: bool
    default: true
  journal:
    description:
      - File in which the run writes down each transition of each site before it happens. It is kept where the task runs.
      - A site that an interrupted run was updating is looked at first, as soon as the server is done with it. If it is as healthy
        as before, it is visited again; otherwise it needs a person, unless its rollback had begun, which is then carried out.
      - Two runs cannot use the same journal at the same time.
    type: path
  resume:
    description:
      - Whether sites keep the verdict that an earlier run towards the same target gave them, as long as that rollout is not complete.
      - With V(false), each run visits all sites again. The sites that an interrupted run was updating are remembered in any case.
    type: bool
    default: true
  report:
    description:
      - File for the verdicts on all sites, as JSON, with what was seen of their pages. It is kept where the task runs.
    type: path
  fail_on:
    description:
      - Verdicts that make the task fail at its end. With an empty list, it does not even fail if the run stopped.
    type: list
    elements: str
    choices: [updated, unchanged, planned, skipped, failed, rolled_back, attention]
    default: [attention, failed, rolled_back]
  wait_timeout:
    description:
      - Seconds to wait for one task of the server, more than V(0).
    type: float
    default: 900
  poll_interval:
    description:
      - Seconds that set the pace of the looks at running tasks, more than V(0). One request serves all sites.
    type: float
    default: 2
seealso:
  - module: hostops.installatron.itron_installs
  - module: hostops.installatron.itron_backup
  - plugin: hostops.installatron.site_health
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: All WordPress sites of Alice get the newest version, a canary first
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

- name: Two sites get a plugin that has no security hole
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
    - What the task would do, for O(approved_plan) and for the filter P(hostops.installatron.plan_markdown#filter). Sites without a
      change are not in it.
    - It holds no secret. Where one matters, it has a fingerprint that only the API key can make.
  type: dict
  returned: in check mode with O(make_plan=true) or O(plan_dest), if every site could be planned for
  contains:
    format:
      description:
        - Version of the format, V(1).
      type: int
      returned: always
      sample: 1
    digest:
      description:
        - Fingerprint of the whole plan, which people approve.
      type: str
      returned: always
      sample: "5f1de21b7b6b4c1f0b35"
    server:
      description:
        - Address of the server, or V(cli).
      type: str
      returned: always
      sample: "https://installatron.example.com/server/v1"
    desired:
      description:
        - Fingerprint of all that the task wants.
      type: str
      returned: always
      sample: "0c2b53d07bd8f0b0a5ee"
    total:
      description:
        - Number of sites that were compared.
      type: int
      returned: always
      sample: 120
    sites:
      description:
        - Each site that would change, in the order of the URLs. C(url), C(id), and C(action) in a few words; C(pruned), whether it is
          removed because nothing names it; C(steps), the commands with their arguments, and fingerprints of those that are secret;
          C(before) and C(after), what differs; C(header) and C(found), fingerprints of user and websites, and of each member of what
          the server said of the site.
      type: list
      elements: dict
      returned: always
      sample: []
verdicts:
  description:
    - The verdict on each site that was not V(unchanged), in the order of the rollout. Includes those of earlier runs in O(journal).
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
      description: Identifier of the installed application; V(null) if it is not installed.
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
        - V(updated), V(planned) (check mode), V(skipped) (not touched), V(failed) (not updated, and as healthy as before), V(rolled_back)
          (has its old version, and is as healthy as before), or V(attention) (needs a person).
      type: str
      returned: always
      sample: "updated"
    reason:
      description: Reason of the verdict, one word.
      type: str
      returned: always
      sample: "healthy"
    message:
      description: What happened, and where a person is needed, the way back.
      type: str
      returned: always
      sample: ""
    version_before:
      description: Version before the update.
      type: str
      returned: always
      sample: "6.4.3"
    version_after:
      description: Version after the update; V(null) if nothing was done.
      type: str
      returned: always
      sample: "6.5.5"
    backup:
      description: The backup of this run with C(id), C(filename), C(size), C(time), and C(version), or V(null).
      type: dict
      returned: always
      sample: {id: "aga40vngcy888kg44coogkgwk", filename: "app.tar.gz", size: 13836288, time: "2026-11-27T10:03:28Z", version: "6.4.3"}
    wave:
      description: The wave of the site, V(canary), V(wave 1), and so on; V(null) if it is in none.
      type: str
      returned: always
      sample: "wave 1"
    started:
      description: Time at which the update began, in Unix seconds; V(null) if it did not.
      type: float
      returned: always
      sample: 1795773808.5
    seconds:
      description: Seconds that the site took; V(null) if it was not updated.
      type: float
      returned: always
      sample: 12.4
summary:
  description:
    - Number of sites by verdict, and C(total).
  type: dict
  returned: always, except when the options of the task are invalid
  sample: {updated: 96, unchanged: 100, planned: 0, skipped: 1, failed: 0, rolled_back: 1, attention: 0, total: 198}
stopped:
  description:
    - Why the run stopped; empty if it did not.
  type: str
  returned: always, except when the options of the task are invalid
  sample: ""
complete:
  description:
    - Whether the rollout leaves nothing to do.
  type: bool
  returned: always, except when the options of the task are invalid
  sample: true
waves:
  description:
    - The waves with C(name) and C(sites), the number of sites that were left to do.
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  sample:
    - {name: canary, sites: 1}
    - {name: wave 1, sites: 99}
held:
  description:
    - The sites that are held back by O(release_age), with C(url), C(id), and C(reason).
  type: list
  elements: dict
  returned: always, except when the options of the task are invalid
  sample: []
failure:
  description:
    - Details of the failure, with the message in RV(ignore:msg).
  type: dict
  returned: when the task failed, except when the options are invalid
  contains:
    command:
      description:
        - Command of the API that failed, V(null) if none was sent.
      type: str
      returned: on failure, except when the options are invalid
      sample: "installs"
    stage:
      description:
        - Where it failed, one of V(input), V(read), V(write), and V(verify).
      type: str
      returned: on failure, except when the options are invalid
      sample: "verify"
    errcode:
      description:
        - Code of the error, if the server gave one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user_not_found"
    errfield:
      description:
        - API argument that the server complains about, if it named one.
      type: str
      returned: on failure, except when the options are invalid
      sample: "user"
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
      sample: "Check user, or create it first."
"""

from ansible_collections.hostops.installatron.plugins.module_utils._module import run_module
from ansible_collections.hostops.installatron.plugins.module_utils._rollout.work import OPERATION


def main():
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
