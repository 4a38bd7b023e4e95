"""How fast the writer is: the same prompts batched and one by one, side by side in one run.

    python benchmarks/writer.py [--adapter DIR] [--prompts N] [--seeds DIR]

The prompts are sentences of the seeds. Figures of one run can be compared with each other (the
``ratio`` is what to watch); figures of two runs only on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from briefing.adapters.models import LocalModels, ModelSettings
from briefing.news import Article, Development, Fact, Passage, Prompt
from briefing.pipeline.writing import confined
from briefing.stages import write
from briefing.text.sentences import sentences
from briefing.text.words import word_count

_LENGTHS = range(20, 46)  # words: sentences worth shortening


def prompts(folder: Path, count: int, *, style: write.Style) -> list[Prompt]:
    """The first ``count`` prompts over sentences of the folder's texts."""
    facts, articles = [], {}
    for file in sorted(folder.glob("*.txt")):
        text = file.read_text("utf-8")
        passages = [
            Passage(file.stem, n, start, end, text[start:end], n)
            for n, (start, end) in enumerate(sentences(text))
        ]
        articles[file.stem] = Article(
            id=file.stem,
            url="",
            title="",
            title_origin="made",
            publisher=file.stem,
            published=datetime(2024, 11, 22, tzinfo=UTC),
            date_origin="stated",
            text=text,
            passages=tuple(passages),
        )
        facts += [Fact((p,)) for p in passages if word_count(p.text) in _LENGTHS]
    if style == "confined":
        return confined(facts, [])[:count]
    days = [Development(f.id, (f,), (), 1, None) for f in facts[:count]]
    return write.prompts(days, articles, style=style)


def main(arguments: list[str] | None = None) -> int:
    """Print seconds, answers per second and the ratio as one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--adapter", default="")
    parser.add_argument("--prompts", type=int, default=20)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    options = parser.parse_args(arguments)
    settings = ModelSettings(adapter=options.adapter)
    style: write.Style = "reports" if options.adapter else "confined"
    asked = prompts(options.seeds, options.prompts, style=style)
    found: dict[str, float | str] = {"prompts": len(asked)}
    for name, batch in (("batched", settings.batch), ("one_by_one", 1)):
        models = LocalModels(replace(settings, batch=batch))
        start = time.perf_counter()
        found["device"] = models.identity.device
        found["load_seconds"] = round(time.perf_counter() - start, 2)
        _answers(models, asked[:1])  # the first step of a process pays for warming up
        start = time.perf_counter()
        answers = _answers(models, asked)
        seconds = time.perf_counter() - start
        found[f"{name}_seconds"] = round(seconds, 2)
        characters = sum(len(answer) for listed in answers for answer in listed)
        found[f"{name}_characters_per_second"] = round(characters / seconds, 1)
    found["ratio"] = round(float(found["one_by_one_seconds"]) / float(found["batched_seconds"]), 2)
    print(json.dumps(found))
    return 0


def _answers(models: LocalModels, asked: Sequence[Prompt]) -> list[list[str]]:
    return models.generate([p.text for p in asked], among=[p.options for p in asked])


if __name__ == "__main__":
    sys.exit(main())
