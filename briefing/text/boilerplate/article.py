"""What stands around one article: pictures, bylines, rights, ways to other pages."""

from __future__ import annotations

from briefing.text.boilerplate.rule import NAME, PERSON, PERSONS, ROLE, STAMP, Rule, rules

ARTICLE: tuple[Rule, ...] = (
    # -- pictures --------------------------------------------------------------------------------
    *rules(
        "photo credit",
        "whole",
        30,
        r"[(\[]?(?:(?:file|stock|handout|lead|cover|featured|main|ap) )?(?:photo(?:graph)?s?|"
        r"images?|"
        r"picture|pic|illustration|graphic|screenshot|screengrab|artwork)(?: (?:credits?|"
        r"courtesy|source"
        r"|provided))?(?: of)?(?:\s*[:/|©]\s*|\s+(?:by|from|via|credit|courtesy)\b\s*).{2,120}",
        r"[(\[]?credits?\s*[:/|]\s*(?-i:[A-Z0-9@])[^.]{2,80}",
        r"[(\[]?(?-i:AP|AFP|EPA|Reuters|REUTERS|Getty)(?: (?:photos?|images?|video))?\s*[/|"
        r"]\s*.{2,80}",
        r"[(\[]?.{0,80}?(?:\bgetty images\b|shutterstock|\bap photo\b|afp via getty|\bistock|"
        r"\balamy\b|"
        r"unsplash|wikimedia commons|epa-efe|\bvia (?-i:AP)\b|/ ?(?-i:reuters|AFP|AP|Reuters|"
        r"REUTERS))"
        r"[^.]{0,40}",
        r"[(\[]?(?:file|stock|archive|ap|afp|reuters) (?:photo|image|picture)s?",
    ),
    *rules(
        "caption",
        "whole",
        70,
        r"[^()]{0,400}[(\[](?:(?:ap |file )?(?:photo|image|picture|video|photograph|pic)s?(?: "
        r"credits?)?"
        r"\s*(?:[:/]|by\b|via\b)|published \w+day,)[^()\[\]]{2,80}[)\]]",
        r"(?:pictured|in this (?:file |handout )?(?:photo|image|picture|frame)|file (?:photo|-|–|"
        r"—))\b.{5,300}",
        r"(?:watch|video|play|listen|photos?|gallery|pictures?|slideshow)\s*:\s.{0,140}",
    ),
    # -- who wrote, who owns -----------------------------------------------------------------------
    *rules(
        "byline",
        "whole",
        30,
        rf"(?:(?:written|posted|published|reported|edited|compiled|story|words|text|analysis|"
        rf"opinion)"
        rf" by|by)\s*:?\s+(?:(?:the|our)\s+)?(?:{PERSONS}|{NAME})(?:\s*[,|/•·–—-]?\s*{STAMP}+"
        rf"|\s*[,|/•·–—(-]\s*.{{2,60}}|\s+(?:in|for|at)\s+{NAME}.{{0,40}})?",
        rf"{PERSON}\s*[,|/–—-]\s*(?:[\w ]{{0,30}}\b)?(?:reporter|correspondent|staff|writer|editor|"
        rf"associated press|reuters|afp)\b.{{0,40}}",
        rf"{STAMP}{{2,24}}(?:by {PERSONS})?",
        rf"{PERSON}[’']s? (?:\w+ ){{0,3}}(?:book|novel|biography)\b.{{0,200}}\b(?:out now|is "
        rf"available)\b.*",
        rf"(?:published|updated|posted|modified|created)\b(?: (?:at|on|by))?\s*:?\s*{STAMP}+"
        rf"(?:(?:by|\|)\s*.{{2,60}})?",
        r"(?:with )?(?:additional )?(?:reporting|writing|editing|translat(?:ed|ion)|edited|"
        r"compiled) by\b"
        r".{2,300}",
        r"[(\[](?:with )?(?:additional )?(?:reporting|writing|editing|translat(?:ed|ion)|edited|"
        r"compiled) (?:and (?:reporting|writing|editing) )?by\b.{2,300}[)\]]",
        r"[(\[]?.{2,200}\bcontributed (?:reporting\b|to this (?:report|story|"
        r"article)\b).{0,60}[)\]]?",
        rf"{PERSON},? (?:is|was) (?:an?|the) [^.]{{0,80}}\b{ROLE}\b[^.]{{0,140}}",
        r"(?:about the author|meet the author|author)s?\s*:?.{0,40}",
        r"(?:staff|wire|agency) reports?|(?:from )?(?:staff|wire) (?:and wire )?(?:reports|"
        r"services)",
    ),
    *rules(
        "copyright line",
        "opens",
        90,
        r"(?:copyright\b\s*)?(?:\(c\)|©)|copyright\b\s*(?:by )?(?:(?:19|20)\d\d\b|"
        r"[^.]{0,60}\b(?:19|20)"
        r"\d\d\W*\Z)|copyright\b.{0,80}all rights reserved",
        r"all rights reserved\b",
        r"(?:this (?:material|article|content|copy|story|work|website)|no part of "
        r"this)\b.{0,60}\b(?:may "
        r"not be|may be) (?:published|reproduced|copied|broadcast|republished|redistributed|"
        r"reprinted)\b",
        r"this (?:copy|material|content|article) is for your personal\b",
        r"(?:to order|for) (?:presentation-ready )?(?:copies|reprints)\b",
        r"our standards: ",
        r"(?:read our |see our )?(?:terms (?:of (?:use|service)|and conditions)|privacy "
        r"(?:policy|notice)"
        r"|syndication|licensing)\b(?!.{0,60}\b(?:said|says|told)\b).{0,80}\Z",
    ),
    *rules("copyright line", "holds", 60, r"\ball rights reserved\b"),
    *rules(
        "disclaimer",
        "opens",
        90,
        r"(?:the )?(?:views|opinions)(?: and (?:views|opinions))? expressed\b",
        r"(?:disclaimer|disclosure|editor[’']?s[’']? note|note to (?:readers|editors))\s*[:–—-]",
        r"this (?:article|story|report|piece|column) (?:was|has been|is) (?:(?:originally|first|"
        r"also|"
        r"automatically|machine|re)[ -]?)*(?:published|translated|generated|produced|updated|"
        r"corrected"
        r"|amended|republished)\b",
        r"(?:originally|first) published (?:in|on|at|by)\b",
    ),
    # -- ways to other pages -------------------------------------------------------------------
    *rules(
        "related links",
        "opens",
        40,
        r"(?:read|see|learn|find out|watch|view|discover) (?:more|also|next|the full|"
        r"full)(?:\s*[:>»|–—-]|\s+"
        r"(?:about|on|from|here|at|in our|stories|news|like this|story|article|report|coverage)\b)",
        r"(?:also|related|recommended|further|suggested|must|now|up next|more)[ -]?(?:read(?:ing|"
        r"s)?|"
        r"articles?|stories|news|coverage|posts?|content|links?|topics?|videos?|watch(?:ing)?|"
        r"see|on this"
        r"|from|like this)?\s*:",
        r"(?:related|see also|read also|also read|don[’']?t miss|read next|up next|more like this|"
        r"in case you missed it)\s*(?:[:>»|–—]|-\s|\Z)",
        r"(?:click|tap|go) (?:here|through|on the link)\b",
        r"(?:for more (?:information|news|stories|on this|details|coverage))\b.{0,80}\b(?:visit|"
        r"click|see|"
        r"go to|follow|call|contact|read)\b",
        r"(?:you (?:may|might) (?:also )?(?:like|be interested)|we (?:recommend|also recommend))\b",
        r"continue reading\b|read (?:the )?(?:full|rest of (?:the|this)|original) (?:article|"
        r"story|report"
        r"|post)\b",
        r"(?:download|get|install) (?:the|our) (?:[\w ]+ )?app\b",
        r"(?:our|download our|listen to our) (?:latest )?podcast\b",
    ),
    *rules(
        "related links",
        "whole",
        14,
        r"(?:more|related|read more|see more|learn more|most (?:read|popular|viewed|shared|"
        r"recent)|trending"
        r"|popular|latest|recommended|editor[’']?s[’']? (?:picks?|choice)|top stories|in case "
        r"you missed it"
        r"|story timeline|what to read next|you may also like|more (?:stories|news|articles|"
        r"coverage)|"
        r"(?:related|recent|latest|similar|other|previous|next|popular|further) (?:articles?|"
        r"stories|posts?|"
        r"news|coverage|topics?|links?|content|reading|videos?|coverage)|explore more|see also|"
        r"also read"
        r"|read next|more on this(?: story| topic)?|on this topic|elsewhere on the web|around "
        r"the web"
        r"|from our partners|promoted stories|sponsored stories|don[’']?t miss|share|next|previous)"
        r"(?: (?:now|today|in|on|from|by) .{0,40})?",
        r".{3,120}[\[(](?:video|insight|analysis|pictures|photos|reaction|comment|reveal(?:ed)?|"
        r"opinion|"
        r"update|latest|graphic|map|interview|exclusive|watch)[\])]",
    ),
    *rules(
        "feed trailer",
        "opens",
        60,
        r"the (?:post|article|story) .{3,200} (?:appeared first|first appeared|was first "
        r"published) on\b",
        r"this (?:post|article|story) (?:first )?appeared (?:first )?on\b",
    ),
)
