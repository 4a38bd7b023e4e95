"""Article files of a folder -> entries, or the reason why there are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.news import Document, Entry, Skip
from briefing.stages.parse import parse_file
from briefing.stages.parse.files import SUFFIXES

SOURCE = "folder:inbox"


def entries(path: str, body: bytes | str) -> list[Entry]:
    raw = body.encode() if isinstance(body, str) else body
    found = parse_file(Document(address=path, body=raw), source=SOURCE)
    assert isinstance(found, list), found
    return found


def only(path: str, body: bytes | str) -> Entry:
    (found,) = entries(path, body)
    assert found.source == SOURCE
    return found


def skip(path: str, body: bytes | str) -> Skip:
    raw = body.encode() if isinstance(body, str) else body
    found = parse_file(Document(address=path, body=raw), source=SOURCE)
    assert isinstance(found, Skip), found
    assert (found.stage, found.subject) == ("parse", path)
    assert found.detail
    return found


# -- text --------------------------------------------------------------------------------------


def test_a_text_file_is_a_body_alone() -> None:
    found = only("a/b.TXT", "\n  A headline?\r\n\r\nThe <b>council</b> met.\n")
    assert found.body == "A headline?\n\nThe <b>council</b> met."
    assert (found.body_format, found.title, found.link, found.published) == ("text", "", "", None)


def test_an_edited_file_is_new_and_a_copy_elsewhere_too() -> None:
    first, again = only("a.txt", "The council met."), only("a.txt", "The council met.")
    assert first.id == again.id
    assert first.key.startswith("a.txt#")
    assert only("a.txt", "The council met!").id != first.id
    assert only("b.txt", "The council met.").id != first.id


RUSSIAN = (
    "Министерство сообщило, что над городом сбиты две ракеты.\nПострадавших нет, пожар потушен."
)
UKRAINIAN = (
    "Міністерство повідомило, що над містом збито дві ракети.\nПостраждалих немає, їх евакуйовано."
)
ENGLISH = "The mayor’s office said “no” — again. The café’s fee is £40, or €48."
GERMAN = "Die Brücke über die Straße sei gesperrt, sagte die Bürgermeisterin. Größere Schäden?"
POLISH = "Rzecznik powiedział, że pociąg spóźnił się o trzy godziny. Śledztwo wciąż trwa w Łodzi."
CHINESE = "外交部周四宣布会谈推迟到下周，没有解释原因。市民们在安静地等待消息，商店照常营业。"
JAPANESE = "外務省は木曜日、会談が来週に延期されると発表した。理由は説明されていない。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, e) for e in ("windows-1251", "koi8-r", "cp866", "iso8859-5")]
    + [(UKRAINIAN, e) for e in ("windows-1251", "koi8-u")]
    + [(ENGLISH, "windows-1252"), (GERMAN, "windows-1252"), (POLISH, "cp1250")]
    + [(CHINESE, "gb18030"), (CHINESE, "big5"), (JAPANESE, "shift_jis"), (JAPANESE, "iso2022_jp")]
    + [
        (text, encoding)
        for text in (RUSSIAN, ENGLISH, GERMAN)
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-be")
    ],
)
def test_any_encoding_without_a_declaration(text: str, encoding: str) -> None:
    if encoding == "big5":
        text = "外交部週四宣布會談推遲到下週，沒有解釋原因。市民們在安靜地等待消息，商店照常營業。"
    assert only("a.txt", text.encode(encoding)).body == text


def test_a_file_cut_within_a_character_keeps_the_rest() -> None:
    assert only("a.txt", "Mayor’s café — it’s".encode()[:-3]).body == "Mayor’s café — it"


def test_a_stray_byte_among_good_ones_is_marked_and_nothing_else_lost() -> None:
    text = "Café “one” — “two” — “three”. " * 3
    assert only("a.txt", text.encode() + b"\xff end").body == text + "\ufffd end"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n" + b"text " * 100,
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" * 20,
        b"PK\x03\x04" + b"word/document.xml" * 20,
        b"\x7fELF\x02\x01\x01" + bytes(100),
        bytes(range(256)) * 4,
        bytes(1000) + b"\x01\x02\x03" * 50,
        b"\x01\x02\x05\x06 text " * 50,
    ],
    ids=["pdf", "png", "zip", "elf", "all bytes", "zeros", "controls"],
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ".eml"])
def test_a_binary_file_with_the_name_of_a_text(body: bytes, suffix: str) -> None:
    assert skip(f"a{suffix}", body).reason == "binary file"


@pytest.mark.parametrize(
    "body", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe \x00"]
)
def test_an_empty_file(body: bytes) -> None:
    assert skip("a.txt", body).reason == "empty file"


@pytest.mark.parametrize("path", ["a.doc", "a", "a.txt.bak", ".txt", "a.txt/"])
def test_an_unknown_kind_of_file(path: str) -> None:
    if path == "a.txt/":
        assert entries(path, "text")
    else:
        assert skip(path, "text").reason == "unknown kind of file"


# -- html and markdown -------------------------------------------------------------------------


def test_html_is_kept_raw_and_its_own_charset_is_believed() -> None:
    page = f'<html><head><meta charset="koi8-r"></head><body><p>{RUSSIAN}</p></body></html>'
    found = only("a.htm", page.encode("koi8-r"))
    assert (found.body, found.body_format) == (page, "html")


def test_markdown_front_matter_is_honoured() -> None:
    text = (
        '---\ntitle: "Bridge: opens"\ndate: 2024-11-19 10:00\npublisher: The Harbour Post\n'
        "url: https://x.example/1?utm_source=a\ntags: [a, b]\n---\n# Bridge: opens\n\nIt *did*.\n"
    )
    found = only("a.md", text)
    assert found.title == "Bridge: opens"
    assert found.published == datetime(2024, 11, 19, 10, tzinfo=UTC)
    assert (found.publisher, found.link) == ("The Harbour Post", "https://x.example/1")
    assert (found.body, found.body_format) == ("It *did*.", "markdown")


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# Bridge opens #\n\nIt did.", "Bridge opens", "It did."),
        ("It did.\n\n# Later", "", "It did.\n\n# Later"),
        ("---\ntitle: A\n---\n# B\n\nIt did.", "A", "# B\n\nIt did."),
        ("## Second\n\nIt did.", "", "## Second\n\nIt did."),
        ("---\n\nA rule, and no front matter.", "", "---\n\nA rule, and no front matter."),
        ("+++\ntitle = 'A'\n+++\nIt did.", "A", "It did."),
        ("---\r\ntitle: A\r\n---\r\nIt did.", "A", "It did."),
        ("#hashtag is no heading", "", "#hashtag is no heading"),
    ],
)
def test_markdown_titles(text: str, title: str, body: str) -> None:
    found = only("a.md", text)
    assert (found.title, found.body) == (title, body)


# -- mail --------------------------------------------------------------------------------------


def mail(
    *, text: str = "", page: str = "", sender: str = "Harbour Post <news@post.example>"
) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Bridge — “open”"
    message["From"] = sender
    message["Date"] = "Tue, 19 Nov 2024 12:30:00 +0300"
    message.set_content(text)
    if page:
        message.add_alternative(page, subtype="html")
    message.add_attachment("The secret appendix.", filename="a.txt")
    return bytes(message)


def test_a_mail_gives_subject_sender_date_and_text() -> None:
    found = only(
        "a.eml", mail(text="The bridge is open.\n\nTraffic flows.", page="<p>The bridge</p>")
    )
    assert found.title == "Bridge — “open”"
    assert found.publisher == "Harbour Post"
    assert found.published == datetime(2024, 11, 19, 9, 30, tzinfo=UTC)
    assert (found.body, found.body_format) == ("The bridge is open.\n\nTraffic flows.", "text")
    assert "appendix" not in found.body


def test_a_mail_whose_plain_part_is_a_stub_gives_its_page() -> None:
    page = f"<p>{'The bridge is open to traffic. ' * 9}</p>"
    found = only("a.eml", mail(text="Open this mail in a browser.", page=page))
    assert found.body_format == "html"
    assert "open to traffic" in found.body


def test_a_sender_without_a_name_is_named_by_its_domain() -> None:
    assert only("a.eml", mail(text="x", sender="news@post.example")).publisher == "post.example"


def test_a_mail_in_raw_bytes_of_an_old_code_page() -> None:
    head = "Subject: Мост открыт\r\nFrom: Почта <a@x.example>\r\n".encode("windows-1251")
    kind = (
        b"Content-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    found = only("a.eml", head + kind + RUSSIAN.encode("windows-1251"))
    assert found.body == RUSSIAN


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?bogus?q?x?=\r\nFrom: <<>>,;:\r\nDate: soon",
        b"Content-Type: text/plain; charset=nosuch",
        b"Content-Type: multipart/mixed; boundary=\r\nFrom: \xff\xfe",
        b"Content-Type: ;;;\r\nContent-Disposition: =;=\r\nContent-Transfer-Encoding: base64",
        b"Content-Type: message/rfc822\r\nSubject:",
        b"From: =?utf-8?b?/////w==?= <a@[::1>\r\nTo: (((",
        b": no name\r\nFrom",
    ],
)
def test_a_damaged_mail_is_read(head: bytes) -> None:
    assert isinstance(entries("a.eml", head + b"\r\n\r\nThe bridge is open."), list)


# -- json --------------------------------------------------------------------------------------

ARTICLE = {
    "title": "Bridge &amp; tunnel",
    "text": "Both are open.",
    "url": "https://x.example/1",
    "date": "19 November 2024",
    "publisher": {"name": "The Harbour Post"},
}


def test_one_article_in_json() -> None:
    found = only("a.json", json.dumps(ARTICLE))
    assert (found.title, found.body, found.body_format) == (
        "Bridge & tunnel",
        "Both are open.",
        "text",
    )
    assert (found.link, found.publisher) == ("https://x.example/1", "The Harbour Post")
    assert found.published == datetime(2024, 11, 19, tzinfo=UTC)


@pytest.mark.parametrize("wrap", [list, lambda a: {"articles": a}, lambda a: {"items": a}])
def test_a_list_of_articles(wrap: object) -> None:
    other = {"headline": "Rain", "content": ["It rained.", "Twice."], "publishedAt": 1732010400}
    assert callable(wrap)
    first, second = entries("a.json", json.dumps(wrap([ARTICLE, other, ARTICLE, 7, {}])))
    assert (first.title, second.title) == ("Bridge & tunnel", "Rain")
    assert second.body == "It rained.\n\nTwice."
    assert second.published == datetime(2024, 11, 19, 10, tzinfo=UTC)
    # Another article before it does not make an old one new
    (alone,) = entries("a.json", json.dumps([other]))
    assert alone.id == second.id


@pytest.mark.parametrize("name", ["text", "content", "body", "description", "content_html"])
def test_names_of_the_text(name: str) -> None:
    assert only("a.json", json.dumps({name: "<p>Open.</p>"})).body_format == "html"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('{"title": "a",\n "text": "b"\n "url": 1}', "sub/a.json, line 3, column 2"),
        ("[1, 2", "line 1, column 6"),
        ("not json", "line 1, column 1"),
        ('{"a": "line\nbreak"}', "line 1, column 12"),
    ],
)
def test_malformed_json_names_its_position(text: str, position: str) -> None:
    found = skip("sub/a.json", text)
    assert found.reason == "malformed json"
    assert position in found.detail


@pytest.mark.parametrize(
    "text", ["[]", "{}", "null", "7", '"text"', '[{"id": 1}]', '{"items": {}}']
)
def test_json_without_an_article(text: str) -> None:
    assert skip("a.json", text).reason == "no article"


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5000, '{"text": "\\ud800"}'])
def test_hostile_json(text: str) -> None:
    found = parse_file(Document(address="a.json", body=text.encode()), source=SOURCE)
    assert isinstance(found, Skip) or found[0].body == "?"


# -- anything ----------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(SUFFIXES),
    st.binary(max_size=120)
    | st.text().map(lambda text: text.encode("utf-16-le", "surrogatepass"))
    | st.text().map(lambda text: b"Subject: " + text.encode("utf-8", "surrogatepass"))
    | st.text().map(lambda text: b"---\ndate: " + text.encode("utf-8", "surrogatepass")),
)
def test_any_file_is_read_or_skipped(suffix: str, body: bytes) -> None:
    found = parse_file(Document(address=f"a{suffix}", body=body), source=SOURCE)
    if isinstance(found, list):
        for entry in found:
            (entry.id + entry.title + entry.body + entry.link + entry.publisher).encode()
            assert entry.published is None or entry.published.tzinfo is UTC
