"""Renders the card as HTML, fast: from parts of its template that are rendered once and kept.

Rendering the whole of ``_card.html`` would be most of what answering a vote costs. Its parts depend
on the statement, on the last vote or on two counts, and are kept. The two proofs, which differ in
every card, stand between the parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from middleground.core.languages.reader import ReaderLanguage, language_spoken
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.translations.shown import ShownText, shown_words
from middleground.dialogues.voting.dealing import Card


@dataclass(frozen=True, slots=True)
class LastVote:
    """The vote just stored, with what undoing it needs. ``value`` None: it was withdrawn.

    ``dealt``: we chose the statement, so the vote counts.
    """

    number: int
    value: int | None
    proof: str
    dealt: bool = True


# What stands between the parts in _card.html.
_CARD = """
{opening}
{progress}
{statement}
<input type="hidden" name="proof" value="{proof}">
{answers}
{undo}</section>
"""
_UNDO = """
{form}
<input type="hidden" name="statement" value="{number}">
<input type="hidden" name="proof" value="{proof}">
{button}
"""


def card_html(dialogue: Dialogue, card: Card, last: LastVote | None) -> str:
    """The same text as the template ``_card.html`` gives (a test compares them)."""
    if card.number is None or card.value is not None or not card.dealt or _is_thanked(card, last):
        return render_to_string("dialogues/_card.html", card_page(dialogue, card, last))  # rare
    language, slug = language_spoken(), dialogue.slug
    last_value = last.value if last else None
    return format_html(
        _CARD,
        opening=_part("opening", language, has_last=last is not None, last_value=last_value),
        progress=_progress(language, card),
        statement=_part(
            "statement",
            language,
            slug=slug,
            number=card.number,
            text=_words(dialogue, card),
            origin=card.origin,
            several=bool(dialogue.other_languages),
        ),
        proof=card.proof,
        answers=_part("answers", language, value=None),
        undo=_undo(language, slug, last),
    )


def card_page(dialogue: Dialogue, card: Card, last: LastVote | None) -> dict[str, object]:
    """What ``_card.html`` shows."""
    return {
        "dialogue": dialogue,
        "card": card,
        "text": _words(dialogue, card),
        "last": last,
        "thanked": _is_thanked(card, last),
        # Whether their votes wait to be confirmed. Here nobody knows; the script of the page does.
        "waits": None,
        "apart": Participant.Tier.OPEN in dialogue.uncounted_tiers,  # once they are confirmed
        "address": absolute(dialogue.get_absolute_url()),
    }


def _words(dialogue: Dialogue, card: Card) -> ShownText:
    if card.number is None:
        return ShownText("")
    return shown_words(dialogue, card.number, card.text, card.language)


def _is_thanked(card: Card, last: LastVote | None) -> bool:
    """After the vote that reaches the goal, once, and when no statement is left."""
    if card.number is None:
        return bool(card.total)
    voted = last is not None and last.value is not None
    return voted and card.value is None and card.answered == card.goal


def _progress(language: ReaderLanguage, card: Card) -> str:
    shown = {
        "answered": card.answered,
        "goal": card.goal,
        "needed": card.needed,
        "mark": card.mark,
        "until_goal": card.until_goal,
        "until_counted": card.until_counted,
    }
    return _part("progress", language, **shown)


def _undo(language: ReaderLanguage, slug: str, last: LastVote | None) -> str:
    if last is None or last.value is None:
        return ""
    return format_html(
        _UNDO,
        form=_part("undo", language, slug=slug),
        number=last.number,
        proof=last.proof,
        button=_part("undo_button", language, value=last.value, dealt=last.dealt),
    )


@lru_cache(maxsize=8192)
def _part(name: str, language: ReaderLanguage, **shown: object) -> SafeString:  # noqa: ARG001
    """A part of the card in the reader's language, which is in the key of the cache."""
    return render_to_string(f"dialogues/card/{name}.html", shown)
