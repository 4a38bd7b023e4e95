"""What servers send instead of the article with status 200: a question for a human, a refusal.

A short page is judged by what it says and by what it is built of. The parts that question every
visitor stand on no article; those of mere forms (a captcha under "Subscribe") stand on many, and
count only where there is hardly a word beside them.
"""

from __future__ import annotations

import re
from typing import Any

_WALL_WORDS = 150  # a longer text is an article, even if it tells of captchas
_FORM_WORDS = 40  # what may stand around a captcha that is all there is

_ASKS = re.compile(
    r"verify (?:that )?you(?: are|'re|’re) (?:a )?(?:human|not a (?:ro)?bot)|are you a (?:ro)?bot"
    r"|(?:confirm|prove|make sure|sure) (?:that )?you(?: are|'re|’re) (?:a human|not a (?:ro)?bot)"
    r"|unusual (?:traffic|activity) (?:from|on|in) (?:your|this)|captcha"
    r"|checking (?:if the site connection is secure|your browser)|just a moment\.\.\."
    r"|enable (?:js|java ?script)(?: and| to)|press (?:and|&) hold"
    r"|подтвердите,? что (?:вы|запросы)|вы не робот|я не робот|проверка (?:вашего )?браузера"
    r"|підтвердьте,? що ви|ви не робот|перевірка (?:вашого )?браузера",
    re.I,
)
_REFUSES = re.compile(
    r"access (?:to this page )?(?:has been |is )?denied|disable any ad blocker"
    r"|request (?:has been )?blocked|not available in your (?:country|region)"
    r"|page (?:you requested )?(?:was |could )?not (?:be )?found",
    re.I,
)
_REFUSES_SHORTLY = re.compile(
    r"доступ (?:к \w+ )?(?:запрещ[её]н|ограничен)|страница не найдена"
    r"|доступ (?:до \w+ )?(?:заборонено|обмежено)|сторінк[уа] не знайдено",
    re.I,
)
"""What news tell of as well: counts where there is hardly a word beside it."""
_GUARDS = re.compile(
    r"_cf_chl_opt|cf-chl-|cf-challenge|challenge-form|challenge-platform/[^\"']*orchestrate"
    r"|captcha-delivery\.com|px-captcha|_Incapsula_Resource\?SWUDNSAI|sec-if-cpt-container"
    r"|\.awswaf\.com/[^\"']*captcha|ddos-guard/|servicepipe\.ru/static|/\.well-known/ddos",
    re.I,
)
"""Parts of pages that do nothing but question: Cloudflare, DataDome, HUMAN, Imperva, Akamai, AWS,
DDoS-Guard, Servicepipe. What these firms put on articles too is not among them."""
_FORMS = re.compile(r"g-recaptcha|h-captcha|cf-turnstile|smart-captcha|geetest", re.I)

_MOST_LOOKED_AT = 200_000  # characters of a script; the questioning ones are short


def marks(tree: Any) -> str:
    """What in a page's scripts, frames and forms can question a visitor, as text.

    To be read before hidden elements are dropped.
    """
    parts = []
    for element in tree.iter("script", "iframe", "form", "div", "input"):
        parts += [element.get(name, "") for name in ("id", "class", "src", "action", "name")]
        if element.tag == "script":
            parts.append((element.text or "")[:_MOST_LOOKED_AT])
    return "\n".join(part for part in parts if part)


def instead(title: str, text: str, marked: str) -> str:
    """Why a page is no article: "captcha", "not the article" or "" when it may be one.

    Args:
        title: the page's.
        text: what a reader sees of its main part.
        marked: its :func:`marks`.
    """
    words = len(text.split())
    if words > _WALL_WORDS:
        return ""
    said = f"{title} {text}"
    if _ASKS.search(said) or _GUARDS.search(marked):
        return "captcha"
    if words <= _FORM_WORDS:
        if _FORMS.search(marked):
            return "captcha"
        if _REFUSES_SHORTLY.search(said):
            return "not the article"
    return "not the article" if _REFUSES.search(said) else ""
