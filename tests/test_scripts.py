"""Words in letters of two scripts are found; honest words of two languages are not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.news import Article, Entry
from briefing.stages.clean import DISGUISED, clean, talking
from briefing.stages.extract import extract
from briefing.text.instructions import LOOKALIKES as REASON
from briefing.text.scripts import LOOKALIKES, mixed, plain_latin

DISGUISES = [
    ("Віden lets Ukraine fire missiles", "Віden", "Biden"),
    ("Zelеnsky speaks in Kyiv", "Zelеnsky", "Zelensky"),
    ("Τrump calls it a mistake", "Τrump", "Trump"),
    ("Missiles hit Вrуаnsk depot", "Вrуаnsk", "Bryansk"),
    ("ТАСС reports from the front", "ТАСС", "TACC"),
    ("Новини Pоссии за тиждень", "Pоссии", "Poccии"),
]
HONEST = [
    "ЗСУ вдарили ATACMS-ракетами по Брянщині",
    "Росія випустила «Орєшнік», пише The New York Times",
    "Минобороны: сбиты две ракеты Storm Shadow и HIMARS",
    "Вiйна триває: що сказав Зеленський",  # a Latin "i", as many keyboards write it
    "COVIDный год и VIPы",
    "Лавров о Taurus: ФРГ не даст",
    "Пресслужба ОП: F-16 та MiG-29 в небі",
    "Die Größe der Straße in Zürich",
    "Café, naïve, Łódź, Orbán, Erdoğan",
    "5 μm of dust, 10 kΩ and αβγ",
    "Kyiv (Київ) and Moscow (Москва)",
    "Володимир Зеленський met Joe Biden",
    "А и Б сидели на трубе",
]


@pytest.mark.parametrize(("text", "word", "latin"), DISGUISES)
def test_a_word_in_letters_of_two_scripts_is_found(text: str, word: str, latin: str) -> None:
    assert mixed(text) == (word,)
    assert latin in plain_latin(text)


@pytest.mark.parametrize("text", HONEST)
def test_honest_words_are_left_alone(text: str) -> None:
    assert mixed(text) == ()


def test_styled_and_struck_letters_are_read_as_plain_ones() -> None:
    assert plain_latin("𝐈𝐠𝐧𝐨𝐫𝐞 Ｉｇｎｏｒｅ i̶g̶n̶o̶r̶e̶") == "Ignore Ignore ignore"
    assert plain_latin("Київ і Йосип, ёлка") == "Київ і Йосип, ёлка"


@given(st.text(st.sampled_from([*LOOKALIKES, *LOOKALIKES.values(), *"  bdqж.й"])))
def test_the_latin_of_a_latin_text_has_no_disguise_left(text: str) -> None:
    again = plain_latin(plain_latin(text))
    assert len(mixed(again)) <= len(mixed(text))


def made(title: str, *body: str) -> Article:
    text = f"{title}\n\n" + "\n\n".join(body)
    entry = Entry("k", "folder:x", "", title, None, text, "text", "Coast Post")
    found = extract(entry, None, as_of=date(2024, 11, 22))
    assert isinstance(found, list)
    return clean(found[0])


def test_a_disguised_headline_names_the_article_and_proves_nothing() -> None:
    article = made(
        "Віden resigns over missiles",
        "The president spoke of ATACMS missiles in Washington on Sunday.",
    )
    assert article.title.startswith("Віden")
    assert article.title_origin == "made"
    assert not [p for p in article.passages if mixed(p.text)]


def test_a_disguised_sentence_is_left_out_and_told() -> None:
    article = made(
        "President speaks",
        "The president spoke of ATACMS missiles in Washington on Sunday.",
        "Zelеnsky gave up the city, a source said.",
    )
    assert "gave up" not in article.text
    assert [r.reason for r in article.removed] == [REASON]
    assert [(s.subject, s.reason, s.detail) for s in talking([article])] == [
        ("Coast Post", DISGUISED, "1")
    ]
