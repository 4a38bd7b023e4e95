"""What of today is new against what earlier editions knew?

::

    articles, ledger --known_matters--> what each goes on, before they are grouped
    developments, ledger --tellings--> who tells what, today and before
      | threads          is it a development that is known already?
      | candidates       each fact beside the claims near to it, in meaning or in words
      | pairs            those that only the judge can tell apart           -> models.support
      | decide           NEW, REPEATED, UPDATED (old -> new), CONTRADICTED
          copies         one word in place of another in a sentence told before
          compare        two sentences by their normal forms
          history        a toll, a rung, a confirmation against all that was said
          follow         what a follow-up in other words settles
      | sightings        what the ledger is told of it

Embeddings find what may be the same. Whether it *is* the same is decided by the words of copies, by
an exact comparison of the normal forms, and by the judge in both directions: "may allow" against
"allowed", two dead against nine, is an update however near the sentences are.
"""

from briefing.stages.recall.candidates import Candidate, candidates, pairs
from briefing.stages.recall.decide import decide
from briefing.stages.recall.sightings import sightings
from briefing.stages.recall.threads import known_matters

__all__ = ["Candidate", "candidates", "decide", "known_matters", "pairs", "sightings"]
