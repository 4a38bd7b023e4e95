"""Passages of all articles into developments: one thing that happened or was said.

Three steps, each on vectors made by the caller:

1. *Units*: a short item (headline and a few sentences) is one unit; in a longer article each
   sentence is one, together with those after it that refer back to it.
2. *Developments*: average-link clustering of the units (Sokal and Michener 1958). Short items stand
   as near as they are likely to tell one event; for sentences of longer articles, units of one
   paragraph, and units that share a rare name, stand nearer.
3. *Facts*: inside a development, sentences of different articles that say the same are one fact; a
   sentence that leans on the one before it takes that one along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Development, Origin, Passage
from briefing.stages.group.facts import Unit, facts_of, leads_in
from briefing.text.discourse import enumerates, refers_back
from briefing.text.likeness import Telling, likeness, telling
from briefing.text.names import names

__all__ = ["Unit", "group", "leads_in", "units"]

Vectors = NDArray[np.float32]

SHORT_ITEM = 4
"""Sentences up to which an article is one unit; feed descriptions have one to three."""
SAME_ITEM = 0.65
"""Average distance at which short items are one development, half of it by likeness and half by
cosine (over :data:`ITEM_COSINE`). Chosen by leaving out one day at a time of 17 to 20 November of
the replay week: B-cubed F1 .87, against .85 by likeness alone and .80 by cosine, each with the cut
that was best on the other days."""
OTHER_MATTER, NEW_MATTER = 0.3, 0.3
"""Added to the distance of two items that go on different earlier matters; of which one goes on an
earlier one and the other surely on none."""
ITEM_COSINE = 0.6
"""Cosine distance that counts as much as being surely unlike."""
SAME_MATTER = 0.57
"""The same for sentences of longer articles: single sentences stand further apart than items. Read
off the seeds: at 0.60 one matter falls apart, at 0.48 unlike ones join."""
PARAGRAPH_COLOUR = 0.3
"""Weight of the paragraph's mean in a sentence's vector."""
SAME_PARAGRAPH, NEXT_PARAGRAPH = 0.08, 0.03
"""Taken off the distance of two units that stand so to each other in one article."""
SHARED_NAME = 0.10
"""The same for two units that share a name nobody else has; less for commoner names."""
NEAR = 4
"""Units ahead for which that holds."""


def units(articles: Sequence[Article]) -> list[Unit]:
    """The units of ``articles``, in their order."""
    found: list[Unit] = []
    for article in articles:
        if len(article.body) <= SHORT_ITEM:
            if article.passages:
                found.append(Unit(article.id, article.passages, True))
            continue
        runs: list[list[Passage]] = []
        for passage in article.body:
            if runs and (refers_back(passage.text) or enumerates(passage.text)):
                runs[-1].append(passage)
            else:
                runs.append([passage])
        found += [Unit(article.id, tuple(run), False) for run in runs]
    return found


def group(
    articles: Sequence[Article],
    vectors: Mapping[str, Vectors],
    origins: Sequence[Origin],
    matters: Mapping[str, str] | None = None,
) -> list[Development]:
    """Developments of the day, in order of their first passage.

    Args:
        articles: those of the day, on the story.
        vectors: unit vector of every passage by ``Passage.key``.
        origins: the partition of the articles into independent reports.
        matters: the earlier matter that an article goes on, by ``Article.id``; "" for one that
            surely goes on none.
    """
    pieces = units(articles)
    if not pieces:
        return []
    by_id = {article.id: article for article in articles}
    origin_of = {article: origin.id for origin in origins for article in origin.articles}
    days = {a.id: a.published.date() if a.published else None for a in articles}
    labels = _cluster(pieces, vectors, days, matters or {})
    developments = []
    for label in dict.fromkeys(labels):
        members = [piece for piece, its in zip(pieces, labels, strict=True) if its == label]
        facts = facts_of(members, vectors, by_id)
        if not facts:
            continue
        ids = tuple(dict.fromkeys(piece.article for piece in members))
        dates = [date for date in (by_id[i].published for i in ids) if date is not None]
        developments.append(
            Development(
                id=sha256(facts[0].id.encode()).hexdigest()[:12],
                facts=tuple(facts),
                articles=ids,
                origins=len({origin_of.get(i, i) for i in ids}),
                latest=max(dates, default=None),
                whole=tuple(dict.fromkeys(piece.article for piece in members if piece.is_item)),
            )
        )
    return developments


def _unit_vectors(pieces: Sequence[Unit], vectors: Mapping[str, Vectors]) -> Vectors:
    """One row for each unit: the mean of its passages, the first (headline, or the sentence that
    the others lean on) counted once more; a sentence has the colour of its paragraph too."""
    paragraphs: dict[tuple[str, int], list[Vectors]] = {}
    for piece in pieces:
        for passage in piece.passages:
            paragraphs.setdefault((piece.article, passage.paragraph), []).append(
                vectors[passage.key]
            )
    rows = []
    for piece in pieces:
        first = piece.passages[0]
        row = np.mean([vectors[p.key] for p in piece.passages], axis=0) + vectors[first.key]
        if not piece.is_item:
            row /= np.linalg.norm(row) or 1.0
            row += PARAGRAPH_COLOUR * np.mean(paragraphs[piece.article, first.paragraph], axis=0)
        rows.append(row / (np.linalg.norm(row) or 1.0))
    return np.asarray(rows, dtype=np.float32)


def _told(piece: Unit, vectors: Mapping[str, Vectors], days: Mapping[str, date | None]) -> Telling:
    """A short item as a telling, its headline the lead."""
    texts = [p.text for p in piece.passages]
    rows = [vectors[p.key] for p in piece.passages]
    return telling(piece.article, texts, rows, days[piece.article])


def _distances(
    pieces: Sequence[Unit], vectors: Mapping[str, Vectors], days: Mapping[str, date | None]
) -> NDArray[np.float64]:
    """Distances in which 1 is the border between same and different, whatever the units."""
    rows = _unit_vectors(pieces, vectors)
    distance = 1.0 - (rows @ rows.T).astype(np.float64)
    for i, one in enumerate(pieces):
        for j in range(i + 1, min(i + 1 + NEAR, len(pieces))):
            if pieces[j].article != one.article:
                break
            nearer = _adjacency(one.passages[-1], pieces[j].passages[0])
            distance[i, j] = distance[j, i] = max(0.0, distance[i, j] - nearer)
    item = np.array([piece.is_item for piece in pieces])
    distance -= SHARED_NAME * _shared_names(pieces) * ~(item[:, None] | item[None, :])
    distance /= 1.0 - SAME_MATTER
    if where := [i for i, piece in enumerate(pieces) if piece.is_item]:
        told = [_told(pieces[i], vectors, days) for i in where]
        like = likeness(told, told)
        rows = np.stack([one.row for one in told])
        apart = (1.0 - (rows @ rows.T).astype(np.float64)) / ITEM_COSINE
        both = (1.0 - np.maximum(like, like.T) + apart) / 2
        distance[np.ix_(where, where)] = both / SAME_ITEM
    np.fill_diagonal(distance, 0.0)
    return distance.clip(min=0.0)


def _other_matters(pieces: Sequence[Unit], matters: Mapping[str, str]) -> NDArray[np.float64]:
    """What is added between two items that go on different earlier matters, or of which only one
    goes on any."""
    owners = [matters.get(piece.article) if piece.is_item else None for piece in pieces]
    found = np.zeros((len(pieces), len(pieces)))
    for i, one in enumerate(owners):
        for j, other in enumerate(owners[:i]):
            if one is not None and other is not None and one != other:
                found[i, j] = found[j, i] = OTHER_MATTER if one and other else NEW_MATTER
    return found


def _shared_names(pieces: Sequence[Unit]) -> NDArray[np.float64]:
    """For each two units the rarity, 0 to 1, of the rarest name that both hold.

    The rarity of a name is its inverse document frequency (Spärck Jones 1972) over that of a name
    in two units.
    """
    held: dict[str, list[int]] = {}
    for i, piece in enumerate(pieces):
        text = " ".join(p.text for p in piece.passages)
        for name in {_last_word(name.text) for name in names(text)}:
            held.setdefault(name, []).append(i)
    count = len(pieces)
    shared = np.zeros((count, count))
    for where in held.values():
        if 1 < len(where) < count:
            rarity = (np.log(count / len(where)) / np.log(count / 2)) ** 2
            block = np.ix_(where, where)
            shared[block] = np.maximum(shared[block], rarity)
    return shared


def _last_word(name: str) -> str:
    """The surname of a person, the head of most other names."""
    return name.split()[-1].lower().removesuffix("’s").removesuffix("'s")


def _adjacency(one: Passage, other: Passage) -> float:
    """How much nearer two units of one article stand for their places in it."""
    apart = other.paragraph - one.paragraph
    return SAME_PARAGRAPH if apart == 0 else NEXT_PARAGRAPH if apart == 1 else 0.0


def _cluster(
    pieces: Sequence[Unit],
    vectors: Mapping[str, Vectors],
    days: Mapping[str, date | None],
    matters: Mapping[str, str],
) -> list[int]:
    """A label for each unit."""
    if len(pieces) == 1:
        return [0]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = _distances(pieces, vectors, days) + _other_matters(pieces, matters)
    condensed = squareform(distances, checks=False)
    tree = linkage(condensed, method="average")
    return [int(label) for label in fcluster(tree, 1.0, criterion="distance")]
