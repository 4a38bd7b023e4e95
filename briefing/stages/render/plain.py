"""``digest.txt``: plain text of 72 columns, for mail and terminals."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from briefing.news import Digest
from briefing.stages.render.changed import Mend, Move
from briefing.stages.render.sentence import Sentence
from briefing.stages.render.view import Part, Reference, View, view
from briefing.text.words import count

COLUMNS = 72


def text(digest: Digest) -> str:
    """The edition as plain text. Only an address may be longer than a line."""
    return "\n".join(_page(view(digest))).rstrip() + "\n"


def _wrap(words: str, *, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        words,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=True,
    ) or [first.rstrip()]


def _heading(words: str) -> Iterator[str]:
    yield from ("", *_wrap(words.upper()), "-" * min(len(words), COLUMNS))


def _page(page: View) -> Iterator[str]:
    yield from _wrap(page.story.upper())
    yield page.day
    yield "=" * COLUMNS
    yield ""
    yield from _wrap(page.quiet or _sentence(page.subject, label=False))
    for note in page.notes:
        yield ""
        yield from _wrap(note, first="Note: ", rest="      ")
    if page.bottom_line:
        yield from _heading("Bottom line")
        for sentence in page.bottom_line:
            yield from _wrap(_sentence(sentence), first="* ", rest="  ")
    if page.moves:
        yield from _heading(page.changed)
        for move in page.moves:
            yield from _move(move)
    yield from _developments(page)
    for table in page.tables:
        yield from _heading(table.title)
        for row in table.rows:
            note = f" ({row.note})" if row.note else ""
            if row.lead:
                yield from _wrap(f"{row.lead}{note}")
            first = "  " if row.lead else "* "
            yield from _wrap(_sentence(row.sentence), first=first, rest="  ")
    if page.mends:
        yield from _heading("Corrections")
        for mend in page.mends:
            yield from _mend(mend)
    if page.origins:
        yield from _sources(page)
    yield from _footer(page)


def _move(move: Move) -> Iterator[str]:
    values = f", {move.values}" if move.values else ""
    words = f"{move.kind}{values}: {_sentence(move.sentence, notes=move.notes)}"
    yield from _wrap(words, first="* ", rest="  ")
    if move.was is not None:
        was = _sentence(move.was, notes=(move.known,))
        yield from _wrap(f"was: {was}", first="    ", rest="    ")


def _mend(mend: Mend) -> Iterator[str]:
    words = f"{mend.name}: {_sentence(mend.sentence)}: {mend.what}."
    yield from _wrap(words, first="* ", rest="  ")
    if mend.now is not None:
        yield from _wrap(f"Now: {_sentence(mend.now)}", first="    ", rest="    ")


def _developments(page: View) -> Iterator[str]:
    for _, title, parts in page.chapters:
        yield from _heading(title)
        for part in parts:
            if part is not parts[0]:
                yield ""
            yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    first = f"{part.number}. "
    yield from _wrap(_sentence(part.headline, label=False), first=first, rest=" " * len(first))
    for sentence in part.sentences:
        yield from _wrap(_sentence(sentence), first="   ", rest="   ")
    yield from _wrap(f"({'; '.join(part.spread)})", first="   ", rest="   ")


def _sentence(sentence: Sentence, *, label: bool = True, notes: tuple[str, ...] = ()) -> str:
    words = sentence.signed
    if sentence.sources:
        words += " " + "".join(f"[{n}]" for n in sentence.sources)
    said = "; ".join(filter(None, (sentence.sourcing, *notes)))
    return f"{words} ({said})" if label and said else words


def _sources(page: View) -> Iterator[str]:
    yield from _heading("Sources")
    for group in page.origins:
        if len(group) > 1:
            yield f"One report, told by {count(len(group), 'article')}:"
        for reference in group:
            yield from _reference(reference, "  " if len(group) > 1 else "")


def _reference(r: Reference, indent: str) -> Iterator[str]:
    facts = [r.publisher] if r.publisher else []
    facts += [f"file {r.file}"] if r.file else []
    facts += ["state media"] if r.state_media else []
    facts += [r.when] + ([r.credits] if r.credits else [])
    first = f"{indent}[{r.number}] "
    stop = "" if r.title[-1] in ".?!…" else "."
    yield from _wrap(f"{r.title}{stop} {', '.join(facts)}.", first=first, rest=" " * len(first))
    if r.url:
        yield " " * len(first) + r.url  # never broken, so that it can be opened


def _footer(page: View) -> Iterator[str]:
    yield from _heading("How this was made")
    for label, words in page.footer:
        yield from _wrap(f"{label}: {words}", rest="  ")
    if page.left_out:
        yield from _heading("Left out")
        for line in page.left_out:
            yield from _wrap(line, first="- ", rest="  ")
