"""Do the published texts match their logged seals?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from middleground.ledger.checks.files import files_in, label_of, text_of
from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.texts import read_texts
from middleground.ledger.records.entries import SealedText

_Place = tuple[str, str, int]


def check_texts(folder: Path, log: Log) -> list[CheckFinding]:
    """Return one finding per collection. A number in a collection may never name a second text."""
    seals: dict[_Place, bytes] = {}
    wrong: list[str] = []
    for index, record in log.of(SealedText):
        place = (record.dialogue, record.collection, record.number)
        if seals.setdefault(place, record.seal) != record.seal:
            wrong.append(
                f"Entry {index}: text {record.number} of {record.collection} was logged with other "
                "words."
            )
    shown: Counter[str] = Counter()
    for name, path in files_in(folder, "texts/*/*"):
        try:
            dialogue, collection = label_of(path.parent.name), label_of(path.name)
            openings = read_texts(text_of(path), dialogue, collection)
        except BadRecord as problem:
            wrong.append(f"{name}: {problem}.")
            continue
        for opening in openings:
            if seals.get((dialogue, collection, opening.number)) == opening.seal():
                shown[collection] += 1
            else:
                wrong.append(f"{name}: text {opening.number} is not what was logged.")
    if wrong:
        return [fails("text", "Published texts are not those that were logged.", wrong)]
    logged = Counter(collection for _, collection, _ in seals)
    return [
        holds("text", f"The words of {shown[name]} of {count} {name} are published, and as logged.")
        for name, count in sorted(logged.items())
    ]
