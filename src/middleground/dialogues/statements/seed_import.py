"""The host's own statements: read from lines or a table, and checked before they are added."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.polis.csv_file import column_name, delimiter_of
from middleground.texts import personal_data
from middleground.texts.file_kinds import FileKind, kind_of
from middleground.texts.normalise import code_points, deceptive_in, normalise
from middleground.texts.sameness import dedup_hash, has_words
from middleground.texts.similarity import Similar, SimilarityIndex
from middleground.texts.spreadsheet import BadSpreadsheet, is_spreadsheet, read_spreadsheet

MOST_LINES = 500
MOST_BYTES = 1_000_000
COLUMNS = ("text", "comment-body", "statement", "comment", "comment-text")
_SHEETS = (".xlsx", ".xls", ".ods")
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY
_KINDS = {
    FileKind.PICTURE: gettext_lazy("a picture"),
    FileKind.PDF: gettext_lazy("a PDF"),
    FileKind.ARCHIVE: gettext_lazy("a zip or another packed file"),
    FileKind.DOCUMENT: gettext_lazy("a text document or slides"),
}


class TableRefused(Refused):
    """The file cannot be read; each of the ``reasons`` says where and what to do."""

    refusals = {
        "too_large": RefusalText(gettext_lazy("The file is larger than 1 MB. Split it."), _WRONG),
        "not_utf8": RefusalText(
            gettext_lazy("Line %(line)d is not UTF-8 text. Save the file as “CSV UTF-8”."), _WRONG
        ),
        "other_kind": RefusalText(
            gettext_lazy(
                "This is %(kind)s, not a spreadsheet or text file. Save the table as XLSX, "
                "ODS or “CSV UTF-8”."
            ),
            _WRONG,
        ),
        "not_text": RefusalText(
            gettext_lazy(
                "This is not a text file or a spreadsheet. Save the table as XLSX, ODS or "
                "“CSV UTF-8”."
            ),
            _WRONG,
        ),
        "bad_sheet": RefusalText(
            gettext_lazy(
                "This spreadsheet cannot be read. It may be damaged or have a password. Save "
                "it without one, or as “CSV UTF-8”."
            ),
            _WRONG,
        ),
        "large_sheet": RefusalText(
            gettext_lazy(
                "This spreadsheet needs too much memory. Copy the statements into a new one, "
                "or save it as “CSV UTF-8”."
            ),
            _WRONG,
        ),
        "no_column": RefusalText(
            gettext_lazy(
                "The first line must name the columns, one of them “text” or “comment-body”."
            ),
            _WRONG,
        ),
        "other_name": RefusalText(
            gettext_lazy(
                "This is plain text with a spreadsheet’s name, and no column “text”. Save the "
                "table as XLSX, ODS or “CSV UTF-8”."
            ),
            _WRONG,
        ),
        "row_length": RefusalText(
            ngettext_lazy(
                "Line %(line)d has %(have)d column instead of %(need)d.",
                "Line %(line)d has %(have)d columns instead of %(need)d.",
                "have",
            ),
            _WRONG,
        ),
        "quotes": RefusalText(gettext_lazy("Line %(line)d: a quotation mark is wrong."), _WRONG),
    }


@dataclass(slots=True)
class Candidate:
    """A text of the list, with the ``problem`` that prevents adding it, and with advice."""

    text: str
    place: int
    problem: str = ""
    # Characters that nobody can see and that are not stored.
    taken_out: str = ""
    personal: list[str] = field(default_factory=list)
    similar: list[Similar[Statement]] = field(default_factory=list)
    # Similar earlier lines of the same list.
    twins: list[Similar[Candidate]] = field(default_factory=list)


def read_lines(text: str) -> list[str]:
    """One text from each line that is not empty, as it was typed."""
    return [line for line in text.splitlines() if normalise(line)]


def read_table(content: bytes, name: str = "") -> list[str]:
    """Texts from the text column of a spreadsheet or CSV file called ``name``, as they stand.

    Raises ``TableRefused``.

    The sniffing is that of Polis files. Their reader is not used, because it reports bad rows in
    fixed English sentences and reads on, whereas this refuses the file in the reader's language.
    """
    if len(content) > MOST_BYTES:
        raise TableRefused("too_large")
    kind = kind_of(content)
    if kind is not None:
        raise TableRefused("other_kind", kind=str(_KINDS[kind]))
    if is_spreadsheet(content):
        return _texts_of_sheets(content)
    text = _decoded(content)
    if "\0" in text:
        raise TableRefused("not_text")
    delimiter = delimiter_of(text, lambda names: not names.isdisjoint(COLUMNS))
    try:
        return _texts_of(text, delimiter or ",")
    except TableRefused as refused:
        is_misnamed = refused.code == "no_column" and name.lower().endswith(_SHEETS)
        raise TableRefused("other_name") if is_misnamed else refused from None


def _decoded(content: bytes) -> str:
    """UTF-8, or UTF-16 with its mark, which is what Excel saves as “Unicode text”."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise TableRefused("not_text") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in content:
            raise TableRefused("not_text") from None
        line = content[: error.start].count(b"\n") + 1
        raise TableRefused("not_utf8", line=line) from None


def _texts_of_sheets(content: bytes) -> list[str]:
    """The texts of the first sheet that has such a column."""
    try:
        sheets = read_spreadsheet(content)
    except BadSpreadsheet as bad:
        raise TableRefused("large_sheet" if bad.too_large else "bad_sheet") from None
    for rows in sheets:
        header, *others = [row for row in rows if any(row)]
        column = _text_column(header)
        if column is not None:
            return [one_line(row[column]) for row in others if normalise(row[column])]
    raise TableRefused("no_column")


def _text_column(header: list[str]) -> int | None:
    names = [column_name(cell) for cell in header]
    return next((names.index(name) for name in COLUMNS if name in names), None)


def _texts_of(text: str, delimiter: str) -> list[str]:
    """The texts of the column that the header names as one of ``COLUMNS``."""
    texts: list[str] = []
    reasons: list[TableRefused] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next((row for row in reader if row), [])
        column = _text_column(header)
        if column is None:
            raise TableRefused("no_column")
        for row in reader:
            if len(row) not in (0, len(header)):
                line, have = reader.line_num, len(row)
                reasons.append(TableRefused("row_length", line=line, have=have, need=len(header)))
            elif row and normalise(row[column]):
                texts.append(one_line(row[column]))
    except csv.Error:
        reasons.append(TableRefused("quotes", line=reader.line_num))
    if reasons:
        raise TableRefused.for_all(reasons[:20])
    return texts


def one_line(text: str) -> str:
    """A cell's text as the field of lines can give it back."""
    return " ".join(text.splitlines()).strip()


def look_at(dialogue: Dialogue, texts: Iterable[str]) -> list[Candidate]:
    """Each text with its problem, if it cannot be added, or else with advice."""
    existing = list(
        dialogue.statements.exclude(status=Statement.Status.REJECTED).only(
            "id", "number", "text", "dedup_hash", "status", "dialogue_id"
        )
    )
    numbers = {statement.dedup_hash: statement.number for statement in existing}
    seen: dict[str, int] = {}
    known, listed = SimilarityIndex(existing), SimilarityIndex[Candidate]()
    candidates = []
    for place, typed in enumerate(texts, start=1):
        text = normalise(typed)
        mark = dedup_hash(text)
        candidate = Candidate(text, place, problem=_problem(dialogue, text, mark, numbers, seen))
        if not candidate.problem:
            seen[mark] = place
            candidate.taken_out = code_points(deceptive_in(typed))
            candidate.personal = sorted(
                {label_of(found.kind) for found in personal_data.find(text)}
            )
            candidate.similar = known.similar_to(text, 2)
            candidate.twins = listed.similar_to(text, 2)
            listed.add(candidate)
        candidates.append(candidate)
    return candidates


def _problem(
    dialogue: Dialogue, text: str, mark: str, numbers: dict[str, int], seen: dict[str, int]
) -> str:
    if not has_words(text):
        return _("There are no words in it.")
    if len(text) > dialogue.statement_limit:
        return ngettext(
            "%(length)d character; the limit is %(limit)d. Shorten it.",
            "%(length)d characters; the limit is %(limit)d. Shorten it.",
            len(text),
        ) % {
            "length": len(text),
            "limit": dialogue.statement_limit,
        }
    if mark in numbers:
        return _("Already there, as number %(number)d.") % {"number": numbers[mark]}
    if mark in seen:
        return _("Same as line %(line)d of this list.") % {"line": seen[mark]}
    return ""
