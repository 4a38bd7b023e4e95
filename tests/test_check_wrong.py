"""Wrong sentences that a small model writes, each over a sentence of the seeds. All must fall."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from briefing.news import Article, Claim, Dropped, Passage
from briefing.stages.check import review

ALLIES = "Trump’s allies, however, have strongly criticized the move."
ALLIES2 = "Trump’s allies have criticized Biden’s decision."
GRENELL = (
    "Richard Grenell, a former member of Trump’s cabinet, also accused Biden of seeking to “escalate the war "
    "in Ukraine during the transition period.”"
)
WALTZ = (
    "Representative Mike Waltz, Trump’s pick for National Security Advisor, called the move "
    '"an escalatory step" and warned of its unpredictable consequences.'
)
BRYANSK = (
    "On Tuesday, Moscow reported that six U.S.-supplied ATACMS missiles had been launched at targets in its "
    "Bryansk region, calling it a significant escalation that marks a “new phase” in the ongoing war."
)
KURSK = (
    "Two anonymous officials told The Washington Post that the ATACMS deployment was initially authorized "
    "for use in Kursk and nearby regions where Ukrainian forces are striving to maintain their foothold."
)
KOREA = (
    "Officials have told The Washington Post and other U.S. outlets that the policy shift was largely driven "
    "by Russia’s recent move to deploy approximately 10,000 North Korean soldiers to the Kursk region as part "
    "of efforts to push Ukrainian forces out."
)
MILLER = (
    "According to Miller, Trump may decide not to reverse Biden’s decision on the ATACMS, despite the "
    "political implications."
)
SLOW = (
    "Miller explained that while the ATACMS missiles might not significantly alter the overall course of the "
    "conflict, they could help slow Russia’s advances in the Kursk region, which would be beneficial for Ukraine."
)
LIEVEN = (
    "Anatol Lieven, director of the Eurasia Program at the Quincy Institute, believes Biden’s decision was "
    "motivated in part by a desire to preempt Trump from pressuring Ukraine into an unfavorable settlement."
)
RESTRAINT = (
    "Anatol Lieven from the Quincy Institute also noted that Russia has a reason to show restraint until the "
    "potential Trump administration takes office."
)
FIRST = (
    "On November 19, Ukrainian forces launched a salvo of ATACMS missiles targeting Russian military assets in "
    "Bryansk province, marking the first use of the long-range weapon within Russian territory."
)
PUTIN = (
    "Russian President Vladimir Putin confirmed on November 21 that ATACMS strikes had hit an ammunition depot "
    "in Bryansk, triggering a large fire that was later extinguished."
)
ORESHNIK = (
    "In response, Russia retaliated with an Oreshnik long-range ballistic missile armed with a non-nuclear "
    "hypersonic warhead, targeting the Yuzhmash Machine-Building Plant in Dnipro, Ukraine—one of the country's "
    "largest and most prominent defense industry complexes."
)
NUCLEAR = "In response to the ATACMS missile strike, Russia has reportedly lowered its threshold for using nuclear weapons."
ASKED = (
    "Since the start of Russia’s invasion in February 2022, Ukraine has been requesting permission to use U.S. "
    "weapons on Russian soil."
)
WARNED = (
    "For months, Vladimir Putin has warned that permitting Ukraine to use Western-supplied weapons to strike "
    "Russian territory would drastically change the nature of the conflict."
)
CEDE = (
    "Ukrainian officials and Western leaders worry Trump might push Kyiv to cede territory to Russia in exchange "
    "for peace—an outcome Kyiv has vehemently opposed."
)
RANGE = (
    "It remains unclear whether the missiles, which have a range of approximately 300 km (190 miles), will be "
    "deployed in other locations."
)
DAVID = (
    "David Miller of the Carnegie Endowment argued that, given the limitations of the ATACMS, the Biden "
    "administration’s decision to approve their use was likely “the least risky” option available."
)
COURTNEY = (
    "Former U.S. ambassador William Courtney agreed, noting that Ukraine has previously struck deep into Russian "
    "territory using drones with greater range than ATACMS."
)
PLEDGED = (
    "Biden, a strong advocate for NATO, has committed to ongoing support for Kyiv, with the goal of driving "
    "Russia out of Ukrainian territory."
)
FORMAL = (
    "While the Biden administration has not formally acknowledged the policy shift, multiple officials have "
    "provided details about the decision to U.S. media outlets."
)
EVEN = (
    "Even if Trump moves to halt aid to Ukraine after taking office, Biden’s authorization of ATACMS leaves a "
    "lasting impact."
)
JUNIOR = (
    'Donald Trump Jr. accused the administration of trying to "trigger World War III before my father can '
    'establish peace and save lives."'
)
LAVROV = (
    "Russian Foreign Minister Sergey Lavrov suggested on November 22 that the Biden administration aimed to "
    '"box Trump in," preventing the incoming president from taking any "constructive actions" on Ukraine.'
)

DEPLOYED = (
    "According to Ukrainian and U.S. officials, as reported by Reuters and various U.S. media outlets, Ukraine "
    "has, for the first time, deployed ATACMS against targets within Russian territory."
)
REFUSAL = (
    "However, one major issue has consistently remained contentious: Biden’s refusal to permit Ukraine to use "
    "U.S.-supplied long-range Army Tactical Missile Systems (ATACMS) within Russian territory."
)
DESCRIBED = 'Russian officials described the move as signaling "a new phase" in the conflict.'
CHOSEN = (
    "Mike Waltz, a U.S. Representative and Trump’s chosen national security adviser, referred to the move as "
    "“another step up the escalation ladder.”"
)
ADVISER = (
    "Recently, a Trump campaign adviser suggested that, under his leadership, Ukraine might be forced to cede some "
    "territory to Russia, further fueling Kyiv’s concerns."
)

WRONG = [
    # a neighbour gets the deed or the claim
    ("Trump have strongly criticized the move.", [ALLIES]),
    ("Donald Trump has strongly criticized the move.", [ALLIES]),
    ("Trump has criticized Biden’s decision sharply.", [ALLIES2]),
    ("Biden’s allies have criticized Trump’s decision.", [ALLIES2]),
    ("Biden accused Richard Grenell of seeking to escalate the war in Ukraine.", [GRENELL]),
    ("Trump accused Biden of seeking to “escalate the war in Ukraine during the transition period.”", [GRENELL]),
    ("Richard Grenell accused Trump of seeking to “escalate the war in Ukraine.”", [GRENELL]),
    ("Trump called the move \"an escalatory step\" and warned of its unpredictable consequences.", [WALTZ]),
    ("Mike Waltz, National Security Advisor, called the move \"an escalatory step\".", [WALTZ]),
    ("Lieven said Trump may decide not to reverse Biden’s decision on the ATACMS.", [MILLER, LIEVEN]),
    ("Miller believes Biden’s decision was motivated in part by a desire to preempt Trump.", [LIEVEN, MILLER]),
    ("Biden believes the decision was motivated in part by a desire to preempt Trump.", [LIEVEN]),
    ("Putin believes Biden’s decision was motivated in part by a desire to preempt Trump.", [LIEVEN, PUTIN]),
    ("The Washington Post authorized the ATACMS deployment for use in Kursk.", [KURSK]),
    ("Putin triggered a large fire that was later extinguished.", [PUTIN]),
    ("The Trump administration has not formally acknowledged the policy shift.", [FORMAL]),
    # giver and receiver, doer and target
    ("Russia launched six U.S.-supplied ATACMS missiles at targets in its Bryansk region.", [BRYANSK]),
    ("Moscow launched six U.S.-supplied ATACMS missiles at targets in the Bryansk region.", [BRYANSK]),
    ("Russian forces launched a salvo of ATACMS missiles targeting Ukrainian military assets.", [FIRST]),
    ("Ukraine retaliated with an Oreshnik long-range ballistic missile, targeting Russia.", [ORESHNIK]),
    ("Kyiv might push Trump to cede territory to Russia in exchange for peace.", [CEDE]),
    ("Trump might push Russia to cede territory to Kyiv in exchange for peace.", [CEDE]),
    ("Russia has been requesting permission to use U.S. weapons on Ukrainian soil.", [ASKED]),
    ("The U.S. has been requesting permission to use Ukraine weapons on Russian soil.", [ASKED]),
    ("Biden has committed to ongoing support for Russia.", [PLEDGED]),
    ("Ukraine could help slow Russia’s advances in the Kursk region, Miller explained.", [SLOW]),
    # modality
    ("Trump will decide not to reverse Biden’s decision on the ATACMS, Miller said.", [MILLER]),
    ("According to Miller, Trump decided not to reverse Biden’s decision on the ATACMS.", [MILLER]),
    ("Trump may decide not to reverse Biden’s decision on the ATACMS.", [MILLER]),
    ("Trump pushed Kyiv to cede territory to Russia in exchange for peace.", [CEDE]),
    ("Trump might push Kyiv to cede territory to Russia in exchange for peace.", [CEDE]),
    ("In response to the ATACMS missile strike, Russia has lowered its threshold for using nuclear weapons.", [NUCLEAR]),
    ("Russia lowered its threshold for using nuclear weapons.", [NUCLEAR]),
    ("The missiles will be deployed in other locations.", [RANGE]),
    ("The missiles, which have a range of approximately 300 km, will be deployed in other locations.", [RANGE]),
    ("Permitting Ukraine to use Western-supplied weapons has drastically changed the nature of the conflict.", [WARNED]),
    ("Putin has warned that permitting Ukraine to use weapons changed the nature of the conflict.", [WARNED]),
    ("Ukraine used U.S. weapons on Russian soil since the start of the invasion.", [ASKED]),
    ("Ukraine received permission to use U.S. weapons on Russian soil.", [ASKED]),
    ("Trump moves to halt aid to Ukraine after taking office.", [EVEN]),
    ("The Biden administration’s decision to approve their use was “the least risky” option available.", [DAVID]),
    ("The ATACMS missiles could help slow Russia’s advances in the Kursk region.", [SLOW]),
    # negation
    ("According to Miller, Trump may decide to reverse Biden’s decision on the ATACMS.", [MILLER]),
    ("The Biden administration has formally acknowledged the policy shift.", [FORMAL]),
    ("Miller explained that the ATACMS missiles might significantly alter the overall course of the conflict.", [SLOW]),
    ("Biden has not committed to ongoing support for Kyiv.", [PLEDGED]),
    # numbers, units, dates
    ("Moscow reported that seven U.S.-supplied ATACMS missiles had been launched.", [BRYANSK]),
    ("Moscow reported that 6,000 U.S.-supplied ATACMS missiles had been launched.", [BRYANSK]),
    ("On Thursday, Moscow reported that six U.S.-supplied ATACMS missiles had been launched.", [BRYANSK]),
    ("Officials said the shift was largely driven by Russia’s move to deploy 10,000 North Korean soldiers.", [KOREA]),
    ("Officials said the policy shift was driven by Russia’s move to deploy approximately 10,000 Ukrainian forces.", [KOREA]),
    ("The missiles have a range of approximately 190 km.", [RANGE]),
    ("The missiles have a range of 300 km.", [RANGE]),
    ("The missiles have a range of approximately 300 miles.", [RANGE]),
    ("On November 21, Ukrainian forces launched a salvo of ATACMS missiles.", [FIRST, PUTIN]),
    ("Putin confirmed on November 19 that ATACMS strikes had hit an ammunition depot in Bryansk.", [PUTIN, FIRST]),
    ("Since February 2024, Ukraine has been requesting permission to use U.S. weapons.", [ASKED]),
    # names from memory, titles
    ("National Security Adviser Mike Waltz called the move \"an escalatory step\".", [WALTZ]),
    ("Former President Joe Biden has committed to ongoing support for Kyiv.", [PLEDGED]),
    ("U.S. ambassador William Courtney agreed, noting that Ukraine has previously struck deep.", [COURTNEY]),
    ("William Burns noted that Ukraine has previously struck deep into Russian territory.", [COURTNEY]),
    ("Richard Grenell, a member of Trump’s cabinet, accused Biden of seeking to “escalate the war in Ukraine.”", [GRENELL]),
    ("Ukrainian forces launched a salvo of Storm Shadow missiles targeting Russian military assets.", [FIRST]),
    ("President Donald Trump Jr. accused the administration of trying to trigger World War III.", [JUNIOR]),
    ("Trump accused the administration of trying to \"trigger World War III before my father can establish peace\".", [JUNIOR]),
    # added, overreached, invented cause, dropped limit
    ("Ukrainian forces launched ATACMS missiles targeting Russian assets, killing dozens.", [FIRST]),
    ("Ukrainian forces launched a salvo of ATACMS missiles because of Russian attacks.", [FIRST]),
    ("Ukrainian forces destroyed Russian military assets in Bryansk province.", [FIRST]),
    ("Ukraine has struck deep into Russian territory using ATACMS.", [COURTNEY]),
    ("Russia has a reason to show restraint until the Trump administration takes office, Lieven noted.", [RESTRAINT]),
    ("The ATACMS deployment was authorized for use in Kursk, two anonymous officials told The Washington Post.", [KURSK]),
    ("The ATACMS deployment was initially authorized for use in Kursk and nearby regions.", [KURSK]),
    ("Biden’s decision was motivated by a desire to preempt Trump, Anatol Lieven believes.", [LIEVEN]),
    ("Anatol Lieven believes Biden’s decision was motivated by a desire to preempt Trump.", [LIEVEN]),
    ("Officials said the policy shift was driven by Russia’s recent move to deploy soldiers to the Kursk region.", [KOREA]),
    # two events welded
    ("Ukrainian forces launched a salvo of ATACMS missiles, triggering a large fire that was later extinguished.", [FIRST, PUTIN]),
    ("Putin confirmed on November 21 that Ukrainian forces launched a salvo of ATACMS missiles.", [FIRST, PUTIN]),
    ("Trump’s allies have criticized Biden’s decision and Russia retaliated with an Oreshnik.", [ALLIES2, ORESHNIK]),
    ("Mike Waltz called the move \"an escalatory step\" after Putin confirmed ATACMS strikes.", [WALTZ, PUTIN]),
    ("Moscow reported that Ukrainian forces launched six ATACMS missiles at Bryansk province.", [BRYANSK, FIRST]),
    # a modifier that limits the claim is cut
    ("Ukraine has, for the first time, deployed ATACMS, according to Ukrainian and U.S. officials.", [DEPLOYED]),
    ("According to Ukrainian and U.S. officials, Ukraine has, for the first time, deployed ATACMS.", [DEPLOYED]),
    ("The Biden administration has not acknowledged the policy shift.", [FORMAL]),
    ("Ukrainian forces launched ATACMS missiles, marking the first use of the long-range weapon.", [FIRST]),
    ("Vladimir Putin has warned Ukraine to use Western-supplied weapons to strike Russian territory.", [WARNED]),
    ("It remains unclear whether the missiles will be deployed.", [RANGE]),
    ("Biden’s refusal to permit Ukraine to use ATACMS.", [REFUSAL]),
    ("Biden permits Ukraine to use U.S.-supplied long-range Army Tactical Missile Systems.", [REFUSAL]),
    ("Officials described the move as signaling \"a new phase\" in the conflict.", [DESCRIBED]),
    ("Mike Waltz, Trump’s national security adviser, referred to the move as “another step up the escalation ladder.”", [CHOSEN]),
    ("Recently, Ukraine might be forced to cede some territory to Russia.", [ADVISER]),
    ("Korean soldiers were deployed to the Kursk region, officials told The Washington Post.", [KOREA]),
    ("Jr. accused the administration of trying to “trigger World War III.”", [JUNIOR]),
    # quotes
    ("Mike Waltz called the move \"a dangerous step\" and warned of its consequences.", [WALTZ]),
    ("Mike Waltz called the move an escalatory step and warned of its unpredictable consequences.", [WALTZ]),
    ("Lavrov suggested the Biden administration aimed to \"box Putin in\" on November 22.", [LAVROV]),
    ("Lavrov said the Biden administration aimed to take \"constructive actions\" on Ukraine.", [LAVROV]),
    ("Trump aimed to \"box the Biden administration in\", Lavrov suggested.", [LAVROV]),
    ("Moscow reported a \"new escalation\" in the ongoing war on Tuesday.", [BRYANSK]),
    # form
    ("Reports: Trump’s allies have criticized Biden’s decision.", [ALLIES2]),
    ("Trump’s allies have criticized Biden’s decision. [1]", [ALLIES2]),
    ("Trump’s allies have criticized Biden’s decision<|im_end|>.", [ALLIES2]),
    ("Trump’s allies have criticized Biden’s decision Biden’s decision.", [ALLIES2]),
    ("Trump’s allies, however, have strongly criticized the.", [ALLIES]),
    ("However, have strongly criticized the move by allies.", [ALLIES]),
    ("He believes Biden’s decision was motivated in part by a desire.", [LIEVEN]),
    ("Click to read how Trump’s allies have criticized Biden’s decision.", [ALLIES2]),
]  # fmt: skip

TRUE = [
    ("Trump’s allies have strongly criticized the move.", [ALLIES]),
    ("Trump’s allies, however, have criticized the move.", [ALLIES]),
    ("Moscow reported on Tuesday that six U.S.-supplied ATACMS missiles had been launched at targets in its Bryansk region.", [BRYANSK]),
    ("Moscow reported that six ATACMS missiles had been launched at targets in its Bryansk region.", [BRYANSK]),
    ("On Tuesday, Moscow reported that six US-supplied ATACMS missiles had been launched at targets.", [BRYANSK]),
    ("Trump may decide not to reverse Biden’s decision on the ATACMS, Miller said.", [MILLER]),
    ("Trump may decide not to reverse Biden’s decision on the ATACMS, according to Miller.", [MILLER]),
    ("Miller said Trump may decide not to reverse Biden’s decision on the ATACMS.", [MILLER]),
    ("Ukrainian forces launched a salvo of ATACMS missiles targeting Russian military assets in Bryansk province.", [FIRST]),
    ("On November 19, Ukrainian forces launched a salvo of ATACMS missiles.", [FIRST]),
    ("Vladimir Putin confirmed on November 21 that ATACMS strikes had hit an ammunition depot in Bryansk.", [PUTIN]),
    ("Putin confirmed on November 21 that ATACMS strikes had hit an ammunition depot.", [PUTIN]),
    ("ATACMS strikes had hit an ammunition depot in Bryansk, Putin confirmed on November 21.", [PUTIN]),
    ("Russia has reportedly lowered its threshold for using nuclear weapons.", [NUCLEAR]),
    ("Ukraine has been requesting permission to use U.S. weapons on Russian soil.", [ASKED]),
    ("Ukraine has been requesting permission to use American weapons on Russian soil.", [ASKED]),
    ("Vladimir Putin has warned that permitting Ukraine to use weapons to strike Russian territory would drastically change the nature of the conflict.", [WARNED]),
    ("Mike Waltz called the move \"an escalatory step\" and warned of its unpredictable consequences.", [WALTZ]),
    ("Mike Waltz called the move “an escalatory step”.", [WALTZ]),
    ("Richard Grenell accused Biden of seeking to “escalate the war in Ukraine during the transition period.”", [GRENELL]),
    ("Anatol Lieven believes Biden’s decision was motivated in part by a desire to preempt Trump.", [LIEVEN]),
    ("Biden has committed to ongoing support for Kyiv.", [PLEDGED]),
    ("Two anonymous officials said the ATACMS deployment was initially authorized for use in Kursk.", [KURSK]),
    ("The ATACMS deployment was initially authorized for use in Kursk, two anonymous officials told The Washington Post.", [KURSK]),
    ("Russia retaliated with an Oreshnik long-range ballistic missile.", [ORESHNIK]),
    ("Multiple officials have provided details about the decision to U.S. media outlets.", [FORMAL]),
    ("William Courtney agreed, noting that Ukraine has previously struck deep into Russian territory using drones.", [COURTNEY]),
]  # fmt: skip


def _passages(texts: list[str]) -> tuple[list[Passage], dict[str, Article]]:
    passages, articles = [], {}
    for n, text in enumerate(texts):
        passage = Passage(f"a{n}", 0, 0, len(text), text, 1)
        passages.append(passage)
        articles[f"a{n}"] = Article(
            f"a{n}",
            "",
            "",
            "made",
            "",
            datetime(2024, 11, 22, tzinfo=UTC),
            "stated",
            text,
            (passage,),
        )
    return passages, articles


@pytest.mark.parametrize(("sentence", "texts"), WRONG, ids=[w[0][:60] for w in WRONG])
def test_a_wrong_sentence_falls(sentence: str, texts: list[str]) -> None:
    passages, articles = _passages(texts)
    assert isinstance(
        review(sentence, passages, 1.0, articles=articles, floor=0.0, kind="statement"), Dropped
    )


@pytest.mark.parametrize(("sentence", "texts"), TRUE, ids=[t[0][:60] for t in TRUE])
def test_a_true_shortening_stands(sentence: str, texts: list[str]) -> None:
    passages, articles = _passages(texts)
    found = review(sentence, passages, 1.0, articles=articles, floor=0.0, kind="statement")
    assert isinstance(found, Claim), found


def test_the_wrong_list_is_long_enough_to_mean_something() -> None:
    assert len(WRONG) >= 60
    assert len(TRUE) >= 25
