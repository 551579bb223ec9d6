"""A crash leaves a final map's votes only until the next start; what a map names stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from middleground.dialogues.jobs import delete_leftovers
from middleground.dialogues.maps import log_record, publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.models import Dialogue
from support.camps import add_voters
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


@pytest.fixture
def sealed(settings: Any, tmp_path: Path) -> Path:
    settings.SEALED = tmp_path / "sealed"
    return tmp_path / "sealed"


@pytest.fixture
def harbour() -> Dialogue:
    dialogue = make_dialogue(statements=12, state="closed")
    add_voters(dialogue, 30)
    return dialogue


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_crash_before_the_map_is_stored_leaves_a_file_until_the_next_start(
    harbour: Dialogue, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publish, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        publish.finalise(harbour.pk, LiveMaps())
    monkeypatch.undo()
    (left,) = names(sealed)  # the control: without the job it stays, and is private
    assert log_record._TEMPORARY.fullmatch(left)
    assert (sealed / left).stat().st_mode & 0o777 == 0o600
    delete_leftovers()
    assert names(sealed) == []
    assert publish.finalise(harbour.pk, LiveMaps()) is not None
    assert names(sealed) == ["harbour.votes"]


def test_what_a_stored_map_names_stays(harbour: Dialogue, sealed: Path) -> None:
    stored = publish.finalise(harbour.pk, LiveMaps())
    assert stored is not None
    kept = [
        "harbour.votes", f"harbour.votes.{stored.votes_seal[:16]}", "harbour.votes.bak",
        "harbour.votes.0123456789ABCDEF", "harbour.votes.0123456789abcdef0", "note.txt",
    ]  # fmt: skip
    gone = ["harbour.votes.0123456789abcdef", f"elsewhere.votes.{stored.votes_seal[:16]}"]
    for name in [*kept[1:], *gone]:
        (sealed / name).write_bytes(b"votes")
    delete_leftovers()
    assert names(sealed) == sorted(kept)


def test_what_a_thread_is_preparing_stays(harbour: Dialogue, sealed: Path) -> None:
    sealed.mkdir()
    file, maps = sealed / "harbour.votes.0123456789abcdef", LiveMaps()
    file.write_bytes(b"votes")
    with maps.of(harbour.pk).making():
        log_record.delete_leftover_votes(maps)
        assert file.exists()
    log_record.delete_leftover_votes(maps)
    assert not file.exists()


def test_without_a_folder_there_is_nothing_to_do(sealed: Path) -> None:
    delete_leftovers()
    assert not sealed.exists()
