"""A text is compared once, with all that wait or are shown; what is kept goes with the texts."""

from __future__ import annotations

import random
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from middleground.dialogues.models import Dialogue, SimilarStatement, Statement
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds, kind_of
from middleground.dialogues.privacy.retention import delete_texts, delete_waiting
from middleground.dialogues.texts import decisions
from middleground.dialogues.texts import similar as module
from middleground.dialogues.texts.similar import NewTexts, compare_new, similar_texts
from middleground.texts.many_similar import many_similar
from middleground.texts.similarity import SimilarityIndex
from middleground.threads.models import Comment
from support.cast import make_comment, make_dialogue, make_staff, make_statement

pytestmark = pytest.mark.django_db
SHIPS = ("Ships should be allowed here.", "Ships should not be allowed here.", "Allow ships here.")


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(statements=0)


@pytest.fixture
def ships(dialogue: Dialogue) -> list[Statement]:
    """Three that say nearly the same, and one of another matter in between."""
    texts = [SHIPS[0], "Plant trees on the square.", *SHIPS[1:]]
    return [
        make_statement(dialogue, number, text, status="pending")
        for number, text in enumerate(texts, start=1)
    ]


def make_copy(dialogue: Dialogue, number: int, text: str) -> None:
    """One with the same words as others may wait, unlike those that people send."""
    made = make_statement(dialogue, number, f"{text} {number}", status="pending")
    Statement.objects.filter(pk=made.pk).update(text=text)


def kept() -> dict[int, list[int]]:
    """The numbers kept with each compared statement, the most similar first."""
    found: dict[int, list[int]] = {}
    for row in SimilarStatement.objects.select_related("text", "other").order_by("-score", "pk"):
        others = found.setdefault(row.text.number, [])
        others += [row.other.number] if row.other else []
    return found


def told(dialogue: Dialogue) -> dict[int, list[tuple[int, float]]]:
    texts = list(dialogue.statements.all())
    found = similar_texts(kind_of(Statement), dialogue, texts, 8)
    return {
        each.number: [(near.statement.number, near.score) for near in found.similar[each.pk]]
        for each in texts
        if each.pk in found.similar
    }


def one_by_one(dialogue: Dialogue) -> dict[int, list[tuple[int, float]]]:
    """The reference: each is compared with all others when it is asked for."""
    texts = list(dialogue.statements.all())
    index = SimilarityIndex(texts)
    found = {
        each.number: [
            (near.statement.number, near.score)
            for near in index.similar_to(each.text, 8, but_not=each)
        ]
        for each in texts
    }
    return {number: near for number, near in found.items() if near}


def test_what_is_kept_is_what_comparing_each_time_finds(
    dialogue: Dialogue, ships: list[Statement]
) -> None:
    assert told(dialogue) == {}
    assert compare_new(kind_of(Statement)) == 4
    assert told(dialogue) == one_by_one(dialogue)
    assert set(told(dialogue)) == {1, 3, 4}  # the control: something is similar
    assert compare_new(kind_of(Statement)) == 0


def test_one_after_the_other_finds_the_same_as_all_at_once(dialogue: Dialogue) -> None:
    rng, words = random.Random(7), ["ship", "quay", "tree", "park", "lamp"]
    for number in range(1, 21):
        text = f"{' '.join(rng.sample(words, 3))} {number % 4}"
        make_copy(dialogue, number, text)
        assert compare_new(kind_of(Statement)) == 1
    scores = {number: [score for _, score in near] for number, near in told(dialogue).items()}
    reference = one_by_one(dialogue)
    assert scores == {number: [score for _, score in near] for number, near in reference.items()}
    assert max(map(len, scores.values())) == module.KEPT  # the control: some had more


def test_one_of_many_copies_has_no_more_rows_than_another(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 7)
    monkeypatch.setattr(module, "STORED_AT_ONCE", 3)
    for number in range(1, 31):
        make_copy(dialogue, number, "Same.")
    new_texts = NewTexts()
    assert [new_texts.compare() for _ in range(6)] == [7, 7, 7, 7, 2, 0]
    assert {len(others) for others in kept().values()} == {module.KEPT}
    assert len(kept()) == 30


def test_a_deleted_text_leaves_nothing_with_others(
    dialogue: Dialogue, ships: list[Statement]
) -> None:
    compare_new(kind_of(Statement))
    assert kept() == {1: [4, 3], 2: [], 3: [1, 4], 4: [1, 3]}
    delete_texts(dialogue, Statement.objects.filter(number=1))
    assert kept() == {2: [], 3: [4], 4: [3]}
    delete_waiting(dialogue, Statement.objects.filter(number=3))  # the whole row
    assert kept() == {2: [], 4: []}
    assert compare_new(kind_of(Statement)) == 0  # no words are left to compare


@pytest.mark.django_db(transaction=True)
def test_nothing_is_stored_with_a_text_while_it_is_deleted(
    dialogue: Dialogue, ships: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare() -> int:
        try:
            return compare_new(kind_of(Statement))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        jobs: list[Future[int]] = []

        def forget_and_compare(kind: TextKind, texts: Any) -> None:
            forget(kind, texts)
            jobs.append(pool.submit(compare))
            wait(jobs, timeout=1)  # it waits for the texts, which are locked

        forget = TextKind.forget_similar
        monkeypatch.setattr(TextKind, "forget_similar", forget_and_compare)
        with transaction.atomic():
            delete_texts(dialogue, Statement.objects.filter(number=1))
        assert jobs[0].result() == 3  # the control: the job ran, and compared the others
    assert kept() == {2: [], 3: [4], 4: [3]}


def hide(number: int) -> None:
    Statement.objects.filter(number=number).update(
        status="rejected", reviewed=True, reason="spam", rejected_on=date(2026, 1, 1)
    )


def test_a_text_hidden_while_others_are_deleted_loses_nothing(
    dialogue: Dialogue, ships: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget_and_hide(kind: TextKind, texts: Any) -> None:
        forget(kind, texts)
        hide(3)

    forget = TextKind.forget_similar
    monkeypatch.setattr(TextKind, "forget_similar", forget_and_hide)
    compare_new(kind_of(Statement))
    hide(1)
    assert delete_texts(dialogue, Statement.objects.filter(status="rejected")) == 1
    texts = dict(Statement.objects.filter(status="rejected").values_list("number", "text"))
    assert texts == {1: "", 3: SHIPS[1]}
    assert kept() == {2: [], 3: [4], 4: [3]}


def test_what_is_hidden_is_not_told_and_is_compared_again_when_it_comes_back(
    dialogue: Dialogue, ships: list[Statement]
) -> None:
    moderator = make_staff("moderator")
    compare_new(kind_of(Statement))
    decisions.reject(moderator, ships[0], "waiting", "spam")
    assert {number: [n for n, _ in near] for number, near in told(dialogue).items()} == {
        1: [4, 3],
        3: [4],
        4: [3],
    }
    make_statement(dialogue, 5, "Ships should be allowed here!!", status="pending")
    assert compare_new(kind_of(Statement)) == 1
    ships[0].refresh_from_db()
    assert 1 not in kept()[5]
    Statement.objects.filter(number=5).update(dedup_hash="0" * 64)  # no twin
    decisions.take_back(moderator, ships[0], "rejected")
    assert compare_new(kind_of(Statement)) == 1
    assert told(dialogue) == one_by_one(dialogue)
    assert 1 in kept()[5]


def test_a_text_that_goes_while_it_is_compared_is_left_out(
    dialogue: Dialogue, ships: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = many_similar

    def meanwhile(*args: object) -> object:
        Statement.objects.filter(number=1).delete()
        Statement.objects.filter(number=4).update(text="Quite another matter.")
        return compare(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "many_similar", meanwhile)
    assert compare_new(kind_of(Statement)) == 2
    assert kept() == {2: [], 3: []}
    monkeypatch.undo()
    assert compare_new(kind_of(Statement)) == 1


def test_nothing_is_compared_across_dialogues_or_kinds(
    dialogue: Dialogue, ships: list[Statement]
) -> None:
    other = make_dialogue("other", statements=0)
    there = make_statement(other, 1, SHIPS[0])
    comment = make_comment(there, SHIPS[1])
    make_comment(there, SHIPS[0])
    for kind in find_text_kinds():
        compare_new(kind)
    assert set(Statement.objects.filter(similar__other__isnull=False)) == {
        ships[0],
        ships[2],
        ships[3],
    }
    found = similar_texts(kind_of(Comment), other, [comment], 2)
    assert [near.statement.text for near in found.similar[comment.pk]] == [SHIPS[0]]


def test_the_job_looks_only_if_something_was_written(
    dialogue: Dialogue, ships: list[Statement], django_assert_num_queries: object
) -> None:
    new_texts = NewTexts()
    assert [new_texts.compare(), new_texts.compare()] == [4, 0]
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert new_texts.compare() == 0
