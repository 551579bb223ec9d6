"""Resident checks in random lives, checked against a plain model that knows days and names only.

One case with a promise is answered, reopened, closed and answered anew; people say yes, partly and
no, and why; days pass. What the model forbids must be refused, and after each step checks, counts,
sentences and marks are what the model says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from answers.checks.raised import answered, raise_it
from answers.commitments.promised import promise
from answers.entered import answer_case
from middleground.answers.cases import endings
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.commitments import keeping
from middleground.answers.models import (
    AnswerRules,
    Case,
    CheckSentence,
    Commitment,
    ResidentCheck,
)
from middleground.answers.models.check import ResidentCheckQuerySet
from middleground.core.refusals import Refused
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import StatementMark
from middleground.people.models import Appointment, User
from support.cast import make_dialogue, make_official, make_participant, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MAY = date(2026, 5, 4)
WEEKS = timedelta(28)
SAID = st.sampled_from(["yes", "partly", "no", "no", "no"])
ABOUT = st.sampled_from(["answer", "answer", "milestone", "kept"])
STEP = 5


@dataclass
class CheckModel:
    """A check, by the words of the issue. ``said``: by person, of which kind, and which word."""

    about: str
    answer: int  # which answer of the case; 0 for what is said to be done
    stage: str
    ends: date
    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: dict[str, list[int]] = field(default_factory=dict)
    reopened: bool = False

    def count(self) -> None:
        counts = Counter(self.said.values())
        self.told = {
            kind: [counts[kind, word] // STEP * STEP for word in ("yes", "partly", "no")]
            for kind in {kind for kind, _word in self.said.values()}
        }

    def fails(self) -> bool:
        """Whether more than half say no, by the middle of each published band."""
        raised = [counts for kind, counts in self.told.items() if kind == "raised"]
        for chosen in (raised, list(self.told.values())):
            surely = sum(sum(counts) for counts in chosen)
            middle = surely + 3 * 2 * len(chosen)
            no = sum(counts[2] + 2 for counts in chosen)
            if surely >= STEP and 2 * no > middle:
                return True
        return False


@dataclass
class Model:
    """The case, what is promised in it, its checks, and whether marks are left."""

    status: str = "answered"
    answer: int = 1
    answered_on: date = MAY
    said_done: dict[str, date] = field(default_factory=dict)
    checks: list[CheckModel] = field(default_factory=list)
    marks: bool = True

    def find(self, about: str) -> CheckModel | None:
        return next((each for each in reversed(self.checks) if each.about == about), None)

    def stands(self, check: CheckModel) -> bool:
        return not check.answer or (self.status == "answered" and check.answer == self.answer)

    def job(self, today: date) -> None:
        for check in self.checks:
            if check.stage != "over" and (today >= check.ends or not self.stands(check)):
                self.move_on(check, today)
        stage = "raised" if self.marks else "anyone"
        asked = {each.answer for each in self.checks}
        due = self.status == "answered" and today >= self.answered_on + WEEKS
        if due and self.answer not in asked:
            self.checks.append(CheckModel("answer", self.answer, stage, today + WEEKS))
        for about, on in self.said_done.items():
            if today >= on + WEEKS and self.find(about) is None:
                self.checks.append(CheckModel(about, 0, stage, today + WEEKS))
        self.marks = self.marks and self.waits()

    def move_on(self, check: CheckModel, today: date) -> None:
        check.count()
        once = not any(each.reopened for each in self.checks)
        check.reopened = bool(check.answer) and self.stands(check) and once and check.fails()
        if check.reopened or not self.stands(check) or check.stage == "anyone":
            check.stage, check.ends, check.said = "over", today, {}
        else:
            check.stage, check.ends = "anyone", today + WEEKS
        if check.reopened:
            self.status = "reopened"

    def waits(self) -> bool:
        """Whether any check is open or still to come, for which marks are needed."""
        over = {each.answer for each in self.checks if each.stage == "over"}
        answer = self.status == "reopened" or (
            self.status == "answered" and self.answer not in over
        )
        to_come = any(self.find(about) is None for about in self.said_done)
        open_ones = any(each.stage != "over" for each in self.checks)
        return answer or to_come or open_ones or "kept" not in self.said_done


class CheckLives(RuleBasedStateMachine):
    """Six people who raised the matter, six others, and somebody whom nobody knows."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.today = MAY
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(timezone, "localdate", lambda *_: self.today)
        self.model = Model()
        self.steps = 0
        self.people: dict[str, bytes] = {}
        self.sentences: dict[tuple[int, str], str] = {}
        self.staff: User
        self.chief: Appointment
        self.case: Case
        self.made: Commitment

    @initialize()
    def begin(self) -> None:
        self.staff = make_staff(email="fay@example.org")
        dialogue = make_dialogue(moderation="after", votes_before_writing=0)
        AnswerRules.objects.create(dialogue=dialogue, days=10)
        self.chief = make_official(self.staff)
        tokens, numbers = raise_it(dialogue, 6)
        self.people = {f"raised {n}": token for n, token in enumerate(tokens)}
        self.people |= {f"other {n}": make_participant(dialogue)[0] for n in range(6)}
        self.people["stranger"] = new_token()
        self.case = answered(self.staff, dialogue, self.chief, numbers)
        due = MAY + timedelta(9000)
        self.made = promise(self.case, self.chief, "Two patrols", due, (due, "The plan is out"))
        self.pass_days(28)

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
        return True

    @rule(days=st.sampled_from([1, 14, 27]))
    def time_passes(self, days: int) -> None:
        self.pass_days(days)

    @rule()
    def four_weeks_pass(self) -> None:
        self.pass_days(28)

    def pass_days(self, days: int) -> None:
        self.today += timedelta(days)
        keep_checks()
        self.model.job(self.today)

    @precondition(lambda self: any(each.stage != "over" for each in self.model.checks))
    @rule(who=st.sampled_from(["raised", "all", "all"]), word=SAID)
    def many_answer(self, who: str, word: str) -> None:
        """Of each open check."""
        for about in ("answer", "milestone", "kept"):
            self.all_answer(about, who, word)

    def all_answer(self, about: str, who: str, word: str) -> None:
        for name in self.people:
            if who == "all" or name.startswith(who):
                self.answers(about, name, word, "")

    @precondition(lambda self: any(each.stage != "over" for each in self.model.checks))
    @rule(
        about=ABOUT, n=st.integers(0, 12), word=SAID, why=st.sampled_from(["", "Dark.", "x" * 301])
    )
    def one_answers(self, about: str, n: int, word: str, why: str) -> None:
        self.answers(about, list(self.people)[n], word, why)

    def answers(self, about: str, name: str, word: str, why: str) -> None:
        model, check = self.model, self.model.find(about)
        stored = self.stored(about)
        assert (stored is None) == (check is None)
        if check is None or stored is None:
            return
        raised = name.startswith("raised") and model.marks
        asked = raised or (check.stage == "anyone" and name != "stranger")
        allowed = check.stage != "over" and asked and len(why) <= 300
        token, pk = self.people[name], stored.pk
        if self.tries(allowed, lambda: answer_check(stored, token, word, why)):
            check.said[name] = ("raised" if raised else "others", word)
            self.sentences.pop((pk, name), None)
            if why:
                self.sentences[pk, name] = word

    def stored(self, about: str) -> ResidentCheck | None:
        checks = ResidentCheck.objects.order_by("pk").select_related("case__dialogue")
        if about == "answer":
            return checks.exclude(answered=None).last()
        kind = "kept" if about == "kept" else "reached"
        return checks.filter(said_done__kind=kind).last()

    @precondition(lambda self: self.model.status == "reopened")
    @rule()
    def the_body_answers(self) -> None:
        model = self.model
        answer_case(self.case, self.chief)
        model.status, model.answered_on = "answered", self.today
        model.answer += 1

    @precondition(lambda self: self.steps % 6 == 0)
    @rule()
    def staff_reopen_it(self) -> None:
        act = lambda: endings.reopen(self.staff, self.case, "Not done.")  # noqa: E731
        if self.tries(self.model.status != "reopened", act):
            self.model.status = "reopened"

    @precondition(lambda self: self.steps % 6 == 3)
    @rule()
    def staff_close_it(self) -> None:
        act = lambda: endings.close(self.staff, self.case, "Withdrawn.")  # noqa: E731
        if self.model.status != "reopened" and self.tries(self.model.status != "closed", act):
            self.model.status = "closed"

    @precondition(lambda self: self.steps % 4 == 1)
    @rule(about=st.sampled_from(["milestone", "kept"]))
    def the_body_says_it_is_done(self, about: str) -> None:
        user, post, proof = self.chief.user, self.chief.post, {"words": "There.", "link": ""}
        assert user
        said = self.model.said_done
        allowed = about not in said and "kept" not in said
        if about == "kept":
            act: Callable[[], Any] = lambda: keeping.keep(user, self.made, post, **proof)  # noqa: E731
        else:
            act = lambda: keeping.reach_milestone(user, self.made, post, milestone=1, **proof)  # noqa: E731
        if self.tries(allowed, act):
            said[about] = self.today

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        self.steps += 1
        if not self.people:
            return
        model = self.model
        self.case.refresh_from_db()
        assert self.case.status == model.status
        assert StatementMark.objects.count() == (6 if model.marks else 0)
        stored = list(ResidentCheck.objects.order_by("pk").select_related("said_done"))
        assert sorted(map(told_of, stored), key=str) == sorted(map(row_of, model.checks), key=str)
        reopenings = self.case.events.filter(kind="reopened", facts__has_key="check").count()
        assert reopenings == sum(each.reopened for each in model.checks) <= 1
        written = CheckSentence.objects.exclude(text="").values_list("check_of", "said")
        wanted = [(pk, word) for (pk, _name), word in self.sentences.items()]
        assert sorted(written) == sorted(wanted)


def told_of(check: ResidentCheck) -> tuple[Any, ...]:
    about = {"reached": "milestone", "kept": "kept"}
    name = about[check.said_done.kind] if check.said_done else "answer"
    said = Counter(check.answers.values_list("kind", "said"))
    return (name, check.stage, check.stage_ends_on, check.published, dict(said), check.reopened)


def row_of(check: CheckModel) -> tuple[Any, ...]:
    said = dict(Counter(check.said.values()))
    return (check.about, check.stage, check.ends, check.told, said, check.reopened)


@pytest.fixture(autouse=True)
def with_keys(keys: Path) -> None:
    """People are known by the dialogue's key."""


def run(examples: int) -> None:
    checked = CheckLives.TestCase
    checked.settings = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to shrink a life takes minutes
        suppress_health_check=list(HealthCheck),
    )
    checked("runTest").runTest()


def test_random_lives_of_checks() -> None:
    run(8)


def test_a_stage_that_never_ends_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the comparison can fail."""
    monkeypatch.setattr(ResidentCheckQuerySet, "due", lambda self, _today: self.none())
    with pytest.raises(AssertionError):
        run(20)


def test_one_life_in_which_everything_happens() -> None:
    """What chance rarely brings about together, by the same model: two failed checks of answers."""
    life = CheckLives()
    try:
        life.begin()
        steps: list[Callable[[], object]] = [
            lambda: life.one_answers("answer", 0, "yes", "Dark."),
            lambda: life.many_answer("raised", "no"),
            life.four_weeks_pass,  # more than half say no: it is reopened
            lambda: life.the_body_says_it_is_done("milestone"),
            life.the_body_answers,
            life.four_weeks_pass,
            lambda: life.many_answer("all", "no"),
            life.four_weeks_pass,  # again, but a case is reopened once
            lambda: life.all_answer("milestone", "all", "yes"),
            lambda: life.one_answers("milestone", 9, "no", "Dark."),
            life.four_weeks_pass,
            life.staff_close_it,
            lambda: life.the_body_says_it_is_done("kept"),
            life.four_weeks_pass,
            lambda: life.many_answer("all", "no"),
            life.four_weeks_pass,
            life.four_weeks_pass,  # the last check is over, and with it the marks
            life.staff_reopen_it,
        ]
        for step in steps:
            step()
            life.it_stands_as_the_model_says()
        ended = [(each.about, each.stage, each.reopened) for each in life.model.checks]
        assert ended == [
            ("answer", "over", True), ("answer", "over", False),
            ("milestone", "over", False), ("kept", "over", False),
        ]  # fmt: skip
        assert life.model.checks[1].fails()
        assert not life.model.marks
    finally:
        life.teardown()
