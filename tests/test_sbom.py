"""The list of parts (SBOM): whole, valid by its schema, with the models and their checksums."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from briefing.adapters.models import SHIPPED
from briefing.adapters.models.weights import EMBEDDINGS, WRITER

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def text() -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "sbom.py")],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_it_is_valid_by_its_schema(text: str, document: dict[str, Any]) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    (first, *others) = document["components"]
    untyped = {key: value for key, value in first.items() if key != "type"}
    broken = document | {"components": [untyped, *others]}
    assert validator.validate_str(json.dumps(broken)) is not None


def test_every_installed_package_is_in_it_once(document: dict[str, Any]) -> None:
    listed = [one for one in document["components"] if one["type"] == "library"]
    here = {
        (re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower(), one.version)
        for one in importlib.metadata.distributions()
    }
    told = [(re.sub(r"[-_.]+", "-", one["name"]).lower(), one["version"]) for one in listed]
    assert len(told) == len(set(told))
    assert set(told) | {("briefing", importlib.metadata.version("briefing"))} == here
    assert document["metadata"]["component"]["name"] == "briefing"
    assert all(one["purl"].startswith("pkg:pypi/") for one in listed)
    licensed = [one for one in listed if one.get("licenses")]
    assert len(licensed) >= 0.95 * len(listed)


def test_every_model_is_in_it_with_its_checksum_and_licence(document: dict[str, Any]) -> None:
    models = [one for one in document["components"] if one["type"] == "machine-learning-model"]
    wanted = {WRITER.sha256, EMBEDDINGS.sha256} | {
        hashlib.sha256((SHIPPED / role / "adapter_model.safetensors").read_bytes()).hexdigest()
        for role in ("writer", "judge")
    }
    assert {one["hashes"][0]["content"] for one in models} == wanted
    assert {one["licenses"][0]["license"]["id"] for one in models} == {"Apache-2.0"}
    bases = [one["pedigree"]["ancestors"][0]["name"] for one in models if "pedigree" in one]
    assert bases == [WRITER.name] * 2


def test_what_needs_what_is_closed(document: dict[str, Any]) -> None:
    refs = {one["bom-ref"] for one in document["components"]}
    refs.add(document["metadata"]["component"]["bom-ref"])
    needs = {one["ref"]: set(one["dependsOn"]) for one in document["dependencies"]}
    assert set(needs) <= refs
    assert set().union(*needs.values()) <= refs
    (own,) = (deps for ref, deps in needs.items() if ref.startswith("pkg:pypi/briefing@"))
    assert {"python", "pkg:pypi/click@8.5.1"} <= own
    assert sum(ref.startswith("model:") for ref in own) == 4


def test_the_same_installation_gives_the_same_document(text: str) -> None:
    command = [sys.executable, str(ROOT / "deploy" / "sbom.py")]
    made = [
        subprocess.run(
            command, env={"SOURCE_DATE_EPOCH": "1700000000"}, capture_output=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert json.loads(made[0])["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert json.loads(made[0])["serialNumber"] == json.loads(text)["serialNumber"]


def test_the_image_carries_it() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert "python deploy/sbom.py > /usr/share/briefing/sbom.cdx.json" in dockerfile
    assert dockerfile.index("pip install --no-deps") < dockerfile.index("sbom.cdx.json")
