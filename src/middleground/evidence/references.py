"""Formats a source's reference, with citeproc-py in the style that the package brings.

A reference takes some milliseconds and is kept in ``Source.reference``: made when staff store a
source, and by a job after an import.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import transaction

from middleground.evidence.exchange.csl import csl_item
from middleground.evidence.models import Source

AT_ONCE = 100  # are stored together: a fraction of a second's work
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
            items = CiteProcJSON([_item(source)])
            bibliography = CitationStylesBibliography(_style(), items, formatter.plain)
            bibliography.register(Citation([CitationItem("source")]))
            return str(bibliography.bibliography()[0])
        except Exception:  # noqa: BLE001 -- the page shows a short reference instead
            return ""


def _item(source: Source) -> dict[str, Any]:
    """The source for the formatter.

    Without an author the title stands in their place. CSL says that it then stands nowhere else;
    the formatter would repeat it.
    """
    item = csl_item(source, "source")
    if "author" not in item:
        item["author"] = [{"literal": item.pop("title")}]
    return item


def format_missing(progress: Callable[[int], None] = lambda _done: None) -> int:
    """Format every reference that is missing, and return how many were made.

    One that fails is tried no more until the source is stored again: it gets the short one.
    """
    done = 0
    while True:
        missing = list(Source.objects.filter(reference="").order_by("pk")[:AT_ONCE])
        for source in missing:
            source.reference = format_reference(source) or source.shown_reference
        with transaction.atomic():
            for source in missing:  # unless it was changed meanwhile
                same = Source.objects.filter(pk=source.pk, revision=source.revision, reference="")
                same.update(reference=source.reference)
        done += len(missing)
        progress(done)
        if len(missing) < AT_ONCE:
            return done
