"""Notes when a new text is compared with the others: before its transaction, or within it."""

from __future__ import annotations

import pytest
from django.db import connection

from middleground.dialogues.texts import submission
from middleground.texts.sameness import signs_hash


def hashed_inside(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each text hashed from now on, whether the transaction that stores was begun."""
    inside: list[bool] = []
    outer = len(connection.savepoint_ids)

    def noted(text: str) -> str:
        inside.append(len(connection.savepoint_ids) > outer)
        return signs_hash(text)

    monkeypatch.setattr(submission, "signs_hash", noted)
    return inside
