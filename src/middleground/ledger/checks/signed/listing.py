"""Does the folder have every checkpoint that the host lists?"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.files import text_of
from middleground.ledger.checks.findings import CheckFinding, fails
from middleground.ledger.codecs.field_codecs import NUMBER, BadRecord
from middleground.ledger.files.publishing import checkpoint_path


def check_listing(folder: Path) -> list[CheckFinding]:
    """Compare the list with the files. It is optional, as it only helps to copy a log by HTTP."""
    if not (folder / "sizes").is_file():
        return []
    try:
        sizes = read_sizes(text_of(folder / "sizes"))
    except BadRecord as problem:
        return [fails("history", "The list of checkpoints cannot be read.", [f"sizes: {problem}."])]
    paths = [checkpoint_path(size) for size in sizes]
    missing = [f"{path}." for path in paths if not (folder / path).is_file()]
    if not missing:
        return []
    sentence = f"Checkpoints that the host lists and that are missing: {len(missing)}."
    return [fails("history", sentence, missing)]


def read_sizes(text: str) -> list[int]:
    """Parse a list of ascending sizes. Raises ``BadRecord``."""
    if text and not text.endswith("\n"):
        raise BadRecord("the last line is cut off")
    sizes = [int(NUMBER.read(line)) for line in text.split("\n")[:-1]]
    if sizes != sorted(set(sizes)):
        raise BadRecord("a size stands twice or out of order")
    return sizes
