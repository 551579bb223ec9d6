"""Rows of apps above that belong to a participant and are no texts, such as their reactions.

They go with the participant's votes, and all of them when the dialogue's key is destroyed. An app
registers its tables in ``moderated_texts.py``, beside its texts.
"""

from __future__ import annotations

from django.db.models import Model

from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.models.texts.text_kinds import find_text_kinds

_tables: list[type[Model]] = []  # each with a key ``participant``


def register_own_rows(model: type[Model]) -> None:
    _tables.append(model)


def delete_rows_of(participant: Participant) -> int:
    """Returns how many there were."""
    return _delete(participant=participant)


def delete_all_rows(dialogue: Dialogue) -> int:
    """Returns how many there were."""
    return _delete(participant__dialogue=dialogue)


def _delete(**which: object) -> int:
    find_text_kinds()  # it looks into each app's ``moderated_texts.py``
    return sum(model._default_manager.filter(**which).delete()[0] for model in _tables)
