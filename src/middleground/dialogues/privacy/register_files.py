"""What an installation holds beside its database, and what it holds nowhere (see ``register``)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class HeldFile:
    """Files in the folder of the data or of the keys, by a pattern; the first that fits counts."""

    pattern: str
    in_keys: bool
    what: Text
    shows: Text


@dataclass(frozen=True, slots=True)
class Never:
    """What is not held anywhere. ``code`` is what the test that looks for it plants."""

    code: str
    what: Text


FILES = (
    HeldFile(
        "middleground.sqlite3",
        False,
        _("The database"),
        _("What stands above, and nothing that was deleted: SQLite overwrites it."),
    ),
    HeldFile(
        "middleground.sqlite3-wal",
        False,
        _("The database's log of the last seconds"),
        _(
            "The last changes in the order in which they came: which numbers voted in the last"
            " twenty seconds or so. It is emptied that often."
        ),
    ),
    HeldFile("middleground.sqlite3-shm", False, _("An index of that log"), _("Nothing by itself.")),
    HeldFile(
        "sealed/*.votes",
        False,
        _("The votes behind a final map, for an auditor in confidence"),
        _(
            "The votes of each person side by side, without name, number or time. Whoever knows"
            " several of your votes for certain could look for the line that fits."
        ),
    ),
    HeldFile("writer.lock", False, _("A mark that a server runs"), _("Nothing.")),
    HeldFile("static/*", False, _("Styles and scripts"), _("What everyone can download.")),
    HeldFile("ledger/*", False, _("The public log"), _("What everyone can download.")),
    HeldFile("demo/*", False, _("The example, with simulated participants"), _("Nobody real.")),
    HeldFile(
        "secret.key", True, _("The secret of staff sessions and forms"), _("See sessions, above.")
    ),
    HeldFile(
        "dialogue-*.key",
        True,
        _("The key of one dialogue"),
        _("With the database and your cookie or twelve words: your votes. By itself nothing."),
    ),
    HeldFile(
        "dialogue-*.destroyed",
        True,
        _("A mark that a key was destroyed"),
        _("That it was, so that none is made again."),
    ),
    HeldFile(
        "ledger.key",
        True,
        _("The key that signs the public log"),
        _("Nothing about anybody; whoever has it can sign a false log."),
    ),
    HeldFile(
        "ledger.name",
        True,
        _("The public log's name"),
        _("The first address of this site, which everyone can read in the log."),
    ),
)

NEVER = (
    Never("name", _("your name, e-mail address or phone number: nobody asks for them")),
    Never("address", _("your internet address: not stored, not logged")),
    Never("device", _("your device, browser or language: not stored, not logged")),
    Never(
        "time",
        _(
            "when you voted, or in which order; only the number of votes of everyone together on"
            " each day, and in which shuffled batch a vote came into the public log"
        ),
    ),
    Never("referrer", _("which page or site you came from")),
    Never("token", _("your cookie or your twelve words: they are in your browser only")),
    Never(
        "across",
        _(
            "in which dialogues you took part, as long as your browser does not send its number: it"
            " differs in every dialogue"
        ),
    ),
)

# What no list of columns can say. Logs and backups are the host's machine's, not the software's.
ELSEWHERE = (
    (
        _("Log of the server"),
        _(
            "Starts, stops and faults, by the place in the program, and never what anybody sent."
            " The software writes no log of visits; the host's proxy must not either."
        ),
    ),
    (
        _("Backups"),
        _(
            "What the database held on that day, so also votes and texts that were deleted since."
            " They must not hold the keys. How long the host keeps them, the host says."
        ),
    ),
    (
        _("Memory of the server"),
        _(
            "While it runs: votes, keys, and for rate limits a hash of a part of the address with a"
            " key that dies with the process. Whoever controls the running server sees all of it."
        ),
    ),
)
