"""Hashes that were stored under the rule before are computed again by a migration."""

from __future__ import annotations

import numpy as np
import pytest

from middleground.dialogues.exchange.polis import import_conversation
from middleground.dialogues.models import Statement
from middleground.dialogues.texts.hash_again import hash_again
from middleground.engine import Votes
from middleground.polis import PolisExport, PolisStatement
from middleground.texts.sameness import dedup_hash, near_hash
from support.cast import make_dialogue, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def as_before(**rows: object) -> None:
    for statement in Statement.objects.filter(**rows):
        Statement.objects.filter(pk=statement.pk).update(dedup_hash=near_hash(statement.text))


def hashes() -> dict[int, str]:
    return dict(Statement.objects.order_by("number").values_list("number", "dedup_hash"))


def test_each_text_gets_the_hash_that_a_new_one_would_get() -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, "Cut it by 5 percent.")
    make_statement(dialogue, 2, "Cut it by 5 percent!", status="rejected", reason="spam")
    make_statement(make_dialogue("bridge", statements=0), 3, "Cut it by 5 percent.")
    as_before()
    hash_again(Statement.objects.all(), "dialogue")
    assert hashes() == dict.fromkeys((1, 2, 3), dedup_hash("Cut it by 5 percent"))
    with_it = make_statement(dialogue, 4, "Cut it by -5 percent.")
    hash_again(Statement.objects.all(), "dialogue")
    assert hashes()[4] == with_it.dedup_hash == dedup_hash("Cut it by -5 percent")


def test_two_that_became_the_same_are_both_kept() -> None:
    """A stretched word was another word before."""
    dialogue = make_dialogue(statements=0)
    for number, text in ((1, "كتاب"), (2, "كـتاب")):
        make_statement(dialogue, number)
        Statement.objects.filter(number=number).update(text=text)
    as_before()
    assert len(set(hashes().values())) == 2
    hash_again(Statement.objects.all(), "dialogue")
    assert hashes()[1] == dedup_hash("كتاب")
    assert hashes()[2] not in {hashes()[1], near_hash("كـتاب")}


def test_deleted_texts_stay_without_a_hash() -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, "Gone.", status="rejected", reason="spam")
    Statement.objects.update(text="", dedup_hash="")
    hash_again(Statement.objects.all(), "dialogue")
    assert hashes() == {1: ""}


def test_an_import_has_the_same_hashes() -> None:
    """So that it finds its own statements again."""
    texts = ("More buses", "more buses!", "More buses?")
    import_conversation(
        PolisExport(
            topic="Buses", url="", description="",
            statements=tuple(
                PolisStatement(id=number, text=text, author=None, status="accepted", created=0)
                for number, text in enumerate(texts)
            ),
            votes=Votes(*np.zeros((3, 0), dtype=np.int64)),
        ),
        "buses",
    )  # fmt: skip
    imported = hashes()
    assert len(set(imported.values())) == 3
    Statement.objects.filter(number=0).update(dedup_hash="of the rule before")
    hash_again(Statement.objects.all(), "dialogue")
    assert hashes() == imported
