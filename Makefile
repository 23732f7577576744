# Everything a developer or CI runs, from a fresh clone with Python 3.11 and make.
# `make` alone prints the list. Options: PYTHON=python3.12, WORKERS=4, PYTEST="-k journal".

PYTHON ?= $(shell command -v python3.11 || command -v python3)
WORKERS ?= 2
PYTEST ?=
SEED ?=
FAULT ?= all
EVENTS ?= 20000
WITHOUT ?=

VENV := .venv
PY := $(VENV)/bin/python
# Touched when the install is complete; older than what it was made from means: install again.
STAMP := $(VENV)/.installed
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help install demo test test-data laws sim sim-long fuzz chaos recovery-bench lint types format bench calibration-coverage calibration-study bench-execution compile impact-study
.PHONY: forecast-report incidents market-data-check market-table planning-table market-report docs ci clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## create .venv with every pinned dependency and this package, editable

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sottovoce needs Python 3.11 or newer: make install PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --no-compile -r requirements/dev.txt
	$(PY) -m compileall -q -j 2 $(VENV)/lib
	$(PIP) install --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

demo: install ## a $100M order from the sentence to the account, on the simulated market
	sh examples/demo.sh

test: install lint types ## what must be green before anything lands: lint, types, tests (under 10 minutes)
	$(PY) -m pytest -n $(WORKERS) -m "not laws and not data" $(PYTEST)

test-data: install ## the tests that read the shared market data folder
	@test -d "$${SOTTOVOCE_DATA:-../shared/data}" || { \
	  echo "make test-data: the market data folder is not at $${SOTTOVOCE_DATA:-../shared/data}; set SOTTOVOCE_DATA to where it is." >&2; exit 1; }
	$(PY) -m pytest -n $(WORKERS) -m "data and not laws" $(PYTEST)

laws: install ## the laws under 100,000 random event sequences each (about half an hour)
	$(PY) -m pytest -n $(WORKERS) -m laws $(PYTEST)

sim: install ## seeded faults on a whole desk: 200 seeds and every fault alone (minutes); SEED=7 repeats one
	$(PY) -m tools.faultsim $(if $(SEED),--seed $(SEED) --shrink,--seeds 200 --singles --out build/sim/sim.json) \
	  --fault "$(FAULT)" --events $(EVENTS) --without "$(WITHOUT)" --jobs $(WORKERS)

fuzz: install ## a million random requests and files at every door (minutes); CASES=20000 SEED=7
	$(PY) -m tools.bad_input.fuzz --corpus
	$(PY) -m tools.bad_input.fuzz --cases $(or $(CASES),1000000) --seed $(or $(SEED),7)

chaos: install ## 200 kill -9 of a live desk on real files, seeded: nothing lost, nothing twice (minutes); SEED=7
	$(PY) tools/chaos.py --kills 200 --seed $(or $(SEED),7)

recovery-bench: install ## a journal of 1,000,000 events recovered: from snapshot and tail, and from empty (minutes)
	$(PY) tools/recovery_bench.py

sim-long: install ## the same for a night: 10,000 seeds of 50,000 events
	$(PY) -m tools.faultsim --seeds 10000 --events 50000 --singles --single-events 50000 --out build/sim/sim-long.json \
	  --jobs $(WORKERS)

lint: install ## style by ruff, and how long the files and functions are
	$(PY) -m ruff check .
	@$(PY) -m tests.house.sizes

types: install ## mypy --strict on the package and its tests
	$(PY) -m mypy

format: install ## put imports and layout in order
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: install ## the benchmarks, with their ratios and percentiles
	$(PY) -m benchmarks

calibration-coverage: install ## coverage of calibration intervals: 500 samples of 2,000 orders, and harder shapes (15 minutes)
	$(PY) -m tools.calibration_coverage --jobs $(WORKERS)

calibration-study: install ## orders worked in the simulated market, calibrated from their journals, and a plan made with the version (minutes)
	$(PY) -m tools.calibration_study

bench-execution: install ## strategies on 240 paired sessions of each generator and real tapes, in build/execution (26 minutes)
	$(PY) -m tools.execution_bench --out build/execution --processes $(WORKERS)

impact-study: install ## cost against size on the simulated market: fit, table and plot in build/impact (3 minutes)
	$(PY) tools/impact_study.py --out build/impact

compile: install ## the order book as extension modules in build/compiled, where a C compiler is there (optional)
	$(PY) tools/compile.py

incidents: install ## the incidents of the record against our controls, with none, one and two layers off
	$(PY) -m tests.incidents

market-data-check: install ## figures of the shared market data, got and expected (under a minute)
	$(PY) tools/market_data_check.py

market-table: install ## every published row on markets: got, expected, tolerance, in docs/reference/market-figures.md
	$(PY) tools/market_table.py

planning-table: install ## every published row of impact and schedules: got, expected, tolerance (under two minutes)
	$(PY) tools/planning_table.py

forecast-report: install ## forecasts out of sample: daily volume of 286 names, volatility, within the day (seconds)
	$(PY) tools/forecast_report.py --out build/forecast

market-report: install ## 20 sessions of each generator against every stylised fact, in build/market
	$(PY) tools/market_report.py --out build/market

docs: install ## rebuild the generated pages of docs/
	$(PY) tools/build_docs.py

ci: ## exactly what continuous integration runs
	bash .ci/run

clean: ## remove the environment, caches and outputs
	rm -rf $(VENV) build dist out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
