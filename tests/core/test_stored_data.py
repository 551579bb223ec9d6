"""The apps fill the register of stored data, which is shown in one order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from middleground.core import stored_data
from middleground.core.stored_data import (
    NeverStored,
    StoredCookie,
    StoredData,
    StoredElsewhere,
    StoredFile,
    Subject,
    data_register,
    register,
)


@pytest.fixture
def _empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A register without the facts of the apps."""
    data_register()
    monkeypatch.setattr(stored_data, "_groups", [])
    data_register.cache_clear()
    yield
    data_register.cache_clear()


def fact(name: str, subject: Subject) -> StoredData:
    return StoredData(name, subject, {name: "id text"}, "a day", "nothing", "nothing")


@pytest.mark.usefixtures("_empty")
def test_facts_about_participants_come_first_and_those_of_upper_apps_before_lower() -> None:
    lower = [fact("a", Subject.MACHINE), fact("b", Subject.YOURS), fact("c", Subject.YOURS)]
    upper = [fact("d", Subject.STAFF), fact("e", Subject.YOURS), fact("f", Subject.PUBLIC)]
    cookies = [StoredCookie(name, Subject.YOURS, "what", "a day") for name in ("low", "up")]
    files = [StoredFile(name, keys, "what", "this") for name, keys in (("k", True), ("d", False))]
    elsewhere, never = StoredElsewhere("Backups", "all"), NeverStored("name", "your name")
    register(*lower, cookies[0], files[0], elsewhere)
    register(*upper, cookies[1], files[1], never)
    found = data_register()
    assert [entry.what for entry in found.data] == ["e", "b", "c", "f", "d", "a"]
    assert [cookie.name for cookie in found.cookies] == ["up", "low"]
    assert [file.pattern for file in found.files] == ["d", "k"]
    assert (found.elsewhere, found.not_stored) == ((elsewhere,), (never,))
    assert found.columns() == {(table, name) for table in "abcdef" for name in ("id", "text")}


def test_each_app_explains_its_own_tables() -> None:
    data_register()
    about = [
        sorted(
            {table for entry in group if isinstance(entry, StoredData) for table in entry.columns}
        )
        for group in stored_data._groups
    ]
    core, people, *upper = about
    assert "django_migrations" in core
    assert {"people_user", "account_emailaddress", "django_session"} < set(people)
    assert ["dialogues_vote" in tables for tables in upper].count(True) == 1
    assert not [table for table in core + people if table.startswith("dialogues_")]
    others = [core, *upper]
    assert not [table for tables in others for table in tables if table.startswith("people_")]
