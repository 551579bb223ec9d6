"""A new draft from an earlier dialogue: its texts, its rules and the host's own statements.

Nothing that people did comes along: no vote, participant, participant's statement, code or key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from middleground.dialogues.lifecycle.actions import create_dialogue
from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    Statement,
    StatementTranslation,
    TextTranslation,
    TopicTranslation,
)
from middleground.dialogues.models.texts.own_reason import CODE, own_reasons_in_use
from middleground.dialogues.statements.seeds import add_statements
from middleground.dialogues.statements.topics import add_topic
from middleground.people.models import User

# Every other field is the dialogue's own: its address, state, period, key, and what counts in it.
COPIED = (
    "background", "host_name", "promise", "moderation", "moderation_policy", "own_reasons",
    "statement_limit", "votes_before_writing", "vote_goal", "statements_an_hour", "takes_comments",
    "votes_before_commenting", "minimum_shown", "map_minutes", "key_days", "open_participation",
    "language", "other_languages",
)  # fmt: skip


@transaction.atomic
def copy_dialogue(staff: User, source: Dialogue) -> tuple[Dialogue, int]:
    """Make a draft from ``source``; return it, and how many statements could not be copied."""
    values = {name: getattr(source, name) for name in COPIED}
    values |= {"own_reasons": _own_reasons_in_use(source)}
    values |= {"question": _free_question(source.question), "slug": _free_slug(source.slug)}
    copy = create_dialogue(staff, values, copy_of=source.slug)
    own = source.statements.votable().filter(origin=Statement.Origin.SEED)
    texts = list(own.order_by("number").values_list("text", flat=True))
    _added, left_out = add_statements(staff, copy, texts)
    _copy_topics(staff, source, copy)
    _copy_translations(source, copy)
    return copy, len(left_out)


def _own_reasons_in_use(source: Dialogue) -> list[dict[str, Any]]:
    """Those of the host's own reasons that are not retired, with codes of the copy's own."""
    return [
        replace(each, code=f"{CODE}{number}").stored()
        for number, each in enumerate(own_reasons_in_use(source), 1)
    ]


def _copy_translations(source: Dialogue, copy: Dialogue) -> None:
    """What was shown of the texts that came along. The question is another one now."""
    parts = DialogueTranslation.Part
    host_texts = source.translations.filter(
        state=TextTranslation.State.SHOWN, part__in=(parts.BACKGROUND, parts.PROMISE)
    )
    for each in host_texts:
        each.pk, each.dialogue, each.doubts = None, copy, 0
        each.save(force_insert=True)
    for table in (StatementTranslation, TopicTranslation):
        _copy_of_kind(table, source, copy)


def _copy_of_kind(
    table: type[StatementTranslation | TopicTranslation], source: Dialogue, copy: Dialogue
) -> None:
    """Those of statements or topics that came along, which have the same words."""
    originals = getattr(copy, f"{table.OF}s").all()
    there = {str(each): each for each in originals}
    shown = table._default_manager.filter(
        **{f"{table.OF}__dialogue": source}, state=TextTranslation.State.SHOWN
    )
    for each in shown.select_related(table.OF):
        original = there.get(str(getattr(each, table.OF)))
        if original is not None:
            each.pk, each.doubts = None, 0
            setattr(each, table.OF, original)
            each.save(force_insert=True)


def _copy_topics(staff: User, source: Dialogue, copy: Dialogue) -> None:
    """The topics of the statements that came along, in their order; the others stay."""
    numbers = dict(copy.statements.values_list("text", "number"))
    for topic in source.topics.all():
        own = source.statements.votable().filter(topics=topic, origin=Statement.Origin.SEED)
        texts = own.order_by("number").values_list("text", flat=True)
        there = [numbers[text] for text in texts if text in numbers]
        if there:
            add_topic(staff, copy, topic.name, there)


def _free_slug(slug: str) -> str:
    longest, number = Dialogue._meta.get_field("slug").max_length or 0, 2
    while True:
        ending = f"-{number}"
        candidate = slug[: longest - len(ending)] + ending
        if not Dialogue.objects.filter(slug=candidate).exists():
            return candidate
        number += 1


def _free_question(question: str) -> str:
    longest, number = Dialogue._meta.get_field("question").max_length or 0, 1
    while True:
        ending = _(" (copy)") if number == 1 else _(" (copy %(n)d)") % {"n": number}
        candidate = question[: longest - len(ending)] + ending
        if not Dialogue.objects.filter(question=candidate).exists():
            return candidate
        number += 1
