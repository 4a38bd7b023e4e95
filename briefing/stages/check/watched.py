"""Words whose loss, gain or change alters what a sentence claims. Reviewed lists, nothing learned.

Lists of content words hold *stems* (see `briefing.text.words.stem`), lists of grammar words hold
the lower-case words themselves.
"""

from __future__ import annotations

from briefing.text.lexicon import MODALS, NEGATIONS, every
from briefing.text.words import stem


def stems(text: str) -> frozenset[str]:
    """Stems of the words of a list."""
    return frozenset(stem(w) for w in text.split())


SAY = stems(
    "say tell state add note explain warn confirm reveal announce emphasise stress declare write "
    "remark "
    "observe insist acknowledge admit caution disclose underline comment recall concede tweet post"
)
"""Verbs of saying that may be told as "said": each of them entails it."""

CLAIM = stems(
    "claim allege suggest argue believe think estimate predict expect fear hope suspect maintain "
    "contend "
    "assert speculate assume conclude reckon posit deny doubt dispute accuse blame report "
    "indicate assess "
    "imply hint call describe label promise vow pledge threaten propose demand urge ask request "
    "consider "
    "agree echo view frame see interpret counter respond reply accept welcome criticise condemn"
)
"""Verbs that put a content into somebody's mouth or mind and must stay as they are."""

ATTITUDE = SAY | CLAIM

SPEAKS = SAY | stems(
    "claim allege suggest argue believe think estimate report assert contend posit"
)
"""Verbs that open or close an attribution ("Miller argued that ...", "..., Miller argued")."""

PROTECTED = stems(
    "former ex acting deputy vice interim alleged allegedly reported reportedly suspected "
    "purported "
    "apparent apparently supposed supposedly possible possibly potential potentially probable "
    "probably "
    "likely unlikely perhaps maybe proposed planned draft attempted failed fake false mock anti "
    "non pro "
    "counter partial partially limited temporary temporarily initial initially preliminary "
    "tentative "
    "conditional first only sole last final next future unconfirmed unverified claimed nearly "
    "almost "
    "largely mainly partly mostly few fewer less minor minority half deny refuse reject rule "
    "stop fail "
    "prevent avoid lack cease cancel suspend abandon halt postpone delay withdraw "
    "new old exactly precisely roughly approximately about fully "
    "completely entirely seemingly presumably ostensibly hypothetical hypothetically so-called "
    "would-be "
    "until unless if whether empty unfounded baseless wrong rather instead shadow elect "
    "designate never "
    "effectively virtually practically theoretically technically temporarily conditionally "
    "provisionally "
    "part principle theory condition case event absence attempt bid "
    "regional provincial local municipal junior associate assistant co "
    "chosen nominated designated prospective aspiring expected intended "
    "eventual eventually anonymous unnamed unspecified undisclosed retired late outgoing "
    "incoming honorary self conventional"
) | {"~"}
"""Content words that may not be left out while the words they limit are kept."""

DIRECTIONS = stems("north south east west northern southern eastern western central upper lower")
"""Part of a place's name: North Korea is not Korea. Free only inside "Western-supplied"."""

TITLES = stems(
    "president minister chancellor premier secretary senator representative ambassador general "
    "colonel "
    "admiral governor mayor chairman chairwoman chief commander spokesman spokeswoman director "
    "king queen "
    "prince judge justice professor adviser official officer leader envoy congressman fellow "
    "analyst"
)

SCOPE = (
    MODALS
    | NEGATIONS
    | every(
        "if unless whether until although though but however except only without or yet rather "
        "instead lest either than so before"
    )
)
"""Grammar words that may not be left out inside a kept clause."""

SCOPE_AFTER = NEGATIONS - {"without"} | every(
    "if unless whether until although though but however except without yet or pending provided"
)
"""Grammar words that may not be cut off with a sentence's end: they limit what stands before."""

DOUBT = stems(
    "reportedly allegedly apparently supposedly purportedly reports deny denied accord according "
    "alleged "
    "claim unconfirmed unverified subject conditional reverse cancel false condition absence"
)
"""Words that take back or condition what stands beside them, wherever in the sentence they are."""

DOUBT_WORDS = every("pending provided providing assuming supposing")
"""The same, only in this form."""

IN_PART = stems("part principle theory effect opinion view word eye judgment estimation account")
"""Nouns that limit a claim, or say whose it is, after "in" or "by"."""

LOOSE = every("also however then thus therefore meanwhile own")
"""Grammar words that may be left out between two kept neighbours."""

AFTER = every(
    "in at near from with on for by during since amid against across over under around within "
    "along "
    "alongside between among following inside outside through throughout via toward towards into "
    "after "
    "while when where as and because who which whose per about beyond beside behind despite"
)
"""Words that open a phrase or clause which may be left out after its head."""

PHRASE = every(
    "in at near from with on for by during since amid against across over within along "
    "alongside among "
    "inside outside throughout via toward towards into to under around about behind beside"
)
"""Prepositions whose phrase may be left out between a head and its verb or next phrase."""

VERBS = stems(
    "say tell plan claim want seek try aim hope fear think believe know need mean make take give "
    "get come "
    "go see use find let put keep hold bring begin show hear play run move live stand lose pay "
    "meet set "
    "lead win build send fall cut reach kill raise pass sell decide pull allow permit approve "
    "authorise "
    "grant refuse reject deny ask request urge demand warn threaten promise vow pledge offer "
    "accept agree "
    "fire launch strike hit attack shell bomb destroy damage target shoot intercept deploy "
    "station move "
    "supply deliver provide ship transfer train fight invade occupy seize capture retake "
    "withdraw defend "
    "support back oppose criticise condemn accuse blame praise welcome reverse lift impose ease "
    "restrict "
    "ban limit sign ratify order mobilise escalate retaliate respond confirm announce declare "
    "report reveal "
    "expect estimate consider weigh discuss debate negotiate vote elect appoint nominate choose "
    "name call "
    "describe explain suggest argue insist add note push force press pressure undermine preempt "
    "bolster "
    "lower change shift signal mark cross label draw cede gain maintain "
    "account belong depend consist "
    "rely amount refer apply point react want leave"
)
"""Verbs frequent in this kind of news, to tell a verb from a noun where endings do not."""

EQUAL = [
    stems("usa america"),
    stems("uk britain"),
    stems("soldiers troops"),
    stems("percent %"),
    stems("approximately roughly"),
]
"""Words that stand for each other in every sentence of news."""

SAME = {member: min(group) for group in EQUAL for member in group}


def same(key: str) -> str:
    """One key for words that stand for each other."""
    return SAME.get(key, key)


ADJUNCT = every("in on at during after since before until by amid following")
"""Prepositions that may follow a phrase that was left out: they seldom belong to its last noun."""

INTENSIFIERS = every("most more very so too as less least how such")

NARROW = stems(
    "deny refuse reject prevent avoid fail lack oppose ban bar forbid prohibit stop halt cease "
    "exclude "
    "dispute doubt unlikely unclear restrict limit only sole never always all every each entire "
    "most "
    "majority minority half last unprecedented unique rule unable impossible rarely seldom largely "
    "mainly mostly"
)
"""Beside these a modifier left out makes a claim wider: "denied firing long-range missiles" is not
"denied firing missiles". Superlatives, ordinals, fractions and percentages count as such."""

NARROW_WORDS = NEGATIONS | every("if unless whether only all every each any most without until")
"""The same among the grammar words."""
