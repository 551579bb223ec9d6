"""Cases, referrals, answers and changes of office in random order, checked against a plain model.

The model knows days and names and no product code. What it forbids must be refused, what it allows
must be done, and after each step case, history and due day are what the model says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from middleground.answers.cases import clocks, endings, gathering, owners, story
from middleground.answers.cases.record import columns_that_differ
from middleground.answers.cases.story import state_of
from middleground.answers.models import AnswerRules, Case, CaseEvent, Response
from middleground.answers.responses.drafts import DraftText, draft_of, save_draft
from middleground.answers.responses.publish import publish_response, retract_response
from middleground.core.refusals import Refused
from middleground.dialogues.models import Dialogue
from middleground.people.bodies.changes import merge_body, register_body
from middleground.people.bodies.terms import Verification, appoint, end_term
from middleground.people.models import Body, User
from middleground.people.permissions import Action, may
from support.cast import add_second_factor, make_dialogue, make_official, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MONDAY = date(2026, 5, 4)
ALLOWED_DAYS = 20  # calendar days
SIDES = st.sampled_from(["city", "county"])


def run_out(day: date) -> date:
    """The next day that is neither on a weekend nor a holiday of the United States in 2026."""
    holidays = {
        date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3), date(2026, 9, 7),
        date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
    }  # fmt: skip
    while day.weekday() > 4 or day in holidays:
        day += timedelta(days=1)
    return day


@dataclass
class Model:
    """How a case stands, by the rules of the issue in plain words."""

    owner: str = ""
    status: str = "received"
    offered: str = ""
    offered_on: date = MONDAY
    refusals: int = 0
    versions: int = 0
    concerns: set[int] = field(default_factory=lambda: {1, 2})
    left: int = ALLOWED_DAYS  # days that have not elapsed at the last change of the clock
    since: date = MONDAY
    paused: bool = False
    too_late: bool = False  # the pause came after the due day, and changes nothing
    events: int = 1

    @property
    def waits(self) -> bool:
        return self.status not in {"answered", "closed"}

    def due(self) -> date | None:
        if not self.waits or (self.paused and not self.too_late):
            return None
        return run_out(self.since + timedelta(days=max(1, self.left)))


def likely(makes_sense: Callable[[Model], bool]) -> Callable[[Any], bool]:
    """Mostly try what makes sense; every fourth time try anything, which must be refused."""
    return lambda lives: lives.steps % 4 == 0 or makes_sense(lives.model)


class Lives(RuleBasedStateMachine):
    """One case, two bodies, and the posts and holders of these."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.today = MONDAY
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(timezone, "localdate", lambda *_: self.today)
        self.model = Model()
        self.steps = 0
        self.staff: User
        self.case: Case
        self.holders: dict[str, Any] = {}

    @initialize()
    def begin(self) -> None:
        self.staff = make_staff(email="fay@example.org")
        dialogue: Dialogue = make_dialogue()
        AnswerRules.objects.create(
            dialogue=dialogue, days=ALLOWED_DAYS, counting="calendar_days", very_overdue_after=30
        )
        for side in ("city", "county"):
            self.holders[side] = make_official(self.staff, f"The {side}", "Head", side)
        self.case = gathering.open_case(self.staff, dialogue, title="A matter", numbers=[1, 2])

    def teardown(self) -> None:
        self.patch.undo()
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def tries(self, allowed: bool, act: Callable[[], object]) -> bool:
        """Whether it was done; that must be what the model says."""
        try:
            act()
        except Refused:
            assert not allowed
            return False
        assert allowed
        self.model.events += 1
        return True

    def acts(self, side: str) -> tuple[User, Any]:
        term = self.holders[side]
        term.post.refresh_from_db()
        return term.user, term.post

    def spend(self) -> None:
        """Let the days since the last change of the clock elapse, up to yesterday."""
        until = self.today - timedelta(days=1)
        if until > self.model.since:
            self.model.left -= (until - self.model.since).days
            self.model.since = until

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @precondition(likely(lambda m: m.waits and not m.offered))
    @rule(side=SIDES)
    def staff_give_it_to(self, side: str) -> None:
        model, post = self.model, self.acts(side)[1]
        allowed = model.waits and not model.offered
        if self.tries(allowed, lambda: owners.assign(self.staff, self.case, post.body, post)):
            if model.owner != side:
                model.refusals = 0
            model.owner = side
            model.status = "reopened" if model.status == "reopened" else "with the body"

    @precondition(likely(lambda m: m.waits and bool(m.owner) and m.status != "acknowledged"))
    @rule(side=SIDES)
    def acknowledges(self, side: str) -> None:
        model, (user, post) = self.model, self.acts(side)
        allowed = model.waits and model.owner == side and model.status != "acknowledged"
        if self.tries(allowed, lambda: owners.acknowledge(user, self.case, post)):
            model.status = "acknowledged"

    @precondition(likely(lambda m: m.waits and bool(m.owner) and not m.paused))
    @rule(side=SIDES, reason=st.sampled_from(["", "They have the files."]))
    def pauses(self, side: str, reason: str) -> None:
        model, (user, post) = self.model, self.acts(side)
        allowed = bool(reason) and model.waits and model.owner == side and not model.paused
        due = model.due()
        if self.tries(allowed, lambda: clocks.pause_clock(user, self.case, post, reason)):
            model.paused = True
            model.too_late = due is not None and self.today > due
            if not model.too_late:
                self.spend()

    @precondition(likely(lambda m: m.paused))
    @rule(side=SIDES)
    def resumes(self, side: str) -> None:
        model, (user, post) = self.model, self.acts(side)
        allowed = model.waits and model.owner == side and model.paused
        if self.tries(allowed, lambda: clocks.resume_clock(user, self.case, post)):
            model.paused = False
            if not model.too_late:
                model.since = max(model.since, self.today - timedelta(days=1))

    @precondition(likely(lambda m: m.waits and bool(m.owner) and not m.offered))
    @rule(side=SIDES)
    def offers(self, side: str) -> None:
        model, (user, post) = self.model, self.acts(side)
        other = "county" if side == "city" else "city"
        to = self.acts(other)[1].body
        allowed = model.waits and model.owner == side and not model.offered
        act = lambda: owners.offer(user, self.case, post, to, "Theirs.")  # noqa: E731
        if self.tries(allowed and to != post.body, act):
            model.offered, model.offered_on = other, self.today

    @precondition(likely(lambda m: bool(m.offered)))
    @rule(side=SIDES, takes=st.booleans())
    def says_whether_it_takes_it(self, side: str, takes: bool) -> None:
        model, (user, post) = self.model, self.acts(side)
        allowed = model.waits and model.offered == side
        if takes and self.tries(allowed, lambda: owners.accept(user, self.case, post)):
            model.owner, model.offered, model.refusals = side, "", 0
            model.status = "acknowledged"
        elif not takes and self.tries(
            allowed, lambda: owners.refuse(user, self.case, post, "Not ours.")
        ):
            model.offered = ""
            model.refusals += 1

    @precondition(likely(lambda m: bool(m.offered)))
    @rule()
    def offers_lapse(self) -> None:
        model = self.model
        over = self.today >= model.offered_on + timedelta(days=14)
        lapses = bool(model.offered) and model.waits and over
        assert owners.lapse_offers() == int(lapses)
        if lapses:
            model.offered = ""
            model.events += 1

    @precondition(likely(lambda m: m.waits and bool(m.owner)))
    @rule(side=SIDES, leaves_out=st.booleans())
    def answers(self, side: str, leaves_out: bool) -> None:
        model, (user, post) = self.model, self.acts(side)
        shown = sorted(model.concerns)
        said = {str(number): ["accepted", ""] for number in (shown[1:] if leaves_out else shown)}
        text = DraftText("done", None, "It is done.", "", "Since today.", said)
        draft = save_draft(user, self.case, text, draft_of(self.case).revision)
        allowed = model.owner == side and not leaves_out and model.status != "closed"
        act = lambda: publish_response(user, self.case, post, draft.revision)  # noqa: E731
        if self.tries(allowed, act):
            model.status, model.offered, model.paused = "answered", "", False
            model.versions += 1

    @precondition(likely(lambda m: not m.waits))
    @rule(side=SIDES)
    def withdraws_the_answer(self, side: str) -> None:
        model, (user, post) = self.model, self.acts(side)
        allowed = model.owner == side and not model.waits
        if self.tries(allowed, lambda: retract_response(user, self.case, post, "Wrong quay.")):
            self.waits_again()

    @precondition(likely(lambda m: not m.waits))
    @rule()
    def staff_reopen_it(self) -> None:
        allowed = not self.model.waits
        if self.tries(allowed, lambda: endings.reopen(self.staff, self.case, "Not done.")):
            self.waits_again()

    def waits_again(self) -> None:
        self.model.status, self.model.paused = "reopened", False
        self.model.left, self.model.since = ALLOWED_DAYS, self.today

    @precondition(likely(lambda m: m.versions > 0))
    @rule()
    def staff_close_it(self) -> None:
        model = self.model
        act = lambda: endings.close(self.staff, self.case, "Withdrawn.")  # noqa: E731
        if self.tries(model.status != "closed", act):
            model.status, model.offered, model.paused = "closed", "", False

    @rule(number=st.sampled_from([1, 2, 3]), takes_out=st.booleans())
    def concerns_come_and_go(self, number: int, takes_out: bool) -> None:
        model = self.model
        if takes_out:
            allowed = model.waits and number in model.concerns and len(model.concerns) > 1
            act = lambda: gathering.release(self.staff, self.case, number)  # noqa: E731
            if self.tries(allowed, act):
                model.concerns.discard(number)
        else:
            allowed = model.waits and number not in model.concerns
            act = lambda: gathering.gather(self.staff, self.case, [number])  # noqa: E731
            if self.tries(allowed, act):
                model.concerns.add(number)

    @rule(side=SIDES)
    def another_takes_the_post(self, side: str) -> None:
        """The old holder may do nothing any more, the new one everything, and nothing is lost."""
        before = self.holders[side]
        end_term(self.staff, before, self.today)
        self.today += timedelta(days=1)
        term, _password = appoint(
            self.staff,
            before.post,
            email=f"{side}-{self.today.isoformat()}@example.org",
            since=self.today,
            verification=Verification("letter", self.today),
        )
        assert term.user
        add_second_factor(term.user)
        term.post.refresh_from_db()
        assert not may(before.user, Action.DRAFT_FOR_POST, term.post)
        assert may(term.user, Action.PUBLISH_FOR_POST, term.post)
        self.holders[side] = term

    @rule(side=SIDES)
    def a_body_becomes_part_of_a_new_one(self, side: str) -> None:
        """Its post goes on in the other body, and with it what it owes."""
        model, post = self.model, self.acts(side)[1]
        into = register_body(self.staff, name=f"Office {Body.objects.count()}", level="other")
        merge_body(self.staff, post.body, into, self.today)
        if model.offered == side:
            model.offered = ""
            model.events += 1
        if model.owner == side:
            model.events += 1

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        self.steps += 1
        if not self.holders:
            return
        model, case = self.model, Case.objects.get(pk=self.case.pk)
        assert (case.status, case.due_on) == (model.status, model.due())
        assert columns_that_differ(case) == []  # what lists read is what the events say
        owner = self.acts(model.owner)[1].body if model.owner else None
        offered = self.acts(model.offered)[1].body if model.offered else None
        assert (case.body, case.offered_to) == (owner, offered)
        assert case.events.count() == model.events
        assert set(case.concerns.values_list("number", flat=True)) == model.concerns
        nobodys = model.waits and model.refusals >= 2
        assert state_of(case.events.all()).is_nobodys == nobodys
        responses = Response.objects.filter(case=case)
        assert [each.version for each in responses] == list(range(1, model.versions + 1))


def run(examples: int) -> None:
    checked = Lives.TestCase
    checked.settings = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to shrink a life takes minutes
        suppress_health_check=list(HealthCheck),
    )
    checked("runTest").runTest()


def test_random_lives_of_a_case() -> None:
    run(12)


def test_an_offer_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the comparison can fail."""
    monkeypatch.setitem(story._STEPS, CaseEvent.Kind.OFFERED, lambda state, _event: state)
    with pytest.raises(AssertionError):
        run(60)
