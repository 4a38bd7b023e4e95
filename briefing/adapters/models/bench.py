"""How fast the writer is on this machine, and how much memory it takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.adapters.models.loading import choose
from briefing.adapters.models.runtime import use_threads
from briefing.adapters.models.settings import ModelSettings
from briefing.adapters.models.writer import Pace, Writer
from briefing.news import Prompt
from briefing.ports import Progress

BATCH = 8  # answers written side by side where the batch is measured
_TOKENS = 25  # one to end the reading, 24 to measure writing
_PATIENCE = 2.0  # seconds: what takes less is measured twice; other programs only make it slower


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run measured. Rates are tokens per second."""

    writer: str
    adapter: str
    device: str
    parameters: int
    load_seconds: float  # from safetensors on disk, an adapter merged
    reading: float  # one prompt
    writing: float  # one answer
    batch: int
    batch_reading: float
    batch_writing: float  # all answers of the batch together
    facts: int
    edition_seconds: float  # estimated: first drafts for that many facts
    estimated_bytes: int  # what was expected before loading, one prompt at a time
    peak_bytes: int  # most that the process has held, or the graphics card; 0: not known


def measure(
    settings: ModelSettings,
    prompts: Sequence[Prompt],
    *,
    facts: int,
    candidates: int,
    on_progress: Progress,
) -> Measured:
    """Load the writer of the settings and time it.

    Args:
        prompts: what the product would ask, one for each of a few facts.
        facts: facts of the edition whose time is estimated from them.
        candidates: answers to each prompt of the edition.

    Raises:
        ModelError: the writer cannot be loaded or runs out of memory.
    """
    use_threads(settings.threads)
    chosen = choose(settings, on_progress=on_progress)  # converts once, which is no loading time
    begun = time.perf_counter()
    writer = Writer.load(settings, on_progress=on_progress)
    loaded = time.perf_counter() - begun
    texts = [prompt.text for prompt in prompts]
    longest = sorted(texts, key=len)[-1:]
    side_by_side = [texts[k % len(texts)] for k in range(BATCH)]
    writer.pace(longest, tokens=2)  # the first step of a process pays for warming up
    steps = [(asked, tokens) for asked in (longest, side_by_side) for tokens in (1, _TOKENS)]
    paces: list[Pace] = []
    for done, (asked, tokens) in enumerate(steps):
        on_progress("measure", done, len(steps))
        tries = [writer.pace(asked, tokens=tokens)]
        if tries[0].seconds < _PATIENCE:
            tries.append(writer.pace(asked, tokens=tokens))
        paces.append(min(tries, key=lambda pace: pace.seconds))
    on_progress("measure", len(steps), len(steps))
    begun = time.perf_counter()
    writer.write(
        texts,
        candidates=candidates,
        among=[prompt.options for prompt in prompts],
        on_progress=on_progress,
    )
    edition = (time.perf_counter() - begun) * facts / len(prompts)
    return Measured(
        writer=writer.names.writer,
        adapter=writer.names.adapter,
        device=str(writer.place),
        parameters=chosen.checkpoint.tensors.parameters if chosen.checkpoint.tensors else 0,
        load_seconds=loaded,
        reading=_rate(paces[0].read, paces[0].seconds),
        writing=_writing(paces[0], paces[1]),
        batch=BATCH,
        batch_reading=_rate(paces[2].read, paces[2].seconds),
        batch_writing=_writing(paces[2], paces[3]),
        facts=facts,
        edition_seconds=edition,
        estimated_bytes=chosen.needs.total,
        peak_bytes=peak(writer.place.device),
    )


def peak(device: str) -> int:
    """Most bytes that this process has held, on the graphics card or in main memory; 0: unknown."""
    if device == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return 0
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024  # bytes there, kilobytes elsewhere


def _writing(short: Pace, long: Pace) -> float:
    """Tokens per second after the first, which belongs to the reading."""
    return _rate(long.written - short.written, long.seconds - short.seconds)


def _rate(tokens: int, seconds: float) -> float:
    return tokens / max(seconds, 1e-6)
