# Huirong 惠融. `make help` lists the targets; `make demo` and `make test` are the two to begin with.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# One scratch folder per configuration: release here, debug in .build-debug for a shorter loop while developing. SWIFT_FLAGS
# adds flags of `swift build`.
CONFIG ?= release
SCRATCH := $(if $(filter debug,$(CONFIG)),.build-debug,.build)
SWIFT_BUILD := swift build -c $(CONFIG) --scratch-path $(SCRATCH) $(SWIFT_FLAGS)
# Product by product: `swift build` alone compiles every target of every dependency, and half of them nobody here uses.
PROGRAMS := huirong-demand huirong-catalog huirong-fund huirong-evaluation huirong-gateway huirongctl
BENCHES := huirong-bench huirong-storage-bench huirong-catalog-bench huirong-demand-bench huirong-evaluation-bench
BIN := $(SCRATCH)/$(CONFIG)
VENV := .tools/venv
SUITE_DIR ?= var/suite

.PHONY: help packages tools build demo up down test build-tests test-swift test-clients test-containers c-client lint format-check bench simulate clean-data lint-schema generate check-generated

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 20

packages: ## Install the Debian packages that the build needs (nothing when they are there).
	@scripts/install-packages build

tools: $(VENV)/.ready ## Python environment with buf, grpcurl and grpcio for lint and client tests.

$(VENV)/.ready: scripts/requirements.txt
	@scripts/install-packages test
	@python3 -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r scripts/requirements.txt
	@touch $@

build: packages ## Build the executables (CONFIG=release|debug).
	@for product in $(PROGRAMS); do $(SWIFT_BUILD) --product $$product || exit 1; done

demo: build ## Start the suite, run the main job on real data, print the report, stop.
	@$(BIN)/huirongctl demo --binaries $(BIN)

up: build ## Start the five services and leave them running (stores in $(SUITE_DIR)).
	@$(BIN)/huirongctl up --binaries $(BIN) --directory $(SUITE_DIR)

down: ## Stop what `make up` started.
	@$(BIN)/huirongctl down --directory $(SUITE_DIR)

test: test-swift test-clients ## All tests: Swift suites, then clients of other languages against the real processes.

build-tests: packages ## Build everything with its tests; the log is kept, and shown when it fails.
	@scripts/install-packages test
	@mkdir -p $(SCRATCH)
	@for product in huirongPackageTests huirong-storage-writer $(PROGRAMS); do \
	  $(SWIFT_BUILD) --product $$product || exit 1; \
	done >$(SCRATCH)/build.log 2>&1 || { grep -E "error|warning: unre|^[0-9]+\." $(SCRATCH)/build.log | head -60; exit 1; }
	@tail -1 $(SCRATCH)/build.log

test-swift: build-tests ## The Swift suites.
	@rm -rf $(SCRATCH)/tmp && mkdir -p $(SCRATCH)/tmp
	TMPDIR=$(abspath $(SCRATCH))/tmp swift test -c $(CONFIG) --scratch-path $(SCRATCH) --skip-build

test-clients: tools
	$(VENV)/bin/python -m pytest -q Tests/External --binaries $(abspath $(BIN))

c-client: tools ## The C client for banks' cores: libraries and the bank-sync example (Shared/CClient/Makefile).
	@$(MAKE) --no-print-directory -C Shared/CClient OUT=$(abspath $(SCRATCH))/c-client all

test-containers: ## Build the images, run the composed stack and a journey through it (skips where no engine can run).
	@Tests/Containers/run

lint: tools ## swift format, buf lint, architecture.
	@swift format lint --strict --recursive Package.swift Services Shared Tests --configuration .swift-format 2>&1 | scripts/without-generated
	@$(MAKE) --no-print-directory lint-schema

lint-schema: tools ## buf lint over proto/.
	@cd proto && ../$(VENV)/bin/buf lint

generate: packages ## Regenerate Shared/Protos from proto/.
	@scripts/generate-protos

check-generated: packages ## Fail when committed generated code is stale.
	@scripts/generate-protos --check

bench: build tools ## Measure (ONLY=family for one): a table, and JSON lines in .build/bench.jsonl.
	@for product in $(BENCHES); do $(SWIFT_BUILD) --product $$product || exit 1; done
	@scripts/install-packages bench
	@$(VENV)/bin/python Tests/Benchmarks/run.py --binaries $(BIN) $(if $(ONLY),--only $(ONLY)) $(if $(ROWS),--rows $(ROWS))

simulate: build tools ## The fund under crashes against an oracle, CYCLES=1000 of them (docs/testing.md).
	@$(VENV)/bin/python Tests/Simulation/simulate --binaries $(abspath $(BIN)) --cycles $(or $(CYCLES),1000)

clean-data: ## Remove the stores that `make up` keeps.
	@rm -rf $(SUITE_DIR)
