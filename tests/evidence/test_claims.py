"""Claims: what cites them, their passages, and what is withdrawn."""

from __future__ import annotations

import pytest

from evidence.entered import make_claim, make_source
from middleground.dialogues.models import Dialogue, StaffAction, Statement
from middleground.evidence.actions.claims import (
    add_claim,
    add_passage,
    citing_numbers,
    edit_claim,
    remove_passage,
    withdraw_claim,
)
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.models import Claim
from middleground.evidence.pages.public import passages_of, sides_of
from middleground.people.models import User
from support.cast import make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_statements_cite_a_claim_and_cease_to(dialogue: Dialogue, moderator: User) -> None:
    claim = add_claim(moderator, dialogue, "It got quieter.", in_background=True, cited_by=[1, 3])
    assert citing_numbers(claim) == [1, 3]
    unchanged = {"in_background": True, "revision": 0}
    assert not edit_claim(moderator, claim, "It got quieter.", cited_by=[3, 1], **unchanged)
    assert edit_claim(moderator, claim, "It got quieter.", cited_by=[2, 3], **unchanged)
    assert citing_numbers(claim) == [2, 3]
    with pytest.raises(EvidenceRefused) as refused:
        edit_claim(moderator, claim, "It did not.", cited_by=[2], **unchanged)
    assert refused.value.code == "changed_meanwhile"
    assert Claim.objects.get().text == "It got quieter."


def test_only_statements_that_are_shown_can_cite(dialogue: Dialogue, moderator: User) -> None:
    make_statement(dialogue, 7, status=Statement.Status.PENDING)
    with pytest.raises(EvidenceRefused) as refused:
        add_claim(moderator, dialogue, "It is so.", in_background=False, cited_by=[1, 7, 99])
    assert [reason.values["number"] for reason in refused.value.reasons] == [7, 99]
    assert not Claim.objects.exists()
    assert not StaffAction.objects.exists()


def test_every_side_has_the_newest_source_first_and_none_is_left_out(
    dialogue: Dialogue, moderator: User
) -> None:
    claim = add_claim(moderator, dialogue, "It is so.", in_background=False, cited_by=[])
    years = ("2001", "", "2019-05", "2019")
    sources = [
        make_source(moderator, dialogue, published=year, title=f"T {year}") for year in years
    ]
    for source in sources:
        add_passage(moderator, claim, source, "disputes", "No.", "")
        add_passage(moderator, claim, source, "supports", "Yes.", "")
    sides = sides_of(passages_of(claim))
    assert [side.value for side in sides] == ["supports", "disputes", "qualifies"]
    order = ["2019-05", "2019", "2001", ""]
    shown = [[passage.source.published for passage in side.passages] for side in sides]
    assert shown == [order, order, []]


def test_a_passage_is_added_once_and_not_of_what_is_withdrawn(
    dialogue: Dialogue, moderator: User
) -> None:
    claim = make_claim(moderator, dialogue)
    source = dialogue.sources.get(number=1)
    with pytest.raises(EvidenceRefused) as refused:
        add_passage(moderator, claim, source, "supports", "The level fell by 4 dB.", "p. 110")
    assert refused.value.code == "same_passage"
    withdraw_source(moderator, source, "Retracted.")
    assert [passage.source.number for passage in passages_of(claim)] == [2]
    with pytest.raises(EvidenceRefused) as refused:
        add_passage(moderator, claim, source, "qualifies", "More.", "")
    assert refused.value.code == "source_withdrawn"
    remove_passage(moderator, claim.passages.get(number=2))
    withdraw_claim(moderator, claim, "It was unclear.")
    with pytest.raises(EvidenceRefused) as refused:
        add_passage(moderator, claim, source, "qualifies", "More.", "")
    assert refused.value.code == "claim_withdrawn"
    verbs = list(StaffAction.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["withdraw_source", "remove_passage", "withdraw_claim"]


def test_a_statement_removed_from_a_draft_is_cited_no_more(
    dialogue: Dialogue, moderator: User
) -> None:
    claim = add_claim(moderator, dialogue, "It is so.", in_background=False, cited_by=[1, 2])
    dialogue.statements.get(number=1).delete()
    assert citing_numbers(claim) == [2]
