"""The mail server that takes our mails, as SMTP (RFC 5321) speaks to it."""

from briefing.adapters.smtp.server import SmtpServer, SmtpSettings
from briefing.adapters.smtp.session import Session

__all__ = ["Session", "SmtpServer", "SmtpSettings"]
