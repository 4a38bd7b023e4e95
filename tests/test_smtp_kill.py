"""Promise P1, the part of the wire: a sender killed before the dot has sent nothing; killed after
it, what comes again is the same to the byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from processes import eventually
from smtp_server import Action, ScriptedServer, Taken

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.post import Mail

MAIL = Mail(
    message_id="<1@example.org>",
    kind="edition",
    sender="briefing@example.org",
    recipient="reader@example.net",
    content=b"Message-ID: <1@example.org>\r\nSubject: one\r\n\r\n.Text.\r\n",
)
BIG = replace(MAIL, content=MAIL.content + b"x\r\n" * 4_000_000)

CHILD = """
import sys
from pathlib import Path
from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.post import Mail
port, sender, recipient, message_id, file = sys.argv[1:]
mail = Mail(message_id, "edition", sender, recipient, Path(file).read_bytes())
settings = SmtpSettings(host="127.0.0.1", port=int(port), security="none")
with SmtpServer(settings).session() as session:
    print(session.send(mail).state, flush=True)
"""


@contextmanager
def delivering(port: int, mail: Mail, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that sends one mail."""
    file.write_bytes(mail.content)
    details = (str(port), mail.sender, mail.recipient, mail.message_id, str(file))
    command = [sys.executable, "-c", CHILD, *details]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()


@pytest.mark.parametrize(
    ("stage", "action", "mail", "times"),
    [
        ("banner", "hang", MAIL, 1),
        ("ehlo", "hang", MAIL, 1),
        ("mail", "hang", MAIL, 1),
        ("rcpt", "hang", MAIL, 1),
        ("data", "hang", MAIL, 1),
        ("content", "hang", BIG, 1),  # the server has the beginning, and waits for the rest
        ("dot", "hang", MAIL, 1),  # it has all of it, but has not taken it
        ("dot", "keep", MAIL, 2),  # it has taken it, and did not come to say so
        ("quit", "hang", MAIL, 2),  # it said so, and the sender did not come to write it down
    ],
)
def test_killed_and_sent_again(
    tmp_path: Path, stage: str, action: Action, mail: Mail, times: int
) -> None:
    with ScriptedServer({f"{stage}#1": action}, features=("SIZE",)) as scripted:
        with delivering(scripted.port, mail, tmp_path / "mail") as child:
            eventually(lambda: stage in scripted.reached or child.poll() is not None, stage)
            assert child.poll() is None
            child.kill()
            said, _ = child.communicate(timeout=20)
        assert said == (b"sent\n" if stage == "quit" else b"")
        settings = SmtpSettings(host="127.0.0.1", port=scripted.port, security="none", timeout=20.0)
        with SmtpServer(settings).session() as session:
            assert session.send(mail).state == "sent"
    assert scripted.taken == [Taken(mail.sender, mail.recipient, mail.content)] * times
