"""What the three formats have in common: entries, their problems, the file's encoding."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.evidence.models import Source


class FileFormat(Enum):
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"


class FileRefused(Refused):
    """Nothing was imported: the file as a whole cannot be read, or ``--strict`` was asked for."""

    refusals = {
        "too_large": RefusalText(
            _("The file is larger than 2.5 MB. Split it, or import it on the command line."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "not_text": RefusalText(
            _("This is not a text file. Save it as UTF-8."), HTTPStatus.UNPROCESSABLE_ENTITY
        ),
        "unknown_format": RefusalText(
            _("This is not a BibTeX, RIS or CSL-JSON file."), HTTPStatus.UNPROCESSABLE_ENTITY
        ),
        "bad_json": RefusalText(
            _("Line %(line)d is not JSON: %(problem)s."), HTTPStatus.UNPROCESSABLE_ENTITY
        ),
        "no_list": RefusalText(
            _("CSL-JSON is a list of entries. This is not a list."), HTTPStatus.UNPROCESSABLE_ENTITY
        ),
        "strict": RefusalText(
            _("%(count)d entries are bad, so nothing was imported."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    }


@dataclass(slots=True)
class FileEntry:
    """One entry: where it stands, the fields of a source, and why it cannot be read, if so."""

    place: str  # "line 12" or "entry 3"
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, or else in Windows-1252. Raises ``FileRefused``."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise FileRefused("not_text")


def kind_of(named: str, otherwise: Source.Kind) -> str:
    """The kind that our own export named, or that of the format's type."""
    return named if named in Source.Kind.values else otherwise.value


def evidence_of(named: str) -> str:
    return named if named in Source.Evidence.values else Source.Evidence.OTHER.value


def date_of(year: object, month: object = "", day: object = "") -> str:
    """A partial date, as a source has it; what is no number ends it."""
    parts = []
    for part, width in ((year, 4), (month, 2), (day, 2)):
        text = str(part or "").strip()
        if not text.isascii() or not text.isdigit():
            break
        parts.append(text.zfill(width))
    return "-".join(parts)
