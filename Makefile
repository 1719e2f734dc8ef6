# Two commands do everything: `make run` serves the chat, `make test` proves it.
# Needed: Python 3.11, make and a package index. Everything is installed into this folder.

PORT ?= 5005
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
UV := $(shell command -v uv || echo .uv/bin/uv)
BIN := .venv/bin
MODEL := models/send-guide.tar.gz

# trust whom the machine trusts, as pip does: networks of councils often look into TLS
export UV_SYSTEM_CERTS ?= true
export RASA_TELEMETRY_ENABLED := false
export SEND_GUIDE_QUESTIONS ?= tests/questions
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore::DeprecationWarning,ignore::UserWarning

# what the model depends on: content, conversation, understanding
CONTENT := $(shell find data -name '*.yml')
NLU := $(wildcard send_guide/nlu/*.py send_guide/content/*.py)

.PHONY: run test lint lint-js format train evaluate thresholds starter release-check figures sbom audit bench faults soak \
  fuzz lock clean help

help: ## Show this list.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: .venv/.run $(MODEL) ## Set up, train if needed, and serve on http://127.0.0.1:$(PORT) (PORT=... moves it).
	@$(BIN)/send-guide serve --port $(PORT) --model $(MODEL)

test: .venv/.dev $(MODEL) ## Set up and run every test.
	$(BIN)/send-guide check
	$(BIN)/rasa data validate --fail-on-warnings
	$(BIN)/rasa test core --model $(MODEL) --stories tests/conversations --fail-on-prediction-errors --no-plot --out results
	$(BIN)/pytest

lint: .venv/.dev ## Check style, types and the direction of imports.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lint-js: node_modules/.package-lock.json ## Check the JavaScript (needs Node.js; nothing else does).
	npm run --silent lint

node_modules/.package-lock.json: package-lock.json
	npm ci --silent

format: .venv/.dev ## Put the code into the project's style.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: $(MODEL) ## Train the model, if anything it depends on has changed.

evaluate: .venv/.dev $(MODEL) ## Measure how well people are understood; writes docs/evaluation.md (five minutes).
	$(BIN)/python -m benchmarks.evaluation --model $(MODEL)

thresholds: .venv/.dev $(MODEL) ## Choose the thresholds of config.yml by the questions of tests/questions.
	$(BIN)/python -m benchmarks.evaluation --model $(MODEL) --quick --write

starter: .venv-starter/.made $(MODEL) ## Measure understanding beside the pipeline of `rasa init` (an hour and a half).
	.venv-starter/bin/python -m benchmarks.understanding

release-check: .venv/.run ## Refuse where an answer is six months past its review (the rest: send-guide review).
	$(BIN)/send-guide review --release

figures: .venv/.run $(MODEL) ## Measure anew what the public record says (docs/public-record/figures.md).
	$(BIN)/python -m benchmarks.public_figures --model $(MODEL)

sbom: | $(UV) ## Write docs/sbom.cdx.json, the bill of materials of requirements.lock, anew.
	$(UV) venv --quiet --clear --python $(PYTHON) build/sbom
	$(UV) pip sync --quiet --python build/sbom/bin/python --require-hashes requirements.lock
	@$(UV) tool run --from cyclonedx-bom==7.5.0 cyclonedx-py environment build/sbom --pyproject pyproject.toml \
	  --of JSON --output-reproducible -o build/sbom.json
	$(PYTHON) deploy/sbom.py requirements.lock < build/sbom.json > docs/sbom.cdx.json
	@rm -rf build/sbom build/sbom.json

audit: | $(UV) ## Ask an advisory service about every locked package; one it does not know is a failure.
	$(UV) tool run --from pip-audit==2.10.1 pip-audit -r requirements.lock --require-hashes --no-deps --disable-pip --strict

bench: .venv/.dev .venv-starter/.made $(MODEL) ## Measure speed and memory beside the starter bot of `rasa init` (ten minutes).
	$(BIN)/python -m benchmarks.speed --model $(MODEL)
	.venv-starter/bin/python -m benchmarks.performance
	$(BIN)/python -m benchmarks.helpline
	$(BIN)/python -m benchmarks.web

faults: .venv/.dev $(MODEL) ## Break one thing after another under load and count what is lost (twenty minutes).
	$(BIN)/python -m benchmarks.faults

soak: .venv/.dev $(MODEL) ## Talk for 20 minutes and look whether memory grows.
	$(BIN)/python -m benchmarks.soak

fuzz: .venv/.dev $(MODEL) ## Feed webhooks, chat, dates, redaction and texts with anything for an hour (MINUTES=... for another time).
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),60)

$(MODEL): $(CONTENT) config.yml domain.yml $(NLU) | .venv/.run
	@echo "Training the model (about a minute) ..."
	$(BIN)/send-guide train --model $(MODEL)
	@touch $(MODEL)

COMPILE = $(UV) pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -q
lock: $(UV) ## Write the lock files anew from pyproject.toml.
	$(COMPILE) --extra train -o requirements.lock
	$(COMPILE) --extra train --extra dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --extra train --extra dev --extra starter -c requirements-dev.lock -o requirements-starter.lock

# .venv holds what `make run` needs, and what `make test` needs too once that has been asked for: then it stays.
.venv/.run: requirements.lock pyproject.toml hatch_build.py | $(UV)
	$(call install,.venv,$(if $(wildcard .venv/.dev),requirements-dev.lock,requirements.lock))
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml hatch_build.py | $(UV)
	$(call install,.venv,requirements-dev.lock)
	@touch .venv/.run $@

# TensorFlow, for the bot of `rasa init`, stands apart: nothing else may find it
.venv-starter/.made: requirements-starter.lock pyproject.toml hatch_build.py | $(UV)
	$(call install,.venv-starter,requirements-starter.lock)
	@touch $@

# --compile-bytecode: where Python may not write bytecode, every start would compile all that it imports
define install
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(1)
	$(UV) pip sync --python $(1)/bin/python --require-hashes --compile-bytecode $(2)
	$(UV) pip install --python $(1)/bin/python --quiet --no-deps --editable .
endef

.uv/bin/uv:
	@echo "Fetching uv $(UV_VERSION) into this folder ..."
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

clean: ## Remove everything installed, trained, cached or KEPT here: conversations and accounts in storage/ too.
	rm -rf .venv .venv-starter .uv node_modules models .rasa results storage build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
