"""Who acts and who speaks: the givers of long-range weapons, the two parties to the war, and all
others; and which weapons the question is about.

Closed lists of capitals, bodies and the officials who speak for them. Extend freely: a name that is
not listed counts as somebody else, which can only make a rung lower.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from briefing.text import lexicon
from briefing.text.words import REMEMBERED

US, UK, FRANCE, GERMANY = "United States", "United Kingdom", "France", "Germany"
OWNER = {"ATACMS": US, "Storm Shadow": UK, "SCALP": FRANCE, "Taurus": GERMANY}
"""The weapons of the ladder and who gives them."""
GIVERS = frozenset(OWNER.values())
UKRAINE, RUSSIA, OTHER = "Ukraine", "Russia", ""

Kind = Literal["own", "unnamed", "media", "other", "thing"]
"""``own``: a country, a body or a named official. ``thing``: the origin of a weapon ("US-made")."""


class Party(NamedTuple):
    """One mention of somebody: span, whom it belongs to, and how it speaks."""

    start: int
    end: int
    side: str  # a giver, UKRAINE, RUSSIA, or OTHER
    kind: Kind


class Arm(NamedTuple):
    """One mention of a weapon of the ladder."""

    start: int
    end: int
    weapon: str  # a key of OWNER


_SIDES = {
    US: r"United States|U\.S\.(?!\w)|US(?![\w.])|American|America|Washington|White House|Pentagon"
    r"|State Department|National Security Council|Biden|Sullivan|Blinken|Lloyd Austin|Austin|Kirby"
    r"|Finer|Trump [Aa]dministration|Matthew Miller|Sabrina Singh|Singh|Ryder|Jean-Pierre",
    UK: r"United Kingdom|U\.K\.(?!\w)|UK(?![\w.])|Britain|British|London|Downing Street|Starmer"
    r"|Lammy|Healey|Whitehall|Foreign Office",
    FRANCE: r"France|French|Paris|Macron|[ÉE]lys[ée]e|Barrot|Lecornu|Quai d'Orsay",
    GERMANY: r"Germany|German|Berlin|Scholz|Pistorius|Baerbock|Hebestreit|[Cc]hancellery"
    r"|[Cc]hancellor (?:Friedrich )?Merz|[Cc]hancellor",
    UKRAINE: r"Ukraine|Ukrainians?|Kyiv|Kiev|Zelensk\w+|Umerov|Sybiha|Yermak|Kuleba|Syrsk\w+"
    r"|Makeiev|Budanov|Podolyak|Stefanishyna",
    RUSSIA: r"Russia|Russians?|Moscow|Kremlin|Putin|Lavrov|Peskov|Zakharova|Medvedev|Shoigu"
    r"|Belousov|Volodin|Nebenzya|Antonov",
}
_IN = re.compile(r"(?:[Mm]inisters|[Ll]eaders|[Oo]fficials|[Tt]he government|[Tt]he cabinet) in $")
_MEDIA = (
    r"(?:(?:[A-Z][\w-]+ )+)?(?:Times|Post|Herald|Guardian|Journal|Ledger|Courier|Telegraph|Figaro|"
    r"Monde|Bild|Spiegel|News|Reuters|Bloomberg|AFP|AP|BBC|CNN|Axios|Politico|Wire|Tribune|"
    r"Economist)\b|\b(?:media|newspapers?|press(?! secretary| office| conference)|outlets?|"
    r"magazine|agency|broadcaster|daily|tabloid|reports|bloggers?|(?:Telegram )?channels?|"
    r"correspondents?|social media)\b"
)
_UNNAMED = (
    r"(?:(?:two|three|four|several|senior|other|Western|European|unnamed|"
    r"anonymous) )*(?:officials?|sources?|diplomats?|aides?|(?:people|persons?) (?:familiar|"
    r"briefed|close|with knowledge)|ministers|insiders)\b"
)
_OTHERS = (
    r"critics|lawmakers?|senators?|analysts?|experts?|allies|opposition|Republicans?|Democrats?|"
    r"Congress|[Pp]arliament|Bundestag|Senate|observers?|Americans|Germans|Britons|successor|"
    r"predecessor|opponents?|rivals?|Greens|NATO|West|Europe|EU|Trump|Merz|Johnson"
)
_PARTY = re.compile(
    "|".join(
        [f"(?P<s{n}>\\b(?:{names}))(?!\\w)" for n, names in enumerate(_SIDES.values())]
        + [f"(?P<media>{_MEDIA})", f"(?P<unnamed>\\b{_UNNAMED})", f"(?P<other>\\b(?:{_OTHERS})\\b)"]
        + [r"(?P<name>\b[A-Z][\w'’-]+)"]
    )
)
_SIDE = dict(enumerate(_SIDES))
_NO_NAME = frozenset(w.capitalize() for w in lexicon.FUNCTION_WORDS | lexicon.every(
    "storm shadow scalp atacms taurus himars monday tuesday wednesday thursday friday saturday "
    "sunday january february march april may june july august september october november december"
    " deputy senior national spokesman spokeswoman ambassador general adviser president prime "
    "minister secretary defence defense foreign chancellor asked two three four "
    "six army tactical missile system earlier later now yesterday today sir reports explainer five"
    " videos fragments permission allowing analysis ministers leaders officials"
)) | {"ATACMS", "SCALP", "HIMARS", "ATACM", "ATACAMS", "Atacms"}  # fmt: skip
"""Capitals that open a sentence or name a weapon: nobody."""
_MADE = re.compile(
    r"-(?:supplied|made|built|provided|donated|produced|given|manufactured|delivered|owned)\b|"
    r"(?:'s)? (?:[\w.]+-(?:supplied|made|range) |cruise |ballistic |ground-launched |long-range |"
    r"own ){0,3}(?:ATACMS|Storm Shadow|SCALP|Taurus|missiles?|rockets?|weapons?|weaponry|arms|"
    r"tanks?"
    r"|data|intelligence|targeting)\b",
    re.IGNORECASE,
)
_FOLLOWERS = re.compile(
    r"(?:'s|')? (?:[\w-]+ ){0,2}?(?P<other>critics|allies|opponents|rivals?|successor|predecessor|"
    r"lawmakers?|senators?|congress\w*|(?:House )?representatives?|republicans?|democrats?|"
    r"analysts?|experts?|contractors?|voters|citizens|think tank|parties|party|opposition|"
    r"intelligence|senator|parliament|greens|liberals|conservatives|tory|coffers)\b|(?:'s|"
    r"')? (?:[\w-]+ ){0,2}?(?P<media>media|newspapers?|press(?! secretary| office)|outlets?|"
    r"broadcaster|daily)\b|(?:'s|')? (?:[\w-]+ ){0,3}?(?P<unnamed>(?:officials?|diplomats?|"
    r"sources?|aides?|ministers)"
    r"(?! [A-Z]))\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:former|ex-?|retired|incoming|future|would-be|first) ?$", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:next|new|second|coming) $", re.IGNORECASE)
_ARM = re.compile(
    r"\b(?:(?P<a>ATACMS|ATACM|Atacms|ATACAMS|Army Tactical Missile Systems?)|(?P<s>Storm Shadows?)|"
    r"(?P<c>SCALPs?(?:-EG)?|Scalps?(?:-EG)?)|(?P<t>Taurus(?:es)?|TAURUS))(?![A-Za-z])"
)
_NAMED = {"a": "ATACMS", "s": "Storm Shadow", "c": "SCALP", "t": "Taurus"}
_PREPOSITION = re.compile(
    r"\b(?:in|at|from|to|with|of|by|on|into|inside|against|for|near|over|about|between|across|via|"
    r"outside|beyond|through|around|under|deep|towards?) (?:(?:the|a|an|[Pp]resident|"
    r"[Pp]rime [Mm]inister|[Cc]hancellor|Joe|Keir|Emmanuel|Olaf|Sir|its|his|their) )*$"
)


def arms(text: str) -> list[Arm]:
    """The weapons of the ladder that ``text`` names, in order."""
    return [
        Arm(m.start(), m.end(), next(_NAMED[k] for k, v in m.groupdict().items() if v))
        for m in _ARM.finditer(text)
    ]


@lru_cache(maxsize=REMEMBERED)
def parties(text: str) -> tuple[Party, ...]:
    """Everybody whom ``text`` mentions, in order."""
    found: list[Party] = []
    for m in _PARTY.finditer(text):
        group = m.lastgroup or ""
        if group == "name":
            if m.group() in _NO_NAME:
                continue
            found.append(Party(m.start(), m.end(), OTHER, "other"))
        elif group[0] == "s" and group[1:].isdigit():
            found.append(_of_side(text, m.start(), m.end(), _SIDE[int(group[1:])]))
        elif group == "media":
            found.append(Party(m.start(), m.end(), OTHER, "media"))
        else:
            kind: Kind = "unnamed" if group == "unnamed" else "other"
            found.append(Party(m.start(), m.end(), OTHER, kind))
    return tuple(
        p
        for p, after in zip(found, [*found[1:], None], strict=False)
        if not (
            p.kind == "other" and after and after.kind == "own" and text[p.end : after.start] == " "
        )
    )


def _of_side(text: str, start: int, end: int, side: str) -> Party:
    if side not in (UKRAINE, RUSSIA) and _MADE.match(text, end):
        return Party(start, end, side, "thing")
    ministers = _IN.search(text[max(0, start - 24) : start])
    if ministers and side in OWNER.values():
        return Party(start - len(ministers.group()), end, side, "unnamed")
    if text[start:end].startswith("Trump") and _NOT_YET.search(text[max(0, start - 12) : start]):
        return Party(start, end, OTHER, "other")
    if _PAST.search(text[max(0, start - 12) : start]):
        return Party(start, end, OTHER, "other")
    following = _FOLLOWERS.match(text, end)
    if following and following["media"]:
        return Party(start, end, OTHER, "media")
    if following and following["unnamed"]:
        return Party(start, end, side, "unnamed")
    if following and side not in (UKRAINE, RUSSIA):
        return Party(start, end, OTHER, "other")
    return Party(start, end, side, "own")


def actors(text: str) -> list[Party]:
    """The mentions that may be a subject: no origin of a weapon, none behind a preposition."""
    return [
        p
        for p in parties(text)
        if p.kind != "thing" and not _PREPOSITION.search(text[max(0, p.start - 40) : p.start])
    ]


def leading(text: str) -> tuple[str, ...]:
    """The sides of the first actor of ``text`` and of those joined to it by "and" or commas.

    ``("",)`` where it is somebody else; empty where nobody is named.
    """
    found = actors(text)
    if not found:
        return ()
    sides = [found[0].side]
    last = found[0]
    for other in found[1:]:
        between = text[last.end : other.start]
        if not re.fullmatch(r"(?:,|,? and| [A-Z]\w+|'s(?: [\w-]+){1,4})? *(?:the )?", between):
            break
        if re.match(r",?(?: and|,)", between):
            sides.append(other.side)
        last = other
    return tuple(dict.fromkeys(sides))


def givers(text: str) -> list[str]:
    """The givers that ``text`` names as such, in order, each once."""
    return list(dict.fromkeys(_givers(text)))


def last_giver(text: str) -> list[str]:
    """The giver that ``text`` names last, alone in a list; empty when it names none."""
    return _givers(text)[-1:]


def _givers(text: str) -> list[str]:
    return [
        p.side for p in parties(text) if p.side in OWNER.values() and p.kind in ("own", "unnamed")
    ]
