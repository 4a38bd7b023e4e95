"""The states of the story under the names by which the press lets them act."""

from __future__ import annotations

import re

from briefing.text.lexicon import DEMONYMS

_NAMES = {
    "russia": r"Russia(?:n|ns)?|Moscow|(?:the )?Kremlin|Putin",
    "ukraine": r"Ukrain(?:e|ian|ians)|Kyiv|Kiev|Zelensk\w+",
    "america": r"Washington|(?:the )?Pentagon|American|(?:the )?United States|(?:the )?U\.S\.|"
    r"(?:the )?US(?= )|Biden",
    "britain": r"Brit(?:ain|ish)|London|(?:the )?UK|United Kingdom|Starmer",
    "france": r"France|French|Paris|Macron",
    "germany": r"German(?:y|s)?|Berlin|Scholz",
    "korea": r"North Korea(?:n|ns)?|Pyongyang",
}
_NAMES |= {
    country: "|".join(
        sorted(
            {country.capitalize(), *(f.capitalize() for f, c in DEMONYMS.items() if c == country)}
        )
    )
    for country in DEMONYMS.values()
    if country not in _NAMES
}
PARTY = r"\b(?:" + "|".join(_NAMES.values()) + r")(?!\w)"
"""A pattern for any of them."""
_READ = {name: re.compile(pattern) for name, pattern in _NAMES.items()}


def party(name: str) -> str:
    """Which of the states ``name`` stands for; "" for none of them."""
    return next((one for one, pattern in _READ.items() if pattern.fullmatch(name)), "")
