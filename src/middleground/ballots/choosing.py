"""Which statements stand on a form: chosen by the rule by which the web deals cards.

A card follows from the votes before it. On paper there are none, so each statement is chosen as if
the person had passed on those above it.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from middleground.dialogues.identity.pseudonyms import selection_randomness
from middleground.dialogues.models import Dialogue
from middleground.dialogues.voting.dealing import statement_pools
from middleground.engine import StatementSelector


def choose_statements(dialogue: Dialogue, form: str, most: int) -> list[int]:
    """Up to ``most`` numbers of statements, in the order of the form.

    ``form`` names the form within the dialogue. The draws follow from it and the newest checkpoint
    of the public log, so that the host cannot draw again until a form suits.
    """
    pool = statement_pools.of(dialogue)
    # One of its own: what is printed was not shown to anybody yet.
    selector = StatementSelector.from_facts(pool.map.facts, list(pool.statements))
    chosen: list[int] = []
    while len(chosen) < min(most, len(pool.statements)):
        draw = selection_randomness(dialogue.pk, pool.root, form.encode(), len(chosen))
        chosen.append(_next(selector, chosen, draw))
    return [pool.statements[key].number for key in chosen]


def _next(selector: StatementSelector, chosen: Collection[int], draw: float) -> int:
    (found,) = selector.choose_many([(list(chosen), [0] * len(chosen))], np.array([draw]))
    if found is None:
        raise RuntimeError("statements are left, but none was chosen")
    return found.statement
