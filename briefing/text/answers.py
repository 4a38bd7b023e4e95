"""Does a sentence announce a response, or tell of one that took place?

"Moscow vows a tangible response" is *said*; "Russia fired a missile in response to the strikes" is
*done*. Whose doing answers what must stand in the sentence itself: nothing is inferred from the
order of two events.
"""

from __future__ import annotations

import re
from typing import Literal

from briefing.text.discourse import asks
from briefing.text.parties import PARTY

Answer = Literal["said", "done", ""]

_RESPONSE = (
    r"(?:respon(?:d|ds|se|ses|ding)|retaliat\w+|repl(?:y|ies)|answer(?:s|ed)?|consequences?|"
    r"counter-?measures?|revenge|payback)"
)
_FORCE = (
    r"(?:strik(?:e|es|ing)|attack(?:s|ing)?|hit(?:s|ting)?|target(?:s|ing)?|"
    r"us(?:e|ing)(?= [^.;]{0,40}(?:weapons?|missiles?|nuclear|force)\b)|launch|fire|"
    r"deploy|expel|clos(?:e|ing)|suspend|destroy|test)"
)
_WHO = (
    rf"(?:{PARTY}|NATO|Medvedev|Lavrov|Peskov|Zakharova|Kim Jong Un|[Tt]he (?:Russian |Ukrainian )?"
    r"(?:president|foreign ministry|defen[cs]e ministry|ministry|spokes\w+))"
)
_STEPS = r"(?:[’']s)?(?:[ ,]+[\w.’'-]+){0,7}?,? "  # from a state to its verb: an office, a name
_AFTER_PARTY = rf"{_WHO}{_STEPS}"
_REST = r"(?:[^.;]|(?<=[A-Z])\.)"  # any character of the clause; "U.S." ends none
_VOWS = re.compile(
    rf"{_AFTER_PARTY}(?i:(?:has |have |had |also |again |repeatedly )*"
    r"(?:vow(?:s|ed)|pledg(?:es|ed)|promis(?:es|ed)|threaten(?:s|ed)|sw(?:ears|ore)))\b"
    rf"(?P<what>{_REST}{{0,90}}?)\b(?i:{_RESPONSE}|{_FORCE})\b"
)
_WARNS = re.compile(
    rf"{_AFTER_PARTY}(?i:(?:has |have |had |also |again |repeatedly )*warn(?:s|ed))\b"
    rf"(?P<what>{_REST}{{0,120}}?)\b(?i:{_RESPONSE}|(?<=of )(?:\w+ )?escalation|"
    r"would (?:be|mean|make|become|draw)|will (?:be|mean|make|become|strike|hit)|"
    r"could (?:be|become|hit|strike)|at war|right to|legitimate targets?)"
)
_WILL = re.compile(
    rf"{_WHO}[’']?s?(?: [\w-]+){{0,3}} (?:will|would|shall|is going to|is ready to)(?: \w+){{0,2}} "
    r"(?i:respond|retaliate|answer|hit back|strike back|react|reply)\b"
    r"|\b(?i:response|retaliation|reaction|answer|reply)\b[^.;]{0,30}\b(?:will|would) "
    r"(?:be|follow|come|not be long)\b"
    r"|\b(?:cannot|can[’']t|will not|would not|won[’']t) (?:go|be left|remain) unanswered\b"
)
_WOULD_MEAN = re.compile(
    rf"{_AFTER_PARTY}(?i:says?|said|told|declar(?:es|ed))\b{_REST}{{0,140}}?\bwould (?:mean|make|"
    rf"draw|amount to)\b{_REST}{{0,80}}\b(?:war|conflict|involved|involvement|party|participant)"
)
_TIED = re.compile(
    r"\b(?i:(?:in|as an?|was an?|is an?|came as an?|call(?:ed|s) (?:it|this|the \w+) an?)"
    r"(?: direct| clear)? (?:response|retaliation|reply|answer|reprisal)s? (?:to|for)|"
    r"in retaliation|retaliat(?:ed|es) (?:for|by|with|against)|"
    r"respond(?:ed|s) (?:[^.;]{0,60} )?(?:by|with|after)|in answer to)\b"
)
_DEED = re.compile(
    r"\b(?i:fir(?:ed|es)|launch(?:ed|es)|struck|strikes|hit|hits|attack(?:ed|s)|bombard(?:ed|s)|"
    r"sign(?:ed|s)|clos(?:ed|es)|shut|expel(?:led|s)|test(?:ed|s)|chang(?:ed|es)|approv(?:ed|es)|"
    r"lower(?:ed|s)|deploy(?:ed|s)|suspend(?:ed|s)|recall(?:ed|s)|summon(?:ed|s)|cancel+(?:ed|s)|"
    r"bann(?:ed|s)|bans|sanction(?:ed|s)|impos(?:ed|es)|halt(?:ed|s)|shell(?:ed|s)|made|taken|sent|"
    r"moved|cut|broke|withdrew|revised|updated|loosened|responds|responded|retaliated|used|adopted|"
    r"announced|attack on|strike on|the strike|the attack|"
    r"launch of)\b"
)
_AFTER_THEM = re.compile(
    rf"(?P<deed>{PARTY}[^.;]{{0,60}}?{_DEED.pattern}[^.;]{{0,90}}?),? (?:(?:a|one|two|\w+) "
    rf"(?:day|days|hours|week) )?after (?:{PARTY})(?:[’']s)?[^.;]{{0,40}}?{_DEED.pattern}"
)
_THEM_AFTER = re.compile(
    rf"^(?:\w+ )?(?:(?:day|days|hours|week)\w* )?[Aa]fter (?:{PARTY})(?:[’']s)?[^.;]{{0,40}}?"
    rf"{_DEED.pattern}[^.;]{{0,80}}?, (?P<deed>(?:{PARTY}) [^.;]*)"
)
_HOSTILE = re.compile(
    r"\b(?i:fir(?:ed|es)|launch(?:ed|es)|struck|strikes|hit|hits|attack(?:ed|s)|sign(?:ed|s)|"
    r"expel(?:led|s)|lower(?:ed|s)|recall(?:ed|s)|suspend(?:ed|s))\b"
)
_UNCERTAIN = re.compile(
    r"\b(?i:will|would|could|may|might|should|can|if|unless|whether|reportedly|allegedly|apparently|"
    r"appears?|seems?|possibl[ey]|likely|expected|plans?|planned|planning|threat(?:s|en\w*)|fears?|"
    r"feared|urg(?:es|ed)|calls? for|wants?|not|never|no|denie[sd]|ruled out|vow(?:s|ed)?|"
    r"warn(?:s|ed|ing)?|pledg\w+|promis\w+|ready)\b"
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|stopped short of|declined to|refused to|denie[sd]|without)\b"
    r"(?: \w+){0,3}$"
)
_OBSERVERS = re.compile(
    r"\b(?i:analysts?|experts?|observers?|professor|fellow|institute|critics|columnist|commentators?|"
    r"fears?|raising)\b"
)


def answer_of(text: str) -> Answer:
    """What a sentence is on the board of said and done; "" when it is neither, or both.

    *said*: a state or who speaks for it vows, warns or threatens, in the future or under a
    condition. *done*: a plain fact of the past that the sentence ties to a response. A question, a
    guess of observers, a denial and what "may" come are neither.
    """
    if asks(text) or re.match(r"(?:How|What|Why|Will|Could|Would|Is|Are|Can)\b", text):
        return ""
    if _announces(text):
        return "said"
    return "done" if _took_place(text) else ""


def _announces(text: str) -> bool:
    for pattern in (_VOWS, _WARNS, _WILL, _WOULD_MEAN):
        found = pattern.search(text)
        if found is None or _OBSERVERS.search(text[: found.end()]):
            continue
        what = found.groupdict().get("what") or ""
        if not re.search(r"\b(?:not|no|never|against)\b", what) and not _NEGATED.search(
            text[: found.start()]
        ):
            return True
    return False


def _took_place(text: str) -> bool:
    plain = re.sub('[“”"]', "", text)
    if not re.search(PARTY, plain):
        return False
    for tie in _TIED.finditer(plain):
        if tie.start() == 0:  # "In response to the drills, Moscow fired two missiles": behind it
            clause = plain.partition(", ")[2]
        else:  # "responded by closing" is the fact itself, else it stands ahead of the tie
            own = bool(re.match(r"(?i:respond|retaliat|call)", tie.group()))
            clause = _clause(plain, tie.start(), tie.end() if own else tie.start())
        if _DEED.search(clause) and not _UNCERTAIN.search(_outside_marks(clause)):
            return True
    for pattern in (_AFTER_THEM, _THEM_AFTER):
        found = pattern.search(plain)
        if found and _HOSTILE.search(found["deed"]):
            return not _UNCERTAIN.search(_outside_marks(plain[: found.end()]))
    return False


def _clause(text: str, at: int, end: int) -> str:
    """The words from the last semicolon or full stop up to ``end``."""
    start = max(text.rfind("; ", 0, at), text.rfind(". ", 0, at), -1) + 1
    return text[start:end]


def _outside_marks(text: str) -> str:
    return re.sub(r"(?<!\w)[‘'](?=\w)[^‘’']{0,80}[’']", " ", text)
