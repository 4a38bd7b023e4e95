"""What a sentence may not lose beside a word that it kept, and what it may."""

from __future__ import annotations

import pytest

from briefing.stages.check.cutting import rehung
from briefing.stages.check.losses import lost

SOURCE = (
    "The envoy of Kyiv’s allies reportedly said that up to 20 rockets may be fired into Veldoria, "
    "though the depot was not hit."
)


@pytest.mark.parametrize(
    ("source", "text", "word"),
    [
        (SOURCE, "The envoy said that up to 20 rockets may be fired into Veldoria.", "reportedly"),
        (SOURCE, "The envoy of Kyiv reportedly said that up to 20 rockets may fly.", "Kyiv"),
        (SOURCE, "The envoy reportedly said that 20 rockets may be fired into Veldoria.", "up to"),
        (SOURCE, "The envoy reportedly said that up to 20 rockets may be fired.", "Veldoria"),
        (SOURCE, "Up to 20 rockets were fired into Veldoria, the envoy reportedly said.", "may"),
        (SOURCE, "The depot was hit.", "not"),
        ("The missiles can hit Veldoria.", "The missiles did hit Veldoria.", "can"),
    ],
)
def test_a_limit_beside_a_kept_word_must_stay(source: str, text: str, word: str) -> None:
    assert word in lost(text, source)


@pytest.mark.parametrize(
    "text",
    [
        "The envoy of Kyiv’s allies reportedly said that up to 20 rockets may be fired into "
        "Veldoria.",
        "Up to 20 rockets might be fired into Veldoria, the envoy reportedly said.",
        "The depot was not hit.",
        "The depot escaped.",
    ],
)
def test_what_keeps_its_limits_or_leaves_the_matter_out_may_stand(text: str) -> None:
    assert lost(text, SOURCE) == ""


def test_a_government_may_be_told_by_its_country() -> None:
    source = "Lebanon’s government has asked the bank for a loan."
    assert lost("Lebanon has asked the bank for a loan.", source) == ""


def test_a_phrase_may_not_hang_on_another_word() -> None:
    source = "The missiles were authorized for use in Kursk, and two were fired at dawn."
    assert "hangs" in rehung("The missiles were authorized in Kursk.", source)
    assert rehung("The missiles were authorized for use in Kursk.", source) == ""
