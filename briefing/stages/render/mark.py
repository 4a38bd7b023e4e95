"""``digest.md``: CommonMark, with citations as reference links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.news import Digest
from briefing.stages.render.changed import Mend, Move
from briefing.stages.render.sentence import Sentence
from briefing.stages.render.view import Part, Reference, Table, View, view
from briefing.text.words import count


def markdown(digest: Digest) -> str:
    """The edition as CommonMark. A citation shows as "[1]": a link where source 1 has one."""
    return "\n".join(_page(view(digest))).rstrip() + "\n"


def escape(text: str) -> str:
    """``text`` (one line) so that CommonMark and its dialects show it as it stands.

    Marks, HTML, entities, bare links and host names, and what makes a list or heading at the start
    of a line are all taken literally. GitHub alone still makes a mail address one that can be
    clicked: it looks for them after all escapes are gone.
    """
    text = re.sub(r"([\\`*_{}\[\]<>#|~$@&^])", r"\\\1", text)
    text = text.replace("//", r"/\/")
    text = re.sub(r"(?i)www\.", lambda m: m.group()[:3] + r"\.", text)
    text = re.sub(r"(?<=\w)\.(?=[^\W\d_]{2})", r"\.", text)  # "host.example", to markdown-it
    text = re.sub(r"^([-+=])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)


def _target(url: str) -> str:
    """A link's target in angle brackets, in which nothing is read as an entity."""
    return f"<{re.sub(r'&(?=#?[0-9A-Za-z]+;)', '&amp;', url)}>"


def _page(page: View) -> Iterator[str]:
    linked = frozenset(r.number for r in page.references if r.url)
    yield f"# {escape(page.story)}"
    yield ""
    yield f"{page.day}"
    yield ""
    if page.quiet:
        yield escape(page.quiet)
        yield ""
    else:
        yield f"**{_sentence(page.subject, linked, label=False)}**"
        yield ""
    for note in page.notes:
        yield f"> {escape(note)}"
        yield ""
    if page.bottom_line:
        yield from ("## Bottom line", "")
        for sentence in page.bottom_line:
            yield f"- {_sentence(sentence, linked)}"
        yield ""
    if page.moves:
        yield from (f"## {page.changed}", "")
        for move in page.moves:
            yield from _move(move, linked)
        yield ""
    yield from _developments(page, linked)
    for table in page.tables:
        yield from (f"## {escape(table.title)}", "")
        yield from _rows(table, linked)
        yield ""
    if page.mends:
        yield from ("## Corrections", "")
        for mend in page.mends:
            yield from _mend(mend, linked)
        yield ""
    if page.origins:
        yield from _sources(page)
    yield from _footer(page)


def _move(move: Move, linked: frozenset[int]) -> Iterator[str]:
    values = f" {escape(move.values)}:" if move.values else ""
    yield f"- **{move.kind}**{values} {_sentence(move.sentence, linked, notes=move.notes)}"
    if move.was is not None:
        yield f"  - was: {_sentence(move.was, linked, notes=(move.known,))}"


def _mend(mend: Mend, linked: frozenset[int]) -> Iterator[str]:
    yield f"- {mend.name}: {_sentence(mend.sentence, linked)}: **{mend.what}**."
    if mend.now is not None:
        yield f"  - Now: {_sentence(mend.now, linked)}"


def _developments(page: View, linked: frozenset[int]) -> Iterator[str]:
    for _, title, parts in page.chapters:
        yield from (f"## {title}", "")
        for part in parts:
            yield from _part(part, linked)


def _part(part: Part, linked: frozenset[int]) -> Iterator[str]:
    yield f"### {part.number}. {_sentence(part.headline, linked, label=False)}"
    yield ""
    for sentence in part.sentences:
        yield f"{_sentence(sentence, linked)}"
        yield ""
    yield f"*{escape(' · '.join(part.spread))}*"
    yield ""


def _sentence(
    sentence: Sentence,
    linked: frozenset[int],
    *,
    label: bool = True,
    notes: tuple[str, ...] = (),
) -> str:
    words = escape(sentence.signed)
    for number in sentence.sources:  # brackets around a reference link stay as they are
        words += f" [[{number}]]" if number in linked else f" [{number}]"
    said = "; ".join(filter(None, (sentence.sourcing, *notes)))
    return f"{words} *{said}*" if label and said else words


def _rows(table: Table, linked: frozenset[int]) -> Iterator[str]:
    for row in table.rows:
        note = f" *({escape(row.note)})*" if row.note else ""
        lead = f"**{escape(row.lead)}**{note}: " if row.lead else ""
        yield f"- {lead}{_sentence(row.sentence, linked)}"


def _sources(page: View) -> Iterator[str]:
    yield from ("## Sources", "")
    for group in page.origins:
        if len(group) > 1:
            yield f"- One report, told by {count(len(group), 'article')}:"
        indent = "  " if len(group) > 1 else ""
        for reference in group:
            yield f"{indent}- {_reference(reference)}"
    yield ""
    targets = [r for r in page.references if r.url]
    for reference in targets:
        yield f"[{reference.number}]: {_target(reference.url)}"
    if targets:
        yield ""


def _reference(r: Reference) -> str:
    title = f"[{escape(r.title)}][{r.number}]" if r.url else escape(r.title)
    facts = [escape(r.publisher)] if r.publisher else []
    if r.file:
        facts.append(f"file {escape(r.file)}")
    if r.state_media:
        facts.append("**state media**")
    facts.append(r.when)
    if r.credits:
        facts.append(escape(r.credits))
    stop = "" if r.title[-1] in ".?!…" else "."
    return f"\\[{r.number}\\] {title}{stop} {', '.join(facts)}."


def _footer(page: View) -> Iterator[str]:
    yield from ("## How this was made", "")
    for label, words in page.footer:
        yield f"- {label}: {escape(words)}"
    if page.left_out:
        yield from ("", "### Left out", "")
        for line in page.left_out:
            yield f"- {escape(line)}"
