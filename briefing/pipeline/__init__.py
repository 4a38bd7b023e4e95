"""One run: what is taken in, understood, written, checked and put out. See ``run.py``."""

from briefing.pipeline.polling import PollResult, poll
from briefing.pipeline.run import Ports, Publishing, RunResult, run
from briefing.pipeline.writing import Limits

__all__ = ["Limits", "PollResult", "Ports", "Publishing", "RunResult", "poll", "run"]
