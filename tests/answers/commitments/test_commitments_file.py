"""Whoever changes a commitment's story in the database is found out by both verifiers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.commitments.promised import promise, promise_and_slip
from ledger.checking import failing
from middleground.answers.commitments import keeping
from middleground.answers.models import Case, Commitment, CommitmentEvent
from middleground.answers.thresholds import note_thresholds
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue
from support.logged import seen

pytestmark = pytest.mark.django_db
DAYS_LATER = datetime(2026, 5, 8, tzinfo=UTC)  # the tests' day is May 4
Kind = CommitmentEvent.Kind


@pytest.fixture
def promised(folder: Path, with_police: Case, chief: Appointment) -> Commitment:
    """One commitment that slipped, one that is kept, one that is given up; all is logged."""
    assert folder
    made = promise_and_slip(with_police, chief)
    note_thresholds()
    publish_log()
    return made


@pytest.mark.usefixtures("promised")
def test_the_whole_story_is_shown_as_it_was_logged(folder: Path, harbour: Dialogue) -> None:
    report = seen(folder, harbour, DAYS_LATER)
    assert not failing(report)
    sentence = "Commitments of bodies that are shown as they were logged: 6."
    assert sentence in [each.sentence for each in report.findings]
    shown = json.loads((folder / f"site/{harbour.slug}/commitments.json").read_bytes())
    assert [
        (each["commitment"], each["case"], [event["kind"] for event in each["events"]])
        for each in shown["commitments"]
    ] == [
        (1, 1, ["made", "slipped"]), (2, 1, ["made", "kept"]), (3, 1, ["made", "given up"]),
    ]  # fmt: skip


def event(kind: str) -> CommitmentEvent:
    return CommitmentEvent.objects.filter(kind=kind).order_by("commitment__number")[0]


def change(kind: str, **facts: object) -> None:
    """Change facts of an old event, as somebody with the database can."""
    changed = event(kind)
    CommitmentEvent.objects.filter(pk=changed.pk).update(facts={**changed.facts, **facts})


def drop_slip() -> None:
    """The second event is dropped; the first one then says the later day."""
    later = event("slipped").facts["to"]
    CommitmentEvent.objects.filter(kind=Kind.SLIPPED).delete()
    change("made", due=later)


def drop_third() -> None:
    CommitmentEvent.objects.filter(commitment__number=3).delete()
    Commitment.objects.filter(number=3).delete()


OTHER, UNSHOWN = "it is not what was logged", "it is not shown"
SILENT: dict[str, tuple[Callable[[], object], list[str]]] = {
    "the due day": (
        lambda: change("made", due="2026-06-18"),
        [f"commitment 1, event 1: {OTHER}", f"commitment 1, event 2: {OTHER}"],
    ),
    "the day of a milestone": (
        lambda: change("made", milestones=[{"what": "The plan is out", "due": "2026-06-01"}]),
        [f"commitment 1, event 1: {OTHER}", f"commitment 1, event 2: {OTHER}"],
    ),
    "a reason": (
        lambda: change("slipped", reason=""), [f"commitment 1, event 2: {OTHER}"],
    ),
    "a proof": (
        lambda: change("kept", words="It shines."), [f"commitment 2, event 2: {OTHER}"],
    ),
    "the holder": (
        lambda: change("given up", holder="B. Example"), [f"commitment 3, event 2: {OTHER}"],
    ),
    "when it was kept": (
        lambda: CommitmentEvent.objects.filter(kind=Kind.KEPT).update(on=date(2026, 5, 3)),
        [f"commitment 2, event 2: {OTHER}"],
    ),
    "what became of it": (
        lambda: CommitmentEvent.objects.filter(kind=Kind.GIVEN_UP).update(kind=Kind.KEPT),
        [f"commitment 3, event 2: {OTHER}"],
    ),
    "a slip": (
        drop_slip, [f"commitment 1, event 1: {OTHER}", f"commitment 1, event 2: {UNSHOWN}"],
    ),
    "a whole commitment": (
        drop_third,
        [f"commitment 3, event 1: {UNSHOWN}", f"commitment 3, event 2: {UNSHOWN}"],
    ),
    "its number": (
        lambda: Commitment.objects.filter(number=3).update(number=4),
        [
            f"commitment 3, event 1: {UNSHOWN}", f"commitment 3, event 2: {UNSHOWN}",
            "commitment 4, event 1: it was never logged",
            "commitment 4, event 2: it was never logged",
        ],
    ),
}  # fmt: skip


@pytest.mark.usefixtures("promised")
@pytest.mark.parametrize(("silently", "said"), SILENT.values(), ids=SILENT)
def test_a_silent_change_is_caught_by_both(
    silently: Callable[[], object], said: list[str], folder: Path, harbour: Dialogue
) -> None:
    silently()
    found = failing(seen(folder, harbour, DAYS_LATER))
    assert list(found) == ["commitments"]
    assert found["commitments"].details == tuple(f"{harbour.slug}, {each}." for each in said)


def test_an_event_that_was_never_logged_is_caught_after_two_days(
    promised: Commitment, folder: Path, harbour: Dialogue, chief: Appointment
) -> None:
    """What officials do is logged by the same transaction; a row that somebody adds is not."""
    promised.events.create(
        number=3, kind=Kind.KEPT, on=date(2026, 5, 4), body=promised.body, post=promised.post,
        facts={"body": "Police", "post": "Chief", "holder": "", "words": "Done.", "link": ""},
    )  # fmt: skip
    late = failing(seen(folder, harbour, DAYS_LATER))
    line = f"{harbour.slug}, commitment 1, event 3: it was never logged."
    assert late["commitments"].details == (line,)
    soon = seen(folder, harbour, DAYS_LATER - timedelta(days=2))
    assert not failing(soon)
    left = f"commitments of bodies in {harbour.slug} that the log does not have yet (1)"
    assert left in next(each.sentence for each in soon.findings if each.subject == "unchecked")


def test_what_is_logged_and_not_signed_yet_is_no_failure(
    promised: Commitment, folder: Path, harbour: Dialogue, chief: Appointment
) -> None:
    assert chief.user
    keeping.keep(chief.user, promised, chief.post, words="They patrol.", link="")
    assert not failing(seen(folder, harbour, DAYS_LATER - timedelta(days=2)))
    publish_log()
    assert not failing(seen(folder, harbour, DAYS_LATER))


def test_the_file_of_a_draft_is_not_shown(client: Client, db: None) -> None:
    make_dialogue("draft", state="draft")
    for file in ("commitments/commitments.json", "answers/rules.json", "sources/evidence.json"):
        assert client.get(f"/d/draft/{file}").status_code == 404


def test_so_many_queries_for_one_and_for_three(
    client: Client, harbour: Dialogue, with_police: Case, chief: Appointment
) -> None:
    counts = []
    for _ in range(3):
        promise(with_police, chief)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/d/{harbour.slug}/commitments/commitments.json").status_code == 200
        counts.append(len(captured))
    assert counts == [counts[0]] * 3
