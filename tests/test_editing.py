"""What became of an article's words: edited, taken back, or the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.news import Article, Removed
from briefing.text.assemble import assemble
from briefing.text.editing import closest, differs, not_much_longer, taken_back

TITLE = "Minister opens the north pier"
BODY = (
    "The minister for ports opened the north pier of Lunden on Thursday.",
    "Nine ferries may use it from next week, the port authority said.",
    "Dock workers had asked for a second crane for three years.",
)


def article(*body: str, title: str = TITLE, removed: tuple[str, ...] = ()) -> Article:
    text, passages = assemble("a", title, body)
    gone = tuple(Removed(one, "advert") for one in removed)
    origin = "stated" if title else "made"
    return Article(
        "a", "", title or "made", origin, "", None, "unknown", text, passages, removed=gone
    )


OLD = article(*BODY)


def edited(old: Article, new: Article) -> bool:
    return differs(old, new, whole=new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BODY[1], "Seven ferries may use it from next week, the port authority said."),
        (BODY[1], "Nine ferries will use it from next week, the port authority said."),
        (BODY[2], ""),
        (BODY[2], f"{BODY[2]} It did not come."),
    ],
)
def test_other_words_are_an_edit(old: str, new: str) -> None:
    body = [one.replace(old, new) for one in BODY]
    assert edited(OLD, article(*filter(None, body)))
    assert closest(OLD, [article(*filter(None, body))])


def test_another_headline_is_an_edit() -> None:
    assert edited(OLD, article(*BODY, title="Minister shuts the north pier"))


def test_another_look_is_none() -> None:
    assert not edited(OLD, OLD)
    assert not edited(OLD, article(" ".join(BODY)))  # paragraphs
    old = article('The minister said: "It is open" - at last.')
    assert not edited(old, article("The Minister said: “It is open” – at last."))


def test_what_is_taken_out_of_one_of_them_is_no_edit() -> None:
    """An advert judged otherwise today is neither lost nor added by the source."""
    advert = "Book your ferry now."
    plain, told = article(*BODY), article(*BODY, advert)
    kept = article(*BODY, removed=(advert,))
    assert edited(plain, told)
    assert not edited(kept, told)
    assert not differs(told, plain, whole=told)


def test_the_closest_text_is_the_later_one() -> None:
    other = article(
        "The king of Lunden opened a garden on Thursday.", "Nine trees stand in it.", title="Garden"
    )
    grown = article(*BODY, *(f"More was said of it on day {n} in the town." for n in range(60)))
    lead = article(BODY[0])
    assert closest(OLD, [other]) is None
    assert closest(OLD, [lead]) is None  # the stub in front of a paywall
    assert closest(OLD, []) is None
    assert closest(OLD, [other, lead, grown]) is grown
    assert closest(OLD, [OLD, grown]) is OLD  # of equals the first
    assert closest(article(title="X"), [OLD]) is None


def test_how_much_longer_an_article_is() -> None:
    assert not_much_longer(OLD, OLD)
    assert not_much_longer(OLD, article(*BODY, *BODY))
    assert not not_much_longer(OLD, article(*BODY[:2]))


@pytest.mark.parametrize(
    "head",
    [
        "RETRACTED: Minister opens the north pier",
        "Withdrawn: Minister opens the north pier",
        "This article has been withdrawn.",
        "This story was removed because it named the wrong pier.",
        "Editor's note: This news article has since been retracted by its author.",
        "EDITORS’ NOTE — This report has been temporarily taken down.",
    ],
)
def test_a_notice_takes_back(head: str) -> None:
    assert taken_back(head)
    assert taken_back("", article(head, *BODY).passages)
    assert taken_back("", article(*BODY, title=head).passages)
    assert not taken_back("", article(*BODY * 3, head).passages)  # at the head alone


def test_in_what_is_left_of_a_page_the_notice_may_stand_anywhere() -> None:
    notice = "Home News Lunden This article has been withdrawn."
    assert taken_back("", article(notice).passages)
    assert not taken_back("", article(*BODY * 3, notice).passages)


@pytest.mark.parametrize(
    "head",
    [
        "",
        "Troops withdrawn from the north pier",
        "Retracted statement causes anger",
        "The report was withdrawn by the ministry on Thursday.",
        "The article has been removed from the constitution.",
        "This article has been updated.",
        "This story has been corrected: there are nine ferries.",
        "This pier has been removed.",
        "He said that this article was removed.",
    ],
)
def test_news_of_withdrawals_and_other_notices_do_not(head: str) -> None:
    assert not taken_back(head)
    assert not taken_back("", article(head or BODY[0], *BODY).passages)


def test_removed_text_is_no_head() -> None:
    kept = replace(OLD, removed=(Removed("This article has been withdrawn.", "note"),))
    assert not taken_back("", kept.passages)
