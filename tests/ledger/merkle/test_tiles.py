"""Tiles, bundles and the folder of static files, with the examples of C2SP tlog-tiles."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.in_memory import HashesInMemory
from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.consistency import consistency_proof, is_consistent
from middleground.ledger.merkle.entry_bundle import BadBundle, read_bundle, write_bundle
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.inclusion import inclusion_proof, is_included
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.merkle.tiles import Tile, tile_at, tiles_of

LEVELS = st.one_of(st.integers(0, 63), st.just("entries"))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 1234067), "tile/1/x001/x234/067"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile("entries", 1000, 1), "tile/entries/x001/000.p/1"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile_at(path) == tile


@given(LEVELS, st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_is_read_as_its_tile(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert tile_at(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000", "tile/64/000", "tile/0/0", "tile/0/1000", "tile/0/x000/001",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/001/x234", "tile/0",
        "tile/data/000", "tile/0/000/", "tile/0/../000",
    ],
)  # fmt: skip
def test_invalid_paths_are_refused(path: str) -> None:
    assert tile_at(path) is None


def test_the_specification_s_example_of_70000_leaves() -> None:
    tiles = tiles_of(70_000)
    assert Counter((tile.level, tile.width) for tile in tiles) == {
        ("entries", 256): 273,
        ("entries", 112): 1,
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
    }
    assert [tile.path for tile in tiles_of(256)] == [
        "tile/entries/000",
        "tile/0/000",
        "tile/1/000.p/1",
    ]
    assert tiles_of(0) == []


@given(st.lists(st.binary(max_size=300)))
def test_a_bundle_reads_back(entries: list[bytes]) -> None:
    assert read_bundle(write_bundle(entries)) == entries


def test_a_bundle_by_hand() -> None:
    assert write_bundle([b"", b"ab"]) == b"\x00\x00\x00\x02ab"


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1), st.data())
def test_a_truncated_bundle_is_refused(entries: list[bytes], data: st.DataObject) -> None:
    whole = write_bundle(entries)
    cut = data.draw(st.integers(1, 2 + len(entries[-1]) - 1))
    with pytest.raises(BadBundle):
        read_bundle(whole[:-cut])


def test_an_entry_that_is_too_long_is_refused() -> None:
    assert len(write_bundle([b"x" * 65_535])) == 65_537
    with pytest.raises(BadBundle):
        write_bundle([b"x" * 65_536])


def written(folder: Path, steps: list[int]) -> tuple[TileFolder, list[bytes]]:
    """A log that grew in these steps, and its entries."""
    log, entries = TileFolder(folder, 0), []
    for step in steps:
        new = [f"entry {len(entries) + i}".encode() for i in range(step)]
        log.append(new)
        entries += new
    return log, entries


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_a_growing_log_equals_one_written_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    log, entries = written(folder, steps)
    hashes = [leaf_hash(entry) for entry in entries]
    assert log.compact_range().root() == root_of(hashes)
    once, _ = written(tmp_path_factory.mktemp("once"), [len(entries)])
    for tile in tiles_of(len(entries)):
        assert (folder / tile.path).read_bytes() == (once.folder / tile.path).read_bytes()
    read = [e for index in range(-(-log.size // 256)) for e in log.entries(index)]
    assert read == entries


def test_a_log_with_three_levels_of_tiles(tmp_path: Path) -> None:
    log, entries = written(tmp_path, [65_000, 536, 400])
    hashes = [leaf_hash(entry) for entry in entries]
    assert log.compact_range().root() == root_of(hashes)
    assert {tile.level for tile in tiles_of(log.size)} == {"entries", 0, 1, 2}
    nodes, root = HashesInMemory(hashes), root_of(hashes)
    for index in (0, 255, 256, 65_535, 65_536, log.size - 1):
        proof = inclusion_proof(log, index, log.size)
        assert proof == inclusion_proof(nodes, index, log.size)
        assert is_included(hashes[index], index, log.size, root, proof)
    for old in (1, 256, 65_000, 65_536, 65_900):
        proof = consistency_proof(log, old, log.size)
        assert is_consistent(old, root_of(hashes[:old]), log.size, root, proof)


def test_the_same_entries_again_change_nothing(tmp_path: Path) -> None:
    _, entries = written(tmp_path, [250, 20])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    TileFolder(tmp_path, 250).append(entries[250:])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_partial_tiles_may_go_when_the_full_one_exists(tmp_path: Path) -> None:
    log, entries = written(tmp_path, [100, 200])
    assert log.size == 300
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.p/*")}
    covered = {"tile/0/000.p/100", "tile/entries/000.p/100"}
    assert names == {*covered, "tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"}
    for name in covered:
        (tmp_path / name).unlink()
    # The first hashes of the full tile serve a reader of the older checkpoint.
    older = TileFolder(tmp_path, 100)
    assert older.compact_range().root() == root_of(leaf_hash(entry) for entry in entries[:100])
    assert older.entries(0) == entries[:100]


def test_a_missing_or_short_tile_is_named(tmp_path: Path) -> None:
    log, _ = written(tmp_path, [10])
    with pytest.raises(MissingTile, match=r"tile/0/001\.p/0"):
        log.hashes(0, 1)
    (tmp_path / "tile/0/000.p/10").write_bytes(b"x" * 319)
    with pytest.raises(MissingTile, match=r"tile/0/000\.p/10"):
        log.compact_range()


def test_files_are_world_readable_and_no_partial_file_remains(tmp_path: Path) -> None:
    written(tmp_path, [3])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o644"}
    assert [path.name for path in files if path.name.startswith(".")] == []
