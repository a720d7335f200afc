# Two commands: `make run` cleans the samples in raw/, `make test` passes the tests. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NATIVE := $(VENV)/.native

.PHONY: run test slow lowest docs axe contracts mutants fuzz check format lock build clean-all

run: $(NATIVE)
	$(BIN)/winnow clean raw -o clean --flow || test $$? -eq 3

test: $(NATIVE)
	$(BIN)/pytest -n auto -m "not slow"

slow: $(NATIVE)
	$(BIN)/pytest -n auto --dist loadfile -m slow

# The quick tests with the lowest versions that pyproject.toml allows, which Python 3.11 has wheels of. Old packages
# beside new ones warn of what will go; that is no error here.
LOWEST := .lowest
lowest: $(LOWEST)/.ready
	$(LOWEST)/bin/python -m pytest -n auto -m "not slow" -W default::DeprecationWarning

$(LOWEST)/.ready: tests/lowest.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "make lowest needs Python 3.11; set PYTHON=")'
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	WINNOW_NATIVE=0 $(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# These pages as HTML, in docs/_build; a warning (a link that leads nowhere, a page that no other names) is an error.
docs: $(READY)
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build

# axe-core (MPL-2.0, from npm) for the accessibility tests of the review page; they are skipped without it.
AXE := axe-core-4.14.1
axe: $(READY)
	mkdir -p $(VENV)/axe
	cd $(VENV)/axe && npm pack --silent $(subst core-,core@,$(AXE)) && tar xzf $(AXE).tgz

# The tools that load corpora, each lot in an environment of its own because they disagree on numpy and pandas.
CONTRACTS := .contracts
CONTRACT_TESTS_hub := test_datasets.py test_frames.py
CONTRACT_TESTS_datatrove := test_datatrove.py
CONTRACT_TESTS_dolma := test_dolma.py
CONTRACT_TESTS_retrieval := test_retrieval.py
CONTRACT_TESTS_steps := test_corpus_frames.py test_datatrove_steps.py test_datatrove_quality.py test_scrapy.py test_datasets_map.py
# datatrove with its own extractor and filters, which hold trafilatura below 1.12, and all that Winnow asks for
CONTRACT_TESTS_processing := test_datatrove_steps.py
ASKED_processing := --extra datatrove pyproject.toml
LOTS := hub datatrove dolma retrieval steps processing

# Environments stay once they are made.
.SECONDARY:

contracts: $(addprefix contracts-,$(LOTS))

contracts-%: $(CONTRACTS)/%/.ready $(CONTRACTS)/corpora
	HF_HUB_OFFLINE=1 $(CONTRACTS)/$*/bin/python -m pytest $(addprefix tests/contracts/,$(CONTRACT_TESTS_$*))

$(CONTRACTS)/corpora: $(READY) tests/contracts/corpora.py
	rm -rf $@ $@.new
	$(BIN)/python -m tests.contracts.corpora $@.new
	mv $@.new $@

$(CONTRACTS)/%/.ready: tests/contracts/%.lock
	$(PYTHON) -m venv $(CONTRACTS)/$*
	$(CONTRACTS)/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# Changes of the code that no test notices (docs/mutants.md): of MUTANTS, modules or folders, for MINUTES at most.
MUTANTS ?= winnow/cleaners winnow/corpus winnow/models
MINUTES ?= 60
MUTANTS_ENV := .mutants/env

mutants: $(READY) $(MUTANTS_ENV)/.ready
	nice $(BIN)/python -m bench.mutants --minutes $(MINUTES) --tool $(abspath $(MUTANTS_ENV)/bin) $(MUTANTS)

$(MUTANTS_ENV)/.ready: bench/mutants.lock
	$(PYTHON) -m venv $(MUTANTS_ENV)
	$(MUTANTS_ENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# Hostile inputs for all that takes them (docs/security.md): for MINUTES in sum, of TARGETS if any are named.
TARGETS ?=
SEED ?= 0
FUZZ_LIB := .fuzz/lib

fuzz: $(READY) $(FUZZ_LIB)/.ready
	nice $(BIN)/python -m bench.fuzz --minutes $(MINUTES) --seed $(SEED) --tool $(abspath $(FUZZ_LIB)) $(TARGETS)

# Beside our own packages, not among them: the fuzzer has wheels for Linux on x86-64 alone, and is not needed elsewhere.
$(FUZZ_LIB)/.ready: tests/fuzz/atheris.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade \
	  --target $(FUZZ_LIB) -r $< || echo 'No atheris for this system: inputs are tried without it (docs/security.md).'
	mkdir -p $(FUZZ_LIB) && touch $@

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(READY)
	$(BIN)/python -m build --wheel

# Pins for Python 3.11 to 3.13 on any platform, with the SHA-256 of every file that may be installed; no index is named.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
  --no-emit-index-url --generate-hashes
lock: $(READY)
	$(COMPILE) --extra all --extra dask --group dev --group docs pyproject.toml -o requirements.lock
	$(COMPILE) --resolution lowest-direct --extra all --extra dask --group dev pyproject.toml -o tests/lowest.lock
	$(COMPILE) --extra flow --extra review --extra s3 --group build --constraint requirements.lock pyproject.toml -o image.lock
	$(foreach lot,$(LOTS),$(COMPILE) $(ASKED_$(lot)) tests/contracts/$(lot).in -o tests/contracts/$(lot).lock &&) true
	$(COMPILE) bench/mutants.in -o bench/mutants.lock
	$(COMPILE) .github/wheels.in -o .github/wheels.lock
	$(COMPILE) tests/fuzz/atheris.in -o tests/fuzz/atheris.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Winnow needs Python 3.11 or newer; set PYTHON=")'
	@echo 'Setting up $(VENV): some minutes, only this once.'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	WINNOW_NATIVE=0 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The native core, built again when its sources change. It says so in a line where it cannot be, and Python runs instead.
$(NATIVE): $(READY) hatch_build.py $(wildcard winnow/native/*.pyx winnow/native/*.pxd)
	@$(BIN)/python hatch_build.py || true
	@touch $@

clean-all:
	rm -rf winnow/native/*.so $(VENV) $(LOWEST) $(CONTRACTS) .mutants .fuzz clean dist docs/_build
