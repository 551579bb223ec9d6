"""Ways to begin a dialogue: rules that fit together, and outlines of the texts.

What is in square brackets must be replaced before the dialogue opens (``texts/places.py``). The
outline gives each side the same place. No template holds a question or statements, since these are
the host's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.desk.forms import DialogueForm

_BACKGROUND = (
    (
        _("What it is about"),
        (_("[What is so today, and what could change…]"),),
    ),
    (
        _("What people say"),
        (
            _("[What people of one view say, in their own words…]"),
            _("[What people of another view say, just as long…]"),
        ),
    ),
    (
        _("Who decides"),
        (_("[Who decides, by when, and what is already fixed…]"),),
    ),
)
_PROMISE = _("The result will be read by [who…] and answered on this site by [which day…].")


@dataclass(frozen=True, slots=True)
class DialogueTemplate:
    """One way to begin. ``rules`` are fields of ``DialogueForm``; others keep their defaults."""

    code: str
    title: str | Promise
    advice: str | Promise
    rules: dict[str, Any]

    @property
    def initial(self) -> dict[str, Any]:
        background = [
            f"## {heading}\n\n" + "\n\n".join(map(str, parts)) for heading, parts in _BACKGROUND
        ]
        return {**self.rules, "background": "\n\n".join(background), "promise": str(_PROMISE)}


TEMPLATES = (
    DialogueTemplate(
        "weeks",
        _("Open to everyone, for weeks"),
        _("Anyone can take part online, without a code."),
        {"open_participation": True, "vote_goal": 20, "map_minutes": 0},
    ),
    DialogueTemplate(
        "invited",
        _("Invited people only"),
        _("Everyone needs a code, which you make after you save."),
        {"open_participation": False, "vote_goal": 20, "map_minutes": 0},
    ),
    DialogueTemplate(
        "meeting",
        _("A meeting in a room"),
        _("A code on the wall admits people. We look for a new map every 5 minutes."),
        {"open_participation": False, "vote_goal": 12, "map_minutes": 5, "statement_limit": 140},
    ),
)


def with_template(code: str, form: DialogueForm) -> dict[str, Any]:
    """What is in the form, with the rules of a template. An outline replaces no text."""
    values = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in values.items() if value is not None}
    chosen = next((each for each in TEMPLATES if each.code == code), None)
    if chosen is None:
        return typed
    outline = {name: text for name, text in chosen.initial.items() if not typed.get(name)}
    return {**typed, **outline, **chosen.rules}
