"""Attaching figures to a claim from a CSV file, and removing them."""

from __future__ import annotations

import csv
import io
import math
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.languages.typed import plain
from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.evidence.exchange.entries import FileRefused, decode
from middleground.evidence.models import Claim, ClaimData, Source
from middleground.people.models import User
from middleground.polis.csv_file import column_name, delimiter_of
from middleground.texts.normalise import normalise

MOST_BYTES = 200_000
MOST_ROWS = 400
LONGEST_PERIOD = 30
_MOST_TOLD = 20
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class DataRefused(Refused):
    """The table cannot be drawn; each of the ``reasons`` says where and why."""

    refusals = {
        "too_large": RefusalText(_("The file is larger than 200 kB."), _WRONG),
        "not_text": RefusalText(
            _("This is not a text file. Save the table as “CSV UTF-8”."), _WRONG
        ),
        "no_columns": RefusalText(
            _("The first line must name the columns “period” and “value”."), _WRONG
        ),
        "half_range": RefusalText(_("A range needs both columns, “low” and “high”."), _WRONG),
        "no_rows": RefusalText(_("There are no figures below the first line."), _WRONG),
        "too_many": RefusalText(_("There are more than 400 lines. Add some of them up."), _WRONG),
        "quotes": RefusalText(_("Line %(line)d: a quotation mark is wrong."), _WRONG),
        "row_length": RefusalText(
            ngettext_lazy(
                "Line %(line)d has %(have)d column instead of %(need)d.",
                "Line %(line)d has %(have)d columns instead of %(need)d.",
                "have",
            ),
            _WRONG,
        ),
        "no_period": RefusalText(
            _("Line %(line)d: the period is missing or longer than 30 letters."), _WRONG
        ),
        "no_number": RefusalText(_("Line %(line)d: “%(cell)s” is not a number."), _WRONG),
        "bad_range": RefusalText(
            _("Line %(line)d: the value is not between “low” and “high”."), _WRONG
        ),
        "twice": RefusalText(_("Line %(line)d: the period “%(cell)s” appears twice."), _WRONG),
    }


def read_rows(content: bytes) -> list[list[Any]]:
    """Rows of period, value, low, high. Raises ``DataRefused`` with a reason for each bad line."""
    if len(content) > MOST_BYTES:
        raise DataRefused("too_large")
    try:
        text = decode(content)
    except FileRefused:
        raise DataRefused("not_text") from None
    delimiter = delimiter_of(text, lambda names: "period" in names) or ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, reasons = list[list[Any]](), list[DataRefused]()
    try:
        header = [column_name(cell) for cell in next((row for row in reader if row), [])]
        _check_header(header)
        periods: set[str] = set()
        for cells in reader:
            if any(cell.strip() for cell in cells):
                try:
                    rows.append(_row(cells, header, reader.line_num, periods))
                except DataRefused as refused:
                    reasons.append(refused)
    except csv.Error:
        reasons.append(DataRefused("quotes", line=reader.line_num))
    if reasons:
        raise DataRefused.for_all(reasons[:_MOST_TOLD])
    if not rows:
        raise DataRefused("no_rows")
    if len(rows) > MOST_ROWS:
        raise DataRefused("too_many")
    return rows


def _check_header(header: list[str]) -> None:
    if not {"period", "value"} <= set(header):
        raise DataRefused("no_columns")
    if ("low" in header) != ("high" in header):
        raise DataRefused("half_range")


def _row(cells: list[str], header: list[str], line: int, periods: set[str]) -> list[Any]:
    if len(cells) != len(header):
        raise DataRefused("row_length", line=line, have=len(cells), need=len(header))
    named = dict(zip(header, cells, strict=True))
    period = normalise(named["period"])
    if not 0 < len(period) <= LONGEST_PERIOD:
        raise DataRefused("no_period", line=line)
    if period in periods:
        raise DataRefused("twice", line=line, cell=period)
    periods.add(period)
    value = _number(named["value"], line)
    low = _number(named["low"], line) if named.get("low", "").strip() else None
    high = _number(named["high"], line) if named.get("high", "").strip() else None
    if (low is None) != (high is None) or (
        low is not None and high is not None and not low <= value <= high
    ):
        raise DataRefused("bad_range", line=line)
    return [period, value, low, high]


def _number(cell: str, line: int) -> float:
    """A number with a point, or with a comma for it, as spreadsheets of many countries write."""
    text = plain(cell)
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise DataRefused("no_number", line=line, cell=cell.strip()[:40])
    return number


@transaction.atomic
def attach_data(
    staff: User,
    claim: Claim,
    source: Source,
    rows: list[list[Any]],
    *,
    what: str,
    place: str,
    unit: str,
) -> None:
    """Attach figures of a source to the claim; they replace earlier ones."""
    values = {"source": source, "what": what, "place": place, "unit": unit, "rows": rows}
    ClaimData.objects.update_or_create(claim=claim, defaults=values)
    log_staff_action(
        staff, claim.dialogue, Verb.ATTACH_DATA, number=claim.number, source=source.number
    )


@transaction.atomic
def remove_data(staff: User, claim: Claim) -> None:
    if ClaimData.objects.filter(claim=claim).delete()[0]:
        log_staff_action(staff, claim.dialogue, Verb.REMOVE_DATA, number=claim.number)
