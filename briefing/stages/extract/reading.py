"""Read one page: its facts and its blocks, or its posts, or why it is no use."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from briefing.stages.extract.blocks import Block, mark_headings
from briefing.stages.extract.facts import Facts, page_facts
from briefing.stages.extract.liveblog import Post, is_live, marked_posts, stated_posts
from briefing.stages.extract.page import main_text
from briefing.stages.extract.titles import same_title
from briefing.stages.extract.visible import drop_hidden, parse_page
from briefing.text.assemble import tidy

# What servers send instead of the article, with status 200.
_WALL = re.compile(
    r"verify (?:that )?you are (?:a )?human|unusual (?:traffic|activity)|are you a robot|captcha"
    r"|checking your browser|enable (?:js|java ?script)(?: and| to)|access (?:to this page "
    r")?(?:has been "
    r"|is )?denied|disable any ad blocker|request (?:has been )?blocked|just a moment\.\.\."
    r"|not available in your (?:country|region)|page (?:you requested )?(?:was |could )?not "
    r"(?:be )?found",
    re.I,
)
_WALL_WORDS = 150  # a longer text is an article, even if it tells of captchas


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page gave."""

    facts: Facts
    blocks: tuple[Block, ...]
    posts: tuple[Post, ...]  # of a live blog; else empty


def read_page(text: str, *, address: str, as_of: date) -> Reading | str:
    """Read a page's HTML.

    Returns:
        The reading, or a reason: ``"too large"``, ``"no text"``, ``"not the article"`` (a captcha
        or an error page served as if it were one).
    """
    tree = parse_page(text)
    if isinstance(tree, str):
        return tree
    facts = page_facts(tree, address=address, as_of=as_of)
    posts = stated_posts(tree, as_of=as_of)
    drop_hidden(tree)
    if not is_live(posts):
        posts = marked_posts(tree, as_of=as_of)
    headlines = [facts.title, *(tidy(h.text_content()) for h in tree.iter("h1"))]
    blocks = _without_headline(main_text(tree), headlines)
    blocks = mark_headings(_mark_standfirst(blocks, facts.description))
    if is_live(posts):
        return Reading(facts, tuple(blocks), tuple(posts))
    whole = " ".join(block.text for block in blocks)
    if not whole:
        return "no text"
    if len(whole.split()) <= _WALL_WORDS and _WALL.search(f"{facts.title} {whole}"):
        return "not the article"
    return Reading(facts, tuple(blocks), ())


def _without_headline(blocks: list[Block], headlines: list[str]) -> list[Block]:
    """The page's own headline stands apart; it is dropped where the extractor repeats it."""
    return [
        block
        for number, block in enumerate(blocks)
        if number >= 5 or not any(same_title(block.text, headline) for headline in headlines)
    ]


def _mark_standfirst(blocks: list[Block], description: str) -> list[Block]:
    """A heading at the top that repeats the page's own description is the editors' summary.

    Of 102 measured pages 6 have one, and the gold body leaves out 5 of them. A first paragraph
    that repeats the description is the article's own and stays.
    """
    return [
        replace(block, kind="standfirst")
        if number < 3 and block.kind == "heading" and same_title(block.text, description)
        else block
        for number, block in enumerate(blocks)
    ]
