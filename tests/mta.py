"""A mail system of Debian on loopback: postfix takes the mails, dovecot hands them to the readers.

Both run from folders of their own, on free ports, with no mailbox, queue or setting of the machine
they run on. They need root, since postfix changes users; where that or a package is missing,
:func:`missing` says so.
"""

from __future__ import annotations

import imaplib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from killing import NAMES, free_port

POSTFIX = Path("/usr/lib/postfix/sbin/master")
DOVECOT = Path("/usr/sbin/dovecot")
IMAP = Path("/usr/lib/dovecot/imap")
OWNER = 5000  # of all mailboxes; needs no name on this machine
PATIENCE = 20.0  # seconds for a server to start, or for a mail to arrive
ADDED = (b"return-path", b"x-original-to", b"delivered-to", b"received")
"""Header fields that a mail system writes above those of a mail (RFC 5321, 4.4)."""

MAIN = """
compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/mail.log
maillog_file_prefixes = {root}
myhostname = mta.example.org
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = inline:{{{boxes}}}
virtual_minimum_uid = {owner}
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
"""

MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

READING = """
base_dir = {root}/dovecot
state_dir = {root}/dovecot
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/
first_valid_uid = {owner}
first_valid_gid = {owner}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={root}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def missing() -> str:
    """Why no mail system can be started here; "" when one can."""
    if not POSTFIX.exists() or not DOVECOT.exists() or not IMAP.exists():
        return "a real mail system needs the Debian packages postfix and dovecot-imapd"
    if os.geteuid() != 0:
        return "a real mail system (postfix, dovecot) is started by root alone"
    return ""


@dataclass
class MailSystem:
    """Satisfies :class:`killing.Post`: takes mails by SMTP, and is read by IMAP."""

    root: Path
    port: int  # SMTP
    imap: int

    def take(self) -> list[tuple[str, bytes]]:
        """All mails in the readers' mailboxes, which are empty then.

        Waits until none is on its way. What the system wrote above a mail is taken off; all below
        is as it was stored.
        """
        self._drained()
        return [(name, mail) for name in NAMES for mail in self._mailbox(name)]

    def _mailbox(self, name: str) -> list[bytes]:
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=PATIENCE) as reader:
            reader.login(name, "secret")
            _, (count,) = reader.select()
            if not int(count):
                return []
            _, parts = reader.fetch("1:*", "(BODY.PEEK[])")
            found = [part[1] for part in parts if isinstance(part, tuple)]
            reader.store("1:*", "+FLAGS", r"\Deleted")
            reader.expunge()
        assert len(found) == int(count)
        return [as_sent(mail) for mail in found]

    def _drained(self) -> None:
        """Wait until the queue is empty and nobody speaks to the server any more."""
        until = time.monotonic() + PATIENCE
        while self._sessions() or self._queued():  # in this order: a session leaves its mail behind
            assert time.monotonic() < until, self.log()
            time.sleep(0.01)

    def _queued(self) -> bool:
        folders = ("maildrop", "incoming", "active", "deferred")
        return any(names for one in folders for *_, names in os.walk(self.root / "spool" / one))

    def _sessions(self) -> bool:
        said = (self.root / "mail.log").read_text("utf-8")
        return said.count("]: connect from") != said.count("]: disconnect from")

    def log(self) -> str:
        """What both servers wrote."""
        return "".join(
            file.read_text("utf-8") for file in self.root.glob("*.log") if file.exists()
        )[-6000:]


def as_sent(stored: bytes) -> bytes:
    """The mail without the fields that were added above it."""
    rest = stored
    while rest.partition(b":")[0].lower() in ADDED:
        end = rest.index(b"\r\n") + 2
        while rest[end : end + 1] in (b" ", b"\t"):
            end = rest.index(b"\r\n", end) + 2
        rest = rest[end:]
    assert rest != stored, "the mail system names itself"
    return rest


@contextmanager
def mail_system() -> Iterator[MailSystem]:
    """Postfix and dovecot with a mailbox for each reader, until the block ends."""
    # Not below pytest's own folders: users other than root cannot enter them.
    with TemporaryDirectory(prefix="mta") as name:
        root = Path(name)
        root.chmod(0o755)
        made = MailSystem(root, free_port(), free_port())
        _furnish(made)
        postfix = [str(POSTFIX), "-c", str(root / "etc"), "-s"]
        dovecot = [str(DOVECOT), "-F", "-c", str(root / "dovecot.conf")]
        with _running(made, postfix, made.port), _running(made, dovecot, made.imap):
            yield made


def _furnish(made: MailSystem) -> None:
    root = made.root
    for folder in ("etc", "spool", "data", "mail", "dovecot"):
        (root / folder).mkdir(mode=0o755)
    shutil.chown(root / "data", "postfix")
    os.chown(root / "mail", OWNER, OWNER)
    boxes = ", ".join(f"{name}={name.partition('@')[0]}/" for name in NAMES)
    told = {"root": root, "owner": OWNER, "smtp": made.port, "imap": made.imap, "boxes": boxes}
    for file, text in (("etc/main.cf", MAIN), ("etc/master.cf", MASTER), ("dovecot.conf", READING)):
        (root / file).write_text(text.format(**told), "utf-8")
    # Makes the folders of the queue, each with its owner.
    subprocess.run(["postfix", "-c", root / "etc", "check"], check=True, timeout=60)


@contextmanager
def _running(made: MailSystem, command: list[str], port: int) -> Iterator[None]:
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            assert server.poll() is None, made.log()
            assert time.monotonic() < until, made.log()
            time.sleep(0.02)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
