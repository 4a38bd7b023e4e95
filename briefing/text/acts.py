"""What kind of thing happened or was said: classes of acts in news of conflict and policy.

Two reports of one event seldom use one verb ("fires", "hits with", "launches"), and reports of two
events are often close in all other words ("allows Ukraine to strike", "Ukraine strikes"): the class
of the act tells them apart, where a similarity of embeddings cannot. The classes follow the top of
the CAMEO scheme for coding political events (Gerner et al. 2002), cut down to what one running
story needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from briefing.text import lexicon
from briefing.text.lexicon import every
from briefing.text.words import Word, stem

_CLASSES = {
    "permit": "allow authorise approve permit let lift ease greenlight okay loosen authorisation "
    "permission approval consent clearance lifting free freed",
    "refuse": "refuse reject decline withhold oppose veto refusal no",
    "ask": "ask urge beg plead request demand appeal press lobby plea pressure call",
    "consider": "consider weigh mull discuss ponder debate study expect open hint",
    "strike": "fire strike launch hit use attack shell bomb bombard pound batter blast target raid "
    "kill wound injure die rain unleash barrage bombing shelling destroy damage deploy test",
    "defend": "intercept repel thwart shoot defend down",
    "react": "warn threaten vow caution accuse condemn slam criticise denounce fume escalate react "
    "respond blame decry lash rattle fury outrage anger infuriate threat warning retaliate "
    "retaliation scratch response promise",
    "praise": "welcome praise hail applaud back support",
    "decree": "sign revise lower amend update change decree doctrine enact adopt rule",
    "supply": "send supply give provide deliver ship transfer donate receive package shipment",
    "close": "close shut evacuate suspend cancel postpone closure shutter",
    "reopen": "reopen resume return restore",
    "talk": "meet talk negotiate summit visit convene call phone",
    "seize": "capture seize advance gain take recapture retake push occupy",
    "punish": "sanction jail arrest sentence convict detain fine expel",
    "deploy": "mobilise enlist recruit conscript train join fight enter",
    "mark": "mark commemorate mourn remember candle milestone anniversary",
    "pay": "fund spend cost buy pay loan borrow",
    "move": "fall rise drop surge slip plunge",
}  # fmt: skip
_ACT = {stem(word): name for name, listed in _CLASSES.items() for word in reversed(listed.split())}
_ACT |= {"kill": "strike", "wounded": "strike", "injur": "strike"}

SAYING = frozenset(
    stem(word)
    for word in every(
        "say tell report claim confirm deny announce add note state insist believe think "
        "acknowledge admit reveal suggest explain declare argue write estimate"
    )
)
"""Verbs that only carry what somebody says."""
CONFIRMING = frozenset(stem(word) for word in every("confirm acknowledge admit recognise"))
DENYING = frozenset(stem(word) for word in every("deny dispute refute dismiss contest reject"))

AGAINST = frozenset(
    stem(word)
    for word in every(
        "refuse refusal reject decline withhold oppose veto deny ban forbid bar block prohibit "
        "keep maintain retain uphold tighten revoke not no never cannot without fail halt stop "
        "abandon unchanged intact rule"
    )
)
"""Words that turn what is said of a permission into its opposite."""
TOWARDS = frozenset(
    stem(word)
    for word in every(
        "allow authorise approve permit let lift ease greenlight loosen authorisation permission "
        "approval consent clearance give grant decide decision agree remove drop end move"
    )
)
"""Words by which a permission is given, or a restriction ended."""

_AMBIGUOUS = frozenset(
    stem(word)
    for word in every(
        "strike attack use fire hit launch report claim test raid call change rule move response "
        "threat warning approval permission support gain fall rise drop press fine state note back "
        "down open train ship"
    )
)
_BEFORE_VERBS = every("to will would may might can could must should not and")
_NOUN_BEFORE = lexicon.ARTICLES | every(
    "its his her their our my this that these those of in on for new air missile drone nuclear "
    "first mass massive deadly major aerial rocket any no ballistic long-range russian ukrainian"
)

_PERMISSION = frozenset(("permit", "refuse", "consider", "ask", "supply"))
_APART = (
    (frozenset(("strike",)), _PERMISSION | {"react", "decree", "talk", "mark"}),
    (frozenset(("react", "decree")), _PERMISSION),
)


def apart(act: str, others: AbstractSet[str]) -> bool:
    """Whether an act and those of an earlier report are events of their own, however near the words
    are: that a strike is allowed, that it is made, and what somebody says of it."""
    if not act or act in others:
        return False
    pairs = (*_APART, *((there, here) for here, there in _APART))
    return any(act in here and others & there for here, there in pairs)


def act_of(word_stem: str) -> str:
    """The class of an act by the stem of its verb or noun; "" for other words."""
    return _ACT.get(word_stem, "")


def is_noun(tokens: Sequence[Word], at: int) -> bool:
    """Whether the word that could be a verb is a noun here ("the strike", "missile attacks")."""
    if (
        tokens[at].text.lower() == "close"
        and tokens[at + 1 : at + 2]
        and (tokens[at + 1].text.lower() == "to")
    ):
        return True  # near, and nothing is closed
    if tokens[at].stem not in _AMBIGUOUS or at == 0:
        return False
    earlier = tokens[at - 1].text
    if tokens[at].text.lower() in ("ship", "ships"):
        return earlier.lower() not in _BEFORE_VERBS
    return earlier.lower() in _NOUN_BEFORE or earlier.lower() in lexicon.DEMONYMS
