"""A day's items fed again on the next day: changed in meaning, in words only, or not at all.

A day is made into an edition. The next day's feeds hold its items again, in each of which one
sentence was changed by one rule (:mod:`evals.memory_sentences`), of each cluster one item at a
time, so that no changed item vouches for another. Looked at is the fact
that holds the changed sentence:

- ``mutation_<type>``: share of mutated sentences whose fact is ``UPDATED`` or ``CONTRADICTED``;
  ``mutation_<type>_new``: share told as ``NEW``, which hides nothing but shows no old value;
  ``mutation_<type>_repeated``: share taken for old, the one grave error;
- ``mutation``: the first over all types;
- ``paraphrase_repeated``: share of paraphrased sentences whose fact is ``REPEATED``, by rule in
  ``paraphrase_by_rule``;
- ``refed_new``: claims that are not ``REPEATED`` when all articles of a day come again under new
  addresses, over ``refed_claims``; ``refed_changes``: lines of that edition's block of changes.

``mutation_lost``: mutated or paraphrased sentences that no fact of the day names, as when the
article was no longer about the story, or three others were named in its place.

Only items that the first day used, and sentences that a fact of it names, are changed: of others
nothing can be remembered. A changed item is published a day later, so that its weekdays mean the
same dates; sentences with "today" or "yesterday", which would not, are let be. Nothing is written
here: the facts stand before any writing.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from briefing.news import Fact, Kind
from briefing.pipeline import RunResult
from briefing.ports import Progress
from briefing.text.sentences import sentences
from evals.memory_articles import article_id
from evals.memory_gold import DEV, TEST, Item, within
from evals.memory_sentences import MUTATIONS, PARAPHRASES, Changed, Rule
from evals.memory_week import Unwritten, edition
from evals.product import Product

_RELATIVE = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|ago|overnight|this (?:morning|week|evening)|"
    r"(?:last|next) \w+|earlier|recent(?:ly)?|later)\b", re.I,
)  # fmt: skip
_TAGS = re.compile(r"<[^>]*>")
_SHOWN = 240  # characters of a sentence in the table
_AGAIN = "again-"
"""Stands before the address of an item that comes again."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked of mutations."""
    parser.add_argument("--rounds", type=int, default=2, help="items of a cluster and type")
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="whose days")


@dataclass(frozen=True, slots=True)
class Fed:
    """An item to be fed on the next day, and which sentence of it is another."""

    item: Item
    rule: str
    before: str  # the sentence as it was
    changed: Changed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the product made of it."""

    fed: Fed
    kind: Kind | None  # None: no fact names the sentence
    why: str = ""  # what differs and from what, for reading


def figures(
    listed: Sequence[Item], own: Product, scratch: Path, chosen: argparse.Namespace,
    progress: Progress,
) -> dict[str, Any]:  # fmt: skip
    """The figures of the split that was chosen."""
    outcomes: dict[str, list[Outcome]] = {}
    again: Counter[str] = Counter()
    told: list[str] = []
    span = DEV if chosen.split == "dev" else TEST
    for day in sorted({item.day for item in listed if within(item.day, span)}):
        folder = scratch / f"mutations-{day:%F}"
        folder.mkdir(parents=True)
        its = [item for item in listed if item.day == day]
        models = Unwritten(own.models)
        first = edition(its, day, models, own.limits, folder, progress)

        def tomorrow(fed: Iterable[Item], *, day: date = day, base: Path = folder) -> RunResult:
            copy = base.parent / f"{base.name}-next"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(base, copy)
            models = Unwritten(own.models)
            return edition(fed, day + timedelta(days=1), models, own.limits, copy, progress)

        pool = known(its, first)
        for kind, rules in (("mutation", MUTATIONS), ("paraphrase", PARAPHRASES)):
            for name, rule in rules.items():
                for round_ in feedings(pool, name, rule, chosen.rounds):
                    result = tomorrow(fed.item for fed in round_)
                    outcomes.setdefault(kind, []).extend(seen(fed, result) for fed in round_)
        result = tomorrow(map(refed, its))
        kinds = [
            (fact, result.recalled[fact.id])
            for fact in _facts(result)
            if fact.id in result.recalled
        ]
        again["claims"] += len(kinds)
        again["new"] += sum(known.kind != "REPEATED" for _, known in kinds)
        again["changes"] += len(result.digest.changes)
        told += [
            f"{day:%F} {known.kind} {known.what}: {fact.passages[0].text[:_SHOWN]}"
            for fact, known in kinds
            if known.kind != "REPEATED"
        ]
    found = measured(outcomes.get("mutation", []), outcomes.get("paraphrase", []))
    found |= {f"refed_{key}": again[key] for key in ("new", "claims", "changes")}
    if chosen.table:
        found["mutation_errors"] = _wrong(outcomes.get("mutation", []), ("UPDATED", "CONTRADICTED"))
        found["paraphrase_errors"] = _wrong(outcomes.get("paraphrase", []), ("REPEATED",))
        found["refed_errors"] = told
    return found


def measured(mutated: Sequence[Outcome], paraphrased: Sequence[Outcome]) -> dict[str, Any]:
    """The shares described above; types of which there is no sentence are left out."""
    found: dict[str, Any] = {}
    seen_ = [one for one in mutated if one.kind]
    for name in MUTATIONS:
        kinds = [one.kind for one in seen_ if one.fed.rule == name]
        if kinds:
            found[f"mutation_{name}"] = _share(kinds, "UPDATED", "CONTRADICTED")
            found[f"mutation_{name}_new"] = _share(kinds, "NEW")
            found[f"mutation_{name}_repeated"] = _share(kinds, "REPEATED")
            found[f"mutation_{name}_sentences"] = len(kinds)
    found["mutation"] = _share([one.kind for one in seen_], "UPDATED", "CONTRADICTED")
    again = [one for one in paraphrased if one.kind]
    found["mutation_sentences"] = len(seen_)
    found["paraphrase_repeated"] = _share([one.kind for one in again], "REPEATED")
    found["paraphrase_sentences"] = len(again)
    found["paraphrase_by_rule"] = {
        name: _share([one.kind for one in again if one.fed.rule == name], "REPEATED")
        for name in PARAPHRASES
        if any(one.fed.rule == name for one in again)
    }
    found["mutation_lost"] = len(mutated) + len(paraphrased) - len(seen_) - len(again)
    return found


def known(its: Sequence[Item], result: RunResult) -> list[tuple[Item, list[str]]]:
    """The items on the story that the day used, as plain text, with those of their sentences that
    its facts name, in the order of the item."""
    named: dict[str, set[str]] = {}
    for fact in _facts(result):
        for passage in fact.passages:
            named.setdefault(passage.article, set()).add(_bare(passage.text))
    found = []
    for item in its:
        if not item.on_story or article_id(item) not in named:
            continue
        text = plain(item)
        spans = sentences(text.description)
        its_own = [text.description[start:end] for start, end in spans]
        kept = [s for s in its_own if _bare(s) in named[article_id(item)]]
        found.append((text, kept))
    return found


def plain(item: Item) -> Item:
    """Title and description without HTML."""
    return replace(
        item,
        title=" ".join(unescape(_TAGS.sub(" ", item.title)).split()),
        description=" ".join(unescape(_TAGS.sub(" ", item.description)).split()),
    )


def feedings(
    pool: Sequence[tuple[Item, Sequence[str]]], name: str, rule: Rule, rounds: int
) -> Iterator[list[Fed]]:
    """At most ``rounds`` sets of changed items, of each cluster at most one in a set."""
    waiting: dict[str, list[Fed]] = {}
    for item, its in pool:
        for sentence in its:
            changed = None if _RELATIVE.search(sentence) else rule(sentence)
            if changed and changed.new in changed.text:
                fed = Fed(_changed(item, sentence, changed, name), name, sentence, changed)
                waiting.setdefault(item.cluster or item.link, []).append(fed)
                break
    for number in range(rounds):
        one = [fed[number] for fed in waiting.values() if number < len(fed)]
        if one:
            yield one


def _changed(item: Item, sentence: str, changed: Changed, name: str) -> Item:
    """The item of the next day; a mutated word is another in its title too."""
    title = item.title
    if name in MUTATIONS:
        title = re.sub(rf"(?<!\w){re.escape(changed.old)}(?!\w)", lambda _: changed.new, title)
    return replace(
        item,
        day=item.day + timedelta(days=1),
        published=item.published + timedelta(days=1),
        link=_elsewhere(item.link),
        title=title,
        description=item.description.replace(sentence, changed.text, 1),
    )


def refed(item: Item) -> Item:
    """The same article under another address; its date is that of the article."""
    return replace(item, day=item.day + timedelta(days=1), link=_elsewhere(item.link))


def _elsewhere(link: str) -> str:
    scheme, mark, rest = link.partition("://")
    return f"{scheme}{mark}{_AGAIN}{rest}"


def seen(fed: Fed, result: RunResult) -> Outcome:
    """The kind of the fact that names the changed sentence."""
    wanted, article = _bare(fed.changed.text), article_id(fed.item)
    for fact in _facts(result):
        if any(p.article == article and _bare(p.text) == wanted for p in fact.passages):
            recalled = result.recalled.get(fact.id)
            if recalled is None:
                return Outcome(fed, None)
            was = f" | was: {recalled.old.text[:_SHOWN]}" if recalled.old else ""
            return Outcome(
                fed,
                recalled.kind,
                f"{recalled.what} {recalled.before!r} -> {recalled.after!r}{was}",
            )
    return Outcome(fed, None)


def _facts(result: RunResult) -> Iterator[Fact]:
    for development in result.developments:
        yield from development.facts


def _bare(sentence: str) -> str:
    """Letters and digits alone: what cleaning does to spaces and marks is no change."""
    return re.sub(r"\W+", "", sentence).lower()


def _share(kinds: Sequence[Kind | None], *wanted: Kind) -> float:
    return round(sum(kind in wanted for kind in kinds) / len(kinds), 4) if kinds else 0.0


def _wrong(outcomes: Sequence[Outcome], right: tuple[Kind, ...]) -> list[dict[str, str]]:
    return [
        {
            "rule": one.fed.rule, "product": one.kind or "lost",
            "before": one.fed.before[:_SHOWN], "after": one.fed.changed.text[:_SHOWN],
            "why": one.why,
        }
        for one in outcomes
        if one.kind not in right
    ]  # fmt: skip
