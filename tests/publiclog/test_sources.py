"""Records are appended, and each source that an app registers takes part when the log grows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from middleground.ledger import write_entry
from middleground.ledger.records.entries import Erasures
from middleground.publiclog import jobs, sources
from middleground.publiclog.append import append
from middleground.publiclog.models import LogEntry, LogState, PendingRecord
from middleground.publiclog.publisher import is_urgent, publish_log
from middleground.publiclog.sequencer import Sequencer, sequencing
from support.logged import entries, recounted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Recorder:
    """A source and its own round; it records each call with the log's sizes at that time."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, int]] = []
        self.urgent = False

    def is_urgent(self) -> bool:
        return self.urgent

    def begin_round(self, now: datetime) -> Recorder:
        assert now == NOW
        return self

    def place_first(self, sequencer: Sequencer) -> None:
        self.note("first")
        assert sequencer.place([write_entry(Erasures("first", 1))]) == 0

    def place_batches(self) -> None:
        self.note("batches")
        with sequencing() as sequencer:
            assert sequencer.place([write_entry(Erasures("batch", n)) for n in (1, 2)]) == 2

    def publish_files(self, folder: Path) -> None:
        assert (folder / "checkpoint").is_file()
        self.note("files")

    def note(self, what: str) -> None:
        state = LogState.objects.first() or LogState()
        self.calls.append((what, state.placed, state.signed))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(sources, "_sources", [*sources.registered(), made])
    return made


def test_a_source_places_entries_around_the_records_and_publishes_after_signing(
    folder: Path, recorder: Recorder
) -> None:
    append(Erasures("pending", 1))
    checkpoint = publish_log(NOW)
    assert checkpoint is not None
    assert checkpoint.size == 4
    assert recorder.calls == [("first", 0, 0), ("batches", 2, 0), ("files", 4, 4)]
    assert entries(folder) == [
        Erasures("first", 1),
        Erasures("pending", 1),
        Erasures("batch", 1),
        Erasures("batch", 2),
    ]
    assert recounted(folder).holds


def test_one_urgent_source_makes_the_log_urgent(recorder: Recorder) -> None:
    assert not is_urgent()
    recorder.urgent = True
    assert is_urgent()


def test_a_later_record_drops_the_pending_document_of_the_same_name() -> None:
    for name, document in (("map:a", b"1"), ("map:b", b"2"), ("", b"3"), ("map:a", b"4")):
        append(Erasures("harbour", int(document)), document, replaces=name)
    rows = PendingRecord.objects.order_by("id").values_list("document", "replaces")
    waiting = [(document and bytes(document), name) for document, name in rows]
    assert waiting == [(None, ""), (b"2", "map:b"), (b"3", ""), (b"4", "map:a")]


def test_places_that_were_not_committed_are_given_again(folder: Path) -> None:
    def cut() -> None:
        with sequencing() as sequencer:
            sequencer.place([write_entry(Erasures("harbour", 1))])
            raise OSError("no power")

    with pytest.raises(OSError, match="no power"):
        cut()
    with sequencing() as sequencer:
        assert sequencer.place([write_entry(Erasures("harbour", 2))]) == 0
    publish_log(NOW)
    assert entries(folder) == [Erasures("harbour", 2)]


def test_records_are_logged_in_the_order_of_their_actions(folder: Path) -> None:
    records = [Erasures("harbour", count) for count in (3, 1, 2)]
    for record in records:
        append(record)
    publish_log(NOW)
    assert entries(folder) == records
    # Signed entries are only in the folder.
    assert not LogEntry.objects.exists()
    assert not PendingRecord.objects.exists()


class Growing:
    """A source without leaves that counts its rounds, and publishes again during each."""

    def __init__(self) -> None:
        self.rounds, self.urgent = 0, False
        self.nested: list[object] = []

    def is_urgent(self) -> bool:
        return self.urgent

    def begin_round(self, now: datetime) -> Growing:
        self.rounds += 1
        if self.rounds < 3:
            self.nested.append(publish_log(now))
        return self

    def place_first(self, sequencer: Sequencer) -> None: ...

    def place_batches(self) -> None: ...

    def publish_files(self, folder: Path) -> None: ...


@pytest.fixture
def growing(monkeypatch: pytest.MonkeyPatch) -> Growing:
    made = Growing()
    monkeypatch.setattr(sources, "_sources", [*sources.registered(), made])
    return made


def test_only_one_publication_runs_at_a_time(folder: Path, growing: Growing) -> None:
    append(Erasures("harbour", 1))
    assert publish_log(NOW) is not None
    assert (growing.nested, growing.rounds) == ([None], 1)
    assert publish_log(NOW) is not None  # the first has released the lock
    assert (growing.nested, growing.rounds) == ([None, None], 2)


def test_an_urgent_source_does_not_wait_for_the_interval(
    folder: Path, growing: Growing, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEDGER_SECONDS = 3600.0
    monkeypatch.setattr(jobs._LogGrowth, "at", monotonic())
    jobs.let_log_grow()
    assert growing.rounds == 0
    growing.urgent = True
    jobs.let_log_grow()
    assert growing.rounds == 1
