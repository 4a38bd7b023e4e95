"""Characters that come in: what no reader sees goes, everything else stays as it is."""

from __future__ import annotations

import unicodedata
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.news import Document, Entry, Feed, Skip
from briefing.stages.clean import clean
from briefing.stages.extract import extract
from briefing.stages.parse import parse_feed, parse_file
from briefing.text.assemble import assemble
from briefing.text.characters import MOST_MARKS, UNSEEN, one_line, tidy, visible

UNSEEN_ONES = {
    "control": "\x00\x07\x08\x1b\x7f\x9b",
    "zero-width": "\u200b\u200c\u200d\u2060\ufeff",
    "direction": "\u061c\u200e\u200f\u202a\u202d\u202e\u2066\u2067\u2069",
    "soft hyphen": "\u00ad",
    "joiner": "\u034f\u17b4\u17b5",
    "variation": "\ufe00\ufe0f\U000e0100\U000e01ef\u180b\u180f",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "private": "\ue000\uf8ff\U000f0000\U0010fffd",
    "no character": "\ufdd0\ufffe\uffff\U0001fffe\U0010ffff",
    "half a pair": "\ud800\udfff",
    "marks of layout": "\ufff9\ufffa\ufffb\ufffc\u206a\U0001d173\U0001bca0",
}
BLANKS = "\u00a0\u202f\u2003\u3000\u2028\u2029\x85\u1680\u3164\u115f\u1160\uffa0\u2800"
QUOTES = "\"'“”‘’«»„‟‹›‚′″…–—½№™"
FORBIDDEN = {"Cc", "Cf", "Cs", "Co"}
SHOWN_FORMATS = {"\u0600", "\u06dd"}  # Arabic number signs have a mark of their own


@pytest.mark.parametrize("kind", UNSEEN_ONES)
def test_what_no_reader_sees_is_dropped_from_inside_a_word(kind: str) -> None:
    for unseen in UNSEEN_ONES[kind]:
        assert tidy(f"mis{unseen}sile") == "missile"
        assert one_line(f"mis{unseen}sile") == "missile"


def test_what_looks_like_a_space_is_one() -> None:
    for blank in BLANKS:
        assert tidy(f"two{blank}words") == one_line(f"two{blank}words") == "two words"


def test_a_flood_of_marks_is_thinned_and_letters_with_few_are_whole() -> None:
    zalgo = tidy("Z" + "\u0335\u0322\u0301" * 20 + "algo")
    assert len(zalgo) == len("Zalgo") + MOST_MARKS
    for word in ("Việt", "ё", "й", "ї", "שָׁלוֹם", "é"):
        assert tidy(word) == unicodedata.normalize("NFC", word)


def test_quotation_marks_and_signs_are_untouched() -> None:
    assert tidy(QUOTES) == visible(QUOTES) == QUOTES
    assert tidy("e\u0301 ½ ﬁ № …") == "é ½ ﬁ № …"  # composed, and not changed for another


PROSE = "<p>Pilots said that the first ships had left the pier before noon and met no ice.</p>" * 6

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from([c for chars in UNSEEN_ONES.values() for c in chars]),
        st.sampled_from(BLANKS + QUOTES + "aвé \n\t\u0301\u0335"),
    )
)


@given(TEXTS)
@example("\u1100\u3164\u1161 \u115f")
@example("e\u200b\u0301\u034f\u0301" * 9)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for cleaned in (visible, one_line, tidy):
        assert cleaned(cleaned(text)) == cleaned(text)


@given(TEXTS)
def test_nothing_unseen_survives(text: str) -> None:
    for cleaned in (one_line(text), tidy(text)):
        assert not UNSEEN.search(cleaned)
        assert not [
            c for c in cleaned
            if unicodedata.category(c) in FORBIDDEN
            and not ("\u0600" <= c <= "\u08ff" or "\U000110bd" <= c <= "\U00013455")
        ]  # fmt: skip
        marks = 0
        for character in cleaned:
            marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
            assert marks <= MOST_MARKS
        assert cleaned == " ".join(cleaned.split())


@given(st.text(st.sampled_from("abcАБВії09" + QUOTES + "  \n,.!?-()")))
def test_letters_digits_and_quotes_are_the_same_before_and_after(text: str) -> None:
    assert "".join(tidy(text).split()) == "".join(text.split())
    assert visible(text) == text


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_passages_are_spans_of_the_cleaned_text(pieces: list[str]) -> None:
    title, *body = [tidy(piece) or "A word." for piece in pieces]
    text, passages = assemble("a", title, body)
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert tidy(passage.text) == passage.text


def test_every_way_in_is_cleaned() -> None:
    """Titles, text, source names and authors of every kind of file, and of a feed."""
    dirt = "".join(c for chars in UNSEEN_ONES.values() for c in chars if c.isprintable() or c > " ")
    dirt = dirt.encode("utf-8", "ignore").decode() + "\u202e\u200b\U000e0041"
    title, body = (
        f"Har{dirt}bour open again",
        f"The har{dirt}bour is “open” today, offi{dirt}cials said.",
    )
    mail = EmailMessage()
    mail["Subject"], mail["From"] = title.replace("\x85", ""), f"Coast{dirt} Post <a@b.example>"
    mail.set_content(body)
    files = {
        "a.txt": f"{title}\n\n{body}\n\n{body} Twice.",
        "a.md": f"---\ntitle: {title}\npublisher: Coast{dirt} Post\n---\n{body}",
        "a.html": f"<html><title>{title}</title><meta property=og:site_name content='Coast{dirt} "
        f"Post'><article><h1>{title}</h1><p>{body}</p>{PROSE}</article></html>",
        "a.json": '{"title": "Har\\u200b\\u202ebour open again", "publisher": "Coast\\u200b Post", '
        '"text": "The har\\u200bbour is \\u201copen\\u201d today, offi\\u00adcials said."}',
    }  # fmt: skip
    found = [
        entry
        for name, text in files.items()
        for entry in entries_of(Document(name, text.encode("utf-8", "surrogatepass")))
    ]
    found += entries_of(Document("a.eml", mail.as_bytes()))
    # feedparser reads C1 controls as Windows-1252, as browsers do: they are letters then
    title, body = (text.replace("\x9b", "") for text in (title, body))
    rss = (
        f"<rss version='2.0'><channel><item><title>{title}</title><description>{body}"
        "</description></item></channel></rss>"
    )
    feed = parse_feed(Document("http://f/", rss.encode()), Feed("http://f/", "f", "Coast Post"))
    assert not isinstance(feed, Skip)
    for entry in [*found, *feed]:
        made = extract(entry, None, as_of=date(2024, 11, 22))
        assert isinstance(made, list), entry
        article = clean(made[0])
        assert "The harbour is “open” today, officials said." in article.text, entry.key
        assert article.title == "Harbour open again", entry.key
        assert article.publisher in ("Coast Post", ""), entry.key
        assert not UNSEEN.search(article.text + article.title + article.publisher)


def entries_of(document: Document) -> list[Entry]:
    found = parse_file(document, source="folder:x")
    assert not isinstance(found, Skip), found
    return found
