"""What a fuzzer begins with: the seeds, the strings of the tests, and a folder of public files."""

from __future__ import annotations

import ast
import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
LARGEST = 1 << 16
"""Bytes of an input. What is larger is slow to mutate and shows nothing that this does not."""


def articles() -> list[bytes]:
    """The articles of the seeds."""
    return [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.txt"))]


@cache
def strings(pattern: str) -> tuple[bytes, ...]:
    """The string constants of the tests' files, each once, with what is shorter left out."""
    found: dict[bytes, None] = {}
    for path in sorted((ROOT / "tests").glob(pattern)):
        for node in ast.walk(ast.parse(path.read_bytes())):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str):
                value = value.encode("utf-8", "surrogatepass")
            if isinstance(value, bytes) and 12 <= len(value) <= LARGEST:
                found[value] = None
    return tuple(found)


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The files below a folder and their bytes, unpacked; of pages, what is no script or style.
    Large ones are left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            if path.suffix == ".gz":
                body = _DEAD.sub(b"", gzip.decompress(body))
            if 0 < len(body) <= LARGEST - 100:
                yield path, body


_DEAD = re.compile(rb"<(script|style|svg)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def cases(target: str) -> list[Path]:
    """The inputs that once showed a fault."""
    return sorted(path for path in (ROOT / "tests/cases/fuzz" / target).glob("*") if path.is_file())


def words(target: str) -> str:
    """The dictionary of a target, as libFuzzer reads it."""
    return str(ROOT / "fuzz" / f"{target}.dict")


def known(target: str) -> bool:
    """Whether there is a target of that name."""
    return bool(re.fullmatch(r"[a-z]+", target)) and Path(words(target)).is_file()
