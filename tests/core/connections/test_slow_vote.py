"""A vote whose body does not arrive gets its page, and nothing is stored."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from middleground.dialogues.models import Vote
from support.cast import make_dialogue
from support.serving.asgi_client import server, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


def test_half_a_vote_is_not_waited_for(settings: Any) -> None:
    settings.PATIENCE_SECONDS = 0.05
    slug = make_dialogue(statements=1).slug
    parts = [{"type": "http.request", "body": b"vote=agree&", "more_body": True}]
    sent: list[Any] = []

    async def receive() -> Any:
        return parts.pop() if parts else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"/d/{slug}/vote", "query_string": b"",
        "client": ("127.0.0.1", 1), "headers": voter().headers(htmx=False),
    }  # fmt: skip
    asyncio.run(server().application(scope, receive, send))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b"This vote took too long to arrive" in sent[1]["body"]
    assert Vote.objects.count() == 0
