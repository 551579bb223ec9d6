"""What happens to a case: in which order, on whose clock, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from middleground.answers.cases.clocks import extend_clock, pause_clock, resume_clock
from middleground.answers.cases.endings import close, reopen
from middleground.answers.cases.gathering import (
    describe_case,
    gather,
    open_case,
    release,
    set_aside,
    take_up,
)
from middleground.answers.cases.owners import (
    accept,
    acknowledge,
    assign,
    lapse_offers,
    offer,
    refuse,
)
from middleground.answers.cases.record import columns_that_differ, lock
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.cases.sentences import story_of
from middleground.answers.cases.story import state_of
from middleground.answers.models import AnswerRules, Case, Concern
from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.policy import Policy, Unit, WorkCalendar
from middleground.dialogues.models import Dialogue
from middleground.people.bodies.changes import abolish_body, merge_body, register_body
from middleground.people.bodies.posts import end_post
from middleground.people.models import Appointment, User
from support.cast import make_dialogue
from support.refused import refused

pytestmark = pytest.mark.django_db


def told(case: Case) -> list[str]:
    return [line.sentence for line in story_of(list(case.events.all()))]


def test_a_case_gathers_concerns_that_are_shown(staff: User, harbour: Dialogue, case: Case) -> None:
    assert (case.number, case.status, case.opened_on) == (1, "received", date(2026, 5, 4))
    assert case.due_on == date(2026, 5, 18)  # ten working days after the Monday
    assert case.very_overdue_on == date(2026, 6, 18)  # and 31 days
    harbour.statements.filter(number=3).update(status="rejected", reason="spam", reviewed=True)
    for numbers, code in (([], "no_concern"), ([3], "unknown_concern"), ([9], "unknown_concern")):
        with refused(CaseRefused, code):
            open_case(staff, harbour, title="X", numbers=numbers)
    second = open_case(staff, harbour, title="Both", numbers=[2])  # in two cases
    assert second.number == 2
    gather(staff, second, [1])
    with refused(CaseRefused, "unknown_concern"):
        release(staff, second, 3)
    release(staff, second, 2)
    with refused(CaseRefused, "last_concern"):
        release(staff, second, 1)
    assert [concern.number for concern in second.concerns.all()] == [1]
    assert describe_case(staff, second, title="One", summary="About it.")
    assert not describe_case(staff, second, title="One", summary="About it.")
    second.refresh_from_db()
    assert (second.title, second.summary) == ("One", "About it.")
    with refused(CaseRefused, "no_rules"):
        open_case(staff, make_dialogue("airport"), title="X", numbers=[1])


def test_what_is_set_aside_says_why_and_can_be_taken_up(harbour: Dialogue, case: Case) -> None:
    with refused(CaseRefused, "in_a_case"):
        set_aside(harbour, [3, 1], "nothing asked")
    assert not Concern.objects.filter(number=3).exclude(set_aside="").exists()
    set_aside(harbour, [3], "same", same_as=harbour.statements.get(number=1), note="As number 1.")
    concern = Concern.objects.get(number=3)
    assert (concern.set_aside, concern.same_as and concern.same_as.number) == ("same", 1)
    take_up(harbour, 3)
    concern.refresh_from_db()
    assert (concern.set_aside, concern.same_as, concern.note) == ("", None, "")


def test_a_concern_that_was_set_aside_may_still_get_a_case(
    staff: User, harbour: Dialogue, case: Case
) -> None:
    set_aside(harbour, [3], "nobody's duty")
    gather(staff, case, [3])
    assert Concern.objects.get(number=3).set_aside == ""


def test_a_clock_is_only_paused_and_extended_with_a_reason(
    with_police: Case, chief: Appointment, agent: Appointment, today: list[date]
) -> None:
    case, post, user = with_police, chief.post, chief.user
    assert user
    assert agent.user
    acknowledge(user, case, post)
    with refused(CaseRefused, "acknowledged_already"):
        acknowledge(user, case, post)
    for reason in ("", "  "):
        with refused(CaseRefused, "no_reason"):
            pause_clock(user, case, post, reason)
        with refused(CaseRefused, "no_reason"):
            extend_clock(user, case, post, 5, reason)
    with refused(CaseRefused, "not_the_owner"):
        pause_clock(agent.user, case, agent.post, "Why not.")
    today[0] = date(2026, 5, 11)
    pause_clock(user, case, post, "The county has the files.")
    case.refresh_from_db()
    assert case.due_on is None
    with refused(CaseRefused, "paused_already"):
        pause_clock(user, case, post, "Again.")
    today[0] = date(2026, 5, 18)
    resume_clock(user, case, post)
    with refused(CaseRefused, "not_paused"):
        resume_clock(user, case, post)
    case.refresh_from_db()
    assert case.due_on == date(2026, 5, 26)  # the 25th is a holiday
    extend_clock(user, case, post, 2, "A report is due on Wednesday.")
    case.refresh_from_db()
    assert case.due_on == date(2026, 5, 28)
    assert told(case) == [
        "The host opened the case. Its clock starts.",
        "It is with Chief, Police.",
        "Chief, Police, has read it.",
        "Clock paused by Chief, Police: The county has the files.",
        "The clock runs again.",
        "Extended by 2 days by Chief, Police: A report is due on Wednesday.",
    ]


def test_a_referral_is_refused_and_goes_back_with_its_reason(
    staff: User, with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    case, post, user = with_police, chief.post, chief.user
    assert user
    assert agent.user
    with refused(CaseRefused, "not_offered"):
        accept(agent.user, case, agent.post)
    with refused(CaseRefused, "offered_to_itself"):
        offer(user, case, post, post.body, "Ours.")
    due = case.due_on
    offer(user, case, post, agent.post.body, "Only they decide it.")
    with refused(CaseRefused, "offered_already"):
        offer(user, case, post, agent.post.body, "Again.")
    with refused(CaseRefused, "offered_already"):
        assign(staff, case, agent.post.body)
    with refused(CaseRefused, "not_offered"):
        refuse(user, case, post, "Not theirs.")
    refuse(agent.user, case, agent.post, "Not our duty.")
    case.refresh_from_db()
    assert (case.body, case.offered_to, case.due_on) == (post.body, None, due)
    assert not lock(case).state.is_nobodys


def test_what_was_refused_twice_is_nobodys_until_a_body_takes_it(
    with_police: Case, chief: Appointment, agent: Appointment, today: list[date]
) -> None:
    case, post, user = with_police, chief.post, chief.user
    assert user
    assert agent.user
    due = case.due_on
    offer(user, case, post, agent.post.body, "Only they decide it.")
    refuse(agent.user, case, agent.post, "Not our duty.")
    offer(user, case, post, agent.post.body, "It is: see section 5.")
    today[0] += timedelta(days=13)
    assert lapse_offers() == 0
    today[0] += timedelta(days=1)
    assert (lapse_offers(), lapse_offers()) == (1, 0)
    offer(user, case, post, agent.post.body, "Once more.")
    refuse(agent.user, case, agent.post, "Still not our duty.")
    state = state_of(case.events.all())
    assert state.is_nobodys
    assert [(each.body, each.reason) for each in state.refusals] == [
        ("Agency", "Not our duty."),
        ("Agency", "Still not our duty."),
    ]
    offer(user, case, post, agent.post.body, "Please.")
    accept(agent.user, case, agent.post)
    case.refresh_from_db()
    assert (case.body, case.post, case.status) == (agent.post.body, agent.post, "acknowledged")
    assert case.due_on == due  # time does not begin again
    assert not state_of(case.events.all()).is_nobodys
    with refused(CaseRefused, "not_the_owner"):
        offer(user, case, post, agent.post.body, "Mine.")


def test_a_case_is_closed_and_reopened_with_its_history(
    staff: User, with_police: Case, chief: Appointment
) -> None:
    case = with_police
    with refused(CaseRefused, "waiting_already"):
        reopen(staff, case, "Why.")
    close(staff, case, "Its authors withdrew it.")
    case.refresh_from_db()
    assert (case.status, case.resolution, case.due_on) == ("closed", "withdrawn", None)
    with refused(CaseRefused, "closed_already"):
        close(staff, case, "Again.")
    assert chief.user
    with refused(CaseRefused, "not_waiting"):
        acknowledge(chief.user, case, chief.post)
    reopen(staff, case, "They raised it again.")
    case.refresh_from_db()
    assert (case.status, case.resolution, case.body) == ("reopened", "", chief.post.body)
    assert case.due_on == date(2026, 5, 18)
    assert told(case)[-2:] == [
        "Closed: Its authors withdrew it.",
        "Reopened: They raised it again.",
    ]


def test_nothing_is_given_to_what_has_ended(
    staff: User, case: Case, chief: Appointment, agent: Appointment
) -> None:
    with refused(CaseRefused, "post_elsewhere"):
        assign(staff, case, chief.post.body, agent.post)
    abolish_body(staff, agent.post.body, date(2026, 5, 4), "Gone.")
    agent.post.refresh_from_db()
    with refused(CaseRefused, "body_ended"):
        assign(staff, case, agent.post.body)
    assign(staff, case, chief.post.body)
    assert chief.user
    with refused(CaseRefused, "body_ended"):
        offer(chief.user, case, chief.post, agent.post.body, "Theirs.")


def test_rules_of_an_unknown_place_open_no_case(staff: User, harbour: Dialogue) -> None:
    AnswerRules.objects.update(country="XX")
    with pytest.raises(ValueError, match="XX"):
        open_case(staff, harbour, title="X", numbers=[1])
    assert not Case.objects.exists()


def test_cases_of_an_ended_body_or_post_pass_on(
    staff: User, with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    case, due = with_police, with_police.due_on
    assert chief.user
    offer(chief.user, case, chief.post, agent.post.body, "Theirs.")
    safety = register_body(staff, name="Safety", level="city")
    merge_body(staff, chief.post.body, safety, date(2026, 5, 4))
    case.refresh_from_db()
    assert (case.body, case.post, case.due_on) == (safety, chief.post, due)
    assert case.offered_to == agent.post.body  # the offer goes on
    abolish_body(staff, agent.post.body, date(2026, 5, 4), "Gone.")
    case.refresh_from_db()
    assert case.offered_to is None
    chief.post.refresh_from_db()
    acknowledge(chief.user, case, chief.post)
    end_post(staff, chief.post, date(2026, 5, 4))
    case.refresh_from_db()
    assert (case.body, case.post, case.status) == (safety, None, "acknowledged")
    abolish_body(staff, safety, date(2026, 5, 4), "Gone.")
    case.refresh_from_db()
    assert (case.body, case.due_on) == (None, due)
    assert state_of(case.events.all()).is_nobodys
    assert told(case)[3:] == [
        "“Police” ended. “Safety” now has its duties.",
        "“Agency” ended before it said if it takes it.",
        "Chief, Safety, has read it.",
        "“Chief” ended. “Safety” now has its duties.",
        "“Safety” ended. Nobody has its duties now.",
    ]
    assign(staff, case, register_body(staff, name="Council", level="city"))
    assert not state_of(case.events.all()).is_nobodys


def test_each_case_has_the_clock_policy_of_its_own_row() -> None:
    fields = Policy(10, Unit.WORKING_DAYS, WorkCalendar("US", "CA"), 30).to_dict()
    one, other = Case(policy=fields), Case(policy={**fields, "amount": 11})
    assert (one.clock_policy(), other.clock_policy()) == (
        Policy.from_dict(one.policy),
        Policy.from_dict(other.policy),
    )
    one.policy = {**fields, "closing_days": ["2026-05-04"]}
    assert one.clock_policy() == Policy.from_dict(one.policy) != other.clock_policy()
    with pytest.raises(InvalidDeadline):  # in JSON true is not 1, though Python says they are equal
        Case(policy={**fields, "amount": True}).clock_policy()


def test_a_row_that_was_changed_past_its_events_is_found(with_police: Case) -> None:
    assert columns_that_differ(with_police) == []
    Case.objects.update(status="closed", due_on=None, title="Nothing")
    with_police.refresh_from_db()
    assert columns_that_differ(with_police) == ["title", "status", "due_on"]
