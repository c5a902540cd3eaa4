# What you type. Everything is brought when it is missing; a second time takes a moment.
PYTHON ?= python3
BIN := .venv/bin
MODE := local

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test test-deploy demo check fire faults bench lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## bring everything that is needed to run, start nothing
	@$(PYTHON) scripts/setup run

setup-test: ## the same, with a browser and a pooler for the tests
	@$(PYTHON) scripts/setup test

run: setup ## start everything on this machine and print its address
	@exec $(BIN)/insta-voice up

demo: setup ## hold a scripted spoken call and print what was heard; MODE=realtime or pipeline: on a scripted OpenAI
	@exec $(if $(filter local,$(MODE)),$(BIN)/insta-voice demo,$(BIN)/python -m tests.support.demo_on_openai $(MODE)) $(ARGS)

check: setup ## lint, types, import contracts
	@$(BIN)/python scripts/run_tests check

test: setup-test ## every check and every test
	@$(BIN)/python scripts/run_tests all

test-deploy: setup-test ## the image, the compose file and the proxies: minutes, as root
	@$(BIN)/pytest -q --timeout=1800 tests/deploy

fire: setup-test ## kill and stop every part at every moment of a call: an hour; ARGS="--seed 3"
	@exec $(BIN)/pytest -q -s tests/e2e/test_fire.py --whole --table bench/fire.md $(ARGS)

faults: setup-test ## OpenAI fails in real calls, at a caller's ear: three minutes
	@exec $(BIN)/pytest -q -s tests/e2e/test_openai_faults.py

bench: setup ## the measurements of bench/README.md
	@exec $(BIN)/python -m bench $(ARGS)

# Moves every version forward within pyproject.toml's bounds.
lock: setup ## compile the locked requirement files anew
	@.tools/uv/bin/uv pip compile pyproject.toml --upgrade --extra local --group build --generate-hashes \
		--no-emit-index-url --universal --python-version 3.11 --quiet --no-header -o requirements/runtime.txt
	@.tools/uv/bin/uv pip compile pyproject.toml --extra local --group build --group dev --constraint requirements/runtime.txt \
		--generate-hashes --no-emit-index-url --universal --python-version 3.11 --quiet --no-header -o requirements/dev.txt
	@.tools/uv/bin/uv pip compile --group llama --no-deps --generate-hashes --no-emit-index-url --universal \
		--python-version 3.11 --quiet --no-header -o requirements/llama.txt
