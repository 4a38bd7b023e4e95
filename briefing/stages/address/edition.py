"""The mail that carries an edition to one reader."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from briefing.news import Digest
from briefing.post import Mail, Subscriber
from briefing.stages.address import fields
from briefing.stages.address.mailbox import Mailbox, envelope, mailbox
from briefing.stages.address.message import message, message_id, web_address
from briefing.text.characters import one_line

LONGEST_SUBJECT = 200  # characters; what is longer was made to harm somebody


def edition_mail(
    digest: Digest,
    subscriber: Subscriber,
    *,
    subject: str,
    text: str,
    html: str,
    sender: str,
    date: datetime,
    reply_to: str = "",
    archive: str = "",
    unsubscribe: str = "",
) -> Mail:
    """One edition for one reader: multipart/alternative, the text first.

    The Message-ID is made from the edition and the address, so a retry or a second run gives the
    same one. All editions of a story stand in one thread. There is no `Precedence`: it is no
    standard (RFC 2076), and what it was for is said by `List-Id` and `Auto-Submitted`.

    Args:
        subject: from `render.letter_subject`.
        text, html: from `render.letter_text` and `render.letter_html`, for this reader.
        sender: who it comes from, as ``The Briefing <briefing@example.org>``.
        date: aware; when it is said to have been written.
        reply_to: where answers go; empty: to the sender.
        archive: address of the edition's page; empty when there is no archive.
        unsubscribe: address at which this reader leaves with one click (RFC 8058), if it is https;
            empty when there is no site.

    Raises:
        ConfigError: an address cannot be used; the message says which and why.
    """
    author = mailbox(sender, where="[mail] sender")
    answers = mailbox(reply_to, where="[mail] reply_to") if reply_to else author
    recipient = envelope(subscriber.address)
    edition = digest.edition
    id = message_id(author.domain, "edition", str(edition), recipient)
    thread = message_id(author.domain, "story", edition.story)
    said = opening(author, recipient, subject=subject, date=date, id=id)
    if reply_to:
        said["Reply-To"] = fields.named(answers.name, answers.address)
    said["In-Reply-To"] = thread
    said["References"] = thread
    said["List-Id"] = _list_id(digest, author)
    if archive:
        said["List-Archive"] = f"<{web_address(archive, where='[site] url')}>"
    said |= _leaving(unsubscribe, answers, edition.story)
    content = message(said, text=text, html=html)
    return Mail(id, "edition", author.address, recipient, content, edition, subscriber.id)


def opening(
    author: Mailbox, recipient: str, *, subject: str, date: datetime, id: str
) -> dict[str, str]:
    """The fields with which every mail of ours begins."""
    subject = one_line(subject)
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1] + "…"
    return {
        "From": fields.named(author.name, author.address),
        "To": recipient,
        "Subject": fields.free("Subject", subject),
        "Date": format_datetime(date),
        "Message-ID": id,
        # Automatic answers: RFC 3834 asks for none, and Exchange heeds a field of its own
        # ([MS-OXCMAIL] 2.1.3.2.20)
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


def _list_id(digest: Digest, author: Mailbox) -> str:
    """RFC 2919: a name for people, and one that stays, in a domain that is ours."""
    return fields.named(digest.story_name, f"{digest.edition.story}.{author.domain}")


def _leaving(unsubscribe: str, answers: Mailbox, story: str) -> dict[str, str]:
    """RFC 2369 and, where the address is https, RFC 8058."""
    by_mail = f"<mailto:{quote(answers.address, safe='@')}?subject=unsubscribe%20{quote(story)}>"
    if not unsubscribe:
        return {"List-Unsubscribe": by_mail}
    page = f"<{web_address(unsubscribe, where='[site] url')}>"
    found = {"List-Unsubscribe": f"{page},\r\n {by_mail}"}
    if urlsplit(unsubscribe).scheme == "https":
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found
