"""Address: an edition and a reader -> one mail, byte for byte.

::

    Digest, Subscriber, HTML, text ----> edition_mail       \\
    Subscriber, address to open    ----> confirmation_mail   \\
    recipient                      ----> test_mail            > post.Mail, ready to be stored
    subject, lines                 ----> alarm_mail          /

The same arguments give the same bytes and the same Message-ID, so that a mail which is sent again
is the same mail. The words of an edition come from `render`; the words around them stand here.
"""

from __future__ import annotations

from briefing.stages.address.edition import edition_mail
from briefing.stages.address.mailbox import Mailbox, envelope, mailbox
from briefing.stages.address.notes import alarm_mail, confirmation_mail, test_mail

__all__ = [
    "Mailbox",
    "alarm_mail",
    "confirmation_mail",
    "edition_mail",
    "envelope",
    "mailbox",
    "test_mail",
]
