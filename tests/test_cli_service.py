"""The commands around the service: readers, outbox, mail, store, and what `run` does with them."""

from __future__ import annotations

import email
import email.policy
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from smtp_server import ScriptedServer
from test_cli_run import ARTICLES, WordModels

from briefing.cli import command, console
from briefing.errors import BriefingError, ConfigError, DeliveryError

MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
timeout = 5.0
sender = "The Briefing <briefing@example.org>"

[site]
url = "https://briefing.example.org"
"""


@pytest.fixture
def desk(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project with a folder of articles, a schedule, and models of words."""
    monkeypatch.setattr("briefing.app.parts.LocalModels", WordModels)
    (project / "seeds").mkdir()
    for name, text in ARTICLES.items():
        (project / "seeds" / name).write_text(text, "utf-8")
    story = project / "config" / "stories" / "harbour-strike.toml"
    text = story.read_text("utf-8")
    story.write_text(text + '[schedule]\ntimes = ["06:30", "17:00"]\n', "utf-8")
    return project


def mailing(desk: Path, port: int = 2525) -> None:
    file = desk / "config" / "briefing.toml"
    file.write_text(file.read_text("utf-8") + MAIL.format(port=port), "utf-8")


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(command, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(*more: str) -> Result:
    return call("run", "--quiet", "--date", "2024-03-05", "--slot", "06:30", *more)


# -- readers -----------------------------------------------------------------------------------


def test_readers_are_added_listed_removed_and_resumed(desk: Path) -> None:
    mailing(desk)
    assert call("subscribers", "list").output.startswith("no readers yet")
    assert "gets Harbour strike at 06:30" in call(
        "subscribers", "add", "Ada@Example.org", "--slot", "06:30"
    ).output  # fmt: skip
    call("subscribers", "add", "ada@example.ORG", "--slot", "17:00")
    (reader,) = json.loads(call("subscribers", "list", "--json").output)["subscribers"]
    assert (reader["address"], reader["slots"]) == ("Ada@Example.org", ["1700"])
    assert "active -> left" in call("subscribers", "remove", "ADA@example.org").output
    assert "left" in call("subscribers", "list", "--story", "harbour-strike").output
    assert "left -> active" in call("subscribers", "resume", "ada@example.org").output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "nobody"], "no mail address"),
        (["add", "a@example.org", "--slot", "07:00"], "no edition at 07:00"),
        (["add", "a@example.org", "--story", "lighthouse"], "no story is called"),
        (["remove", "a@example.org"], "does not read"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(
    desk: Path, arguments: list[str], says: str
) -> None:
    with pytest.raises(BriefingError, match=says) as caught:
        call("subscribers", *arguments)
    assert caught.value.remedy


def test_readers_without_a_mail_server_are_told_so(desk: Path) -> None:
    assert "[mail] host is empty" in call("subscribers", "add", "ada@example.org").stderr


# -- from a run to the inbox -------------------------------------------------------------------


def test_a_run_with_send_reaches_the_readers_of_its_slot_once(desk: Path) -> None:
    with ScriptedServer({}) as server:
        mailing(desk, server.port)
        call("subscribers", "add", "ada@example.org")
        call("subscribers", "add", "ben@example.org", "--slot", "06:30")
        call("subscribers", "add", "eve@example.org", "--slot", "17:00")
        call("subscribers", "add", "gone@example.org")
        call("subscribers", "remove", "gone@example.org")
        said = json.loads(run("--send", "--json").output)
        assert (said["mails"], said["slot"]) == (2, "0630")
        assert json.loads(call("outbox", "list", "--json").output)["tally"]["queued"] == 2
        sent = call("outbox", "send")
        assert (sent.exit_code, sent.output) == (0, "2 sent, 0 put off, 0 refused\n")
        with pytest.raises(BriefingError, match=r"went out at .* to 2 readers"):
            run("--send")
        assert json.loads(run("--send", "--replace", "--json").output)["mails"] == 0
        assert call("outbox", "send").output == "0 sent, 0 put off, 0 refused\n"
        taken = server.taken
    assert sorted(mail.recipient for mail in taken) == ["ada@example.org", "ben@example.org"]
    first = email.message_from_bytes(taken[0].content, policy=email.policy.default)
    assert "2024, 06:30" in first["Subject"]
    assert first["List-Unsubscribe"].startswith("<https://briefing.example.org/unsubscribe/")
    assert "https://briefing.example.org/2024-03-05/harbour-strike.0630/" in first.as_string()


def test_a_run_without_send_writes_to_nobody_and_may_be_repeated(desk: Path) -> None:
    mailing(desk)
    call("subscribers", "add", "ada@example.org")
    run()
    run()
    assert call("outbox", "list").output == "0 queued, 0 sent, 0 dead\n"
    run("--send")
    assert call("outbox", "list").output.startswith("1 queued")


def test_slots_of_a_day_are_editions_of_their_own(desk: Path) -> None:
    run()
    call("run", "--quiet", "--date", "2024-03-05", "--slot", "17:00")
    day = desk / "digests" / "2024-03-05"
    assert sorted(one.name for one in day.iterdir()) == [
        "harbour-strike.0630", "harbour-strike.1700",
    ]  # fmt: skip
    assert call("verify", str(day)).exit_code == console.DONE
    assert ", 17:00" in call("show", "2024-03-05", "--format", "txt").output
    assert ", 06:30" in call("show", "2024-03-05", "--slot", "06:30", "--format", "txt").output


# -- the outbox --------------------------------------------------------------------------------


def test_a_refused_mail_is_shown_with_its_reason_and_sent_again_when_asked(desk: Path) -> None:
    with ScriptedServer({"rcpt": "5xx"}) as server:
        mailing(desk, server.port)
        call("subscribers", "add", "ada@example.org")
        run("--send")
        assert call("outbox", "send").exit_code == console.LEFT_OUT
        (dead,) = json.loads(call("outbox", "list", "--state", "dead", "--json").output)["mails"]
        assert (dead["state"], dead["recipient"]) == ("dead", "ada@example.org")
        shown = call("outbox", "show", "1").stdout_bytes
        assert b"Message-ID: <" in shown
        assert "suspended" in call("subscribers", "list").output
        server.behaviour.clear()
        assert "1 mail will be sent again" in call("outbox", "retry").output
        assert call("outbox", "send").output.startswith("1 sent")
        assert server.taken[0].content == shown


def test_a_waiting_mail_may_be_given_up(desk: Path) -> None:
    mailing(desk)
    call("subscribers", "add", "ada@example.org")
    run("--send")
    assert "1 mail given up" in call("outbox", "drop", "1").output
    assert "given up by hand" in call("outbox", "list").output
    with pytest.raises(BriefingError, match="no mail 7"):
        call("outbox", "show", "7")


def test_a_server_that_is_not_there_counts_against_no_mail(desk: Path) -> None:
    mailing(desk, 1)
    call("subscribers", "add", "ada@example.org")
    run("--send")
    sent = call("outbox", "send")
    assert sent.exit_code == console.LEFT_OUT
    assert "connect" in sent.stderr
    (letter,) = json.loads(call("outbox", "list", "--json").output)["mails"]
    assert (letter["state"], letter["attempts"]) == ("queued", 0)


# -- mail --------------------------------------------------------------------------------------


def test_a_test_mail_says_what_the_server_answered(desk: Path) -> None:
    with ScriptedServer({}) as server:
        mailing(desk, server.port)
        assert f"127.0.0.1:{server.port} took it" in call("mail", "test", "me@example.org").output
        server.behaviour["rcpt"] = "5xx"
        with pytest.raises(DeliveryError, match="rcpt: 5"):
            call("mail", "test", "me@example.org")
    assert call("outbox", "list").output == "0 queued, 0 sent, 0 dead\n"


def test_a_test_mail_without_a_server_says_which_key_is_empty(desk: Path) -> None:
    with pytest.raises(ConfigError, match="host is empty"):
        call("mail", "test", "me@example.org")


# -- the store ---------------------------------------------------------------------------------


def test_the_store_is_checked_and_copied(desk: Path) -> None:
    run()
    assert call("db", "check").output.endswith("briefing.db: sound\n")
    copy = desk / "copies" / "today.db"
    copy.parent.mkdir()
    assert "checked" in call("db", "backup", str(copy)).output
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM editions").fetchone() == (1,)
    connection.close()
    with pytest.raises(BriefingError, match="cannot be written"):
        call("db", "backup", str(desk / "nowhere" / "today.db"))


# -- status and poll ---------------------------------------------------------------------------


def test_status_answers_the_mornings_question(desk: Path) -> None:
    fresh = call("status").output
    assert "Service: not running" in fresh
    assert "Next: " in fresh
    mailing(desk)
    call("subscribers", "add", "ada@example.org")
    run("--send")
    said = call("status").output
    assert "Mail: 1 waiting since" in said
    assert "Alarms: none" in said
    checked = call("status", "--check")
    assert checked.exit_code == console.LEFT_OUT
    assert "no service is running" in checked.output
    (story,) = json.loads(call("status", "--json").output)["stories"]
    assert story["edition"] == "harbour-strike.0630/2024-03-05"
    assert story["mails"] == {"queued": 1, "sent": 0, "dead": 0}


def test_a_poll_without_feeds_says_so(desk: Path) -> None:
    with pytest.raises(ConfigError, match="feeds file"):
        call("poll")
    (desk / "config" / "feeds.opml").write_text(
        '<opml version="2.0"><body/></opml>', encoding="utf-8"
    )
    assert call("poll").output == "0 feeds asked, 0 new articles, 0 silent\n"


def test_an_address_that_no_mail_can_carry_holds_up_nobody(desk: Path) -> None:
    mailing(desk)
    call("subscribers", "add", "ada@example.org")
    call("subscribers", "add", "ben@example.org")
    with sqlite3.connect(desk / "state" / "briefing.db") as connection:
        connection.execute("UPDATE subscribers SET address = 'ben at home' WHERE name LIKE 'ben%'")
    connection.close()
    assert json.loads(run("--send", "--json").output)["mails"] == 1
    assert "suspended" in call("subscribers", "list").output


def test_what_waits_for_a_reader_who_leaves_is_given_up_and_stays_so(desk: Path) -> None:
    mailing(desk)
    call("subscribers", "add", "ada@example.org")
    run("--send")
    call("subscribers", "remove", "ada@example.org")
    (letter,) = json.loads(call("outbox", "list", "--json").output)["mails"]
    assert (letter["state"], letter["reply"]) == ("dead", "the reader has left")
    assert "0 mails" in call("outbox", "retry").output
    assert "1 mail will" in call("outbox", "retry", "1").output  # a person named it


def test_an_edition_published_to_nobody_says_so(desk: Path) -> None:
    said = call("run", "--date", "2024-03-05", "--slot", "06:30", "--send").stdout
    assert "sent to nobody: [mail] host is empty" in said


def test_a_reader_whose_edition_is_made_no_more_is_named_by_the_doctor(desk: Path) -> None:
    call("subscribers", "add", "ada@example.org", "--slot", "17:00")
    call("subscribers", "add", "ben@example.org", "--slot", "06:30")
    story = desk / "config" / "stories" / "harbour-strike.toml"
    story.write_text(story.read_text("utf-8").replace('"17:00"', '"18:00"'), "utf-8")
    said = call("doctor").output
    assert "ada@example.org gets nothing" in said
    assert "ben@example.org" not in said
