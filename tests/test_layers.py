"""The rooms of the house, kept by walking the imports of every module.

A module imports only from rows above its own; stages do not import each other, nor do adapters;
each heavy or foreign library has one room; stages touch neither disk, network, clock nor chance.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ROWS = (
    {"news", "errors"},
    {"text", "post", "timetable", "watch"},
    {"ports", "config", "sections", "stories", "tables", "formats", "codec"},
    {"stages", "adapters"},
    {"pipeline", "proof"},
    {"app"},
    {"site"},
    {"serve"},
    {"cli", "__main__"},
)
ROW = {room: number for number, rooms in enumerate(ROWS) for room in rooms}
FLAT = {"ports", "config", "sections", "stories", "tables", "formats", "codec", "cli", "__main__"}
"""Rooms that may import from their own row: no order is promised inside it."""

HOME = {
    "torch": "adapters.models",
    "transformers": "adapters.models",
    "peft": "adapters.models",
    "safetensors": "adapters.models",
    "gguf": "adapters.models",
    "sqlalchemy": "adapters.store",
    "httpx2": "adapters.web",
    "httpcore2": "adapters.web",
    "protego": "adapters.web",
    "socket": "adapters.web or adapters.smtp",
    "ssl": "adapters.web or adapters.smtp",
    "smtplib": "adapters.smtp",
    "feedparser": "stages.parse",
    "defusedxml": "stages.parse",
    "trafilatura": "stages.extract",
    "jinja2": "stages.render",
    "idna": "text",
    "dkim": "adapters.signing",
    "starlette": "site",
    "prometheus_client": "site",
    "uvicorn": "serve",
    "apscheduler": "serve",
    "click": "cli",
    "rich": "cli",
}
"""A library and the room that knows it; what the system gives may have two."""

LAZY = {"torch", "transformers", "peft", "gguf", "trafilatura", "rich", "dkim"}
"""Libraries that cost too much to be imported before they are needed."""

IMPURE_MODULES = {"os", "random", "secrets", "time", "socket", "subprocess", "shutil", "tempfile"}
IMPURE_CALLS = {
    "open",
    "now",
    "today",
    "utcnow",
    "read_text",
    "read_bytes",
    "write_text",
    "urlopen",
}


@dataclass(frozen=True)
class Import:
    """One import statement: the dotted target, its line, and whether it runs on import."""

    target: str
    line: int
    at_import: bool


def room(module: str) -> str:
    """``stages.check`` for ``stages.check.rules``; ``news`` for ``news``."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] in ("stages", "adapters") else 1])


def imports(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[Import]:
    """All imports of a module, relative ones resolved, those for the type checker included."""
    package = module.split(".") if is_package else module.split(".")[:-1]

    def walk(node: ast.AST, at_import: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside = at_import and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                inside = False
            if isinstance(child, ast.Import):
                yield from (Import(name.name, child.lineno, inside) for name in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    kept = package[: len(package) - child.level + 1]
                    base = ".".join(["briefing", *kept, *([base] if base else [])])
                for name in child.names:
                    yield Import(f"{base}.{name.name}" if base else name.name, child.lineno, inside)
            yield from walk(child, inside)

    return walk(tree, True)


def faults(package: Path) -> list[str]:
    """Every broken rule of the package, as ``module:line: what``."""
    found: list[str] = []
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        tree = ast.parse(file.read_bytes())
        if module and room(module).split(".")[0] not in ROW:
            found.append(f"{module}: stands in no known room")
            continue
        for one in imports(tree, module, is_package=is_package):
            if problem := _problem(module, one):
                found.append(f"{module or '__init__'}:{one.line}: {problem}")
        if room(module).startswith("stages"):
            found += [f"{module}:{line}: {what}" for line, what in _impurities(tree)]
    return found


def _problem(module: str, one: Import) -> str:
    top, _, rest = one.target.partition(".")
    if top != "briefing":
        home = HOME.get(top)
        if home and room(module) not in home.split(" or "):
            return f"{top} belongs to {home}"
        if top in LAZY and one.at_import:
            return f"{top} is imported on import"
        if room(module).startswith("stages") and top in IMPURE_MODULES:
            return f"a stage imports {top}"
        return ""
    if rest.split(".")[0] in ("", "__version__"):
        return ""
    if not module:
        return f"the package itself imports {rest}"
    mine, other = room(module), room(rest)
    if mine == other:
        return ""
    here, there = ROW[mine.split(".")[0]], ROW.get(other.split(".")[0])
    if there is None or there > here:
        return f"{mine} imports {other}, a row below"
    if there == here and not (mine in FLAT and other in FLAT):
        return f"{mine} imports {other}, beside it"
    return ""


def _impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in IMPURE_CALLS:
                yield node.lineno, f"a stage calls {name}()"
        elif isinstance(node, ast.Global):
            yield node.lineno, "a stage changes module state"


def test_every_module_keeps_the_rules() -> None:
    assert faults(ROOT / "briefing") == []


@pytest.mark.parametrize(
    ("where", "source", "says"),
    [
        ("news.py", "from briefing.errors import BriefingError", "beside it"),
        ("text/words.py", "import briefing.config", "a row below"),
        ("text/words.py", "def f():\n    from briefing import ports", "a row below"),
        ("stages/write/prompting.py", "from briefing.stages import select", "beside it"),
        ("stages/check/rules.py", "from ..select import rank", "beside it"),
        ("stages/select.py", "from briefing.adapters.store import open_store", "beside it"),
        ("adapters/files.py", "from briefing.stages.render import html", "beside it"),
        ("adapters/files.py", "from .store import open_store", "beside it"),
        ("stages/select.py", "from briefing.pipeline import run", "a row below"),
        ("stages/select.py", "import torch", "torch belongs to"),
        ("pipeline.py", "def f():\n    import torch.nn", "torch belongs to"),
        ("adapters/models/local.py", "import torch", "on import"),
        ("adapters/models/local.py", "class A:\n    import transformers", "on import"),
        ("adapters/models/local.py", "try:\n    import peft\nexcept ImportError:\n    pass", "on"),
        ("app.py", "from sqlalchemy import select", "sqlalchemy belongs to"),
        ("adapters/web/client.py", "import smtplib", "smtplib belongs to"),
        ("adapters/files.py", "import ssl", "ssl belongs to adapters.web or adapters.smtp"),
        ("stages/select.py", "import random", "imports random"),
        ("stages/select.py", "from datetime import datetime\nx = datetime.now()", "now()"),
        ("stages/select.py", "def f(p):\n    return open(p)", "open()"),
        ("stages/select.py", "def f():\n    global seen\n    seen = 1", "module state"),
        ("__init__.py", "from briefing.app import build", "the package itself"),
        ("helpers.py", "", "no known room"),
        (
            "stages/write/prompting.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from briefing.app import App",
            "a row below",
        ),
    ],
)
def test_each_rule_can_fail(tmp_path: Path, where: str, source: str, says: str) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, "utf-8")
    found = faults(tmp_path)
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("stages/check/__init__.py", "from briefing.stages.check.rules import judge"),
        ("stages/check/__init__.py", "from .rules import judge"),
        ("stages/check/rules.py", "from briefing.text import words\nfrom briefing import news"),
        ("adapters/models/local.py", "def f():\n    import torch"),
        (
            "adapters/models/local.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
        ),
        ("pipeline.py", "from briefing.stages import select\nfrom briefing.adapters import files"),
        ("adapters/web/client.py", "from briefing import __version__"),
        ("adapters/web/client.py", "import ssl"),
        ("adapters/smtp/wire.py", "import smtplib\nimport socket\nimport ssl"),
        ("cli/run.py", "def f():\n    from briefing import app"),
        ("config.py", "from briefing import stories, tables"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, where: str, source: str) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, "utf-8")
    assert faults(tmp_path) == []
