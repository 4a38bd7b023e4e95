"""The table of plain words: each entry an alternation of English that leaves the claim as it is.

An entry is a pattern and what is put in its place; a function looks at what stands before and after
and gives back what it found where the claim might change (``faults.txt`` in the tests lists what
was tried). Used by :mod:`briefing.text.rewording`, which keeps it out of quotation marks.
"""

from __future__ import annotations

import re

from briefing.text import lexicon
from briefing.text.names import COUNTRY, NATION, WEAPON, WELL_KNOWN
from briefing.text.patterns import ADJECTIVE, DAYS, MONTH, Put, after, before, rule
from briefing.text.permission import PERMISSION
from briefing.text.words import is_function_word

_NAME = r"[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}"


# -- who -----------------------------------------------------------------------------------------


def _surname(found: re.Match[str]) -> str:
    """The surname of somebody whose office every reader knows; all of it where that is in doubt."""
    ahead = before(found).split()[-1:]
    named = bool(ahead) and bool(re.search("[A-Z]", ahead[0])) and not is_function_word(ahead[0])
    limited = bool(ahead) and ahead[0].lower() in _NOT_NOW
    # "his father, former president George Bush": another bearer of the name stands beside.
    given = re.escape(found["first"] or "x")
    other = rf"\b(?!(?:{given}|Minister|President|Chancellor)\b)[A-Z][\w’-]+ {found['last']}\b"
    twice = re.search(other, found.string[: found.start()] + "|" + after(found))
    meant = re.search(r"\b(?:ally|country|nation)\b", after(found))  # "the U.S. ally’s status"
    if named or limited or twice or meant or found["last"] not in WELL_KNOWN:
        return found.group()
    return found["last"]


_NOT_NOW = lexicon.every("then future onetime one-time interim caretaker acting honorary ex former")

_OFFICE = r"(?:[Pp]resident|[Pp]rime [Mm]inister|[Cc]hancellor)"
_HEAD = re.compile(
    r"(?<![Ff]ormer )(?<![Vv]ice )(?<![Vv]ice-)(?<![Aa]cting )(?<![Dd]eputy )(?<![\w-])"
    rf"(?:(?:[Tt]he )?(?:{NATION}) {_OFFICE}|"
    r"(?<![Tt]he )(?:President|Prime Minister|Chancellor)) "
    r"(?:(?P<first>[A-Z][\w’-]+) )?(?P<last>[A-Z][a-zà-ž]+)\b(?! [A-Z])(?!-)"
)

# -- whose, and where ----------------------------------------------------------------------------

_MAKERS = {"U.S": "American", "US": "American", "UK": "British", "U.K": "British",
           "American": "American", "British": "British"}  # fmt: skip
_HELD = re.compile(
    r"(?:\b(?:with|using|uses?|used|fir(?:e|es|ed|ing)|launch(?:es|ed|ing)?|receiv\w+|"
    r"suppl(?:y|ies|ied|ying)|send(?:s|ing)?|sent|buy|buys|bought|buying|sell|sells|sold|its|their|"
    r"his|captured)|[’']s?)(?: (?:the|more|some|many|several|new|two|three|four|five|six|\d+))*$"
)
"""Somebody has the weapons: "American-made jets bombed" is left alone, lest America bombed."""
_PLACED = {"inside": "inside", "within": "inside", "in": "in", "into": "into", "on": "in"}


def _made(found: re.Match[str]) -> str:
    if not _HELD.search(before(found)):
        return found.group()
    made, article = _MAKERS[found["maker"]], found["article"] or ""
    if article:
        article = article[0] + ("n " if made == "American" else " ")
    return article + made


def _placed(found: re.Match[str]) -> str:
    country = lexicon.DEMONYMS[found["nation"].lower()].capitalize()
    return f"{_PLACED[found['where'].lower()]} {country}"


def _owned(found: re.Match[str]) -> str:
    if found["thing"].split()[-1] in lexicon.IRREGULAR:
        return found.group()  # "mines laid by Norland"
    return f"{found['owner']}’s {found['thing']}"


def _known(found: re.Match[str]) -> str:
    weapon = found["weapon"] or found["other"]
    return f"{found['article']} {weapon} {found['thing']}"


# -- when ----------------------------------------------------------------------------------------

_PERFECT = (
    "authori[sz]ed|allowed|signed|fired|launched|lowered|granted|lifted|changed|ordered|used|"
    "decided|approved|deployed|attacked|destroyed|captured|received|offered|delivered|supplied|"
    "committed|visited|arrived|appointed|nominated|struck|sent"
)
_MODAL = re.compile(
    r"(?:\b(?:may|might|could|would|should|must|will|shall|can|cannot|to|need|did|does|do|not|and|"
    r"or)\b|(?:n[’']t|[’']d|[’']ll)\b)(?: [\w’]+){0,4}$",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:if|when|once|until|unless|after|before|whether|as soon as|by the time|how|no|nobody|"
    r"none|neither|nor|few|hardly|not|only|first|second|third|largest|biggest|most|every|each|any|"
    r"those)\b[^,;.]*$",
    re.IGNORECASE,
)
_UNTIL_NOW = re.compile(
    r"\b(?:since|so far|yet|already|ever|never|now|still|long(?!-)|times|repeatedly|to date|thus|"
    r"lately|recently|always|often|until|throughout|again|as of|(?:every|each) \w+|"
    r"(?:over|in|during|for) the (?:past|last)|in recent|"
    r"for (?:[\w-]+ ){0,3}(?:days|weeks?|months?|years?|decades?|century|centuries))\b",
    re.IGNORECASE,
)


# No verbs of saying: "has warned" may be old, "warned" is today's news.
def _past(found: re.Match[str]) -> str:
    """ "Has signed a decree" as "signed a decree", where nothing ties it to the present."""
    ahead = before(found)
    bound = _MODAL.search(ahead) or _OPEN.search(ahead) or _UNTIL_NOW.search(found.string)
    used_to = found["done"] == "used" and after(found).startswith(" to")
    return found.group() if bound or used_to else found["done"]


_SAID = (
    "stated|explained|noted|added|stressed|emphasi[sz]ed|remarked|pointed out|told reporters|"
    "told journalists"
)
_DENIED = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|without|few|hardly)\b|n[’']t\b", re.IGNORECASE
)


def _saying(found: re.Match[str]) -> str:
    return found.group() if _DENIED.search(before(found)) else "said that"


def _day_first(found: re.Match[str]) -> str:
    """ "19 November", where no other date of the sentence keeps the other order."""
    if len(_MONTH_FIRST.findall(found.string)) > 1:
        return found.group()
    return f"{found['day']} {found['month']}"


_MONTH_FIRST = re.compile(rf"\b(?:{MONTH}) \d")


RULES: tuple[tuple[re.Pattern[str], Put], ...] = (
    rule(r"^And, (?=[A-Z])", ""),
    (_HEAD, _surname),
    *PERMISSION,
    # Made in the US is American; on Russian soil is in Russia.
    rule(
        r"(?<![\w-])(?<!- and )(?<!- or )(?P<article>[Aa]n? )?"
        r"(?P<maker>U\.?S|U\.?K|American|British)\.?-made(?= [a-zA-Z])(?! (?:and|or)\b)",
        _made,
    ),
    rule(
        r"\b(?P<where>[Ii]nside|[Ww]ithin|[Ii]nto|(?<=targets )(?:on|in)|(?<=deep )in) "
        r"(?P<nation>Russian|Ukrainian|Belarusian|Polish) (?:territory|soil)"
        r"(?=[.,;)]|$| (?:with|to|for|after|before|since|during|from|as|because|despite|without|"
        r"unless|if|on|when|while|using|has|have|had|will|would|is|was)\b)",
        _placed,
    ),
    # Who owns it.
    rule(
        r"\b[Tt]he (?P<thing>decision|refusal|plan|offer|promise|threat|pledge|request|attempt|"
        r"effort|failure) (?:by|(?<=decision )of|(?<=refusal )of|(?<=failure )of|(?<=attempt )of) "
        rf"(?P<owner>(?!(?:{DAYS})\b){_NAME}(?<!s))(?= to [a-z])",
        _owned,
    ),
    rule(
        r"\b[Tt]he (?P<thing>use of (?:[\w.-]+ ){0,4}(?!\w+ed by\b|(?:made|built|sent|held|sold|"
        r"led|"
        rf"run|taken|given) by\b)[a-z]\w+) by (?P<owner>(?!(?:{DAYS})\b){_NAME}(?<!s))(?=\.$|"
        rf" (?:in|on|"
        r"at|against|inside|for|near|during|as|to|has|had|is|was|will|would|could|may)\b)",
        _owned,
    ),
    rule(
        r"\b[Tt]he (?P<thing>[A-Z][\w-]+ (?:region|province|oblast|district)) of "
        rf"(?P<owner>{COUNTRY})\b(?!’|'|-|, [A-Z]| or\b| and\b)",
        _owned,
    ),
    rule(
        rf"\b[Tt]he territory of (?P<owner>{COUNTRY})\b(?!’|'|-|, [A-Z]| (?:and|or)\b)",
        lambda m: f"{ADJECTIVE[m['owner']]} territory",
    ),
    rule(
        rf"\b(?P<article>the) (?P<thing>system|missile|weapon)(?: known as (?P<weapon>{WEAPON})\b"
        rf"(?! \d| [a-z]+s\b)|, known as (?P<other>{WEAPON}),)",
        _known,
    ),
    # Plain words.
    rule(r"\b(?i:prior to)\b", "before"),
    rule(r"\b(?i:in spite of)\b", "despite"),
    rule(r"\b(?i:despite the fact that)\b", "although"),
    rule(r"\b(?i:approximately)\b", "about"),
    rule(r"\b(?i:in excess of|upwards of)(?= \d)", "more than"),
    rule(r"\b(?i:whilst)\b", "while"),
    rule(r"\b(?i:amongst)\b", "among"),
    rule(
        r"(?<![\w-])(?i:ahead of)(?= (?:(?:the|a|an|his|her|its|their|this|next|key|crucial) ){0,3}"
        r"(?:[\w-]+ )?(?:summit|election|elections|talks|inauguration)(?:$|[.,;]))",
        "before",
    ),
    rule(
        r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )(?<!are )(?<!so )(?<!and )"
        rf"\b(?:{_SAID}) that"
        r"(?= (?:[A-Z]|\d|(?:the|an?|he|she|it|they|there|its|his|her|their|some|many|several|most|"
        r"all|no|more|both|if|when|while)\b))",
        _saying,
    ),
    rule(
        rf"(?<=[\w’.] )(?:has|have) (?P<done>{_PERFECT})"
        r"(?= (?:[A-Z]|the|a|an|its|his|her|their|that|to|on|in|for|more|about|at|with|\d))",
        _past,
    ),
    # The day before the month, as everywhere in a digest.
    rule(
        rf"(?<=[Oo]n )(?P<month>{MONTH}) (?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
        r"(?=[.,;)]?$|[.,;)] (?!\d)| (?:that|to|at|in|by|for|from|with|after|before|as|but|over|"
        rf"against|near)\b(?!-| (?:on )?(?:\d|{MONTH})))",
        _day_first,
    ),
)
