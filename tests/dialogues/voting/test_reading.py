"""In which language cards were read: counted in memory, compared, and never stored."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from django.db import connection
from django.test import Client

from middleground.dialogues.jobs import compare_readers
from middleground.dialogues.models import Dialogue, Statement, StatementTranslation
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.voting.reading import (
    Answers,
    CardRead,
    mark_misleading,
    read_counts,
    read_otherwise,
)
from support.cast import make_dialogue
from support.serving.asgi_client import Answer, Voter, post, voter


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    read_counts.clear()
    yield
    read_counts.clear()


def simulated(seed: int, wrong: tuple[int, ...] = (), statements: int = 30) -> dict[int, Answers]:
    """Readers of a language who think otherwise on everything, by statement in another degree.

    ``wrong``: translations that turn the statement around.
    """
    rng = np.random.default_rng(seed)
    easy = rng.normal(0, 1.2, statements)
    apart = rng.normal(0.6, 0.4, statements)  # another opinion is no wrong translation
    found = {}
    for at in range(statements):
        read = -(easy[at] + apart[at]) if at in wrong else easy[at] + apart[at]
        agree = rng.binomial(60, 1 / (1 + np.exp(-read)))
        original = rng.binomial(150, 1 / (1 + np.exp(-easy[at])))
        found[at + 1] = (int(agree), int(60 - agree), int(original), int(150 - original))
    return found


def named_one_by_one(answers: dict[int, Answers]) -> set[int]:
    """The known-bad control: each by itself, as if all languages thought the same."""
    found = set()
    for key, each in answers.items():
        cells = np.array(each) + 0.5
        ratio = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
        if abs(ratio) > 1.96 * np.sqrt((1 / cells).sum()):
            found.add(key)
    return found


def test_right_translations_are_seldom_named_although_their_readers_think_otherwise() -> None:
    wrongly = [bool(read_otherwise(simulated(seed))) for seed in range(200)]
    assert np.mean(wrongly) <= 0.05
    assert all(len(named_one_by_one(simulated(seed))) >= 3 for seed in range(20))


def test_a_translation_that_turns_a_statement_around_is_named() -> None:
    found = []
    for seed in range(60):
        answers = simulated(seed)
        clear = max(answers, key=lambda key: abs(answers[key][2] - answers[key][3]))
        found.append(read_otherwise(simulated(seed, wrong=(clear - 1,))) == {clear})
    assert np.mean(found) >= 0.9


def test_with_few_readers_or_few_statements_nothing_is_said() -> None:
    turned = dict.fromkeys(range(1, 13), (28, 2, 140, 10)) | {13: (2, 28, 140, 10)}
    assert read_otherwise(turned) == {13}
    assert read_otherwise(turned | {13: (2, 17, 140, 10)}) == set()
    assert read_otherwise(turned | {13: (2, 28, 18, 1)}) == set()
    assert read_otherwise({key: turned[key] for key in (1, 2, 3, 4, 5, 6, 7, 13)}) == set()


# The vote's route


def bilingual(statements: int = 2) -> Dialogue:
    dialogue = make_dialogue(statements=statements, other_languages=["es"])
    for statement in dialogue.statements.all():
        translate(statement)
    return dialogue


def translate(statement: Statement) -> StatementTranslation:
    return StatementTranslation.objects.create(
        statement=statement, language="es", words=f"Frase {statement.number}.", state="shown",
        of_digest=digest_of(statement.text), source="volunteer",
    )  # fmt: skip


def send(me: Voter, number: int, address: str = "", vote: str = "agree", **more: str) -> Answer:
    form = me.form(Statement.objects.get(number=number), vote, **more)
    headers = [(b"host", b"localhost"), (b"cookie", me.cookie), (b"hx-request", b"true")]
    return post(f"{address}/d/harbour/vote", form, headers)


def counts() -> dict[CardRead, int]:
    return dict(read_counts._counts)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_a_vote_on_a_card_is_counted_by_what_was_read() -> None:
    dialogue = bilingual()
    first = dialogue.statements.get(number=1)
    translation = StatementTranslation.objects.get(statement=first)
    assert send(voter(), 1, "/es", read="es").status == 200
    assert send(voter(), 1, read="").status == 200
    assert counts() == {
        CardRead(dialogue.pk, first.pk, translation.pk, 1): 1,
        CardRead(dialogue.pk, first.pk, 0, 1): 1,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_only_first_answers_to_cards_of_dialogues_with_languages_are_counted() -> None:
    bilingual()
    me = voter()
    send(me, 1, read="es")
    send(me, 1, vote="disagree", read="")  # changed
    send(me, 2, vote="pass", read="es")
    send(voter(), 2)  # not on a card
    send(voter(), 2, read="fa")  # there is none
    assert sum(counts().values()) == 1
    Dialogue.objects.update(other_languages=[], revision=99)
    send(voter(), 1, read="")
    assert sum(counts().values()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_the_next_card_says_what_is_read_on_it() -> None:
    bilingual()
    answer = send(voter(), 1, "/es", read="es")
    assert '<input type="hidden" name="read" value="es">' in answer.text
    answer = send(voter(), 1, read="")
    assert '<input type="hidden" name="read" value="">' in answer.text
    page = Client().get("/es/d/harbour/take-part/").content.decode()
    assert '<input type="hidden" name="read" value="es">' in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_no_count_is_stored() -> None:
    def stored() -> dict[str, int]:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            found = {}
            for table in tables:
                cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
            return found

    dialogue = bilingual()
    send(voter(), 1, read="")  # the rows that any vote makes
    before, translations = stored(), list(StatementTranslation.objects.values())
    send(voter(), 1, "/es", read="es")
    compare_readers()
    changed = {table for table, count in stored().items() if count != before[table]}
    assert changed == {"dialogues_participant", "dialogues_vote", "dialogues_voteseal"}
    assert list(StatementTranslation.objects.values()) == translations
    assert dialogue.statements.count() == 2


# What is marked


def answered(dialogue: Dialogue, turned: int) -> None:
    """As if many had voted; the translation of the statement ``turned`` says the opposite."""
    for each in StatementTranslation.objects.select_related("statement"):
        agree, disagree = (2, 28) if each.statement.number == turned else (28, 2)
        for translation, value, times in (
            (each.pk, 1, agree), (each.pk, -1, disagree), (0, 1, 140), (0, -1, 10)
        ):  # fmt: skip
            for _ in range(times):
                read_counts.note(CardRead(dialogue.pk, each.statement_id, translation, value))


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_new_translation_begins_anew() -> None:
    dialogue = bilingual(12)
    answered(dialogue, turned=5)
    old = StatementTranslation.objects.get(statement__number=5)
    statement = old.statement
    old.delete()
    new = translate(statement)
    assert mark_misleading(read_counts) == 0
    assert new.pk != old.pk or new.reading == ""
