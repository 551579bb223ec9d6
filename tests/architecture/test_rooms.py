"""Rooms are small, a class name has one meaning, and private names are used in their room only.

The lists of exceptions can only shrink: an exception that is not needed fails the test.
"""

from __future__ import annotations

from pathlib import Path

from architecture.rooms import (
    code_files,
    full_folders,
    private_names_of_other_rooms,
    repeated_classes,
)
from support.house import ROOT, files

FILES_IN_A_FOLDER = 12
FULL_FOLDERS: set[str] = set()
# Readers save this file and run it alone, so it shares no code with the rest (decision 17).
STANDS_ALONE = "src/middleground/witness.py"
REPEATED_CLASSES: set[str] = set()
TAKE_PRIVATE_NAMES = {
    "benchmarks/live_map.py",
    "tests/cli/test_backup.py",
    "tests/cli/test_one_writer.py",
    "tests/dialogues/pages/test_days.py",
    "tests/engine/distributed/test_parts.py",
    "tests/infrastructure/test_write_ahead_log.py",
    "tests/torture/test_vote_states.py",
}


def sources(below: str) -> dict[str, str]:
    names = [name for name in code_files(files()) if name.is_relative_to(below)]
    return {str(name): (ROOT / name).read_text("utf-8") for name in names}


def test_no_folder_holds_too_many_python_files() -> None:
    assert set(full_folders(code_files(files()), FILES_IN_A_FOLDER)) == FULL_FOLDERS


def test_a_folder_that_is_too_full_is_found() -> None:
    paths = [ROOT / f"src/a/{number}.py" for number in range(13)]
    paths += [ROOT / f"src/a/migrations/{number}.py" for number in range(13)]
    paths += [ROOT / "src/a/b/c.py", ROOT / "docs/a.py", ROOT / "src/a/page.html"]
    names = code_files(paths)
    assert len(names) == 14
    assert full_folders(names, 12) == {"src/a": 13}
    assert full_folders(names[1:], 12) == {}


def test_no_public_class_name_is_defined_twice() -> None:
    ours = sources("src")
    del ours[STANDS_ALONE]
    assert set(repeated_classes(ours)) == REPEATED_CLASSES


def test_a_class_name_that_is_defined_twice_is_found() -> None:
    public = "class Head:\n    class Meta: ...\n"
    private = "class _Own: ...\nclass Meta: ...\n"
    assert repeated_classes({"a.py": public, "b.py": public, "c.py": private, "d.py": private}) == {
        "Head": ["a.py", "b.py"],
        "Meta": ["c.py", "d.py"],
    }


def test_private_names_stay_in_their_room() -> None:
    takers = {
        name: taken
        for below in ("src", "tests", "benchmarks")
        for name, source in sources(below).items()
        if (taken := private_names_of_other_rooms(Path(name), source))
    }
    assert set(takers) == TAKE_PRIVATE_NAMES, takers


def test_a_private_name_of_another_room_is_found_however_it_is_taken() -> None:
    taken = ["middleground.dialogues.voting.store._store"]
    ways = (
        "from middleground.dialogues.voting.store import _store\n",
        "from middleground.dialogues.voting import store\nstore._store()\n",
        "import middleground.dialogues.voting.store as rows\nrows._store()\n",
        "import middleground.dialogues as d\nmiddleground.dialogues.voting.store._store()\n",
        "def f():\n    from middleground.dialogues.voting import store as s\n    s._store()\n",
    )
    for source in ways:
        for stranger in (
            "src/middleground/dialogues/maps/publish.py",
            "src/middleground/core/page/errors.py",
            "tests/dialogues/maps/test_a.py",
            "benchmarks/a.py",
        ):
            assert private_names_of_other_rooms(Path(stranger), source) == taken, source
        for own in ("src/middleground/dialogues/voting/writer.py", "tests/dialogues/voting/a.py"):
            assert private_names_of_other_rooms(Path(own), source) == [], source


def test_public_names_own_attributes_and_other_libraries_are_no_private_names() -> None:
    source = (
        "import os\n"
        "from middleground.dialogues.voting import store\n"
        "from middleground.dialogues import __version__\n"
        "store.save(self._x, os._exit, model._meta)\n"
    )
    assert private_names_of_other_rooms(Path("src/middleground/core/page/errors.py"), source) == []
