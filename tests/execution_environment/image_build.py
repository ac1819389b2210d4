# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for the tests of both environments: podman, a base image, and builds from a definition.

The base image is a Debian that is bootstrapped on this machine and kept in .build/ee. Python packages are downloaded as wheels, so that
the build needs no network. Images are also stored in .build/ee, separate from the user's images.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
ARTIFACT = ROOT / ".build" / "dist" / "{namespace}-{name}-{version}.tar.gz".format(**GALAXY)
WORK = ROOT / ".build" / "ee"

RELEASE = "bookworm"
# The Python version of that Debian release.
PYTHON = "3.11"
# The Java runtime for the decision environment. Both images share a base to save a minute.
JAVA = "openjdk-17-jre-headless"
# ansible-builder installs these packages.
BUILDER_PACKAGES = ["bindep", "dumb-init==1.2.5", "packaging", "pyyaml", "setuptools", "wheel"]
# Packages that only the base's Python requires: pip download evaluates markers for the Python that runs it, not for the requested one.
MARKED_PACKAGES = ["typing-extensions"]

# Works without raising the limits of a container and without writable cgroups.
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


def missing_requirement():
    """Return the reason why this machine cannot build images, with the packages to install; None if it can."""
    if os.geteuid() != 0:
        return "no execution environment: debootstrap and podman require root"
    missing = [name for name in ("debootstrap", "podman", "runc") if shutil.which(name) is None]
    if missing:
        return "no execution environment: apt-get install " + " ".join(missing)
    return None


def storage_driver():
    """Return podman's storage driver: overlay, or the slower vfs if the directory is on an overlay file system."""
    command = ["stat", "--file-system", "--format=%T", str(WORK)]
    kind = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return "vfs" if kind == "overlayfs" else "overlay"


def environment():
    """Return the environment in which podman stores everything in .build/ee."""
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
    """Run a command and return its output; fail with the output if the command fails."""
    done = subprocess.run(
        command, env=env, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=timeout,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout


def base_image(env):
    """Return the name of the base image: a small Debian with Python and pip, like the base image of the definitions, and Java."""
    image = f"localhost/itron-base:{RELEASE}"
    if subprocess.run(["podman", "image", "exists", image], env=env, check=False).returncode != 0:
        root, archive = WORK / "base", WORK / "base.tar"
        shutil.rmtree(root, ignore_errors=True)
        included = ",".join(["python3", "python3-pip", "python3-venv", JAVA])
        run("debootstrap", "--variant=minbase", f"--include={included}", RELEASE, str(root), env=env)
        run("tar", "--create", "--file", str(archive), "--directory", str(root), ".", env=env)
        # Without the first variable, Debian's pip refuses to install system-wide. The wheels are copied there below.
        changes = ["ENV PIP_BREAK_SYSTEM_PACKAGES=1", "ENV PIP_NO_INDEX=1", "ENV PIP_FIND_LINKS=/wheels"]
        options = [f"--change={change}" for change in changes]
        run("podman", "import", *options, str(archive), image, env=env)
        shutil.rmtree(root)
        archive.unlink()
    return image


def collect_wheels(wanted, directory, env):
    """Download the wheels that a definition, the collection and ansible-builder require, for the base's Python."""
    packages = [wanted["ansible_core"]["package_pip"], wanted["ansible_runner"]["package_pip"], *wanted["python"]]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", f"--python-version={PYTHON}"]
    requirements = ["--requirement", str(ROOT / "meta" / "ee-requirements.txt")]
    run(*command, f"--dest={directory}", *requirements, *packages, *BUILDER_PACKAGES, *MARKED_PACKAGES, env=env)


def build(definition, base, tag, directory, env):
    """Build the image of a definition on the local base image, with the artifact of this working tree.

    Arguments:
        definition: as a dictionary, which is modified. tag: of the image. directory: for the build files.
    """
    collect_wheels(definition["dependencies"], directory / "wheels", env)
    definition["images"]["base_image"]["name"] = base
    definition["dependencies"]["galaxy"]["collections"] = [{"name": f"files/{ARTIFACT.name}", "type": "file"}]
    # The base already has the system packages.
    definition["dependencies"].pop("system", None)
    definition["additional_build_files"] = [
        {"src": str(ARTIFACT), "dest": "files"},
        {"src": str(directory / "wheels"), "dest": "wheels"},
    ]
    definition.setdefault("additional_build_steps", {})["prepend_base"] = ["COPY _build/wheels /wheels"]
    definition["build_arg_defaults"] = {"ANSIBLE_GALAXY_CLI_COLLECTION_OPTS": "--offline"}
    # Debian has a pip package and another package manager.
    definition["options"] = {"package_manager_path": "/usr/bin/apt-get", "skip_pip_install": True}
    (directory / "definition.yml").write_text(yaml.safe_dump(definition), encoding="utf-8")
    run(
        "ansible-builder", "build", "--verbosity=2", "--container-runtime=podman", f"--tag={tag}",
        f"--file={directory / 'definition.yml'}", f"--context={directory / 'context'}",
        "--extra-build-cli-args=--isolation=chroot --network=host --pull=never --layers=false", env=env,
    )
