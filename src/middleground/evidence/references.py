"""Formats a source's reference, with citeproc-py in the style that the package brings.

A reference takes some milliseconds and is kept in ``Source.reference``: made when staff store a
source, and by a job after an import.
"""

from __future__ import annotations

import threading
import warnings
from functools import cache
from typing import Any

from middleground.evidence.csl import csl_item
from middleground.evidence.models import Source

STYLE = "harvard-cite-them-right"
_lock = threading.Lock()  # the style holds state while it formats


@cache
def _style() -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(STYLE, validate=False)


def format_reference(source: Source) -> str:
    """The reference as plain text; empty if the formatter fails on it."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fields that the formatter does not know
        try:
            items = CiteProcJSON([csl_item(source, "source")])
            bibliography = CitationStylesBibliography(_style(), items, formatter.plain)
            bibliography.register(Citation([CitationItem("source")]))
            return str(bibliography.bibliography()[0])
        except Exception:  # noqa: BLE001 -- the page shows a short reference instead
            return ""
