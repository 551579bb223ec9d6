"""The cast of the tests of answers, a mail server, and a dialogue that can be followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answers.conftest import agent, case, chief, harbour, staff, today, with_police
from middleground.core import rate_limits
from middleground.dialogues.models import Dialogue
from middleground.notices.following import choose_email
from middleground.notices.news import begin_to_tell
from middleground.notices.outbox.sending import Sender
from support.serving.mail_server import MailServer, mail_server, use

__all__ = ["agent", "case", "chief", "harbour", "staff", "today", "with_police"]


@pytest.fixture
def server(settings: Any, keys: Path) -> Iterator[MailServer]:
    """A running mail server, which the installation uses; addresses have a key of their own."""
    rate_limits.reset()
    with mail_server() as running:
        use(running, settings)
        yield running


@pytest.fixture
def followed(harbour: Dialogue, server: MailServer) -> Dialogue:
    """A dialogue whose people can follow cases by e-mail."""
    choose_email(harbour, on=True)
    begin_to_tell()
    return harbour


@pytest.fixture
def sender(server: MailServer) -> Sender:
    return Sender()
