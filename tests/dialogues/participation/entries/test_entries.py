"""Batches of helpers' entries: who is in them, that they count like everyone, and that they can be
set aside as a whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from middleground.dialogues.identity.admission_codes import new_code, parse_code
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.stubs import stub_token
from middleground.dialogues.maps.eligibility import (
    configurable_tiers,
    counted_votes,
    hash_rules,
)
from middleground.dialogues.maps.eligibility_actions import EligibilityRefused
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import (
    Code,
    CodeBatch,
    DailyCount,
    Dialogue,
    EntryBatch,
    Participant,
    Vote,
    VoteSeal,
)
from middleground.dialogues.participation import admission
from middleground.dialogues.participation.entries import batches, own_entries, people
from middleground.dialogues.participation.entries.batches import BatchRefused, open_batch
from middleground.dialogues.participation.entries.own_entries import StubRefused, find_person
from middleground.dialogues.participation.entries.people import (
    EntryRefused,
    answers_of,
    begin_person,
    give_answer,
    next_card,
    take_person_back,
    token_in,
)
from middleground.dialogues.privacy.retention import destroy_key
from middleground.dialogues.sealing.receipts import own_vote
from middleground.dialogues.sealing.records import settings_document
from middleground.people.models import User
from support.cast import make_crowd, make_dialogue, make_staff
from support.refused import refused


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue(statements=3)


@pytest.fixture
def staff(db: None) -> User:
    return make_staff()


def make_batch(dialogue: Dialogue, staff: User, most: int = 20, **fields: str) -> EntryBatch:
    values = {"channel": "telephone", "place": "Central Library", "organization": "Port City"}
    return open_batch(staff, dialogue, helper=staff, most=most, **{**values, **fields})


def answer(batch: EntryBatch, number: str, value: int) -> int:
    """The statement that comes next gets this answer; returns its number."""
    card = next_card(batch, number)
    assert card.number
    give_answer(batch, number, card.number, value, card.proof)
    return card.number


def fill(batch: EntryBatch, size: int) -> list[str]:
    """So many people, each with all answers."""
    numbers = [begin_person(batch) for _ in range(size)]
    for at, number in enumerate(numbers):
        for _ in range(3):
            answer(batch, number, 1 if at % 2 else -1)
    return numbers


def test_a_person_is_admitted_in_a_tier_of_its_own_and_votes_like_everyone(
    dialogue: Dialogue, staff: User
) -> None:
    batch = make_batch(dialogue, staff)
    number = begin_person(batch)
    assert parse_code(number) == number
    asked = [answer(batch, number, value) for value in (1, 0, -1)]
    assert sorted(asked) == [1, 2, 3]
    assert next_card(batch, number).number is None
    person = Participant.objects.get()
    assert (person.tier, person.batch) == ("helped", batch)
    assert sorted(answers_of(batch, number).values()) == [-1, 0, 1]
    assert Vote.objects.filter(participant=person, dealt=True).count() == 3
    # Sealed as every vote is, and confirmed, so there are receipts.
    assert VoteSeal.objects.filter(participant=person).count() == 3
    sealed = own_vote(dialogue, token_in(batch, number), dialogue.statements.get(number=1))
    assert sealed is not None
    assert sealed.confirmed
    assert DailyCount.objects.get().participants == 1
    batch.refresh_from_db()
    assert batch.participants == 1


def test_paper_is_a_tier_of_its_own(dialogue: Dialogue, staff: User) -> None:
    batch = make_batch(dialogue, staff, channel="paper")
    begin_person(batch)
    assert Participant.objects.get().tier == "paper"
    assert configurable_tiers(dialogue) == ["open", "invited", "in_person", "paper"]
    make_batch(dialogue, staff)
    assert configurable_tiers(dialogue)[-2:] == ["paper", "helped"]


def test_tiers_of_helpers_are_offered_only_where_there_are_some(dialogue: Dialogue) -> None:
    assert configurable_tiers(dialogue) == ["open", "invited", "in_person"]


def test_the_number_cannot_be_used_as_a_cookie(dialogue: Dialogue, staff: User) -> None:
    number = begin_person(make_batch(dialogue, staff))
    token = stub_token(dialogue.pk, number)
    assert len(token) == 16
    assert Participant.objects.get().pk == pseudonym(dialogue.pk, token)
    # Without the dialogue's key nothing of the number leads to the token.
    other = make_dialogue("airport")
    assert stub_token(other.pk, number) != token
    assert number.encode()[:16] != token


def test_a_code_of_a_letter_is_used_up(dialogue: Dialogue, staff: User) -> None:
    (code,) = admission.make_codes(staff, dialogue, "invited", 1, new_code())
    batch = make_batch(dialogue, staff)
    assert begin_person(batch, code) == code
    assert Code.objects.get().used
    assert CodeBatch.objects.get().used == 1
    with refused(EntryRefused, "code_used"):
        begin_person(batch, code)
    with refused(EntryRefused, "unknown_code"):
        begin_person(batch, new_code())
    batch.refresh_from_db()
    assert batch.participants == Participant.objects.count() == 1


def test_the_code_of_a_meeting_is_no_letter(dialogue: Dialogue, staff: User) -> None:
    code, _until = admission.start_meeting(staff, dialogue, 3, admission.LONGEST_MEETING, "f")
    with refused(EntryRefused, "unknown_code"):
        begin_person(make_batch(dialogue, staff), code)


def test_nobody_is_entered_beyond_the_room_or_into_a_closed_batch(
    dialogue: Dialogue, staff: User
) -> None:
    batch = make_batch(dialogue, staff, most=1)
    number = begin_person(batch)
    with refused(EntryRefused, "batch_full"):
        begin_person(batch)
    card = next_card(batch, number)
    batches.close_batch(staff, batch)
    with refused(EntryRefused, "batch_closed"):
        begin_person(batch)
    assert card.number
    with refused(EntryRefused, "batch_closed"):
        give_answer(batch, number, card.number, 1, card.proof)
    assert not Vote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_helpers_cannot_take_the_same_room() -> None:
    dialogue, staff = make_dialogue(), make_staff()
    batch = make_batch(dialogue, staff, most=5)
    barrier = Barrier(4)

    def begin(_at: int) -> int:
        barrier.wait()
        begun = 0
        for _ in range(4):
            try:
                begin_person(batch)
                begun += 1
            except EntryRefused:
                pass
        connections.close_all()
        return begun

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, range(4))) == 5
    batch.refresh_from_db()
    assert batch.participants == Participant.objects.count() == 5


def test_nothing_is_entered_before_the_dialogue_opens_or_after_it_closes(
    dialogue: Dialogue, staff: User
) -> None:
    batch = make_batch(dialogue, staff)
    number = begin_person(batch)
    card = next_card(batch, number)
    Dialogue.objects.update(state="closed", closes_at=timezone.now())
    batch.refresh_from_db()
    assert card.number
    with refused(EntryRefused, "not_open"):
        begin_person(batch)
    with refused(EntryRefused, "not_open"):
        give_answer(batch, number, card.number, 1, card.proof)
    with refused(BatchRefused, "closed"):
        make_batch(batch.dialogue, staff)


def test_a_helper_reaches_only_people_of_their_batch(dialogue: Dialogue, staff: User) -> None:
    mine, other = make_batch(dialogue, staff), make_batch(dialogue, staff)
    number = begin_person(other)
    for act in (token_in, next_card, take_person_back, answers_of):
        with refused(EntryRefused, "nobody"):
            act(mine, number)
    # Nor those who take part by themselves.
    (token,) = make_crowd(dialogue, 1)
    assert Participant.objects.filter(pk=pseudonym(dialogue.pk, token), batch=None).exists()


def test_an_answer_needs_the_proof_that_it_was_asked(dialogue: Dialogue, staff: User) -> None:
    batch = make_batch(dialogue, staff)
    first, second = begin_person(batch), begin_person(batch)
    card = next_card(batch, first)
    assert card.number
    for number, proof in ((first, "wrong"), (second, card.proof)):
        with refused(EntryRefused, "not_stored"):
            give_answer(batch, number, card.number, 1, proof)


def test_a_person_can_be_taken_back_whole(dialogue: Dialogue, staff: User) -> None:
    (code,) = admission.make_codes(staff, dialogue, "invited", 1, new_code())
    batch = make_batch(dialogue, staff)
    begin_person(batch, code)
    answer(batch, code, 1)
    assert take_person_back(batch, code) == 1
    assert not Participant.objects.exists()
    assert not Vote.objects.exists()
    assert not VoteSeal.objects.exists()
    batch.refresh_from_db()
    assert batch.participants == 0
    # The letter is good again.
    assert not Code.objects.get().used
    assert CodeBatch.objects.get().used == 0
    assert begin_person(batch, code) == code


# Setting aside


def test_a_batch_is_set_aside_and_counted_again_as_a_whole(dialogue: Dialogue, staff: User) -> None:
    batch, other = make_batch(dialogue, staff), make_batch(dialogue, staff, channel="paper")
    fill(batch, 5)
    fill(other, 5)
    before = hash_rules(dialogue)
    assert len(counted_votes(dialogue).votes) == 30
    assert batches.set_batch_aside(staff, batch)
    counted = counted_votes(dialogue)
    assert (len(counted.votes), counted.set_aside) == (15, 5)
    assert hash_rules(dialogue) != before
    assert not batches.set_batch_aside(staff, batch)
    batch.refresh_from_db()
    assert not batch.is_open
    assert not batches.reopen_batch(staff, batch)
    assert batches.count_batch_again(staff, batch)
    assert len(counted_votes(dialogue).votes) == 30
    assert hash_rules(dialogue) == before
    verbs = list(dialogue.staff_actions.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["open_batch", "open_batch", "exclude_batch", "include_batch"]


def test_a_small_batch_is_not_set_aside(dialogue: Dialogue, staff: User) -> None:
    batch = make_batch(dialogue, staff)
    fill(batch, 4)
    with refused(BatchRefused, "too_few"):
        batches.set_batch_aside(staff, batch)
    batch.refresh_from_db()
    assert not batch.is_set_aside


def test_after_the_final_map_nothing_is_set_aside(dialogue: Dialogue, staff: User) -> None:
    batch = make_batch(dialogue, staff)
    fill(batch, 5)
    Dialogue.objects.update(state="closed", closes_at=timezone.now())
    dialogue.refresh_from_db()
    finalise(dialogue.pk)
    assert dialogue.maps.filter(final=True).exists()
    with refused(EligibilityRefused, "already_final"):
        batches.set_batch_aside(staff, batch)


def test_the_public_log_lists_batches_in_steps_and_names_no_helper(
    dialogue: Dialogue, staff: User
) -> None:
    assert "batches" not in json.loads(settings_document(dialogue))
    batch = make_batch(dialogue, staff)
    fill(batch, 7)
    document = settings_document(dialogue)
    assert json.loads(document)["batches"] == [
        {
            "number": 1, "channel": "telephone", "place": "Central Library",
            "organization": "Port City", "most": 20, "people_at_least": None, "counts": True,
        }
    ]  # fmt: skip
    batches.close_batch(staff, batch)
    assert json.loads(settings_document(dialogue))["batches"][0]["people_at_least"] == 5
    assert staff.email.encode() not in document


def test_when_the_key_is_destroyed_no_row_tells_who_came_in_which_batch(
    staff: User, settings: Any, tmp_path: Path
) -> None:
    settings.KEYS = tmp_path
    dialogue = make_dialogue()
    batch = make_batch(dialogue, staff)
    (number,) = fill(batch, 1)
    assert destroy_key(dialogue)
    assert Participant.objects.filter(batch=None).count() == 1
    dialogue.refresh_from_db()
    with refused(StubRefused, "key_destroyed"):
        find_person(dialogue, number)


# The number


def test_a_number_leads_to_what_was_entered_and_to_nobody_else(
    dialogue: Dialogue, staff: User
) -> None:
    batch = make_batch(dialogue, staff)
    first, second = begin_person(batch), begin_person(batch)
    asked = answer(batch, first, -1)
    answer(batch, second, 1)
    token = find_person(dialogue, first)
    (found,) = own_entries.entered_answers(dialogue, token)
    assert (found.statement.number, found.value) == (asked, -1)
    assert found.sealed is not None
    with refused(StubRefused, "unknown"):
        find_person(dialogue, new_code())
    own_entries.take_entries_back(dialogue, token)
    with refused(StubRefused, "unknown"):
        find_person(dialogue, first)
    assert Vote.objects.count() == 1


def test_a_code_that_somebody_used_by_themselves_leads_nowhere(
    dialogue: Dialogue, staff: User
) -> None:
    (code,) = admission.make_codes(staff, dialogue, "invited", 1, new_code())
    admission.admit_with_code(dialogue, b"0123456789abcdef", code)
    with refused(StubRefused, "unknown"):
        find_person(dialogue, code)
    with refused(EntryRefused, "code_used"):
        people.begin_person(make_batch(dialogue, staff), code)
