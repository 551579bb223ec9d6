"""What the QR code on each page says: which form, which page, and which sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Only characters of a QR code's alphanumeric mode, so that the code stays coarse.
_CODE = re.compile(
    r"MG1:(?P<edition>[1-9][0-9]{0,8})-(?P<form>[1-9][0-9]{0,3}):(?P<page>[1-9][0-9]?)"
    r":(?P<language>[A-Z]{2,3}(?:-[A-Z]{2,4})?):(?P<digest>[A-Z2-7]{10}):(?P<sheet>[0-9A-Z]{16})"
)


@dataclass(frozen=True, slots=True)
class SheetCode:
    """The QR code of a page.

    ``edition`` is a print order's primary key in the database, ``form`` one of its selections of
    statements. ``digest``: the first 10 characters of the form's digest in Base32, so that a sheet
    of another edition or installation is refused instead of misread. ``sheet`` is the number on
    the stub, 16 characters of Crockford's Base32.
    """

    edition: int
    form: int
    page: int
    language: str
    digest: str
    sheet: str

    def __str__(self) -> str:
        form = f"{self.edition}-{self.form}"
        language = self.language.upper()
        return f"MG1:{form}:{self.page}:{language}:{self.digest}:{self.sheet}"

    @classmethod
    def parse(cls, text: str) -> SheetCode | None:
        """None if the text is not the QR code of a form."""
        found = _CODE.fullmatch(text)
        if found is None:
            return None
        return cls(
            int(found["edition"]),
            int(found["form"]),
            int(found["page"]),
            found["language"].lower(),
            found["digest"],
            found["sheet"],
        )
