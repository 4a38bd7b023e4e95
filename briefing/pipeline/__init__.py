"""One run: what is taken in, understood, written, checked and put out. See ``run.py``."""

from briefing.pipeline.run import Ports, RunResult, run
from briefing.pipeline.writing import Limits

__all__ = ["Limits", "Ports", "RunResult", "run"]
