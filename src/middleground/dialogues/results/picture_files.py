"""Pictures as files: on a sheet with question, day and source, and kept once they are drawn."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from middleground.core import dates
from middleground.core.languages.offered import FIRST, LANGUAGES
from middleground.core.languages.reader import without_language
from middleground.core.look.current import current_look
from middleground.dialogues.models import Dialogue
from middleground.dialogues.results.cache import Cache
from middleground.dialogues.results.open_data import LICENCE
from middleground.pictures.files import NotDrawn, Surroundings, missing_letters, png, sheet

PNG_WIDTH = 1600
KEPT_PNGS = 200  # about a tenth of a megabyte each
DRAWN_OR_WAITING = 2  # so many threads at most are busy with them, of whichever picture
FAILED_SECONDS = 60  # so long is a picture that could not be drawn not tried again


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture without anything of a reader's own, and what its sheet tells.

    ``page``: the address of the page on which it stands. ``credit``: where the figures are from, if
    not from the dialogue itself.
    """

    svg: str
    title: str
    dialogue: Dialogue | None
    page: str
    as_of: date
    caption: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()  # what the numbers in the picture stand for
    credit: str = ""


class Busy(Exception):
    """Others wait for pictures already; ask again in a moment."""


def sheet_of(file: PictureFile) -> str:
    """The SVG document."""
    dialogue = file.dialogue
    host = dialogue.host_name if dialogue else current_look().host_name
    where = f"{urlsplit(settings.ORIGIN).netloc}{without_language(file.page)}"
    day = _("as of %(day)s") % {"day": dates.day(file.as_of)}
    own = _("Data: %(licence)s.") % {"licence": LICENCE} if dialogue else ""
    simulated = dialogue is not None and dialogue.simulated
    return sheet(
        file.svg,
        Surroundings(
            title=file.title,
            question=dialogue.question if dialogue else "",
            mark=_("Example: all participants and votes are simulated.") if simulated else "",
            caption=file.caption,
            note=file.note,
            lines=file.lines,
            sources=(
                " · ".join(filter(None, (host, day))),
                where,
                " ".join(filter(None, (file.credit or own, _("Made with middleground.")))),
            ),
        ),
    )


def png_of(svg: str, width: int = PNG_WIDTH) -> bytes:
    """The picture as PNG, drawn once however many ask. Raises ``Busy`` or ``NotDrawn``.

    A picture is drawn in a process of its own, one at a time. Whoever asks while one is drawn and
    another asker waits is told so at once, also for the picture that is being drawn.
    """
    key = tag_of(svg), width
    kept = kept_png(*key)
    if kept is not None:
        return kept
    if not PLACES.acquire(blocking=False):
        raise Busy
    try:
        with _turn:
            return kept_png(*key) or _draw(svg, key)
    finally:
        PLACES.release()


def language_of_pngs() -> str:
    """The one that is spoken, or the first if the server has no font for its letters.

    A picture without its labels says less than one in English. SVG needs no font of the server.
    """
    spoken = get_language() or FIRST
    return spoken if spoken == FIRST or has_a_font(spoken) else FIRST


@lru_cache(maxsize=len(LANGUAGES))
def has_a_font(language: str) -> bool:
    """Fonts are looked at once, since they change only while the server is being set up."""
    with override(language):
        return not missing_letters(_left_out())


def _left_out() -> str:
    return _("Some words are missing: the server has no font for them.")


def kept_png(tag: str, width: int) -> bytes | None:
    """The picture if it was drawn before; never waits."""
    return _drawn.kept((tag, width))


def tag_of(svg: str) -> str:
    """What the picture is known by: it changes with anything that it shows."""
    return blake2b(svg.encode(), digest_size=12).hexdigest()


_Key = tuple[str, int]  # the tag and the width
_drawn: Cache[_Key, bytes] = Cache(KEPT_PNGS)
_failed: Cache[_Key, float] = Cache(KEPT_PNGS)  # when it is tried again
PLACES = threading.BoundedSemaphore(DRAWN_OR_WAITING)
_turn = threading.Lock()


def _draw(svg: str, key: _Key) -> bytes:
    if monotonic() < (_failed.kept(key) or 0):
        raise NotDrawn("It could not be drawn a moment ago.")
    try:
        drawn = png(svg, key[1], _left_out())
    except NotDrawn:
        _failed.put(key, monotonic() + FAILED_SECONDS)
        raise
    _drawn.put(key, drawn)
    return drawn


__all__ = [
    "Busy",
    "NotDrawn",
    "PictureFile",
    "kept_png",
    "language_of_pngs",
    "png_of",
    "sheet_of",
    "tag_of",
]
