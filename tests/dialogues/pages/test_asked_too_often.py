"""A participant who sends too often reads when to try again, and loses no input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from middleground.core import rate_limits
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import write_token
from middleground.dialogues.models import Vote
from support.cast import make_dialogue
from support.serving.asgi_client import vote, voter


@pytest.fixture(autouse=True)
def _twice_an_hour(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rate = rate_limits.RateLimit(rate_limits.Limit(2, 3600), rate_limits.Limit(1000, 3600))
    monkeypatch.setattr(rate_limits, "RATES", dict.fromkeys(rate_limits.RATES, rate))
    rate_limits.reset()
    yield
    rate_limits.reset()


def asked(client: Client, path: str, **form: str) -> list[Any]:
    return [client.post(path, form) for _ in range(3)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
@pytest.mark.parametrize("htmx", [True, False])
def test_a_vote_beyond_the_limit_is_refused(*, htmx: bool) -> None:
    dialogue = make_dialogue(statements=3)
    hasty, other = voter(), voter()
    answers = [vote(hasty, statement, htmx=htmx) for statement in dialogue.statements.all()]
    assert [answer.status for answer in answers[:2]] == [200 if htmx else 303] * 2
    assert answers[2].status == 429
    assert 0 < int(answers[2].header("retry-after") or 0) <= 3600
    assert "Nothing that was saved is lost" in answers[2].text
    assert Vote.objects.count() == 2
    # Another participant of the same network is not limited.
    assert vote(other, dialogue.statements.all()[0], htmx=htmx).status != 429


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("code/", {"code": "AAAA-BBBB-CCCC-DDDD"}),
        ("confirm/", {"solution": "no solution"}),
        ("write/", {"text": "Boats need a ramp."}),
    ],
)
def test_a_form_beyond_the_limit_says_when_to_retry(
    page: str, form: dict[str, str], client: Client
) -> None:
    make_dialogue()
    client.cookies[COOKIE] = write_token(voter().token)
    answers = asked(client, f"/d/harbour/{page}", **form)
    assert all(answer.status_code < 429 for answer in answers[:2])
    assert answers[2].status_code == 429
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    told = answers[2].content.decode()
    assert "try again in" in told
    assert form.get("text", "") in told  # the typed text can be copied
