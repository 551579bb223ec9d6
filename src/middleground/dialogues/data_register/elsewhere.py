"""What is stored in the browser and in files, and what is never stored of a participant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import Fact, NeverStored, StoredCookie, StoredFile, Subject
from middleground.dialogues.desk.entries.at_hand import COOKIE as PERSON_COOKIE
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.lifecycle.preview_links import PREVIEW_COOKIE

ELSEWHERE: tuple[Fact, ...] = (
    StoredCookie(
        COOKIE,
        Subject.YOURS,
        _(
            "A random number, from the first statement you are shown, the page for a code, or "
            "what you write. It leads you back to your votes."
        ),
        _(
            "Four hundred days, or until the browser closes, as you choose. “Forget me here” "
            "ends it."
        ),
    ),
    StoredCookie(
        PREVIEW_COOKIE,
        Subject.STAFF,
        _("For guests of a preview link only: that its password was typed."),
        _("Twelve hours."),
    ),
    StoredCookie(
        PERSON_COOKIE,
        Subject.STAFF,
        _(
            "Helpers only, while they enter answers for somebody: that person’s number, language "
            "and the rows left blank."
        ),
        _("Until they finish with the person, or two hours."),
    ),
    StoredFile(
        "sealed/*.votes",
        False,
        _("The votes behind a final map, in confidence, for an auditor"),
        _(
            "Each person’s votes, without name, number or time. Somebody who knows several of "
            "yours could find the rest."
        ),
    ),
    StoredFile(
        "sealed/boxes/*",
        False,
        _("Each open dialogue’s newest sealed box, for receipts"),
        _(
            "Hashes of votes in random places. With the database: how many votes. Not whose, "
            "and not when."
        ),
    ),
    StoredFile("demo/*", False, _("The example, with simulated participants"), _("Nobody real.")),
    StoredFile(
        "dialogue-*.key",
        True,
        _("The key of one dialogue"),
        _("Alone, nothing. With the database and your cookie or twelve words: your votes."),
    ),
    StoredFile(
        "dialogue-*.destroyed",
        True,
        _("A mark that a key was destroyed"),
        _("That the key is gone."),
    ),
    NeverStored(
        "name",
        _("your name or phone number; your e-mail address only if you follow a case by e-mail"),
    ),
    NeverStored("address", _("your internet address: this software neither stores nor logs it")),
    NeverStored("device", _("your device, browser or language, not even in logs")),
    NeverStored(
        "time",
        _("when you voted, or in which order"),
    ),
    NeverStored("referrer", _("which page or site you came from")),
    NeverStored("token", _("your cookie or your twelve words")),
    NeverStored(
        "across",
        _("which dialogues you took part in: your number is different in each"),
    ),
)
