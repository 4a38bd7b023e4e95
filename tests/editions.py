"""Made-up editions for tests of what is sent and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from briefing.news import (
    Accounts,
    Board,
    BoardLine,
    Brief,
    Change,
    Claim,
    Correction,
    Digest,
    Edition,
    FeedReport,
    ModelIdentity,
    Passage,
    Skip,
    Source,
)

EET = timezone(timedelta(hours=2))
TOP = "Lunden shuts its harbour"
WRITTEN = "Lunden shut its harbour on Monday."
OWN = "The gate, a “wreck” by all accounts, is shut until the spring."
LONG = (
    "The port authority of Lunden said that the gate had been damaged by a barge, that divers had "
    "looked at it twice, and that no ship would be let in before the spring."
)
NEWS = (
    "Dock workers refuse the offer",
    "Two ships wait outside Lunden",
    "The minister speaks of a blockade",
    "Grain goes by rail for the first time",
    "Insurers raise their price for the strait",
    "The barge’s master is charged",
    "A second gate is looked at",
)


def claim(words: str, *, wording: Any = "written", key: str = "a") -> Claim:
    """A claim that cites one passage of the article ``key``."""
    cited = Passage(key, 0, 0, len(words), words, 1)
    return Claim(words, (cited,), 0.9, wording, "on record" if key == "a" else "unnamed officials")


def source(number: int, key: str, **other: Any) -> Source:
    """A source on the web, a report of its own."""
    given = {"origin": key, "published": datetime(2024, 11, 21, 11, 15, tzinfo=EET)}
    given |= {"url": f"https://news.example/{key}?a=1&b=2", "date_origin": "stated"}
    return Source(number, key, f"Report {key}", publisher=f"Paper {key}", **(given | other))


def brief(number: int, headline: str = "") -> Brief:
    """One development of three sentences, the second in the source's own words."""
    head = claim(headline or NEWS[number % len(NEWS)])
    body = (claim(WRITTEN), claim(OWN, wording="quoted", key="b"), claim(LONG))
    return Brief(f"d{number}", head, body, ("a", "b"), 2, latest=datetime(2024, 11, 21, tzinfo=UTC))


def digest(developments: int = 7, **other: Any) -> Digest:
    """An edition with all boards; keywords replace fields."""
    own = claim(OWN, wording="quoted", key="b")
    told = Board("also", "Also reported", (BoardLine("", claim(LONG)), BoardLine("", own)))
    dated = (BoardLine("2024-11-19", own, "date inferred"), BoardLine("2024-11-19", claim(LONG)))
    given: dict[str, Any] = {
        "edition": Edition("harbour-strike", date(2024, 11, 22)),
        "story_name": "Harbour strike",
        "made": datetime(2024, 11, 22, 6, 30, tzinfo=EET),
        "subject": claim(TOP),
        "bottom_line": (claim(WRITTEN), own),
        "briefs": tuple(brief(n, TOP if n == 0 else "") for n in range(developments)),
        "boards": (
            told,
            Board("quotes", "Quotes", (BoardLine("Anna Berg", own), BoardLine("Nils Ek", own))),
            Board("figures", "Figures", (BoardLine("Range: 300 km", own, "sources differ"),)),
            Board("timeline", "Timeline", dated),
        ),
        "sources": (
            source(1, "a"),
            source(2, "b", url="", file="b.txt", origin="a", state_media=True),
            source(3, "c", credits=("A Wire", "B Wire")),
        ),
        "skips": (Skip("extract", "Football", "no text", "0.21"),),
        "accounts": Accounts(
            14, 3, (("off topic", 8), ("no text", 3)), 30, 12, (("support", 11), ("number", 7)),
            4, 2, (FeedReport("https://x.example/rss", "X Wire", "answered", 9, 9),),
        ),
        "model": ModelIdentity("writer 1", "", "judge 2", "cpu bf16"),
        "seconds": 23.6,
        "newest": datetime(2024, 11, 21, 11, 15, tzinfo=EET),
        "notes": (),
    }  # fmt: skip
    return Digest(**(given | other))


def quiet() -> Digest:
    """An edition of a day without a development."""
    nothing = Claim("No development to report", (), 1.0, "quoted", "reported")
    return digest(subject=nothing, bottom_line=(), briefs=(), boards=(), sources=(), newest=None)


def long(words: str, *, rows: int = 8, sources: int = 40) -> Digest:
    """Seven developments, full boards and a long list of sources, all of the same ``words``."""
    one = digest()
    body = (claim(WRITTEN), claim(words, wording="quoted", key="b"), claim(words))
    lines = tuple(BoardLine(f"Speaker {n}", claim(words, wording="quoted")) for n in range(rows))
    dated = tuple(replace(line, lead="2024-11-19") for line in lines)
    return replace(
        one,
        briefs=tuple(replace(b, claims=body) for b in one.briefs),
        boards=(
            Board("also", "Also reported", tuple(replace(line, lead="") for line in lines)),
            Board("quotes", "Quotes", lines),
            Board("figures", "Figures", lines),
            Board("timeline", "Timeline", dated),
        ),
        sources=tuple(source(n, k) for n, k in enumerate(["a", "b", *map(str, range(sources))], 1)),
        skips=tuple(Skip("fetch", f"Title {n} of an article", "http 404") for n in range(500)),
    )


RAISE = "The port authority of Lunden offered the dock workers a raise of 4 percent."
NINE = "The storm killed at least nine people in Lunden, the rescue service said."
TWO = "The storm killed at least two people in Lunden."
DENIED = "The minister denied that a blockade had been ordered."
ORDERED = "The minister has ordered a blockade of the strait, two officials said."
LEAVE = "Insurers will leave the strait by Friday."


def followed(**other: Any) -> Digest:
    """An edition that follows others: each kind of change, background, two corrections, positions
    and answers."""
    one = digest(4)
    own = claim(OWN, wording="quoted", key="b")
    nine = claim(NINE, key="c")
    told = [
        replace(one.briefs[0], told_by=("A Wire", "B Wire", "own report"), origins=3),
        replace(one.briefs[1], claims=(nine,), since=date(2024, 11, 17)),
        *(
            replace(b, headline=own, claims=(own,), since=date(2024, 11, 18))
            for b in one.briefs[2:]
        ),
    ]
    told[0] = replace(told[0], articles=tuple("abcdefghijklmn"))
    changes = (
        Change("NEW", claim(RAISE)),
        Change(
            "UPDATED", nine, claim(TWO, key="b"), date(2024, 11, 17), "at least two",
            "at least nine",
        ),
        Change(
            "CONTRADICTED", claim(DENIED), claim(ORDERED, wording="quoted", key="b"),
            date(2023, 12, 30),
        ),
        Change("WITHDRAWN", claim(LEAVE, key="c"), said=date(2024, 11, 20)),
    )  # fmt: skip
    edition = Edition("harbour-strike", date(2024, 11, 18))
    corrections = (
        Correction(edition, "developments/1/2", own, "edited", nine),
        Correction(
            replace(edition, slot="1700"), "bottom-line/1", claim(LEAVE, key="c"), "withdrawn"
        ),
    )
    since = "known since 17 November, before: considered"
    positions = (BoardLine("Ardland, ferries: confirmed", claim(LONG), since), BoardLine("B", own))
    answers = (BoardLine("said", claim(LONG)), BoardLine("", own))
    given: dict[str, Any] = {
        "previous": date(2024, 11, 21),
        "changes": changes,
        "repeats": 9,
        "corrections": corrections,
        "briefs": tuple(told),
        "boards": (
            Board("positions", "Positions", positions),
            Board("answers", "Said and done", answers),
            *one.boards,
        ),
    }
    return replace(one, **(given | other))


def unchanged(**other: Any) -> Digest:
    """A day on which nothing changed, with background."""
    one = followed()
    nothing = Claim("No development to report", (), 1.0, "quoted", "reported")
    known = tuple(replace(b, since=date(2024, 11, 18)) for b in one.briefs)
    given: dict[str, Any] = {"subject": nothing, "bottom_line": (), "briefs": known}
    given |= {"changes": (), "corrections": ()}
    return replace(one, **(given | other))
