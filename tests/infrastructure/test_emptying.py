"""What a test with real transactions wrote is gone in the next, and what migrations made is not."""

from __future__ import annotations

import pytest
from django.apps import apps

from support.cast import make_crowd, make_dialogue, make_staff
from support.emptying import MADE_BY_MIGRATIONS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]


@pytest.mark.parametrize("writer", ["first", "second"])
def test_each_writer_finds_empty_tables(writer: str) -> None:
    assert tables_with_rows() == MADE_BY_MIGRATIONS
    make_crowd(make_dialogue(writer), 2)
    make_staff()
    assert tables_with_rows() > MADE_BY_MIGRATIONS


def tables_with_rows() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._default_manager.exists()}
