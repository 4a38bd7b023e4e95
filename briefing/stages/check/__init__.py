"""Nothing untrue is printed: every written sentence is proven from its passages, or dropped.

::

    pairs     Draft*              -> Pair*            what models.support is asked
    review    sentence, passages  -> Claim | Dropped  all rules
    failing   Draft*, scores      -> Fact*            to be rewritten once
    judge     Development, Draft* -> Brief | Skip     the only maker of briefs
    weighed   Brief, scores       -> Brief            scored by just what it cites
    proves    Claim, articles     -> violations       for `briefing verify`

A sentence passes when it is a shortening of one passage: its words in the passage's order, with
only modifiers, parentheses and phrases left out at safe boundaries, and its attribution perhaps
moved. That is stricter than truth; what fails is replaced by the source's own sentence, so a
false alarm costs a little style and a miss would cost the reader's trust.
"""

from briefing.stages.check.judge import failing, judge, pairs, to_weigh, verdicts, weighed
from briefing.stages.check.prove import proves
from briefing.stages.check.review import review
from briefing.stages.check.sourcing import sourcing

__all__ = [
    "failing",
    "judge",
    "pairs",
    "proves",
    "review",
    "sourcing",
    "to_weigh",
    "verdicts",
    "weighed",
]
