"""What could not be proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.news import Article

Articles = Mapping[str, Article]
"""Stored articles by id."""

_SHOWN = 3  # differing lines shown of one file: enough to find the place, few enough to read
_WIDTH = 160  # characters shown of a differing text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that could not be proven."""

    where: str  # line id ("developments/2/1"), "file:line", file, or part ("accounts")
    what: str
    expected: str = ""
    found: str = ""
    remedy: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says for people, line by line; a line may quote line breaks of a text."""
        sides = [f"{n}: {v}" for n, v in (("expected", self.expected), ("found", self.found)) if v]
        rest = [*sides, *([f"Remedy: {self.remedy}"] if self.remedy else [])]
        return (f"{self.where}: {self.what}", *(f"  {line}" for line in rest))

    def __str__(self) -> str:
        return "\n".join(self.lines)


def differences(name: str, expected: str, found: str, *, what: str) -> Iterator[Finding]:
    """The first lines of a file in which two texts differ."""
    if expected == found:
        return
    ours, theirs = expected.split("\n"), found.split("\n")
    if len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True), 1)
        unequal = [(number, a, b) for number, (a, b) in pairs if a != b]
    else:  # after a line added or lost, all the rest only moved
        most = max(len(ours), len(theirs))
        ours, theirs = (t + [""] * (most - len(t)) for t in (ours, theirs))
        first = next(n for n in range(most) if ours[n] != theirs[n] or n == most - 1)
        unequal = [(first + 1, ours[first], theirs[first])]
    for number, a, b in unequal[:_SHOWN]:
        a, b = around(a, b)
        yield Finding(f"{name}:{number}", what, a, b)


def around(a: str, b: str) -> tuple[str, str]:
    """Both texts around the first character in which they differ."""
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    start = max(0, (min(len(a), len(b)) if same is None else same) - _WIDTH // 2)
    return a[start : start + _WIDTH] or "(nothing)", b[start : start + _WIDTH] or "(nothing)"
