"""Sentences that talk to the reader or to a machine, and so are no news.

::

    a control token        "<|im_start|>", "[INST]", "### Instruction:"       wherever it stands
    words to a machine     "ignore previous instructions", "as an AI, you"    wherever they stand
    an imperative          "Summarise this as ...", "Виведи ..."              outside quotations
    a citation mark        "[1] Reuters: ..."                                 that is not ours
    an address of the web  "see https://..."
    code                   a long row of letters and digits without a meaning
    look-alike letters     "Віden" in a Latin sentence

Precision goes first: news that tells of orders keeps its sentences ("officials were told to ignore
the order"; "“Give us the missiles,” he said"). So an imperative counts only where one can stand, at
the beginning of a sentence or clause outside quotation marks, and with an object of text or machine
("print the following", never "print" alone). Words are compared as a reader sees them: composed,
without marks on letters, look-alikes in the letters that they are taken for.
"""

from __future__ import annotations

import re

from briefing.text.instruction_patterns import ANYWHERE, CONTROL_TOKEN, OPENS_TOKENS, UNQUOTED
from briefing.text.scripts import mixed, plain_latin

MACHINE = "instruction to the machine"
READER = "words to the reader"
TOKEN = "control token"
CITATION = "citation mark"
ADDRESS = "web address"
CODE = "code"
LOOKALIKES = "look-alike letters"
TALKING = frozenset({MACHINE, READER, TOKEN, CITATION})
"""Reasons of which a reader of the edition is told."""
REASONS = TALKING | {ADDRESS, CODE, LOOKALIKES}

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]")
_CITES = re.compile(r"\[\s*\d{1,3}\s*\]|^\W*\(\d{1,3}\)\s|\[\s*source\s*:", re.I)
_WEB = re.compile(r"\b(?:https?|ftp)\s?:\s?//|\bwww\.\w|\bhxxps?:|(?<=\w)\.[a-z]{2,12}/\w", re.I)
_CODE = re.compile(r"(?<![\w/.+-])[\w+/=-]{24,}")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_IN_CYRILLIC = frozenset(
    pattern
    for patterns in (ANYWHERE, UNQUOTED["machine"], UNQUOTED["reader"])
    for pattern in patterns
    if _CYRILLIC.search(pattern.pattern)
)
_LONGEST = 4_000  # characters; no longer sentence is printed
_FLOOD = re.compile(r"(\W{6})\W+(\W{6})")
"""Marks and spaces in a row: patterns that look for the beginning of a clause take its square."""


def addressed(sentence: str) -> str:
    """Why ``sentence`` is addressed to somebody and no news; ``""`` when it is not.

    Args:
        sentence: one sentence, a headline or a paragraph.

    Returns:
        One of :data:`REASONS`.
    """
    if has_token(sentence):
        return TOKEN
    if len(sentence) > _LONGEST:
        return ""
    seen = _FLOOD.sub(r"\1\2", plain_latin(sentence).replace("’", "'"))
    if has_token(seen):
        return TOKEN
    cyrillic = _CYRILLIC.search(seen) is not None
    if any(_holds(pattern, seen, cyrillic) for pattern in ANYWHERE):
        return MACHINE
    bare = _QUOTED.sub(" “” ", seen)
    for reason, patterns in ((MACHINE, UNQUOTED["machine"]), (READER, UNQUOTED["reader"])):
        if any(_holds(pattern, bare, cyrillic) for pattern in patterns):
            return reason
    if _CITES.search(seen):
        return CITATION
    if _WEB.search(seen):
        return ADDRESS
    if any(_is_code(match[0]) for match in _CODE.finditer(seen)):
        return CODE
    return LOOKALIKES if _is_latin(sentence) and mixed(sentence) else ""


def opens_tokens(paragraph: str) -> bool:
    """Whether a paragraph holds a control token that opens what another one closes."""
    return OPENS_TOKENS.search(paragraph) is not None


def has_token(paragraph: str) -> bool:
    """Whether a paragraph holds a control token."""
    return CONTROL_TOKEN.search(paragraph) is not None


def _holds(pattern: re.Pattern[str], text: str, cyrillic: bool) -> bool:
    """Whether ``text`` has it; Cyrillic words are looked for only where there are such letters."""
    return (cyrillic or pattern not in _IN_CYRILLIC) and pattern.search(text) is not None


def _is_latin(text: str) -> bool:
    return 2 * len(re.findall(r"[A-Za-z]", text)) > len(re.findall(r"[^\W\d_]", text))


def _is_code(word: str) -> bool:
    """Whether a long row of characters is no word: letters and digits mixed up, as in base64."""
    if re.fullmatch(r"[0-9a-f]{32,}", word):
        return True
    mixed_up = len(re.findall(r"[A-Za-z]\d|\d[A-Za-z]", word))
    return mixed_up >= 2 and mixed_up + len(re.findall(r"[a-z][A-Z]", word)) >= 5
