"""Is a shortened sentence still whole: a main clause, and nothing that its pronouns lost?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.stages.check import watched
from briefing.text import lexicon
from briefing.text.names import names, weapons
from briefing.text.words import stem, words

_SUBORDINATE = re.compile(
    r"(?:Since|Despite|Amid|Although|While|Because|During|Following|With|Without)\b[^,]*$"
)
_TAIL = re.compile(r"\b(?:whether|that|if|how|why|because)\b(?P<rest>(?:\s+[\w’'-]+){1,5})\W*$")
_TEASER = re.compile(r"(?P<head>[^,;:]*?)\b(?:on|about)\s+(?:how|why|what|whether)\b")
_PLURAL = frozenset(["they", "them", "their", "theirs"])


_CLOSES = re.compile(r"(?<=[^\W\d_sS,.!?])[’'](?=[\s,.;:!?]|$)")
_OPENS = re.compile(r"(?:^|(?<=[\s(“\"—–]))[‘'](?=\w)")


def torn_quote(text: str) -> str:
    """A single quote mark whose partner was left out: "Officials concerned’ as …".

    An apostrophe after an s ("allies’") closes nothing.
    """
    closing = sum(1 for _ in _CLOSES.finditer(text))
    opening = sum(1 for _ in _OPENS.finditer(text))
    return "a quote mark without its partner" if closing > opening else ""


def fragment(text: str) -> str:
    """A sentence without a main clause: "Since the start of the war", "X on how long it lasts"."""
    if _SUBORDINATE.match(text):
        return "no main clause"
    if re.match(r"(?:How|Why)\b", text) and not text.endswith("?"):
        return "a title, no sentence"
    tail = _TAIL.search(text)
    if tail and not _has_verb(tail["rest"]):
        return f"unfinished: {tail.group().strip()!r}"
    teaser = _TEASER.match(text)
    if teaser and not _has_verb(teaser["head"]):
        return "no verb before the clause"
    return ""


def antecedent(text: str, sources: Sequence[str]) -> str:
    """A "they" or "their" whose likely name the sentence left out.

    In the source the nearest name of several things before it ("given the limits of the ATACMS, …
    their use"). Asked of one source at a time.
    """
    if len(sources) != 1:
        return ""
    source = sources[0]
    kept = {word.stem for word in words(text)}
    for word in words(text):
        place = re.search(rf"\b{word.text}\b", source)
        if word.text.lower() not in _PLURAL or place is None:
            continue
        before = source[: place.start()]
        several = [n.text.split()[-1] for n in (*names(before), *weapons(before))]
        several = [last for last in several if last.lower().endswith("s")]
        if several and stem(several[-1]) not in kept:
            return f"{word.text!r} may stand for {several[-1]!r}"
    return ""


def _has_verb(text: str) -> bool:
    return any(
        low in lexicon.MODALS
        or low in lexicon.BE
        or low in lexicon.IRREGULAR
        or low in ("has", "have", "had", "do", "does", "did")
        or low.endswith(("ed", "ing"))
        or word.stem in watched.VERBS
        for word in words(text)
        for low in [word.text.lower()]
    )
