"""Commitments in random lives, checked against a plain model that knows days and names only.

What the model forbids must be refused, what it allows must be done, and after each step row, story
and log say what the model says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from answers.commitments.promised import promise
from answers.entered import make_case
from middleground.answers.commitments import keeping, story
from middleground.answers.commitments.document import document_of
from middleground.answers.commitments.queries import commitments_due, standing_of
from middleground.answers.commitments.story import CommitmentState, state_of
from middleground.answers.models import Commitment, CommitmentEvent
from middleground.core.refusals import Refused
from middleground.people.bodies.changes import abolish_body, merge_body, register_body
from middleground.people.bodies.posts import end_post, make_post
from middleground.people.bodies.terms import Verification, appoint, end_term
from middleground.people.models import Appointment, Body, User
from middleground.people.permissions import Action, may
from middleground.publiclog.models import PendingRecord
from support.cast import add_second_factor, make_dialogue, make_official, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MAY = date(2026, 5, 4)
OURS = ["chief", "deputy"]
WHO = st.sampled_from(["owner", "owner", "owner", "owner", *OURS, "stranger"])
LATER = st.integers(-3, 20)  # days from the day that is due, or from today


@dataclass
class Model:
    """A commitment by the words of the issue."""

    days: list[date] = field(default_factory=lambda: [MAY + timedelta(30)])
    step_days: list[date] = field(default_factory=lambda: [MAY + timedelta(10)])
    reached: bool = False
    status: str = "open"
    ended: date | None = None
    post: str = "chief"  # empty: its body owes it
    since: date = MAY
    nobodys: bool = False
    ended_posts: set[str] = field(default_factory=set)
    events: int = 1

    @property
    def owed(self) -> bool:
        return self.status == "open" and not self.nobodys

    def lets(self, who: str) -> bool:
        return self.owed and who in OURS and self.post in ("", who)

    def standing(self, today: date) -> str:
        if self.status != "open":
            return self.status
        if self.nobodys:
            return "nobodys"
        return "overdue" if self.days[-1] < today else "next"


def likely(makes_sense: Callable[[Model], bool]) -> Callable[[Any], bool]:
    """Mostly try what makes sense; every fourth time try anything, which must be refused."""
    return lambda lives: lives.steps % 4 == 0 or makes_sense(lives.model)


class CommitmentLives(RuleBasedStateMachine):
    """One commitment of the chief, whose body also has a deputy; and a stranger of another."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.today = MAY
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(timezone, "localdate", lambda *_: self.today)
        self.model = Model()
        self.steps = self.changes = self.merged = 0  # changes and mergers are slow, so one each
        self.terms: dict[str, Appointment] = {}
        self.staff: User
        self.made: Commitment

    @initialize()
    def begin(self) -> None:
        self.staff = make_staff(email="fay@example.org")
        chief = make_official(self.staff)
        self.terms = {"chief": chief, "stranger": make_official(self.staff, "Agency", "Head")}
        self.appoint_to("deputy", make_post(self.staff, chief.post.body, "Deputy"))
        case = make_case(self.staff, make_dialogue(), 1)
        step = (self.model.step_days[0], "The plan is out")
        self.made = promise(case, chief, "Two patrols", self.model.days[0], step)

    def teardown(self) -> None:
        self.patch.undo()
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def appoint_to(self, who: str, post: Any) -> None:
        email = f"{who}-{self.today.isoformat()}@example.org"
        proof = Verification("letter", self.today)
        term, _ = appoint(self.staff, post, email=email, since=self.today, verification=proof)
        assert term.user
        add_second_factor(term.user)
        self.terms[who] = term

    def tries(self, who: str, allowed: bool, act: Callable[[Any, Any], object]) -> bool:
        """Whether it was done; that must be what the model says. Posts that ended do not act."""
        who = self.named(who)
        term = self.terms[who]
        term.post.refresh_from_db()
        if who in self.model.ended_posts:
            assert not may(term.user, Action.PUBLISH_FOR_POST, term.post)
            return False
        assert may(term.user, Action.PUBLISH_FOR_POST, term.post)
        try:
            act(term.user, term.post)
        except Refused:
            assert not allowed
            return False
        assert allowed
        self.model.events += 1
        self.model.post = who
        return True

    def named(self, who: str) -> str:
        """The post that "owner" stands for: the one that owes it, or one that could take it."""
        if who != "owner":
            return who
        live = [each for each in OURS if each not in self.model.ended_posts]
        return self.model.post or (live or OURS)[0]

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days)

    @precondition(likely(lambda m: m.owed))
    @rule(
        who=WHO, later=LATER, of_step=st.booleans(), reason=st.sampled_from(["Ill.", "Ill.", " "])
    )
    def a_day_slips(self, who: str, later: int, of_step: bool, reason: str) -> None:
        model = self.model
        days = model.step_days if of_step else model.days
        to = max(days[-1], self.today) + timedelta(later)
        allowed = (
            model.lets(self.named(who))
            and bool(reason.strip())
            and to > days[-1]
            and to >= self.today
        )
        if of_step:
            allowed = allowed and not model.reached and to <= model.days[-1]
        number = 1 if of_step else None
        if self.tries(
            who,
            allowed,
            lambda user, post: keeping.slip(
                user, self.made, post, to=to, reason=reason, milestone=number
            ),
        ):
            days.append(to)

    @precondition(likely(lambda m: m.owed and not m.reached))
    @rule(
        who=WHO, number=st.sampled_from([1, 1, 2]), words=st.sampled_from(["There.", "There.", ""])
    )
    def a_milestone_is_reached(self, who: str, number: int, words: str) -> None:
        model = self.model
        allowed = model.lets(self.named(who)) and number == 1 and not model.reached and bool(words)
        if self.tries(
            who,
            allowed,
            lambda user, post: keeping.reach_milestone(
                user, self.made, post, milestone=number, words=words, link=""
            ),
        ):
            model.reached = True

    @precondition(lambda self: self.steps > 10)
    @rule(who=WHO, keeps=st.booleans(), words=st.sampled_from(["There.", "There.", " "]))
    def it_ends(self, who: str, keeps: bool, words: str) -> None:
        def act(user: User, post: Any) -> None:
            if keeps:
                keeping.keep(user, self.made, post, words=words, link="")
            else:
                keeping.give_up(user, self.made, post, reason=words)

        if self.tries(who, self.model.lets(self.named(who)) and bool(words.strip()), act):
            self.model.status, self.model.ended = "kept" if keeps else "given up", self.today

    @precondition(lambda self: self.changes < 1)
    @rule(who=st.sampled_from(OURS))
    def another_takes_the_post(self, who: str) -> None:
        """Nothing happens to what the post owes."""
        if who in self.model.ended_posts:
            return
        self.changes += 1
        before = self.terms[who]
        end_term(self.staff, before, self.today)
        self.today += timedelta(1)
        self.appoint_to(who, before.post)

    @precondition(lambda self: self.merged < 1 and self.steps > 3)
    @rule()
    def its_body_becomes_part_of_a_new_one(self) -> None:
        body = self.body()
        if body.ended_on is not None:
            return
        self.merged += 1
        into = register_body(self.staff, name=f"Office {Body.objects.count()}", level="other")
        merge_body(self.staff, body, into, self.today)
        if self.model.owed:
            self.model.since = self.today
            self.model.events += 1

    @precondition(lambda self: self.steps > 7)
    @rule(who=st.sampled_from(OURS))
    def a_post_ends(self, who: str) -> None:
        model = self.model
        if who in model.ended_posts or len(model.ended_posts) == 1:
            return
        end_post(self.staff, self.terms[who].post, self.today)
        model.ended_posts.add(who)
        if model.owed and model.post == who:
            model.post = ""
            model.events += 1

    @precondition(lambda self: self.steps > 16)
    @rule()
    def its_body_is_abolished(self) -> None:
        model = self.model
        if self.body().ended_on is not None:
            return
        abolish_body(self.staff, self.body(), self.today, "Voted.")
        model.ended_posts |= set(OURS)
        if model.owed:
            model.nobodys = True
            model.events += 1

    def body(self) -> Body:
        """The body that both posts belong to now."""
        live = next((who for who in OURS if who not in self.model.ended_posts), "chief")
        self.terms[live].post.refresh_from_db()
        return self.terms[live].post.body

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        self.steps += 1
        if not self.terms:
            return
        model, row = self.model, Commitment.objects.get(pk=self.made.pk)
        days = (row.first_due_on, row.due_on, row.slips, row.ended_on, row.held_since)
        assert days == (
            model.days[0], model.days[-1], len(model.days) - 1, model.ended, model.since,
        )  # fmt: skip
        assert standing_of(row, self.today) == model.standing(self.today)
        if model.owed:
            post = self.terms[model.post].post if model.post else None
            assert (row.body, row.post) == (self.body(), post)
        assert list(commitments_due(model.days[-1])) == ([row] if model.owed else [])
        events = list(row.events.all())
        state = state_of(events)
        assert list(state.days) == model.days
        assert [(list(step.days), step.reached_on is not None) for step in state.milestones] == [
            (model.step_days, model.reached)
        ]
        assert len(events) == model.events
        documents = [sha256(bytes(each)).hexdigest() for each in logged()]
        assert documents == [event.document for event in events]
        assert sha256(document_of(row, events)).hexdigest() == documents[-1]


def logged() -> list[bytes]:
    """The documents of commitments that wait for the log, in order."""
    waiting = PendingRecord.objects.order_by("pk")
    return [
        each.document or b"" for each in waiting if bytes(each.entry).startswith(b"commitment/")
    ]


def run(examples: int) -> None:
    checked = CommitmentLives.TestCase
    checked.settings = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to shrink a life takes minutes
        suppress_health_check=list(HealthCheck),
    )
    checked("runTest").runTest()


def test_random_lives_of_a_commitment() -> None:
    run(6)


def test_a_day_that_is_hidden_by_its_slip_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the comparison can fail."""

    def hides(state: CommitmentState, event: Any) -> CommitmentState:
        slipped = story._slipped(state, event)
        return replace(slipped, days=slipped.days[-1:])

    monkeypatch.setitem(story._STEPS, CommitmentEvent.Kind.SLIPPED, hides)
    with pytest.raises(AssertionError):
        run(40)
