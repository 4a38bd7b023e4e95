"""Permission in plain words: "gave Kyiv permission to fire" as "allowed Kyiv to fire".

"Let" stands only for what is not said to have happened: "has let Kyiv fire" would say that Kyiv
fired.
"""

from __future__ import annotations

import re

from briefing.text import lexicon
from briefing.text.patterns import DAYS, Put, after, before, is_adjective, rule
from briefing.text.words import words

_AGENT = (
    r"(?P<agent>(?:it|them|him|her|us)|(?:(?:the|its|his|their|a|an) )?(?:[\w.’'-]+ ){0,3}?"
    r"(?:[A-Z][\w.’'-]*|forces|troops|soldiers|military|army|government|country|countries|allies|"
    r"officials|people|weapons|missiles|rockets|drones|jets|planes|ships|citizens|civilians|"
    r"companies|police|parliament|inspectors|journalists|voters|workers))"
)
"""Who is let do something: it ends in a name or a noun of people, so that "allow strikes to deter"
is left alone."""
_LET = {"allow": "let", "allows": "lets", "allowed": "let", "allowing": "letting",
        "permit": "let", "permits": "lets", "permitted": "let", "permitting": "letting",
}  # fmt: skip
"""Of the past only what was never allowed: "has let Kyiv fire" would say that Kyiv has fired, and
so would "after letting Kyiv fire"."""
_GIVE = {"give": "allow", "gives": "allows", "gave": "allowed", "given": "allowed",
         "giving": "allowing", "grant": "allow", "grants": "allows", "granted": "allowed",
         "granting": "allowing"}  # fmt: skip
_ALLOW = {"authorise": "allow", "authorises": "allows", "authorised": "allowed",
          "authorising": "allowing"}  # fmt: skip
_LATER_TO = re.compile(r"(?:[,;]|\b(?:and|or|but|nor|than))(?: [\w’'-]+){0,5}? to [a-z]")
"""A second infinitive that would lose its verb ("allow X to A and to B")."""
_QUOTA = re.compile(r"\b(?:days|weeks|months|hours|time|quota|visas|seats|powers|number|amount)$")
_PERFECT_OF_GIVE = re.compile(r"\b(?:has|have|had|having)(?: not| never| also| \w+ly)*$")


def _joined(agent: str) -> bool:
    """Whether the agent holds a preposition or conjunction, and may be more than an agent."""
    inner = {w.text.lower() for w in words(agent)}
    return bool(inner & (lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS))


def _letting(found: re.Match[str]) -> str:
    particle = found["verb"] in {"down", "out", "off", "up", "in", "on"}
    counted = _QUOTA.search(before(found))  # "the 60 days allowed Congress to review it"
    done = found["form"].lower() in ("allowed", "permitted")
    happened = done and not re.search(r"\b(?:never|not)$", before(found))
    running = found["form"].endswith("ing") and not re.search(r"\bthat$|^$", before(found))
    later = _LATER_TO.search(after(found))
    if _joined(found["agent"]) or particle or counted or later or happened or running:
        return found.group()
    return f"{_LET[found['form'].lower()]} {found['agent']} {found['verb']}"


def _giving(found: re.Match[str]) -> str:
    agent, form = found["agent"], found["form"].lower()
    # "was given US permission", "gave Russia’s permission": the agent is no agent.
    owner = agent.split()[-1].endswith(("’s", "'s")) or is_adjective(agent.split()[-1])
    passive = form in ("given", "granted") and not _PERFECT_OF_GIVE.search(before(found))
    return found.group() if owner or passive or _joined(agent) else f"{_GIVE[form]} {agent} to"


def _authorising(found: re.Match[str]) -> str:
    things = ("weapons", "missiles", "rockets", "drones", "jets", "planes", "ships")
    if _joined(found["agent"]) or found["agent"].endswith(things):
        return found.group()
    return f"{_ALLOW[found['form'].lower().replace('z', 's')]} {found['rest']}"


def _used_by(found: re.Match[str]) -> str:
    """ "Allowed the base to be used by X" as "allowed X to use the base"."""
    if is_adjective(found["who"]):
        return found.group()
    return f"{found['form']} {found['who']} to use {found['what']}"


PERMISSION: tuple[tuple[re.Pattern[str], Put], ...] = (
    rule(
        r"\b(?P<form>[Aa]llow(?:s|ed|ing)?|[Pp]ermit(?:s|ted|ting)?) "
        r"(?P<what>the (?:(?!to\b)[\w.’-]++ ?){1,5}?) to be used by "
        rf"(?P<who>(?!(?:the )?(?:{DAYS})\b)(?:the )?"
        r"[A-Z][\w-]*(?: [A-Z][\w-]*| forces| troops| army)?)"
        r"(?=\.?$| (?:to|for|in|against|inside|without|during|if)\b)",
        _used_by,
    ),
    rule(
        r"\b(?P<form>[Gg]iv(?:e|es|en|ing)|[Gg]ave|[Gg]rant(?:s|ed|ing)?) "
        + _AGENT
        + r" permission to\b",
        _giving,
    ),
    rule(
        r"\b(?P<form>[Gg]iv(?:e|es|en|ing)|[Gg]ave|[Gg]rant(?:s|ed|ing)?) permission for "
        + _AGENT
        + r" to\b",
        _giving,
    ),
    rule(
        r"(?<!\b[Aa] )(?<!the )\b(?P<form>[Aa]llow(?:s|ed|ing)?|[Pp]ermit(?:s|ted|ting)?) "
        + _AGENT
        + r" to (?P<verb>[a-z]+)\b",
        _letting,
    ),
    rule(
        r"\b(?P<form>[Aa]uthori[sz](?:e|es|ed|ing)) (?P<rest>" + _AGENT + r" to [a-z])",
        _authorising,
    ),
)
