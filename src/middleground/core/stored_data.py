"""The register of what an installation stores: what, where, how long, and what it shows.

An app writes ``data_register.py`` at its root and gives ``register`` its facts there. Tables of
other packages are explained by the app that uses the package. The page "What we know about you",
``middleground what-we-hold`` and the tests read all facts together. A column of the database that
no fact names fails the build: first say what it tells, then store it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

Text = str | Promise
NO_MORE = _("Nothing more.")


class Subject(Enum):
    """Whom a fact is about, in the order in which pages show facts."""

    YOURS = "yours"  # comes from a participant
    PUBLIC = "public"  # made for everyone to see, or about a dialogue as a whole
    STAFF = "staff"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class StoredData:
    """One kind of thing in the database.

    ``columns``: by table, the exact names of its columns with spaces between.
    """

    what: Text
    subject: Subject
    columns: dict[str, str]
    how_long: Text
    without_keys: Text
    with_keys: Text

    def names(self) -> set[tuple[str, str]]:
        """Every (table, column)."""
        return {(table, name) for table, all_ in self.columns.items() for name in all_.split()}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Files in the folder of the data or of the keys, by a pattern; the first that fits counts."""

    pattern: str
    in_keys: bool
    what: Text
    shows: Text


@dataclass(frozen=True, slots=True)
class StoredCookie:
    """A cookie that some page sets, so what a browser stores for us."""

    name: str
    subject: Subject
    what: Text
    how_long: Text


@dataclass(frozen=True, slots=True)
class StoredElsewhere:
    """What neither database nor folders hold, but the host's machine may."""

    where: Text
    what: Text


@dataclass(frozen=True, slots=True)
class NeverStored:
    """What is stored nowhere. ``code`` is what the test that looks for it plants."""

    code: str
    what: Text


Fact = StoredData | StoredFile | StoredCookie | StoredElsewhere | NeverStored

# One group for each call, in the order of INSTALLED_APPS.
_groups: list[tuple[Fact, ...]] = []


def register(*facts: Fact) -> None:
    """Add facts. Called once by the ``data_register.py`` of an app, and by nobody else."""
    _groups.append(facts)


@dataclass(frozen=True, slots=True)
class DataRegister:
    """The facts of all installed apps, in the order in which pages show them."""

    data: tuple[StoredData, ...]
    files: tuple[StoredFile, ...]
    cookies: tuple[StoredCookie, ...]
    elsewhere: tuple[StoredElsewhere, ...]
    not_stored: tuple[NeverStored, ...]

    def columns(self) -> set[tuple[str, str]]:
        """Every (table, column) that a fact names."""
        return set().union(*(entry.names() for entry in self.data))


@cache
def data_register() -> DataRegister:
    """The facts of all installed apps.

    Facts about participants come first, and of several those of the upper apps.

    Files stand the other way round: the database before what an app puts beside it.
    """
    autodiscover_modules("data_register")
    facts = [fact for group in _groups for fact in group]
    upper_first = [fact for group in reversed(_groups) for fact in group]
    data = [fact for fact in upper_first if isinstance(fact, StoredData)]
    cookies = [fact for fact in upper_first if isinstance(fact, StoredCookie)]
    files = [fact for fact in facts if isinstance(fact, StoredFile)]
    place = list(Subject).index
    return DataRegister(
        data=tuple(sorted(data, key=lambda fact: place(fact.subject))),
        files=tuple(sorted(files, key=lambda fact: fact.in_keys)),
        cookies=tuple(sorted(cookies, key=lambda fact: place(fact.subject))),
        elsewhere=tuple(fact for fact in facts if isinstance(fact, StoredElsewhere)),
        not_stored=tuple(fact for fact in facts if isinstance(fact, NeverStored)),
    )
