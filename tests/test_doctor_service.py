"""What `briefing doctor` says of schedule, mail, site and the running service."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing import config
from briefing.adapters.store import open_store
from briefing.app.mailing import SERVE
from briefing.cli import command, doctor_service
from briefing.cli.finding import Finding
from briefing.watch import StandingAlarm

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
SCHEDULE = '\n[schedule]\ntimes = ["06:30", "17:00"]\n'
MAIL = '[mail]\nhost = "127.0.0.1"\nsecurity = "none"\nsender = "The Briefing <b@example.org>"\n'
FULL = MAIL + 'operator = "me@example.org"\n[site]\nurl = "https://b.example.org"\n'


def read(project: Path, text: str = "", *, story: str = "") -> config.Config:
    (project / "config" / "briefing.toml").write_text(text, "utf-8")
    with open(
        project / "config" / "stories" / "harbour-strike.toml", "a", encoding="utf-8"
    ) as file:
        file.write(story)
    return config.load(project / "config" / "briefing.toml", {})


def states(found: list[Finding]) -> dict[str, str]:
    assert all(one.remedy or one.state != "fault" for one in found)
    return {one.check: one.state for one in found}


def secret(path: Path, text: str, mode: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_the_next_edition_of_each_scheduled_story_is_named(project: Path) -> None:
    (found,) = doctor_service.schedule(read(project, story=SCHEDULE), now=NOW)
    assert (found.state, found.says) == ("well", "next edition 2026-05-02 17:00 in UTC")


def test_a_project_without_a_schedule_is_told_how_to_get_one(project: Path) -> None:
    (found,) = doctor_service.schedule(read(project), now=NOW)
    assert found.state == "note"
    assert "times" in found.remedy


def test_no_mail_server_is_no_fault(project: Path) -> None:
    (found,) = doctor_service.mail(read(project))
    assert found.state == "well"


def test_mail_that_is_in_order_gives_no_note(project: Path) -> None:
    assert states(list(doctor_service.mail(read(project, FULL)))) == {"mail": "well"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[mail]\nhost = "127.0.0.1"\nsender = "nobody"\n', "sender"),
        (MAIL + 'operator = "nobody"\n', "operator"),
        (MAIL + 'username = "me"\n', "no password"),
        (MAIL + 'username = "me"\npassword_file = "gone"\n', "gone"),
        (MAIL + 'username = "me"\npassword_file = "open"\n', "open to others (mode 0644)"),
        (MAIL.replace("none", "tls") + 'ca_file = "gone"\n', "ca_file"),
    ],
)
def test_each_fault_of_mail_is_found_in_the_files_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    monkeypatch.delenv("BRIEFING_PASSWORD", raising=False)
    secret(project / "open", "canary-4711", 0o644)
    (found,) = doctor_service.mail(read(project, text))
    assert found.state == "fault"
    assert found.remedy
    assert says in found.says
    assert "canary-4711" not in found.says


def test_a_signing_key_is_tried_and_a_broken_one_found(project: Path) -> None:
    signed = FULL.replace("[site]", 'dkim_key_file = "dkim.pem"\ndkim_selector = "may"\n[site]')
    secret(project / "dkim.pem", "no key", 0o600)
    assert states(list(doctor_service.mail(read(project, signed))))["mail signature"] == "fault"
    from cryptography.hazmat.primitives import serialization as as_
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048).private_bytes(
        as_.Encoding.PEM, as_.PrivateFormat.PKCS8, as_.NoEncryption()
    )
    secret(project / "dkim.pem", key.decode(), 0o600)
    assert states(list(doctor_service.mail(read(project, signed))))["mail signature"] == "well"
    unnamed = signed.replace('"may"', '""')
    assert states(list(doctor_service.mail(read(project, unnamed))))["mail signature"] == "fault"


def test_what_works_and_is_seldom_meant_is_noted(project: Path) -> None:
    away = MAIL.replace("127.0.0.1", "mail.example.org")
    assert states(list(doctor_service.mail(read(project, away)))) == {
        "mail": "well",
        "mail security": "note",
        "mail alarms": "note",
        "mail unsubscribing": "note",
    }


def test_the_key_of_the_site_is_looked_at_and_never_made(project: Path) -> None:
    key = project / "state" / "secret.key"
    assert states(list(doctor_service.site(read(project)))) == {"site key": "well", "site": "well"}
    assert not key.exists()
    secret(key, "a" * 64, 0o600)
    assert states(list(doctor_service.site(read(project))))["site key"] == "well"
    key.chmod(0o640)
    assert states(list(doctor_service.site(read(project))))["site key"] == "fault"
    secret(key, "short", 0o600)
    assert states(list(doctor_service.site(read(project))))["site key"] == "fault"


def test_a_site_for_others_and_a_sign_up_that_stays_closed_are_noted(project: Path) -> None:
    text = '[site]\nlisten = "0.0.0.0"\nsignup = true\n'
    found = states(list(doctor_service.site(read(project, text))))
    assert (found["site"], found["site sign-up"]) == ("note", "note")
    whole = FULL + "signup = true\n"
    assert "site sign-up" not in states(list(doctor_service.site(read(project, whole))))
    (_, none) = doctor_service.site(read(project, "[site]\nport = 0\n"))
    assert (none.state, none.says[:4]) == ("well", "none")


def test_whether_the_service_runs_and_what_it_complains_of(project: Path) -> None:
    told = read(project)
    (found,) = doctor_service.service(told, now=NOW)
    assert (found.state, found.remedy) == ("note", "briefing serve")
    alarm = StandingAlarm("low disk", "/", "no room", "make room", NOW, NOW, None)
    with open_store(told.store.url) as store:
        store.leases.take(SERVE, place="here:7", now=NOW, length=timedelta(seconds=60))
        store.watching.put_alarms([alarm], mails=[], now=NOW)
    found, alarmed = doctor_service.service(told, now=NOW)
    assert (found.state, found.says) == ("well", "works at here:7")
    assert (alarmed.state, alarmed.says, alarmed.remedy) == (
        "note", "low disk: no room", "make room",
    )  # fmt: skip


def test_doctor_asks_all_of_it(project: Path) -> None:
    read(project, FULL, story=SCHEDULE)
    told = json.loads(CliRunner().invoke(command, ["doctor", "--json"]).stdout)["findings"]
    assert {"schedule of harbour-strike", "mail", "site key", "site", "service"} <= {
        one["check"] for one in told
    }
