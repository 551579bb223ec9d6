"""Staff are told of a translation whose readers answer otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from dialogues.voting.test_reading import answered, bilingual
from middleground.dialogues.jobs import compare_readers
from middleground.dialogues.models import StatementTranslation
from middleground.dialogues.translations.actions import keep_translation
from middleground.dialogues.translations.progress import count_apart
from middleground.dialogues.voting.reading import mark_misleading, read_counts
from support.cast import make_staff
from support.reading import words


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    read_counts.clear()
    yield
    read_counts.clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_staff_are_told_at_the_desk_and_a_person_can_find_it_right(desk: Client) -> None:
    dialogue = bilingual(12)
    answered(dialogue, turned=5)
    compare_readers()
    marked = StatementTranslation.objects.get(reading="apart")
    assert marked.statement.number == 5
    assert count_apart(dialogue) == 1
    assert "1 translation may change the meaning" in words(desk, "/desk/harbour/")
    assert "1 translation may change the meaning" in words(desk, "/desk/harbour/translations/")
    assert "Statement 5" in words(desk, "/desk/harbour/translations/es/?which=apart")
    page = words(desk, "/desk/harbour/translations/es/statement-5/")
    assert "answer otherwise" in page
    assert "It is right" in page
    ben = make_staff(email="ben@example.org")
    keep_translation(ben, dialogue, "statement-5", "es", marked.pk)
    assert mark_misleading(read_counts) == 0
    marked.refresh_from_db()
    assert (marked.reading, count_apart(dialogue)) == ("checked", 0)
    assert "may change the meaning" not in words(desk, "/desk/harbour/")
