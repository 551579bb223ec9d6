"""Cases and commitments of the example: each step is taken on its day, by whoever takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from middleground.answers.cases.clocks import extend_clock, pause_clock
from middleground.answers.cases.endings import close
from middleground.answers.cases.gathering import open_case, set_aside
from middleground.answers.cases.owners import acknowledge, assign, offer, refuse
from middleground.answers.cases.rules import set_rules
from middleground.answers.checks.rounds import keep_checks, open_check
from middleground.answers.checks.why import say_why
from middleground.answers.commitments.keeping import (
    give_up,
    keep,
    make_commitment,
    reach_milestone,
    slip,
)
from middleground.answers.models import AnswerRules, Case, CheckAnswer, Commitment, ResidentCheck
from middleground.answers.responses.drafts import DraftText, draft_of, save_draft
from middleground.answers.responses.publish import publish_response, retract_response
from middleground.cli.example.bodies import Cast
from middleground.cli.example.threads import comment_called
from middleground.core import dates
from middleground.demo import ExampleDialogue
from middleground.demo.answered import Entry, ExampleAnswers, number_of, working_day
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue
from middleground.disclosure.resident_checks import OTHERS
from middleground.people.models import Post, User
from middleground.texts.moderation import TextState

Step = tuple[int, Callable[[], None]]


@dataclass(slots=True)
class CaseOfExample:
    """A case of the example while it is entered."""

    cast: Cast
    dialogue: Dialogue
    entry: Entry
    numbers: list[int]
    today: date
    owner: str = ""  # the key of the post that has it
    stored: Case | None = None
    promised: Commitment | None = None

    @property
    def case(self) -> Case:
        assert self.stored is not None
        return self.stored

    @property
    def commitment(self) -> Commitment:
        assert self.promised is not None
        return self.promised

    @property
    def post(self) -> Post:
        return self.cast.posts[self.owner]

    @property
    def holder(self) -> User:
        return self.cast.holders[self.owner]


def store_answers(
    cast: Cast, dialogue: Dialogue, example: ExampleDialogue, told: ExampleAnswers, today: date
) -> None:
    """Store rules, cases and commitments, in the order in which things happened."""
    set_rules(AnswerRules(dialogue=dialogue, **told.rules))
    steps: list[Step] = []
    for entry in told.cases:
        numbers = [number_of(example, beginning) for beginning in entry["concerns"]]
        numbers += [comment_called(dialogue, words) for words in entry.get("comments", [])]
        steps += _steps(CaseOfExample(cast, dialogue, entry, numbers, today))
    for offset, step in sorted(steps, key=lambda each: each[0]):
        with dates.entering(working_day(today, offset)):
            step()
    for entry in told.aside:
        with dates.entering(working_day(today, entry["on"])):
            number = number_of(example, entry["concern"])
            set_aside(dialogue, [number], entry["reason"], note=entry["note"])


def _steps(told: CaseOfExample) -> Iterator[Step]:
    for event in told.entry["events"]:
        yield event["on"], partial(CASE_VERBS[event["do"]], told, event)
    for promise in told.entry.get("promise", []):
        yield promise["on"], partial(_promise, told, promise)
        for event in promise.get("event", []):
            yield event["on"], partial(PROMISE_VERBS[event["do"]], told, event)


def _open(told: CaseOfExample, _event: Entry) -> None:
    title, summary = told.entry["title"], told.entry["summary"]
    told.stored = open_case(
        told.cast.staff, told.dialogue, title=title, summary=summary, numbers=told.numbers
    )


def _assign(told: CaseOfExample, event: Entry) -> None:
    told.owner = event["post"]
    assign(told.cast.staff, told.case, told.post.body, told.post)


def _acknowledge(told: CaseOfExample, _event: Entry) -> None:
    acknowledge(told.holder, told.case, told.post)


def _pause(told: CaseOfExample, event: Entry) -> None:
    pause_clock(told.holder, told.case, told.post, event["reason"])


def _extend(told: CaseOfExample, event: Entry) -> None:
    extend_clock(told.holder, told.case, told.post, event["days"], event["reason"])


def _offer(told: CaseOfExample, event: Entry) -> None:
    offer(told.holder, told.case, told.post, told.cast.posts[event["to"]].body, event["reason"])


def _refuse(told: CaseOfExample, event: Entry) -> None:
    key = event["post"]
    refuse(told.cast.holders[key], told.case, told.cast.posts[key], event["reason"])


def _answer(told: CaseOfExample, event: Entry) -> None:
    text = DraftText(
        resolution=event["resolution"],
        summary=event["summary"],
        details=event["details"],
        correction=event.get("correction", ""),
        dispositions={
            str(number): said for number, said in zip(told.numbers, event["says"], strict=True)
        },
        cites=event.get("cites", ()),
    )
    draft = save_draft(told.holder, told.case, text, draft_of(told.case).revision)
    publish_response(told.holder, told.case, told.post, draft.revision)


def _retract(told: CaseOfExample, event: Entry) -> None:
    retract_response(told.holder, told.case, told.post, event["reason"])


def _ask(told: CaseOfExample, _event: Entry) -> None:
    open_check(told.case)


def _count(told: CaseOfExample, event: Entry) -> None:
    """So many simulated people answer the check, whose time is over then."""
    check = ResidentCheck.objects.get(case=told.case)
    said = [word for word, people in event["said"].items() for _ in range(people)]
    CheckAnswer.objects.bulk_create(
        CheckAnswer(mark=f"{at:032x}", check_of=check, kind=OTHERS, said=word)
        for at, word in enumerate(said)
    )
    for word, why in event.get("why", ()):
        sentence = say_why(check, new_token(), word, why)
        assert sentence is not None
        sentence.move_to(TextState.SHOWN)
    keep_checks()


def _close(told: CaseOfExample, event: Entry) -> None:
    close(told.cast.staff, told.case, event["reason"])


def _promise(told: CaseOfExample, promise: Entry) -> None:
    milestones = [
        (working_day(told.today, step["due"]), step["what"])
        for step in promise.get("milestones", [])
    ]
    told.promised = make_commitment(
        told.holder,
        told.case,
        told.post,
        what=promise["what"],
        due=working_day(told.today, promise["due"]),
        milestones=milestones,
    )


def _reach(told: CaseOfExample, event: Entry) -> None:
    step, words = event["milestone"], event["words"]
    reach_milestone(told.holder, told.commitment, told.post, milestone=step, words=words, link="")


def _keep(told: CaseOfExample, event: Entry) -> None:
    keep(told.holder, told.commitment, told.post, words=event["words"], link="")


def _slip(told: CaseOfExample, event: Entry) -> None:
    to = working_day(told.today, event["to"])
    slip(told.holder, told.commitment, told.post, to=to, reason=event["reason"])


def _give_up(told: CaseOfExample, event: Entry) -> None:
    give_up(told.holder, told.commitment, told.post, reason=event["reason"])


Verb = Callable[[CaseOfExample, Entry], None]
CASE_VERBS: dict[str, Verb] = {
    "open": _open,
    "assign": _assign,
    "acknowledge": _acknowledge,
    "pause": _pause,
    "extend": _extend,
    "offer": _offer,
    "refuse": _refuse,
    "answer": _answer,
    "retract": _retract,
    "ask": _ask,
    "count": _count,
    "close": _close,
}
PROMISE_VERBS: dict[str, Verb] = {
    "reach": _reach,
    "keep": _keep,
    "slip": _slip,
    "give up": _give_up,
}
