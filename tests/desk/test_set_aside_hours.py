"""An hour and a way of admission are set aside, by processes that know whom they admitted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from middleground.core.dates import hour_of
from middleground.dialogues.maps import publish
from middleground.dialogues.maps.eligibility import (
    MARKED_WITHIN,
    counted_by_statement,
    counted_votes,
    hash_rules,
)
from middleground.dialogues.maps.eligibility_actions import EligibilityRefused
from middleground.dialogues.models import (
    Dialogue,
    HourlyAdmission,
    Participant,
    SetAsideHour,
    StoredMap,
    Vote,
)
from middleground.dialogues.participation import set_aside_hours
from middleground.dialogues.participation.admission import admit_with_code, confirm, make_codes
from middleground.dialogues.participation.hours import HOURS_KEPT, hour_label
from middleground.dialogues.participation.known_admissions import (
    KnownAdmissions,
    known_admissions,
)
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.privacy.retention import destroy_key
from middleground.dialogues.sealing.records import settings_document
from middleground.people.models import User
from support.cast import make_crowd, make_dialogue, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys", "_nobody_known")]
PAGE = "/desk/harbour/patterns/"
DECIDE = "/desk/harbour/patterns/decide/"
Way = HourlyAdmission.Way


class Clock:
    """The time, as tests set it."""

    def __init__(self) -> None:
        self.now = timezone.now().replace(minute=30)

    def pass_by(self, **of: float) -> None:
        self.now += timedelta(**of)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def _nobody_known() -> None:
    known_admissions.forget_dialogues(known_admissions.dialogues())


def come(
    dialogue: Dialogue, way: str, count: int, known: KnownAdmissions = known_admissions
) -> list[bytes]:
    """So many come and vote on everything, and are confirmed by this way. Returns their tokens."""
    tokens = make_crowd(dialogue, count)
    for token in tokens:
        assert confirm(dialogue, token, way, known)
    return tokens


def counted(dialogue: Dialogue) -> int:
    return len(np.unique(counted_votes(dialogue).votes.participant))


def words(response: object) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())  # type: ignore[attr-defined]


def sent(clock: Clock, way: str = "waiting", verb: str = "exclude_hour") -> dict[str, str]:
    """The form that sets the last hour aside."""
    return {"hour": str(hour_of(clock.now) - 1), "way": way, "verb": verb}


def test_a_crowd_is_set_aside_and_comes_back(desk: Client, client: Client, clock: Clock) -> None:
    dialogue = make_dialogue()
    come(dialogue, Way.WAITING, 40)
    come(dialogue, Way.WORK, 12)
    assert "exclude_hour" not in words(desk.get(PAGE))  # the hour still runs
    clock.pass_by(hours=1)
    come(dialogue, Way.WAITING, 11)
    assert words(desk.get(PAGE)).count("exclude_hour") == 2  # by waiting and by work, of that hour
    before, rules = counted_votes(dialogue), hash_rules(dialogue)
    assert (counted(dialogue), before.set_aside) == (63, 0)  # the control: no mark, all count
    desk.post(DECIDE, sent(clock))
    after = counted_votes(dialogue)
    assert (counted(dialogue), after.set_aside) == (23, 40)
    assert {len(people) for people in counted_by_statement(dialogue).values()} == {23}
    assert len(after.everyone) == len(before.everyone) == Vote.objects.count()
    page, label = words(desk.get(PAGE)), hour_label(hour_of(clock.now) - 1)
    assert f"Came in by waiting in the hour from {label}:" in page
    assert "at least 40 people set aside, of at least 40 people who came." in page
    assert "does not know the others" not in page
    assert page.count('value="exclude_hour"') == 1
    public = words(client.get("/d/harbour/moderation/"))
    assert f"Set aside: people who came in by waiting in the hour from {label}," in public
    assert '"admitted": "waiting"' in settings_document(dialogue).decode()
    assert hash_rules(dialogue) == rules  # other processes may still mark theirs
    clock.pass_by(seconds=MARKED_WITHIN.total_seconds())
    assert hash_rules(dialogue) != rules
    desk.post(DECIDE, sent(clock, verb="include_hour"))
    assert (counted(dialogue), hash_rules(dialogue)) == (63, rules)
    assert not Participant.objects.exclude(set_aside_hour=None).exists()
    assert [action.verb for action in dialogue.staff_actions.order_by("pk")] == [
        "exclude_hour", "include_hour",
    ]  # fmt: skip
    assert "set aside people who came by waiting in the hour from" in words(
        desk.get("/desk/harbour/")
    )
    assert "The host has set nobody aside." in words(client.get("/d/harbour/moderation/"))


def refusal(dialogue: Dialogue, hour: int, known: KnownAdmissions = known_admissions) -> str:
    with pytest.raises(EligibilityRefused) as refused:
        set_aside_hours.set_hour_aside(
            User.objects.first() or make_staff(), dialogue, hour, Way.WAITING, known
        )
    assert not SetAsideHour.objects.exists()
    return refused.value.code


def test_after_a_restart_an_hour_is_refused(desk: Client, clock: Clock) -> None:
    dialogue = make_dialogue()
    come(dialogue, Way.WAITING, 40)
    clock.pass_by(hours=1)
    assert refusal(dialogue, hour_of(clock.now) - 1, KnownAdmissions()) == "hour_forgotten"
    known_admissions.forget_dialogues([dialogue.pk])
    page = words(desk.post(DECIDE, sent(clock), follow=True))
    assert "The server knows fewer than 5 people who came in that hour" in page
    assert counted(dialogue) == 40
    assert dialogue.staff_actions.count() == 0


def test_few_the_running_hour_and_old_hours_are_refused(clock: Clock) -> None:
    dialogue = make_dialogue()
    come(dialogue, Way.WAITING, 4)
    come(dialogue, Way.WORK, 40)
    hour = hour_of(clock.now)
    assert refusal(dialogue, hour) == "hour_not_over"
    clock.pass_by(hours=1)
    assert refusal(dialogue, hour) == "too_few"
    assert refusal(dialogue, hour - 1) == "too_few"
    come(dialogue, Way.WAITING, 5)
    clock.pass_by(hours=HOURS_KEPT)
    assert refusal(dialogue, hour + 1) == "too_few"


def test_those_who_are_gone_do_not_help_to_reach_the_minimum(clock: Clock) -> None:
    dialogue = make_dialogue()
    for token in come(dialogue, Way.WAITING, 40)[4:]:
        delete_own_votes(dialogue, token, texts_too=True)
    clock.pass_by(hours=1)
    assert refusal(dialogue, hour_of(clock.now) - 1) == "hour_forgotten"


def test_each_process_marks_those_whom_it_admitted(desk: Client, clock: Clock) -> None:
    dialogue, other = make_dialogue(), KnownAdmissions()
    come(dialogue, Way.WAITING, 23)
    come(dialogue, Way.WAITING, 17, other)
    clock.pass_by(hours=1)
    desk.post(DECIDE, sent(clock))
    assert counted_votes(dialogue).set_aside == 23
    page = words(desk.get(PAGE))
    assert "at least 20 people set aside, of at least 40 people who came." in page
    assert "The server does not know the others" in page
    set_aside_hours.mark_known(KnownAdmissions())  # knows nobody
    assert counted_votes(dialogue).set_aside == 23
    set_aside_hours.mark_known(other)
    assert counted_votes(dialogue).set_aside == 40
    assert counted(dialogue) == 0


def test_whoever_used_a_code_since_counts(clock: Clock) -> None:
    dialogue, staff = make_dialogue(), make_staff()
    tokens = come(dialogue, Way.WAITING, 12)
    clock.pass_by(hours=1)
    codes = make_codes(staff, dialogue, "invited", 2, "form")
    admit_with_code(dialogue, tokens[0], codes[0])
    set_aside_hours.set_hour_aside(staff, dialogue, hour_of(clock.now) - 1, Way.WAITING)
    assert counted_votes(dialogue).set_aside == 11
    admit_with_code(dialogue, tokens[1], codes[1])
    set_aside_hours.mark_known()
    assert counted_votes(dialogue).set_aside == 10


def test_nobody_is_marked_after_the_final_map_and_the_key_takes_the_marks(clock: Clock) -> None:
    dialogue, staff, other = make_dialogue(), make_staff(), KnownAdmissions()
    come(dialogue, Way.WAITING, 10)
    come(dialogue, Way.WAITING, 10, other)
    clock.pass_by(hours=1)
    hour = hour_of(clock.now) - 1
    set_aside_hours.set_hour_aside(staff, dialogue, hour, Way.WAITING)
    StoredMap.objects.create(
        dialogue=dialogue, made_at=clock.now, participants=10, data={}, final=True
    )
    set_aside_hours.mark_known(other)
    assert counted_votes(dialogue).set_aside == 10
    with pytest.raises(EligibilityRefused, match="final result"):
        set_aside_hours.count_hour_again(staff, dialogue, hour, Way.WAITING)
    assert destroy_key(dialogue)
    assert not Participant.objects.exclude(set_aside_hour=None).exists()
    assert SetAsideHour.objects.count() == 1  # the public decision stays
    set_aside_hours.mark_known()
    assert not Participant.objects.exclude(set_aside_hour=None).exists()
    set_aside_hours.forget_admissions(clock.now, other)
    assert other.dialogues() == set()


def test_a_map_made_while_people_are_marked_is_made_again(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue, other = make_dialogue(), KnownAdmissions()
    come(dialogue, Way.WAITING, 20)
    come(dialogue, Way.WAITING, 20, other)
    come(dialogue, Way.WORK, 20)
    clock.pass_by(hours=1)
    hour = hour_of(clock.now) - 1
    set_aside_hours.set_hour_aside(make_staff(), dialogue, hour, Way.WAITING)
    prepared = []

    def mark_meanwhile(*arguments: object) -> object:
        prepared.append(prepare(*arguments))  # type: ignore[arg-type]
        set_aside_hours.mark_known(other)
        return prepared[-1]

    prepare = publish.prepare
    monkeypatch.setattr(publish, "prepare", mark_meanwhile)
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    assert len(prepared) == 2
    assert stored.counted == 20


def test_only_facilitators_decide(moderation: Client, clock: Clock) -> None:
    dialogue = make_dialogue()
    come(dialogue, Way.WAITING, 40)
    clock.pass_by(hours=1)
    page = words(moderation.get(PAGE))
    assert "at least 40 people" in page
    assert DECIDE not in page
    assert moderation.post(DECIDE, sent(clock)).status_code == 403
    assert counted_votes(dialogue).set_aside == 0


@pytest.mark.parametrize("wrong", [{"way": "magic"}, {"hour": "-1"}, {"hour": "²"}, {"hour": ""}])
def test_an_invalid_hour_is_not_found(desk: Client, clock: Clock, wrong: dict[str, str]) -> None:
    make_dialogue()
    assert desk.post(DECIDE, {**sent(clock), **wrong}).status_code == 404


def test_an_hour_beyond_all_numbers_changes_nothing(desk: Client, clock: Clock) -> None:
    make_dialogue()
    for verb in ("exclude_hour", "include_hour"):
        odd = {**sent(clock, verb=verb), "hour": "9" * 40}
        assert desk.post(DECIDE, odd).status_code == 302
    assert not SetAsideHour.objects.exists()


def test_memory_is_bounded_and_forgets_old_hours() -> None:
    known, start = KnownAdmissions(most=10), datetime.fromtimestamp(3_600_000, UTC)
    for hour in range(3):
        for person in range(4):
            known.note(1, Way.WORK, person, start + timedelta(hours=hour))
    assert [len(known.of(1, 1000 + hour, Way.WORK)) for hour in range(3)] == [0, 4, 4]
    known.note(2, Way.CODE, 1, start + timedelta(hours=2))
    known.forget_old(start + timedelta(hours=1 + HOURS_KEPT))
    assert [len(known.of(1, 1000 + hour, Way.WORK)) for hour in range(3)] == [0, 0, 4]
    known.forget_dialogues([1])
    assert known.dialogues() == {2}
