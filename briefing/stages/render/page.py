"""``digest.html``: one self-contained page, made for a phone first."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from briefing.news import Digest
from briefing.stages.render.view import view
from briefing.text.words import count


def html(digest: Digest) -> str:
    """The edition as a page without script or remote asset; every text is escaped."""
    page = view(digest)
    return template("digest.html").render(
        page=page, evidence="", corrected=(), noted={}, ways={}, style=_style()
    )


@cache
def _style() -> str:
    """The hash of the page's one style block, by which its policy lets that in and nothing else
    (CSP level 3, section 2.3.1). A page that is opened from a disk has no server to say so."""
    block = "\n" + template("digest.css").render()
    return b64encode(sha256(block.encode()).digest()).decode()


def template(name: str) -> Template:
    """A file of ``briefing/templates``; what is put into it is escaped, and ``count`` is there."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("briefing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["count"] = count
    return environment
