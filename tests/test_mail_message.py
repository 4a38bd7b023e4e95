"""Mails as bytes: read back by Python's `email` they say exactly what was meant, and no text can
write into a field that is not its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from editions import LONG, claim, digest, long
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.errors import ConfigError
from briefing.news import Digest
from briefing.post import Mail, Subscriber
from briefing.stages import address
from briefing.stages.address import fields
from briefing.stages.render import letter_html, letter_subject, letter_text
from briefing.text.characters import one_line

READER = Subscriber("0" * 32, "reader@home.example", "harbour-strike")
SENDER = "The Briefing <briefing@press.example>"
DATE = datetime(2024, 11, 22, 6, 30, 5, tzinfo=timezone(timedelta(hours=2)))
ARCHIVE = "https://briefing.example/2024-11-22/harbour-strike/"
LEAVE = "https://briefing.example/unsubscribe/" + "0" * 32 + "." + "f" * 32


def mail_of(edition: Digest, reader: Subscriber = READER, **other: Any) -> Mail:
    given = {
        "subject": letter_subject(edition),
        "text": letter_text(edition, archive=ARCHIVE, unsubscribe=LEAVE),
        "html": letter_html(edition, archive=ARCHIVE, unsubscribe=LEAVE),
        "sender": SENDER,
        "date": DATE,
        "archive": ARCHIVE,
        "unsubscribe": LEAVE,
    }
    return address.edition_mail(edition, reader, **(given | other))


def parsed(mail: Mail) -> EmailMessage:
    read = message_from_bytes(mail.content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def fit_for_the_wire(content: bytes) -> None:
    """What RFC 5321 and 5322 ask of the bytes, and RFC 2045 and 2047 of the encodings."""
    assert content.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", content)
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    head, _, body = content.partition(b"\r\n\r\n")
    for line in body.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith(b" ")
    for line in head.split(b"\r\n"):
        assert b"=?" not in line or len(line) <= 76


def bodies(read: EmailMessage) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in read.iter_parts()]


# -- the fields --------------------------------------------------------------------------------


def test_an_edition_read_back_has_exactly_our_fields() -> None:
    edition = digest()
    mail = mail_of(edition, reply_to="Łódź desk <desk@press.example>")
    fit_for_the_wire(mail.content)
    read = parsed(mail)
    thread = read["References"]
    assert read.items() == [
        ("From", "The Briefing <briefing@press.example>"),
        ("To", "reader@home.example"),
        ("Subject", "Harbour strike, 22 November 2024: Lunden shuts its harbour"),
        ("Date", "Fri, 22 Nov 2024 06:30:05 +0200"),
        ("Message-ID", mail.message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Reply-To", "Łódź desk <desk@press.example>"),
        ("In-Reply-To", thread),
        ("References", thread),
        ("List-Id", '"Harbour strike" <harbour-strike.press.example>'),
        ("List-Archive", f"<{ARCHIVE}>"),
        (
            "List-Unsubscribe",
            f"<{LEAVE}>, <mailto:desk@press.example?subject=unsubscribe%20harbour-strike>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("MIME-Version", "1.0"),
        ("Content-Type", read["Content-Type"]),
    ]
    assert read["Date"].datetime == DATE
    assert re.fullmatch(r"<[0-9a-f]{32}@press\.example>", mail.message_id)
    assert re.fullmatch(r"<[0-9a-f]{32}@press\.example>", thread)
    assert (mail.kind, mail.sender, mail.recipient, mail.subscriber, mail.edition) == (
        "edition", "briefing@press.example", "reader@home.example", READER.id, edition.edition,
    )  # fmt: skip


@pytest.mark.parametrize("edition", [digest(), long(LONG + " Їжак — “so”."), digest(1)])
def test_text_and_html_come_back_to_the_letter_text_first(edition: Digest) -> None:
    read = parsed(mail_of(edition))
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert [part["Content-Type"].params["charset"] for part in read.iter_parts()] == ["utf-8"] * 2
    assert bodies(read) == [
        letter_text(edition, archive=ARCHIVE, unsubscribe=LEAVE),
        letter_html(edition, archive=ARCHIVE, unsubscribe=LEAVE),
    ]


def test_a_script_of_another_alphabet_travels_as_base64() -> None:
    text = "Гавань Лундена закрыта до весны.\n" * 50
    mail = mail_of(digest(), text=text, html=f"<p>{text}</p>\n")
    fit_for_the_wire(mail.content)
    read = parsed(mail)
    assert [part["Content-Transfer-Encoding"] for part in read.iter_parts()] == ["base64"] * 2
    assert bodies(read)[0] == text


def test_without_a_site_one_leaves_by_mail() -> None:
    read = parsed(mail_of(digest(), archive="", unsubscribe=""))
    assert read["List-Unsubscribe"] == (
        "<mailto:briefing@press.example?subject=unsubscribe%20harbour-strike>"
    )
    for name in ("List-Archive", "List-Unsubscribe-Post", "Reply-To"):
        assert read[name] is None


def test_one_click_is_promised_over_https_alone() -> None:
    read = parsed(mail_of(digest(), unsubscribe=LEAVE.replace("https", "http")))
    assert read["List-Unsubscribe"].startswith("<http://briefing.example/unsubscribe/")
    assert read["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x", "https://", "https://a.example/> <mailto:x@y.example", "https://ä.example/",
        "https://a.example/\r\nBcc: x@y.example", "https://a.example/a,b", "https://a.example/ b",
        "https://a.example/\n", "https://a.example/" + "x" * 1000,
    ],
)  # fmt: skip
def test_an_address_that_could_leave_its_brackets_is_refused(url: str) -> None:
    for name in ("archive", "unsubscribe"):
        with pytest.raises(ConfigError, match=r"\[site\] url.*no web address"):
            mail_of(digest(), **{name: url})


def test_long_domains_and_ids_are_never_encoded() -> None:
    domain = ".".join(["d" * 60] * 3) + ".example"
    reader = replace(READER, address=f"{'r' * 60}@{domain}")
    mail = mail_of(digest(), reader, sender=f"Press <{'s' * 60}@{domain}>")
    fit_for_the_wire(mail.content)
    head = mail.content.partition(b"\r\n\r\n")[0]
    assert b"=?" not in head
    read = parsed(mail)
    assert read["To"].addresses[0].addr_spec == mail.recipient == reader.address
    assert read["From"].addresses[0].addr_spec == mail.sender
    assert read["Message-ID"] == mail.message_id
    assert read["List-Unsubscribe"].startswith(f"<{LEAVE}>, <mailto:{'s' * 60}@{domain}?")


# -- the same mail -----------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert mail_of(digest()) == mail_of(digest())
    note = {"sender": SENDER, "date": DATE}
    assert address.test_mail("a@b.example", server="s", **note) == address.test_mail(
        "a@b.example", server="s", **note
    )


def test_the_message_id_is_that_of_edition_and_recipient() -> None:
    edition = digest()
    same = mail_of(edition).message_id
    later = mail_of(digest(bottom_line=()), subject="x", text="y", date=DATE + timedelta(hours=1))
    assert later.message_id == same
    assert mail_of(edition, replace(READER, id="1" * 32)).message_id == same
    others = {
        mail_of(edition, replace(READER, address="other@home.example")).message_id,
        mail_of(digest(edition=replace(edition.edition, slot="1700"))).message_id,
        mail_of(digest(edition=replace(edition.edition, story="other"))).message_id,
        mail_of(
            digest(edition=replace(edition.edition, day=DATE.date() + timedelta(1)))
        ).message_id,
    }
    assert len(others | {same}) == 5


def test_the_mails_of_a_story_are_one_thread() -> None:
    one = parsed(mail_of(digest()))["References"]
    day = replace(digest().edition, day=DATE.date() + timedelta(1), slot="1700")
    assert parsed(mail_of(digest(edition=day)))["References"] == one
    story = replace(digest().edition, story="other")
    assert parsed(mail_of(digest(edition=story)))["References"] != one


def shown_name(raw: bytes, name: str) -> str:
    """The name beside the one address of a field, as a reader sees it.

    By the older half of Python's library: the newer one (CPython 3.11) puts a space between two
    encoded words of a name, against RFC 2047 section 6.2.
    """
    value = message_from_bytes(raw, policy=policy.compat32)[name]
    phrase, _, rest = value.rpartition("<")
    assert re.fullmatch(r"[^<>@\s]+@[^<>@\s]+(>|)", rest)
    if phrase.startswith('"'):
        return re.sub(r"\\(.)", r"\1", phrase.strip()[1:-1])
    return str(make_header(decode_header(phrase.strip()))) if phrase else ""


# -- hostile texts -----------------------------------------------------------------------------

HOSTILE = [
    "a\r\nBcc: thief@evil.example",
    "a\nBcc: thief@evil.example\n\n<script>",
    "a\rBcc: thief@evil.example",
    "a\r\n\r\nbody",
    "=?utf-8?q?=0D=0ABcc=3A_thief=40evil.example?=",
    "=?utf-8?b?DQpCY2M6IHRoaWVmQGV2aWwuZXhhbXBsZQ==?= x",
    "=?utf-8?q?half",
    "a\u2028Bcc: x\u2029y\x85z\x0b\x0c\x1c\x1d\x1e",
    "\u202egnp.exe\u2066x\u2069",
    "x" * 10_000,
    "wort " * 2_000,
    "😀" * 300,
    "\ud800 half a pair \udfff",
    "\x00\x07\x1b[2J",
    'quote " and \\ and <a@b.example>, (comment) ;:@',
    "पन्ह पन्ह त्र र्च कृकृ ड्ड न्हृे إلا بسم الله",
    "",
    "   ",
]
NAMES = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "In-Reply-To", "References", "List-Id", "List-Archive", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_title_stays_in_its_field(words: str) -> None:
    edition = digest(story_name=words, subject=claim(words), briefs=digest(1).briefs)
    for subject in (letter_subject(edition), words):
        mail = mail_of(edition, subject=subject)
        fit_for_the_wire(mail.content)
        read = parsed(mail)
        assert read.keys() == NAMES
        shown = one_line(subject)
        assert read["Subject"] == (shown if len(shown) <= 200 else shown[:199] + "…")
        assert read["To"].addresses[0].addr_spec == "reader@home.example"
        assert len(list(read.iter_parts())) == 2


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_name_of_a_sender_stays_in_its_field(words: str) -> None:
    name = words.translate({ord(c): None for c in '<>"'})
    if len(name) > 1000:
        with pytest.raises(ConfigError, match="too long"):
            mail_of(digest(), sender=f"{name} <briefing@press.example>")
        return
    mail = mail_of(digest(), sender=f"{name} <briefing@press.example>")
    fit_for_the_wire(mail.content)
    read = parsed(mail)
    assert read.keys() == NAMES
    assert [a.addr_spec for a in read["From"].addresses] == ["briefing@press.example"]
    assert shown_name(mail.content, "From") == one_line(name)


@settings(deadline=None)
@given(st.text(max_size=230))
@example("a" * 75 + " b")
@example("é" + " " * 3 + "=?")
def test_any_subject_comes_back_as_it_is_shown(words: str) -> None:
    value = fields.free("Subject", words)
    raw = f"Subject: {value}\r\n\r\n".encode("ascii")
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    read = message_from_bytes(raw, policy=policy.default)
    assert read.keys() == ["Subject"]
    assert read["Subject"] == one_line(words)


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_name_comes_back_beside_its_address(words: str) -> None:
    value = fields.named(words, "a@b.example")
    raw = f"From: {value}\r\n\r\n".encode("ascii")
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    (found,) = message_from_bytes(raw, policy=policy.default)["From"].addresses
    assert found.addr_spec == "a@b.example"
    assert shown_name(raw, "From") == one_line(words)


@settings(deadline=None, max_examples=60)
@given(st.text(), st.text())
@example("From here\n.\n..\nFrom there ", "<p>.\n")
@example("\r\n--=_0\r\n\ud800\x00", "")
def test_any_body_comes_back(text: str, html: str) -> None:
    mail = mail_of(digest(1), text=text + "\n", html=f"<p>{html}\n")
    read = parsed(mail)
    lines = [body.split("\n") for body in bodies(read)]
    for found, given_ in zip(lines, (text + "\n", f"<p>{html}\n"), strict=True):
        wanted = re.sub(r"\r\n?", "\n", given_).encode("utf-8", "replace").decode()
        assert "\n".join(found) == wanted
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", mail.content)


# -- notes -------------------------------------------------------------------------------------


def test_a_confirmation_holds_one_address_and_nothing_to_leave() -> None:
    confirm = LEAVE.replace("unsubscribe", "confirm")
    mail = address.confirmation_mail(
        READER, story_name="Harbour\r\nstrike", confirm=confirm, sender=SENDER, date=DATE
    )
    fit_for_the_wire(mail.content)
    read = parsed(mail)
    assert (mail.kind, mail.recipient, mail.edition) == ("confirmation", READER.address, None)
    assert read["Subject"] == "Confirm: you asked for Harbour strike"
    assert read.get_content_type() == "text/plain"
    assert re.findall(r"https?://\S+", read.get_content()) == [confirm]
    assert not [name for name in read if name.startswith("List-")]
    assert "nothing more will be sent" in " ".join(read.get_content().split())
    with pytest.raises(ConfigError):
        address.confirmation_mail(
            READER, story_name="x", confirm="mailto:x", sender=SENDER, date=DATE
        )


def test_a_second_request_is_another_mail() -> None:
    def asked(date: datetime, id: str = READER.id) -> str:
        reader = replace(READER, id=id)
        return address.confirmation_mail(
            reader, story_name="x", confirm=LEAVE, sender=SENDER, date=date
        ).message_id

    assert asked(DATE) == asked(DATE)
    assert len({asked(DATE), asked(DATE + timedelta(seconds=1)), asked(DATE, "1" * 32)}) == 3


def test_a_test_mail_says_by_which_server_and_when() -> None:
    mail = address.test_mail("a@b.example", sender=SENDER, date=DATE, server="smtp.example:587")
    read = parsed(mail)
    assert (mail.kind, read["Subject"]) == ("test", "Test: mails arrive")
    assert "smtp.example:587 at 2024-11-22 06:30:05 +0200" in " ".join(read.get_content().split())


@pytest.mark.parametrize("words", HOSTILE)
def test_an_alarm_tells_each_line_and_stays_in_its_fields(words: str) -> None:
    mail = address.alarm_mail(
        words, ["No feed has answered for 6 hours.", words], recipient="op@b.example",
        sender=SENDER, date=datetime(2024, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    fit_for_the_wire(mail.content)
    read = parsed(mail)
    assert mail.kind == "alarm"
    assert read.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    assert read["Subject"].startswith("Alarm:")
    text = read.get_content()
    assert text.startswith("No feed has answered for 6 hours.\r\n\r\n")
    assert " ".join(text.split()).endswith(one_line(words))
