"""Closed lists of English that the text modules share: grammar words, irregular forms, countries.

Only closed or nearly closed classes stand here. Nothing is specific to one story.
"""

from __future__ import annotations


def every(words: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(words.split())


def ordered(words: str) -> tuple[str, ...]:
    """The words of a list written with spaces, in their order."""
    return tuple(words.split())


MODALS = every("may might could would can will shall should must cannot")
NEGATIONS = every(
    "not no never none neither nor without cannot nobody nothing hardly barely scarcely nowhere"
)
BE = every("be am is are was were been being")
HAVE = every("have has had having")
DO = every("do does did doing done")
ARTICLES = every("a an the")
PRONOUNS = every(
    "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his "
    "himself "
    "she her hers herself it its itself they them their theirs themselves one oneself who whom "
    "whose which "
    "what whoever whatever whichever this that these those there here"
)
PREPOSITIONS = every(
    "of in on at by for with from to into onto upon about against between among amid amidst "
    "during before "
    "after since until till through throughout across along around over under above below behind "
    "beside "
    "beyond near off out outside inside within toward towards via per despite except like unlike "
    "as than "
    "up down past following alongside atop"
)
CONJUNCTIONS = every(
    "and or but nor so yet if unless because while whereas although though when whenever where "
    "wherever "
    "whether once lest"
)
QUANTIFIERS = every(
    "some any all both each every few many much more most several such other another either only "
    "just "
    "also even still already again too very"
)
CONTRACTIONS = every(
    "it's he's she's that's what's there's who's let's here's i'm i've i'll i'd we're we've "
    "we'll we'd "
    "you're you've you'll you'd he'll he'd she'll she'd it'll it'd they're they've they'll "
    "they'd don't "
    "doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't mustn't "
    "haven't "
    "hasn't hadn't ain't how's"
)
FUNCTION_WORDS = (
    MODALS
    | NEGATIONS
    | BE
    | HAVE
    | DO
    | ARTICLES
    | PRONOUNS
    | PREPOSITIONS
    | CONJUNCTIONS
    | QUANTIFIERS
    | CONTRACTIONS
    | every("then thus hence therefore however how why else own same")
)

MONTHS = ordered(
    "january february march april may june july august september october november december"
)
WEEKDAYS = ordered("monday tuesday wednesday thursday friday saturday sunday")

ABBREVIATIONS = {
    **dict.fromkeys(["US", "U.S.", "U.S", "USA", "U.S.A.", "United States"], "usa"),
    "United States of America": "usa",
    **dict.fromkeys(["UK", "U.K.", "U.K", "United Kingdom"], "uk"),
    **dict.fromkeys(["EU", "E.U.", "European Union"], "eu"),
    **dict.fromkeys(["UN", "U.N.", "U.N", "United Nations"], "un"),
    **dict.fromkeys(["UAE", "United Arab Emirates"], "uae"),
    **dict.fromkeys(["Nato", "NATO"], "nato"),
}
"""Forms of one name, written as `words` joins them."""

DEMONYMS = {
    **dict.fromkeys(["american", "americans", "america"], "america"),
    **dict.fromkeys(["british", "briton", "britons", "britain"], "britain"),
    **{
        form: country
        for country, forms in {
            "ukraine": "ukrainian ukrainians",
            "russia": "russian russians",
            "france": "french frenchman frenchmen",
            "germany": "german germans",
            "poland": "polish pole poles",
            "china": "chinese",
            "japan": "japanese",
            "korea": "korean koreans",
            "iran": "iranian iranians",
            "israel": "israeli israelis",
            "turkey": "turkish turk turks",
            "italy": "italian italians",
            "spain": "spanish spaniard spaniards",
            "canada": "canadian canadians",
            "sweden": "swedish swede swedes",
            "norway": "norwegian norwegians",
            "finland": "finnish finn finns",
            "denmark": "danish dane danes",
            "estonia": "estonian estonians",
            "latvia": "latvian latvians",
            "lithuania": "lithuanian lithuanians",
            "romania": "romanian romanians",
            "hungary": "hungarian hungarians",
            "slovakia": "slovak slovaks slovakian",
            "czechia": "czech czechs",
            "bulgaria": "bulgarian bulgarians",
            "serbia": "serbian serbians serb serbs",
            "greece": "greek greeks",
            "belarus": "belarusian belarusians",
            "moldova": "moldovan moldovans",
            "georgia": "georgian georgians",
            "armenia": "armenian armenians",
            "azerbaijan": "azerbaijani azerbaijanis",
            "kazakhstan": "kazakh kazakhs",
            "netherlands": "dutch",
            "belgium": "belgian belgians",
            "austria": "austrian austrians",
            "switzerland": "swiss",
            "ireland": "irish",
            "portugal": "portuguese",
            "india": "indian indians",
            "pakistan": "pakistani pakistanis",
            "afghanistan": "afghan afghans",
            "australia": "australian australians",
            "brazil": "brazilian brazilians",
            "mexico": "mexican mexicans",
            "egypt": "egyptian egyptians",
            "syria": "syrian syrians",
            "iraq": "iraqi iraqis",
            "lebanon": "lebanese",
            "yemen": "yemeni yemenis",
            "vietnam": "vietnamese",
            "taiwan": "taiwanese",
            "europe": "european europeans",
            "africa": "african africans",
            "asia": "asian asians",
        }.items()
        for form in forms.split()
    },
}
"""Adjective or people of a country, to the country's own stem."""

_VERBS = """
arise arose arisen; awake awoke awoken; become became; begin began begun; bend bent; bet; bid
bade; bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred;
bring brought; build built; burn burnt; buy bought; catch caught; choose chose chosen; cling
clung; come came; creep crept; deal dealt; dig dug; draw drew drawn; drink drank drunk; drive
drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; flee
fled; fling flung; fly flew flown; forbid forbade forbidden; foresee foresaw foreseen; forget
forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given;
go went gone; grow grew grown; hang hung; hear heard; hide hid hidden; hold held; keep kept; kneel
knelt; know knew known; lay laid; lead led; leap leapt; learn learnt; leave left; lend lent; lie
lying lay lain; light lit; lose lost; make made; mean meant; meet met; mislead misled; mistake
mistook mistaken; overcome overcame; overtake overtook overtaken; overthrow overthrew overthrown;
pay paid; prove proven; rebuild rebuilt; repay repaid; ride rode ridden; ring rang rung; rise rose
risen; run ran running; say said; see saw seen; seek sought; sell sold; send sent; shake shook
shaken; shine shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk;
sit sat; sleep slept; slide slid; speak spoke spoken; speed sped; spend spent; spin spun; stand
stood; steal stole stolen; stick stuck; sting stung; strike struck stricken; strive strove
striven; swear swore sworn; sweep swept; swim swam swum; swing swung; take took taken; teach
taught; tear tore torn; tell told; think thought; throw threw thrown; undergo underwent undergone;
understand understood; undertake undertook undertaken; uphold upheld; wake woke woken; wear wore
worn; weep wept; win won; wind wound; withdraw withdrew withdrawn; withhold withheld; withstand
withstood; write wrote written; die dying dies died; tie tying ties tied; argue argued arguing
argues; free freed freeing; agree agreed agreeing agrees; see sees seeing; man men; woman women;
child children; person persons; foot feet; tooth teeth; mouse mice; goose geese; knife knives;
life lives; wife wives; half halves; leaf leaves; loaf loaves; thief thieves; shelf shelves;
crisis crises; basis bases; analysis analyses; thesis theses; hypothesis hypotheses; medium media;
datum data; bacterium bacteria; criterion criteria; phenomenon phenomena; nucleus nuclei; calf
calves; wolf wolves; echo echoes; veto vetoes vetoed; hero heroes; potato potatoes; torpedo
torpedoes torpedoed; cargo cargoes; volcano volcanoes; use used using uses; refuse refused
refusing refuses; ally allies allied; bus buses; gas gases; focus focused focusing focuses
focussed; plan planned planning; good better best; bad worse worst; large larger largest; long
longer longest; high higher highest; low lower lowest; big bigger biggest; small smaller smallest;
strong stronger strongest; old older oldest; new newer newest; cause causes caused causing; raise
raised raises raising; release releases released releasing; increase increases increased
increasing; close closes closed closing; base based basing; issue issued issuing; pursue pursued
pursuing pursues; continue continued continuing continues; value valued; rescue rescued rescuing;
add added adding adds; end ended ending; act acted acting acts; ask asked asking asks; aid aided
aiding; arm armed; owe owed owing owes; age aged; axe axed axes; err erred; try tried trying
tries; cut cutting cuts; put putting puts; hit hitting hits; set setting sets; let letting lets;
ban banned banning; bar barred barring;
"""
IRREGULAR = {
    form: forms[0]
    for line in _VERBS.replace("\n", " ").split(";")
    if (forms := line.split())
    for form in forms[1:]
    if form not in ("lay", "left", "bases", "found", "bound", "wound", "saw")
} | {"found": "find", "laid": "lay", "lain": "lie", "saw": "see"}
"""Irregular forms to their dictionary word. Left out: forms that are as often another word."""

UNINFLECTED = every(
    "news series species chaos bias canvas always perhaps besides towards afterwards nevertheless "
    "less unless whereas princess address business witness process access success progress "
    "congress "
    "express press bed red shed sled need feed speed seed deed indeed breed bleed hundred sacred "
    "king ring wing thing spring string during evening morning ceiling sterling bring sing sting "
    "something nothing anything everything being Beijing beijing united exceed proceed succeed "
    "naked "
    "wicked crooked rugged embed infrared physics politics economics mathematics athletics ethics "
    "analysis basis crisis texas kansas paris dallas wales sometimes overseas"
)

SPELLINGS = dict(
    pair.split("=")
    for pair in ordered(
        "defence=defens defense=defens offence=offens offense=offens licence=licens "
        "license=licens pretence=pretens centre=center centr=center metre=meter metr=meter "
        "kilometre=kilometer kilometr=kilometer litre=liter theatre=theater fibre=fiber "
        "programme=program programm=program tonne=tonn sceptical=skeptical sceptic=skeptic "
        "scepticism=skepticism grey=gray cheque=check tyre=tire aluminium=aluminum ageing=aging "
        "judgement=judgment kiev=kyiv zelensky=zelenskyy zelenskiy=zelenskyy zelenskyi=zelenskyy "
        "km=kilometer kms=kilometer adviser=advisor advisor=advisor"
    )
)
"""Variant to the common spelling, where no rule of `stem` makes them one."""
TRUE_IS = frozenset(
    word.removesuffix("e")
    for word in [
        "arise",
        "advise",
        "devise",
        "revise",
        "supervise",
        "improvise",
        "televise",
        "exercise",
        "surprise",
        "comprise",
        "enterprise",
        "premise",
        "promise",
        "compromise",
        "demise",
        "despise",
        "disguise",
        "franchise",
        "merchandise",
        "paradise",
        "precise",
        "concise",
        "treatise",
        "expertise",
        "praise",
        "appraise",
        "cruise",
        "bruise",
        "likewise",
        "otherwise",
        "reprise",
        "disprais",
        "braise",
    ]
)
"""Words whose -ise is not the British form of -ize, without their e."""

_NO_ADVERBS = every(
    "supply apply reply rely ally family fly imply comply july italy assembly anomaly multiply "
    "early "
    "only daily weekly monthly quarterly yearly friendly likely unlikely deadly elderly costly "
    "timely "
    "lovely lonely holy bully rally tally folly jelly lily ugly silly monopoly orderly scholarly "
    "cowardly worldly belly hourly nightly lively homely resupply oversupply misapply reapply"
)


def is_adverb(word: str) -> bool:
    """Whether the word is an adverb by its ending ("formally", not "supply" or "deadly")."""
    low = word.lower()
    return low.endswith("ly") and low not in _NO_ADVERBS
