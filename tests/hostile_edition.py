"""An edition, its articles, its mail and its site with the given words in every field that quotes
somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import cycle
from typing import Any

from editions import EET

from briefing.news import (
    Accounts,
    Article,
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
    Schedule,
    Skip,
    Source,
    Story,
)
from briefing.stages import render
from briefing.stages.render import site
from briefing.stages.render.site import Entry, Issue, Masthead, Message, Place, SignUp

DAY = date(2024, 11, 22)
WHEN = datetime(2024, 11, 21, 11, 15, tzinfo=EET)
EDITION = Edition("harbour", DAY)
BASE = "https://briefing.example/"


def article(key: str, words: str, *, url: str) -> Article:
    """An article of a headline, and of one paragraph around its cited passage."""
    body = f"{words} It stood in the harbour. {words}"
    text = f"{words}\n\n{body}"
    cited = Passage(
        key, 1, len(words) + 2, len(words) * 2 + 3, text[len(words) + 2 :][: len(words) + 1], 1
    )
    return Article(key, url, words, "stated", words, WHEN, "stated", text, (cited,))


def claims(articles: Sequence[Article]) -> Iterator[Claim]:
    """Claims without end, in turn written by the model, quoted and shortened."""
    wordings: Any = cycle(("written", "quoted", "shortened"))
    for number, found in enumerate(cycle(articles)):
        wording = next(wordings)
        words = found.title if number % 2 else f"{found.title} {found.title}"
        yield Claim(words, found.passages, 0.9, wording, "on record")


def edition(words: Sequence[str], *, urls: Sequence[str] = ()) -> tuple[Digest, dict[str, Article]]:
    """The edition and its articles by id. Each of ``words`` is a headline, a sentence, a source, a
    change, a line of each board, a note, and so on; ``urls`` are the addresses of the sources."""
    found = [
        article(f"a{n}", word, url=urls[n % len(urls)] if urls else f"https://news.example/{n}")
        for n, word in enumerate(words)
    ]
    claim = claims(found)
    kinds: Any = cycle(("NEW", "UPDATED", "CONTRADICTED", "WITHDRAWN"))
    reasons: Any = cycle(("edited", "withdrawn", "contradicted"))
    fates: Any = cycle(("silent", "answered", "waiting"))
    boards: Any = ("also", "positions", "answers", "quotes", "figures")
    given: dict[str, Any] = {
        "edition": EDITION,
        "story_name": words[0],
        "made": datetime(2024, 11, 22, 6, 30, tzinfo=EET),
        "subject": next(claim),
        "bottom_line": tuple(next(claim) for _ in words[::4]),
        "briefs": tuple(
            Brief(
                f"d{n}", next(claim), (next(claim), next(claim)), ("a0", "a1"), 2,
                latest=WHEN, told_by=(word, f"{word} 2"), since=DAY if n % 2 else None,
            )
            for n, word in enumerate(words)
        ),
        "boards": (
            *(
                Board(kind, word, tuple(BoardLine(w, next(claim), w) for w in words[n::5] or words))
                for n, (kind, word) in enumerate(zip(boards, cycle(words), strict=False))
            ),
            Board("timeline", words[0], (BoardLine("2024-11-19", next(claim), words[0]),)),
        ),
        "sources": tuple(
            Source(
                n, one.id, one.title, one.publisher, WHEN, "inferred", one.url, f"a{n // 3}",
                (one.title, one.title), one.title, n % 2 == 0, one.title if n % 4 == 0 else "",
            )
            for n, one in enumerate(found, 1)
        ),
        "skips": tuple(Skip("extract", word, word, word) for word in words),
        "accounts": Accounts(
            14, 3, tuple((word, 1) for word in words), 30, 12, tuple((w, 1) for w in words), 4, 2,
            tuple(FeedReport(w, w, next(fates), detail=w) for w in words),
        ),
        "model": ModelIdentity(words[-1], words[-1], words[-1], words[-1]),
        "newest": WHEN,
        "notes": tuple(words),
        "previous": date(2024, 11, 18),
        "changes": tuple(
            Change(next(kinds), next(claim), next(claim), DAY, word, f"{word} 2")
            for word in words[::2]
        ),
        "corrections": tuple(
            Correction(
                Edition("harbour", date(2024, 11, 18)), "developments/1/2", next(claim),
                next(reasons), next(claim),
            )
            for _ in words[::4]
        ),
    }  # fmt: skip
    return Digest(**given), {one.id: one for one in found}


def pages(words: Sequence[str], *, urls: Sequence[str] = ()) -> dict[str, str]:
    """Every page of HTML that is made of an edition: path to text."""
    digest, articles = edition(words, urls=urls)
    story = Story("harbour", words[0], words[-1], {}, timezone="UTC", schedule=Schedule(()))
    head = Masthead(words[0], words[-1], several=True, signup=True, url="https://briefing.example")
    later = replace(digest, edition=Edition("harbour", date(2024, 11, 25)))
    wrong = replace(
        digest.corrections[0], edition=EDITION, sentence=digest.subject, now=digest.subject
    )
    notices = site.notices(replace(later, corrections=(wrong,)))
    issues = [Issue(EDITION, word, word, WHEN, WHEN) for word in words]
    counts = {"2024-11": 2, "2024-10": 1}
    form = SignUp(tuple((f"s{n}", word) for n, word in enumerate(words)), words[0], words[-1], "s0")
    way = "2024-11-22/harbour/"
    return {
        "digest.html": render.html(digest),
        "mail.html": render.letter_html(
            digest, archive=f"{BASE}{way}", unsubscribe=f"{BASE}unsubscribe/x", largest=10_000_000
        ),
        "index.html": site.front(
            head, leads=[digest], earlier=issues, counts=counts,
            coming=[*site.coming({"harbour": story}), *words], place=Place(),
        ),
        "2024-11/index.html": site.month(head, issues, counts=counts, place=Place("../")),
        f"{way}index.html": site.edition(
            head, digest, earlier=issues[0], later=issues[-1], place=Place("../../"),
            corrected=notices, archived={EDITION, later.edition, wrong.edition},
        ),
        f"{way}evidence/index.html": site.evidence(
            head, digest, articles, place=Place("../../../")
        ),
        "pruned.html": site.evidence(head, digest, {}, place=Place()),
        "subscribe.html": site.message(
            head, Message(words[0], tuple(words), words[-1], form), place=Place()
        ),
    }  # fmt: skip


def feeds(words: Sequence[str]) -> tuple[str, str]:
    """The site's feeds: Atom and JSON."""
    digest, _ = edition(words)
    head = Masthead(words[0], words[-1])
    issue = Issue(EDITION, words[0], words[0], WHEN, datetime(2024, 11, 22, tzinfo=UTC))
    entries = [Entry(issue, digest)]
    return site.atom(head, entries, base=BASE), site.json_feed(head, entries, base=BASE)
