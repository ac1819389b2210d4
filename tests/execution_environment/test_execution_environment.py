# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example definition makes an execution environment with this collection, and the demo runs in it.

``make ee-test`` builds the artifact first. The base image is Debian, bootstrapped on this machine, and stays in
.build/ee for the next run; Python packages come as wheels, so that the build itself needs no network. Images lie below
.build/ee too, apart from those of the user.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFINITION = ROOT / "docs" / "execution-environment" / "execution-environment.yml"
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
ARTIFACT = ROOT / ".build" / "dist" / "{namespace}-{name}-{version}.tar.gz".format(**GALAXY)
WORK = ROOT / ".build" / "ee"

RELEASE = "bookworm"
# What that release of Debian has.
PYTHON = "3.11"
BASE = f"localhost/itron-base:{RELEASE}"
IMAGE = "localhost/itron-ee:test"
# ansible-builder installs these by itself.
BUILDER_PACKAGES = ["bindep", "dumb-init==1.2.5", "packaging", "pyyaml", "setuptools", "wheel"]
# What others need on the Python of the base alone: pip download asks the Python that it runs on, not the wanted one.
MARKED_PACKAGES = ["typing-extensions"]

# Works where the limits of a container cannot be raised and cgroups cannot be written.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "none"
[engine]
runtime = "runc"
events_logger = "file"
"""
STORAGE_CONF = """\
[storage]
driver = "{driver}"
graphroot = "{work}/images"
runroot = "{work}/run"
"""


def obstacle():
    """Return why this machine cannot build images, with the packages to install; None if it can."""
    if os.geteuid() != 0:
        return "no execution environment: debootstrap and podman want to be root here"
    missing = [name for name in ("debootstrap", "podman", "runc") if shutil.which(name) is None]
    if missing:
        return "no execution environment: apt-get install " + " ".join(missing)
    return None


def storage_driver():
    """Return the driver for podman's storage: overlay, or where the folder lies on an overlay itself, the slow one."""
    command = ["stat", "--file-system", "--format=%T", str(WORK)]
    kind = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return "vfs" if kind == "overlayfs" else "overlay"


@pytest.fixture(scope="module")
def env():
    """The environment in which podman keeps everything below .build/ee; skips where there is no podman."""
    reason = obstacle()
    if reason:
        pytest.skip(reason)
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "containers.conf").write_text(CONTAINERS_CONF, encoding="utf-8")
    (WORK / "storage.conf").write_text(STORAGE_CONF.format(driver=storage_driver(), work=WORK), encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "ITRON_"))}
    return dict(
        inherited,
        CONTAINERS_CONF=str(WORK / "containers.conf"),
        CONTAINERS_STORAGE_CONF=str(WORK / "storage.conf"),
        PATH=os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]),
    )


def run(*command, env, timeout=900):
    """Run a command and return what it prints; fail with all of that if it fails."""
    done = subprocess.run(
        command, env=env, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=timeout,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def base(env):
    """The name of a base image: a small Debian with Python and pip, as the example's base image has them."""
    if subprocess.run(["podman", "image", "exists", BASE], env=env, check=False).returncode != 0:
        root = WORK / "base"
        shutil.rmtree(root, ignore_errors=True)
        run("debootstrap", "--variant=minbase", "--include=python3,python3-pip,python3-venv", RELEASE, str(root), env=env)
        run("tar", "--create", "--file", str(WORK / "base.tar"), "--directory", str(root), ".", env=env)
        # Debian's pip refuses to touch the system without the first variable; the wheels are put there below.
        changes = ["ENV PIP_BREAK_SYSTEM_PACKAGES=1", "ENV PIP_NO_INDEX=1", "ENV PIP_FIND_LINKS=/wheels"]
        options = [f"--change={change}" for change in changes]
        run("podman", "import", *options, str(WORK / "base.tar"), BASE, env=env)
        shutil.rmtree(root)
        (WORK / "base.tar").unlink()
    return BASE


def definition():
    """Return the example definition of the guide."""
    return yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))


def collect_wheels(directory, env):
    """Download the wheels of what the definition, the collection and ansible-builder want for the Python of the base."""
    wanted = definition()["dependencies"]
    packages = [wanted["ansible_core"]["package_pip"], wanted["ansible_runner"]["package_pip"], *wanted["python"]]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", f"--python-version={PYTHON}"]
    requirements = ["--requirement", str(ROOT / "meta" / "ee-requirements.txt")]
    run(*command, f"--dest={directory}", *requirements, *packages, *BUILDER_PACKAGES, *MARKED_PACKAGES, env=env)


@pytest.fixture(scope="module")
def image(base, env, tmp_path_factory):
    """The execution environment of the example, on the base of this machine and with the artifact of this tree."""
    directory = tmp_path_factory.mktemp("ee")
    collect_wheels(directory / "wheels", env)
    here = definition()
    here["images"]["base_image"]["name"] = base
    here["dependencies"]["galaxy"]["collections"] = [{"name": f"files/{ARTIFACT.name}", "type": "file"}]
    here["additional_build_files"] = [
        {"src": str(ARTIFACT), "dest": "files"},
        {"src": str(directory / "wheels"), "dest": "wheels"},
    ]
    copy = ["COPY _build/wheels /wheels"]
    here["additional_build_steps"] = {"prepend_base": copy}
    here["build_arg_defaults"] = {"ANSIBLE_GALAXY_CLI_COLLECTION_OPTS": "--offline"}
    # Debian has pip as a package, and its own package manager.
    here["options"] = {"package_manager_path": "/usr/bin/apt-get", "skip_pip_install": True}
    (directory / "definition.yml").write_text(yaml.safe_dump(here), encoding="utf-8")
    run(
        "ansible-builder", "build", "--verbosity=2", "--container-runtime=podman", f"--tag={IMAGE}",
        f"--file={directory / 'definition.yml'}", f"--context={directory / 'context'}",
        "--extra-build-cli-args=--isolation=chroot --network=host --pull=never --layers=false", env=env,
    )
    return IMAGE


def test_the_environment_has_what_the_collection_needs(image, env):
    listed = run("podman", "run", "--rm", image, "ansible-galaxy", "collection", "list", env=env)
    assert f"hostops.installatron {GALAXY['version']}" in " ".join(listed.split())
    program = "import requests; print('requests', requests.__version__)"
    assert run("podman", "run", "--rm", image, "python3", "-c", program, env=env).startswith("requests 2.")


def test_the_demo_runs_in_the_environment(image, env, tmp_path):
    (tmp_path / "project").mkdir()
    output = run(
        "ansible-runner", "run", str(tmp_path), "--playbook", "hostops.installatron.demo", "--process-isolation",
        "--process-isolation-executable", "podman", "--container-image", image,
        # The image's own user has no right to the folder that this test hands it.
        "--container-option=--user=root", env=env,
    )
    assert "The site was removed: its page is gone" in output
    assert "failed=0" in output
