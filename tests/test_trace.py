"""Origins: reprints of every kind are one report, and independent reports stay several."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import Article, Origin
from briefing.stages.trace import body_paragraphs, trace
from briefing.text import lexical
from briefing.text.assemble import assemble
from briefing.text.outlets import origin_name, told_by

NOW = datetime(2024, 11, 22, 18, tzinfo=UTC)

REPORTS = {
    "bridge": (
        "The new bridge over the Tane opened to lorries on Friday after seven years of work.",
        "“Nobody in this town believed that we would see the day,” said the mayor, Odile Farr.",
        "Builders had struggled with floods, a strike and a shortage of steel.",
        "The cost rose from forty to ninety million crowns, auditors reported in spring.",
        "Lorries must keep to the slow lane until sensors have been calibrated.",
        "Engineers expect the old ferry to be sold to a museum before winter.",
    ),
    "rival": (
        "Seven years late, Tane has its crossing: the first trucks rolled over it on Friday.",
        "“Nobody in this town believed that we would see the day,” Mayor Odile Farr said.",
        "Costs more than doubled to ninety million crowns while floods held up the work.",
        "Residents of the eastern bank can now reach the hospital in ten minutes.",
        "A museum in Lund has offered to take the ferry that served the town since 1931.",
    ),
    "talks": (
        "Dock workers and the port of Lunden resumed talks on Thursday, the union said.",
        "Both sides want to end the strike that has kept forty ships at anchor since Monday.",
        "The port offered a raise of four per cent, which the union turned down last week.",
        "Bakers warn that flour will run out within days if the grain ships are not unloaded.",
    ),
    "storm": (
        "A storm closed the northern railway between Oster and Lund on Tuesday evening.",
        "Two trains with three hundred passengers were stuck for nine hours, the operator said.",
        "Crews cleared eleven fallen trees from the line before service resumed on Wednesday.",
        "Forecasters expect more wind by the weekend, when thousands travel to the fair.",
    ),
}
LOCAL = (
    "Readers in Sulm will remember the collapse of our own footbridge in 1998.",
    "The council of Brellin meets on Monday to discuss what this means for the valley.",
    "In Varn, shopkeepers told this paper that they had heard nothing of it.",
    "Ekholm saw the like in the autumn of 1974, as its chronicle records.",
)


def article(
    key: str,
    paragraphs: tuple[str, ...],
    *,
    title: str = "",
    publisher: str = "",
    credits: tuple[str, ...] = (),
    url: str = "",
) -> Article:
    text, passages = assemble(key, title, list(paragraphs))
    return Article(
        id=key, url=url, title=title or key, title_origin="stated" if title else "made",
        publisher=publisher, published=NOW, date_origin="stated", text=text, passages=passages,
        credits=credits,
    )  # fmt: skip


def traced(articles: list[Article]) -> list[Origin]:
    texts = [text for a in articles for text in body_paragraphs(a)]
    rows = iter(lexical.vectors(texts))
    return trace(
        articles, {a.id: np.array([next(rows) for _ in body_paragraphs(a)]) for a in articles}
    )


def originals() -> list[Article]:
    return [article(key, text, publisher=key.title()) for key, text in REPORTS.items()]


def test_independent_reports_of_one_event_stay_apart() -> None:
    """The first two tell one event and share its quotation."""
    assert len(traced(originals())) == len(REPORTS)


Plan = tuple[str, int, bool, int, bool, bool]
copies = st.tuples(
    st.sampled_from(sorted(REPORTS)),
    st.integers(2, 6),
    st.booleans(),
    st.integers(0, 6),
    st.booleans(),
    st.booleans(),
)


def copied(number: int, plan: Plan) -> Article:  # a reprint as papers make it
    source, kept, local, at, marks, headed = plan
    paragraphs = list(REPORTS[source][:kept])
    paragraphs[min(at, len(paragraphs)) : min(at, len(paragraphs))] = (
        [LOCAL[number]] if local else []
    )
    if marks:
        paragraphs = [p.translate({0x201C: '"', 0x201D: '"', 0x2019: "'"}) for p in paragraphs]
    title = f"Something quite different, number {number}" if headed else ""
    return article(f"copy{number}", tuple(paragraphs), title=title, publisher=f"Paper {number}")


@settings(max_examples=60, deadline=None)
@given(st.lists(copies, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_adding_a_reprint_never_raises_the_count(plans: list[Plan], chance: object) -> None:
    """Another headline, a cut tail, a local sentence, other marks, another publisher, any order."""
    articles = originals()
    before = len(traced(articles))
    for number, plan in enumerate(plans):
        articles.append(copied(number, plan))
        chance.shuffle(articles)  # type: ignore[attr-defined]
        origins = traced(articles)
        assert len(origins) <= before
        home = next(o for o in origins if f"copy{number}" in o.articles)
        assert plan[0] in home.articles, "a reprint went to another report"
        assert sorted(a for o in origins for a in o.articles) == sorted(a.id for a in articles)
    for one, other in combinations(REPORTS, 2):
        assert not any({one, other} <= set(o.articles) for o in origins)


def test_two_that_credit_the_same_wire_are_two() -> None:
    one = article("a", REPORTS["bridge"], credits=("Reuters",))
    other = article("b", REPORTS["rival"], credits=("Reuters",))
    assert len(traced([one, other])) == 2


def test_versions_of_one_page_are_one_and_posts_of_a_live_blog_are_not() -> None:
    page = "https://example.org/a"
    one = article("a", REPORTS["bridge"], url=page)
    other = article("b", REPORTS["storm"], url=page)
    (origin,) = traced([one, other])
    assert origin.evidence == "versions of one page"
    posts = [
        article("a-1", REPORTS["bridge"], url=page),
        article("a-2", REPORTS["storm"], url=page),
    ]
    assert len(traced(posts)) == 2


def test_a_shared_quotation_is_no_reprint() -> None:
    said = "“We have waited for this day since my father was a boy, and I thank all who built it,”"
    one = article("a", (f"{said} the mayor of Tane said.", "Lorries may cross from Friday."))
    other = article("b", (f"{said} she said.", "A ferry will go to a museum in Lund."))
    assert len(traced([one, other])) == 2


# -- what origins are called ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credits", "publisher", "name"),
    [
        (("Reuters",), "The Sulm Post", "Reuters"),
        (("Agence France-Presse",), "The Sulm Post", "AFP"),
        (("The Associated Press",), "", "AP"),
        (("Tass",), "", "TASS"),
        (("DPA",), "Sulm Post", "dpa"),
        ((), "Reuters", "Reuters"),
        ((), "The Moscow Times", "Moscow Times"),
        (("Reuters", "AFP"), "The Sulm Post", "Sulm Post"),  # put together by the paper itself
        (("Axios",), "The Sulm Post", "Axios"),
        (("Axios", "AFP"), "The Sulm Post", "AFP"),
        (("Reuters", "AFP"), "", "Reuters"),
        ((), "", "own report"),
    ],
)
def test_an_origin_is_called_by_the_wire_or_the_publisher(
    credits: tuple[str, ...], publisher: str, name: str
) -> None:
    one = article("a", REPORTS["storm"], credits=credits, publisher=publisher)
    assert origin_name([one]) == name


def test_reprints_are_called_by_the_wire_that_any_of_them_credits() -> None:
    bare = article("a", REPORTS["storm"], publisher="Sulm Post")
    open_about_it = article("b", REPORTS["storm"], publisher="Varn Echo", credits=("AFP",))
    assert origin_name([bare, open_about_it]) == "AFP"
    assert origin_name([bare, replace(open_about_it, credits=())]) == "Sulm Post"


def test_told_by_names_wires_first_and_nobody_twice() -> None:
    articles = {
        a.id: a
        for a in (
            article("a", REPORTS["bridge"], publisher="Sulm Post"),
            article("b", REPORTS["rival"], publisher="Varn Echo", credits=("Reuters",)),
            article("c", REPORTS["storm"], publisher="Oster News", credits=("Reuters",)),
            article("d", REPORTS["talks"]),
            article("e", REPORTS["talks"], publisher="Lund Times", credits=("AFP",)),
        )
    }
    origins = [Origin("a", ("a",)), Origin("d", ("d", "e"))]
    assert told_by("abcde", origins, articles) == ("Reuters", "AFP", "Sulm Post")
    assert told_by("de", origins, articles) == ("AFP",)
    assert told_by("d", origins, articles) == ("own report",)  # as its own article tells it
    assert told_by("ad", [], articles) == ("Sulm Post", "own report")
