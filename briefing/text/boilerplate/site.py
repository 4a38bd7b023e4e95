"""What the site says around its articles: comments, pleas, consent, buttons, adverts."""

from __future__ import annotations

from briefing.text.boilerplate.rule import NET, PERSON, Rule, rules

SITE: tuple[Rule, ...] = (
    # -- comments ------------------------------------------------------------------------------
    *rules(
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
    *rules(
        "comments notice",
        "whole",
        20,
        r"(?:(?:view|show|read|see|load|hide|post)(?: all| more)? )?\(?(?:\d[\d,.]*|no|zero)?\)? ?"
        r"(?:comments?|replies|responses)(?: yet)?(?: ?\(?\d[\d,.]*\)?)?",
        r".{0,60}\b(?:trackbacks?|pingbacks?)\b.{0,60}",
    ),
    # -- subscriptions, newsletters, donations ---------------------------------------------------
    *rules(
        "subscription plea",
        "opens",
        60,
        r"(?:please |click here to |click to )?(?:subscribe|sign[ -]?up)\b(?:(?: now| today| "
        r"here)?\s*"
        r"[.!]|(?=.{0,160}\b(?:news ?letters?|e-?mails?|inbox|alerts?|briefings?|updates|podcasts?"
        r"|digest|access|magazine|for free|daily|subscri\w+|our|us|today)\b))",
        r"(?:get|receive|have) (?!back)[^.]{1,140}\b(?:to|in|into|via|by|through) your (?:inbox|"
        r"e-?mail|"
        r"phone|letterbox|door|mailbox)\b",
        r"(?:already|not yet|not) (?:a )?(?:subscriber|subscribed|registered|member)\b",
        r"(?:please )?(?:support|help (?:us|fund|support)|fund) (?:\w+ ){0,4}journalism\b",
        r"(?:please )?(?:consider )?(?:donat(?:e|ing)|mak(?:e|ing) a (?:donation|contribution)|"
        r"becom"
        r"(?:e|ing) a (?:member|patron|supporter|subscriber))\b(?:\s*[.!]|\s*$|.{0,60}\b(?:our|"
        r"us|today"
        r"|now|here)\b)",
        r"(?:this|the full|full) (?:article|story|content|report) is (?:only )?(?:for|available "
        r"(?:only )?"
        r"(?:to|for)|exclusive to|reserved for) (?:\w+ ){0,3}(?:subscribers|members|registered)\b",
        r"(?:to (?:continue|keep) reading\b|continue reading your\b|you(?: have|[’']ve) "
        r"(?:reached|read|"
        r"used) (?:your|all|\d+ of)\b)",
        r"(?:start|try|enjoy|claim|begin) (?:your|a|our) (?:\w+ ){0,3}(?:trial|subscription)\b",
        r"unlimited (?:digital )?access\b",
    ),
    *rules(
        "subscription plea",
        "holds",
        50,
        r"(?:\A|[.!?:]\s+|\byou can (?:also )?|\bplease |\bhere to )(?:sign[ -]?up|"
        r"subscribe)\b.{0,60}"
        r"\bnews ?letters?\b",
        r"\bdelivered (?:\w+ ){0,4}(?:to|through|into) your (?:inbox|door|letterbox|e-?mail|"
        r"mailbox)\b",
        r"\byou can (?:unsubscribe|opt out)\b",
        r"\b(?:buy (?:us|me) a coffee|support us on (?:patreon|ko-?fi))\b",
    ),
    # -- cookies, consent, technical lines -----------------------------------------------------
    *rules(
        "cookie line",
        "opens",
        60,
        r"(?:we|this (?:web)?site|our (?:web)?site|our partners)(?: and our partners)?(?: may)? "
        r"(?:use|"
        r"uses|store) (?:\w+ ){0,3}cookies\b",
        r"by (?:continuing|using|clicking|browsing|signing|subscribing|submitting|registering)\b"
        r".{0,120}\byou (?:agree|accept|consent|acknowledge)\b",
        r"(?:accept|reject|manage|allow) (?:all )?(?:cookies|preferences)\b",
        r"to (?:view|see|play|show) this (?:content|video|post|embed)\b.{0,80}\bcookies?\b",
        r"cookie (?:policy|settings|preferences|notice)\b",
    ),
    *rules(
        "technical line",
        "opens",
        40,
        r"(?:please )?(?:enable|turn on|activate) (?:java ?script|cookies)\b",
        r"(?:java ?script|your browser|this (?:video|browser|feature|content))\b.{0,40}\b(?:is "
        r"(?:disabled|required|out ?dated|not (?:available|supported))|does(?: not|n[’']t) support|"
        r"can(?: ?not|[’']t) be played|could not be loaded)\b",
        r"an (?:unknown |unexpected )?error (?:has )?occurr?ed\b.{0,40}\btry again\b",
        r"(?:thank you|thanks) for (?:subscribing|signing up|your (?:feedback|subscription)|"
        r"reading)\b",
        r"this (?:article|story) has been sent to\b",
        r"(?:skip|jump|back|return|scroll) to (?:the )?(?:main )?(?:content|top|navigation|menu)\b",
        r"(?:if you are using (?:an )?ad ?block|please (?:disable|turn off) (?:your )?ad ?block)",
    ),
    *rules(
        "technical line",
        "whole",
        30,
        r"(?:thank you|loading|please wait|menu|search|close|next|previous|back|print(?: article)?"
        r"|e-?mail|save|listen(?: to (?:this )?article)?|copy link|link copied|(?:order )?reprints?"
        r"|play(?: video)?|pause|mute|unmute|expand|hide|show (?:more|less)|(?:show|hide|toggle) "
        r"caption"
        r"|enlarge(?: this)? image|(?:view )?gallery|images?|text size|top|home|log ?in|sign in"
        r"|bookmark|more|translate|download|x)",
        r"(?:tags?|topics?|filed under|categor(?:y|ies)|keywords?|posted in)\s*:.{0,200}",
        r"(?:\d+ ?min(?:ute)?s? (?:read|reading time)|(?:estimated )?(?:reading|read) "
        r"time\b.{0,20})",
        r"(?>[\w ]{0,30}:?\s*(?:https?://|www\.)\S+\s*)+",
        r"[\W_]+",
    ),
    # -- social lines ----------------------------------------------------------------------------
    *rules(
        "social line",
        "opens",
        45,
        rf"(?:please |you can |to )?(?:follow|like|find|join|watch|connect with|reach|tweet|"
        rf"message) "
        rf"[^.!?]{{1,80}}\b(?:on|at|via) (?:[\w ]+ )?{NET}\b",
        r"(?:follow|tweet|message) (?:him|her|them|us|me)\b.{0,12}@\w+",
        r"(?:share|tweet|pin|e-?mail|print|send) (?:this|the|our) (?:article|story|post|page|"
        r"link|video)\b",
        rf"(?:join|subscribe to|follow) (?:our|us)\b[^.]{{0,40}}\b(?:{NET}|channel|group|page)\b",
        r"(?:click|tap) to (?:share|e-?mail|print|tweet)\b",
        rf"(?:share|tweet|post)(?: this| it)? (?:on|via|to|by|with) (?:{NET}|e-?mail|friends?)\b",
        rf"{PERSON} is on {NET}\b",
    ),
    *rules(
        "social line",
        "whole",
        20,
        rf"(?>(?:(?:share|tweet|follow|like|{NET}|e-?mail|print|copy link|save|on|via|and|or)(?!\w)"
        r"|[|,/·•&])[\s:]*){1,14}",
        r"\d[\d.,]*[km]? ?(?:shares?|views?|likes?|followers|retweets)",
        r"(?:follow )?@\w{2,30}(?:[, ]+(?:and )?@\w{2,30})*",
    ),
    # -- adverts -----------------------------------------------------------------------------------
    *rules(
        "advert",
        "whole",
        14,
        r"[(\[]?(?:advertis(?:e)?ments?|advertise with us|sponsored(?: content| by .{1,40})?|"
        r"promoted(?: "
        r"content)?|paid (?:content|post|partnership)|(?:story|article) continues (?:below|"
        r"after).{0,30}"
        r"|(?:scroll|read) (?:down )?to continue.{0,30}|continue(?:s)? (?:below|after).{0,40}|"
        r"remove ads)"
        r"[)\]]?",
    ),
    *rules(
        "contact line",
        "opens",
        45,
        r"(?:write|e-?mail|send (?:an )?e-?mail|reach out|reach|contact|message)\b.{0,80}"
        r"(?:\S+@\S+\.\w+|@\w{2,}|\bat \(?\+?\d[\d() .-]{6,})",
        r"(?:e-?mail|phone|tel(?:ephone)?|fax|contact|call us|media contacts?|press "
        r"contacts?)\s*[:.]\s.{2,120}\Z",
        r"(?:got|have|do you have) (?:a|any|an) (?:\w+ )?(?:news )?(?:tips?|stor(?:y|ies)|question|"
        r"information)\b.{0,60}(?:\?|\bcontact\b|\be-?mail\b|\bsend\b)",
        r"(?:here[’']s |and here[’']s )?our (?:e-?mail|address)\b.{0,40}@",
        r"contact (?:us|the (?:author|reporter|writer|editor|newsroom))\b",
        r"[\w.+-]+@[\w-]+\.[\w.]+\Z",
    ),
    *rules(
        "contact line",
        "holds",
        60,
        r"\b(?:we[’']d like to hear|we want to hear|letters to the editor|let us know|share your "
        r"stor(?:y|ies)|send us)\b.{0,200}\S+@\S+\.\w+",
    ),
)
