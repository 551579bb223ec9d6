"""The language of a text: as its writer said it, or else as its words look.

It is a property of the text and of nobody: the same person may write the next one in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from middleground.core.languages.offered import LANGUAGES
from middleground.dialogues.models import Dialogue
from middleground.texts.language import language_of

# The guess names the language, a catalogue the way in which it is written.
_CODES = {"zh": "zh-hans"}


@dataclass(frozen=True, slots=True)
class TextLanguage:
    """A language by its code."""

    code: str

    @property
    def name(self) -> str:
        """By its own name."""
        if self.code in LANGUAGES:
            return LANGUAGES[self.code]
        try:
            return str(get_language_info(self.code)["name_local"])
        except KeyError:
            return self.code

    @property
    def direction(self) -> str:
        return direction_of(self.code) or "ltr"


def direction_of(code: str) -> str:
    """ "rtl" or "ltr"; empty for a language that is not known here."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:
        return ""


def languages_of(dialogue: Dialogue) -> list[str]:
    """The languages of the dialogue that the site offers, the first one of the dialogue first."""
    offered = dict(settings.LANGUAGES)
    own = dict.fromkeys([dialogue.language, *dialogue.other_languages])
    return [code for code in own if code in offered]


def has_languages(dialogue: Dialogue) -> bool:
    """Whether writers are asked for the language of their text."""
    return len(languages_of(dialogue)) > 1


def said_language(dialogue: Dialogue, code: str) -> str:
    """As it is stored; empty if it is none of the dialogue's, or nobody was asked."""
    return code if has_languages(dialogue) and code in languages_of(dialogue) else ""


def guessed_language(words: str) -> str:
    """As codes of catalogues are; empty if it is not clear."""
    guess = language_of(words)
    return _CODES.get(guess, guess)


def as_offered(code: str) -> str:
    """A language's tag, such as "es-MX", as the codes of catalogues are: "es"."""
    short = code.partition("-")[0]
    return code if code in LANGUAGES else _CODES.get(short, short)


def written_in(words: str, said: str, dialogue: Dialogue) -> str:
    """The language of a text, for those who translate it."""
    return said or guessed_language(words) or dialogue.language


def looks_like(dialogue: Dialogue, words: str, said: str) -> TextLanguage | None:
    """Another language of the dialogue, in which the words seem to be; None if they fit.

    Nothing is asked of a writer who said that it is in none of them.
    """
    guess = guessed_language(words)
    if not said or guess == said or guess not in languages_of(dialogue):
        return None
    return TextLanguage(guess)


def other_language(other: TextLanguage | None) -> dict[str, Any]:
    """What a page tells of it: the language is chosen in the form, so sending again is enough."""
    return {"looks_like": other, "text_language": other.code} if other else {}


def language_choice(
    request: HttpRequest, dialogue: Dialogue, stored: str | None = None
) -> dict[str, Any]:
    """What a form shows to ask for the language; nothing where the dialogue has one only.

    Chosen is what was sent, else the one of the text as ``stored``, else that of the page.
    """
    if not has_languages(dialogue):
        return {}
    codes, page = languages_of(dialogue), get_language() or ""
    first = stored if stored is not None else page if page in codes else codes[0]
    return {
        "text_languages": [TextLanguage(code) for code in codes],
        "text_language": request.POST.get("language", first),
    }


def ask_language(form: forms.Form, dialogue: Dialogue, first: str | None = None) -> None:
    """Fill the field ``language`` of a form of staff, or take it out where there is one only."""
    if not has_languages(dialogue):
        del form.fields["language"]
        return
    field = form.fields["language"]
    assert isinstance(field, forms.ChoiceField)
    offered = [(each.code, each.name) for each in map(TextLanguage, languages_of(dialogue))]
    field.choices = [*offered, ("", _("Another one"))]
    field.initial = dialogue.language if first is None else first
