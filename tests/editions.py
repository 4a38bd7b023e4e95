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
    Claim,
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
