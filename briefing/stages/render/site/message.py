"""Pages that tell a reader one thing, or ask one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from briefing.stages.render.page import template
from briefing.stages.render.site.place import Masthead, Place
from briefing.text.characters import one_line


@dataclass(frozen=True, slots=True)
class SignUp:
    """The fields of the form for new readers."""

    stories: tuple[tuple[str, str], ...]  # (slug, name); a choice where there are several
    address: str = ""  # as it was typed
    fault: str = ""  # what is wrong with it
    chosen: str = ""  # slug


@dataclass(frozen=True, slots=True)
class Message:
    """What the page says; ``button`` sends it back by POST."""

    title: str
    paragraphs: tuple[str, ...]
    button: str = ""  # "" when there is nothing to do
    form: SignUp | None = None


def message(masthead: Masthead, said: Message, *, place: Place) -> str:
    """The page. Its form needs no script and sends to its own address."""
    form = said.form and replace(
        said.form,
        stories=tuple((slug, one_line(name)) for slug, name in said.form.stories),
        address=one_line(said.form.address),
        fault=one_line(said.form.fault),
    )
    paragraphs = tuple(one_line(paragraph) for paragraph in said.paragraphs)
    said = replace(said, paragraphs=paragraphs, form=form)
    return template("site-message.html").render(masthead=masthead, place=place, said=said)
