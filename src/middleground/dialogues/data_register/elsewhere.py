"""What is stored in the browser and in files, and what is never stored of a participant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import Fact, NeverStored, StoredCookie, StoredFile, Subject
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.lifecycle.preview_links import PREVIEW_COOKIE

ELSEWHERE: tuple[Fact, ...] = (
    StoredCookie(
        COOKIE,
        Subject.YOURS,
        _(
            "A random number from the page where you vote or enter a code, or "
            "from your first statement. It leads you back to your votes."
        ),
        _("Four hundred days, or until the browser closes; until “Forget me here” at most."),
    ),
    StoredCookie(
        PREVIEW_COOKIE,
        Subject.STAFF,
        _(
            "That the password of a preview link was typed, sent to that link’s pages only. Nobody"
            " who takes part gets it."
        ),
        _("Twelve hours."),
    ),
    StoredFile(
        "sealed/*.votes",
        False,
        _("The votes behind a final map, for an auditor, in confidence"),
        _(
            "Each person’s votes in one line, without name, number or time. "
            "Someone who knows several of your votes for sure could look for the "
            "line that fits."
        ),
    ),
    StoredFile(
        "sealed/boxes/*",
        False,
        _("The newest sealed box of each open dialogue. Receipts are made from it"),
        _(
            "Randomly drawn places, and hashes of votes. With the database: how "
            "many votes there are. Not whose, and not when."
        ),
    ),
    StoredFile("demo/*", False, _("The example, with simulated participants"), _("Nobody real.")),
    StoredFile(
        "dialogue-*.key",
        True,
        _("The key of one dialogue"),
        _("With the database and your cookie or twelve words: your votes. Alone, nothing."),
    ),
    StoredFile(
        "dialogue-*.destroyed",
        True,
        _("A mark that a key was destroyed"),
        _("That the key is gone, so that it is never made again."),
    ),
    NeverStored(
        "name",
        _("your name, e-mail address or phone number: nobody who takes part is asked for them"),
    ),
    NeverStored("address", _("your internet address: not stored, not logged")),
    NeverStored("device", _("your device, browser or language: not stored, not logged")),
    NeverStored(
        "time",
        _("when you voted, or in which order: only each day’s total for everyone together"),
    ),
    NeverStored("referrer", _("which page or site you came from")),
    NeverStored("token", _("your cookie or your twelve words: they are only in your browser")),
    NeverStored(
        "across",
        _(
            "which dialogues you took part in, unless your browser sends its "
            "number: yours is different in every dialogue"
        ),
    ),
)
