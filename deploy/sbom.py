"""What an installation is made of, as a CycloneDX 1.6 document on the output: ``make sbom``.

Every Python package of this environment with its licence and what it needs, the interpreter, and
the models with their checksums. The packages of the system below are the affair of a scanner.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from briefing.adapters.models import SHIPPED
from briefing.adapters.models.weights import EMBEDDINGS, WRITER, Packaged, locate

Component = dict[str, Any]

MOST_LICENCE = 60  # characters; a longer one is the text of a licence, not its name


def main() -> int:
    """Print the document."""
    json.dump(document(), sys.stdout, indent=1, sort_keys=True)
    print()
    return 0


def document() -> dict[str, Any]:
    """The document, ready for JSON. The same installation gives the same but for its moment.

    Raises:
        ModelError: weights that belong to the program are missing.
    """
    found = {_key(one): one for one in importlib.metadata.distributions()}
    (own,) = (one for name, one in found.items() if name == "briefing")
    libraries = [_library(one) for name, one in sorted(found.items()) if name != "briefing"]
    application = _library(own) | {"type": "application"}
    runtime = {
        "type": "platform",
        "bom-ref": "python",
        "name": platform.python_implementation(),
        "version": platform.python_version(),
    }
    models = [*map(_packaged, (WRITER, EMBEDDINGS)), *map(_adapter, ("writer", "judge"))]
    needs = [
        {"ref": _ref(one), "dependsOn": sorted({_ref(found[n]) for n in _needs(one) if n in found})}
        for _, one in sorted(found.items())
    ]
    needs[[n["ref"] for n in needs].index(_ref(own))]["dependsOn"] += [
        "python", *(model["bom-ref"] for model in models)
    ]  # fmt: skip
    body = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [runtime, *libraries, *models],
        "dependencies": needs,
    }
    seen = json.dumps(body | {"metadata": application}, sort_keys=True)
    return body | {
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seen)}",
        "metadata": {"timestamp": _moment(), "component": application},
    }


def _library(one: importlib.metadata.Distribution) -> Component:
    component: Component = {
        "type": "library",
        "bom-ref": _ref(one),
        "name": one.metadata["Name"],
        "version": one.version,
        "purl": _ref(one),
    }
    if said := one.metadata.get("Summary"):
        component["description"] = said
    if licences := _licences(one):
        component["licenses"] = licences
    return component


def _packaged(packaged: Packaged) -> Component:
    return _model(
        packaged.name, locate(packaged), packaged.licence, version=packaged.sha256[:8]
    ) | {"properties": [{"name": "briefing:package", "value": packaged.package}]}


def _adapter(role: str) -> Component:
    file = SHIPPED / role / "adapter_model.safetensors"
    licence = importlib.metadata.metadata("briefing")["License-Expression"]
    made = _model(f"{role} adapter", file, licence, version=importlib.metadata.version("briefing"))
    base = {"type": made["type"], "name": WRITER.name, "version": WRITER.sha256[:8]}
    return made | {"pedigree": {"ancestors": [base]}}


def _model(name: str, file: Path, licence: str, *, version: str) -> Component:
    """A model by its weights, whose checksum is computed now."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{digest[:16]}",
        "name": name,
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"license": {"id": licence}}],
    }


def _licences(one: importlib.metadata.Distribution) -> list[Component]:
    """As the package says: an SPDX expression, else names."""
    said = one.metadata
    if expression := said.get("License-Expression"):
        return [{"expression": expression}]
    named = [
        text.rpartition(" :: ")[2]
        for text in said.get_all("Classifier") or ()
        if text.startswith("License :: ") and text != "License :: OSI Approved"
    ]
    if not named and (text := (said.get("License") or "").strip()) and text != "UNKNOWN":
        named = [text.splitlines()[0][:MOST_LICENCE]]
    return [{"license": {"name": name}} for name in dict.fromkeys(named)]


def _needs(one: importlib.metadata.Distribution) -> Iterator[str]:
    """Names of the packages that this one needs here, without its extras."""
    from packaging.requirements import Requirement

    for text in one.requires or ():
        needed = Requirement(text)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield _plain(needed.name)


def _ref(one: importlib.metadata.Distribution) -> str:
    """Its package URL."""
    return f"pkg:pypi/{_key(one)}@{quote(one.version)}"


def _key(one: importlib.metadata.Distribution) -> str:
    return _plain(one.metadata["Name"])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _moment() -> str:
    """Now, or what SOURCE_DATE_EPOCH says, for builds that are to come out the same."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


if __name__ == "__main__":
    sys.exit(main())
