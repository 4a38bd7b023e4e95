"""The five files of an edition against each other and against the store's record."""

from __future__ import annotations

import json as codec
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from briefing.news import Digest, Edition
from briefing.proof.finding import Articles, Finding, around, differences
from briefing.stages import render
from briefing.stages.compose import cited
from briefing.stages.render.proof import text_hash

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NAMES = ("digest.md", "digest.html", "digest.txt", "digest.json", "evidence.json")


def read(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    """The files' texts, and what is wrong with the folder itself."""
    files: dict[str, str] = {}
    findings = []
    for name in _NAMES:
        try:
            files[name] = (folder / name).read_bytes().decode()
        except OSError as error:
            again = "Name the folder of one edition, or make it again with `briefing run`."
            findings.append(Finding(name, f"cannot be read: {error.strerror}", remedy=again))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            findings.append(Finding(f"{name}:{line}", "is not UTF-8 text"))
    if files:
        extra = sorted(p.name for p in folder.iterdir() if p.name not in _NAMES)
        findings += [Finding(name, "is no file of the edition") for name in extra]
    return files, findings


def place(folder: Path, digest: Digest) -> Iterator[Finding]:
    """A folder that is named for an edition holds that edition; a copy may have any name."""
    whole = folder.absolute()
    day, story = whole.parent.name, whole.name
    expected = (digest.edition.day.isoformat(), digest.edition.name)
    if _DATE.fullmatch(day) and (day, story) != expected:
        yield Finding(str(folder), "holds another edition", f"{day}/{story}", "/".join(expected))


def renderings(digest: Digest, stored: Articles, files: dict[str, str]) -> Iterator[Finding]:
    """Each file against what is made of the digest now, byte for byte."""
    makers: dict[str, Callable[[], str]] = {
        "digest.md": lambda: render.markdown(digest),
        "digest.html": lambda: render.html(digest),
        "digest.txt": lambda: render.text(digest),
        "digest.json": lambda: render.json(digest),
    }
    if all(p.article in stored for line in cited(digest) for p in line.claim.passages):
        makers["evidence.json"] = lambda: render.evidence(digest, stored)
    for name, make in makers.items():
        if name in files:
            what = "differs from what digest.json gives"
            yield from differences(name, make(), files[name], what=what)


def evidence(digest: Digest, stored: Articles, text: str) -> Iterator[Finding]:
    """evidence.json against digest.json line by line, and its hashes against the store."""
    try:
        data = codec.loads(text)
        given = {str(row["line"]): row for row in data["lines"]}
        hashes = {str(row["id"]): row["sha256"] for row in data["articles"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Finding("evidence.json", "is no evidence of an edition")
        return
    for line in cited(digest):
        row = given.pop(line.id, None)
        expected: dict[str, Any] = {
            "line": line.id,
            "text": line.claim.text,
            "wording": line.claim.wording,
            "sourcing": line.claim.sourcing,
            "score": line.claim.score,
            "passages": [
                {"article": p.article, "index": p.index, "start": p.start, "end": p.end}
                | {"text": p.text}
                for p in line.claim.passages
            ],
        }
        if row != expected:
            a, b = around(repr(expected), repr(row))
            yield Finding(line.id, "evidence.json and digest.json disagree", a, b)
    for name in given:
        yield Finding(name, "stands in evidence.json and not in digest.json")
    for line in cited(digest):
        for id_ in dict.fromkeys(p.article for p in line.claim.passages):
            if id_ in stored and hashes.get(id_) != text_hash(stored[id_]):
                yield Finding(
                    line.id,
                    f"the stored text of article {id_} is not the one that was cited",
                    str(hashes.get(id_)),
                    text_hash(stored[id_]),
                )


def record(
    digest: Digest, recorded: Callable[[Edition], Digest | None] | None
) -> Iterator[Finding]:
    """The digest against the one that the store recorded, where it recorded one."""
    known = recorded(digest.edition) if recorded else None
    if known is not None:
        what = "differs from the edition that the store recorded"
        yield from differences("digest.json", render.json(known), render.json(digest), what=what)
