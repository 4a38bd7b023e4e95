"""The words by which permission is asked for, weighed, given and refused, and a weapon is used.

Patterns alone; what they mean where they stand is read in the modules beside this one.
"""

from __future__ import annotations

import re


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# -- where --------------------------------------------------------------------------------------

_REGIONS = (
    "Bryansk|Kursk|Belgorod|Rostov|Voronezh|Krasnodar|Karachev|Mar[iy]+no|Tver|Oryol|Smolensk|"
    "Lipetsk|Taganrog|Engels|Saratov|Kaluga|Ryazan|Tula|Millerovo|Khalino|Toropets|Yeysk|Volgograd|"
    "Kapustin Yar|Kotluban|Tambov|Astrakhan"
)
_IN = r"(?i:inside|into|in|at|on|against|across|onto|over|through|within)"
_RUSSIA = rf"(?i:deep )?(?:{_IN} )?(?:mainland |internationally recognised )?Russia\b(?!-)"
RUSSIAN = re.compile(
    rf"\b(?:{_REGIONS})\b|\b(?:{_IN}|(?i:for|attack|hits?|hitting|str(?:uck|ikes?|iking)|reach|"
    rf"of)) {_RUSSIA}|\b(?:{_IN}|(?i:reach|str(?:uck|ikes?|iking)|hits?|"
    rf"hitting)) (?:\w+ ){{0,2}}Russian (?i:territory|soil|"
    r"airfields?|air ?bases?|border regions?|border|regions?|bases?|cities|city|targets)\b|"
    rf"\bcross-border strikes|\bRussia's (?i:territory|soil|border|{_REGIONS})|\bRussian territory|"
    r"\bits territory|\b(?i:on|against|at|into|reach) Moscow\b"
)
"""A target in Russia, as far as the words say."""
RUSSIAN_PLACE = re.compile(
    rf"\b(?:{_REGIONS})\b|\b{_IN} {_RUSSIA}(?! (?i:said|says))|\b(?:str(?:uck|ikes?)|hits?|"
    rf"(?:targets|attacks|pounds|bombs)) (?:Russia\b(?!n|')|Russian (?:region|town|city|village|"
    rf"oblast|border))"
    r"|\bRussian (?i:territory|soil)|\bRussia's (?i:territory|soil|border)|\bthe Russian border"
)
"""Stricter: what a weapon that was fired must have been fired at."""
NOT_RUSSIAN = re.compile(
    r"\bCrimea|\bSevastopol|\boccupied\b|\bDonetsk|\bLuhansk|\bZaporizhzhia|\bKherson|\bBerdi?ansk|"
    r"\bMariupol|\bKupiansk|\bKharkiv|\b(?:inside|within|in) Ukraine\b|\bUkrainian (?:territory|"
    r"soil)|\bits own territory|\bits own borders|\bRussian forces\b"
)
LONG_RANGE = _any(
    r"\blong(?:er)?[- ]range (?:[\w.-]+ )?(?:missiles?|weapons?|weaponry|strikes?|arms|rockets|"
    r"fires?)\b"
)
MISSILES = _any(r"\bmissiles?\b")

# -- permission ---------------------------------------------------------------------------------

_LEAVE = (
    r"(?:permission|the right to|leave to|green light|all-clear|go-ahead|approval|authori[sz]ation|"
    r"consent|the nod|blessing|clearance|free hand)"
)
_LIMITS = (
    r"(?:bans?|veto|(?:last )?(?:obstacles?|hurdles?)|restrictions?|limits?|limitations|curbs|"
    r"constraints|prohibition|caveats|objections?|opposition|refusal)"
)
GRANT = _any(
    r"\b(?:(?P<ing>allowing|permitting|letting|authori[sz]ing|approving|clearing|green-?lighting|"
    rf"(?:giving|granting) (?:[\w']+ ){{0,4}}?{_LEAVE}|(?:lifting|easing|loosening|dropping|"
    rf"removing|ending|scrapping) (?:[\w'-]+ ){{0,4}}?{_LIMITS}|(?P<getting>getting|receiving|"
    rf"winning|securing|obtaining) (?:[\w']+ ){{0,3}}?{_LEAVE})"
    r"|(?P<done>allow(?:ed|s)|permit(?:ted|s)|lets|authori[sz]e[ds]|approve[ds]|cleare?d|clears|"
    rf"green-?lit|green-?light(?:ed|s)|okay(?:ed|s)|ok'd|signed off on|wave[ds] through|"
    rf"agreed to(?= (?:\w+ ){{0,2}}(?:ATACMS|Storm|SCALP|long))|agreed that (?:Ukraine|"
    rf"Kyiv) (?:may|can|could)|signs off on|(?:gave|given|gives|granted|"
    rf"grants) (?:[\w']+ ){{0,4}}?{_LEAVE}|(?:granted|grants) (?:[\w']+ ){{0,3}}?(?:wish|request)|"
    rf"(?:lift(?:ed|s)|ease[ds]|loosen(?:ed|s)|relax(?:ed|es)|dropped|drops|remove[ds]|scrap(?:ped|"
    rf"s)|end(?:ed|s)|reverse[ds]|rescind(?:ed|s)) (?:[\w'-]+ ){{0,4}}?{_LIMITS})|(?P<got>(?:get|"
    rf"receive|win|obtain|secure|received|got|gets|obtained|obtains|won|wins|secured|secures|"
    rf"gained|gains) (?:[\w']+ ){{0,3}}?{_LEAVE}|ha(?:s|ve|d) (?:now |finally |already )?(?:(?:the|"
    rf"US|U\.S\.|American|British|French|\w+'s) )?{_LEAVE}|"
    r"(?:is|are|was|were|be) (?:now )?free to|(?:can|may) now|can(?=[^,]* from now on))|"
    r"(?P<base>allow|permit|let|authori[sz]e|approve|clear|green-?light|grant(?=\b[^,]*permission)|"
    rf"(?:give|grant) (?:[\w']+ ){{0,4}}?{_LEAVE}|(?:lift|ease|loosen|relax|drop|remove|scrap|"
    rf"end) (?:[\w'-]+ ){{0,4}}?{_LIMITS}))(?!\w)"
)
HANDS_OVER = _any(r"^(?:approv|authori[sz]|clear|green|sign|wave|agreed to)")
"""Verbs that allow a delivery as well as a strike: what is allowed must be said."""
SUPPLY = _any(
    r"\b(?:send(?:ing|s)?|sent|suppl(?:y|ies|ied|ying)|deliver(?:y|ies|ed|ing|s)?|provid(?:e[ds]?|"
    r"ing)|provision|transfer(?:red|ring|s)?|ship(?:ped|ping|ment|ments)?|export(?:s|ed|ing)?|sale|"
    r"sell(?:ing)?|sold|hand(?:ing|ed)? over|hand (?:Kyiv|Ukraine)|giv(?:e|ing|es)|gave|given|"
    r"donat(?:e|ing|ed)|releas(?:e|ing|ed)|package|batch|train(?:ing|ed)?|purchase|stock(?:s|"
    r"pile)?|(?<=Ukraine )have|(?<=Kyiv )have)\b(?!-)"
)
USE = _any(
    r"\b(?:us(?:e[ds]?|ing)|fir(?:e[ds]?|ing)|launch(?:e[ds]|ing)?|str(?:ikes?|iking|uck)|hit(?:s|"
    r"ting)?|attacks?|target(?:s|ing)?|turn|aim(?:ed)?|employ|deploy|loose)\b(?!-)"
)
OTHER_THINGS = _any(
    r"\b(?:land ?mines?|mines|package|jets?|F-16s?|HIMARS|GMLRS|drones|troops|contractors|aid|"
    r"tanks|inspectors|loans?|shells|soldiers|JASSM|Patriot|air defen[cs]e)\b"
)
NOMINAL = _any(
    r"(?<!\b[Aa] )(?<!\b[Aa]n )\b(?:the|this|that|its|his|their|'s|(?:US|U\.S\.|American|British|"
    r"French|German)) (?:[\w-]+ ){0,2}?(?P<noun>decision|order|directive|move|step|permission|"
    r"approval|authori[sz]ation|green light|go-ahead|reversal|about-face|u-turn|about-turn|shift|"
    r"consent|blessing)\b(?: by (?:the )?[\w' ]{2,40}?)?(?= (?:to (?:let|allow|permit|authori[sz]e|"
    r"approve|give|grant|lift|use|fire|strike|(?:\w+ ){1,3}strikes)|for|allowing|letting|"
    r"that (?:allows|lets)|of))"
)
NO_NOMINAL = _any(
    r"\b(?:await\w*|wait\w*|seek\w*|sought|need\w*|without|want\w*|ask\w*|request\w*|hop\w*|until|"
    r"expect\w*|never|nor|pending|demand\w*|pleas?|plead\w*|call(?:s|ed)? for|urg\w+|lack\w*|no|"
    r"not|n't|requir\w*|if|depend\w*|possib\w*|potential|likely|future|any|whether|discuss\w*|"
    r"debat\w*|consider\w*|weigh\w*|mull\w*|near\w*|close|may|might|could|would|reject\w*|"
    r"refus\w*)\b|n't\b"
)
FACTIVE_TO = _any(
    r"\b(?:decision|decided|decides|move|moved|agreed|agrees|agreement|step|policy|guidance|rules|"
    r"course|chose|opted|shift|changed?|reversal|pivot(?:ed)?|right|wrong|joined \w+|"
    r"continues?)\b[^,]{0,40}?\bto $"
)
FACTIVE_ING = _any(
    r"\b(?:by|for|after|in|since|having|announc\w+|approved|is|are|began|started|decision|move|"
    r"shift)(?: (?:\w+ly|now|also|already))? $"
)
NO_FACT = _any(
    r"\b(?:any|possible|potential|likely|future|eventual|expected|pending|hypothetical)\b|"
    r"\ban? (?:[\w.]+ ){0,2}(?:decision|agreement)\b"
)
PASSIVE = _any(r"\b(?:be|been|being|is|are|was|were|gets?|got)(?: (?:\w+ly|now|also|yet|not))* $")

# -- what is not so, or not yet -------------------------------------------------------------------

NOT = _any(r"\b(?:not|never|no|nobody|none|neither|nor|without|cannot|hardly)\b|n't\b")
OPEN = _any(
    r"\bnot off the table\b|\b(?:not|n't) (?:yet )?decided whether|\byet to decide|"
    r"\bundecided (?:on|about|whether)|\b(?:not|n't|never|nor)(?: yet| so far)? (?:rul(?:ed|e|"
    r"ing) (?:it |this |that )?out|exclud(?:e|ed|ing))\b|\brul(?:ed?|es|ing) nothing out|"
    r"\bleft open|\bleaves open"
)
REFUSE = _any(
    r"\b(?:refus(?:es|ed|ing|e)|rul(?:es|ed|ing) (?:it |this |that )?out|(?:continues?|"
    r"continued) to (?:rule out|reject|oppose)|exclud(?:es|ed)|decid(?:es|ed) against|(?:not|"
    r"n't) budg(?:e|ing)|stays firm|reject(?:s|ed|ing)?|(?:maintains?|maintained|keeps?|kept|"
    r"upholds?|upheld) (?:[\w']+ ){0,2}(?:bans?|restrictions|limits)|(?:bans?|"
    r"restrictions)\b[^,]{0,60} (?:remains?|stays?) in (?:place|force)|declin(?:es|ed)|oppos(?:es|"
    r"ed|ing)|rebuff(?:s|ed)|turn(?:s|ed) down|veto(?:es|ed)|resist(?:s|ed|ing)|forbids|forbade|"
    r"bar(?:s|red)|bans|banned|prohibits|blocks|sa(?:ys|id|ying) no|den(?:ied|ies) (?:Ukraine|Kyiv|"
    r"it)(?: again)?(?= permission| leave| the right)|snub(?:s|bed)|spurn(?:s|ed)|balk(?:s|ed) at|"
    r"unwilling|(?<=is )against|(?<=was )against|(?<=remains )against|"
    r"(?<!said )no(?= (?:to )?(?:the )?Taurus)|(?:stands?|stood|sticks?|stuck|sticking|holds?|"
    r"held) (?:fast )?(?:by|to) [\w' ]{0,20}(?:refusal|opposition|ban|no)|(?:defend|reiterat|"
    r"repeat|reaffirm|maintain|confirm|renew)\w* [\w' ]{0,20}(?:refusal|opposition|rejection)|"
    r"(?:refusal|no to [\w ]+) (?:stands|remains)|'s no to|(?:not|n't) (?:yet )?changed|"
    r"no (?:\w+ )?changes?(?= (?:in|to))|unchanged|nothing has changed|opposed to|no intention|"
    r"(?:digs|dug) in|stands? firm|firm no|nein|(?:is|remains) (?:still |again |a |"
    r"clear: )?no(?=[.,]|$))(?!\w)"
)
NO_LONGER = _any(
    r"\bno longer (?:\w+ ){0,2}?(?:bar|block|refus|reject|oppos|ban|forbid|prohibit|resist|rul)"
)
LIFTED = _any(
    rf"\b(?:{_LIMITS}|{_LEAVE})\b[^,]{{0,80}}?\b(?P<be>(?:(?:may|might|could|would|will|should|"
    rf"must|to|soon) )*"
    r"(?:has|have|had|was|were|is|are|be)(?: not| never)?(?: been| being)?) (?:\w+ly |now |"
    r"finally )?(?:lifted|eased|loosened|relaxed|dropped|removed|scrapped|given|granted)\b"
)
"""The same in the passive: "the ban on ATACMS strikes has been lifted"."""
REFUSED_OTHER = _any(
    r"\b(?:refus\w+|declin\w+) (?:\w+ )?to (?:comment|confirm|say|discuss|be|answer|support|rule|"
    r"give details|speculate|deny|bow|back)\b"
)
BACKGROUND = _any(
    r"\bhad(?: \w+){0,3}? (?=refus|rul|reject|declin|oppos|resist|barred|banned|said no|asked|"
    r"urged|pleaded|pressed|called|sought|pushed|lobbied|begged|requested|been (?:asking|pressing|"
    r"pleading))|\bpreviously|\buntil (?:now|last|recently|this|then)|\bformerly|\b(?:was|"
    r"were) still\b|\bonce (?=refus)|\bused to\b|\bhad for\b|\bearlier (?:refus|reject)"
)
UNKNOWN = _any(r"\bwhether (?:[\w'-]+ ){1,5}?(?:has|have|had|was|were|did)\b")
LONG_PAST = _any(r"(?<!has )\bfor (?:much|most|months|years)\b")
NO_PLAN = _any(
    r"\b(?:not|n't|no|nobody)\b[^,]{0,24}?\b(?:considering|planning|plans?|intention|intend|"
    r"thinking|weighing|mulling|going to|in favou?r|open to|willing|ready|prepared)\b"
)
WILL_NOT = _any(
    r"\b(?:will|would|wo|shall)(?: still)?(?: not|n't)\b|\b(?:will|would) never\b|\bnot going to\b|"
    r"\b(?:decision|decided|decides|chose) not to\b|\bnot to (?:send|supply|deliver|allow|let|"
    r"provide|permit)\b|'ll not\b"
)
DO_NOT = _any(
    r"\b(?:do|does|is|are)(?: still)?(?: not|n't)(?: currently| yet)? (?:allow|permit|let)|"
    r"\bno longer allow"
)
NOT_FREE = _any(
    r"\b(?:is|are|remains?|was|were) (?:still )?(?:barred|banned|forbidden|prohibited)(?: from|"
    r" to)\b|\b(?:may|can)(?: still)?(?: not|not) (?:be )?(?:used?|fired?|launch(?:ed)?|strike|hit|"
    r"aim(?:ed)?)\b"
)
NEEDS = _any(r"\bneed(?:s|ed)? (?:[\w']+ )?(?:permission|approval|to be allowed|the right)\b")
OUGHT = _any(r"\b(?:should|must|ought to|needs? to|has to|have to)\b")
MODAL = _any(r"\b(?:may|might|could|would|will|can|whether|if)\b")
CONSIDER = _any(
    r"\b(?:may|might|could|would|will|can|'ll|consider(?:s|ed|ing)?|weigh(?:s|ed|ing)?|mull(?:s|ed|"
    r"ing)?|discuss(?:es|ed|ing|ion|ions)?|debat(?:e|es|ed|ing)|expect(?:ed|s)?|poised|set to|"
    r"about to|close to|near(?:s|ing)?|likely|plan(?:s|ned|ning)?|intend(?:s|ed)?|prepar(?:es|ed|"
    r"ing)|ready|willing|open to|option|possib\w+|review(?:s|ed|ing)?|lean(?:s|ed|ing)|looking at|"
    r"working on|works on|contemplat\w+|explor\w+|ponder\w*|toy(?:s|ing)|thinking (?:about|of)|"
    r"deliberat\w+|look(?:s|ing)? into|in talks|entertain\w*|gearing up|examin\w+|inclined|"
    r"warming to|open(?:s|ed)? the door|moot(?:s|ed)|float(?:s|ed)|study(?:ing)|assess(?:es|ing)|"
    r"evaluat\w+|under (?:discussion|review|consideration)|inch(?:ing|es)|point of|rethink\w*|"
    r"reconsider\w*|hint(?:s|ed) at|decision on|talks (?:on|about|over)|moving towards?|edg(?:ing|"
    r"es) towards?|(?:verge|brink|cusp) of|signal(?:s|l?ed))(?!\w)"
)
WEIGHED = _any(
    r"\b(?:is|was|are|were|remains?) (?:[\w]+ ){0,3}?(?:options?|close|imminent|a matter of|"
    r"on the table|possib\w+|under (?:discussion|review|consideration)|expected|pending|"
    r"being (?:considered|discussed|weighed|reviewed|debated)|(?:discussed|debated) (?:by|between|"
    r"with)|continuing|ongoing|under way)|\b(?:could|may|might|is due to) come\b"
)
"""Said of the permission itself, behind it."""
PRESSED = _any(
    r"\b(?:is|are|was|were|been|being|come|came|comes) (?:\w+ )?(?:pressed|urged|asked|pushed|"
    r"called on|under (?:\w+ )?pressure)\b"
)
"""What others want of a giver says nothing of where he stands."""
ASK = _any(
    r"\b(?:ask(?:s|ed|ing)?|urg(?:e|es|ed|ing)|plead(?:s|ed|ing)?|beg(?:s|ged|ging)?|call(?:s|ed|"
    r"ing)? (?:again |once more )?(?:on|for)|request(?:s|ed|ing)?|appeal(?:s|ed|ing)?|press(?:es|"
    r"ed|ing)?|push(?:es|ed|ing)?|lobb(?:y|ies|ied|ying)|demand(?:s|ed|ing)?|seek(?:s|ing)?|sought|"
    r"want(?:s|ed)?|implor(?:es|ed|ing)|insist(?:s|ed|ing)? on|pleas?|campaign(?:s|ed|ing)?|"
    r"petition(?:s|ed)?)(?!\w)"
)
ASKED_FOR = _any(
    r"\b(?:allow\w*|permi\w+|let|lift\w*|right to|authori[sz]\w+|approv\w+|clearance|green light|"
    r"free to|remov\w+|eas(?:e|ed|ing)|drop\w*|to (?:use|fire|strike|launch|send|hit|aim|turn))\b"
)

WANTED = _any(r"\b(?:allow\w*|permi\w+|let|lift\w*|right to|authori[sz]\w+|approv\w+|Taurus)\b")

# -- use ------------------------------------------------------------------------------------------

DOUBT = _any(
    r"\b(?:reportedly|allegedly|apparently|appear\w*|seem\w*|suspected|believed|unconfirmed|likely|"
    r"probably|possibly|presumably|rumou?r\w*|suggest\w*|may|might|could|would|will|should|must|"
    r"can|prepar\w+|plan(?:s|ned|ning)?|ready|threat\w*|attempt\w*|tried|try|trying|whether|if|"
    r"able to|unclear|said to|thought to|supposed\w*|perhaps|maybe|whose use|yet to)\b"
)
COULD_USE = _any(
    r"\b(?:can|may|could|might|would be able to|was able to)(?: also| now|"
    r" soon)? (?:be )?(?:use[d]?|fire[d]?|launch(?:ed)?|str(?:ike|uck)|hit|target|aim(?:ed)?|"
    r"turn(?:ed)?|employ(?:ed)?|deploy(?:ed)?)\b"
)
"""What a giver's own side says of Ukraine or of the weapon: as good as a permission that may be."""
_FIRED = (
    r"(?:fire[ds]|launche[ds]|use[ds]|lobbed|loosed|unleashed|employed|deployed|aimed|carried out|"
    r"conducted|staged|(?:begun|began|started|been|is|are|was|were|keeps?|kept) (?:firing|"
    r"launching|using))"
)
FIRED = _any(rf"\b{_FIRED}(?!-)\b")
STRUCK = _any(
    r"(?<!to )\b(?:hit|(?:(?<=Ukraine )|(?<=Kyiv ))(?:hits|strikes|targets|attacks|pounds|bombs)|"
    r"struck|attacked|targeted|destroyed|damaged|shelled|pounded|blasted|hammered|bombed|rocked)\b"
)
FIRST_USE = _any(r"\bfirst (?:confirmed |known )?(?:combat )?use of\b")
THAT_STRIKE = _any(
    r"^(?:an?|the|its first|another) (?:[\w.-]+ ){0,2}(?:ATACMS|Storm Shadow|"
    r"SCALP)(?: missile)? (?:attack|strike|barrage)\b"
)
"""All that somebody reports: "an ATACMS attack on Bryansk"."""
FIRED_FROM = _any(r"\bused (?:[\w-]+ ){1,4}to (?:fire|launch)\b")
OTHER_ACT = _any(
    r"\b(?:repair|buy|purchase|store|produce|build|keep|import|transport|maintain|service|display|"
    r"inspect|see|sell|refurbish|station|shoot down|intercept|defend against|move|test)\b"
)
"""What may be allowed of a weapon and is no strike."""
OBJECT_OF_LET = _any(
    r"^ (?:(?!slip\b|that\b)[\w.'’-]+ ){0,3}?(?:Ukrain\w+|Kyiv|it|its|them|him|us|Zelensk\w+|"
    r"ATACMS|SCALP|Storm|Taurus|missiles?|strikes?)\b"
)
LANDED = _any(
    r"(?<!to )\b(?:hit|strike(?= Russia| (?-i:[A-Z]))|struck|landed|rained|exploded|fell|slammed|"
    r"damaged|killed|destroyed|wounded|injured|crashed|(?:was|were|been) (?:fired|launched|used|"
    r"aimed))\b"
)
DOWNED = _any(
    r"\b(?:shot down|shoots down|downed|intercepted|brought down|destroyed|repelled|thwarted|"
    r"neutrali[sz]ed)\b"
)
NOT_FIRED = re.compile(
    r"^(?: missiles?)? (?:launchers?|crews?|stocks?|stockpiles?|batteries|production|range)\b"
)
"""Behind a weapon: what is hit or used is no missile."""
AFTER_FIRING = _any(r"\bafter (?:firing|launching|using|hitting|striking|attacking)\b")
THE_STRIKE = re.compile(
    r"\b(?:[Tt]he|[Ii]ts|[A-Z]\w+'s) (?:(?!possible|planned|threatened|"
    r"next)[\w-]+ ){0,2}?(?:attack|strike|barrage|salvo) (?:on|against|in)\b|\b(?:carried out|"
    r"reported|conducted|confirmed|staged) (?:an?|its|their|the) (?:[\w-]+ ){0,2}?(?:strike|attack|"
    r"raid|barrage)s?\b"
)
