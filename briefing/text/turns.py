"""Words by which a report leaves a question open, and those by which a later one closes it."""

from __future__ import annotations

import re

OPEN = re.compile(
    r"\b(?:may|might|could|can|would|will|shall|to be|considers?|considering|consideration|"
    r"weigh(?:s|ed|ing)?|mull(?:s|ed|ing)?|ponders?|plan(?:s|ned|ning)?|intend(?:s|ed)?|"
    r"expect(?:s|ed)?|"
    r"likely|possibl[ey]|conceivable|close to (?:an? |the )?(?:\w+ ){0,2}?(?:deal|agreement|"
    r"accord|exchange|swap|truce|\w+ing)\b|"
    r"near(?:s|ing)? (?:an? |the )?(?:\w+ ){0,2}?(?:deal|agreement|accord|exchange|swap|truce)\b|"
    r"is near|are near|within reach|almost|on the verge|about to|set to|ready to|prepared to|"
    r"poised|"
    r"offer(?:s|ed)?|propos(?:e|es|ed|al)|want(?:s|ed)?|ask(?:s|ed)?|request(?:s|ed)?|demand(?:s|"
    r"ed)?|"
    r"urge[sd]?|press(?:es|ed)?|call(?:s|ed)? (?:for|on)|seek(?:s|ing)?|hop(?:es?|ed|ing)|"
    r"threaten(?:s|ed)?|warn(?:s|ed)?|vow(?:s|ed)?|promis(?:e|es|ed)|pledg(?:e|es|ed)|"
    r"suspected|feared?|fears?|believed?|believes|thinks?|thought|"
    r"in talks|talking|talked|negotiat\w+|"
    r"discuss(?:es|ing)?|"
    r"reluctant|unlikely|counts? on)\b|n['’]t\b",
    re.I,
)
"""Words by which something has not happened yet, or is not sure."""
UNKNOWN = re.compile(
    r"\b(?:un(?:known|named|identified|clear|specified)|not (?:\w+ )?(?:clear|known|named|"
    r"identified|"
    r"disclosed|given|said|say|established)|withheld|nobody|no one|anonymous|without (?:naming|"
    r"saying|"
    r"giving)|did not|has not|have not|silent|no word|not commented?|(?:cause|origin|name|"
    r"motive) of|blam(?:e|es|ed) each other)\b",
    re.I,
)
"""Words by which a report says what it does not know, or who is silent."""
CONFIRMS = re.compile(
    r"\b(?:confirm(?:s|ed)?|acknowledg(?:e|es|ed)|admit(?:s|ted)?|conced(?:e|es|ed)|"
    r"(?:takes?|took|claim(?:s|ed)?|accept(?:s|ed)?) (?:the )?responsibility|own(?:s|ed) up)\b|"
    r"\b(?:its|his|her|their) (?:own|service|troops|forces|army|soldiers|men)\b",
    re.I,
)
UNOFFICIAL = re.compile(
    r"\b(?:sources?|officials?|diplomats?|persons?|people (?:briefed|familiar|who)|lawmakers?|"
    r"lawyers?|"
    r"familiar with|briefed on|anonymity|anonymous|media|newspapers?|website|channel|agency|"
    r"report(?:s|ed|edly)?|suspect(?:s|ed)?|alleged(?:ly)?|believed|thought|feared|said to|"
    r"adviser)\b",
    re.I,
)
REFUSES = re.compile(
    r"\b(?:refus(?:e|es|ed)|reject(?:s|ed)?|declin(?:e|es|ed)|turn(?:s|ed)? down|rul(?:e|es|"
    r"ed) out|"
    r"rebuff(?:s|ed)?|dismiss(?:es|ed)?|veto(?:es|ed)?|block(?:s|ed)?|will not|would not|won['’]t|"
    r"says? no|said no|no longer)\b",
    re.I,
)
ACCEPTS = re.compile(
    r"\b(?:accept(?:s|ed)?|agree[sd]?|approv(?:e|es|ed)|back(?:s|ed)|allow(?:s|ed)?|let[s]?|"
    r"permit(?:s|ted)?|on board|gives? the green light|green light|sign(?:s|ed))\b",
    re.I,
)
OFFERED = re.compile(
    r"\b(?:offer(?:s|ed)?|propos(?:e|es|ed|al)|ask(?:s|ed)?|request(?:s|ed)?|want(?:s|ed)?|"
    r"demand(?:s|ed)?|urge[sd]?|press(?:es|ed)?|call(?:s|ed)? (?:for|on)|consider\w*|weigh\w*|may|"
    r"might|could|plan\w*)\b",
    re.I,
)
TURNS = re.compile(
    r"\b(?:after all|turn(?:around|about)|u-turn|revers(?:e|es|ed|al|ing)|"
    r"(?:drop|gave up|giv(?:es?|en) up|abandon|withdr[ae]w|lift|scrap|overturn|end)(?:s|ed|ped|n)? "
    r"(?:its|his|her|their|the|a|an|all)?\s?(?:\w+ )?(?:objections?|resistance|opposition|veto|"
    r"ban|refusal|"
    r"plans?|demand|claim|restrictions?|blockade)|"
    r"drops? (?:objection|opposition|resistance)s?|back (?:at|in|home)|"
    r"restor(?:e|es|ed)|resum(?:e|es|ed)|reopen(?:s|ed)?|"
    r"found (?:alive|dead|the)|freed|released|rescued|for the first time|no longer|on board)\b",
    re.I,
)
CLOSED = re.compile(
    r"\b(?:refus\w+|reject\w*|rul\w+ out|veto\w*|block\w*|oppos\w+|den(?:y|ies|ied)|cut(?: off)?|"
    r"shut|clos(?:ed|es|ure)|halt(?:ed|s)?|suspend(?:ed|s)?|stopp?\w*|severed|ban(?:s|ned)?|lies|"
    r"missing|disappeared|(?:does|do|did|will|would) not|no(?= \w+ for)|reluctant|still a no)\b",
    re.I,
)
SHIFTS = re.compile(
    r"\b(?:postpon(?:e|es|ed)|put(?:s|ting)? off|delay(?:s|ed)?|defer(?:s|red)?|push(?:es|ed) back|"
    r"br(?:ing|ings|ought) forward|move[sd]? (?:up|forward|back)|reschedul\w+)\b",
    re.I,
)
SHIFTS_TO = re.compile(
    r"\b(?:sooner|(?:earlier|later) than|(?:days?|weeks?|months?) (?:earlier|later|before|early|"
    r"late)|"
    r"not before|not (?:\w+ ){0,5}(?:until|before)|stay (?:shut|closed)|(?:shut|closed|off) until|"
    r"extend(?:s|ed)?)\b",
    re.I,
)
"""Words by which a day is another one, where both reports name a day or a month."""
ASIDE = re.compile(r", (?:with|but|and|which|who) ")
"""Where what the sentence says besides begins."""
GROWS = re.compile(
    r"\b(?:(?:ris(?:e|es|en)|rose|grow(?:s|n)?|grew|climb(?:s|ed)?|increased?|doubled|up) to|"
    r"reach(?:es|ed)|"
    r"brings? the|now (?:put )?at|now|more (?:bodies|victims|dead|than (?:first |was )?thought)|"
    r"(?:bigger|higher|larger|fewer|less|lower|worse) than|another|further|second|third)\b",
    re.I,
)
LASTS = re.compile(
    r"\b(?:for (?:\w+ )?(?:days|weeks|months|years|decades)|since|long|always|often|throughout|"
    r"(?:is|are|was|were) (?:\w+ )?(?!being)\w{3,}ing)\b",
    re.I,
)
"""Words of what goes on or has long been so: background, and nothing that has just happened."""
PARTICIPLE_AS_ADJECTIVE = re.compile(r"\b(?:a|an|the|its|his|her|their|of|by|with|for)\s+$", re.I)
