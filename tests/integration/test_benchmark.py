# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks start and measure the right requests, with tiny sizes. Each stops if it detects unexpected requests."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from harness import ROOT

sys.path.append(str(ROOT / "tests" / "benchmark"))

import idle
import page
from figures import Figure, markdown_table, text_table
from measure import Bench
from plot import svg
from rounds import Sizes

TINY = Sizes(loop=3, many=4)


@pytest.fixture
def bench(sandbox, tmp_path):
    return Bench(sandbox, tmp_path, repeat=1, warm_up=False)


@pytest.mark.parametrize("program", ["benchmark --help", "model"])
def test_program_starts_outside_suite(program):
    environment = dict(os.environ, SOAK_SECONDS="0", PYTHONPATH="")
    name, *options = program.split()
    subprocess.run([sys.executable, str(ROOT / "tests" / name), *options], env=environment, check=True, timeout=60)


def requests(figures):
    """Return the numbers of requests that the benchmarks counted."""
    return [figure.requests for figure in figures if figure.requests]


def test_requests_no_op(bench):
    assert requests(idle.one_site(bench, TINY)) == ["1 installs / 1 installs"]
    assert requests(idle.many_in_variables(bench, TINY)) == ["1 installs"]


def test_requests_loop(bench):
    assert requests(idle.loop(bench, TINY)) == ["3 installs / 3 installs"]


def test_failed_playbook_rejected(bench):
    book = bench.book("broken", [{"name": "Fail", "ansible.builtin.fail": {"msg": "on purpose"}}])
    with pytest.raises(RuntimeError, match="broken.yml ended with 2:(?s:.*)on purpose"):
        bench.run(book)


def test_figures_limits():
    held = Figure("a", "fast", [0.3, 0.2, 9.0], limit=0.35, ours=[1, 2, 3], other=[4], cpu=[0.25],
                  requests="1 installs")
    assert held.held
    assert held.cells() == (
        "a", "fast", "0.30 x", "0.20 to 9", "0.35 x", "held", "0.25 x", "2.00 s", "4.00 s", "1 installs")
    missed = Figure("d", "large", [401], "MiB", 400)
    assert not missed.held
    assert missed.cells()[2:6] == ("401 MiB", "", "400 MiB", "MISSED")
    assert Figure("f", "no budget", [7.0]).held
    assert text_table([held, missed]).count("\n") == 2
    assert markdown_table([missed]).splitlines()[2].startswith("| d | large | 401 MiB |")


def test_page_written(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    monkeypatch.setattr(page, "PLOT", tmp_path / "images" / "growth.svg")
    figures = [Figure("b", "loop", [0.05], limit=0.06, ours=[1.0], other=[20.0], size=100),
               Figure("d", "10 sites", [0.2, 0.3], "s", size=10), Figure("d", "100 sites", [0.4], "s", size=100),
               Figure("f", "today", [0.1])]
    page.write(figures, 90)
    text = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "| b | loop | 0.05" in text and "| d | 10 sites |" in text and "| f | today |" in text
    assert "about 2 minutes" in text
    root = ElementTree.parse(tmp_path / "images" / "growth.svg").getroot()
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 3
    assert str(Path.home()) not in text


def test_plot_scale():
    root = ElementTree.fromstring(svg("t", "x", "y", {"one": {10: [0.1], 1000: [10.0]}}).encode())
    line = root.find("{http://www.w3.org/2000/svg}polyline").get("points")
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in line.split())
    assert (x1, x2) == (70, 696)
    assert (y1, y2) == (384, 56)
