"""Rules for all kinds of moderated texts: the states that can be stored, and the registry."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from middleground.answers.models import CheckSentence
from middleground.dialogues.models import Appeal, ModeratedText, StaffAction, Statement
from middleground.dialogues.models.texts import text_kinds
from middleground.dialogues.models.texts.text_kinds import (
    find_text_kinds,
    kind_of,
    register_text_kind,
)
from middleground.evidence.models import ProposedSource
from middleground.texts.moderation import TextState
from middleground.threads.models import Comment
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db

STORED = {
    ("pending", False): TextState.WAITING,
    ("approved", False): TextState.UNSEEN,
    ("approved", True): TextState.SHOWN,
    ("rejected", True): TextState.REJECTED,
    ("merged", True): TextState.MERGED,
}


@pytest.mark.parametrize(
    ("status", "reviewed"), list(product(["pending", "approved", "rejected", "merged"], [0, 1]))
)
def test_only_known_states_can_be_stored(status: str, reviewed: int) -> None:
    dialogue = make_dialogue(statements=2)
    one, two = dialogue.statements.all()
    more = {"merged_into": two} if status == "merged" else {}
    more |= {"reason": "spam"} if status == "rejected" else {}
    change = {"status": status, "reviewed": bool(reviewed), **more}
    rows = Statement.objects.filter(pk=one.pk)
    expected = STORED.get((status, bool(reviewed)))
    if expected is None:
        with pytest.raises(IntegrityError, match="statement_state_is_known"), transaction.atomic():
            rows.update(**change)
    else:
        rows.update(**change)
        assert rows.get().state is expected
        in_state = {
            s for s in TextState if Statement.objects.in_state(s).filter(pk=one.pk).exists()
        }
        assert in_state == {expected}


def test_only_a_rejected_text_has_a_reason() -> None:
    statement = make_statement(make_dialogue(statements=0), 1)
    with pytest.raises(IntegrityError, match="only_rejected_has_reason"), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(reason="spam")
    statement.move_to(TextState.REJECTED, "spam")
    since = statement.rejected_on
    assert (statement.reason, since is not None) == ("spam", True)
    statement.move_to(TextState.REJECTED, "unclear")  # as after an appeal: the deletion day stays
    assert (statement.reason, statement.rejected_on) == ("unclear", since)
    statement.move_to(TextState.SHOWN)
    statement.refresh_from_db()
    assert (statement.reason, statement.rejected_on) == ("", None)


def test_every_kind_of_text_is_registered_once_and_completely() -> None:
    kinds = find_text_kinds()
    models = [Statement, Comment, ProposedSource, CheckSentence]
    assert {kind.model for kind in kinds} == set(ModeratedText.__subclasses__()) == set(models)
    assert len(kinds) == len(models)
    kind = kind_of(Statement)
    assert (kind.appeals, kind.actions, kind.key) == (Appeal, StaffAction, "statement")
    assert len({each.collection for each in kinds}) == len(kinds)
    for each in kinds:
        for table in (each.appeals, each.actions):
            assert table._meta.get_field(each.key).related_model is each.model
        assert each.model._meta.get_field("appeal").related_model is each.appeals
    with pytest.raises(ValueError, match="Statement is registered twice"):
        register_text_kind(kind)


def test_a_kind_that_is_known_is_not_searched_for_in_all_apps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find_text_kinds()
    searched = list[str]()
    monkeypatch.setattr(text_kinds, "autodiscover_modules", searched.append)
    assert kind_of(Statement).model is Statement
    assert searched == []
    find_text_kinds()  # the control
    assert searched == ["moderated_texts"]
