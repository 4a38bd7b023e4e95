"""Public judge data as short rows: each claim with the sentences of its document nearest to it.

    python -m training.public --data DIR --out FILE

Reads ``DIR/faithfulness``: FactCG (MIT), DeFacto (labels MIT) and the validation parts of SummaC.
The rows hold publishers' text: they are made for training and never shipped. Documents of which
more than a tenth occurs in AggreFact's validation sets are left out, so that the judge can be
measured there.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from briefing.text.sentences import sentences
from briefing.text.words import content_stems

Row = tuple[str, str, bool, str]  # document, claim, supported, where from

NEAREST = 5  # sentences of evidence for each sentence of a claim
LONGEST = 60  # sentences of a document that are looked at
RUN = 8  # words in a row that two documents do not share by chance
SHARED = 0.1
"""Share of a document's runs that makes it a copy. Copies differ in their beginning, in the agency
that they name or in a sentence more: one window of each, compared as it stands, missed 20 rows of
documents of which more than half occurs in AggreFact. Between 0.1 and 0.5 stand other versions of
one report."""


def rows(folder: Path) -> Iterator[Row]:
    """All rows, as they are."""
    for name in ("cogensumm", "factcc", "frank"):
        for r in _lines(folder / f"summac_{name}_val.jsonl"):
            yield r["document"], r["claim"], bool(r["label"]), f"summac {name}"
    for part in ("train", "val"):
        for r in _lines(folder / f"defacto_{part}.jsonl"):
            yield from _defacto(r)
    text = (folder / "factcg_cg2c_doc.json").read_text("utf-8")
    listed = json.loads(text) if text.lstrip().startswith("[") else list(_parsed(text))
    for r in listed:
        yield r["text_a"], r["text_b"][0], bool(int(r["orig_label"])), "factcg"


def _defacto(row: dict[str, Any]) -> Iterator[Row]:
    yield row["article"], row["candidate"], not row["has_error"], "defacto"
    corrected = row.get("feedback", {}).get("summary", "")
    if row["has_error"] and corrected and corrected != row["candidate"]:
        yield row["article"], corrected, True, "defacto"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from _parsed(path.read_text("utf-8"))


def _parsed(text: str) -> Iterator[dict[str, Any]]:
    for line in text.split("\n"):
        if line.strip():
            yield json.loads(line)


def runs(document: str) -> set[tuple[str, ...]]:
    """All runs of :data:`RUN` words, without case and marks; one shorter run of a short text."""
    words = re.findall(r"[a-z0-9]+", document.lower())
    return {tuple(words[k : k + RUN]) for k in range(max(1, len(words) - RUN + 1))}


def is_copy(document: str, measured: Set[tuple[str, ...]]) -> bool:
    """Whether more than :data:`SHARED` of the document's runs are among the measured ones."""
    found = runs(document)
    return len(found & measured) > SHARED * len(found)


def split(text: str) -> list[str]:
    """Sentences, with the spacing of tokenised text mended a little."""
    flat = re.sub(r"\s+([,.;:!?%)])", r"\1", " ".join(text.split()))
    return [flat[a:b] for a, b in sentences(flat)]


def nearest(claim: str, document: Sequence[str], k: int = NEAREST) -> list[str]:
    """The ``k`` sentences that share most rare stems with each sentence of the claim, in order.

    Each sentence of the claim chooses its own, so there may be more than ``k`` of them.

    Shared stems are weighted by how few sentences of the document have them. Embeddings find
    much the same sentences a hundred times slower.
    """
    stems = [set(content_stems(sentence)) for sentence in document]
    spread = Counter(stem for listed in stems for stem in listed)
    chosen: set[int] = set()
    for said in split(claim) or [claim]:
        own = set(content_stems(said))
        weights = [sum(1 / spread[stem] for stem in own & listed) for listed in stems]
        order = sorted(range(len(document)), key=lambda i: (-weights[i], i))
        chosen.update(order[:k])
    return [document[i] for i in sorted(chosen)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that holds faithfulness/")
    parser.add_argument("--out", type=Path, required=True, help="file of rows, JSON lines")
    parser.add_argument("--each", type=int, default=0, help="at most so many rows of one source")
    options = parser.parse_args(arguments)
    folder = options.data / "faithfulness"
    measured: set[tuple[str, ...]] = set()
    for path in sorted(folder.glob("aggrefact_*.jsonl")):
        for row in _lines(path):
            measured |= runs(row["document"])
    if not measured:
        parser.error(f"{folder} has no aggrefact_*.jsonl: what must be left out is not known")
    copied: dict[str, bool] = {}  # many claims are made of one document
    count: Counter[str] = Counter()
    with options.out.open("w", encoding="utf-8") as out:
        for document, claim, label, source in rows(folder):
            if document not in copied:
                copied[document] = is_copy(document, measured)
            if copied[document]:
                count["left out: in AggreFact"] += 1
                continue
            if options.each and count[source] >= options.each:
                continue
            evidence = nearest(claim, split(document)[:LONGEST])
            if not evidence or not claim.strip():
                count["left out: empty"] += 1
                continue
            count[source] += 1
            line = {"evidence": evidence, "statement": claim, "label": int(label), "from": source}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(dict(count), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
