"""Subscribe, confirm, unsubscribe: a look changes nothing, a POST changes once, forgery nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from site_desk import (
    DAY,
    FERRY,
    NOW,
    SECRET,
    Answer,
    Desk,
    ask,
    digest,
    renewed,
    running_desk,
    served,
)

from briefing.post import Standing, Subscriber
from briefing.site import bodies
from briefing.site.doorkeeper import FOR_ALL, Doorkeeper
from briefing.text import tokens

ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = b"""--xyz
Content-Disposition: form-data; name="List-Unsubscribe"

One-Click
--xyz--
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    with running_desk(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture
def desk(running: tuple[Desk, str], tmp_path: Path) -> Iterator[Desk]:
    with renewed(running[0], tmp_path) as desk:
        yield desk


@pytest.fixture
def site(running: tuple[Desk, str], desk: Desk) -> str:
    return running[1]


def reader(desk: Desk, standing: Standing = "active") -> Subscriber:
    return desk.store.readers.add("anna.weber@example.org", "harbour", standing=standing, now=NOW)


def standing(desk: Desk, one: Subscriber) -> str:
    found = desk.store.readers.one(one.id)
    assert found is not None
    return found.standing


def leave(one: Subscriber) -> str:
    return f"/unsubscribe/{tokens.sign(SECRET, 'unsubscribe', one.id)}"


def confirm(one: Subscriber) -> str:
    return f"/confirm/{tokens.sign(SECRET, 'confirm', one.id)}"


def sign_up(site: str, address: str, **more: str) -> Answer:
    return ask(site, "/subscribe", method="POST", body={"address": address, **more})


# -- subscribe ---------------------------------------------------------------------------------


def test_who_signs_up_waits_for_a_mail_and_is_not_subscribed_yet(desk: Desk, site: str) -> None:
    form = ask(site, "/subscribe")
    assert "every day at 06:30 (Europe/Berlin)" in form.text
    answer = sign_up(site, "Anna.Weber@Example.org")
    assert answer.status == 200
    assert "a mail is on its way" in answer.text
    (one,) = desk.store.readers.all()
    assert (one.address, one.standing) == ("Anna.Weber@example.org", "pending")
    assert [sent.id for sent in desk.confirmed] == [one.id]


def test_whether_an_address_is_known_shows_in_no_answer(desk: Desk, site: str) -> None:
    known: dict[str, Standing] = {
        "active@example.org": "active",
        "left@example.org": "left",
        "suspended@example.org": "suspended",
        "pending@example.org": "pending",
    }
    for address, now in known.items():
        desk.store.readers.add(address, "harbour", standing=now, now=NOW)
    seen = set()
    for address in (*known, "new@example.org", "new@example.org"):  # the last one is held back
        answer = sign_up(site, address)
        seen.add((answer.status, answer.text.replace(address, "ADDRESS")))
        seen.add(tuple(sorted(set(answer.headers.keys()))))
    assert len(seen) == 2
    mailed = [one.address for one in desk.confirmed]
    assert mailed == [*list(known)[1:], "new@example.org"]
    active = desk.store.readers.find("active@example.org", "harbour")
    assert active is not None
    assert active.standing == "active"


@pytest.mark.parametrize(
    "address",
    [
        "", "anna", "anna@", "@example.org", "anna@localhost", "a@b@c.example", "anna@exa mple.org",
        "anna@example.org\r\nBcc: x@example.org", "anna@example.org,x@example.org", "anna@-x.org",
        f"{'a' * 65}@example.org", f"a@{'b' * 250}.org", "<script>@example.org", "anna@[127.0.0.1]",
        "anna\x00@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_asked_for_again(desk: Desk, site: str, address: str) -> None:
    answer = sign_up(site, address)
    assert answer.status == 400
    assert "is no mail address that can be used" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text
    assert desk.store.readers.all() == []
    assert desk.confirmed == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"address"),
        ("application/x-www-form-urlencoded", b"address=%ff%fe@example.org"),
        ("application/x-www-form-urlencoded", "address=é@example.org".encode()),
        ("application/x-www-form-urlencoded", b"address=a@example.org&address=b@example.org"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(20))),
        ("application/x-www-form-urlencoded", b"address=a@example.org&story=other"),
        ("multipart/form-data; boundary=xyz", MULTIPART),
        ("application/json", b'{"address": "a@example.org"}'),
        ("", b"address=a@example.org"),
    ],
)
def test_what_is_no_form_of_ours_is_refused(desk: Desk, site: str, kind: str, body: bytes) -> None:
    answer = ask(site, "/subscribe", method="POST", body=body, headers={"Content-Type": kind})
    assert answer.status == 400
    assert "could not be understood" in answer.text
    assert desk.store.readers.all() == []


def test_a_story_is_chosen_where_there_are_several(desk: Desk) -> None:
    desk.stories[FERRY.slug] = FERRY
    with served(desk.application()) as site:
        assert 'type="radio" name="story" value="ferry-line"' in ask(site, "/subscribe").text
        assert sign_up(site, "a@example.org").status == 400
        assert sign_up(site, "a@example.org", story="ferry-line").status == 200
    assert [one.story for one in desk.store.readers.all()] == ["ferry-line"]


def test_sign_up_can_be_closed(desk: Desk) -> None:
    one = reader(desk, "pending")
    with served(desk.application(signup=False)) as site:
        assert ask(site, "/subscribe").status == 404
        assert sign_up(site, "a@example.org").status == 404
        assert "subscribe" not in ask(site, "/").text
        assert ask(site, confirm(one), method="POST").status == 200
    assert standing(desk, one) == "active"


def test_nobodys_inbox_can_be_flooded(desk: Desk, site: str) -> None:
    for address in ("a@example.org", "A@example.org", "a+1@example.org", "a+2@example.org"):
        assert "on its way" in sign_up(site, address).text
    assert len(desk.confirmed) == 1
    desk.now += timedelta(hours=1)
    sign_up(site, "a@example.org")
    assert len(desk.confirmed) == 2


def test_the_doorkeeper_counts_an_hour_for_one_and_for_all() -> None:
    keeper = Doorkeeper()
    admitted = [keeper.admits(f"{n}@example.org", now=NOW) for n in range(FOR_ALL + 5)]
    assert admitted == [True] * FOR_ALL + [False] * 5
    assert not keeper.admits("x@example.org", now=NOW + timedelta(minutes=59, seconds=59))
    assert keeper.admits("x@example.org", now=NOW + timedelta(hours=1))
    assert not keeper.admits("x@example.org", now=NOW + timedelta(hours=1))
    assert keeper.admits("0@example.org", now=NOW + timedelta(hours=1))


# -- confirm -----------------------------------------------------------------------------------


def test_only_the_button_confirms(desk: Desk, site: str) -> None:
    one = reader(desk, "pending")
    for method in ("GET", "HEAD", "GET"):
        looked = ask(site, confirm(one), method=method)
        assert looked.status == 200
        assert standing(desk, one) == "pending"
    assert "Yes, send them" in looked.text
    assert "a…@example.org" in looked.text
    assert "anna.weber" not in looked.text
    for _ in range(2):
        done = ask(site, confirm(one), method="POST")
        assert "You are subscribed" in done.text
        assert standing(desk, one) == "active"
    assert "You are subscribed" in ask(site, confirm(one)).text


@pytest.mark.parametrize("now", ["left", "suspended"])
def test_an_old_confirmation_brings_nobody_back(desk: Desk, site: str, now: Standing) -> None:
    one = reader(desk, now)
    for method in ("GET", "POST"):
        answer = ask(site, confirm(one), method=method)
        assert "You are not subscribed" in answer.text
        assert standing(desk, one) == now


# -- unsubscribe -------------------------------------------------------------------------------


@pytest.mark.parametrize("now", ["active", "pending", "suspended", "left"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", ONE_CLICK),
        ("multipart/form-data; boundary=xyz", MULTIPART),
        ("", b""),
    ],
)
def test_one_click_ends_it_whatever_it_was(
    desk: Desk, site: str, now: Standing, kind: str, body: bytes
) -> None:
    one = reader(desk, now)
    for _ in range(2):
        answer = ask(site, leave(one), method="POST", body=body, headers={"Content-Type": kind})
        assert answer.status == 200  # RFC 8058: no redirect
        assert "You are not subscribed" in answer.text
        assert standing(desk, one) == "left"


def test_a_scanner_that_follows_the_link_ends_nothing(desk: Desk, site: str) -> None:
    one = reader(desk)
    for method in ("GET", "HEAD", "GET"):
        looked = ask(site, leave(one), method=method)
        assert looked.status == 200
        assert standing(desk, one) == "active"
    assert "Stop these mails" in looked.text
    assert "anna.weber" not in looked.text
    assert looked.headers["Cache-Control"] == "no-store"
    ask(site, leave(one), method="POST", body=ONE_CLICK)
    again = ask(site, leave(one))
    assert "You are not subscribed" in again.text
    assert "Stop these mails" not in again.text


def test_forged_and_broken_tokens_lead_nowhere(desk: Desk, site: str) -> None:
    one, nobody = reader(desk, "pending"), "f" * 32
    good = tokens.sign(SECRET, "unsubscribe", one.id)
    other = "0" if good[-1] != "0" else "1"
    forged = [
        good[:-1] + other,
        good[:-1],
        good + "0",
        good.upper(),
        f"{one.id}.",
        one.id,
        f"{one.id}.{'0' * 32}",
        tokens.sign(SECRET, "confirm", one.id),
        tokens.sign(b"another secret, long enough", "unsubscribe", one.id),
        tokens.sign(SECRET, "unsubscribe", nobody),
        good.replace(".", "%00."),
        "%2e%2e",
    ]
    for token in forged:
        for method in ("GET", "POST"):
            answer = ask(site, f"/unsubscribe/{token}", method=method)
            assert answer.status == 404, token
    assert ask(site, f"/confirm/{good}", method="POST").status == 404
    assert standing(desk, one) == "pending"


def test_a_reader_of_a_story_that_is_no_more_can_leave(desk: Desk, site: str) -> None:
    one = desk.store.readers.add("a@example.org", "old-story", standing="active", now=NOW)
    assert "old-story" in ask(site, leave(one)).text
    assert ask(site, leave(one), method="POST").status == 200
    assert standing(desk, one) == "left"


def test_the_form_works_from_any_prefix(desk: Desk, site: str) -> None:
    """It names no address, so it goes back to the one that the reader sees."""
    desk.put(digest(DAY))
    for path in (confirm(reader(desk, "pending")), "/subscribe"):
        page = ask(site, path).text
        assert '<form method="post">' in page
        assert "action=" not in page


def test_a_body_that_does_not_come_is_not_waited_for(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_SECONDS", 0.1)
    host, _, port = site.removeprefix("http://").partition(":")
    head = f"POST /subscribe HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\naddress="
    with socket.create_connection((host, int(port)), timeout=5) as slow:
        slow.sendall(head.encode())
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")
    with socket.create_connection((host, int(port)), timeout=5) as gone:
        gone.sendall(head.encode())
    assert ask(site, "/healthz").status == 200
