"""A sentence as clauses, each with those who say it.

No parser: punctuation and the closed class of joining words part the clauses (after Abney 1991,
"Parsing by chunks"), verbs of saying part speaker and words said. Where a boundary is in doubt the
clause keeps no speaker, so that it can only count for less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from briefing.text.ladder.parties import OTHER, actors, arms
from briefing.text.ladder.saying import REPORTS, VOICE, Voice, manner_of, voice


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two boundaries, without those who say it."""

    text: str
    opener: str = ""  # the word that joins it: "if", "after", "who", ...; "" for a main clause
    voices: tuple[Voice, ...] = ()  # outermost first
    ahead: str = ""  # what stands before it in the sentence
    subject: str = ""  # what a verb without a subject of its own belongs to
    segment: int = 0  # parts between semicolons, colons and dashes


_HARD = re.compile(r"[;:—–()\[\]]|(?<=\s)-(?=\s)|(?<=[a-z]{2}[.!])\s+(?=[A-Z])")
_JOINT = re.compile(
    r"(?:,\s*)?\b(?P<word>but|while|whereas|although|though|however|after|before|because|since|"
    r"when|if|unless|until|despite|following|amid|even (?=after|if|though|as)|who|which|"
    r"as(?= [A-Z]| the (?:US|UK))|(?:and|or)(?= (?:the )?(?:[A-Z][\w.'-]* ){1,3}(?:has|have|had|"
    r"will|would|may|could|refus|fired|allow|reject|is|was|said))|and(?= (?:said|told|added|"
    r"confirmed|denied|warned|rejected|announced|declined|refused)\b))(?!\w)|,"
)
_OPENER = re.compile(
    r"^(?:and |or |but |even )?(?P<word>but|while|whereas|although|though|after|before|because|"
    r"since"
    r"|when|if|unless|until|despite|following|amid|as|who|which|should|were|had|why|how|what)\b",
    re.IGNORECASE,
)
_YET = re.compile(
    r"\b(?:may|might|could|would|will|should|must|expected|poised|set|about|likely|plan\w*|ready|"
    r"going|wants?|urged|asked|preparing|prepared|due|hop\w+) (?:\w+ ){0,2}$|\bto (?:\w+ly )?$"
)
_ACCORDING = re.compile(r"\b(?:according to|citing|quoting)\b(?P<who>.*)$", re.IGNORECASE)
_TO_WHOM = re.compile(
    r"^ (?:(?:the )?(?:[A-Z][\w']*(?: [A-Z][\w']*){0,3}(?= that\b)|House of Commons|Commons|"
    r"Bundestag|Congress|reporters?|parliament|lawmakers|MPs|his aides|her aides|journalists)\b|"
    r"a (?:news )?(?:conference|briefing)\b)"
)
_NO_CONTENT = re.compile(
    r"^[\s,.'\"]*(?:(?:on|in|at|to|during|late|earlier|this|last|privately|publicly|again|of|the|a|"
    r"for|with|under|from|condition|anonymity|reporters?|journalists|parliament|MPs|him|her|them|"
    r"it|state|television|news|briefing|conference|week|\w+day|[A-Z]\w+)\b[\s,.]*){0,9}$"
)
_VERBISH = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|may|might|could|can|did|does|do|"
    r"(?!United)\w{3,}ed|let|gave)\b"
)
_DATELINE = re.compile(r"^[A-Z][A-Z ,/.]{2,30}(?:\([A-Za-z]+\))? ?[—–-] ")
_LISTED = re.compile(r"(-(?:supplied|made|provided|donated|built)), (?=long|cruise|ballistic)")
_LIST = re.compile(
    r"\b(ATACMS|Storm Shadows?|SCALPs?|Taurus|[A-Z][a-z]+|US|UK), (?=(?:[\w-]+ ){0,2}(?:ATACMS|"
    r"Storm|SCALP|Taurus|drones|HIMARS)\b|"
    r"(?:the )?[A-Z]\w+(?: [A-Z]\w+)?,? and (?:the )?[A-Z]\w+ (?:has|have|will|may|could|are|is|"
    r"had)\b)"
)
"""The commas of a list: "ATACMS, Storm Shadow and drones", "the US, Britain and France have"."""
_ASIDE = re.compile(
    r",( (?:[A-Z]\w+ (?:region|oblast|province)|(?:in|near|at|on|of) (?:(?!which|whom|"
    r"said)[\w'-]++ ?){1,5})),(?! (?:said|says|and|but|who))"
)
"""A place or time between commas: "in Marino, in the Kursk region, with ..."."""
_ANONYMOUS = re.compile(
    r",? (?:who|and) (?:was|were) not authori[sz]ed to [\w ]{3,40}?,? (?=said|says|told)|"
    r",? (?:who (?:spoke|asked|insisted|requested)|speaking) [\w ]{0,30}?(?:anonymity|anonymous|"
    r"not to be (?:named|identified)|anonymously)\b,? ?"
)
_MARKS = str.maketrans(
    {"’": "'", "‘": "'", "“": "", "”": "", '"': "", "„": "", "«": "", "»": "", "\u00a0": " "}
)


def plain(text: str) -> str:
    """``text`` on one line, straight apostrophes, no quotation marks, no dateline."""
    text = _DATELINE.sub("", " ".join(text.translate(_MARKS).split()))
    text = _LIST.sub(r"\1 and ", text)
    text = re.sub(r"(?<=[a-zI])'ve\b", " have", re.sub(r"(?<=[a-zI])'ll\b", " will", text))
    text = _ASIDE.sub(r"\1", _LISTED.sub(r"\1 ", text))
    return _ANONYMOUS.sub(" unnamed ", text)


def clauses(text: str) -> list[Clause]:
    """The clauses of one sentence, in order; ``text`` as :func:`plain` gives it."""
    found: list[Clause] = []
    said_by: tuple[Voice, ...] = ()
    for number, part in enumerate(_HARD.split(text)):
        if number == 0 and _names_speaker(text, part):
            said_by = (voice(part, "claims"),)
            continue
        found += [
            c if c.voices or number != 1 else replace(c, voices=said_by)
            for c in _of_part(part, number, " ".join(c.text for c in found))
        ]
    return found


def _names_speaker(text: str, part: str) -> bool:
    """ "Scholz: no Taurus for Kyiv": a headline that opens with who says it."""
    speaks = text[len(part) :].startswith(":") and len(part.split()) <= 4
    return speaks and bool(actors(part)) and not arms(part) and not _VERBISH.search(part)


def _of_part(part: str, number: int, ahead: str) -> list[Clause]:
    pieces = _pieces(part)
    found: list[Clause] = []
    carried: tuple[Voice, ...] = ()  # of the clause before, over a plain comma
    dark: tuple[Voice, ...] = ()  # that take back all that follows: "denied that after ..., ..."
    for at, piece in enumerate(pieces):
        opener = _opener(piece)
        before = pieces[:at]
        words, voices, empty = _spoken(piece, before, opener)
        if dark:
            voices = (*dark, *voices)
        elif not _VERBISH.search(words):
            dark = _left_open(piece, voices)
        if empty:
            # Only who says it: of all before it that nobody said yet, and of what follows.
            if piece.startswith(("citing", "quoting")):
                found = [replace(c, voices=(*c.voices, *voices)) for c in found]
            elif not opener:
                found = [replace(c, voices=(*voices, *c.voices)) for c in found]
            if at == 0:
                carried = voices
            continue
        if not voices and not opener:
            voices = carried
        behind = f"{ahead} {' '.join(before)}".strip()
        found.append(Clause(words, opener, voices, behind, _subject_before(before), number))
        carried = voices if not opener else ()
    return found


_OPENS_WHAT = r"\b(?:that|whether|if)\b|\b(?:known|clear|unclear|know)$"
_OPEN_CONDITION = re.compile(
    r"(?:even )?(?:if|unless|should|were)(?: (?:in|on|at|after|before|for|by|with|as|according|"
    r"during|"
    r"while|when|despite)\b.*)?$",
    re.IGNORECASE,
)


def _left_open(piece: str, voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
    """Who takes back what is still to come: "denied that, after the vote, ..."; "if, after ..."."""
    if _OPEN_CONDITION.match(piece):
        return (Voice(OTHER, "other", "fears"),)
    takes_back = any(v.manner in ("denies", "withholds", "fears", "plans") for v in voices)
    return voices if takes_back and re.search(_OPENS_WHAT, piece) else ()


def _pieces(part: str) -> list[str]:
    cuts = [0]
    for m in _JOINT.finditer(part):
        if m["word"] in ("and", "or") and not _VERBISH.search(part[cuts[-1] : m.start()]):
            continue  # "Britain and France have ..."
        cuts.append(m.end() if not m["word"] else m.start("word"))
    cuts.append(len(part))
    pieces = (part[a:b].strip(" ,") for a, b in pairwise(cuts))
    return [piece for piece in pieces if piece and not re.fullmatch(r"(?:and|or|even)", piece)]


def _opener(piece: str) -> str:
    found = _OPENER.match(piece)
    word = found["word"].lower() if found else ""
    return "" if word in ("but", "however") else word


_FALSE_CLAIM = re.compile(
    r"^(?:(?:the|a|any|all) )?(?:\w+ )?(?:claims?|reports?|allegations?|suggestions?|"
    r"rumou?rs) that (?P<claim>.*?) (?:is|was|are|were) (?:\w+ )?(?:false|untrue|fake|wrong|"
    r"nonsense|a lie|baseless|"
    r"incorrect)\b",
    re.IGNORECASE,
)


def _spoken(piece: str, before: list[str], opener: str) -> tuple[str, tuple[Voice, ...], bool]:
    """What a piece says, who says it, and whether it holds nothing but who says it."""
    if found := _ACCORDING.search(piece):
        source = voice(found["who"])
        rest = piece[: found.start()].strip(" ,")
        if not rest:
            who, _, claim = found["who"].partition(",")
            return claim, (voice(who, "says"),), not claim.strip()
        words, others, empty = _spoken(rest, before, opener)
        return words, (source, *others), empty
    if found := _FALSE_CLAIM.match(piece):
        return found["claim"], (Voice(OTHER, "other", "denies"),), False
    voices: list[Voice] = []
    at = 0
    for m in VOICE.finditer(piece):
        if m.start() < at or _is_noun(piece, m):
            continue
        manner = manner_of(m)
        subject = piece[at : m.start()]
        rest = piece[m.end() :]
        if not subject.strip() or re.fullmatch(
            r"(?:has|have|had|also|later|then|and|\s)+", subject
        ):
            if not voices and before and _inverted(rest):
                return "", (voice(rest, manner),), True
            subject = _subject_before(before) if not voices else subject
        if manner == "says" and _YET.search(subject):
            manner = "plans"
        reports = re.match(r"(?:reports?|claims?)$", m.group()) and rest.startswith(" that")
        voices.append(REPORTS if reports else voice(subject, manner))
        at = m.end()
    words = piece[at:]
    if voices and (_NO_CONTENT.match(words) or (before and _only_topic(words))):
        return "", tuple(voices), True
    if re.search(r"\bt(?:old|ells?) *$", piece[:at]):
        words = _TO_WHOM.sub("", words)
    return words.strip(" ,"), tuple(voices), False


def _is_noun(piece: str, m: re.Match[str]) -> bool:
    """ "The report", "claims that": nouns count as voices of the media only before "that"."""
    word = m.group().lower()
    if word in ("question", "questions", "state", "states"):
        return True
    if word in ("reports", "claims") and piece[m.end() :].startswith(" of "):
        return True
    if re.search(r"\b(?:is|was|were|are|been|being) $", piece[: m.start()]) and m["says"]:
        return not piece[m.end() :].startswith(" that")  # "the attack was confirmed by both"
    if word == "asked":
        return not re.match(r" (?:\w+ ){0,4}?(?:whether|if|about)\b", piece[m.end() :])
    if word == "fears":
        return bool(
            re.search(
                r"\b(?:raising|amid|stoking|fuelling|of|the|over)(?: \w+)? $", piece[: m.start()]
            )
        )
    if word in ("report", "reports", "claim", "claims") and re.search(
        r"\b(?:the|a|an|of|on|these|those|by)(?: [a-z]+)? $", piece[: m.start()]
    ):
        return not piece[m.end() :].startswith(" that")
    return False


def _only_topic(words: str) -> bool:
    """ "…, Healey told MPs of Storm Shadow strikes": to whom and about what, and no more."""
    few = len(words.split()) <= 7 and not arms(words)
    about = re.match(r" *(?:\w+ ){0,2}(?:of|about) ", words)
    return not _VERBISH.search(words) and bool(few or about)


def _inverted(rest: str) -> bool:
    """ "…, said Jake Sullivan": a name and no verb behind the verb of saying."""
    return bool(re.match(r" (?:the |a |an |two |\w+ )?[A-Z]|$", rest)) and not _VERBISH.search(rest)


def _subject_before(before: list[str]) -> str:
    """The subject of a piece that opens with its verb.

    Right before it stands the subject with its appositions, perhaps over a relative clause ("Biden,
    who ..., has"); else the piece is a second predicate of the first one that is no adverbial.
    """
    near: list[str] = []
    for piece in reversed(before):
        if not _VERBISH.search(piece):
            near.append(piece)
        elif near or not re.match(r"(?:who|which)\b", piece):
            break
    for piece in [*reversed(near), *before]:
        if not _ADVERBIAL.match(piece):
            said = list(VOICE.finditer(piece))
            rest = piece[said[-1].end() :].strip() if said else ""
            return rest if rest and rest != "that" else piece
    return ""


_ADVERBIAL = re.compile(
    r"(?:in|on|at|after|before|during|since|for|with|as|by|while|who|which|when|if|despite|amid|"
    r"following|speaking|asked)\b",
    re.IGNORECASE,
)
