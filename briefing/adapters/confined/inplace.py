"""Parsers in this very process: where the system cannot confine them, and for tests."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import ParamSpec, Self, TypeVar

from briefing.news import Skip

P = ParamSpec("P")
R = TypeVar("R")


class InPlace:
    """Satisfies :class:`briefing.ports.Parsers` without any confinement.

    What a function raises is a Skip, but what kills a process kills this one.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(
        self, function: Callable[P, R], subject: str, /, *given: P.args, **named: P.kwargs
    ) -> R | Skip:
        try:
            return function(*given, **named)
        except MemoryError:
            return broken(function, subject, "parser ran out of memory")
        except Exception as error:
            return broken(function, subject, "parser crashed", told(error))


def broken(function: Callable[..., object], subject: str, reason: str, detail: str = "") -> Skip:
    """The document ``subject`` broke a function, which is of the stage that its module names."""
    stage = function.__module__.removeprefix("briefing.stages.").partition(".")[0]
    return Skip(stage, subject, reason, detail)


def told(error: BaseException) -> str:
    """An error on one line, with the place that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({'/'.join(frames[-1].filename.split('/')[-2:])}:{frames[-1].lineno})"
    return f"{type(error).__name__}: {error}"[:200].replace("\n", " ") + (where if frames else "")
