"""Who says a quotation: attribution by pattern, and "" whenever two readings are possible.

The patterns are those of English news prose (Pareti 2015 finds a cue verb beside the quotation in
most direct quotations of newspapers): "…," X said; "…," said X; X said: "…"; X, title, called it
"…"; according to X, "…"; and "…," X said. "…" for the second half.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.text.persons import POSSESSIVE, RUN, UPPER, clean_name, only_person

# -- verbs and clauses -------------------------------------------------------------------------

_SAY = (
    r"(?:sa(?:id|ys)|t(?:old|ells)|add(?:ed|s)|wr(?:ote|ites)|warn(?:ed|s)|stat(?:ed|es)|argu(?:ed|es)|"
    r"explain(?:ed|s)|not(?:ed|es)|insist(?:ed|s)|claim(?:ed|s)|declar(?:ed|es)|announc(?:ed|es)|"
    r"ask(?:ed|s)|repli(?:ed|es)|respond(?:ed|s)|caution(?:ed|s)|suggest(?:ed|s)|stress(?:ed|es)|"
    r"emphasi[sz](?:ed|es)|post(?:ed|s)|tweeted|vow(?:ed|s)|promis(?:ed|es)|pledg(?:ed|es)|"
    r"threaten(?:ed|s)|remark(?:ed|s)|conclud(?:ed|es)|continu(?:ed|es)|recall(?:ed|s)|"
    r"acknowledg(?:ed|es)|admit(?:ted|s)|confirm(?:ed|s)|comment(?:ed|s)|quipped|joked|countered|"
    r"observ(?:ed|es)|assert(?:ed|s)|maintain(?:ed|s)|predict(?:ed|s)|complain(?:ed|s)|agreed)"
)
_CALL = (
    r"(?:call(?:ed|s)|describ(?:ed|es)|referred|refers|accus(?:ed|es)|prais(?:ed|es)|dismiss(?:ed|es)|"
    r"condemn(?:ed|s)|hail(?:ed|s)|dubbed|labell?ed|branded|critici[sz](?:ed|es)|urg(?:ed|es)|"
    r"denounc(?:ed|es)|voiced|express(?:ed|es))"
)
_ANY = rf"(?:{_SAY}|{_CALL})"
_ADVERB = (  # "allegedly told": the words are not certain to be his
    r"(?:(?:also|later|earlier|then|once|repeatedly|again|further|"
    r"(?!alleged|reported|supposed)\w+ly) )?"
)
# A word inside a noun phrase: not a conjunction or a relative pronoun, which start something else.
_INNER = (
    r"(?:(?!(?:and|or|but|while|whereas|as|when|after|before|that|which|who|because|if|though|"
    r"although|than|not|citing|quoting)\b)[\w.’'\-]+ )"
)
_PREPOSITION = re.compile(r" (?:in|of|at|from|to|for|on|with|by|near|into|over|about|inside) ")
_APPOSITIVE = r"(?:, (?!citing|quoting)[^,;:\x01\x02]{2,140},| \([^()\x01\x02]{2,60}\))?"
_PERSON = re.compile(rf"(?P<he>[Hh]e|[Ss]he) {_ADVERB}(?P<verb>{_ANY})\b")
_NAME = rf"(?P<lead>{_INNER}{{0,8}}?)(?P<run>{RUN}){POSSESSIVE}"
_SUBJECT = rf"{_NAME}{_APPOSITIVE} {_ADVERB}(?P<verb>{_ANY})\b"
_AFTER_SUBJECT = re.compile(rf"(?=\w){_SUBJECT}".replace(_ANY, _SAY))
_ENDS_PHRASE = (
    r"(?=[.,;:\n]|$| (?:in|on|at|of|to|from|during|after|before|when|as|who|last|late|early|today|"
    r"yesterday|this|about|via|for|with|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)"
)
_AFTER_VERB = re.compile(rf"(?:{_SAY}|according to) {_NAME}{_ENDS_PHRASE}")
_LEAD_IN = (
    r"(?:(?:But|And|Yet|However|Meanwhile|Still|Instead|Later|Then),? )?"
    r"(?:(?:On|In|At|After|For|During|Since|Earlier|Last|Speaking|Asked|Writing|Over)\b"
    r"[^,\x01\x02]{0,90}, )?"
)
_SENTENCE_SUBJECT = re.compile(rf"{_LEAD_IN}(?:{_SUBJECT})")
_SENTENCE_PRONOUN = re.compile(rf"{_LEAD_IN}{_PERSON.pattern}")
_SENTENCE_ACCORDING = re.compile(rf"According to {_NAME}{_APPOSITIVE},?(?P<rest>[^\x01]*)$")
# What may open a second clause, whose subject would be somebody else.
_NEW_CLAUSE = re.compile(
    rf"; |, (?:but|while|whereas|although|though|as|and [{UPPER}\w]+ {_ANY})\b|"
    r"\b(?:but|while|whereas)\b"
)


def speaker_of(
    text: str, span: tuple[int, int], spans: Sequence[tuple[int, int, int]], shift: int
) -> str:
    """The speaker of the quotation at ``span`` in ``text``, or "".

    ``spans`` are (start, end, depth) of every quotation of ``text``; ``shift`` is where the
    sentence at hand begins, after the text that goes before it. A quotation inside another one
    has no certain speaker.
    """
    if any(s[:2] == span and s[2] > 0 for s in spans):
        return ""
    masked = _mask(text, span, [s for s in spans if s[2] == 0], shift)
    first, last = masked.index("\x02"), masked.rindex("\x02") + 1
    for find in (_behind, _ahead, _continued):
        answer = find(text, masked, first, last)
        if answer is not None:
            return answer
    return ""


def _mask(
    text: str, span: tuple[int, int], spans: Sequence[tuple[int, int, int]], shift: int
) -> str:
    """``text`` with the words of quotations blotted out: 2 for the one asked for, 1 for others.

    The last place of a blot keeps a full stop that ends the quoted words: a sentence ends there.
    """
    letters = list(text)
    if shift:
        letters[shift - 1] = " "
    for start, end, _ in spans:
        low, high = max(start - 1, 0), min(end + 1, len(text))
        letters[low:high] = ("\x02" if (start, end) == span else "\x01") * (high - low)
        if text[end - 1] in ".!?" and (start, end) != span and high > low + 1:
            letters[high - 1] = "."
    return "".join(letters)


def _behind(text: str, masked: str, first: int, last: int) -> str | None:
    """`"…," X said` and `"…," said X`: None when nothing of the kind follows."""
    words = text[first:last].rstrip("”\"’'» ")
    tail = masked[last:]
    joined = words[-1:] in ",?!—–-…" or tail[:1] in ",–—"
    if not joined:
        return None
    tail = re.sub(r"^[,–—]? ?", "", tail)
    if _PERSON.match(tail) or re.match(rf"{_SAY} (?:he|she)\b", tail):
        return only_person(masked[:first])
    match = _AFTER_SUBJECT.match(tail) or _AFTER_VERB.match(tail)
    return _subject(match) if match else None


def _ahead(text: str, masked: str, first: int, last: int) -> str | None:
    """`X said: "…"`, `X, title, called it "…"`, `according to X, "…"`."""
    sentence = masked[_sentence_start(masked, first) : first]
    close = re.search(
        rf"(?:^|[,;\x01.] |\b(?:and|but|while) ){_SUBJECT}(?: that|[,:])?[ (]*$", sentence
    )
    if close and "\x01" not in close.group()[2:]:
        return _subject(close)
    according = _SENTENCE_ACCORDING.match(sentence)
    if according:
        clear = not re.search(rf"\b{_ANY}\b", according["rest"])
        return _subject(according) if clear else ""
    match = _SENTENCE_SUBJECT.match(sentence)
    pronoun = _SENTENCE_PRONOUN.match(sentence)
    found = pronoun or match
    if found is None:
        return None
    between = sentence[found.end("verb") :]
    if _NEW_CLAUSE.search(between) or _second_speaker(between):
        return ""
    if pronoun:
        return only_person(masked[: _sentence_start(masked, first)])
    assert match is not None
    return _subject(match)


def _second_speaker(between: str) -> bool:
    """Whether another verb of saying with a subject of its own stands before the quotation."""
    for verb in re.finditer(rf"\b{_ANY}\b|\bas saying\b", between):
        if not re.search(rf"\b(?:and|then|to) {_ADVERB}$", between[: verb.start()]):
            return True
    return False


def _continued(text: str, masked: str, first: int, last: int) -> str | None:
    """`"…," X said. "…"`: the second half belongs to X when it stands right behind."""
    link = re.search(r"[\x01.]?(?P<clause>[^\x01\x02]{3,200}?)[.,;:] ?$", masked[:first])
    if not link or link.start() == 0 or "\x01" not in masked[max(0, link.start() - 1) : link.end()]:
        return None
    end = link.start("clause")
    earlier = masked[:end].rstrip(".")
    start = len(earlier.rstrip("\x01"))
    if start == len(earlier):
        return None
    return _behind(text, masked[:first].rstrip(), start, end)


_ABBREVIATED = r"(?:[A-Z]\.)+|(?:Jr|Sr|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sen|Rep|Gov|St)\."


def _sentence_start(masked: str, at: int) -> int:
    """Where the sentence that holds position ``at`` begins."""
    begin = start = masked.rfind("\n", 0, at) + 1
    for stop in re.finditer(r"[.!?]\x01?[”\"’)]? +(?=[^a-z ])", masked[begin : at + 1]):
        word = masked[begin : begin + stop.start() + 1].rsplit(" ", 1)[-1]
        if not re.fullmatch(_ABBREVIATED, word):
            start = begin + stop.end()
    return start


def _subject(match: re.Match[str]) -> str:
    """The name that a pattern found, or "" when it names nobody for certain.

    In "David Miller of the Carnegie Endowment argued" the name stands before the preposition.
    """
    lead = match["lead"].rstrip()
    parts = _PREPOSITION.split(f" {lead} ", maxsplit=1)
    if len(parts) == 1:
        return "" if re.search(r"(?:[’']s?| an?)$", f" {lead}") else clean_name(match["run"])
    head = re.search(rf"(?<![\w’']){RUN}$", parts[0].strip())
    return clean_name(head.group()) if head else ""
