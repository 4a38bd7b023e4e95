"""Every regular expression of the program, and texts that make a bad one slow.

A pattern is bad when it can read the same characters in many ways: ``(a+)+b`` in exponentially
many, ``a*a*a*b`` in the cube of the text's length. Texts are made for each of its repeats: what
leads up to it, what it repeats, and an end that fits nothing.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from time import thread_time
from typing import Any

import briefing

ROOT = Path(briefing.__file__).parent
_ANCHORED = {"match", "fullmatch"}
_TABLES = "briefing.text.boilerplate"  # its rules are matched at the beginning of a paragraph
_CALLS = {*_ANCHORED, "search", "sub", "subn", "split", "findall", "finditer"}
PUMPS = (
    *(
        "a",
        "A",
        "1",
        " ",
        "\n",
        ".",
        ",",
        '"',
        "“",
        "-",
        "<",
        "(",
        "[",
        "a ",
        "A ",
        "1 ",
        "Aa ",
        "a.",
    ),
    *("a, ", "a-", "a\n", "<a ", "&a", "(a) ", "a’s ", "no ", "and ", "я"),
)


@dataclass(frozen=True)
class Use:
    """Where a pattern stands, and how it is used."""

    module: str
    searches: bool  # begins at every place of a text; else at its start alone


def patterns() -> dict[re.Pattern[Any], Use]:
    """Every pattern with where and how it is used: a value of a module, or text inside a call."""
    found: dict[re.Pattern[Any], Use] = {}
    for info in pkgutil.walk_packages([str(ROOT)], "briefing."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        source = Path(str(module.__file__)).read_text("utf-8")
        called = set(re.findall(r"\b(\w+)(?:\[[^]]*\])?\.(\w+)\(", source))
        for name, value in vars(module).items():
            methods = {method for other, method in called if other == name}
            for pattern in _inside(value, 3):
                # One that stands in a table, or is used elsewhere, may be searched with
                anchored = isinstance(value, re.Pattern) and methods and methods <= _ANCHORED
                tabled = info.name.startswith(_TABLES) and not isinstance(value, re.Pattern)
                found.setdefault(pattern, Use(info.name, not (anchored or tabled)))
        for pattern, method in _written(source):
            found.setdefault(pattern, Use(info.name, method not in _ANCHORED))
    return found


def _inside(value: Any, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _inside(each, depth - 1)
    elif depth and isinstance(value, dict):
        for pair in value.items():
            yield from _inside(pair, depth - 1)
    elif depth and hasattr(type(value), "__dataclass_fields__"):
        for name in type(value).__dataclass_fields__:
            yield from _inside(getattr(value, name, None), depth - 1)


def _written(source: str) -> Iterator[tuple[re.Pattern[Any], str]]:
    """Patterns that stand as plain text inside a call: ``re.search(r"...", text)``."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _CALLS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str | bytes)
        ):
            yield re.compile(node.args[0].value, _flags(node)), node.func.attr


def _flags(call: ast.Call) -> int:
    said = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    names = [n.attr for one in said for n in ast.walk(one) if isinstance(n, ast.Attribute)]
    flags = (getattr(re, name, None) for name in names)
    return sum({int(flag) for flag in flags if isinstance(flag, re.RegexFlag)})


# -- texts that a pattern half matches ---------------------------------------------------------


def attacks(pattern: re.Pattern[Any]) -> dict[tuple[str, str], None]:
    """(beginning, what is repeated) for every repeat in it, and for common characters; nothing for
    a pattern with fewer than two repeats, which takes the square of a text at most."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    parsed = parser.parse(text, pattern.flags & ~re.DEBUG)
    if _repeats(parsed) < 2:
        return {}
    return dict.fromkeys([*_pumps(parsed, ""), *(("", pump) for pump in PUMPS)])


def _repeats(parsed: Any) -> int:
    found = 0
    for kind, value in parsed:
        if kind in _REPEATS:
            found += (value[1] > 1 and kind is not op.POSSESSIVE_REPEAT) + _repeats(value[2])
        elif kind in (op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT):
            found += _repeats(value[-1])
        elif kind is op.ATOMIC_GROUP:
            found += _repeats(value)
        elif kind is op.BRANCH:
            found += sum(map(_repeats, value[1]))
    return found


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_MANY = 20


def _pumps(parsed: Any, before: str) -> Iterator[tuple[str, str]]:
    for kind, value in parsed:
        if kind in _REPEATS:
            _, most, inner = value
            if most > _MANY:
                for body in {_sample(inner, 0), _sample(inner, 1), _sample(inner, 2)} - {""}:
                    yield before, body
                    yield "", before + body
            yield from _pumps(inner, before)
        elif kind is op.SUBPATTERN:
            yield from _pumps(value[-1], before)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, before)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from _pumps(value[1], before)
        elif kind is op.ATOMIC_GROUP:
            yield from _pumps(value, before)
        before = (before + _sample([(kind, value)], 0))[-60:]


def _sample(parsed: Any, choice: int) -> str:
    """A text that these parts match, more or less."""
    found = ""
    for kind, value in parsed:
        if kind is op.LITERAL:
            found += chr(value)
        elif kind is op.NOT_LITERAL or kind is op.ANY:
            found += "a .'"[choice]
        elif kind is op.IN:
            found += _member(value, choice)
        elif kind in _REPEATS:
            found += _sample(value[2], choice) * max(value[0], min(value[1], 1))
        elif kind is op.SUBPATTERN:
            found += _sample(value[-1], choice)
        elif kind is op.ATOMIC_GROUP:
            found += _sample(value, choice)
        elif kind is op.BRANCH:
            found += _sample(value[1][choice % len(value[1])], choice)
    return found


def _member(members: Any, choice: int) -> str:
    if members[0][0] is op.NEGATE:
        unwanted = re.compile(_class(members[1:]))
        fit = [c for c in "a ,A1.-'“\n" if not unwanted.match(c)]
        return fit[choice % len(fit)] if fit else "é"
    kind, value = members[choice % len(members)]
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.RANGE:
        return chr(value[0])
    return {op.CATEGORY_SPACE: " ", op.CATEGORY_DIGIT: "1", op.CATEGORY_NOT_SPACE: "a"}.get(
        value, "a"
    )


def _class(members: Any) -> str:
    parts = []
    names = {
        op.CATEGORY_SPACE: r"\s", op.CATEGORY_DIGIT: r"\d", op.CATEGORY_WORD: r"\w",
        op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_NOT_WORD: r"\W",
    }  # fmt: skip
    for kind, value in members:
        if kind is op.LITERAL:
            parts.append(re.escape(chr(value)))
        elif kind is op.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is op.CATEGORY:
            parts.append(names[value])
    return f"[{''.join(parts)}]"


def seconds(pattern: re.Pattern[Any], text: str, *, searches: bool) -> float:
    """Processor time to go through the whole text once, or to look at its start."""
    subject: Any = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    begun = thread_time()
    if searches:
        for _ in pattern.finditer(subject):
            pass
    else:
        pattern.match(subject)
        pattern.fullmatch(subject)
    return thread_time() - begun
