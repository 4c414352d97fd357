# Everything runs in .venv, made from the lock when it is missing or older than the lock. Tests and
# documents need more than the laboratory does and put it there when they are first asked for.
# The locks are chosen on Python 3.11 and hold for 3.12 and 3.13 too: `make test PYTHON=python3.13`
# makes and uses .venv-3.13.
PYTHON ?= $(shell python3.11 -c '' 2>/dev/null && echo python3.11 || echo python3)
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
VENV := .venv$(if $(filter-out 3.11,$(VERSION)),-$(VERSION))
BIN := $(VENV)/bin
ARGS ?=

.PHONY: help ready compare nation test short coverage slow faults fuzz mutants lint reference results notebooks docs doses decompose audits measured tornado bench versions audit lock clean

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' $(MAKEFILE_LIST)

ready: $(VENV)/ready  ## the environment, made from the lock where it is missing

compare: $(VENV)/ready  ## compare the strategies; ARGS="koc_led reminders population.households=2000"
	$(BIN)/repurchase compare $(ARGS)

nation: $(VENV)/ready  ## let 40 million households live a year, and record what it took; 20 minutes
	$(BIN)/python -m tests.benchmarks nation

test: $(VENV)/dev  ## the tests; ARGS="-k store"
	$(BIN)/python -m pytest -n 2 $(ARGS)

# Arithmetic, luck, engine and windows, the ways in from Python and shell: what another Python may change.
SHORT := $(patsubst %,tests/%.py,world/test_portable_math world/test_draws world/test_market world/test_ties \
	engine/test_twins test_api project/test_project)

short: $(VENV)/dev  ## a few of the tests, for a Python that is not the locked one
	$(BIN)/python -m pytest -n 2 $(SHORT) $(ARGS)

coverage: $(VENV)/dev  ## which lines no test has run; machine code cannot be seen, its plain twins are
	$(BIN)/python -m pytest -n 2 --cov --cov-report term:skip-covered $(ARGS)

slow: $(VENV)/dev  ## the tests that take long
	$(BIN)/python -m pytest -n 2 -m slow $(ARGS)

faults: $(VENV)/dev  ## let every write of a comparison and a report fail; ARGS="report"
	$(BIN)/python -m tests.faults.all $(ARGS)

fuzz: $(VENV)/dev  ## odd input for an hour, see docs/architecture.md; ARGS="--minutes 5"
	$(BIN)/python -m tests.fuzz $(ARGS)

mutants: $(VENV)/dev  ## plant mistakes into the rules, tell those no test notices; ARGS="--count 300"
	$(BIN)/python -m tests.mutants $(ARGS)

lint: $(VENV)/dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict sim

reference: $(VENV)/ready  ## what documents and types tell of the code and conf/, anew
	$(BIN)/python docs/make_types.py
	$(BIN)/python docs/make_tables.py

results: $(VENV)/ready  ## the reference comparison in results/reference/ anew; a quarter of a minute
	$(BIN)/python docs/make_results.py

notebooks: $(VENV)/dev  ## what the notebooks show, anew from a small real run each
	$(BIN)/python docs/make_notebooks.py $(ARGS)

# Some fifty minutes on two processors.
measured: $(VENV)/ready  ## what pages show beside facts, conf/evidence/measured.csv, its history, tables of docs/validation.md
	$(BIN)/repurchase validate population.households=200000 --most 80 $(ARGS) --results results/measured
	$(BIN)/python docs/make_measured.py results/measured
	$(BIN)/python docs/make_validation.py results/measured

# Some hour of two processors.
tornado: $(VENV)/ready  ## which assumption could turn the choice, in conf/evidence/turning.csv, anew from runs
	$(BIN)/python docs/make_tornado.py results/tornado

doses: decompose  ## docs/levers_and_doses.md anew from runs; ARGS="-n 3 population.households=5000"
	$(BIN)/repurchase levers -n 20 $(ARGS) --results results/doses
	$(BIN)/repurchase dose -n 20 $(ARGS) --results results/doses
	$(BIN)/repurchase standstill population.households=200000 -n 30 $(ARGS) --results results/doses
	$(BIN)/python docs/make_doses.py results/doses

# Some eight minutes on two processors; ARGS says otherwise.
decompose: $(VENV)/ready  ## what each lever adds to a strategy, in docs/levers_and_doses.md, anew from runs
	$(BIN)/repurchase decompose integrated population.households=20000 -n 5 $(ARGS) --results results/doses
	$(BIN)/python docs/make_doses.py results/doses

# Some twenty minutes on two processors; ARGS says otherwise.
SUBJECTS := community coupons service messages points private_domain reminders tier koc

audits: $(VENV)/ready  ## docs/observed_and_caused.md anew from runs
	for subject in $(SUBJECTS); do $(BIN)/repurchase audit $$subject -n 5 $(ARGS) --results results/audits || exit; done
	$(BIN)/python docs/make_audits.py results/audits

docs: $(VENV)/dev  ## the documents as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "Documents: site/index.html; to search in them: python -m http.server -d site"

bench: $(VENV)/bench  ## speed and size, each as measured here, with its target
	$(BIN)/python -m tests.benchmarks $(ARGS)

# The locks hold for later Pythons too; those that are installed must live the same runs.
LATER := $(foreach version,3.12 3.13,$(shell python$(version) -c '' 2>/dev/null && echo $(version)))

versions: $(VENV)/ready  ## the same runs on every Python that is installed, to the last bit
	$(BIN)/python -m tests.digest 20 > $(VENV)/digest
	@for version in $(LATER); do \
		$(MAKE) --silent ready PYTHON=python$$version || exit 1; \
		.venv-$$version/bin/python -m tests.digest 20 | diff $(VENV)/digest - || exit 1; \
		echo "Python $$version: the same 20 runs"; \
	done
	@$(if $(LATER),,echo "Skipped: neither Python 3.12 nor 3.13 is installed.")

audit:  ## the locks against known vulnerabilities, where a list of them can be had
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet pip-audit
	$(VENV)/audit/bin/python tests/audit.py

LOCKED := $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-header \
	--no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra build

lock: $(VENV)/dev  ## choose versions anew within pyproject.toml
	$(LOCKED) --upgrade --extra dev --extra visual --extra export --extra cluster \
		--output-file requirements-dev.lock pyproject.toml
	$(LOCKED) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(LOCKED) --extra benchmark --constraint requirements-dev.lock \
		--output-file requirements-bench.lock pyproject.toml

clean:  ## remove the environment and what tools left; results stay
	rm -rf .venv .venv-3.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache .fuzz

INSTALL := $(BIN)/python -m pip install --quiet --no-build-isolation

# setuptools comes first, from the lock too: one dependency of hydra is built from source.
$(VENV)/ready: requirements.lock pyproject.toml
	@$(if $(filter 3.11 3.12 3.13,$(VERSION)),,\
		echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.11 ..." >&2; exit 1)
	$(PYTHON) -m venv --clear $(VENV)
	sed -n '/^setuptools==/,/[^\\]$$/p' requirements.lock > $(VENV)/first.lock
	$(INSTALL) --require-hashes -r $(VENV)/first.lock
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --editable .
	touch $@

$(VENV)/dev: $(VENV)/ready requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	touch $@

$(VENV)/bench: $(VENV)/ready requirements-bench.lock
	$(INSTALL) --require-hashes -r requirements-bench.lock
	touch $@
