# Steward's commands. On a fresh machine: `make run` to use it, `make test` to check it.
# Every target prepares .venv first when a lock or pyproject.toml has changed; nothing else is needed
# than Python 3.11 or newer and make.

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON := $(BIN)/python
PIP    := $(PYTHON) -m pip --disable-pip-version-check --quiet install --only-binary :all:

# Stamps of what .venv holds: the product, the tools of its tests, the peers of its benches.
BASE  := $(VENV)/.installed
TOOLS := $(VENV)/.installed-dev
PEERS := $(VENV)/.installed-bench

# Optional: make test ARGS=tests/memory   make bench DATA=dir   make faults PART=actions
ARGS ?=
DATA ?=
PART ?= actions
RECORD ?=

NEEDS := Steward needs Python 3.11 or newer with venv: "apt install python3 python3-venv" on Debian or Ubuntu, "brew install python" on a Mac

.PHONY: setup run demo test check format bench faults shots locks clean

setup: $(BASE)
	@echo "Ready. make run starts Steward, make demo shows it with a sample company."

run: $(BASE)
	@$(BIN)/steward run

# The story of a minute on real parts, in a folder of its own: RECORD=docs/demo.webp films it.
demo: $(TOOLS)
	@$(PYTHON) -m tests.demo $(if $(RECORD),--record "$(RECORD)")

test: $(TOOLS)
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --inline-snapshot=disable $(ARGS)

# All four always run: one go tells every fault.
check: $(TOOLS)
	@failed=; \
	for step in "ruff format --check ." "ruff check ." "basedpyright" "lint-imports --no-logo"; do \
	  $(BIN)/$$step || failed=yes; \
	done; \
	test -z "$$failed"

format: $(TOOLS)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(PEERS)
	@$(PYTHON) -m tests.bench $(if $(DATA),--data "$(DATA)") $(ARGS)

faults: $(TOOLS)
	@$(PYTHON) -m tests.faultkit --part $(PART) $(ARGS)

shots: $(TOOLS)
	@$(PYTHON) -m tests.shots $(ARGS)

clean:
	@rm -rf $(VENV)

# Only this target needs uv. It keeps the versions that are pinned; UPGRADE=1 takes the newest.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	$(if $(UPGRADE),--upgrade)
locks:
	@$(LOCK) pyproject.toml --group build -o requirements.lock
	@$(LOCK) pyproject.toml --extra postgres -c requirements.lock -o requirements-extras.lock
	@$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	@$(LOCK) --group bench -c requirements.lock -c requirements-dev.lock -o requirements-bench.lock

# The first Python that runs, is new enough and can make an environment. A shim of pyenv may be on
# the path and still fail, so each is tried rather than looked up. $(error) is make's one-line end.
FIND = for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && echo $$python && break; done

$(PYTHON):
	$(eval FOUND := $(shell $(FIND)))
	$(if $(FOUND),,$(error $(NEEDS)))
	@echo "Making the environment with $(FOUND) ..."
	@$(FOUND) -m venv --clear $(VENV)

$(BASE): requirements.lock pyproject.toml | $(PYTHON)
	@echo "Installing what Steward needs ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(TOOLS): $(BASE) requirements-dev.lock requirements-extras.lock
	@echo "Installing the tools for its tests ..."
	@$(PIP) --require-hashes -r requirements-dev.lock -r requirements-extras.lock
	@touch $@

$(PEERS): $(TOOLS) requirements-bench.lock
	@echo "Installing what its benches compare it with ..."
	@$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@
