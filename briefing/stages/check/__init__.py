"""Nothing untrue is printed: every written sentence is proven from its passages, or dropped.

::

    proven_by Passage, sentences  -> sentences        those that the rules prove by it
    pairs     Draft*              -> Pair*            what models.support may be asked
    worth_asking  Draft*          -> bool*            whether a rule has not refused it yet
    review    sentence, passages  -> Claim | Dropped  all rules
    failing   Draft*, scores      -> Fact*            to be rewritten once
    judge     Development, Draft* -> Brief | Skip     the only maker of briefs
    weighed   Brief, scores       -> Brief            scored by just what it cites
    proves    Claim, articles     -> violations       for `briefing verify`

A sentence passes in one of two ways. It is a shortening of one passage: its words in the passage's
order, with only modifiers, parentheses and phrases left out at safe boundaries, and its attribution
perhaps moved; the rules prove that alone. Or it is told in other words: then one passage must carry
all of it, no rule may find a number, name, quotation, modal or content word that is not there, nor
a limit that is lost, and the judge must be sure of it, at a threshold of its own. Both are stricter
than truth; what fails is replaced by the source's own sentence, so a false alarm costs a little
style and a miss would cost the reader's trust.
"""

from briefing.stages.check.judge import (
    failing,
    judge,
    pair,
    pairs,
    to_weigh,
    verdicts,
    weighed,
    worth_asking,
)
from briefing.stages.check.prove import proves
from briefing.stages.check.review import proven_by, review
from briefing.stages.check.sourcing import labels, sourcing

__all__ = [
    "failing",
    "judge",
    "labels",
    "pair",
    "pairs",
    "proven_by",
    "proves",
    "review",
    "sourcing",
    "to_weigh",
    "verdicts",
    "weighed",
    "worth_asking",
]
