"""Admission codes: their format, what is stored of them, and that each admits one participant."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from middleground.dialogues.identity.admission_codes import (
    ALPHABET,
    code_hash,
    grouped,
    new_code,
    parse_code,
)
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Code, CodeBatch, DailyCount, Participant
from middleground.dialogues.participation import admission
from middleground.dialogues.participation.admission import admit_with_code
from middleground.dialogues.participation.own_data import delete_own_votes
from support.cast import make_dialogue, make_staff
from support.refused import refused
from torture.tools.progress import figures

# The number of times that 200 participants use a code at once; `make torture` sets it.
TURNS = int(os.environ.get("MIDDLEGROUND_TORTURE_RACES", "3"))


def make_codes(dialogue: Any, size: int = 3, tier: str = "invited") -> list[str]:
    staff = make_staff(email=f"{new_code(8)}@example.org")
    return admission.make_codes(staff, dialogue, tier, size, new_code())


def test_a_code_has_eighty_bits_and_no_lookalikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    code = new_code()
    assert 5 * len(code) == 80
    assert len({new_code() for _ in range(100)}) == 100
    assert parse_code(grouped(code).lower().replace("-", " ")) == code
    assert grouped("K3T70HQ2MZ9D4VXA") == "K3T7-0HQ2-MZ9D-4VXA"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("o1il-OOOO", "01110000"), ("uuuuuuuu", "VVVVVVVV"), ("", None), ("K3T7", None),
        ("K3T7-0HQ2-MZ9D-4VX!", None), ("Ａ" * 8, "A" * 8), ("Ж" * 8, None),
        ("K3T70HQ2MZ9D4VXAA", None),
    ],
)  # fmt: skip
def test_a_typed_code_is_read_leniently(typed: str, read: str | None) -> None:
    assert parse_code(typed) == read


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_no_stored_data_links_a_code_to_a_participant() -> None:
    dialogue, token = make_dialogue(), new_token()
    codes = make_codes(dialogue)
    admit_with_code(dialogue, token, codes[1])
    assert {field.name for field in Code._meta.get_fields()} == {"mark", "batch", "used"}
    assert {row.mark for row in Code.objects.all()} == {
        code_hash(dialogue.pk, code) for code in codes
    }
    assert list(Code.objects.filter(used=True).values_list("mark", flat=True)) == [
        code_hash(dialogue.pk, codes[1])
    ]
    assert list(Participant.objects.values_list("tier", flat=True)) == ["invited"]
    # Rows are stored in the order of their hashes, which hides the printed order.
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM dialogues_code")
        stored = [row[0] for row in cursor.fetchall()]
    if connection.vendor == "sqlite":  # PostgreSQL moves a row when its code is used
        assert stored == sorted(stored)
    other = make_dialogue("bridge")
    assert code_hash(other.pk, codes[0]) != code_hash(dialogue.pk, codes[0])


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_code_admits_one_participant() -> None:
    dialogue, first, second = make_dialogue(), new_token(), new_token()
    code = make_codes(dialogue, 2)[0]
    assert admit_with_code(dialogue, first, code) == "invited"
    with refused(admission.AdmissionRefused, "code_used"):
        admit_with_code(dialogue, second, code)
    batch = CodeBatch.objects.get()
    assert (batch.size, batch.used) == (2, 1)
    assert DailyCount.objects.get().participants == 1
    assert dialogue.staff_actions.get().details == {
        "tier": "invited", "kind": "printed", "count": 2,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_second_code_of_a_participant_stays_unused() -> None:
    dialogue, token = make_dialogue(), new_token()
    codes = make_codes(dialogue)
    admit_with_code(dialogue, token, codes[0])
    with refused(admission.AdmissionRefused, "already_admitted"):
        admit_with_code(dialogue, token, codes[1])
    assert admit_with_code(dialogue, new_token(), codes[1]) == "invited"


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_code_of_another_dialogue_or_a_closed_one_admits_nobody() -> None:
    dialogue, other, token = make_dialogue(), make_dialogue("bridge"), new_token()
    code = make_codes(dialogue)[0]
    with refused(admission.AdmissionRefused, "unknown_code"):
        admit_with_code(other, token, code)
    dialogue.state = "closed"
    dialogue.save()
    with refused(admission.AdmissionRefused, "not_open"):
        admit_with_code(dialogue, token, code)
    assert Participant.objects.count() == 0
    assert CodeBatch.objects.get().used == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_meeting_code_has_a_limit_and_an_end() -> None:
    dialogue, staff = make_dialogue(), make_staff()
    code, until = admission.start_meeting(staff, dialogue, 2, timedelta(hours=3), "form")
    assert len(code) == 8
    assert timedelta(hours=2.9) < until - timezone.now() < timedelta(hours=3)
    assert [admit_with_code(dialogue, new_token(), code) for _ in range(2)] == ["in_person"] * 2
    with refused(admission.AdmissionRefused, "meeting_full"):
        admit_with_code(dialogue, new_token(), code)
    CodeBatch.objects.update(size=9, valid_until=timezone.now() - timedelta(seconds=1))
    with refused(admission.AdmissionRefused, "meeting_over"):
        admit_with_code(dialogue, new_token(), code)
    assert Participant.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_withdrawn_codes_admit_nobody_and_used_ones_stay_used() -> None:
    dialogue = make_dialogue()
    codes = make_codes(dialogue)
    admit_with_code(dialogue, new_token(), codes[0])
    assert admission.withdraw_codes(make_staff(), CodeBatch.objects.get()) == 2
    for code, why in ((codes[0], "code_used"), (codes[1], "unknown_code")):
        with refused(admission.AdmissionRefused, why):
            admit_with_code(dialogue, new_token(), code)
    batch = CodeBatch.objects.get()
    assert (batch.size, batch.used, batch.withdrawn) == (1, 1, 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_form_sent_twice_makes_one_batch() -> None:
    dialogue, staff = make_dialogue(), make_staff()
    admission.make_codes(staff, dialogue, "invited", 2, "the form")
    with refused(admission.CodesRefused, "already_made"):
        admission.make_codes(staff, dialogue, "invited", 2, "the form")
    assert Code.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_deleting_votes_keeps_the_admission() -> None:
    dialogue, token = make_dialogue(), new_token()
    admit_with_code(dialogue, token, make_codes(dialogue)[0])
    delete_own_votes(dialogue, token, texts_too=True)
    assert admission.tier_of(dialogue, token) == "invited"


def use_at_once(dialogue: Any, code: str, participants: int) -> Counter[str]:
    """Let this many participants send one code at the same moment, and count the outcomes."""
    together, threads = Barrier(25), 25

    def one(_: int) -> str:
        together.wait(timeout=60)
        try:
            return admit_with_code(dialogue, new_token(), code)
        except admission.AdmissionRefused as not_admitted:
            return not_admitted.code

    def close(_: int) -> None:
        together.wait(timeout=60)
        connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        found = Counter(pool.map(one, range(participants)))
        list(pool.map(close, range(threads)))
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys")
def test_one_of_two_hundred_simultaneous_uses_is_admitted() -> None:
    dialogue = make_dialogue()
    for code in make_codes(dialogue, TURNS):
        assert use_at_once(dialogue, code, 200) == {"invited": 1, "code_used": 199}
    assert CodeBatch.objects.get().used == Participant.objects.count() == TURNS
    figures("races of 200 uses of one code", races=TURNS, admitted_twice=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys")
def test_a_check_without_a_lock_would_admit_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad control: a check and a later write, without a lock."""
    dialogue = make_dialogue()
    code = make_codes(dialogue, 1)[0]
    mark, admitted, together = code_hash(dialogue.pk, code), [], Barrier(10)

    def look_then_use(place: int) -> None:
        together.wait(timeout=60)
        unused = Code.objects.get(pk=mark).used is False
        together.wait(timeout=60)
        if unused:
            admitted.append(place)
        connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(look_then_use, range(10)))
    assert len(admitted) == 10
