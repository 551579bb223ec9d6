"""After a power failure at any moment all acknowledged votes are there, and no partial batch.

The statements are the product's own (``store_votes`` on its real schema with its PRAGMAs), through
a disk that forgets what was not synced. MIDDLEGROUND_TORTURE_CUTS sets how often the power fails.
"""

from __future__ import annotations

import os
import random
from bisect import bisect_right
from pathlib import Path

import apsw
import pytest

from torture.tools.over_apsw import django_over_apsw
from torture.tools.power_cut import Disk, NotedVFS, Notes
from torture.tools.progress import figures, tell
from torture.tools.voting_batches import Crowd, Votes, found, site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("keys"),
]
CUTS = int(os.environ.get("MIDDLEGROUND_TORTURE_CUTS", "60"))
CUTS_A_RUN = 50
BATCHES = 40
# With one process and one connection the write-ahead log's index can be in memory.
ALONE = "PRAGMA locking_mode=EXCLUSIVE;"
# Each setting checkpoints the log at other moments, so that cuts also hit checkpoints.
MOVING = ("", "PRAGMA wal_autocheckpoint=5;", "PRAGMA wal_autocheckpoint=40;")


def vote_on_noted_disk(
    folder: Path, crowd: Crowd, extra: str
) -> tuple[dict[str, bytearray], Notes, list[Votes]]:
    """The disk before, the operations on it, and the votes acknowledged at each mark."""
    notes, file = Notes(), folder / "site.sqlite3"
    before = {file.name: bytearray(file.read_bytes())}
    vfs = NotedVFS("noted", notes)
    acknowledged = [dict(crowd.votes)]
    with django_over_apsw(str(file), "noted", ALONE + extra):
        for _ in range(BATCHES):
            acknowledged.append(crowd.cast(crowd.batch()))
            notes.mark()
    vfs.unregister()
    return before, notes, acknowledged


def lost_in_cuts(
    folder: Path, crowd: Crowd, extra: str, cuts: int, chance: random.Random
) -> tuple[int, int]:
    """The number of cuts that lost acknowledged votes, and of those that kept the unfinished batch.

    Fails on any other state: a partial batch or a damaged file.
    """
    before, notes, acknowledged = vote_on_noted_disk(folder, crowd, extra)
    marks = [place for place, step in enumerate(notes.steps) if step.kind == "mark"]
    disk, played, lost, more = Disk(before), 0, 0, 0
    after = folder / "after"
    after.mkdir()
    for place in sorted(chance.sample(range(1, len(notes.steps)), cuts)):
        for step in notes.steps[played:place]:
            disk.play(step)
        played = place
        for name, content in disk.after_a_cut(chance).items():
            (after / name).write_bytes(content)
        votes, done = found(after / "site.sqlite3"), bisect_right(marks, place - 1)
        assert votes in acknowledged[: done + 2], "half a batch"
        lost += votes not in acknowledged[done:]
        more += votes == acknowledged[min(done + 1, len(acknowledged) - 1)]
        for path in after.iterdir():
            path.unlink()
    return lost, more


def cut_often(tmp_path: Path, what: str, cuts: int, extra: str = "") -> int:
    chance, lost, kept = random.Random(20_261_125), 0, 0
    for number in range(0, cuts, CUTS_A_RUN):
        folder = tmp_path / str(number)
        folder.mkdir()
        crowd = site(folder, number)
        here = min(CUTS_A_RUN, cuts - number)
        moving = MOVING[number // CUTS_A_RUN % len(MOVING)]
        result = lost_in_cuts(folder, crowd, moving + extra, here, chance)
        lost, kept = lost + result[0], kept + result[1]
        tell(f"power cut {number + here} of {cuts}: votes lost in {lost}")
    figures(what, cuts=cuts, with_votes_lost=lost, written_with=apsw.sqlite_lib_version())
    return lost


def test_no_acknowledged_vote_is_lost(tmp_path: Path) -> None:
    assert cut_often(tmp_path, "power cuts", CUTS) == 0


def test_control_with_less_syncing_votes_are_lost(tmp_path: Path) -> None:
    assert (
        cut_often(
            tmp_path, "control, synchronous=NORMAL", min(CUTS, 300), "PRAGMA synchronous=NORMAL;"
        )
        > 0
    )
