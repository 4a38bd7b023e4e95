"""Mail addresses: what is accepted, how it goes out, and what is refused with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import ConfigError
from briefing.stages.address import Mailbox, envelope, mailbox


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  reader@example.org\n", "reader@example.org"),
        ("First.Last+news@Example.ORG", "First.Last+news@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@BÜCHER.example", "reader@xn--bcher-kva.example"),
        ("reader@straße.example", "reader@xn--strae-oqa.example"),  # IDNA 2003 wrote "strasse"
        ("reader@xn--bcher-kva.example", "reader@xn--bcher-kva.example"),
        ("reader@почта.рф", "reader@xn--80a1acny.xn--p1ai"),
        ("reader@例え。テスト", "reader@xn--r8jz45g.xn--zckzah"),
        ("root@localhost", "root@localhost"),
        ("Reader <reader@example.org>", "reader@example.org"),
        ("<reader@example.org>", "reader@example.org"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_what_people_write_becomes_what_a_server_takes(written: str, sent: str) -> None:
    assert envelope(written) == sent
    assert envelope(sent) == sent


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("The Briefing <b@example.org>", "The Briefing"),
        ('"The Briefing, Lunden" <b@example.org>', "The Briefing, Lunden"),
        ("Łódź desk<b@example.org>", "Łódź desk"),
        ("a\r\nb <b@example.org>", "a b"),
        ("b@example.org", ""),
    ],
)
def test_a_name_stands_beside_the_address(written: str, name: str) -> None:
    assert mailbox(written) == Mailbox("b@example.org", name)
    assert mailbox(written).domain == "example.org"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no @"),
        ("reader", "no @"),
        ("@example.org", "no plain name"),
        ("reader@", "no host name"),
        ("a@b.example\r\nBcc: c@d.example", "no plain name"),
        ("a@b.example\r\nBcc: c", "no host name"),
        ("a@b.example, c@d.example", "no plain name"),
        ("a@b.example c@d.example", "no plain name"),
        ("a@b@c.example", "no plain name"),
        ('"a b"@c.example', "no plain name"),
        ("a..b@c.example", "no plain name"),
        (".a@c.example", "no plain name"),
        ("a(comment)@c.example", "no plain name"),
        ("a\x00@c.example", "no plain name"),
        ("<a@c.example> <b@c.example>", "no plain name"),
        ("ä@c.example", "of a to z"),
        ("ａ@c.example", "of a to z"),
        ("a@[127.0.0.1]", "no host name"),
        ("a@127.0.0.1", "no host name"),
        ("a@c.example.", "no host name"),
        ("a@-c.example", "no host name"),
        ("a@c_d.example", "no host name"),
        ("a@c..example", "no host name"),
        ("a@c.exa mple", "no host name"),
        ("a@c.example\u202e", "no host name"),
        ("a@xn--.example", "no host name"),
        ("a@\ud800.example", "no host name"),
        ("a@intranet", "no dot"),
        (f"{'a' * 65}@c.example", "too long"),
        (f"{'a' * 9}@{'b.' * 120}example", "too long"),
        (f"a@{'b.' * 126}example", "no host name"),
        (f"a@{'b' * 64}.example", "no host name"),
        ("a@" + "b" * 10_000, "too long"),
    ],
)
def test_what_is_no_address_says_why(written: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        envelope(written, where="[mail] sender")
    assert caught.value.where == "[mail] sender"
    assert caught.value.remedy
    assert len(caught.value.message) < 300
    assert caught.value.message.isprintable()


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_accepted_can_stand_in_a_command_of_smtp(before: str, behind: str) -> None:
    for written in (before, f"{before}@{behind}", f"{before}@example.org", f"a@{behind}"):
        try:
            sent = envelope(written)
        except ConfigError:
            continue
        assert sent.isascii()
        assert not set(sent) & set(' <>()[],:;\\"\r\n\t\0')
        assert sent.count("@") == 1
        assert len(sent) <= 254
        assert envelope(sent) == sent
