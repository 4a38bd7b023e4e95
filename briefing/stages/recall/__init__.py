"""What of today is new against what earlier editions knew?

::

    developments, ledger --tellings--> who tells what, today and before
      | likeness         is it a development that is known already?        thread
      | pairs            each sentence beside the nearest of its thread    -> models.support
      | decide           NEW, REPEATED, UPDATED (old -> new), CONTRADICTED

Embeddings find what may be the same. Whether it *is* the same is decided by the judge in both
directions and by an exact comparison of the normal forms: "may allow" against "allowed", two dead
against nine, is an update however near the sentences are.
"""

from briefing.stages.recall.candidates import Candidate, candidates, pairs
from briefing.stages.recall.decide import decide
from briefing.stages.recall.sightings import sightings

__all__ = ["Candidate", "candidates", "decide", "pairs", "sightings"]
