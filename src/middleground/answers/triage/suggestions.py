"""Statements that say nearly the same, compared in the background and kept for the triage desk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.utils import timezone

from middleground.answers.models import AnswerRules, Suggestions
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.texts.search import similar_to_each
from middleground.texts.many_similar import many_similar
from middleground.texts.similarity import Similar
from middleground.threads.models import Comment

SHOWN = 3  # similar statements with each concern
MOST = 20_000  # statements; of more, those of a page are compared when it is shown


def compare_statements() -> int:
    """Compare anew where a statement came, changed or went; in how many dialogues that was.

    Only where answers are promised, since cases are made only there.
    """
    rules = AnswerRules.objects.select_related("dialogue").order_by("pk")
    return sum(compare_all(each.dialogue) for each in rules)


def compare_all(dialogue: Dialogue) -> bool:
    """Compare the dialogue's statements unless they are the same as last time."""
    shown = dialogue.statements.votable().order_by("number").values_list("number", "text")
    found = list(shown[: MOST + 1])
    if len(found) > MOST:
        return False
    compared = sha256(json.dumps(found).encode()).hexdigest()
    if Suggestions.objects.filter(dialogue=dialogue, compared=compared).exists():
        return False
    numbers, texts = [number for number, _text in found], [text for _number, text in found]
    near = many_similar(texts, texts, SHOWN, range(len(texts)))
    similar = {
        number: [[numbers[place], score] for place, score in each]
        for number, each in zip(numbers, near, strict=True)
    }
    Suggestions.objects.update_or_create(
        dialogue=dialogue,
        defaults={
            "compared": compared,
            "compared_on": timezone.localdate(),
            "statements": len(found),
            "similar": similar,
        },
    )
    return True


def suggestions_of(dialogue: Dialogue) -> Suggestions | None:
    return Suggestions.objects.filter(dialogue=dialogue).first()


def similar_statements(
    dialogue: Dialogue, raised: Sequence[Statement | Comment], kept: Suggestions | None
) -> dict[int, list[Similar[Statement]]]:
    """The shown statements similar to each, by its number.

    What is not in the comparison that is kept is compared now: comments, and what is newer.
    """
    known = kept.similar if kept else {}
    new = [each for each in raised if str(each.number) not in known]
    shown = dialogue.statements.votable()
    by_pk = similar_to_each(new, dialogue, shown, SHOWN)
    found = {each.number: by_pk.get(each.pk, []) for each in new}
    near = {each.number: known[str(each.number)] for each in raised if each.number not in found}
    statements = _by_number(dialogue, (number for each in near.values() for number, _ in each))
    for number, each in near.items():
        found[number] = [
            Similar(statements[other], score) for other, score in each if other in statements
        ]
    return found


def _by_number(dialogue: Dialogue, numbers: Iterable[int]) -> dict[int, Statement]:
    """Those that are still shown: one may have been hidden since the comparison."""
    wanted = set(numbers)
    shown = dialogue.statements.votable().filter(number__in=wanted) if wanted else ()
    return {each.number: each for each in shown}
