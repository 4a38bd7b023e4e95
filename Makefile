# One command file for people and for CI. `make help` lists the targets.
#
# Everything is installed into .venv. A stamp in it says that an installation is complete, so that
# a second call installs nothing; a change of pyproject.toml, of requirements/ or of this file
# installs again.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SOURCE ?= seeds
DATE   ?= 2024-11-22
OUT    ?= digests
IMAGE  ?= briefing
TARGET ?= parse
SECONDS ?= 600
BASE   ?= python:3.11-slim-bookworm
QUIETLY = --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test test-tools eval train-writer train-judge image lock audit sbom fuzz clean

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
	  --epochs 5 --rate 6e-4 --warmup 60 --rank 40 --tokens 32768 \
	  $(if $(DATA),--public build/public.jsonl) $(ARGS)

image: ## Build the container image (docker, podman or buildah, whichever is there)
	@for tool in docker podman buildah; do \
	  if command -v $$tool >/dev/null; then \
	    case $$tool in docker) form=;; *) form="--format docker";; esac; \
	    exec $$tool build $$form --build-arg BASE=$(BASE) --tag $(IMAGE) .; \
	  fi; \
	done; echo "no docker, podman or buildah here"; exit 2

lock: $(VENV)/.installed-dev ## Make the lock files in requirements/ anew (ARGS=--upgrade: the newest versions)
	$(BIN)/python deploy/lock.py $(ARGS)

audit: $(VENV)/.installed-dev ## Look for known vulnerabilities of what is locked (asks the network)
	$(BIN)/python deploy/audit.py $(ARGS)

sbom: $(VENV)/.installed ## List what is installed, models included, as CycloneDX: build/sbom.cdx.json
	@mkdir -p build
	$(BIN)/python deploy/sbom.py > build/sbom.cdx.json

fuzz: $(VENV)/.installed-dev ## Fuzz a part for a while: TARGET=parse|extract|clean|config|render SECONDS= DATA=
	$(BIN)/python -m pip install $(QUIETLY) --no-deps --no-build-isolation atheris==3.0.0
	$(BIN)/python -m fuzz $(TARGET) --seconds $(SECONDS) $(if $(DATA),--data "$(DATA)")

clean: ## Remove .venv, caches and build outputs; digests and the store stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# What requirements/ pins, each file by its checksum; then the program, which asks no registry.
$(VENV)/.installed: pyproject.toml Makefile deploy/install.sh $(wildcard requirements/*.txt)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@echo "Setting up $(VENV): some minutes and 2 GB the first time"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sh deploy/install.sh $(BIN)/python run
	$(BIN)/python -m pip install $(QUIETLY) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	sh deploy/install.sh $(BIN)/python dev
	touch $@
