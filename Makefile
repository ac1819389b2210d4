# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make        create the virtual environments and make the collection importable
# make demo   plan, install, upgrade, and remove a WordPress site in the sandbox
# make test   run before each commit; takes at most 6 minutes on two cores
#
# CONTRIBUTING.md describes these and the other targets. The following targets are only listed here:
#
# make build        create the artifact for Ansible Galaxy in .build/dist
# make screenshot   create the pictures session.svg and report.png in docs/docsite/images; report.png needs the package chromium
#
# Variables:
#
# PYTHON=python3.12         Python to use (3.11 or newer); default: the Python for the newest ansible-core that runs on this machine
# CORE=2.18.19              version of ansible-core; default: the newest version for that Python
# MATRIX_ARGS='2.16 2.20'   rows to run; default: all. --jobs 2 runs two at a time, --full runs all integration tests
# PYTEST_ARGS='-k word'     arguments for pytest
# SUITE=quick               run only the part of a stage that is in make test (quick), or only the other part (rest)
# SANITY_ARGS='--test x'    arguments for ansible-test sanity
# NOX_ARGS='-e typing'      nox sessions that make lint runs; default: all
# MOLECULE_ARGS='-s drift'  arguments for molecule test
# MUTANTS_ARGS='--number 0 --matrix _core/model'   all mutants of a file, and the tests that detect no mutant that other tests miss
# BENCHMARK_ARGS='--only a,b --repeat 5 --check --write'   arguments for the benchmarks

SHELL := bash
comma := ,
.DEFAULT_GOAL := setup

BUILD := .build
LINK := $(BUILD)/collections/ansible_collections/hostops/installatron

# The tools find the collection by its name. They ignore the user's Ansible configuration and Python path.
SYSTEM_PATH := $(PATH)
ifndef PYTHON
PYTHON := $(or $(shell PATH='$(SYSTEM_PATH)' python3 tools/matrix.py --newest-python 2>/dev/null),python3)
endif
export PATH := $(CURDIR)/$(BUILD)/venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(BUILD)/collections
export ANSIBLE_CONFIG := $(CURDIR)/$(BUILD)/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/$(BUILD)/ansible
# ansible-core requires a UTF-8 locale.
export LC_ALL := C.UTF-8
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
# Tests and demo must use only the sandbox, not the server in the user's environment, and no proxy.
unexport ITRON_API_URL ITRON_API_KEY ITRON_REST_URL ITRON_VALIDATE_CERTS ITRON_CA_PATH ITRON_CLIENT_CERT ITRON_CLIENT_KEY
unexport ITRON_TIMEOUT ITRON_RETRIES ITRON_MAX_REPLY_SIZE ITRON_TRANSPORT ITRON_CLI_PATH ITRON_RUN_ON
export NO_PROXY := 127.0.0.1,localhost$(if $(NO_PROXY),$(comma)$(NO_PROXY))
export no_proxy := $(NO_PROXY)
export PYTEST_ARGS SANITY_ARGS NOX_ARGS MOLECULE_ARGS PYTEST_WORKERS SUITE

.PHONY: ready setup demo test test-all matrix unit integration lint sanity artifact-test ee-test docs benchmark doctor build clean secrets fuzz model faults soak defects mutants molecule screenshot FORCE

ready: $(BUILD)/venv.stamp $(LINK) $(BUILD)/ansible.cfg

setup: ready $(BUILD)/tools.stamp

# Changes if PYTHON or CORE changes, which rebuilds the virtual environment.
$(BUILD)/python: FORCE
	@mkdir -p $(BUILD)
	@echo '$(PYTHON) $(CORE)' | cmp --silent - $@ || echo '$(PYTHON) $(CORE)' >$@

$(BUILD)/venv.stamp: requirements-dev.txt tools/make_venv $(BUILD)/python
	@PATH='$(SYSTEM_PATH)' tools/quiet venv tools/make_venv '$(PYTHON)' $(BUILD)/venv requirements-dev.txt '$(CORE)'
	@touch $@

# Creates the virtual environments of linters and sanity tests, so that later runs install nothing.
$(BUILD)/tools.stamp: $(BUILD)/venv.stamp $(LINK) requirements-lint.txt antsibull-nox.toml noxfile.py tools/awx_collection.py
	@tools/quiet sanity-tools python tools/sanity.py --prime-venvs & tools/quiet lint-tools nox --install-only && wait $$!
	@tools/quiet awx-collection python tools/awx_collection.py
	@touch $@

$(LINK):
	@mkdir -p $(@D)
	@ln -sfn ../../../.. $@

$(BUILD)/ansible.cfg:
	@mkdir -p $(@D)
	@echo '[defaults]' >$@

demo: ready
	@tools/demo

QUICK := unit lint sanity artifact $(addsuffix :quick,model integration faults secrets fuzz)
REST := ee molecule $(addsuffix :rest,model integration faults secrets fuzz)

test: setup build
	@python tools/stages.py $(QUICK)

# A failure in the first part does not prevent the second part.
test-all: setup build
	@python tools/stages.py $(QUICK) $(REST)

matrix: ready
	@python tools/matrix.py $(MATRIX_ARGS)

lint: setup
unit integration sanity: ready
unit integration lint sanity:
	@python tools/stages.py $@

artifact-test: build
	@python tools/stages.py artifact

ee-test: build
	@python tools/stages.py ee

# A separate virtual environment, because no test needs these packages.
$(BUILD)/docs-venv.stamp: docs/requirements.txt tools/make_venv $(BUILD)/venv.stamp
	@PATH='$(SYSTEM_PATH)' tools/quiet docs-venv tools/make_venv '$(PYTHON)' $(BUILD)/docs-venv docs/requirements.txt
	@touch $@

docs: export PATH := $(CURDIR)/$(BUILD)/docs-venv/bin:$(PATH)
docs: ready $(BUILD)/docs-venv.stamp
	@tools/docs

benchmark: ready
	@python tests/benchmark $(BENCHMARK_ARGS)

# All kills of a rollout. make test-all runs a sample.
model: ready
	@MODEL=all python tools/stages.py $@

secrets: ready
	@SECRETS_CORES=$${SECRETS_CORES:-all} python tools/stages.py $@

fuzz: ready
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-200} SECRETS_CORES=$${SECRETS_CORES:-all} python tools/stages.py $@

# All faults. make test-all runs a sample.
faults: ready
	@FAULTS=all python tools/stages.py $@

# All scenarios. make test-all runs some of them.
molecule: ready
	@MOLECULE=all python tools/stages.py $@

soak: ready
	@python tests/model

defects: ready
	@python tests/defects

# A separate virtual environment, because no test needs the mutation library.
$(BUILD)/mutation-venv.stamp: tests/mutation/requirements.txt tools/make_venv $(BUILD)/venv.stamp
	@PATH='$(SYSTEM_PATH)' tools/quiet mutation-venv tools/make_venv '$(PYTHON)' $(BUILD)/mutation-venv tests/mutation/requirements.txt
	@touch $@

mutants: ready $(BUILD)/mutation-venv.stamp
	@python tests/mutation $(MUTANTS_ARGS)

screenshot: ready
	@python tests/integration/session_picture.py
	@PYTHONPATH=$(BUILD)/collections python tests/integration/report_screenshot.py

doctor: ready
	@tools/doctor

# Builds from a copy of the tracked files, because ansible-galaxy packs all files in the folder.
build: ready
	@python tools/worktree.py $(BUILD)/artifact
	@ansible-galaxy collection build --force --output-path $(BUILD)/dist $(BUILD)/artifact

clean:
	rm -rf $(BUILD)
