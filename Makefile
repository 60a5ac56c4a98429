# make up    everything at once, on SQLite, with the demonstration shop
# make test  all tests       make lint  ruff, mypy, import-linter       make bench  the measurements, quick

UV := .venv-tools/bin/uv
# The installer says what it does only where somebody watches.
QUIET := $(if $(filter true,$(CI)),-q,)

.PHONY: up test test-slow engines lint bench lock clean

up: .venv/app .venv-engine/ready
	@exec .venv/bin/duologue up

# Several at a time; but a browser that has no processor to itself takes longer to show a page than is waited for.
ALONE := tests/browser tests/faults
test: .venv/dev .venv-engine/ready
	@.venv/bin/python -m pytest -m "not slow" -n logical --maxprocesses 4 --dist loadfile $(addprefix --ignore=,$(ALONE)); \
	others=$$?; .venv/bin/python -m pytest -m "not slow" $(ALONE) && exit $$others

test-slow: .venv/dev .venv-engine/ready engines
	@.venv/bin/python -m pytest

lint: .venv/dev
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --config pyproject.toml

bench: .venv/bench .venv-engine/ready
	@for each in bench/*.py; do echo "== $$each"; .venv/bin/python $$each --quick || exit 1; done

.venv-tools/ready: requirements/tools.txt
	@echo "Setting up the installer"
	@python3 -m venv .venv-tools
	@.venv-tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

# Compiled once, here: where nothing may be written beside the modules, each start would compile spaCy and Rasa anew.
.venv/app: .venv-tools/ready requirements/app.txt pyproject.toml
	@echo "Setting up Duologue (Python 3.12, .venv)"
	@$(UV) venv $(QUIET) --allow-existing --python 3.12 .venv
	@$(UV) pip sync -q --compile-bytecode --python .venv --require-hashes requirements/app.txt
	@$(UV) pip install -q --python .venv --no-deps --no-build-isolation --no-index -e .
	@.venv/bin/python -m compileall -q bot actions
	@touch $@

.venv/dev: .venv/app requirements/dev.txt
	@echo "Setting up the tests' tools (.venv)"
	@$(UV) pip sync -q --compile-bytecode --python .venv --require-hashes requirements/app.txt requirements/dev.txt
	@$(UV) pip install -q --python .venv --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/bench: .venv/dev requirements/bench.txt
	@echo "Setting up what is measured beside (.venv)"
	@$(UV) pip install -q --python .venv --require-hashes -r requirements/bench.txt
	@touch $@

.venv-engine/ready: .venv-tools/ready requirements/engine.txt
	@echo "Setting up the engine (Python 3.10, .venv-engine)"
	@$(UV) venv $(QUIET) --no-project --allow-existing --python 3.10 .venv-engine || { \
	  echo "Python 3.10 was not found. Rasa needs it: install it (e.g. pyenv install 3.10) and run make again." >&2; \
	  exit 2; }
	@$(UV) pip sync -q --compile-bytecode --python .venv-engine --require-hashes requirements/engine.txt
	@.venv-engine/bin/python -m compileall -qq bot/__init__.py bot/engine || true
	@touch $@

# The other engines that the questions are put to. Without Java, Spark's tests say so and are skipped.
engines: .venv-engines/ready

.venv-engines/ready: .venv-tools/ready requirements/engines.txt
	@echo "Setting up Spark and ClickHouse, for tests alone (Python 3.12, .venv-engines)"
	@$(UV) venv $(QUIET) --no-project --allow-existing --python 3.12 .venv-engines
	@$(UV) pip sync -q --python .venv-engines --require-hashes requirements/engines.txt
	@touch $@

# Resolves the versions anew. No addresses of indexes are written: a lock holds for whichever index is used.
COMPILE := $(UV) pip compile -q --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: .venv-tools/ready
	$(COMPILE) --universal --python-version 3.12 pyproject.toml -o requirements/app.txt
	$(COMPILE) --universal --python-version 3.12 --group dev -c requirements/app.txt -o requirements/dev.txt
	$(COMPILE) --universal --python-version 3.12 --group bench -c requirements/app.txt -c requirements/dev.txt \
	  -o requirements/bench.txt
	$(COMPILE) --universal --python-version 3.12 --group engines -c requirements/app.txt -c requirements/dev.txt \
	  -o requirements/engines.txt
	$(COMPILE) --python-version 3.10 --group engine -o requirements/engine.txt
	$(COMPILE) --universal requirements/tools.in -o requirements/tools.txt

clean:
	rm -rf .venv .venv-engine .venv-engines .venv-tools models .rasa
