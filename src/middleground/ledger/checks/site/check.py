"""Compares what a copy from an address has of the site with the log's final maps.

What the copy does not have, or what cannot be read, is not judged but named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from middleground.ledger.checks.files import files_in, text_of
from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.checks.site.files import compare_file
from middleground.ledger.checks.site.parquet import can_read_parquet
from middleground.ledger.checks.site.paths import PARQUET, RESULTS_PAGE, SITE_FILES, site_path
from middleground.ledger.checks.site.results_page import compare_page
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.files.texts import read_texts, texts_path
from middleground.ledger.records.entries import ClosedDialogue

STATEMENTS = "statements"  # the collection of their texts
MOST_NAMED = 3
MISSING = "it is not here"
NOTHING = "the pages of the site and its Parquet files"
OTHER_PAGES = (
    "the pages of the site, but for the statements, their shares, middle ground and divisive "
    "ones, the sizes of groups and the numbers of statements and of admitted people on the results"
)


NotCompared = defaultdict[tuple[str, str], list[str]]  # dialogues by thing and reason


@dataclass(slots=True)
class SiteCheck:
    """Findings, and what was not compared of files that both verifiers read, and of all else."""

    wrong_files: list[str] = field(default_factory=list)
    right_files: int = 0
    wrong_pages: list[str] = field(default_factory=list)
    right_pages: int = 0
    of_files: NotCompared = field(default_factory=lambda: defaultdict(list))
    not_compared: NotCompared = field(default_factory=lambda: defaultdict(list))

    def findings(self) -> Iterator[CheckFinding]:
        if self.wrong_files:
            words = "Files of the site show other figures than the log."
            yield fails("site", words, self.wrong_files)
        elif self.right_files:
            words = f"Files of the site that show what the final maps say: {self.right_files}."
            yield holds("site", words)
        if self.wrong_pages:
            words = "Pages of results show something else than the log."
            yield fails("site", words, self.wrong_pages)
        elif self.right_pages:
            words = (
                f"Pages of results whose tables show what the final maps say: {self.right_pages}."
            )
            yield holds("site", words)


def check_site(folder: Path, log: Log) -> tuple[list[CheckFinding], list[str]]:
    """Return the findings, and the names of what was not compared."""
    check = SiteCheck()
    for _, record in log.of(ClosedDialogue):
        document = folder / "documents" / record.map.hex()
        if not document.is_file():
            continue
        map_bytes = document.read_bytes()
        words = _words(folder, record.dialogue)
        compared = _Compared(folder, record.dialogue, map_bytes, words)
        for name in SITE_FILES:
            _check_file(check, compared, name, check.of_files)
        _check_parquet(check, compared)
        _check_page(check, compared)
    return list(check.findings()), list(_unchecked(check, folder))


@dataclass(frozen=True, slots=True)
class _Compared:
    """A dialogue's final map and its statements' words, with which its files are compared."""

    folder: Path
    dialogue: str
    document: bytes
    words: dict[int, str]

    def path(self, name: str) -> Path:
        return self.folder / site_path(self.dialogue, name)


def _check_file(
    check: SiteCheck, compared: _Compared, name: str, not_compared: NotCompared
) -> None:
    dialogue, path = compared.dialogue, compared.path(name)
    if not path.is_file():
        not_compared[name, MISSING].append(dialogue)
        return
    found = compare_file(name, compared.document, path.read_bytes(), compared.words)
    check.wrong_files += [f"{dialogue}, {name}: {problem}." for problem in found.wrong]
    check.right_files += not found.wrong
    for each in found.unchecked:
        not_compared[f"in {name}", each].append(dialogue)


def _check_parquet(check: SiteCheck, compared: _Compared) -> None:
    if compared.path(PARQUET).is_file() and not can_read_parquet():
        check.not_compared[PARQUET, "pyarrow is not installed"].append(compared.dialogue)
    else:
        _check_file(check, compared, PARQUET, check.not_compared)


def _check_page(check: SiteCheck, compared: _Compared) -> None:
    thing, dialogue = "the page of the results", compared.dialogue
    path = compared.path(RESULTS_PAGE)
    if not path.is_file():
        check.not_compared[thing, MISSING].append(dialogue)
        return
    try:
        found = compare_page(path.read_bytes(), read_json(compared.document), compared.words)
    except BadRecord as problem:
        check.not_compared[thing, str(problem)].append(dialogue)
        return
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        check.not_compared[thing, "the final map has another form"].append(dialogue)
        return
    check.wrong_pages += [f"{dialogue}, page of the results: {problem}." for problem in found.wrong]
    check.right_pages += not found.wrong
    for each in found.unchecked:
        check.not_compared[f"on {thing}", each].append(dialogue)


def _words(folder: Path, dialogue: str) -> dict[int, str]:
    """The words of statements that the log's files open; ``checks/texts.py`` checks their seals."""
    path = folder / texts_path(dialogue, STATEMENTS)
    try:
        openings = read_texts(text_of(path), dialogue, STATEMENTS) if path.is_file() else ()
    except BadRecord:
        return {}
    return {opening.number: opening.text for opening in openings}


def _unchecked(check: SiteCheck, folder: Path) -> Iterator[str]:
    here = {path.name for _, path in files_in(folder, "site/*/*")}
    if here & {*SITE_FILES}:
        yield from _named(check.of_files)
    else:
        yield "files that the site offers for download"
    if not here & {PARQUET, RESULTS_PAGE}:
        yield NOTHING
        return
    yield OTHER_PAGES if check.right_pages or check.wrong_pages else "the pages of the site"
    yield from _named(check.not_compared)


def _named(not_compared: NotCompared) -> Iterator[str]:
    for (thing, reason), dialogues in not_compared.items():
        more = len(dialogues) - MOST_NAMED
        named = ", ".join(dialogues[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield f"{thing} of {named} ({reason})"
