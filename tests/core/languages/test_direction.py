"""Names and reasons within sentences that are written from the right."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from middleground.answers.cases.sentences import sentence_of
from middleground.answers.commitments.sentences import sentence_of as promise_sentence
from middleground.answers.models import CaseEvent, CommitmentEvent
from middleground.core.languages.direction import isolated, with_isolates
from middleground.people.bodies.history import sentence_of as body_sentence
from middleground.people.models import BodyEvent

BY_POLICE = {"post": "Chief", "body": "Police", "reason": "Staff are ill."}
CASE = CaseEvent(kind=CaseEvent.Kind.PAUSED, on=date(2026, 5, 4), facts=BY_POLICE)
PROMISE = CommitmentEvent(
    kind=CommitmentEvent.Kind.SLIPPED,
    on=date(2026, 5, 4),
    facts={**BY_POLICE, "step": "", "to": "2026-06-01"},
)
BODY = BodyEvent(kind=BodyEvent.Kind.APPOINTED, on=date(2026, 5, 4), facts={
    "name": "A. Example", "post_title": "Chief", "role": "publishes",
})  # fmt: skip


def test_sentences_from_the_right_isolate_names_and_reasons() -> None:
    with override("ar"):
        told = sentence_of(CASE), promise_sentence(PROMISE), body_sentence(BODY)
    assert [sentence.count("\u2068") for sentence in told] == [3, 4, 2]
    for sentence, names in zip(
        told, [("Chief", "Police", "Staff are ill.")] * 2 + [("A. Example", "Chief")], strict=True
    ):
        assert [f"\u2068{name}\u2069" in sentence for name in names] == [True] * len(names)


def test_sentences_from_the_left_have_no_unseen_characters() -> None:
    assert sentence_of(CASE) == "Clock paused by Chief, Police: Staff are ill."
    assert promise_sentence(PROMISE).endswith(", says Chief, Police: Staff are ill.")
    assert body_sentence(BODY) == "A. Example holds the post “Chief” from this day."


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Police"), ("ko", "Police"), ("fa", "\u2068Police\u2069")]
)
def test_only_texts_are_isolated(language: str, shown: str) -> None:
    with override(language):
        assert with_isolates({"body": "Police", "days": 3, "reason": ""}) == {
            "body": shown, "days": 3, "reason": "",
        }  # fmt: skip
        assert isolated("") == ""
