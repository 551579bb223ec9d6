"""A process that is paused while it writes the log, and goes on after its successor has published.

The pause is put right after each look whether this process is still elected, where it does the
greatest harm: the look has just said yes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from middleground.core.processes.election import NotElected
from middleground.ledger import Diverged
from middleground.ledger.files.publishing import published
from middleground.ledger.records.entries import Erasures
from middleground.publiclog import publisher
from middleground.publiclog.append import append
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogEntry, LogState
from middleground.publiclog.publisher import mend_checkpoint, publish_log
from support.logged import entries, folder, recounted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
__all__ = ["folder"]
LOOKS = 6  # of one publication without sources


def publish_with_a_pause(look: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish an entry; at this look the successor publishes two more, and then this goes on."""
    looks = 0

    def pause() -> None:
        nonlocal looks
        looks += 1
        if looks == look:
            with monkeypatch.context() as successor:
                successor.setattr(publisher, "require_elected", lambda: None)
                append(Erasures("second", 2))
                append(Erasures("third", 3))
                publisher._publish(publisher.timezone.now())

    def fence() -> None:  # as the database decides
        if looks >= look and publisher.require_elected is pause:
            raise NotElected

    append(Erasures("first", 1))
    with monkeypatch.context() as paused:
        paused.setattr(publisher, "registered", lambda: ())
        paused.setattr(publisher, "require_elected", pause)
        paused.setattr(publisher, "fence", fence)
        with pytest.raises((NotElected, Diverged)):
            publisher._publish(publisher.timezone.now())
    assert looks >= look


@pytest.mark.parametrize("look", range(1, LOOKS + 1))
def test_the_log_never_forks_and_goes_on(
    look: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(Erasures("zeroth", 0))
    publish_log()
    publish_with_a_pause(look, monkeypatch)
    assert LogState.objects.get().signed == 4
    assert not LogEntry.objects.exists()
    mend_checkpoint()
    assert published(folder, signing_key().verifier).size == 4
    assert recounted(folder).holds
    append(Erasures("fourth", 4))
    assert publish_log().size == 5  # type: ignore[union-attr]
    assert [each.dialogue for each in entries(folder)] == [
        "zeroth", "first", "second", "third", "fourth",
    ]  # fmt: skip
    assert recounted(folder).holds


def test_control_an_older_checkpoint_that_is_not_mended_stops_the_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(Erasures("zeroth", 0))
    publish_log()
    older = []
    for look in range(1, LOOKS + 1):
        before = LogState.objects.get().signed
        publish_with_a_pause(look, monkeypatch)
        if published(folder, signing_key().verifier).size < before + 3:
            older.append(look)
            with pytest.raises(Diverged):
                publish_log()
            mend_checkpoint()
    assert older


def test_nothing_is_mended_from_an_old_backup_of_the_folder(folder: Path) -> None:
    append(Erasures("first", 1))
    publish_log()
    old = (folder / "checkpoint").read_bytes()
    append(Erasures("second", 1))
    publish_log()
    (folder / "checkpoint").write_bytes(old)
    (folder / "checkpoints" / f"{2:012d}").unlink()
    mend_checkpoint()
    assert (folder / "checkpoint").read_bytes() == old
    with pytest.raises(Diverged):
        publish_log()


def test_an_entry_that_is_missing_in_the_database_is_not_skipped(folder: Path) -> None:
    append(Erasures("first", 1))
    publish_log()
    for name in ("second", "third"):
        append(Erasures(name, 1))
    with publisher.sequencing() as sequencer:
        sequencer.place_pending()
    LogEntry.objects.get(index=1).delete()
    with pytest.raises(Diverged, match="an entry after the first 1 is missing"):
        publish_log()
