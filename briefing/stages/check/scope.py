"""How far a word reaches: where a clause ends, and what in it forbids to leave anything out."""

from __future__ import annotations

from briefing.stages.check import watched
from briefing.stages.check.tokens import THAT, Line
from briefing.stages.check.wordclass import narrows, verb_like
from briefing.text import lexicon

SUBORDINATE = frozenset(
    {
        "who",
        "which",
        "whose",
        "where",
        "when",
        "while",
        "as",
        "although",
        "though",
        "if",
        "since",
        "whom",
    }
)
"""Words that open a clause within another."""
FENCES = lexicon.ARTICLES | {"its", "his", "her", "their", "this", "these", "those"}
"""After these a noun phrase has begun: what stands before its last word modifies it."""
_LIMITING = watched.DOUBT | watched.SPEAKS | {"⟨say⟩"}
VERBAL = lexicon.BE | lexicon.HAVE | lexicon.DO | lexicon.MODALS
"""Grammar words that belong to a verb."""
_CLAUSE = frozenset({",", ";", ":", "—", "that", THAT.key})
_MOSTLY = 0.75
"""Share of capitals that makes a title in title case."""


def title_case(line: Line) -> bool:
    """Whether nearly all words have capitals, so that they tell no names from verbs."""
    plain = [t for t in line.content if not t.key.startswith(("#", "~", "⟨"))]
    return len(plain) > 3 and sum(t.capital for t in plain) > _MOSTLY * len(plain)


def narrow(line: Line, j: int) -> bool:
    """Whether the clause around content word ``j`` has a word under which no cut is safe."""
    first = j
    while first > 0 and not boundary(line, first):
        first -= 1
    last = j + 1
    while last < len(line.content) and not boundary(line, last):
        last += 1
    for n in range(first, min(last, len(line.content))):
        if narrows(line.content[n]):
            return True
        if any(t.key in watched.NARROW_WORDS or t.key.endswith("n't") for t in line.gaps[n]):
            return True
    return False


def boundary(line: Line, j: int) -> bool:
    """Whether a new clause opens in gap ``j``."""
    keys = [t.key for t in line.gaps[j]]
    if set(keys) & {";", ":", "—"}:
        return True
    opens = set(keys) & (SUBORDINATE | {"and", "but", "whereas", "because"})
    return "," in keys and (bool(opens) or line.content[j].text.endswith("ing"))


def limits(line: Line, region: range) -> bool:
    """Whether a part of the passage says something that limits what is kept."""
    for k in region:
        token = line.content[k]
        if token.key in _LIMITING and not token.capital:
            return True
        if token.text in watched.DOUBT_WORDS:
            return True
        if token.key in watched.IN_PART and {t.key for t in line.gaps[k]} & {"in", "by"}:
            return True
        if any(t.key in watched.SCOPE_AFTER or t is THAT for t in line.gaps[k]):
            return True
    return False


def has_verb(line: Line, a: int) -> bool:
    """Whether the clause that word ``a`` ends has its verb, back to the comma before it.

    A verb after "who", "where" and the like belongs to another clause.
    """
    found = False
    for j in range(a, -1, -1):
        keys = [t.key for t in line.gaps[j]]
        begins = max((n for n, key in enumerate(keys) if key in _CLAUSE), default=-1)
        found = found or verb_like(line.content[j], None) or bool(set(keys[begins + 1 :]) & VERBAL)
        if set(keys[begins + 1 :]) & SUBORDINATE:
            found = False
        elif begins >= 0:
            return found
    return found


def noun_after_to(line: Line, a: int) -> bool:
    """Whether "to" after word ``a`` opens a phrase ("to Ukraine") and no verb ("to strike")."""
    fenced = any(t.key in FENCES for t in line.gaps[a + 1])
    return line.content[a + 1].capital or fenced


def clause_from(line: Line, j: int) -> bool:
    """Whether what begins with word ``j`` has a verb of its own before the next comma."""
    for n in range(j, len(line.content)):
        if n > j and any(t.mark for t in line.gaps[n]):
            return False
        if verb_like(line.content[n], None) or (n > j and verbal(line, n)):
            return True
    return False


def begun(line: Line, a: int) -> bool:
    """Whether word ``a`` stands in a clause that opened with "that", "while" and the like."""
    for j in range(a, -1, -1):
        keys = [t.key for t in line.gaps[j]]
        if set(keys) & (SUBORDINATE | {"that", THAT.key}):
            return True
        if "," in keys:
            return False
    return False


def verbal(line: Line, k: int) -> bool:
    """Whether gap ``k`` has an auxiliary or a modal."""
    return any(t.key in VERBAL for t in line.gaps[k])
