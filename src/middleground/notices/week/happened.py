"""What happened to the cases of a dialogue in a week, and how they stood on its last day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from middleground.answers.cases.sentences import sentence_of
from middleground.answers.cases.story import CaseState, state_of
from middleground.answers.commitments.sentences import sentence_of as promise_sentence
from middleground.answers.commitments.story import state_of as promise_state
from middleground.answers.models import (
    Case,
    CaseEvent,
    CaseStatus,
    Commitment,
    CommitmentEvent,
    Resolution,
    Response,
)
from middleground.answers.models.case import CaseQuerySet
from middleground.answers.queries import PastEvent, histories_of
from middleground.core import dates
from middleground.core.languages.direction import isolated
from middleground.dialogues.models import Dialogue
from middleground.notices.week.fitting import SheetEntry, SheetSection
from middleground.notices.week.weeks import Week
from middleground.people.models import Body

Kind = CaseEvent.Kind
KINDS = ("answered", "promised", "kept", "declined", "again", "due", "late")
_PROMISED = (Resolution.WILL_DO, Resolution.DEFERRED)
_DECLINED = (Resolution.DECLINED, Resolution.NOT_OURS)
_ANSWERS = (Kind.ANSWERED, Kind.CORRECTED)
_ABOUT_THE_ANSWER = (*_ANSWERS, Kind.RETRACTED, Kind.REOPENED, Kind.CLOSED)
DUE_WITHIN = 7  # days after the last one of the sheet


@dataclass(slots=True)
class _Found:
    """Entries by kind of section, each with what it is sorted by."""

    by_kind: dict[str, list[tuple[tuple[date, int], SheetEntry]]] = field(
        default_factory=lambda: {kind: [] for kind in KINDS}
    )

    def add(self, kind: str, on: date, entry: SheetEntry) -> None:
        self.by_kind[kind].append(((on, entry.number), entry))

    def sections(self) -> list[SheetSection]:
        return [
            SheetSection(kind, tuple(entry for _key, entry in sorted(found, key=lambda e: e[0])))
            for kind, found in self.by_kind.items()
        ]


def sections_of(dialogue: Dialogue, week: Week, until: date) -> list[SheetSection]:
    """What happened from the week's Monday to ``until``, and what was due and late on that day."""
    cases = _cases_that_matter(dialogue, week, until)
    histories = histories_of(cases)
    bodies = dict(Body.objects.values_list("pk", "name"))
    responses = {
        (each.case_id, each.version): each
        for each in Response.objects.filter(
            case__dialogue=dialogue, published_on__range=(week.start, until)
        ).defer("details")
    }
    found = _Found()
    for case in cases:
        events = [event for event in histories[case.pk] if event.on <= until]
        state = state_of(events)
        _add_what_happened(found, case, state, _since(events, week.start), responses)
        _add_what_is_due(found, case, state, until, bodies)
    commitments = dialogue.commitments.filter(made_on__lte=until).select_related("case")
    for commitment in commitments.order_by("number").prefetch_related("events"):
        _add_promise(found, commitment, week, until, bodies)
    return found.sections()


def _cases_that_matter(dialogue: Dialogue, week: Week, until: date) -> CaseQuerySet:
    """Without those that were answered before the week, and stay so."""
    done = Q(status__in=(CaseStatus.ANSWERED, CaseStatus.CLOSED), answered_on__lt=week.start)
    happened = CaseEvent.objects.filter(case__dialogue=dialogue, on__gte=week.start)
    quiet = ~Q(pk__in=happened.order_by().values("case"))
    cases = dialogue.cases.filter(opened_on__lte=until).exclude(done & quiet)
    return cases.order_by("number").only("dialogue", "number", "policy")


def _since(events: Iterable[PastEvent], start: date) -> list[PastEvent]:
    return [event for event in events if event.on >= start]


def _add_what_happened(
    found: _Found,
    case: Case,
    state: CaseState,
    events: list[PastEvent],
    responses: dict[tuple[int, int], Response],
) -> None:
    for event in events:
        if event.kind == Kind.REFUSED:
            entry = SheetEntry(case.number, state.title, "", sentence=sentence_of(event))
            found.add("declined", event.on, entry)
    last = [event for event in events if event.kind in _ABOUT_THE_ANSWER][-1:]
    for event in last:
        response = responses.get((case.pk, event.facts.get("version", 0)))
        if event.kind in _ANSWERS and response is not None:
            found.add(_kind_of(response), event.on, _answered(case, state, response))
        else:
            kind = "declined" if event.kind == Kind.CLOSED else "again"
            found.add(
                kind,
                event.on,
                SheetEntry(case.number, state.title, "", sentence=sentence_of(event)),
            )


def _kind_of(response: Response) -> str:
    if response.resolution in _PROMISED:
        return "promised"
    return "declined" if response.resolution in _DECLINED else "answered"


def _answered(case: Case, state: CaseState, response: Response) -> SheetEntry:
    said = Resolution(response.resolution).label
    who = f"{isolated(response.post_title)}, {isolated(response.body_name)}: {said}"
    return SheetEntry(case.number, state.title, who, words=response.summary)


def _add_promise(
    found: _Found, commitment: Commitment, week: Week, until: date, bodies: dict[int, str]
) -> None:
    """What happened to something that was promised, and whether it is due; it links to its case."""
    events = [event for event in commitment.events.all() if event.on <= until]
    number, what = commitment.case.number, commitment.what
    for event in events:
        if event.on >= week.start:
            kind = "promised" if event.kind == CommitmentEvent.Kind.MADE else "kept"
            found.add(
                kind, event.on, SheetEntry(number, what, "", sentence=promise_sentence(event))
            )
    state = promise_state(events)
    if state.is_open:
        _add_due_day(
            found, SheetEntry(number, what, bodies.get(state.body_id or 0, "")), state.due_on, until
        )


def _add_what_is_due(
    found: _Found, case: Case, state: CaseState, until: date, bodies: dict[int, str]
) -> None:
    due = state.deadline(case.clock_policy()).due if state.is_waiting else None
    if due is not None:
        who = bodies.get(state.body_id or 0, "")
        _add_due_day(found, SheetEntry(case.number, state.title, who), due, until)


def _add_due_day(found: _Found, entry: SheetEntry, due: date, until: date) -> None:
    """Add what is late or soon due. ``entry.who``: the body that owes it, or empty."""
    if due > until + timedelta(days=DUE_WITHIN):
        return
    body = isolated(entry.who) or _("no body has it yet")
    template = _("%(body)s: was due on %(day)s") if due < until else _("%(body)s: due on %(day)s")
    told = replace(entry, who=template % {"body": body, "day": dates.day(due)})
    found.add("late" if due < until else "due", due, told)
