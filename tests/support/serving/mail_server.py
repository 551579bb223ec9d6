"""A real mail server on this machine, which takes, refuses or keeps messages as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from support.serving.servers import free_port

SENDER = "news@port.example"


@dataclass
class MailServer:
    """``messages``: what it has taken. ``replies``: what it says to a recipient or to "DATA"."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    keeps_silent: bool = False  # takes the text and never says so

    async def handle_RCPT(self, *asked: Any) -> str:  # noqa: N802 -- the library's name
        envelope, address = asked[2:4]
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *asked: Any) -> str:  # noqa: N802
        envelope = asked[2]
        if "DATA" in self.replies:
            return self.replies["DATA"]
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        if self.keeps_silent:
            await asyncio.sleep(60)
        return "250 OK"

    def to(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.messages)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running server; with settings for it see ``use``."""
    handler = MailServer(free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def use(server: MailServer, settings: Any) -> None:
    """Let Django send through it."""
    settings.MAIL = f"smtp://127.0.0.1:{server.port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = SENDER
    settings.HOST_NAME = "Port City"


def body_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")
