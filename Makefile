# Copyright (c) 2026, hostops.installatron contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make          make the collection importable, with virtual environments for every tool
# make demo     watch a WordPress site being planned, installed, upgraded and removed
# make test     before every commit, at most 6 minutes on two cores: all of unit, lint, sanity and artifact-test, the main scenario of
#               every module by action and by module, and one of everything else (tests/quick.py)
# make test-all     the whole: make test, and then all that it leaves out; .ci/run runs this and the matrix
# make unit | integration | lint | sanity
# make build           the artifact for Ansible Galaxy, in .build/dist
# make artifact-test   what the artifact holds, and the demo from an installation of it
# make docs        the documentation as a site, in .build/docs/html
# make ee-test         an execution environment from the artifact with the demo, and a decision environment (podman, debootstrap, runc; as root)
# make matrix          units, sanity and integration on every supported ansible-core that this machine has a Python for
# make benchmark   what the collection costs against its budgets, about ten minutes; not part of make test
# make secrets  canaries in every secret, searched for on four versions of ansible-core; make test-all has one version
# make fuzz     hostile values for every option, odd answers, templates from the server; make test-all has a sample of it
# make faults   a fault at every request of every scenario, about half an hour; make test-all has a sample of it
# make model    random sequences against the sandbox, the same every time, and every kill of a rollout; make soak: new ones, SOAK_SECONDS=600
# make screenshot  docs/docsite/images/report.png anew, with the package chromium
# make molecule a Molecule scenario for each role, about five minutes; make test-all has those of site, safe_update and drift
# make defects  whether the tests notice deliberate defects
# make mutants  which small changes of the code no unit test notices, of a sample; about ten minutes
#
# PYTHON=python3.12       the Python to use (3.11 or newer), instead of the one for the newest ansible-core that runs here
# CORE=2.18.19            the version of ansible-core, instead of the newest for that Python
# MATRIX_ARGS='2.16 2.20' the rows, instead of all; --jobs 2 for two at a time, --full for all integration tests
# PYTEST_ARGS='-k word'   arguments for pytest
# SUITE=quick             of one stage only what make test has of it (quick), or only what it leaves out (rest)
# SANITY_ARGS='--test x'  arguments for ansible-test sanity
# NOX_ARGS='-e typing'     sessions of nox instead of all of them in make lint
# MOLECULE_ARGS='-s drift' arguments for molecule test
# MUTANTS_ARGS='--number 0 --matrix _core/model'   all mutants of a file, and the tests that notice nothing of their own
# BENCHMARK_ARGS='--only a,b --repeat 5 --check --write'   arguments for the benchmarks

SHELL := bash
comma := ,
.DEFAULT_GOAL := setup

BUILD := .build
LINK := $(BUILD)/collections/ansible_collections/hostops/installatron

# The tools see the collection under its name, and neither the user's configuration of Ansible nor the user's Python path.
SYSTEM_PATH := $(PATH)
ifndef PYTHON
PYTHON := $(or $(shell PATH='$(SYSTEM_PATH)' python3 tools/matrix.py --newest-python 2>/dev/null),python3)
endif
export PATH := $(CURDIR)/$(BUILD)/venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(BUILD)/collections
export ANSIBLE_CONFIG := $(CURDIR)/$(BUILD)/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/$(BUILD)/ansible
# ansible-core wants a UTF-8 locale.
export LC_ALL := C.UTF-8
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
# Tests and demo talk to the sandbox: never to the server that the user's environment names, never through a proxy.
unexport ITRON_API_URL ITRON_API_KEY ITRON_REST_URL ITRON_VALIDATE_CERTS ITRON_CA_PATH ITRON_CLIENT_CERT ITRON_CLIENT_KEY
unexport ITRON_TIMEOUT ITRON_RETRIES ITRON_MAX_REPLY_SIZE ITRON_TRANSPORT ITRON_CLI_PATH ITRON_RUN_ON
export NO_PROXY := 127.0.0.1,localhost$(if $(NO_PROXY),$(comma)$(NO_PROXY))
export no_proxy := $(NO_PROXY)
export PYTEST_ARGS SANITY_ARGS NOX_ARGS MOLECULE_ARGS PYTEST_WORKERS SUITE

.PHONY: ready setup demo test test-all matrix unit integration lint sanity artifact-test ee-test docs benchmark doctor build clean secrets fuzz model faults soak defects mutants molecule screenshot FORCE

ready: $(BUILD)/venv.stamp $(LINK) $(BUILD)/ansible.cfg

setup: ready $(BUILD)/tools.stamp

# Changes when another Python or ansible-core is asked for, and with it the virtual environment.
$(BUILD)/python: FORCE
	@mkdir -p $(BUILD)
	@echo '$(PYTHON) $(CORE)' | cmp --silent - $@ || echo '$(PYTHON) $(CORE)' >$@

$(BUILD)/venv.stamp: requirements-dev.txt tools/make_venv $(BUILD)/python
	@PATH='$(SYSTEM_PATH)' tools/quiet venv tools/make_venv '$(PYTHON)' $(BUILD)/venv requirements-dev.txt '$(CORE)'
	@touch $@

# Linters and sanity tests have virtual environments of their own, filled here; later runs install nothing.
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

# What fails in the first part does not keep the second from running.
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

# A virtual environment of its own: what makes the site is not needed by any test.
$(BUILD)/docs-venv.stamp: docs/requirements.txt tools/make_venv $(BUILD)/venv.stamp
	@PATH='$(SYSTEM_PATH)' tools/quiet docs-venv tools/make_venv '$(PYTHON)' $(BUILD)/docs-venv docs/requirements.txt
	@touch $@

docs: export PATH := $(CURDIR)/$(BUILD)/docs-venv/bin:$(PATH)
docs: ready $(BUILD)/docs-venv.stamp
	@tools/docs

benchmark: ready
	@python tests/benchmark $(BENCHMARK_ARGS)

# Every kill of a rollout, not the sample that belongs to make test-all.
model: ready
	@MODEL=all python tools/stages.py $@

secrets: ready
	@SECRETS_CORES=$${SECRETS_CORES:-all} python tools/stages.py $@

fuzz: ready
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-200} SECRETS_CORES=$${SECRETS_CORES:-all} python tools/stages.py $@

# The whole matrix, not the sample that belongs to make test-all.
faults: ready
	@FAULTS=all python tools/stages.py $@

# Every scenario, not those alone that belong to make test-all.
molecule: ready
	@MOLECULE=all python tools/stages.py $@

soak: ready
	@python tests/model

defects: ready
	@python tests/defects

# A virtual environment of its own: the library that makes the mutants is not needed by any test.
$(BUILD)/mutation-venv.stamp: tests/mutation/requirements.txt tools/make_venv $(BUILD)/venv.stamp
	@PATH='$(SYSTEM_PATH)' tools/quiet mutation-venv tools/make_venv '$(PYTHON)' $(BUILD)/mutation-venv tests/mutation/requirements.txt
	@touch $@

mutants: ready $(BUILD)/mutation-venv.stamp
	@python tests/mutation $(MUTANTS_ARGS)

screenshot: ready
	@PYTHONPATH=$(BUILD)/collections python tests/integration/report_screenshot.py

doctor: ready
	@tools/doctor

# From a copy of the files that git knows, for ansible-galaxy packs whatever lies in the folder.
build: ready
	@python tools/worktree.py $(BUILD)/artifact
	@ansible-galaxy collection build --force --output-path $(BUILD)/dist $(BUILD)/artifact

clean:
	rm -rf $(BUILD)
