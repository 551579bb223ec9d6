"""A commitment: promised by a day, never edited, and logged with each thing that happens to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest

from answers.commitments.promised import JULY, promise
from answers.entered import answer_case
from middleground.answers.cases.endings import reopen
from middleground.answers.commitments import keeping
from middleground.answers.commitments.queries import commitments_due
from middleground.answers.commitments.refusals import CommitmentRefused
from middleground.answers.commitments.sentences import story_of
from middleground.answers.commitments.story import state_of
from middleground.answers.models import Case, Commitment, CommitmentEvent
from middleground.ledger import read_entry
from middleground.people.bodies.changes import abolish_body, merge_body, register_body
from middleground.people.bodies.posts import end_post, make_post
from middleground.people.models import Appointment, User
from middleground.publiclog.models import PendingRecord
from support.refused import refused

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 4)
JUNE = date(2026, 6, 1)


def sentences(commitment: Commitment) -> list[str]:
    return [line.sentence for line in story_of(list(commitment.events.all()))]


def test_a_life_with_a_slip_and_each_earlier_day_stays_visible(
    with_police: Case, chief: Appointment, today: list[date]
) -> None:
    user, post = chief.user, chief.post
    assert user
    made = promise(
        with_police, chief, "Two patrols", JULY, (date(2026, 6, 15), "Hire"), (JUNE, "Plan")
    )
    assert list(commitments_due(JULY)) == [made]
    today[0] = date(2026, 6, 2)
    keeping.reach_milestone(
        user, made, post, milestone=1, words="The plan is out.", link="https://police.example/p"
    )
    keeping.slip(user, made, post, to=date(2026, 6, 20), reason="Two fell ill.", milestone=2)
    today[0] = date(2026, 7, 3)
    keeping.slip(user, made, post, to=date(2026, 8, 1), reason="Nobody applied.")
    assert list(commitments_due(JULY)) == []
    today[0] = date(2026, 8, 4)
    made.refresh_from_db()
    assert (made.first_due_on, made.due_on, made.slips) == (JULY, date(2026, 8, 1), 1)
    state = state_of(made.events.all())
    assert state.is_overdue(today[0])
    keeping.keep(user, made, post, words="Since today.", link="")
    made.refresh_from_db()
    assert (made.status, made.ended_on) == ("kept", date(2026, 8, 4))
    state = state_of(made.events.all())
    assert [milestone.days for milestone in state.milestones] == [
        (JUNE,), (date(2026, 6, 15), date(2026, 6, 20)),
    ]  # fmt: skip
    later = date(2026, 12, 1)  # it is over, so it does not get later
    assert (state.days_late(later), state.days_after_first(later)) == (3, 34)
    assert sentences(made) == [
        "Promised by Chief, Police, by July 1, 2026: Two patrols",
        "Milestone reached, says Chief, Police: Plan",
        "Chief, Police, needs until June 20, 2026 for “Hire”: Two fell ill.",
        "Slipped to Aug. 1, 2026, says Chief, Police: Nobody applied.",
        "Kept, says Chief, Police.",
    ]
    with refused(CommitmentRefused, "over"):
        keeping.give_up(user, made, post, reason="It costs too much.")


def test_each_event_is_in_the_public_log_with_a_document_that_says_it_whole(
    with_police: Case, chief: Appointment
) -> None:
    assert chief.user
    made = promise(with_police, chief)
    keeping.give_up(chief.user, made, chief.post, reason="The council gave no money.")
    events, pending = list(made.events.all()), list(PendingRecord.objects.order_by("-pk")[:2])
    for event, record in zip(reversed(events), pending, strict=True):
        assert record.document
        digest = sha256(record.document)
        assert digest.hexdigest() == event.document
        logged = read_entry(bytes(record.entry))
        assert (logged.KIND, logged.dialogue, logged.commitment, logged.event, logged.document) == (
            "commitment", "harbour", made.number, event.number, digest.digest(),
        )  # fmt: skip
    whole = json.loads(bytes(pending[0].document or b""))
    assert (whole["dialogue"], whole["commitment"], whole["case"]) == ("harbour", 1, 1)
    assert [event["kind"] for event in whole["events"]] == ["made", "given up"]
    assert whole["events"][0]["facts"] == {
        "body": "Police", "post": "Chief", "holder": "A. Example", "what": "Two patrols a week",
        "due": "2026-07-01", "milestones": [],
    }  # fmt: skip
    assert whole["events"][1]["facts"]["reason"] == "The council gave no money."
    events[0].facts = {}
    with pytest.raises(TypeError):
        events[0].save()


def test_only_an_answer_that_promises_can_have_one(
    with_police: Case, chief: Appointment, agent: Appointment, staff: User
) -> None:
    assert chief.user
    assert agent.user

    def make(term: Appointment = chief, what: str = "Lamps", due: date = JULY) -> Commitment:
        assert term.user
        return keeping.make_commitment(term.user, with_police, term.post, what=what, due=due)

    with refused(CommitmentRefused, "promises_nothing"):
        make()
    answer_case(with_police, chief)
    for code, act in (
        ("not_the_owner", lambda: make(agent)),
        ("no_words", lambda: make(what=" ")),
        ("day_passed", lambda: make(due=date(2026, 5, 3))),
        ("too_far", lambda: make(due=date(2100, 1, 1))),
        ("after_the_end", lambda: promise(with_police, chief, "Lamps", JUNE, (JULY, "Plan"))),
        ("day_passed", lambda: promise(with_police, chief, "Lamps", JUNE, (date(2026, 1, 1), "P"))),
        (
            "too_many",
            lambda: promise(with_police, chief, "Lamps", JULY, *[(JUNE, "A step")] * 13),
        ),
    ):
        with refused(CommitmentRefused, code):
            act()
    assert not Commitment.objects.exists()
    assert [make(due=MAY).number, make().number] == [1, 2]
    answer_case(with_police, chief, resolution="declined", correction="No money.")
    with refused(CommitmentRefused, "promises_nothing"):
        make()
    reopen(staff, with_police, "It was promised.")
    with refused(CommitmentRefused, "promises_nothing"):
        make()
    assert Commitment.objects.open().count() == 2  # what was promised stays owed


def test_nothing_is_moved_forward_or_done_without_a_reason_or_proof(
    with_police: Case, chief: Appointment, agent: Appointment, today: list[date]
) -> None:
    user, post = chief.user, chief.post
    assert user
    assert agent.user
    made = promise(with_police, chief, "Two patrols", JULY, (JUNE, "Plan"), (JULY, "Hire"))

    def slip(to: date, reason: str = "Two fell ill.", milestone: int | None = None) -> None:
        keeping.slip(user, made, post, to=to, reason=reason, milestone=milestone)

    def reach(milestone: int, words: str = "Done.", link: str = "") -> None:
        keeping.reach_milestone(user, made, post, milestone=milestone, words=words, link=link)

    reach(1)
    today[0] = date(2026, 6, 20)
    refusals: list[tuple[str, Callable[[], None]]] = [
        ("not_later", lambda: slip(JULY)),
        ("day_passed", lambda: slip(date(2026, 6, 19))),
        ("after_the_end", lambda: slip(date(2026, 7, 2), milestone=2)),
        ("no_reason", lambda: slip(date(2026, 9, 1), " ")),
        ("reached_already", lambda: slip(date(2026, 9, 1), milestone=1)),
        ("unknown_milestone", lambda: slip(date(2026, 9, 1), milestone=3)),
        ("unknown_milestone", lambda: reach(0)),
        ("reached_already", lambda: reach(1)),
        ("no_proof", lambda: keeping.keep(user, made, post, words=" ", link="")),
        ("not_a_link", lambda: keeping.keep(user, made, post, words="", link="javascript:x")),
        ("no_reason", lambda: keeping.give_up(user, made, post, reason="")),
        (
            "not_the_owner",
            lambda: keeping.keep(agent.user, made, agent.post, words="Done.", link=""),
        ),
    ]
    for code, act in refusals:
        with refused(CommitmentRefused, code):
            act()
    assert made.events.count() == 2
    today[0] = date(2026, 5, 3)
    with refused(CommitmentRefused, "before_another"):
        slip(date(2026, 9, 1))


def test_it_outlives_its_post_and_its_body(
    with_police: Case, chief: Appointment, staff: User, today: list[date]
) -> None:
    assert chief.user
    made, kept = promise(with_police, chief), promise(with_police, chief, "A sign")
    keeping.keep(chief.user, kept, chief.post, words="It stands.", link="")
    police, today[0] = chief.post.body, date(2026, 5, 6)
    end_post(staff, chief.post, today[0])
    made.refresh_from_db()
    assert (made.body, made.post, made.held_since) == (police, None, MAY)
    other = make_post(staff, police, "Deputy")
    keeping.slip(chief.user, made, other, to=date(2026, 8, 1), reason="A new office.")
    made.refresh_from_db()
    assert made.post == other
    safety = register_body(staff, name="Safety", level="city")
    merge_body(staff, police, safety, today[0])
    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.body, made.post, made.held_since) == (safety, other, today[0])
    abolish_body(staff, safety, today[0], "Voted.")
    made.refresh_from_db()
    assert (made.status, made.body, made.post) == ("open", None, None)
    assert list(commitments_due(date(2026, 8, 1))) == []
    assert sentences(made)[1:] == [
        "“Chief” ended. “Police” now owes what it owed.",
        "Slipped to Aug. 1, 2026, says Deputy, Police: A new office.",
        "“Police” ended. “Safety” now owes what it owed.",
        "“Safety” ended. Nobody owes this now.",
    ]
    with refused(CommitmentRefused, "nobody_owes_it"):
        keeping.keep(chief.user, made, other, words="Done.", link="")
    kept.refresh_from_db()
    assert (kept.body, kept.events.count()) == (police, 2)
    assert CommitmentEvent.objects.count() == PendingRecord.objects.count() - 1  # the answer
