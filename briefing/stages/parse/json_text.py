"""JSON: JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) and what nobody specified."""

from __future__ import annotations

import json
from typing import Any

from briefing.news import Skip


def load(text: str, *, subject: str) -> Any | Skip:
    """The value of a JSON text, or a Skip whose detail names the position of the mistake."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{subject}, line {error.lineno}, column {error.colno}"
        return Skip("parse", subject, "malformed json", f"{where}: {error.msg}")
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits; 100,000 brackets
        return Skip("parse", subject, "malformed json", f"{subject}: {error}")


def feed_items(value: Any) -> list[dict[str, Any]] | None:
    """The items of a JSON Feed; None when ``value`` is no JSON Feed."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return None
    return [item for item in value["items"] if isinstance(item, dict)]


def member(item: dict[str, Any], *names: str) -> str:
    """The first of these members that says something, as text; a list is joined as paragraphs."""
    for name in names:
        value = item.get(name)
        if isinstance(value, dict):  # {"publisher": {"name": "..."}}
            value = value.get("name") or value.get("title") or value.get("url")
        if isinstance(value, list):
            value = "\n\n".join(part for part in value if isinstance(part, str))
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            return value
    return ""
