"""Handing one e-mail to the mail server, and what came of it."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from enum import Enum, auto

from django.core.mail import EmailMessage

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463
_NO_SUCH_ADDRESS = ("5.1.", "5.2.1", "5.2.0")


class MailOutcome(Enum):
    SENT = auto()
    NO_SUCH_ADDRESS = auto()
    NOT_TAKEN = auto()  # this message, for good
    LATER = auto()  # certainly not sent; to be tried again
    UNCERTAIN = auto()  # the connection ended before the server said whether it has the message


@dataclass(frozen=True, slots=True)
class Delivery:
    """``code``: what the server said, such as "550 5.1.1", and none of its words."""

    outcome: MailOutcome
    code: str = ""


def deliver(smtp: smtplib.SMTP, message: EmailMessage) -> Delivery:
    """Send through an open connection, step by step: what failed before the text was not sent."""
    text = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    try:
        refused = _envelope(smtp, message)
        if refused is not None:
            smtp.rset()
            return refused
    except (smtplib.SMTPException, OSError):
        return Delivery(MailOutcome.LATER)
    try:
        code, said = smtp.data(text)
    except smtplib.SMTPDataError as refusal:  # of the command, before the text
        code, said = refusal.smtp_code, _bytes(refusal.smtp_error)
    except (smtplib.SMTPException, OSError):
        return Delivery(MailOutcome.UNCERTAIN)
    if _is_taken(code):
        return Delivery(MailOutcome.SENT)
    return Delivery(MailOutcome.NOT_TAKEN if code >= 500 else MailOutcome.LATER, _code(code, said))


def _envelope(smtp: smtplib.SMTP, message: EmailMessage) -> Delivery | None:
    """Name sender and recipient; None if the server takes both."""
    smtp.ehlo_or_helo_if_needed()
    options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
    code, said = smtp.mail(message.from_email, options)
    if not _is_taken(code):
        return Delivery(MailOutcome.LATER, _code(code, said))
    code, said = smtp.rcpt(message.to[0])
    if _is_taken(code):
        return None
    found = _code(code, said)
    return Delivery(_of_address(found), found)


def _is_taken(code: int) -> bool:
    return 200 <= code < 300


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _of_address(code: str) -> MailOutcome:
    """A refusal of the address itself; others are of us, the host's server or the moment."""
    number, _space, enhanced = code.partition(" ")
    if not number.startswith("5"):
        return MailOutcome.LATER
    unknown = enhanced.startswith(_NO_SUCH_ADDRESS) if enhanced else number in ("550", "553")
    return MailOutcome.NO_SUCH_ADDRESS if unknown else MailOutcome.LATER


def _code(code: int, said: bytes) -> str:
    enhanced = _ENHANCED.match(said.decode("ascii", "replace"))
    return f"{code} {enhanced[0]}" if enhanced else str(code)
