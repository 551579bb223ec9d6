"""Searching texts: matches, the index used, and the removal of deleted texts from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.models.texts import search_index
from middleground.dialogues.privacy.retention import keep_retention
from middleground.dialogues.texts import search
from middleground.texts.search import containing_expression, related_expression
from support.cast import make_dialogue, make_statement

TEXTS = (
    "Restore the old pier.", "A night ferry for workers", "Ban cars from the quay",
    'Say "yes" to 100 % solar', "Кораблі для всіх", "Free ferries at night",
)  # fmt: skip
# No other text has these three letters, so SQLite stores them contiguously.
RARE = "ζξψ"


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    dialogue = make_dialogue(statements=0)
    for number, text in enumerate(TEXTS, start=1):
        make_statement(dialogue, number, text)
    make_statement(make_dialogue("bridge", statements=0), 1, "Another pier and a ferry.")
    return dialogue


def numbers(dialogue: Dialogue, words: str) -> list[int]:
    rows = dialogue.statements.order_by("number")
    found = rows.filter(search.containing(words, rows))
    return list(found.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("PIER", [1]), ("ferr", [2, 6]), ("ferry", [2]), ("the ", [1, 3]), ('"yes"', [4]),
        ("100 %", [4]), ("a%r", []), ("Кораблі", [5]), ("fe", [2, 6]), ("o", [1, 2, 3, 4]),
        ("NOT pier", []), ("pier OR ferry", []), ("*", []), ("'; --", []),
    ],
)  # fmt: skip
def test_a_search_finds_texts_that_contain_the_words(
    dialogue: Dialogue, words: str, found: list[int]
) -> None:
    assert numbers(dialogue, words) == found


def test_the_index_finds_the_same_as_a_full_scan(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["PIER", "ferr", "the ", '"yes"', "100 %", "night", "nothing"]
    by_index = [numbers(dialogue, each) for each in words]
    monkeypatch.setattr(search, "containing_expression", lambda _words: "")
    assert by_index == [numbers(dialogue, each) for each in words]
    assert by_index[-2] == [2, 6]


def test_a_search_is_quoted_for_the_index() -> None:
    assert containing_expression("ab") == ""
    assert containing_expression('say "yes"') == '"say ""yes"""'
    assert related_expression("The ferries should be running at night") == (
        '"ferri" OR "night" OR "runn"'
    )
    assert related_expression("of it") == ""


def test_all_of_few_texts_are_candidates(dialogue: Dialogue) -> None:
    rows = dialogue.statements.all()
    assert search.candidates("Restore piers", dialogue, rows) == list(rows)


def test_of_many_texts_those_with_shared_words_are_candidates(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_COMPARED", 3)
    rows = dialogue.statements.all()

    def of(text: str) -> set[int]:
        return {each.number for each in search.candidates(text, dialogue, rows)}

    assert of("Restoring piers") == {1}
    assert of("A ferry at night, please") == {2, 6}
    assert of("Nobody said this") == set()
    assert of("100 %") == {4}
    monkeypatch.setattr(search, "CANDIDATES", 1)
    assert len(of("A ferry at night, please")) == 1


@pytest.mark.parametrize("most", [2, 100])
def test_a_text_is_not_compared_with_itself(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(search, "MOST_COMPARED", most)
    make_statement(dialogue, 7, "Restore that old pier!")
    rows = dialogue.statements.order_by("number")
    texts = list(rows.filter(number__in=[1, 3, 7]))
    found = search.similar_to_each(texts, dialogue, rows, 2)
    names = {text.pk: text.number for text in texts}
    numbered = {names[pk]: [near.statement.number for near in each] for pk, each in found.items()}
    assert numbered == {1: [7], 3: [], 7: [1]}
    assert search.similar_to_each([], dialogue, rows, 2) == {}


def test_the_index_follows_every_change(dialogue: Dialogue) -> None:
    rows = dialogue.statements.filter(number=1)
    rows.update(text="Dredge the harbour")
    assert (numbers(dialogue, "pier"), numbers(dialogue, "dredge")) == ([], [1])
    statement = rows.get()
    statement.text = "Leave the harbour"
    statement.save()
    assert (numbers(dialogue, "dredge"), numbers(dialogue, "leave")) == ([], [1])
    rows.update(text="")
    assert numbers(dialogue, "leave") == []
    rows.update(text="Leave the harbour")
    rows.delete()
    assert numbers(dialogue, "leave") == []
    if connection.vendor == "sqlite":
        assert_index_is_whole()


def assert_index_is_whole() -> None:
    """Make SQLite compare the index with the texts; it raises if they differ."""
    name = search_index.index_of(Statement._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")


@pytest.mark.sqlite
def test_control_without_its_triggers_the_index_differs_from_the_texts(dialogue: Dialogue) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER dialogues_statement_search_changed")
    dialogue.statements.filter(number=1).update(text="")
    with pytest.raises(Exception, match="malformed"):
        assert_index_is_whole()


def bytes_of_the_index() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM dialogues_statement_search_data")
        return b"".join(bytes(row[0]) for row in cursor.fetchall())


@pytest.mark.sqlite
def test_the_index_keeps_no_letters_of_a_deleted_text(dialogue: Dialogue) -> None:
    make_statement(
        dialogue, 9, f"Secret {RARE}", status="rejected", reason="spam",
        rejected_on=timezone.localdate() - timedelta(days=8),
    )  # fmt: skip
    assert RARE.encode() in bytes_of_the_index()  # control: the search can find it
    keep_retention(timezone.now())
    assert dialogue.statements.get(number=9).text == ""
    assert RARE.encode() not in bytes_of_the_index()
    assert_index_is_whole()


@pytest.mark.sqlite
def test_control_without_erasure_the_letters_stay(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite before 3.42 leaves deleted words in the index by default."""
    if search_index.has_secure_delete(connection):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO dialogues_statement_search(dialogues_statement_search, rank)"
                " VALUES ('secure-delete', 0)"
            )
    with connection.cursor() as cursor:  # else what other tests left may be merged meanwhile
        cursor.execute(
            "INSERT INTO dialogues_statement_search(dialogues_statement_search) VALUES ('rebuild')"
        )
    statement = make_statement(dialogue, 9, f"Secret {RARE}")
    assert RARE.encode() in bytes_of_the_index()
    statement.delete()
    assert RARE.encode() in bytes_of_the_index()
    monkeypatch.setattr(search_index, "SECURE_DELETE_SINCE", (99,))
    assert search_index.erase_deleted_words(Statement._meta.db_table)
    assert RARE.encode() not in bytes_of_the_index()
    assert not search_index.erase_deleted_words(Statement._meta.db_table)  # nothing is left


@pytest.mark.postgresql
def test_postgresql_has_the_index_if_trigrams_are_available(dialogue: Dialogue) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        has_trigrams = cursor.fetchone() is not None
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'dialogues_statement_search'")
        assert (cursor.fetchone() is not None) == has_trigrams
