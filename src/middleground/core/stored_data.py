"""The register of stored data: what, where, how long, and what it reveals.

An app has ``data_register.py`` at its root and passes its facts to ``register`` there. Tables of
other packages are described by the app that uses the package. The page "What we know about you",
``middleground what-we-hold`` and the tests read all facts. A column of the database that no fact
names fails the build: data must be described before they are stored.
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
    """The subject of a fact, in the order in which pages show facts."""

    YOURS = "yours"  # comes from a participant
    PUBLIC = "public"  # published, or about a dialogue as a whole
    STAFF = "staff"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class StoredData:
    """One kind of data in the database.

    ``columns`` maps each table to the exact names of its columns, separated by spaces.
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
    """Files in the folder of data or keys that match a pattern; the first match applies."""

    pattern: str
    in_keys: bool
    what: Text
    shows: Text


@dataclass(frozen=True, slots=True)
class StoredCookie:
    """A cookie that a page sets in the browser."""

    name: str
    subject: Subject
    what: Text
    how_long: Text


@dataclass(frozen=True, slots=True)
class StoredElsewhere:
    """Data outside database and folders that the host's machine may hold."""

    where: Text
    what: Text


@dataclass(frozen=True, slots=True)
class NeverStored:
    """Data that are stored nowhere. A test plants them under ``code`` and searches for them."""

    code: str
    what: Text


Fact = StoredData | StoredFile | StoredCookie | StoredElsewhere | NeverStored

# One group per call of ``register``, in the order of INSTALLED_APPS.
_groups: list[tuple[Fact, ...]] = []


def register(*facts: Fact) -> None:
    """Add facts. Only the ``data_register.py`` of an app calls this, once."""
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

    Data and cookies are sorted by subject, participants first, then from the last app to the
    first. Files are in the order of apps, so that the database comes before the files of apps.
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
