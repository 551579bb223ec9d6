"""What a writer is told before a comment is sent: personal data, and what says the same."""

from __future__ import annotations

from typing import Any

from middleground.dialogues.models import Dialogue
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.dialogues.texts.search import candidates
from middleground.dialogues.translations.languages import looks_like, other_language
from middleground.texts import personal_data
from middleground.texts.sameness import dedup_hash, signs_hash
from middleground.texts.similarity import find_similar
from middleground.threads.models import Comment, Thread

SIMILAR_SHOWN = 3


def advice_on(
    dialogue: Dialogue, thread: Thread | None, text: str, checked: str, language: str = ""
) -> dict[str, Any] | None:
    """What the page shows; None if there is nothing to say, or it was said of this text already.

    ``language``: as the writer said it. ``checked``: the hash of the text that the
    advice was shown for; a new text is checked.
    """
    mark = dedup_hash(text)
    if checked == mark:
        return None
    findings, similar = personal_data.find(text), _similar(dialogue, thread, text)
    other = looks_like(dialogue, text, language)
    if not findings and not similar and not other:
        return None
    return {
        **other_language(other),
        "checked": mark,
        "similar": similar,
        "same_letters": {
            each.number for each in similar if signs_hash(each.text) == signs_hash(text)
        },
        "pieces": personal_data.pieces(text, findings) if findings else [],
        "kinds": list(dict.fromkeys(label_of(finding.kind) for finding in findings)),
    }


def _similar(dialogue: Dialogue, thread: Thread | None, text: str) -> list[Comment]:
    """What says nearly the same in the same thread."""
    if thread is None:
        return []
    there = thread.comments.visible()
    near = candidates(text, dialogue, there.only("number", "text", "language", "dialogue_id"))
    found = [each.statement for each in find_similar(text, near, SIMILAR_SHOWN)]
    for comment in found:
        comment.dialogue = dialogue
    return found
