"""A question for a human is no article, in whatever clothes and language it comes."""

from __future__ import annotations

from datetime import date

import pytest

from briefing.news import Document, Entry, Skip
from briefing.stages.extract import extract
from briefing.stages.extract.challenge import instead

AS_OF = date(2024, 11, 22)
ADDRESS = "https://news.example/strike"
LEAD = "The dock workers of Lunden laid down tools on Monday morning, the port authority said."
MORE = "No ship would leave before the talks of the evening had ended, it said in its notice."


def read(html: str, own: str = "") -> object:
    entry = Entry("key", "feed", ADDRESS, "Strike at the port", None, own, "html")
    return extract(entry, Document(ADDRESS, html.encode(), "text/html"), as_of=AS_OF)


CHALLENGES = {
    "cloudflare": """<html><head><title>Just a moment...</title></head><body>
        <script>window._cf_chl_opt={cvId:'3'}</script><noscript>Enable JavaScript and cookies to
        continue</noscript></body></html>""",
    "cloudflare, scripts alone": """<html><body><script>(function(){window._cf_chl_opt={};
        var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/
        chl_page/v1';})()</script></body></html>""",
    "datadome": """<html><head><title>news.example</title></head><body><script>var dd={'cid':'x'}
        </script><script src="https://ct.captcha-delivery.com/c.js"></script></body></html>""",
    "imperva": """<html><head><META NAME="robots" CONTENT="noindex"></head><body><iframe
        src="/_Incapsula_Resource?SWUDNSAI=31&x=1">Not successful.</iframe></body></html>""",
    "human": """<html><body><h1>Access to this page has been denied</h1><div id="px-captcha"></div>
        <p>Press &amp; Hold to confirm you are a human (and not a bot).</p></body></html>""",
    "a form and hardly a word": """<html><body><form action="/check"><p>One more step.</p>
        <div class="g-recaptcha" data-sitekey="x"></div></form></body></html>""",
    "in words": "<html><body><p>Please verify you are human to go on reading.</p></body></html>",
    "russian": """<html><head><title>Проверка браузера</title></head><body><p>Подтвердите, что
        запросы отправляли вы, а не робот.</p></body></html>""",
    "ukrainian": "<html><body><p>Підтвердьте, що ви не робот, щоб читати далі.</p></body></html>",
}


@pytest.mark.parametrize("html", CHALLENGES.values(), ids=CHALLENGES)
def test_a_challenge_is_skipped_with_its_reason(html: str) -> None:
    assert read(html) == Skip("extract", "Strike at the port", "captcha")


@pytest.mark.parametrize("html", CHALLENGES.values(), ids=CHALLENGES)
def test_the_feed_s_own_words_stand_in_for_it(html: str) -> None:
    (article,) = read(html, own=f"<p>{LEAD}</p>")
    assert article.text == f"Strike at the port\n\n{LEAD}"


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><h1>Access denied</h1><p>You have no permission to see it.</p></body></html>",
        "<html><body><p>Доступ запрещён.</p></body></html>",
        "<html><body><p>Сторінку не знайдено.</p></body></html>",
    ],
)
def test_a_refusal_is_no_article_either(html: str) -> None:
    assert read(html) == Skip("extract", "Strike at the port", "not the article")


@pytest.mark.parametrize(
    "beside",
    [
        # what stands on articles too
        '<form><input name="mail"><div class="g-recaptcha"></div></form>',
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
        '<script src="https://js.datadome.co/tags.js"></script>',
        '<script>window._pxAppId="PX1"</script>',
        '<div class="cf-turnstile"></div><script src="https://hcaptcha.com/1/api.js"></script>',
    ],
)
def test_an_article_beside_such_parts_is_an_article(beside: str) -> None:
    told = f"<article><h1>Strike at the port</h1><p>{LEAD}</p><p>{MORE}</p><p>{LEAD}</p></article>"
    (article,) = read(f"<html><body>{beside}{told}</body></html>")
    assert MORE in article.text


@pytest.mark.parametrize(
    "told",
    [
        "Unusual activity was seen at the airfield, the ministry said, and unusual traffic.",
        "Доступ ограничен к трём сайтам, сообщило ведомство. "
        + "Суд рассмотрит жалобу в пятницу. " * 8,
    ],
)
def test_short_news_of_refusals_are_news(told: str) -> None:
    assert instead("Strike", told, "") == ""


def test_a_long_text_is_an_article_whatever_it_tells_of() -> None:
    assert instead("On captchas", "Verify you are human, it asked. " * 40, "_cf_chl_opt") == ""
    assert instead("On captchas", "Verify you are human, it asked.", "") == "captcha"
    assert instead("Strike", LEAD, "") == ""
