"""What a wheel carries beside the program: without it an installed `briefing` would not run."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.adapters.models import SHIPPED

ROOT = Path(__file__).parent.parent
LIST = """
import json
from setuptools import Distribution
made = Distribution({"script_name": "none"})
made.parse_config_files()
made.include_package_data = False  # what pyproject.toml names, not what a manifest happens to hold
command = made.get_command_obj("build_py")
command.ensure_finalized()
listed = [f"{folder}/{name}" for _, folder, _, names in command.data_files for name in names]
modules = [path for _, _, path in command.find_all_modules()]
print("LIST", json.dumps(listed + modules))
"""


@pytest.fixture(scope="module")
def carried() -> set[str]:
    """Paths of the source files that the build backend puts into a wheel."""
    done = subprocess.run(
        [sys.executable, "-c", LIST],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    paths = json.loads(done.stdout.rpartition("LIST ")[2])
    return {(ROOT / path).resolve().relative_to(ROOT).as_posix() for path in paths}


def test_every_file_of_the_shipped_adapters_is_in_the_wheel(carried: set[str]) -> None:
    files = {f.relative_to(ROOT).as_posix() for f in SHIPPED.rglob("*") if f.is_file()}
    assert {f"briefing/adapters/models/shipped/{role}/adapter_model.safetensors"
            for role in ("writer", "judge")} < files  # fmt: skip
    assert files <= carried


def test_every_file_of_the_program_is_in_the_wheel(carried: set[str]) -> None:
    files = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "briefing").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert files <= carried
    assert not {path for path in carried if not path.startswith("briefing/")}


BROUGHT_ALONG = {"huggingface_hub", "httpcore2", "lxml"}
"""Imported by us, and brought by a library that we declare and that cannot work without it."""

NO_LIBRARY = {"_typeshed", "evals"}
"""Known to the type checker alone; a part of the checkout that the package does not hold."""


def declared() -> set[str]:
    """Names of the packages that an installation of the wheel brings, without extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        re.split(r"[\[=<>; ]", one)[0].lower().replace("_", "-") for one in project["dependencies"]
    }


def imported() -> Iterator[tuple[str, str]]:
    """Each foreign module that the program imports, and the file that does."""
    for file in (ROOT / "briefing").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top != "briefing" and top not in sys.stdlib_module_names:
                    yield top, file.relative_to(ROOT).as_posix()


def test_every_library_that_is_imported_is_declared() -> None:
    packages = importlib.metadata.packages_distributions()
    known = declared()
    missing = {
        (top, file)
        for top, file in imported()
        if top not in BROUGHT_ALONG | NO_LIBRARY
        and not {one.lower().replace("_", "-") for one in packages.get(top, ())} & known
    }
    assert missing == set()
    assert {"starlette", "uvicorn", "prometheus_client"} <= {top for top, _ in imported()}
