"""Names of speakers: capitalised runs, their bare form, and the one person a pronoun can mean.

Made for attribution, where the wrong name is worse than none: every doubt gives "".
"""

from __future__ import annotations

import re

from briefing.text.lexicon import DEMONYMS, MONTHS, WEEKDAYS

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_TOKEN = (
    r"(?:(?:Jr|Sr|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Capt|Adm|Sen|Rep|Gov)\.|"
    rf"(?:[{UPPER}]\.)+|[{UPPER}][\w\-]*(?:[’'](?!s\b)\w+)*)"
)
RUN = rf"{_TOKEN}(?: (?:(?:de|von|van|der|den|al|bin|da|di|el) )?{_TOKEN})*"
POSSESSIVE = r"(?![’']|\w)"  # after a run: "Zelensky’s" names no subject


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set(
    """
    ceo cfo coo cto senior executive managing attorney judge justice sheriff mayor coach detective
    sergeant sgt. officer detective head chairperson councillor councilman professor analyst
    president vice prime minister foreign defense defence secretary general gen. lt. col. maj.
    capt. adm. colonel major captain admiral commander senator sen. representative rep.
    congressman congresswoman governor gov. chancellor ambassador chairman chairwoman mr. mrs. ms.
    mr mrs ms dr dr. sir lord lady prof professor pope king queen prince deputy first interior
    finance national security adviser advisor director spokesman spokeswoman spokesperson speaker
    president-elect former u.s. us uk eu nato state house senate white kremlin pentagon
    secretary-general chief lieutenant republican democratic democrat western
    """
)
_OPENERS = _set(
    """
    the a an but and yet so or nor if as at by for from in of on to with after before since during
    while when where then there this that these those it its his her their our my your he she they
    we i you who what why how meanwhile however still also later earlier asked according both
    neither no not now once one only though although because despite under
    """
)
_ORGANISATION = re.compile(
    r"^(?:Ministry|Department|House|Senate|Congress|Parliament|Council|Committee|Institute|University|"
    r"College|Center|Centre|Endowment|Foundation|Program|Programme|Agency|Office|Service|Bureau|Staff|"
    r"Forces?|Army|Navy|Command|Party|Union|Nations|Alliance|Bank|Group|Company|Corporation|News|Post|"
    r"Times|Journal|Press|Telegram|Radio|Television|TV|Reuters|Bloomberg|Guardian|Economist|Axios|"
    r"Kremlin|Pentagon|Commission|Court|Association|Organi[sz]ation|States?|Kingdom|Federation|Project|"
    r"Peace|Affairs|Studies|Plant|Region|Oblast|Province|War|Street|Square|Platform|Facebook|Twitter)$"
)
_NOT_A_PERSON = re.compile(
    r" (?:administration|government|campaign|team|officials?|forces|troops|missiles?|region|"
    r"province|oblast|army|military|ministry|allies|supporters|regime|leaders?|border|front|war|soldiers?)\b"
)
_SPEAKS = re.compile(
    r"(?:,[^,]{2,100},)? (?:said|says|told|added|warned|wrote|asked|argued|noted)\b"
)
_PRONOUN = re.compile(r"\b(?:he|she|his|her|him|hers)\b", re.I)
_PLACES = _set(
    """
    moscow kyiv kiev washington brussels london paris berlin beijing tehran pyongyang ankara minsk
    geneva warsaw budapest x north south east west crimea kursk donbas donbass
    """
)


def clean_name(run: str) -> str:
    """The name in a capitalised run, without opening words, nationality and titles; "" if none."""
    tokens = run.split()
    while tokens and tokens[0].lower() in _OPENERS:
        tokens.pop(0)
    if any(_ORGANISATION.match(t) for t in tokens[1:]):
        return " ".join(tokens)
    while tokens and (tokens[0].lower() in _TITLES or _nationality(tokens)):
        if len(tokens) == 1 and _ORGANISATION.match(tokens[0]):
            return tokens[0]
        tokens.pop(0)
    name = " ".join(tokens)
    if name.lower() in MONTHS or name.lower() in WEEKDAYS or name.lower() in DEMONYMS:
        return ""
    if re.fullmatch(r"\w+(?:ans|ats)|(?:[A-Z]\.)+", name):  # "Republicans", "U.S."
        return ""
    return name


def _nationality(tokens: list[str]) -> bool:
    """A nationality stands before a title or another name ("Russian President", "North Korean")."""
    return len(tokens) > 1 and tokens[0].lower() in DEMONYMS


def only_person(before: str) -> str:
    """The one person named in ``before``, in the fullest form; "" when none or several.

    A single word counts as another person who might be meant, but is the answer only where it
    speaks or bears a title: alone it may as well be a place or a thing.
    """
    people: dict[str, str] = {}
    sure: set[str] = set()
    for match in re.finditer(rf"(?<!\w){RUN}", before):
        ahead, behind = before[: match.start()], before[match.end() :]
        if re.match(r"[’'](?:s\b|\W)|-\w", behind) or _NOT_A_PERSON.match(behind):
            continue
        single = " " not in match.group()
        if single and re.search(r"\b(?:in|near|into|across|inside|outside|towards?|the)\s$", ahead):
            continue
        name = clean_name(match.group())
        tokens = [t for t in name.split() if t not in ("Jr.", "Sr.")]
        if not tokens or any(_ORGANISATION.match(t) for t in tokens):
            continue
        known = {t.lower() for t in tokens} <= set(DEMONYMS) | set(DEMONYMS.values()) | _PLACES
        if known or (name.isupper() and len(name) > 1):
            continue
        if not people and _PRONOUN.search(ahead):
            return ""  # somebody named before this text is still spoken of
        people[tokens[-1]] = max(people.get(tokens[-1], ""), name, key=len)
        if not single or _SPEAKS.match(behind):
            sure.add(tokens[-1])
    return next(iter(people.values())) if len(people) == 1 and sure == set(people) else ""


def full_name(name: str, text: str) -> str:
    """``name`` as ``text`` writes it in full, when it is a surname borne by one person there.

    "Lieven" becomes "Anatol Lieven"; "Miller" stays when two Millers are named.
    """
    if " " in name:
        return name
    longer = {
        clean_name(m.group()) for m in re.finditer(rf"(?<!\w){RUN}", text) if name in m.group()
    }
    bearers = {full for full in longer if full.endswith(f" {name}")}
    return bearers.pop() if len(bearers) == 1 else name
