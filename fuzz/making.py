"""Nouns made of an input: any words in any place, and what the program itself decides kept sound.

An input is 24 bytes that say how many of each thing there are, then texts with U+001E between
them, which are taken in turn and over again. (A byte source of our own and not that of atheris, so
that cases are replayed without it.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, TypeVar, get_args

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
    Kind,
    ModelIdentity,
    Skip,
    Source,
    Sourcing,
    Wording,
)
from briefing.text.assemble import assemble

T = TypeVar("T")
SHAPE = 24
BREAK = b"\x1e"
DAY = date(2024, 11, 22)
_ZONE = timezone(timedelta(hours=2))
_KINDS = tuple(kind for kind in get_args(Kind) if kind != "REPEATED")
_BOARDS: tuple[Any, ...] = ("positions", "answers", "also", "quotes", "figures", "timeline")


class Choices:
    """Numbers and texts drawn from an input, never running out."""

    def __init__(self, data: bytes) -> None:
        self._shape = data[:SHAPE] or b"\0"
        pool = data[SHAPE:].split(BREAK)
        self._texts = [text.decode("utf-8", "surrogateescape") for text in pool]
        self._drawn = self._told = 0

    def number(self, most: int) -> int:
        """From 0 to ``most``."""
        self._drawn += 1
        return self._shape[self._drawn % len(self._shape)] % (most + 1)

    def one(self, known: Sequence[T]) -> T:
        """One of these."""
        return known[self.number(len(known) - 1)]

    def text(self) -> str:
        """The next text."""
        self._told += 1
        return self._texts[self._told % len(self._texts)]

    def words(self) -> str:
        """The next text, with a letter in it: what the check lets through, or a person wrote."""
        text = self.text()
        return text if any(map(str.isalnum, text)) else f"{text}Words."


class Maker:
    """Makes one digest with its articles."""

    def __init__(self, data: bytes) -> None:
        self.choices = Choices(data)
        self._cited: dict[str, None] = {}
        self.articles = {f"a{n}": self._article(f"a{n}") for n in range(1 + self.choices.number(3))}

    def digest(self) -> Digest:
        """An edition; what it cites is among its sources, numbered."""
        draw = self.choices
        quiet = draw.number(7) == 0
        nothing = Claim("No development to report", (), 1.0, "quoted", "reported")
        made = Digest(
            edition=Edition("harbour-strike", DAY, draw.one(("", "1700"))),
            story_name=draw.words(),
            made=datetime(2024, 11, 22, 17, draw.number(59), tzinfo=_ZONE),
            subject=nothing if quiet else self._claim(),
            bottom_line=() if quiet else self._claims(3),
            briefs=() if quiet else tuple(self._brief(n) for n in range(draw.number(3))),
            boards=() if quiet else self._boards(),
            sources=(),
            skips=tuple(self._skip() for _ in range(draw.number(12))),
            accounts=self._accounts(),
            model=ModelIdentity(draw.text(), draw.text(), draw.text(), draw.text()),
            seconds=draw.number(250) / 2,
            newest=draw.one((None, datetime(2024, 11, 21, 12, tzinfo=UTC))),
            notes=tuple(draw.text() for _ in range(draw.number(2))),
            previous=draw.one((None, DAY - timedelta(1), DAY)),
            changes=() if quiet else tuple(self._change() for _ in range(draw.number(3))),
            repeats=draw.number(20),
            corrections=tuple(self._correction() for _ in range(draw.number(2))),
            as_of=bool(draw.number(1)),
        )
        listed = enumerate(self._cited, 1)
        return replace(made, sources=tuple(self._source(n, key) for n, key in listed))

    def _article(self, key: str) -> Article:
        title, body = self.choices.text(), [self.choices.words(), self.choices.words()]
        plain = ["".join(words.splitlines()) for words in body]
        text, passages = assemble(key, title and title.replace("\n", " "), plain)
        return Article(
            key, self._address(), title, "stated" if title else "made", self.choices.text(), None,
            "unknown", text, passages,
        )  # fmt: skip

    def _claim(self) -> Claim:
        draw = self.choices
        article = self.articles[draw.one(tuple(self.articles))]
        cited = article.passages[draw.number(len(article.passages) - 1)]
        if draw.number(3) == 0:  # of a text that is no longer what it was
            cited = replace(cited, text=draw.words())
        self._cited[article.id] = None
        wording = draw.one(get_args(Wording))
        text = cited.text if wording == "quoted" else draw.words()
        return Claim(
            text, (cited,), draw.number(100) / 100, wording,
            draw.one(get_args(Sourcing)),
        )  # fmt: skip

    def _claims(self, most: int) -> tuple[Claim, ...]:
        return tuple(self._claim() for _ in range(self.choices.number(most)))

    def _brief(self, number: int) -> Brief:
        draw = self.choices
        return Brief(
            f"d{number}", self._claim(), (self._claim(), *self._claims(2)),
            tuple(self.articles), 1 + draw.number(2),
            latest=draw.one((None, datetime(2024, 11, 21, 12, tzinfo=UTC))),
            told_by=tuple(draw.text() for _ in range(draw.number(5))),
            since=draw.one((None, DAY - timedelta(3))),
        )  # fmt: skip

    def _boards(self) -> tuple[Board, ...]:
        draw = self.choices
        kinds = [kind for kind in _BOARDS if draw.number(1)]
        titled = ((kind, draw.text() or "Board") for kind in kinds)
        return tuple(Board(kind, title, self._rows(kind)) for kind, title in titled)

    def _rows(self, kind: str) -> tuple[BoardLine, ...]:
        draw = self.choices
        rows = []
        for _ in range(1 + draw.number(2)):
            lead = "2024-11-19" if kind == "timeline" else "" if kind == "also" else draw.text()
            rows.append(BoardLine(lead, self._claim(), draw.one(("", draw.text()))))
        return tuple(rows)

    def _change(self) -> Change:
        draw = self.choices
        kind = draw.one(_KINDS)
        was = self._claim() if kind in ("UPDATED", "CONTRADICTED") else None
        before, after = draw.one((("", ""), (draw.text(), draw.text())))
        return Change(kind, self._claim(), was, DAY - timedelta(2), before, after)

    def _correction(self) -> Correction:
        draw = self.choices
        reason: Any = draw.one(("edited", "withdrawn", "contradicted"))
        edition = Edition("harbour-strike", DAY - timedelta(3))
        now = draw.one((None, self._claim()))
        return Correction(edition, "developments/1/2", self._claim(), reason, now)

    def _skip(self) -> Skip:
        draw = self.choices
        return Skip(draw.one(("fetch", "parse", "extract", "relate")), *(draw.text(),) * 3)

    def _accounts(self) -> Accounts:
        draw = self.choices
        reports = tuple(
            FeedReport(self._address(), draw.text(), outcome, 3, 1, draw.text())
            for outcome in ("answered", "unchanged", "silent", "waiting")
            if draw.number(1)
        )
        return Accounts(
            9, 4, ((draw.text(), 5),), 12, 7, ((draw.text(), 5),), 4, 2, reports, draw.number(3)
        )

    def _address(self) -> str:
        words = self.choices.text()
        return self.choices.one((words, f"https://news.example/{words}", "", f"http://{words}/a"))

    def _source(self, number: int, key: str) -> Source:
        draw, article = self.choices, self.articles[key]
        dated = datetime(2024, 11, 20, tzinfo=UTC) if draw.number(1) else None
        return Source(
            number, key, article.title, article.publisher, dated,
            "stated" if dated else "unknown", article.url,
            draw.one((key, "a0")), credits=tuple(draw.text() for _ in range(draw.number(2))),
            state_media=bool(draw.number(1)), file=draw.one(("", draw.text())),
        )  # fmt: skip
