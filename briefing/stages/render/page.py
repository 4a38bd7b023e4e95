"""``digest.html``: one self-contained page, made for a phone first."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from briefing.news import Digest
from briefing.stages.render.view import view
from briefing.text.words import count


def html(digest: Digest) -> str:
    """The edition as a page without script or remote asset; every text is escaped."""
    page = view(digest)
    return template("digest.html").render(page=page, evidence="", corrected=(), noted={}, ways={})


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
