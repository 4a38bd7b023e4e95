"""What stands in an article's text without being its matter, and the reason why.

General rules for English news: each names one thing that sites put between or around the
paragraphs, never one site's wording alone. A rule that needs the whole paragraph to be that thing
(``whole``) may be broad; one that looks only at the beginning (``opens``) or anywhere (``holds``)
is narrow and bound to short paragraphs, so that an article *about* newsletters, cookies or adverts
keeps its sentences.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple


class _Rule(NamedTuple):
    reason: str
    pattern: re.Pattern[str]
    most_words: int  # longer paragraphs are left alone


def _rules(
    reason: str, where: Literal["whole", "opens", "holds"], most_words: int, *patterns: str
) -> tuple[_Rule, ...]:
    before = r"(?s:.*?)" if where == "holds" else r"[\s*•·>»▶►|–—-]*"
    after = r"[\s.!:…»>→|*]*\Z" if where == "whole" else ""
    return tuple(
        _Rule(reason, re.compile(f"{before}(?:{pattern}){after}", re.I), most_words)
        for pattern in patterns
    )


_NET = (
    r"(?:facebook|twitter|x|instagram|telegram|whatsapp|youtube|linkedin|tiktok|pinterest|reddit"
    r"|threads|bluesky|mastodon|tumblr|snapchat|viber|google news|google\+|flipboard|rss|messenger)"
)
_NAME = r"(?-i:[A-ZÀ-Þ][\w.'’-]*)"
_PERSON = rf"{_NAME}(?:\s+(?:de|van|von|al|el|bin|la))?(?:\s+{_NAME}){{1,3}}"
_PERSONS = rf"{_PERSON}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*;\s*){_PERSON})*"
_ROLE = (
    r"(?:reporter|correspondent|writer|editor|journalist|columnist|contributor|author|producer"
    r"|professor|fellow|researcher|blogger|analyst)"
)
_STAMP = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b\.?,?"
    r"|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:t|\b)|t?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ap]\.?m|z|h)?\b\.?"
    r"|(?:19|20)\d\d\b,?|\d{1,2}(?:st|nd|rd|th)?\b,?|[ap]\.?m\b\.?|[|•·,–—()/-]"
    r"|at\b|on\b|gmt\b|utc\b|bst\b|[ecmp][sd]?t\b|cest\b|ee?s?t\b|ist\b|[+]\d{1,2}"
    r"|(?:last |first )?(?:published|updated|posted|modified|edited)(?: (?:at|on))?:?\b:?|ago\b"
    r"|hours?\b|hrs?\b|min(?:ute)?s?\b|days?\b|date:|time:|read\b)"
)

RULES: tuple[_Rule, ...] = (
    # -- comments ------------------------------------------------------------------------------
    *_rules(
        "comments notice",
        "opens",
        40,
        r"comments? (?:are|is)(?: now)? (?:closed|disabled|off|turned off|moderated)\b",
        r"(?:leave|post|add|write) (?:a|your) (?:comment|reply)\b",
        r"(?:be the first|log ?in|sign in|register|you must be logged in) to (?:post a |leave a )?"
        r"(?:comment|reply)\b",
        r"(?:join the (?:conversation|discussion)|have your say|tell us what you think|share your "
        r"(?:thoughts|opinion)|let us know (?:what you think|in the comments))\b",
        r"what do you think\b.{0,60}\bcomments?\b",
        r"your e-?mail address will not be published\b",
    ),
    *_rules(
        "comments notice",
        "whole",
        20,
        r"(?:(?:view|show|read|see|load|hide|post)(?: all| more)? )?\(?(?:\d[\d,.]*|no|zero)?\)? ?"
        r"(?:comments?|replies|responses)(?: yet)?(?: ?\(?\d[\d,.]*\)?)?",
        r".{0,60}\b(?:trackbacks?|pingbacks?)\b.{0,60}",
    ),
    # -- subscriptions, newsletters, donations ---------------------------------------------------
    *_rules(
        "subscription plea",
        "opens",
        60,
        r"(?:please |click here to |click to )?(?:subscribe|sign[ -]?up)\b(?:(?: now| today| here)?\s*"
        r"[.!]|(?=.{0,160}\b(?:news ?letters?|e-?mails?|inbox|alerts?|briefings?|updates|podcasts?"
        r"|digest|access|magazine|for free|daily|subscri\w+|our|us|today)\b))",
        r"(?:get|receive|have) (?!back)[^.]{1,140}\b(?:to|in|into|via|by|through) your (?:inbox|e-?mail|"
        r"phone|letterbox|door|mailbox)\b",
        r"(?:already|not yet|not) (?:a )?(?:subscriber|subscribed|registered|member)\b",
        r"(?:please )?(?:support|help (?:us|fund|support)|fund) (?:\w+ ){0,4}journalism\b",
        r"(?:please )?(?:consider )?(?:donat(?:e|ing)|mak(?:e|ing) a (?:donation|contribution)|becom"
        r"(?:e|ing) a (?:member|patron|supporter|subscriber))\b(?:\s*[.!]|\s*$|.{0,60}\b(?:our|us|today"
        r"|now|here)\b)",
        r"(?:this|the full|full) (?:article|story|content|report) is (?:only )?(?:for|available (?:only )?"
        r"(?:to|for)|exclusive to|reserved for) (?:\w+ ){0,3}(?:subscribers|members|registered)\b",
        r"(?:to (?:continue|keep) reading\b|continue reading your\b|you(?: have|[’']ve) (?:reached|read|"
        r"used) (?:your|all|\d+ of)\b)",
        r"(?:start|try|enjoy|claim|begin) (?:your|a|our) (?:\w+ ){0,3}(?:trial|subscription)\b",
        r"unlimited (?:digital )?access\b",
    ),
    *_rules(
        "subscription plea",
        "holds",
        50,
        r"\b(?:sign[ -]?up|subscribe)\b.{0,60}\bnews ?letters?\b",
        r"\bdelivered (?:\w+ ){0,4}(?:to|through|into) your (?:inbox|door|letterbox|e-?mail|mailbox)\b",
        r"\byou can (?:unsubscribe|opt out)\b",
        r"\b(?:buy (?:us|me) a coffee|support us on (?:patreon|ko-?fi))\b",
    ),
    # -- cookies, consent, technical lines -----------------------------------------------------
    *_rules(
        "cookie line",
        "opens",
        60,
        r"(?:we|this (?:web)?site|our (?:web)?site|our partners)(?: and our partners)?(?: may)? (?:use|"
        r"uses|store) (?:\w+ ){0,3}cookies\b",
        r"by (?:continuing|using|clicking|browsing|signing|subscribing|submitting|registering)\b"
        r".{0,120}\byou (?:agree|accept|consent|acknowledge)\b",
        r"(?:accept|reject|manage|allow) (?:all )?(?:cookies|preferences)\b",
        r"to (?:view|see|play|show) this (?:content|video|post|embed)\b.{0,80}\bcookies?\b",
        r"cookie (?:policy|settings|preferences|notice)\b",
    ),
    *_rules(
        "technical line",
        "opens",
        40,
        r"(?:please )?(?:enable|turn on|activate) (?:java ?script|cookies)\b",
        r"(?:java ?script|your browser|this (?:video|browser|feature|content))\b.{0,40}\b(?:is "
        r"(?:disabled|required|out ?dated|not (?:available|supported))|does(?: not|n[’']t) support|"
        r"can(?: ?not|[’']t) be played|could not be loaded)\b",
        r"an (?:unknown |unexpected )?error (?:has )?occurr?ed\b.{0,40}\btry again\b",
        r"(?:thank you|thanks) for (?:subscribing|signing up|your (?:feedback|subscription)|reading)\b",
        r"this (?:article|story) has been sent to\b",
        r"(?:skip|jump|back|return|scroll) to (?:the )?(?:main )?(?:content|top|navigation|menu)\b",
        r"(?:if you are using (?:an )?ad ?block|please (?:disable|turn off) (?:your )?ad ?block)",
    ),
    *_rules(
        "technical line",
        "whole",
        30,
        r"(?:thank you|loading|please wait|menu|search|close|next|previous|back|print(?: article)?"
        r"|e-?mail|save|listen(?: to (?:this )?article)?|copy link|link copied|(?:order )?reprints?"
        r"|play(?: video)?|pause|mute|unmute|expand|hide|show (?:more|less)|(?:show|hide|toggle) caption"
        r"|enlarge(?: this)? image|(?:view )?gallery|images?|text size|top|home|log ?in|sign in"
        r"|bookmark|more|translate|download|x)",
        r"(?:tags?|topics?|filed under|categor(?:y|ies)|keywords?|posted in)\s*:.{0,200}",
        r"(?:\d+ ?min(?:ute)?s? (?:read|reading time)|(?:estimated )?(?:reading|read) time\b.{0,20})",
        r"https?://\S+",
        r"[\W_]+",
    ),
    # -- social lines ----------------------------------------------------------------------------
    *_rules(
        "social line",
        "opens",
        45,
        rf"(?:please |you can |to )?(?:follow|like|find|join|watch|connect with|reach|tweet|message) "
        rf"[^.!?]{{1,80}}\b(?:on|at|via) (?:[\w ]+ )?{_NET}\b",
        r"(?:follow|tweet|message) (?:him|her|them|us|me)\b.{0,12}@\w+",
        r"(?:share|tweet|pin|e-?mail|print|send) (?:this|the|our) (?:article|story|post|page|link|video)\b",
        rf"(?:join|subscribe to|follow) (?:our|us)\b[^.]{{0,40}}\b(?:{_NET}|channel|group|page)\b",
        r"(?:click|tap) to (?:share|e-?mail|print|tweet)\b",
        rf"(?:share|tweet|post)(?: this| it)? (?:on|via|to|by|with) (?:{_NET}|e-?mail|friends?)\b",
        rf"{_PERSON} is on {_NET}\b",
    ),
    *_rules(
        "social line",
        "whole",
        20,
        rf"(?:(?:share|tweet|follow|like|{_NET}|e-?mail|print|copy link|save|on|via|and|or|[|,/·•&])"
        r"[\s:]*){1,14}",
        r"\d[\d.,]*[km]? ?(?:shares?|views?|likes?|followers|retweets)",
        r"(?:follow )?@\w{2,30}(?:[, ]+(?:and )?@\w{2,30})*",
    ),
    # -- pictures --------------------------------------------------------------------------------
    *_rules(
        "photo credit",
        "whole",
        30,
        r"[(\[]?(?:(?:file|stock|handout|lead|cover|featured|main|ap) )?(?:photo(?:graph)?s?|images?|"
        r"picture|pic|illustration|graphic|screenshot|screengrab|artwork)(?: (?:credits?|courtesy|source"
        r"|provided))?(?: of)?(?:\s*[:/|©]\s*|\s+(?:by|from|via|credit|courtesy)\b\s*).{2,120}",
        r"[(\[]?credits?\s*[:/|]\s*.{2,100}",
        r"[(\[]?(?-i:AP|AFP|EPA|Reuters|REUTERS|Getty)(?: (?:photos?|images?|video))?\s*[/|]\s*.{2,80}",
        r"[(\[]?.{0,80}?(?:\bgetty images\b|shutterstock|\bap photo\b|afp via getty|\bistock|\balamy\b|"
        r"unsplash|wikimedia commons|epa-efe|\bvia (?-i:AP)\b|/ ?(?-i:reuters|AFP|AP|Reuters|REUTERS))"
        r"[^.]{0,40}",
        r"[(\[]?(?:file|stock|archive|ap|afp|reuters) (?:photo|image|picture)s?",
    ),
    *_rules(
        "caption",
        "whole",
        70,
        r"[^()]{0,400}[(\[](?:(?:ap |file )?(?:photo|image|picture|video|photograph|pic)s?(?: credits?)?"
        r"\s*(?:[:/]|by\b|via\b)|published \w+day,)[^()\[\]]{2,80}[)\]]",
        r"(?:pictured|in this (?:file |handout )?(?:photo|image|picture|frame)|file (?:photo|-|–|—))\b.{5,300}",
        r"(?:watch|video|play|listen|photos?|gallery|pictures?|slideshow)\s*:\s.{0,140}",
    ),
    # -- who wrote, who owns -----------------------------------------------------------------------
    *_rules(
        "byline",
        "whole",
        30,
        rf"(?:(?:written|posted|published|reported|edited|compiled|story|words|text|analysis|opinion)"
        rf" by|by)\s*:?\s+(?:(?:the|our)\s+)?(?:{_PERSONS}|{_NAME})(?:\s*[,|/•·–—-]?\s*(?:{_STAMP}"
        rf"\s*)+|\s*[,|/•·–—(-]\s*.{{2,60}}|\s+(?:in|for|at)\s+{_NAME}.{{0,40}})?",
        rf"{_PERSON}\s*[,|/–—-]\s*(?:[\w ]{{0,30}}\b)?(?:reporter|correspondent|staff|writer|editor|"
        rf"associated press|reuters|afp)\b.{{0,40}}",
        rf"(?:{_STAMP}\s*){{2,16}}",
        rf"(?:published|updated|posted|modified|created)\b(?: (?:at|on|by))?\s*:?\s*(?:{_STAMP}\s*)+"
        rf"(?:(?:by|\|)\s*.{{2,60}})?",
        r"(?:with )?(?:additional )?(?:reporting|writing|editing|translat(?:ed|ion)|edited|compiled) by\b"
        r".{2,300}",
        r"[(\[](?:with )?(?:additional )?(?:reporting|writing|editing|translat(?:ed|ion)|edited|"
        r"compiled) (?:and (?:reporting|writing|editing) )?by\b.{2,300}[)\]]",
        r"[(\[]?.{2,200}\bcontributed (?:reporting\b|to this (?:report|story|article)\b).{0,60}[)\]]?",
        rf"{_PERSON},? (?:is|was) (?:an?|the) [^.]{{0,80}}\b{_ROLE}\b[^.]{{0,140}}",
        r"(?:about the author|meet the author|author)s?\s*:?.{0,40}",
        r"(?:staff|wire|agency) reports?|(?:from )?(?:staff|wire) (?:and wire )?(?:reports|services)",
    ),
    *_rules(
        "copyright line",
        "opens",
        90,
        r"(?:copyright\b|\(c\)|©)\s*.{0,80}(?:\b(?:19|20)\d\d\b|all rights reserved)",
        r"©|all rights reserved\b",
        r"(?:this (?:material|article|content|copy|story|work|website)|no part of this)\b.{0,60}\b(?:may "
        r"not be|may be) (?:published|reproduced|copied|broadcast|republished|redistributed|reprinted)\b",
        r"this (?:copy|material|content|article) is for your personal\b",
        r"(?:to order|for) (?:presentation-ready )?(?:copies|reprints)\b",
        r"our standards: ",
        r"(?:read our |see our )?(?:terms (?:of (?:use|service)|and conditions)|privacy (?:policy|notice)"
        r"|syndication|licensing)\b(?!.{0,60}\b(?:said|says|told)\b).{0,80}\Z",
    ),
    *_rules("copyright line", "holds", 60, r"\ball rights reserved\b"),
    *_rules(
        "disclaimer",
        "opens",
        90,
        r"(?:the )?(?:views|opinions)(?: and (?:views|opinions))? expressed\b",
        r"(?:disclaimer|disclosure|editor[’']?s[’']? note|note to (?:readers|editors))\s*[:–—-]",
        r"this (?:article|story|report|piece|column) (?:was|has been|is) (?:(?:originally|first|also|"
        r"automatically|machine|re)[ -]?)*(?:published|translated|generated|produced|updated|corrected"
        r"|amended|republished)\b",
        r"(?:originally|first) published (?:in|on|at|by)\b",
    ),
    # -- ways to other pages -------------------------------------------------------------------
    *_rules(
        "related links",
        "opens",
        40,
        r"(?:read|see|learn|find out|watch|view|discover) (?:more|also|next|the full|full)(?:\s*[:>»|–—-]|\s+"
        r"(?:about|on|from|here|at|in our|stories|news|like this|story|article|report|coverage)\b)",
        r"(?:also|related|recommended|further|suggested|must|now|up next|more)[ -]?(?:read(?:ing|s)?|"
        r"articles?|stories|news|coverage|posts?|content|links?|topics?|videos?|watch(?:ing)?|see|on this"
        r"|from|like this)?\s*:",
        r"(?:related|see also|read also|also read|don[’']?t miss|read next|up next|more like this|"
        r"in case you missed it)\s*(?:[:>»|–—]|-\s|\Z)",
        r"(?:click|tap|go) (?:here|through|on the link)\b",
        r"(?:for more (?:information|news|stories|on this|details|coverage))\b.{0,80}\b(?:visit|click|see|"
        r"go to|follow|call|contact|read)\b",
        r"(?:you (?:may|might) (?:also )?(?:like|be interested)|we (?:recommend|also recommend))\b",
        r"continue reading\b|read (?:the )?(?:full|rest of (?:the|this)|original) (?:article|story|report"
        r"|post)\b",
        r"(?:download|get|install) (?:the|our) (?:[\w ]+ )?app\b",
        r"(?:our|download our|listen to our) (?:latest )?podcast\b",
    ),
    *_rules(
        "related links",
        "whole",
        14,
        r"(?:more|related|read more|see more|learn more|most (?:read|popular|viewed|shared|recent)|trending"
        r"|popular|latest|recommended|editor[’']?s[’']? (?:picks?|choice)|top stories|in case you missed it"
        r"|story timeline|what to read next|you may also like|more (?:stories|news|articles|coverage)|"
        r"(?:related|recent|latest|similar|other|previous|next|popular|further) (?:articles?|stories|posts?|"
        r"news|coverage|topics?|links?|content|reading|videos?|coverage)|explore more|see also|also read"
        r"|read next|more on this(?: story| topic)?|on this topic|elsewhere on the web|around the web"
        r"|from our partners|promoted stories|sponsored stories|don[’']?t miss|share|next|previous)"
        r"(?: (?:now|today|in|on|from|by) .{0,40})?",
        r".{3,120}[\[(](?:video|insight|analysis|pictures|photos|reaction|comment|reveal(?:ed)?|opinion|"
        r"update|latest|graphic|map|interview|exclusive|watch)[\])]",
    ),
    *_rules(
        "feed trailer",
        "opens",
        60,
        r"the (?:post|article|story) .{3,200} (?:appeared first|first appeared|was first published) on\b",
        r"this (?:post|article|story) (?:first )?appeared (?:first )?on\b",
    ),
    # -- adverts -----------------------------------------------------------------------------------
    *_rules(
        "advert",
        "whole",
        14,
        r"[(\[]?(?:advertis(?:e)?ments?|advertise with us|sponsored(?: content| by .{1,40})?|promoted(?: "
        r"content)?|paid (?:content|post|partnership)|(?:story|article) continues (?:below|after).{0,30}"
        r"|(?:scroll|read) (?:down )?to continue.{0,30}|continue(?:s)? (?:below|after).{0,40}|remove ads)"
        r"[)\]]?",
    ),
    *_rules(
        "contact line",
        "opens",
        45,
        r"(?:write|e-?mail|send (?:an )?e-?mail|reach out|reach|contact|message)\b.{0,80}"
        r"(?:\S+@\S+\.\w+|@\w{2,}|\bat \(?\+?\d[\d() .-]{6,})",
        r"(?:e-?mail|phone|tel(?:ephone)?|fax|contact|call us|media contacts?|press contacts?)\s*[:.]\s.{2,120}\Z",
        r"(?:got|have|do you have) (?:a|any|an) (?:\w+ )?(?:news )?(?:tips?|stor(?:y|ies)|question|"
        r"information)\b.{0,60}(?:\?|\bcontact\b|\be-?mail\b|\bsend\b)",
        r"contact (?:us|the (?:author|reporter|writer|editor|newsroom))\b",
        r"[\w.+-]+@[\w-]+\.[\w.]+\Z",
    ),
    # -- to the machine ------------------------------------------------------------------------------
    *_rules(
        "instruction to the machine",
        "holds",
        400,
        r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:previous|prior|above|earlier|preceding|all"
        r"|your|system)\b.{0,30}\b(?:instructions?|prompts?|rules|directions|guidelines)\b",
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|<<SYS>>",
        r"\b(?:as an? (?:AI|language) (?:language )?model,? you|you are (?:now )?(?:an? )?(?:AI|language model"
        r"|chatbot|assistant)\b|system prompt\s*:)",
        r"\b(?:AI|language model|summari[sz]er|assistant|chatbot)s?\b.{0,40}\b(?:must|should|please)\b.{0,40}"
        r"\b(?:write|output|say|print|include|add|reply|respond|summari[sz]e)\b",
    ),
)

# Signals of a paragraph that sells something. One alone proves nothing: an article may quote a
# phone number or a web address.
_SELLING = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\(\d{3}\)\s?\d{3}[- ]\d{4}|\b1?[- ]?(?:800|888|877)-\d{3}-\d{4}|\+\d[\d ()-]{8,}|\b\d{3}[-.]\d{3}[-.]\d{4}",
        r"\b(?:www\.|https?://)\S+|\b[\w-]+\.(?:com|net|org|co|io|shop)\b(?!\w)",
        r"\b(?:book|order|buy|shop|reserve|call|visit|hire|rent|enquire|apply) (?:now|today|online|us|a|an|"
        r"your|with|at|our|here)\b|\bdon[’']t hesitate\b|\bhesitate to\b|\bcontact us\b",
        r"\b(?:you|your)\b",
        r"\b(?:we|our|us)\b",
        r"\b24/7\b|\b(?:discount|coupon|promo(?:tion(?:al)?)? code|special offer|limited time|free "
        r"(?:shipping|delivery|quote|trial)|best price|lowest price|\d+% off|money[- ]back)\b",
        r"\b(?:reliable|convenient|comfortable|affordable|hassle-free|professional|trusted|award-winning|"
        r"high-quality|seamless)\b",
    )
)
_QUOTED = re.compile(r"[\"“][^\"”]*(?:[\"”]|\Z)")
_SELLS = 4  # of the seven signals; no paragraph of the 102 measured articles has more than three


def reason(paragraph: str) -> str:
    """Why ``paragraph`` is no matter of an article; ``""`` when no rule knows it.

    Args:
        paragraph: one line of text.

    Returns:
        A short stable phrase such as ``"subscription plea"``, fit for counting.
    """
    count = len(paragraph.split())
    for rule in RULES:
        if count <= rule.most_words and rule.pattern.match(paragraph):
            return rule.reason
    unquoted = _QUOTED.sub(" ", paragraph)
    if sum(bool(signal.search(unquoted)) for signal in _SELLING) >= _SELLS:
        return "advert"
    return ""


_OPENS_LINKS = re.compile(
    r"\W*(?:read|see|learn|watch|more|related|recommended|also|most|trending|popular|latest|don[’']?t"
    r"|top stories|you (?:may|might)|editor|in case|further|up next|story timeline|elsewhere|around"
    r"|from our|promoted|sponsored|explore)\b",
    re.I,
)


def opens_links(paragraph: str) -> bool:
    """Whether a removed paragraph is a heading under which links to other pages stand."""
    return len(paragraph.split()) <= 8 and bool(_OPENS_LINKS.match(paragraph))
