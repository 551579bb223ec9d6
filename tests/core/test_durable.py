"""Files appear complete and synced, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from middleground.core import durable
from middleground.core.durable import write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_synced_before_its_renaming_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, bool]] = []
    place = tmp_path / "new" / "entry"
    fsync = os.fsync

    def watch(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        steps.append((kind, place.exists()))
        fsync(handle)

    monkeypatch.setattr(durable.os, "fsync", watch)
    write_whole(place, b"text")
    assert steps == [("file", False), ("folder", True)]
    assert (place.read_bytes(), stat.S_IMODE(place.stat().st_mode)) == (b"text", 0o644)
    assert names(place.parent) == ["entry"]


def test_a_failed_write_keeps_the_old_file_and_leaves_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "entry"
    write_whole(place, b"old")

    def fail(_handle: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(durable.os, "fsync", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_whole(place, b"new")
    assert (place.read_bytes(), names(tmp_path)) == (b"old", ["entry"])
