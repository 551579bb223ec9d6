"""The site's style sheet: the parts of all apps, joined to one static file.

A finder offers the joined sheet to ``collectstatic``, which hashes its name and compresses it like
every static file (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage

from middleground.core.page.frame import style_folders

NAME = "middleground/style.css"


def style_sheet() -> bytes:
    """Join all parts in order."""
    files = [file for folder in style_folders() for file in sorted(folder.glob("*.css"))]
    return b"\n".join(file.read_bytes() for file in files)


class StyleSheetFinder(BaseFinder):
    """Finds the joined sheet, which is in no folder."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        storage = InMemoryStorage(location="/", base_url=settings.STATIC_URL)
        storage.save(NAME, ContentFile(style_sheet()))
        yield NAME, storage

    def find(self, path: str, *_: Any, **__: Any) -> Any:
        """Write the sheet to a file for the development server; others serve collected files."""
        if path != NAME:
            return []
        file = Path(settings.STATIC_ROOT) / NAME
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(style_sheet())
        return str(file)
