"""Which models an attempt at an edition gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from briefing.app.parts import App, model_settings
from briefing.config import Config
from briefing.errors import ModelError
from briefing.news import Edition, ModelIdentity, Option, Pair
from briefing.pipeline.remembering import Counting, Remembering
from briefing.ports import Models

CUT_OFF_TWICE = 2
"""Attempts at one edition that were killed before the next goes without the models: what kills a
process from outside is nearly always the memory that they take, and a day never goes dark."""


def models_of(
    config: Config,
    opened: App,
    edition: Edition,
    clock: Callable[[], datetime],
    counting: Counting | None,
) -> Models:
    """The models of ``opened``, their answers remembered; none after two attempts cut off.

    Args:
        counting: the progress that they report to.
    """
    attempts = opened.store.runs.of(edition)[1 : 1 + CUT_OFF_TWICE]
    if len(attempts) == CUT_OFF_TWICE and all(one.outcome == "cut off" for one in attempts):
        return Absent(f"the last {CUT_OFF_TWICE} attempts with it were cut off")
    settings = replace(model_settings(config), threads=0)
    return Remembering(
        opened.models, opened.store.runs, named=repr(settings), clock=clock, counting=counting
    )


class Absent:
    """Satisfies ``ports.Models`` by having none: the edition is made of the sources' own words."""

    def __init__(self, why: str) -> None:
        self._why = why

    @property
    def identity(self) -> ModelIdentity:
        raise ModelError(self._why)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, 1), np.float32)
        raise ModelError(self._why)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        raise ModelError(self._why)

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        raise ModelError(self._why)
