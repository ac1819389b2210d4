# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/docsite/images/report.png, the picture in the README of the role report: `make screenshot`."""

import sys
import tempfile
from pathlib import Path

from chromium import Chromium, Page, missing_requirement
from harness import ROOT
from report_fleet import Fleet

from ansible_collections.hostops.installatron.plugins.plugin_utils._report_html import fleet_report_html

PICTURE = ROOT / "docs" / "docsite" / "images" / "report.png"
WIDTH, HEIGHT = 1240, 1620


def main():
    """Show the page of a made-up fleet in a browser and save a screenshot."""
    if missing_requirement():
        sys.exit(missing_requirement())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        path.write_text(fleet_report_html(Fleet(640).report(), "Shared hosting"), encoding="ascii")
        browser = Chromium(Path(folder) / "browser")
        try:
            PICTURE.write_bytes(Page(browser, width=WIDTH, height=HEIGHT).open(path).screenshot(HEIGHT))
        finally:
            browser.close()
    print("%s, %d kB" % (PICTURE.relative_to(ROOT), PICTURE.stat().st_size // 1000))


if __name__ == "__main__":
    main()
