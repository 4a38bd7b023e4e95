"""Quoted words in a text, and who says them.

Quotation marks are read as typesetters set them: curly and straight, double and single, low-high
(„…“) and angle («…»), nested in each other. An apostrophe is no mark. A quotation ends with its
paragraph: marks that a paragraph leaves open give a quotation that is not ``closed``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.text.speakers import speaker_of


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks: ``text[start:end] == words``, the marks left out."""

    start: int
    end: int
    words: str
    closed: bool = True  # False: one of the two marks is missing
    depth: int = 0  # 0: not inside another quotation

    @property
    def count(self) -> int:
        """Number of words."""
        return len(self.words.split())

    @property
    def short(self) -> bool:
        """One or two words: a term or a scare quote rather than a statement."""
        return self.count <= 2


_CLOSERS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "‘": "’", "‚": "‘’", '"': '"', "'": "'"}
_SINGLE = "‘’‚'"
_DEEPEST = 30  # open marks that may still find their partner; an honest text nests three or four
_FARTHEST = 2000  # characters from a single mark that opens to one that closes it
# Words that begin with an apostrophe: no quotation opens there.
_ELIDED = re.compile(r"(?:tis|twas|til|till|em|cause|bout|round|n|\d\ds?)\b", re.IGNORECASE)


def quotations(text: str) -> list[Quotation]:
    """Every quotation in ``text``, in the order in which they open.

    A mark with no partner in its paragraph gives a quotation up to that end of the paragraph,
    with ``closed`` false: so a sentence cut out of a longer quotation still shows its words as
    quoted. A single mark without a partner is an apostrophe and gives nothing.
    """
    found: list[Quotation] = []
    for line in re.finditer(r"[^\n]+", text):
        found += _in_paragraph(text, line.start(), line.end())
    return sorted(found, key=lambda q: (q.start, -q.end))


def _in_paragraph(text: str, first: int, last: int) -> list[Quotation]:
    open_marks: list[int] = []  # positions of the opening marks, outermost first
    found: list[Quotation] = []

    def add(start: int, end: int, *, closed: bool) -> None:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            depth = len(open_marks)
            found.append(Quotation(start, end, text[start:end], closed=closed, depth=depth))

    for at in range(first, last):
        mark = text[at]
        if mark not in _CLOSERS and mark not in "”»›’":
            continue
        partner = _partner(text, at, last, open_marks)
        if partner is not None:
            # Marks opened inside and never closed: doubles are kept as unclosed, singles are none.
            for inner in reversed(open_marks[partner + 1 :]):
                open_marks.pop()
                if text[inner] not in _SINGLE:
                    add(inner + 1, at, closed=False)
            opened = open_marks.pop()
            add(opened + 1, at, closed=True)
        elif _opens(text, at, first, last):
            if mark == '"' and any(text[o] == '"' for o in open_marks):
                # A second straight mark that can only open: the first one was never closed.
                opened = next(o for o in open_marks if text[o] == '"')
                del open_marks[open_marks.index(opened) :]
                add(opened + 1, at, closed=False)
            open_marks = [*open_marks[-_DEEPEST:], at]
        elif mark in '"”»' and not open_marks and _only_closes(text, at, first):
            found = [q for q in found if q.closed]
            begin = max((q.end + 1 for q in found), default=first)
            add(begin, at, closed=False)
    while open_marks:
        opened = open_marks.pop()
        if text[opened] not in _SINGLE:
            add(opened + 1, last, closed=False)
    return found


def _partner(text: str, at: int, last: int, open_marks: list[int]) -> int | None:
    """Index in ``open_marks`` of the mark that the one at ``at`` closes, or None."""
    mark = text[at]
    for index in range(len(open_marks) - 1, -1, -1):
        opened = open_marks[index]
        if mark not in _CLOSERS[text[opened]] or at == opened + 1:
            continue
        if mark in _SINGLE and not _single_closes(text, at, last):
            return None
        if mark == '"' and _must_open(text, at, last):
            return None
        return index
    return None


def _single_closes(text: str, at: int, last: int) -> bool:
    """Whether a ’ or ' ends a quotation rather than being an apostrophe."""
    after = text[at + 1] if at + 1 < last else " "
    if after.isalnum() or text[at - 1].isspace():
        return False
    # "the soldiers’ families": a possessive when a better closing mark still follows.
    if text[at - 1] in "sS" and after == " " and at + 2 < last and text[at + 2].isalpha():
        rest = text[at + 1 : last]
        opening = re.search(r"(?<!\w)[‘'](?=\w)", rest)
        return not re.search(r"[\w.,!?…][’'](?!\w)", rest[: opening.start()] if opening else rest)
    return True


def _must_open(text: str, at: int, last: int) -> bool:
    """Whether a straight double mark stands where only an opening one can: space before it."""
    after = text[at + 1] if at + 1 < last else " "
    return text[at - 1] in " \t\u00a0([" and not after.isspace() and after not in ".,;:!?)]"


def _opens(text: str, at: int, first: int, last: int) -> bool:
    mark = text[at]
    before = text[at - 1] if at > first else " "
    after = text[at + 1] if at + 1 < last else " "
    if mark in "“„«‹‚":
        return True
    if mark not in _CLOSERS or after.isspace() or before.isalnum():
        return False
    if mark == '"':
        return before.isspace() or before in "([{—–-/:'‘“«„…" or at == first
    # Single marks: open only before a word that is not elided, when something closes them.
    if not (before.isspace() or before in '([{—–-/:"“«„…' or at == first):
        return False
    if not (after.isalnum() or after in "…$€£[") or _ELIDED.match(text, at + 1):
        return False
    closing = re.finditer(r"[’']", text[at + 2 : min(last, at + _FARTHEST)])
    return any(_single_closes(text, at + 2 + c.start(), last) for c in closing)


def _only_closes(text: str, at: int, first: int) -> bool:
    """A closing mark whose opening lies before this text. A digit before ``"`` means inches."""
    if at == first:
        return False
    before = text[at - 1]
    return not before.isspace() and not (text[at] == '"' and before.isdigit())


_MARKS = str.maketrans(dict.fromkeys('“”„‟«»‹›″＂‘’‚‛′`´"', "'"))


def normalise(quote: str) -> str:
    """``quote`` with every quotation mark as ``'`` and every run of space as one space.

    Nothing else is changed: two quotations that are equal after this are the same words. Marks of
    all kinds become one, because the words of a source are set in double marks here and single
    marks there when they stand inside another quotation.
    """
    return " ".join(quote.translate(_MARKS).replace("''", "'").split())


def speaker(text: str, quotation: Quotation, before: str = "") -> str:
    """Who says ``quotation`` (one of ``quotations(text)``), by name; "" when not certain.

    ``before`` is the text just ahead of ``text`` in the same article. A pronoun ("he said") is
    resolved only from it, and only when exactly one person there fits. Titles and roles are left
    out of the name.
    """
    joined = f"{before}\n{text}" if before else text
    shift = len(joined) - len(text)
    spans = [(q.start, q.end, q.depth) for q in quotations(joined)]
    return speaker_of(joined, (quotation.start + shift, quotation.end + shift), spans, shift)
