"""Words that decide what a shortening may leave out. Closed lists, reviewed by hand."""

from __future__ import annotations

from briefing.text.lexicon import (
    ARTICLES,
    BE,
    CONJUNCTIONS,
    DO,
    HAVE,
    MODALS,
    NEGATIONS,
    PREPOSITIONS,
    every,
)
from briefing.text.words import stem

# Who says it. Dropping one of these turns a report into a fact.
SAYING = frozenset(
    map(
        stem,
        every(
            "say tell according claim allege report reportedly allegedly argue warn suggest believe"
            " think estimate announce confirm deny accuse call describe declare state insist"
            " explain note add reveal acknowledge expect fear hope predict ask promise vow pledge"
            " threaten speculation find show contend assert maintain indicate cite quote write"
            " tweet post remark point urge demand rule reply conclude"
        ),
    )
)
# What limits a claim: without it the rest would say more than the source.
LIMITING = (
    MODALS
    | NEGATIONS
    | every(
        "if unless whether until only except provided pending unclear likely unlikely possible"
        " possibly probable probably perhaps maybe apparently potential potentially about nearly"
        " approximately almost around roughly least most up than some many few several half former"
        " acting deputy proposed planned attempted failed refused stopped partly partially largely"
        " mainly mostly initially first last but although though despite significantly fully"
    )
)
# May stand after the last word kept only if it is kept too.
CONDITIONS = every("if unless until only except provided pending whether")
CUT_NEVER = (
    NEGATIONS
    | CONDITIONS
    | every(
        "than rather instead respectively killed killing dead died dying deaths wounded wounding "
        "injured"
        " injuring casualties drowning drowned burying missing victims fatally fatal"
    )
)
"""Never cut off at the end: what takes back, compares, or counts the dead."""

PHRASES = every(
    "in at near from with on for by during since amid against across over within along alongside"
    " among inside outside throughout via toward towards into under around after before through"
)
OPENERS = every(
    "in amid despite with while although though given as and but yet"
    " however meanwhile moreover recently separately additionally finally notably also still"
)
"""Open what may be left out at the beginning, up to its comma."""
SOURCES = every(
    "worst best times least most paper theory principle part practice dreams mind name effect"
    " poll survey report statement interview study letter speech address view opinion post video"
    " briefing article memo document telegram eyes words"
)
"""A fronted phrase with one of these says whose claim it is ("In a poll, six in ten ...")."""
FINAL = every("after as while amid because although though whereas")
"""Open a clause at which a sentence may stop without a comma."""
LOOSE = every(
    "recently currently finally swiftly quickly sharply publicly formally officially personally"
    " repeatedly briefly simultaneously subsequently strongly"
)
"""Adverbs whose loss leaves the verb as it is; never under a negation."""
RELATIVES = every("who which whose where whom")
OWNERS = every("its his her their it they he she this these those such both all")
"""What may not come right after something that was left out: it may point at it."""
IRREGULAR = every(
    "struck hit shot fell rose went came took made gave sent held kept lost won met left cut set"
    " put built brought bought sold led paid ran saw spoke stood withdrew began became broke chose"
    " drew drove flew fought froze grew heard knew laid sank sought shook shut spent split spread"
    " stole swept threw wore wrote means wants plans seeks remains marks faces needs makes takes"
    " gives sends holds keeps leads runs sees stands begins gets got lies comes goes"
)
AUXILIARIES = BE | HAVE | DO | MODALS
ENDS_NOTHING = ARTICLES | PREPOSITIONS - {"up", "down", "out", "off", "over"} | CONJUNCTIONS
LONGEST_SPEAKER = 9
"""Words of ", the civil protection agency said" at the end of a sentence."""
JOINS = every("of and or than as")
QUANTITIES = every("some several many all both most two three four five six seven eight nine ten")
TURNS = every("it its they them this that but however though he she his her")
"""What a second main clause takes back or goes on about ("...; a court stayed it")."""
SPANS = every(
    "moment moments second seconds day days hour hours week weeks"
    " month months year years minute minutes decade decades"
)
ASIDES = every("however meanwhile moreover therefore though too also")
POSSESSIVE = every("its his her their")
CLAUSES_AFTER = every("after before while as although though amid despite during")
"""Open what may go on after a relative clause was left out."""

NO_TAILS = every(
    "including according excluding barring depending pretending failing starting beginning"
    " relating involving numbering totalling totaling"
    " regarding concerning considering pending assuming counting citing quoting"
)
"""Participles after a comma that limit, source or condition what stands before."""
AFTER_COMMA = every(
    "with despite amid while as although though whereas after which who whose where"
)
"""Open what may be cut off after a comma, beside a participle, an apposition and a clause."""
PAIRS = (
    ["in", "exchange", "for"],
    ["in", "return", "for"],
    ["as", "long", "as"],
    ["as", "soon", "as"],
)
NO_LOSS = NEGATIONS | every("yet few only denied denies failed fails refused hardly rarely")
"""Under these no adverb may go."""
POINTERS = every(
    "country nation city town region state government capital island company group party court army"
    " ministry man woman area border territory province village leader president minister"
)
"""After "the" these may mean a name that was left out."""
RESULTS = every("further thus thereby also again potentially effectively")
"""May stand before a participle after a comma."""
PRONOUNS = every("it its they their them he his him she her")
JOINTS = every("and but or that because")
"""Begin another clause."""
