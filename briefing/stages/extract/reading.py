"""Read one page: its facts and its blocks, or its posts, or why it is no use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from briefing.stages.extract.blocks import Block, mark_headings
from briefing.stages.extract.challenge import instead, marks
from briefing.stages.extract.facts import Facts, page_facts
from briefing.stages.extract.liveblog import Post, is_live, marked_posts, stated_posts
from briefing.stages.extract.page import letters, main_text
from briefing.stages.extract.titles import same_title
from briefing.stages.extract.visible import drop_hidden, parse_page
from briefing.text.characters import tidy


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page gave."""

    facts: Facts
    blocks: tuple[Block, ...]
    posts: tuple[Post, ...]  # of a live blog; else empty


def read_page(text: str, *, address: str, as_of: date) -> Reading | str:
    """Read a page's HTML.

    Returns:
        The reading, or a reason: ``"too large"``, ``"no text"``, ``"captcha"`` (a question for a
        human) or ``"not the article"`` (a refusal or an error page), served as if it were one.
    """
    tree = parse_page(text)
    if isinstance(tree, str):
        return tree
    facts = page_facts(tree, address=address, as_of=as_of)
    posts = stated_posts(tree, as_of=as_of)
    marked = marks(tree)
    drop_hidden(tree)
    words = letters(tree.text_content())
    facts = replace(facts, title=_shown_title(tree, facts))
    posts = [_at_home(post, address) for post in posts if _is_shown(post, words)]
    if not is_live(posts):
        posts = marked_posts(tree, as_of=as_of)
    headlines = [facts.title, *(tidy(h.text_content()) for h in tree.iter("h1"))]
    blocks = _without_headline(main_text(tree), headlines)
    blocks = mark_headings(_mark_standfirst(blocks, facts.description))
    if is_live(posts):
        return Reading(facts, tuple(blocks), tuple(posts))
    whole = " ".join(block.text for block in blocks)
    if reason := instead(facts.title, whole, marked):
        return reason
    if not whole:
        return "no text"
    return Reading(facts, tuple(blocks), ())


def _shown_title(tree: Any, facts: Facts) -> str:
    """The headline that the page states, if a reader sees it too: as a heading or as its title.

    Structured data and meta elements, which are for machines, may say something else; then the
    first heading counts, and without one the page's title.
    """
    headings = [tidy(h.text_content()) for h in tree.iter("h1", "h2", "h3", "title")]
    if not facts.title or any(same_title(facts.title, line) for line in headings):
        return facts.title
    if any(letters(facts.title) in letters(line) for line in headings):
        return facts.title  # "Headline - Publisher"
    return next((tidy(h.text_content()) for h in tree.iter("h1")), next(iter(headings), ""))


def _is_shown(post: Post, words: str) -> bool:
    """Whether a reader of the page sees a post that its structured data states: most of it."""
    pieces = [letters(block.text) for block in post.blocks]
    return 2 * sum(len(piece) for piece in pieces if piece in words) >= sum(map(len, pieces))


def _at_home(post: Post, address: str) -> Post:
    """The post; its own address only if it leads to the page's own site."""
    home = urlsplit(address).hostname
    try:
        host = urlsplit(post.url).hostname
    except ValueError:
        host = None
    return post if home and host == home else replace(post, url="")


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
