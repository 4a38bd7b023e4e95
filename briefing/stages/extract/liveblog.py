"""Split a live blog into its dated posts."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from briefing.stages.extract.blocks import Block, mark_headings, to_blocks
from briefing.stages.extract.facts import is_type, moment, structured_data
from briefing.stages.extract.limits import MOST_POSTS
from briefing.stages.extract.plain import from_fragment, from_text, tree_pieces
from briefing.text.characters import tidy

_LEAST_POSTS = 3  # two dated parts are an article and its correction
_LEAST_POST = 40  # characters of prose in one post
_MOST_LINKED = 0.5  # lists of other articles are dated too, but all links
_MAIN_SHARE = 0.5  # of the page's prose that the posts hold together
_NO_POST = re.compile(
    r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|related|teaser|card|tweet)(?:$|[\s_-])", re.I
)


@dataclass(frozen=True, slots=True)
class Post:
    """One dated post of a live blog."""

    number: int  # from 1, in page order
    title: str  # "" when it has none
    published: datetime | None
    url: str  # "" when it has none of its own
    blocks: tuple[Block, ...]


def stated_posts(tree: Any, *, as_of: date) -> list[Post]:
    """The posts that the page's structured data states (schema.org ``LiveBlogPosting``)."""
    posts: list[Post] = []
    told: set[tuple[Block, ...]] = set()
    for item in structured_data(tree):
        if not is_type(item, "LiveBlogPosting"):
            continue
        updates = item.get("liveBlogUpdate")
        for update in updates if isinstance(updates, list) else [updates]:
            post = _stated_post(update, number=len(posts) + 1, as_of=as_of)
            if post is not None and post.blocks not in told and len(posts) < MOST_POSTS:
                told.add(post.blocks)
                posts.append(post)
    return posts


def _stated_post(update: object, *, number: int, as_of: date) -> Post | None:
    if not isinstance(update, dict):
        return None
    texts = {key: value for key, value in update.items() if isinstance(value, str)}
    body = texts.get("articleBody") or texts.get("text") or texts.get("description") or ""
    if "&lt;" in body:
        body = html.unescape(body)
    blocks = (
        from_fragment(body) if re.search(r"<\w+[^<>]*>", body) else from_text(html.unescape(body))
    )
    title = tidy(
        html.unescape(re.sub(r"<[^<>]*>", "", texts.get("headline") or texts.get("name") or ""))
    )
    if not blocks:
        return None
    when = texts.get("datePublished") or texts.get("dateModified") or ""
    url = texts.get("url", "")
    url = url if url.startswith("http") else ""
    return Post(number, title, moment(when, as_of=as_of), url, tuple(blocks))


def marked_posts(tree: Any, *, as_of: date) -> list[Post]:
    """The posts that the page shows as repeated parts, each with its own ``<time>`` and prose.

    Args:
        tree: the visible page.

    Comments and lists of other articles look alike; they are told apart by their class names, by
    their links, and by how little of the page's prose they hold.
    """
    prose: dict[Any, int] = {}  # of each element, measured once
    groups: dict[tuple[str, int], list[Any]] = defaultdict(list)
    seen: set[Any] = set()
    for stamp in tree.iter("time"):
        for element in stamp.iterancestors("article", "div", "section", "li"):
            if element not in prose:
                prose[element] = _prose(element)
            if prose[element]:
                if element not in seen:
                    groups[_kin(element)].append(element)
                seen.add(element)
                break
    total = sum(len(tidy(p.text_content())) for p in tree.iter("p")) or 1
    for group in groups.values():
        if not _LEAST_POSTS <= len(group) <= MOST_POSTS or any(_excluded(post) for post in group):
            continue
        if sum(prose[post] for post in group) >= _MAIN_SHARE * total:
            return [_marked_post(p, number=n, as_of=as_of) for n, p in enumerate(group, start=1)]
    return []


def _kin(element: Any) -> tuple[str, int]:
    """Posts of one page are alike: same tag, same first class, same depth."""
    first = element.get("class", "").split()[:1]
    return f"{element.tag}.{''.join(first)}", sum(1 for _ in element.iterancestors())


def _prose(element: Any) -> int:
    """Characters of its paragraphs; 0 when they are few or most of them are links."""
    text = sum(len(tidy(p.text_content())) for p in element.iter("p"))
    linked = sum(len(tidy(a.text_content())) for a in element.iter("a"))
    return text if text >= _LEAST_POST and linked <= _MOST_LINKED * text else 0


def _excluded(post: Any) -> bool:
    around = [post, *list(post.iterancestors())[:3]]
    return any(_NO_POST.search(f"{e.get('class', '')} {e.get('id', '')}") for e in around)


def _marked_post(post: Any, *, number: int, as_of: date) -> Post:
    stamp = next(post.iter("time"))
    published = moment(stamp.get("datetime") or "", as_of=as_of)
    said = tidy(stamp.text_content())
    heading = next(post.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    title = tidy(heading.text_content()) if heading is not None else ""
    pieces = [(kind, text) for kind, text in tree_pieces(post) if tidy(text) not in (said, title)]
    return Post(number, title, published, "", tuple(mark_headings(to_blocks(pieces))))


def is_live(posts: Sequence[Post]) -> bool:
    """Whether there are enough posts with text to treat the page as a live blog."""
    return len([post for post in posts if post.blocks]) >= 2
