"""What a model wants around a message: its chat template as token ids before and after.

The template is applied once to a mark in place of the message; the message is tokenised apart from
it, so that nothing in an article can become a control token. Templates differ::

    no template          what the tokenizer puts around any text (BOS, EOS)
    asks for the answer  ``add_generation_prompt`` opens the assistant's turn
    does not             the opening is read off a whole exchange of question and answer
    only lists of parts  the content is given as a list (models that also see)
    a day in it          a fixed one, so that the same prompt gives the same answer tomorrow
    thoughts first       the thought is closed at once; an answer of 80 tokens has no room for it

No system message is given: many templates refuse it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from briefing.errors import ModelError

# Private use: they stand for the two messages while a template is applied.
_ASKED, _ANSWERED = "\ue000", "\ue001"
# Laid over the function that tells a template the day: the one that Llama 3's falls back to.
_DAY = "{% macro strftime_now(format) %}26 Jul 2024{% endmacro %}"
_THOUGHT = ("<think>", "</think>")


@dataclass(frozen=True, slots=True)
class Frame:
    """Token ids around one user message."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    stop: frozenset[int]  # tokens that end the assistant's turn


def frame(tokenizer: Any, *, name: str) -> Frame:
    """The frame of the tokenizer's template; ``name`` is the model's, for errors.

    Raises:
        ModelError: the template fails, or does not show the message just once.
    """
    if not tokenizer.chat_template:
        return _plain(tokenizer)
    asked = _applied(tokenizer, [_ASKED], prompt=True)
    before, found, after = asked.partition(_ASKED)
    if not found or _ASKED in after:
        raise ModelError(
            f"the chat template of {name} does not show the message once",
            remedy="choose another writer in [models]",
        )
    between, tail = _exchange(tokenizer)
    silent = asked == _applied(tokenizer, [_ASKED], prompt=False)  # opens no answer when told to
    if silent and between.strip() not in ("", after.strip()):
        after = between.rstrip(" ")
    if after.rstrip().endswith(_THOUGHT[0]):
        after = f"{after.rstrip()}\n\n{_THOUGHT[1]}\n\n"
    return Frame(
        tuple(_ids(tokenizer, before)),
        tuple(_ids(tokenizer, after)),
        frozenset(_ids(tokenizer, tail)[:1]) & frozenset(tokenizer.added_tokens_decoder),
    )


def _plain(tokenizer: Any) -> Frame:
    """Of a plain or sequence-to-sequence model: whatever it puts around any text."""
    framed = tokenizer("a", return_special_tokens_mask=True)
    ids, special = framed["input_ids"], framed["special_tokens_mask"]
    first = special.index(0) if 0 in special else len(ids)
    last = len(ids) - (special[::-1].index(0) if 0 in special else 0)
    return Frame(tuple(ids[:first]), tuple(ids[last:]), frozenset())


def _exchange(tokenizer: Any) -> tuple[str, str]:
    """What stands between a question and its answer, and after the answer.

    Both "" when the template takes no answer.
    """
    try:
        text = _applied(tokenizer, [_ASKED, _ANSWERED], prompt=False)
    except ModelError:
        return "", ""
    between, found, tail = text.partition(_ASKED)[2].partition(_ANSWERED)
    return (between, tail) if found else ("", "")


def _applied(tokenizer: Any, contents: Sequence[str], *, prompt: bool) -> str:
    """The template over user and assistant in turn; contents as parts where texts are refused."""
    from transformers.utils import chat_template_utils

    engine: Any = chat_template_utils  # the templates' engine is its affair, not ours
    template = tokenizer.get_chat_template()
    if "strftime_now" in template:
        template = _DAY + template
    failed: Exception | None = None
    text = ""
    for parts in (False, True):
        messages = [
            {
                "role": ("user", "assistant")[n % 2],
                "content": [{"type": "text", "text": content}] if parts else content,
            }
            for n, content in enumerate(contents)
        ]
        try:
            text = str(
                tokenizer.apply_chat_template(
                    messages,
                    chat_template=template,
                    tokenize=False,
                    add_generation_prompt=prompt,
                    enable_thinking=False,  # templates that know no such switch ignore it
                )
            )
        except (engine.jinja2.TemplateError, ValueError, TypeError, KeyError) as error:
            failed = failed or error
            continue
        if contents[0] in text:
            return text
    if failed and not text:
        said = str(failed).strip().splitlines()[:1]
        raise ModelError(
            f"the chat template fails: {''.join(said)[:200]}",
            remedy="choose another writer in [models]",
        ) from failed
    return text


def _ids(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return ids
