"""Votes of a day are counted in parts, which add up wherever they are read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db.models import Sum
from django.utils import timezone

from middleground.dialogues.models import DailyCount
from middleground.dialogues.participation.admission import admit_with_code, make_codes
from middleground.dialogues.queries import participants_by_day
from middleground.dialogues.voting import store
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, count_days_in_parts, store_votes
from support.cast import make_dialogue, make_staff
from support.serving.asgi_client import voter

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sixteen parts, taken in turn."""
    turns = iter(range(10**6))
    chosen = SimpleNamespace(
        randbelow=lambda parts: next(turns) % parts, token_bytes=secrets.token_bytes
    )
    monkeypatch.setattr(store, "secrets", chosen)
    count_days_in_parts(16)
    yield
    count_days_in_parts(1)


@pytest.mark.usefixtures("in_parts")
def test_the_parts_of_a_day_add_up() -> None:
    dialogue, pools = make_dialogue(statements=2), StatementPools()
    for _ in range(5):
        who = voter()
        for statement in dialogue.statements.order_by("number"):
            proof = who.form(statement)["proof"]
            ballot = Ballot(dialogue.slug, who.token, statement.number, 1, proof)
            store_votes([ballot], pools, timezone.now())
    assert DailyCount.objects.filter(votes=1).count() == 10
    (code,) = make_codes(make_staff(), dialogue, "invited", 1, "cards")
    admit_with_code(dialogue, voter().token, code)
    sums = DailyCount.objects.aggregate(votes=Sum("votes"), participants=Sum("participants"))
    assert sums == {"votes": 10, "participants": 6}
    assert participants_by_day([dialogue]) == [(dialogue.pk, timezone.localdate(), 6)]
    other = make_dialogue("other")
    assert participants_by_day([other]) == []


def test_one_process_counts_in_one_row() -> None:
    assert {secrets.randbelow(store.DayCounts.parts) for _ in range(100)} == {0}
