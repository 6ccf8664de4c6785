# Every target makes what it needs: on a fresh machine any of them works as the very first command.
# `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WHAT ?= all
export PATH := $(CURDIR)/$(BIN):$(PATH)
# What Python compiled is kept: where this is set, each of the many processes that the tests start compiles 450 files.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(READY) ## make .venv and install the project with its tools

$(READY): pyproject.toml constraints.txt scripts/make_venv.sh
	@PYTHON="$(PYTHON)" scripts/make_venv.sh $(VENV)
	@touch $@

.PHONY: demo
demo: $(READY) ## start server and sandbox, send the example orders, show the answers
	@$(BIN)/origingate demo

.PHONY: test
test: $(READY) test-python test-go test-java ## all tests: Python, then the Go and Java clients where their tools are

.PHONY: test-python
test-python: $(READY) ## the Python tests and every rule test
	$(BIN)/pytest -n 2 --dist loadgroup

.PHONY: test-go
test-go: $(READY) ## the Go client against a real server
	@scripts/client_tests.sh go

.PHONY: test-java
test-java: $(READY) ## the Java client against a real server
	@scripts/client_tests.sh java

.PHONY: check
check: $(READY) ## style, types, import contracts, the contract's lint, and that generated files are fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code --path protos/origingate
	$(BIN)/origingate rules fmt --check rules/usmca tests/planted/parcels
	$(BIN)/origingate rules cover --min 100 --json >/dev/null
	$(BIN)/origingate rules prove --json >/dev/null
	@scripts/generated_is_fresh.sh
	@scripts/contract_is_compatible.sh
	@if command -v go >/dev/null; then $(MAKE) --no-print-directory -C clients/go fresh; \
	else echo "clients/go: stubs not compared, because 'go' is not installed here"; fi

.PHONY: cover
cover: $(READY) ## every rule and clause of the shipped rulebook is seen on both sides by its tests
	$(BIN)/origingate rules cover --min 100

.PHONY: mutate
mutate: $(READY) ## change every rule of the shipped rulebook a little; its tests notice at least 90 % of it
	$(BIN)/origingate rules mutate --min 90

.PHONY: prove
prove: $(READY) ## every rule of the shipped rulebook can decide, no two say the same, its invariants hold
	$(BIN)/origingate rules prove

.PHONY: second-opinion
second-opinion: $(READY) ## hold the evaluator against durable-rules on all rule tests and 10,000 made-up orders
	$(BIN)/origingate rules second-opinion --generated 10000 --seed 1

.PHONY: gen
gen: $(READY) ## generate gen/ and the Go client's stubs from protos/, docs/rules/ from rules/, docs/cases.md from engine/case.py
	$(BIN)/buf generate
	@if command -v go >/dev/null; then $(MAKE) --no-print-directory -C clients/go gen; \
	else echo "clients/go: stubs not generated, because 'go' is not installed here"; fi
	$(BIN)/origingate rules docs
	$(BIN)/python scripts/case_page.py

.PHONY: release-contract
release-contract: $(READY) ## take the contract as it is for that of the last release, which `make check` holds later ones against
	$(BIN)/buf build -o protos/released.binpb --exclude-source-info

.PHONY: watch-restarts
watch-restarts: $(READY) ## two writers, 100 restarts of their servers: watchers miss nothing, and see it in order
	ORIGINGATE_TEST_RESTARTS=100 $(BIN)/pytest tests/system/test_watch_restarts.py

.PHONY: crash-runs
crash-runs: $(READY) ## 500 times on each database, kill a server around a commit or a send, and compare the books; half an hour
	ORIGINGATE_TEST_CRASHES=500 $(BIN)/pytest tests/system/test_crash_runs.py

.PHONY: tamper-runs
tamper-runs: $(READY) ## tamper 10,000 times with a copy of a database: each time the audit finds it and names it; ten minutes
	ORIGINGATE_TEST_TAMPERINGS=10000 $(BIN)/pytest -s tests/server/audit/test_tampering.py

.PHONY: platform-runs
platform-runs: $(READY) ## 2,000 histories of orders, platform faults, crashes and restarts over a real sandbox; half an hour
	@mkdir -p build/platform-runs
	ORIGINGATE_TEST_PLATFORM_RUNS=2000 ORIGINGATE_TEST_PLATFORM_TOLD=build/platform-runs \
	$(BIN)/pytest -n 2 tests/server/workflow/runs
	@cat build/platform-runs/*.txt

.PHONY: order-runs
order-runs: $(READY) ## 10,000 orders through each order system, Go's and Java's, with platform faults and restarts; half an hour
	cd clients/go/shop && ORIGINGATE=$(CURDIR)/$(BIN)/origingate ORIGINGATE_TEST_ORDERS=10000 \
	go test -count=1 -timeout 60m -run TestLoad
	ORIGINGATE=$(CURDIR)/$(BIN)/origingate ORIGINGATE_TEST_ORDERS=10000 mvn -q -B -ntp -f clients/java test \
	-pl client,shop -Dtest=LoadTest -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: soak
soak: $(READY) ## 20 minutes of orders while certificates change, the platform fails, servers are drained and nonsense comes
	ORIGINGATE_TEST_SOAK=1200 $(BIN)/pytest -s tests/system/soak

.PHONY: laws
laws: $(READY) ## put every law to ten times as many examples as `make test` does; half an hour
	ORIGINGATE_TEST_EXAMPLES=10 $(BIN)/pytest -n 2 tests/engine tests/server/wire tests/server/platforms tests/server/identity

.PHONY: golden
golden: $(READY) ## write the golden files again; read the difference before you commit it
	UPDATE_GOLDENS=1 $(BIN)/pytest -n 2 -k golden

.PHONY: bench
bench: $(READY) ## measure; WHAT=engine, recorded, cases, evidence, growth, platform, server ... for a part (python -m bench -h)
	@$(BIN)/python -m bench $(WHAT)

.PHONY: bench-peers
bench-peers: $(READY) ## decisions a second beside Cerbos's, in one run; needs npm and h2load (nghttp2)
	@$(BIN)/python -m bench peers

.PHONY: format
format: $(READY) ## lay out Python and protos
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .
	$(BIN)/buf format -w

.PHONY: clean
clean: ## remove what was built
	rm -rf $(VENV) dist build clients/java/*/target
