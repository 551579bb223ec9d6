"""The cases of a dialogue as rows and as JSON, for a host's own case system: public facts only."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from middleground.answers.cases.sentences import story_of
from middleground.answers.checks.told import told_check
from middleground.answers.commitments.queries import standing_of
from middleground.answers.commitments.sentences import story_of as commitment_story
from middleground.answers.models import Case, Commitment, Concern, Disposition, ResidentCheck
from middleground.answers.pages.concerns import ShownConcern, concerns_shown
from middleground.answers.responses.citations import with_cited
from middleground.answers.responses.document import cited_numbers
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.models import Dialogue
from middleground.polis.formulas import csv_table

FORMAT = "middleground-cases/1"
BATCH = 100  # cases
COLUMNS = (
    "case", "title", "summary", "status", "resolution", "level", "body", "post", "opened_on",
    "due_on", "overdue", "answered_on", "concerns", "answer", "version", "document", "commitments",
    "residents",
    "address",
)  # fmt: skip
_OWN = COLUMNS[:12]


def cases_json(dialogue: Dialogue) -> bytes:
    """Cases with their concerns, what the newest version says to each, and their story."""
    content = {
        "format": FORMAT,
        "dialogue": dialogue.slug,
        "question": dialogue.question,
        "simulated": dialogue.simulated,
        "exported_on": timezone.localdate().isoformat(),
        "cases": cases_of(dialogue),
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()


def cases_csv(dialogue: Dialogue) -> bytes:
    """One row for each case."""
    rows = []
    for case in cases_of(dialogue):
        versions = case["versions"]
        newest = versions[-1] if versions else {"summary": "", "version": "", "document": ""}
        concerns = " ".join(str(each["number"]) for each in case["concerns"])
        values = [case[name] for name in _OWN]
        values += [concerns, newest["summary"], newest["version"], newest["document"]]
        values.append(" ".join(str(each["number"]) for each in case["commitments"]))
        of_it = [each["sentence"] for each in case["checks"] if each["stands"]]
        values.append(of_it[-1] if of_it else "")
        rows.append([*values, case["address"]])
    return csv_table(COLUMNS, rows)


def cases_of(dialogue: Dialogue) -> list[dict[str, Any]]:
    """The cases by number. The queries are the same for one and for a batch."""
    today = timezone.localdate()
    cases = dialogue.cases.select_related("body", "post").order_by("number")
    said = Disposition.objects.select_related("concern")
    raised_in = Concern.objects.with_texts()
    cases = cases.prefetch_related(
        "events", "commitments__body", "commitments__post", "commitments__events__resident_check",
        "resident_checks",
        Prefetch("responses__dispositions", said), with_cited("responses__citations"),
        Prefetch("concerns", raised_in),
    )  # fmt: skip
    # In batches, since SQLite refuses a condition about thousands of rows.
    found = list(cases.iterator(chunk_size=BATCH))
    raised = {each.number: each for case in found for each in case.concerns.all()}
    shown = {each.number: each for each in concerns_shown(dialogue, raised.values())}
    return [
        {
            **_case(dialogue, case, shown, overdue=_is_overdue(case, today)),
            "commitments": [_commitment(dialogue, each, today) for each in case.commitments.all()],
        }
        for case in found
    ]


def _is_overdue(case: Case, today: date) -> bool:
    return case.due_on is not None and case.due_on < today


def _case(
    dialogue: Dialogue, case: Case, shown: dict[int, ShownConcern], *, overdue: bool
) -> dict[str, Any]:
    case.dialogue = dialogue
    numbers = sorted(each.number for each in case.concerns.all())
    return {
        "case": case.number,
        "title": case.title,
        "summary": case.summary,
        "status": case.status,
        "resolution": case.resolution,
        "level": case.body.level if case.body else "",
        "body": case.body.name if case.body else "",
        "post": case.post.title if case.post else "",
        "opened_on": case.opened_on.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else "",
        "overdue": overdue,
        "answered_on": case.answered_on.isoformat() if case.answered_on else "",
        "address": absolute(case.get_absolute_url()),
        "concerns": [
            {
                "number": each.number,
                "place": each.place,
                "text": each.text,
                "gone": each.gone,
            }
            for each in map(shown.__getitem__, numbers)
        ],
        "versions": _versions(case),
        "checks": [
            _check(each) | {"stands": _is_of_newest(case, each)}
            for each in case.resident_checks.all()
            if each.version
        ],
        "story": [
            {"on": line.on.isoformat(), "kind": line.kind, "sentence": line.sentence}
            for line in story_of(list(case.events.all()))
        ],
    }


def _is_of_newest(case: Case, check: ResidentCheck) -> bool:
    """Whether the answer that was checked still stands (``of_answers_that_stand``)."""
    days = {event.pk: event.on for event in case.events.all()}
    return case.answered_on is not None and days.get(check.answered_id or 0) == case.answered_on


def _versions(case: Case) -> list[dict[str, Any]]:
    found = sorted(case.responses.all(), key=lambda each: each.version)
    return [
        {
            "version": each.version,
            "body": each.body_name,
            "post": each.post_title,
            "holder": each.holder,
            "published_on": each.published_on.isoformat(),
            "resolution": each.resolution,
            "summary": each.summary,
            "details": each.details,
            "document": each.document,
            "cites": cited_numbers(each.citations.all()),
            "dispositions": [
                {"concern": said.concern.number, "outcome": said.outcome, "words": said.words}
                for said in each.dispositions.all()
            ],
        }
        for each in found
    ]


def _commitment(dialogue: Dialogue, commitment: Commitment, today: date) -> dict[str, Any]:
    commitment.dialogue = dialogue
    ended_on = commitment.ended_on
    return {
        "number": commitment.number,
        "what": commitment.what,
        "standing": standing_of(commitment, today).value,
        "body": commitment.body.name if commitment.body else "",
        "post": commitment.post.title if commitment.post else "",
        "made_on": commitment.made_on.isoformat(),
        "first_due_on": commitment.first_due_on.isoformat(),
        "due_on": commitment.due_on.isoformat(),
        "slips": commitment.slips,
        "ended_on": ended_on.isoformat() if ended_on else "",
        "checks": [
            {"event": event.number, "what": event.what, **_check(event.resident_check)}
            for event in commitment.events.all()
            if hasattr(event, "resident_check")
        ],
        "address": absolute(commitment.get_absolute_url()),
        "story": [
            {
                "on": line.on.isoformat(),
                "kind": line.kind,
                "sentence": line.sentence,
                "words": line.words,
                "link": line.link,
                "document": line.document,
            }
            for line in commitment_story(list(commitment.events.all()))
        ],
    }


def _check(check: ResidentCheck) -> dict[str, Any]:
    """``counts``: yes, partly and no by kind of people, rounded down to multiples of ``step``."""
    told = told_check(check)
    return {
        **({"version": check.version} if check.version else {}),
        "opened_on": check.opened_on.isoformat(),
        "stage": check.stage,
        "stage_ends_on": check.stage_ends_on.isoformat(),
        "step": check.step,
        "counts": check.published,
        "sentence": told.sentence,
        "reopened": check.reopened,
    }
