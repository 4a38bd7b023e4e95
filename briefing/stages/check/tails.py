"""Whether the rest of a passage may be left out: where a sentence may end early."""

from __future__ import annotations

from briefing.stages.check import watched
from briefing.stages.check.scope import (
    FENCES,
    SUBORDINATE,
    VERBAL,
    begun,
    has_verb,
    limits,
    narrow,
    noun_after_to,
    title_case,
    verbal,
)
from briefing.stages.check.tokens import QUOTE, THAT, Line, Token
from briefing.stages.check.wordclass import adjective, noun, past, verb_like
from briefing.text import lexicon

FINAL = frozenset({".", "!", "?", "…"})
BREAKS = frozenset({",", ";", "—", "(", ":"})
_HANGING = watched.stems("rather instead so-called further ahead")
_EMPTY = watched.stems("exchange response light order addition terms spite part favour charge view")
"""Nouns of fixed phrases that want a complement ("in exchange for")."""
_MEANWHILE = frozenset({"while", "whereas", "after", "because", "when", "although", "though"})
"""Openers of a clause that names nobody who says the rest."""
_COMPLEMENTS = frozenset(
    {"to", "on", "for", "with", "from", "as", "about", "against", "into", "at", "by", "after"}
)
"""After a verb or an adjective these open what it is about: cut off, the rest is no sentence."""


def tail(line: Line, a: int) -> bool:
    """Whether all after content word ``a`` may be left out."""
    head = line.content[a]
    opened = [t.key for t in line.gaps[a + 1] if t.key not in ("that", QUOTE)]
    first = opened[0] if opened else ""
    if title_case(line) or head.possessive or _hangs(line, a) or _teller(line) > a:
        return False
    if first in BREAKS:
        whole = not (_verb_follows(line, a) or _attribution(line, a) or _list(line, a))
    elif narrow(line, a + 1) or _predicate(line, a):
        whole = False
    elif not opened:
        whole = _before_participle(line, a)
    else:
        whole = _phrase_follows(line, a, first)
    joined = opened[-1:] == ["and"] and not line.content[a + 1].capital
    return whole and not limits(line, range(a + 1 + joined, len(line.content)))


def _hangs(line: Line, a: int) -> bool:
    """Whether the kept part would break off: in an aside, in a clause, on a half phrase."""
    head = line.content[a]
    if head.text.endswith("ly") or head.key in _HANGING | _EMPTY:
        return True
    if (a and any(t.mark and t.key != QUOTE for t in line.gaps[a])) or _between(line, a):
        return True
    if past(head.text) and not line.gaps[a] and a and not line.content[a - 1].capital:
        return True
    return (not has_verb(line, a) and begun(line, a)) or _inside_aside(line, a) or _silent(line, a)


def _teller(line: Line) -> int:
    """Where a last clause begins that may say who tells all this (", Putin replied"), or -1."""
    for j in range(len(line.content) - 1, 0, -1):
        keys = [t.key for t in line.gaps[j]]
        if set(keys) & {";", ":", "—"}:
            return -1
        if "," in keys:
            opens = set(keys[keys.index(",") + 1 :]) <= FENCES
            rest = line.content[j:]
            verb = any(
                past(t.text)
                or t.key in watched.ATTITUDE
                or (t.text.endswith("s") and not t.capital)
                for t in rest
            )
            return j if opens and verb and not rest[0].text.endswith("ing") else -1
    return -1


def _list(line: Line, a: int) -> bool:
    """Whether a list goes on after the comma: its first members alone would say something else."""
    for j in range(a + 2, len(line.content)):
        keys = [t.key for t in line.gaps[j] if t.key != QUOTE]
        opens = [t.key for t in line.gaps[a + 1] if not t.mark]
        aside = bool(opens) and opens[0] not in FENCES
        following = line.content[a + 2 : a + 3]
        aside = aside or bool(following and following[0].text.endswith("ing"))
        if keys[:1] == [","] and not aside and not line.content[a + 1].text.endswith("ing"):
            return True  # an aside, after which the clause goes on
    for j in range(a + 1, min(a + 6, len(line.content))):
        keys = [t.key for t in line.gaps[j]]
        if "and" in keys or "or" in keys:
            return j > a + 1
        if set(keys) - {","}:
            return False
    return False


def _between(line: Line, a: int) -> bool:
    """ "between Belfast, Cairnryan and Heysham": nothing of it may go."""
    for j in range(a, max(-1, a - 4), -1):
        keys = {t.key for t in line.gaps[j]}
        if keys & {"between", "both"}:
            return "and" not in {t.key for g in line.gaps[j + 1 : a + 1] for t in g}
    return False


def _silent(line: Line, a: int) -> bool:
    """Whether somebody would be left speaking without what is said."""
    told = any(t.key in watched.ATTITUDE and not t.capital for t in line.content[: a + 1])
    that = any(t.key == "that" or t is THAT for g in line.gaps[: a + 1] for t in g)
    if told and not that and any(_opens_content(gap) for gap in line.gaps[a + 1 :]):
        return True
    for j in range(a, 0, -1):
        token, keys = line.content[j], {t.key for t in line.gaps[j]}
        if token.key in watched.SPEAKS and not token.capital:
            rest = range(a + 1, len(line.content))
            first = not any(t.key == "," for g in line.gaps[: j + 1] for t in g)
            verb = any(verbal(line, n) or verb_like(line.content[n], None) for n in rest)
            return first and verb and not that
        if verb_like(token, None) or keys & (VERBAL | {","}):
            return False
    return False


def _opens_content(gap: tuple[Token, ...]) -> bool:
    """Whether the gap has a "that" with what is said behind it, not a "now that"."""
    keys = [t.key for t in gap]
    return "that" in keys and keys[max(0, keys.index("that") - 1)] not in ("now", "so")


def _attribution(line: Line, a: int) -> bool:
    """Whether the rest ends with its verb (", the two leaders agreed"): it may be who says so."""
    opened = {t.key for t in line.gaps[a + 1]}
    if opened & _MEANWHILE or ("as" in opened and not _speaks(line, a)):
        return False
    last = line.content[-1]
    ends = past(last.text) or last.key in watched.VERBS | watched.ATTITUDE
    first = line.content[a + 1]
    inverted = not line.gaps[a + 1][1:] and first.key in watched.ATTITUDE
    return (ends or inverted) and not first.text.endswith("ing")


def _speaks(line: Line, a: int) -> bool:
    """Whether anybody speaks, thinks or puts it so in the rest ("as officials had feared")."""
    rest = line.content[a + 1 :]
    return any(t.key in watched.ATTITUDE | {"⟨say⟩", "put"} and not t.capital for t in rest)


def _predicate(line: Line, a: int) -> bool:
    """Whether the rest has the verb of the last noun ("said the fire ... was out"), or what is to
    become of it ("wants trains ... scrapped"), or what it is taken for ("regards X as Y")."""
    for j in range(a + 1, len(line.content)):
        keys = [t.key for t in line.gaps[j] if t.key != QUOTE]
        if j > a + 1 and len(keys) < len(line.gaps[j]):
            return True  # "had come through | “the back door”": the words somebody chose
        if set(keys) & BREAKS or set(keys) & (SUBORDINATE - {"as"}):
            return False
        if "as" in keys and line.content[j].key != "part":
            return True
        verb = verb_like(line.content[j], None) or past(line.content[j].text)
        if set(keys) & VERBAL or (verb and (keys == ["to"] or (j > a + 1 and not keys))):
            return True
    return False


def _phrase_follows(line: Line, a: int, first: str) -> bool:
    """Whether a phrase or clause opens after word ``a`` that its head can do without."""
    head = line.content[a]
    if first not in watched.AFTER and first != "to":
        return False
    verb = verb_like(head, None) or "to" in {t.key for t in line.gaps[a]}
    if first in _COMPLEMENTS and (verb or adjective(head, None)):
        return False
    if first == "to" and not noun_after_to(line, a):
        return False
    named = head.capital and line.content[a + 1].capital
    return first != "and" or not (named or head.text.endswith("est") or adjective(head, None))


def _inside_aside(line: Line, a: int) -> bool:
    """Whether the cut would leave the sentence within a clause that something must follow."""
    for j in range(a, -1, -1):
        keys = [t.key for t in line.gaps[j]]
        opens = bool(set(keys) & SUBORDINATE) and (
            j == 0 or "," in keys or "that" in keys or THAT in line.gaps[j]
        )
        if opens:
            return any(t.key == "," for g in line.gaps[a + 1 :] for t in g)
        if "," in keys:
            return False
    return False


def _verb_follows(line: Line, a: int) -> bool:
    """Whether after the comma behind word ``a`` the main clause goes on with its verb."""
    goes_on = [t.key for t in line.gaps[a + 1] if not t.mark][:1]
    if goes_on and goes_on[0] in VERBAL:
        return True
    if has_verb(line, a):
        return False
    for j in range(a + 1, len(line.content)):
        keys = [t.key for t in line.gaps[j]]
        if j > a + 1 and "," not in keys:
            continue
        gap = [t.key for t in line.gaps[j] if not t.mark]
        after = line.content[j]
        verb = not gap and not after.text.endswith("ing") and verb_like(after, None)
        if verb or (gap and gap[0] in VERBAL):
            return True
    return False


def _before_participle(line: Line, a: int) -> bool:
    """Whether the passage goes on after a noun with "targeting ..." or "armed with ..."."""
    head, after = line.content[a], line.content[a + 1]
    if after.capital or not noun(head) or after.key in watched.PROTECTED:
        return False
    keys = {t.key for t in line.gaps[a]}
    counted = head.key.startswith("#") or head.key in watched.PROTECTED
    if counted or not (head.capital or head.text.endswith("s") or not keys or keys & FENCES):
        return False
    if after.text.endswith("ing"):
        return after.text not in lexicon.UNINFLECTED
    following = [t.key for t in line.gaps[a + 2]]
    return after.text.endswith("ed") and following[:1] in (["with"], ["by"])
