"""What the writer is asked, what it may answer, and what its answers are.

Pure: questions are made here (:mod:`.prompting`), and so are the shortenings among which the writer
chooses (:mod:`.shortenings`); the model stands between question and answer, in the pipeline.
"""

from briefing.stages.write.prompting import Style, confined, prompts, read
from briefing.stages.write.shortenings import option, shortenings

__all__ = ["Style", "confined", "option", "prompts", "read", "shortenings"]
