"""Quotation marks and speakers: what is quoted, and who is certain to have said it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.persons import full_name
from briefing.text.quotes import normalise, quotations, speaker
from briefing.text.sentences import sentences

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


def words(text: str) -> list[str]:
    return [q.words for q in quotations(text)]


def who(text: str, before: str = "", *, index: int = 0) -> str:
    return speaker(text, quotations(text)[index], before)


# -- marks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “we go home” today.", ["we go home"]),
        ('He said "we go home" today.', ["we go home"]),
        ("He said ‘we go home’ today.", ["we go home"]),
        ("He said 'we go home' today.", ["we go home"]),
        ("Er sagte „wir gehen“ heute.", ["wir gehen"]),
        ("Er sagte „wir gehen” heute.", ["wir gehen"]),
        ("Il dit «nous partons» ce soir.", ["nous partons"]),
        ("Il dit « nous partons » ce soir.", ["nous partons"]),
        ('"First," he said, "second."', ["First,", "second."]),
        ('("in brackets")', ["in brackets"]),
        ('the bridge—"a wreck"—was shut', ["a wreck"]),
        ("a “green” bank", ["green"]),
    ],
)
def test_marks_of_every_kind(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert all(q.closed for q in quotations(text))


@pytest.mark.parametrize(
    "text",
    [
        "The soldiers’ families don’t know, and it’s Kyiv’s move.",
        "The soldiers' families don't know, and it's Kyiv's move.",
        "‘Tis the season of rock ’n’ roll in the ’90s.",
        "'Tis the season of rock 'n' roll in the '90s.",
        "O’Hanlon and O'Brien went to Xi’an.",
        'A pipe of 5\' 10" was laid, then one of 12" more.',
        "Nothing is quoted here at all.",
        "",
    ],
)
def test_apostrophes_feet_and_inches_are_no_quotation(text: str) -> None:
    assert words(text) == []


def test_an_apostrophe_inside_does_not_end_a_single_quotation() -> None:
    assert words("He called it ‘the soldiers’ last day’ and left.") == ["the soldiers’ last day"]
    assert words("'It wasn't ours,' she said.") == ["It wasn't ours,"]


def test_nested_marks_give_both_with_their_depth() -> None:
    found = quotations("“She told me ‘go away’ and left,” he said.")
    assert [(q.words, q.depth) for q in found] == [
        ("She told me ‘go away’ and left,", 0),
        ("go away", 1),
    ]
    straight = quotations("\"She told me 'go away' and left,\" he said.")
    assert [q.depth for q in straight] == [0, 1]


def test_an_unclosed_mark_quotes_to_the_end_of_its_paragraph_only() -> None:
    found = quotations("“The first half goes on.\nAnd this is no quotation.")
    assert [(q.words, q.closed) for q in found] == [("The first half goes on.", False)]


def test_a_closing_mark_alone_quotes_what_stands_before_it() -> None:
    found = quotations("and that is all.” He then left.")
    assert [(q.words, q.closed) for q in found] == [("and that is all.", False)]


def test_a_forgotten_closing_mark_does_not_swap_inside_and_outside() -> None:
    found = quotations('He said "we go. Then she said "you stay" again.')
    assert ("you stay", True) in [(q.words, q.closed) for q in found]
    assert "again." not in " ".join(q.words for q in found)


def test_scare_quotes_are_short_and_statements_are_not() -> None:
    assert [q.short for q in quotations("a “new phase” and a “line” and “we go home”")] == [
        True,
        True,
        False,
    ]
    assert quotations("“World War 3”")[0].count == 3


@given(st.text(alphabet="ab’'\"“”‘„«» .,\n5S", max_size=40))
def test_spans_always_hold_the_words(text: str) -> None:
    for q in quotations(text):
        assert text[q.start : q.end] == q.words
        assert q.words.strip() == q.words != ""
        assert "\n" not in q.words


@given(st.lists(st.sampled_from(["“a b,” he said.", "‘c d’ is it.", '"e f" it was.', "g’s h."])))
def test_closed_quotations_do_not_depend_on_their_neighbours(parts: list[str]) -> None:
    together = [q.words for q in quotations("\n".join(parts))]
    assert together == [w for part in parts for w in words(part)]


# -- equality ----------------------------------------------------------------------------------


def test_normalise_evens_marks_and_spaces_and_nothing_else() -> None:
    assert normalise("“a  ‘b’\u00a0c”") == normalise("\"a 'b' c\"")
    assert normalise("it’s") == normalise("it's")
    for other in ("A b c.", "a b c", "a b d.", "a, b c.", "a-b c."):
        assert normalise(other) != normalise("a b c.")


# -- speakers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We go home,” Anna Berg said.", "Anna Berg"),
        ('"We go home," said Anna Berg.', "Anna Berg"),
        ("“We go home,” harbour spokeswoman Anna Berg said on Monday.", "Anna Berg"),
        ("“We go home,” said harbour spokeswoman Anna Berg on Monday.", "Anna Berg"),
        ("“We go home,” said Anna Berg, a senior fellow at the Lunden Institute.", "Anna Berg"),
        ("“We go home,” Anna Berg, who runs the port, told reporters.", "Anna Berg"),
        ("“Why now?” Anna Berg asked.", "Anna Berg"),
        ("Anna Berg said: “We go home.”", "Anna Berg"),
        ("Foreign Minister Anna Berg said: “We go home.”", "Anna Berg"),
        ("On Monday, Anna Berg told the council that “we go home as planned.”", "Anna Berg"),
        ("According to Anna Berg, “we go home as planned.”", "Anna Berg"),
        ("“We go home,” according to Anna Berg.", "Anna Berg"),
        ("Anna Berg, head of the port, called it “a step we all regret.”", "Anna Berg"),
        ("Anna Berg accused the council of trying to “sink the port for good.”", "Anna Berg"),
        ("“We go home,” said Anna Berg of the Lunden Institute.", "Anna Berg"),
        ("Anna Berg of the Lunden Institute argued it was “the least bad way.”", "Anna Berg"),
        ("“We go home,” the Kremlin said.", "Kremlin"),
        ("“We go home,” O’Hanlon said.", "O’Hanlon"),
        ("Karl Berg Jr. said it was “made to start a war at sea.”", "Karl Berg Jr."),
    ],
)
def test_the_speaker_is_named(text: str, expected: str) -> None:
    assert who(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“We go home,” observers note.",
        "“We go home,” the ministry in Kyiv said.",
        "“We go home,” said officials in Kyiv.",
        "“We go home,” Berg and Lund said.",
        "“We go home,” Berg’s spokesman said.",
        "“We go home,” said Berg’s lawyer.",
        "“We go home,” he said.",
        "“We go home,” Republicans said.",
        "“We go home.” Berg said nothing more.",
        "Berg said that the port was shut. “We go home at once.”",
        "Berg said that the port was shut. “We go home at once,” they said.",
        "“We go home,” Berg allegedly told a friend.",
        "A sign read “keep away from the quay.”",
        "Berg spoke, but a man close to Lund called it “the end of the port.”",
        "Berg quoted Lund as saying “the port is done for good.”",
        "Berg denied that the port was “as good as dead now.”",
        "Berg said the move was wrong, while many in town called it “a day to remember.”",
        "Berg, citing Lund, said it was “the end of the port.”",
        "The so-called “port of all ports” that Berg said nothing about is shut.",
    ],
)
def test_no_speaker_where_two_readings_are_possible(text: str) -> None:
    assert who(text) == ""


def test_the_nearest_subject_speaks() -> None:
    assert who("Berg said that Lund called it “the end of the port.”") in ("", "Lund")
    assert who("Berg said that “we go,” Lund said.") in ("", "Lund")


def test_two_quotations_of_two_speakers_in_one_sentence() -> None:
    text = "Berg said: “No,” and Lund said “Yes.”"
    assert [who(text, index=0), who(text, index=1)] == ["Berg", "Lund"]


def test_both_halves_of_a_split_quotation() -> None:
    assert who("“We go,” Berg said, “and we stay.”", index=1) == "Berg"
    assert who("“We go home,” said Anna Berg. “The port is done.”", index=1) == "Anna Berg"
    assert who("“The port is done.”", "“We go home,” Anna Berg said.") == "Anna Berg"


def test_the_second_half_with_its_own_speaker_is_his() -> None:
    text = "“We go home,” Berg said. “The port is done,” Lund said."
    assert who(text, index=1) == "Lund"


def test_a_quotation_after_another_paragraph_is_nobodys() -> None:
    assert who("“The port is done.”", "Anna Berg spoke for an hour.") == ""


def test_an_addressee_is_not_the_speaker() -> None:
    assert who("Berg told Lund, “Go home at once.”") == "Berg"


def test_a_pronoun_means_the_only_person_before() -> None:
    assert who("“We go home,” he said.", "Karl Berg came to the port.") == "Karl Berg"
    assert who("He told Fox News, “Nobody knows.”", "Karl Berg, a dock worker, spoke.") == (
        "Karl Berg"
    )
    assert who("“We go,” he said.", "Karl Berg met Olaf Lund at the port.") == ""
    assert who("“We go,” he said.", "The port of Moscow was shut by the Ministry of Ports.") == ""
    assert who("“We go,” she said.", "She gave us the number of her sister, Anna Berg.") == ""
    assert who("“We go,” he said.", "Karl Berg spoke. He was tired.") == "Karl Berg"
    assert who("“We go,” he said.", "Karl Berg spoke. Later Berg left for Kyiv.") == "Karl Berg"


def test_a_nested_quotation_has_no_certain_speaker() -> None:
    text = "“He told me ‘go away from here now’ and left,” Berg said."
    assert [who(text, index=0), who(text, index=1)] == ["Berg", ""]


def test_a_surname_is_filled_up_only_when_one_person_bears_it() -> None:
    text = "Anna Berg spoke first. Aaron David Miller and David Miller came later."
    assert full_name("Berg", text) == "Anna Berg"
    assert full_name("Miller", text) == "Miller"
    assert full_name("Lund", text) == "Lund"
    assert full_name("Anna Berg", text) == "Anna Berg"


def test_the_speakers_of_the_seeds() -> None:
    """Read by hand: every attributed quotation of five words or more, and no wrong name."""
    found: dict[str, str] = {}
    for path in SEEDS:
        text = path.read_text("utf-8")
        spans = sentences(text)
        for n, (start, end) in enumerate(spans):
            before = text[spans[n - 1][0] : spans[n - 1][1]] if n else ""
            for q in quotations(text[start:end]):
                if q.count >= 5:
                    found[q.words[:24]] = speaker(text[start:end], q, before)
    assert found == {
        "It’s rare that a decisio": "",
        "My own feeling is that t": "",
        "another step up the esca": "Mike Waltz",
        "And nobody knows where t": "Mike Waltz",
        "escalate the war in Ukra": "Richard Grenell",
        "within 24 hours of takin": "",
        "Maintaining a continuous": "",
        "If ATACMS can help Ukrai": "Miller",
        "Some Republicans still v": "Miller",
        "trigger World War III be": "Donald Trump Jr.",
        "Biden’s strategy has con": "O’Hanlon",
        "Authorizing ATACMS is li": "David Miller",
        "The limited number of AT": "David Miller",
        "This isn’t a strategic g": "William Courtney",
        "Direct U.S.-Russia confl": "Lieven",
    }
