"""`verify` proves an honest edition, and names the line of every change."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.adapters.files import DigestFiles
from briefing.adapters.store import open_store
from briefing.errors import BriefingError
from briefing.news import (
    Accounts,
    Article,
    Brief,
    Claim,
    Digest,
    Edition,
    Entry,
    ModelIdentity,
    Origin,
    Passage,
    Skip,
    Story,
)
from briefing.proof import Finding, verify
from briefing.proof.leads import leads
from briefing.proof.lines import prove
from briefing.stages import render
from briefing.stages.check import sourcing
from briefing.stages.compose import cited, compose
from briefing.text.sentences import paragraphs, sentences

FLOOR = 0.5
FRIDAY = Edition("harbour", date(2024, 11, 22))
MODEL = ModelIdentity("Writer 1 (abc)", "", "Judge 1", "cpu")


def article(key: str, publisher: str, text: str) -> Article:
    title = text.partition("\n")[0]
    entry = Entry(key, "folder:seeds", f"https://{key}.example/news", title, None, text, "text")
    paras = paragraphs(text)
    passages = []
    for index, span in enumerate(sentences(text)):
        number = next(n for n, p in enumerate(paras) if p.start <= span.start < p.end)
        words = text[span.start : span.end]
        kind = "sentence" if number else "title"
        passages.append(Passage(entry.id, index, span.start, span.end, words, number, kind))
    when = datetime(2024, 11, 21, 8, tzinfo=UTC)
    return Article(
        entry.id, entry.link, title, "stated", publisher, when, "stated", text, tuple(passages)
    )


STRAIT = article(
    "strait",
    "Kestrel Post",
    """Ardland may send ferries to the Lumen strait

Ardland may send six ferries on Friday, Foreign Minister Ilka Marn said. The \
ferries have a range of about 300 km. "We will not wait for a third storm to come," Marn said.

The convoy left Kestrel on 19 November 2024 after a long delay.""",
)
STORM = article(
    "storm",
    "Lumen Herald",
    """Storm closes the port of Kestrel

The port of Kestrel, north of the cape, was closed after a storm sank 12 boats. Repairs will \
cost $4 million, Mayor Anna Brill said. "The pier is gone and the lamps are dark tonight," Brill \
said.""",
)
STORED = {a.id: a for a in (STRAIT, STORM)}


def words(of: Article, opening: str) -> Passage:
    return next(p for p in of.passages if p.text.startswith(opening) and p.kind == "sentence")


def claim(text: str, of: Article, opening: str) -> Claim:
    """A written claim; with no text, the source's own sentence."""
    passage = words(of, opening)
    label = sourcing(passage, of)
    if not text:
        return Claim(passage.text, (passage,), 1.0, "quoted", label)
    return Claim(text, (passage,), 0.9, "written", label)


MAY = "Ardland may send six ferries on Friday, Foreign Minister Ilka Marn said."
BRIEFS = (
    Brief(
        "d1",
        claim(
            "Ardland may send six ferries on Friday, Foreign Minister Ilka Marn said",
            STRAIT,
            "Ardland",
        ),
        (claim(MAY, STRAIT, "Ardland"), claim("", STRAIT, "The convoy")),
        (STRAIT.id,),
        1,
        latest=STRAIT.published,
    ),
    Brief(
        "d2",
        claim("The port of Kestrel was closed after a storm sank 12 boats", STORM, "The port"),
        (
            claim("The port of Kestrel was closed after a storm sank 12 boats.", STORM, "The port"),
            claim("", STORM, "Repairs"),
        ),
        (STORM.id,),
        1,
        latest=STORM.published,
    ),
)
DIGEST = compose(
    edition=FRIDAY,
    story=Story("harbour", "The harbour", "Ferries and storms.", {}, timezone="Europe/Helsinki"),
    briefs=BRIEFS,
    articles=STORED,
    origins=[Origin(STRAIT.id, (STRAIT.id,)), Origin(STORM.id, (STORM.id,))],
    skips=[Skip("relate", "Chess club", "off topic", "0.11")],
    accounts=Accounts(3, 2, (("off topic", 1),), 6, 4, (("number", 1), ("support", 1)), 0, 0),
    model=MODEL,
    made=datetime(2024, 11, 22, 5, tzinfo=UTC),
    sourcing=sourcing,
    seconds=12.5,
)
FILES = render.files(DIGEST, STORED)


def lookup(ids: Iterable[str]) -> dict[str, Article]:
    return {id_: STORED[id_] for id_ in ids if id_ in STORED}


def put(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return folder


def check(
    folder: Path, files: dict[str, str], recorded: Callable[[Edition], Digest | None] | None = None
) -> list[Finding]:
    put(folder, files)
    return verify(folder, articles=lookup, models=None, floor=FLOOR, recorded=recorded)


def places(findings: Sequence[Finding]) -> set[str]:
    return {finding.where for finding in findings}


def remade(digest: Digest) -> dict[str, str]:
    """All five files as a forger would make them again from a changed digest."""
    return render.files(digest, STORED)


# -- the honest edition ------------------------------------------------------------------------


def test_the_sample_holds_every_kind_of_line() -> None:
    kinds = {line.id.split("/")[0] for line in cited(DIGEST)}
    assert kinds == {"subject", "bottom-line", "developments", "quotes", "figures", "timeline"}
    assert {line.claim.wording for line in cited(DIGEST)} == {"written", "quoted"}


def test_an_honest_edition_is_proven(tmp_path: Path) -> None:
    assert check(tmp_path, FILES) == []


def test_it_is_proven_from_a_real_store_and_folder(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/briefing.db") as store:
        for key, stored in (("strait", STRAIT), ("storm", STORM)):
            entry = Entry(key, "folder:seeds", stored.url, stored.title, None, "", "text")
            store.add(entry, [stored], now=DIGEST.made)
        store.record(DIGEST, list(STORED), skips=DIGEST.skips, evidence=FILES["evidence.json"])
        folder = DigestFiles(tmp_path / "out").save(FRIDAY, FILES)

        def recorded(edition: Edition) -> Digest | None:
            found = store.edition(edition)
            return found.digest if found else None

        given = {"articles": store.articles, "models": None, "floor": FLOOR}
        assert verify(folder, **given, recorded=recorded) == []
        wrong = folder.parent / "railway"
        folder.rename(wrong)
        assert places(verify(wrong, **given, recorded=recorded)) == {str(wrong)}


# -- one change in one file --------------------------------------------------------------------

CHANGES = {
    "digit": ("12 boats", "13 boats"),
    "number word": ("six ferries", "ten ferries"),
    "name": ("Ilka Marn", "Anna Marn"),
    "place": ("port of Kestrel", "port of Lumen"),
    "word inside a quote": ("third storm to come", "third train to come"),
    "may to will": ("may send six", "will send six"),
    "citation": None,
}
CITATIONS = {
    "digest.md": ("[2]", "[1]"),
    "digest.html": ("#source-2", "#source-1"),
    "digest.txt": ("[2]", "[1]"),
    "digest.json": ('"sources": [\n    2', '"sources": [\n    1'),
    "evidence.json": (STORM.id, STRAIT.id),
}


@pytest.mark.parametrize("name", list(FILES))
@pytest.mark.parametrize("change", list(CHANGES))
def test_one_change_in_one_file_is_named_with_its_line(
    tmp_path: Path, name: str, change: str
) -> None:
    pair = CHANGES[change] or CITATIONS[name]
    text = FILES[name]
    lines = text.split("\n")
    old, new = pair
    if name == "digest.txt":  # its lines are wrapped: the first word that the two do not share
        both = [(o, n) for o, n in zip(old.split(), new.split(), strict=True) if o != n]
        old, new = both[0]
    hits = [n for n, line in enumerate(lines, 1) if old in line]
    if "\n" in old:
        hits = [text[: text.index(old)].count("\n") + 2] if old in text else []
    assert hits, f"{old!r} does not stand in {name}"
    tampered = text.replace(old, new, 1)
    findings = check(tmp_path, FILES | {name: tampered})
    if name in ("digest.json", "evidence.json") and change != "citation":
        ids = {line.id for line in cited(DIGEST)}
        assert places(findings) & ids, findings
    if name != "digest.json":
        assert f"{name}:{hits[0]}" in places(findings), findings
    assert findings


def occurrences(text: str, old: str) -> list[int]:
    found, at = [], text.find(old)
    while at >= 0:
        found.append(at)
        at = text.find(old, at + 1)
    return found


@pytest.mark.parametrize("change", [name for name, pair in CHANGES.items() if pair])
def test_a_change_with_everything_made_again_is_named(tmp_path: Path, change: str) -> None:
    pair = CHANGES[change]
    assert pair
    old, new = pair
    text = FILES["digest.json"]
    spots = occurrences(text, old)
    assert spots
    everywhere = text.replace(old, new)
    alone = [text[:at] + new + text[at + len(old) :] for at in spots]
    ids = {line.id for line in cited(DIGEST)}
    for forged in (everywhere, *alone):
        findings = check(tmp_path, remade(render.parse_json(forged)))
        named = places(findings) & ids
        assert named or places(findings) & {"sources/1", "sources/2"}, forged


def swap(found: Claim, old: Claim, new: Claim) -> Claim:
    return new if found == old else found


def with_claim(digest: Digest, old: Claim, new: Claim) -> Digest:
    """The digest with a claim changed wherever it stands."""
    return replace(
        digest,
        subject=swap(digest.subject, old, new),
        bottom_line=tuple(swap(c, old, new) for c in digest.bottom_line),
        briefs=tuple(
            replace(
                brief,
                headline=swap(brief.headline, old, new),
                claims=tuple(swap(c, old, new) for c in brief.claims),
            )
            for brief in digest.briefs
        ),
        boards=tuple(
            replace(
                board,
                lines=tuple(replace(r, claim=swap(r.claim, old, new)) for r in board.lines),
            )
            for board in digest.boards
        ),
    )


LINES = [(line.id, line.claim) for line in cited(DIGEST)]


def of_line(name: str, forged: Digest) -> list[str]:
    """What is found on one line alone: the same as `verify`, without the files."""
    found = [
        finding
        for line in cited(forged)
        if line.id == name
        for finding in prove(line, forged, STORED, FLOOR, math.inf)
    ]
    return [str(f) for f in found] + [str(f) for f in leads(forged, STORED) if f.where == name]


@pytest.mark.parametrize(("line", "old"), LINES, ids=[line for line, _ in LINES])
def test_every_other_citation_of_every_line_is_refused(line: str, old: Claim) -> None:
    for other in (p for a in STORED.values() for p in a.passages):
        if other not in old.passages:
            for passages in ((other,), (*old.passages, other)):
                forged = with_claim(DIGEST, old, replace(old, passages=passages))
                assert of_line(line, forged), other.text


@pytest.mark.parametrize(("line", "old"), LINES, ids=[line for line, _ in LINES])
def test_every_word_of_every_line_is_held(line: str, old: Claim) -> None:
    """Whichever word is exchanged for one of another kind, the line is named."""
    tokens = old.text.split(" ")
    for number in range(len(tokens)):
        foreign = ("Brenda", "17", "never", "slowly")[number % 4]
        text = " ".join([*tokens[:number], foreign, *tokens[number + 1 :]])
        forged = with_claim(DIGEST, old, replace(old, text=text))
        assert of_line(line, forged), text


def test_a_claim_that_calls_itself_quoted_needs_the_sources_words(tmp_path: Path) -> None:
    old = BRIEFS[1].claims[0]
    forged = with_claim(DIGEST, old, replace(old, wording="quoted", score=1.0))
    assert "developments/2/1" in places(check(tmp_path, remade(forged)))


@pytest.mark.parametrize("field", ["score", "sourcing", "start", "index", "paragraph"])
def test_the_smaller_parts_of_a_claim_are_held(tmp_path: Path, field: str) -> None:
    old = BRIEFS[0].claims[0]
    (passage,) = old.passages
    new = {
        "score": replace(old, score=0.4),
        "sourcing": replace(old, sourcing="analysis"),
        "start": replace(old, passages=(replace(passage, start=passage.start + 1),)),
        "index": replace(old, passages=(replace(passage, index=3),)),
        "paragraph": replace(old, passages=(replace(passage, paragraph=2),)),
    }[field]
    findings = check(tmp_path, remade(with_claim(DIGEST, old, new)))
    assert "developments/1/1" in places(findings)


@pytest.mark.parametrize(
    ("kind", "lead"),
    [
        ("quotes", "Anna Brand"),
        ("quotes", "Ilka Marn and others"),
        ("figures", "Range: about 900 km"),
        ("figures", "Distance: about 300 km"),
        ("timeline", "2024-11-18"),
        ("timeline", "2023-11-19"),
        ("timeline", "yesterday"),
    ],
)
def test_what_stands_before_a_boards_line_is_held(tmp_path: Path, kind: str, lead: str) -> None:
    for board in DIGEST.boards:
        for number, row in enumerate(board.lines):
            if board.kind != kind:
                continue
            lines = list(board.lines)
            lines[number] = replace(row, lead=lead)
            boards = tuple(
                replace(b, lines=tuple(lines)) if b is board else b for b in DIGEST.boards
            )
            forged = replace(DIGEST, boards=boards)
            files = FILES | {"digest.json": render.json(forged)}
            if lead != "yesterday":
                files = remade(forged)
            assert f"{kind}/{number + 1}" in places(check(tmp_path, files))


# -- digits --------------------------------------------------------------------------------------

ONLY_ON_RECORD = {"made", "seconds", "writer", "judge", "day", "detail", "id", "origin", "score"}


def test_every_digit_of_the_digest_is_proven_or_on_record(tmp_path: Path) -> None:
    """Each leaf of digest.json with another first digit, and all files made again from it."""
    lines = FILES["digest.json"].split("\n")
    tried: set[tuple[str, str]] = set()
    for number, line in enumerate(lines):
        leaf = re.fullmatch(r'\s*(?:"(\w+)": )?(.*)', line)
        assert leaf
        key, value = leaf.group(1) or "", leaf.group(2)
        digit = re.search(r"\d", value)
        if not digit or (key, value) in tried:
            continue
        tried.add((key, value))
        at = line.index(value) + digit.start()
        other = str((int(digit.group()) + 1) % 10)
        forged = [*lines[:number], line[:at] + other + line[at + 1 :], *lines[number + 1 :]]
        try:
            files = remade(render.parse_json("\n".join(forged)))
        except (ValueError, KeyError, BriefingError):
            continue  # nobody can make files of such a digest
        if files == FILES:
            continue  # a number that every rendering derives again
        if not check(tmp_path, files):
            assert key in ONLY_ON_RECORD, line
            assert check(tmp_path, files, recorded=lambda _: DIGEST), line
    assert len(tried) > 50


# -- what is missing or broken -------------------------------------------------------------------


def test_articles_that_the_store_lacks_are_named_with_the_remedy(tmp_path: Path) -> None:
    put(tmp_path, FILES)
    some = {STRAIT.id: STRAIT}
    findings = verify(tmp_path, articles=lambda ids: some, models=None, floor=FLOOR)
    of_storm = {line for line, c in LINES if any(p.article == STORM.id for p in c.passages)}
    assert places(findings) == of_storm
    assert all(STORM.id in f.what and "store" in f.remedy for f in findings)
    findings = verify(tmp_path, articles=lambda ids: {}, models=None, floor=FLOOR)
    assert places(findings) == {line for line, _ in LINES}


def test_an_edited_article_is_named_on_every_line_that_cites_it(tmp_path: Path) -> None:
    put(tmp_path, FILES)
    edited = {**STORED, STORM.id: replace(STORM, text=STORM.text + "\n\nCorrection: 11 boats.")}
    findings = verify(tmp_path, articles=lambda ids: edited, models=None, floor=FLOOR)
    of_storm = {line for line, c in LINES if any(p.article == STORM.id for p in c.passages)}
    assert places(findings) > of_storm
    assert any("evidence.json:" in where for where in places(findings))


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_that_is_missing_damaged_or_new_is_named(tmp_path: Path, name: str) -> None:
    put(tmp_path, FILES)

    def where() -> set[str]:
        return places(verify(tmp_path, articles=lookup, models=None, floor=FLOOR))

    (tmp_path / name).unlink()
    assert name in where()
    (tmp_path / name).mkdir()
    assert name in where()
    (tmp_path / name).rmdir()
    (tmp_path / name).write_bytes(FILES[name].encode()[:200] + b"\xff\n")
    assert any(place.startswith(f"{name}:") for place in where())
    put(tmp_path, FILES | {"notes.txt": "mine"})
    assert where() == {"notes.txt"}


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    findings = verify(tmp_path / "none", articles=lookup, models=None, floor=FLOOR)
    assert places(findings) == set(FILES)
    assert all("briefing run" in str(finding) for finding in findings)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "[" * 100_000, '{"schema": "briefing/digest/9"}', "\ufeff{}"]
)
def test_a_digest_or_evidence_of_no_sense_is_a_finding(tmp_path: Path, text: str) -> None:
    assert "digest.json" in places(check(tmp_path, FILES | {"digest.json": text}))
    assert "evidence.json" in places(check(tmp_path, FILES | {"evidence.json": text}))


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_damage_goes_unseen_or_breaks_the_proof(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(FILES)))
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 40))
    put_in = data.draw(st.text(max_size=8) | st.sampled_from(["null", "[]", "1e999", "-1", "{"]))
    damaged = text[:start] + put_in + text[start + length :]
    if damaged != text:
        assert check(tmp_path, FILES | {name: damaged})


def test_accounts_that_do_not_add_up(tmp_path: Path) -> None:
    for field in (
        "articles_in",
        "used",
        "written",
        "kept",
        "printed_written",
        "printed_quoted",
        "printed_shortened",
    ):
        number = getattr(DIGEST.accounts, field)
        accounts = replace(DIGEST.accounts, **{field: number + 1})
        findings = check(tmp_path, remade(replace(DIGEST, accounts=accounts)))
        assert places(findings) == {"accounts"}, field
    assert str(findings[0]).startswith("accounts: do not add up")
