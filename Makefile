# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make          make the collection importable, with a virtual environment that has every tool
# make demo     watch a WordPress site being planned, installed, upgraded and removed
# make test     everything below
# make unit | integration | lint | sanity
# make benchmark   what the collection costs against its budgets, about ten minutes; not part of make test
# make secrets  canaries in every secret, searched for on four versions of ansible-core; make test has one version
# make fuzz     hostile values for every option, odd answers, templates from the server; make test has a sample of it
# make faults   a fault at every request of every scenario, about half an hour; make test has a sample of it
# make model    random sequences against the sandbox, the same every time; make soak: new ones, SOAK_SECONDS=600
# make screenshot  docs/images/report.png anew, with the package chromium
# make molecule a Molecule scenario for each role, about five minutes; make test has those of site, safe_update and drift
# make defects  whether the tests notice deliberate defects
#
# PYTHON=python3.12       the Python to use (3.11 or newer)
# PYTEST_ARGS='-k word'   arguments for pytest
# SANITY_ARGS='--test x'  arguments for ansible-test sanity
# MOLECULE_ARGS='-s drift' arguments for molecule test
# BENCHMARK_ARGS='--only a,b --repeat 5 --check --write'   arguments for the benchmarks

SHELL := bash
comma := ,
.DEFAULT_GOAL := setup
PYTHON ?= python3

BUILD := .build
LINK := $(BUILD)/collections/ansible_collections/hostops/installatron

# The tools see the collection under its name, and neither the user's configuration of Ansible nor the user's Python path.
SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/$(BUILD)/venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(BUILD)/collections
export ANSIBLE_CONFIG := $(CURDIR)/$(BUILD)/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/$(BUILD)/ansible
# ansible-core wants a UTF-8 locale.
export LC_ALL := C.UTF-8
unexport PYTHONPATH PYTHONHOME
# Tests and demo talk to the sandbox: never to the server that the user's environment names, never through a proxy.
unexport ITRON_API_URL ITRON_API_KEY ITRON_REST_URL ITRON_VALIDATE_CERTS ITRON_CA_PATH ITRON_CLIENT_CERT ITRON_CLIENT_KEY
unexport ITRON_TIMEOUT ITRON_RETRIES ITRON_TRANSPORT ITRON_CLI_PATH ITRON_RUN_ON
export NO_PROXY := 127.0.0.1,localhost$(if $(NO_PROXY),$(comma)$(NO_PROXY))
export no_proxy := $(NO_PROXY)
export PYTEST_ARGS SANITY_ARGS PYTEST_WORKERS MOLECULE_ARGS

.PHONY: screenshot secrets fuzz setup demo test unit integration lint sanity benchmark doctor build clean model faults soak defects molecule FORCE

setup: $(BUILD)/venv.stamp $(LINK) $(BUILD)/ansible.cfg

# Changes when another Python is asked for, and with it the virtual environment.
$(BUILD)/python: FORCE
	@mkdir -p $(BUILD)
	@echo '$(PYTHON)' | cmp --silent - $@ || echo '$(PYTHON)' >$@

$(BUILD)/venv.stamp: requirements-dev.txt tools/make_venv $(BUILD)/python
	@PATH='$(SYSTEM_PATH)' tools/quiet venv tools/make_venv '$(PYTHON)' $(BUILD)/venv requirements-dev.txt
	@touch $@

$(LINK):
	@mkdir -p $(@D)
	@ln -sfn ../../../.. $@

$(BUILD)/ansible.cfg:
	@mkdir -p $(@D)
	@echo '[defaults]' >$@

demo: setup
	@tools/demo

test: setup
	@tools/stages unit lint sanity integration model faults secrets fuzz molecule

unit integration lint sanity: setup
	@tools/stages $@

benchmark: setup
	@python tests/benchmark $(BENCHMARK_ARGS)

model: setup
	@tools/stages $@

secrets: setup
	@SECRETS_CORES=$${SECRETS_CORES:-all} tools/stages $@

fuzz: setup
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-200} SECRETS_CORES=$${SECRETS_CORES:-all} tools/stages $@

# The whole matrix, not the sample that belongs to make test.
faults: setup
	@FAULTS=all tools/stages $@

# Every scenario, not those alone that belong to make test.
molecule: setup
	@MOLECULE=all tools/stages $@

soak: setup
	@python tests/model

defects: setup
	@python tests/defects

screenshot: setup
	@PYTHONPATH=$(BUILD)/collections python tests/integration/report_screenshot.py

doctor: setup
	@tools/doctor

build: setup
	@ansible-galaxy collection build --force --output-path $(BUILD)/dist

clean:
	rm -rf $(BUILD)
