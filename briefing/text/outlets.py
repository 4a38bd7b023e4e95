"""What the origins of a development are called: "Reuters", "AFP", "Moscow Times", "own report"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from briefing.news import Article, Origin

OWN_REPORT = "own report"
"""An origin of which nobody says whose report it is."""

_WIRES = {
    "Reuters": r"(?:Thomson )?Reuters",
    "AP": r"AP|Associated Press",
    "AFP": r"AFP|Agence France[- ]Presse",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "Bloomberg": r"Bloomberg(?: News)?",
    "Interfax": r"Interfax",
    "Interfax-Ukraine": r"Interfax[- ]Ukraine",
    "TASS": r"(?:ITAR-)?TASS|Tass",
    "RIA Novosti": r"RIA(?: Novosti)?",
    "Ukrinform": r"Ukrinform",
    "UNIAN": r"UNIAN",
    "Xinhua": r"Xinhua(?: News Agency)?",
    "Kyodo": r"Kyodo(?: News)?",
    "Yonhap": r"Yonhap(?: News Agency)?",
    "Anadolu": r"Anadolu(?: Agency)?",
    "EFE": r"EFE",
    "ANSA": r"ANSA",
    "PA": r"PA(?: Media)?|Press Association",
    "UPI": r"UPI",
    "PTI": r"PTI|Press Trust of India",
    "ANI": r"ANI",
    "IANS": r"IANS",
}
_WIRE = {name: re.compile(rf"(?:The |the )?(?:{pattern})") for name, pattern in _WIRES.items()}


def origin_name(articles: Sequence[Article]) -> str:
    """What one origin is called.

    A wire that published it or that its articles credit, alone or as the one most of them credit;
    else the one outlet that they credit; else the publisher of the first article. An article that
    credits several wires was put together by its own publisher, where that is known.

    Args:
        articles: those of the origin, earliest first.

    Returns:
        A short name without "The"; :data:`OWN_REPORT` when nobody is named.
    """
    published = [wire for a in articles if (wire := wire_name(a.publisher))]
    if published:
        return published[0]
    wires = [wires[0] for a in articles if len(wires := _wires(a.credits)) == 1]
    if wires:
        return max(dict.fromkeys(wires), key=wires.count)
    others = [
        c for a in articles if not _wires(a.credits) and len(a.credits) == 1 for c in a.credits
    ]
    if others:
        return _short(max(dict.fromkeys(others), key=others.count))
    publisher = next((a.publisher for a in articles if a.publisher), "")
    if publisher:
        return _short(publisher)
    return next((wire for a in articles for wire in _wires(a.credits)), OWN_REPORT)


def told_by(
    brief_articles: Iterable[str], origins: Sequence[Origin], articles: Mapping[str, Article]
) -> tuple[str, ...]:
    """Names of the origins of a development: wires first, then publishers, each once.

    Args:
        brief_articles: ids of the articles that tell it.
        origins: those of the day; an article in none of them is an origin of its own.
        articles: by id. Those that are missing name nobody.

    Returns:
        As many names as there are origins, or fewer: two reports by one wire have one name.
        Reprints are the articles less the origins.
    """
    home = {key: origin.id for origin in origins for key in origin.articles}
    age = {key: n for n, key in enumerate(key for o in origins for key in o.articles)}
    groups: dict[str, list[str]] = {}
    for key in dict.fromkeys(brief_articles):
        groups.setdefault(home.get(key, key), []).append(key)
    names = [
        origin_name(
            [articles[k] for k in sorted(keys, key=lambda k: age.get(k, 0)) if k in articles]
        )
        for keys in groups.values()
    ]
    first = (
        [name for name in names if name in _WIRES],
        [name for name in names if name not in _WIRES and name != OWN_REPORT],
        [name for name in names if name == OWN_REPORT],
    )
    return tuple(dict.fromkeys(name for part in first for name in part))


def wire_name(name: str) -> str:
    """The wire that ``name`` means, under its usual name; "" when it is none."""
    return next((wire for wire, pattern in _WIRE.items() if pattern.fullmatch(name.strip())), "")


def _wires(credits: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(wire for credit in credits if (wire := wire_name(credit))))


def _short(name: str) -> str:
    return re.sub(r"^[Tt]he\s+(?=\S)", "", name.strip())
