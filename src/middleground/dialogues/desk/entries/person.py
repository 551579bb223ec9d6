"""The page from which a helper reads statements to a person, and enters what they answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.core.refusals import Refused
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.entries.at_hand import PersonAtHand, forget_person, person_at_hand
from middleground.dialogues.desk.entries.one_batch import batch_of
from middleground.dialogues.desk.statements.chosen import is_number
from middleground.dialogues.identity.admission_codes import grouped
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.models import EntryBatch
from middleground.dialogues.participation.entries import people
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.translations.languages import TextLanguage, languages_of, said_language
from middleground.dialogues.translations.shown import shown_words
from middleground.dialogues.voting.dealing import statement_pools
from middleground.dialogues.voting.store import VALUES
from middleground.people.permissions import Action, require, staff_only

_SENT = {
    "vote": forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            ("agree", gettext_lazy("Agree")),
            ("disagree", gettext_lazy("Disagree")),
            ("pass", gettext_lazy("Pass, or not sure")),
            ("withdraw", gettext_lazy("Undo")),
        ],
    ),
    "text": forms.CharField(label=gettext_lazy("A statement of theirs")),
    "language": forms.ChoiceField(label=gettext_lazy("Language"), choices=[]),
    # Marks of the page, by which it is known what was asked.
    "statement": forms.IntegerField(),
    "proof": forms.CharField(),
    "do": forms.ChoiceField(choices=[]),
}


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The answer just stored, with what undoing it needs."""

    number: int
    value: int
    proof: str


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter_person(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.ENTER, dialogue)
    batch = batch_of(request, dialogue, number)
    person = person_at_hand(request, batch)
    try:
        if person is None:
            raise people.EntryRefused("nobody")
        if request.method == "POST":
            return _act(request, batch, person)
        return _page(request, batch, person)
    except people.EntryRefused as refused:
        messages.error(request, refused.message)
        response = redirect("desk_batch", slug=slug, number=number)
        if refused.code == "nobody":
            forget_person(response, batch)
        return response


def _act(request: HttpRequest, batch: EntryBatch, person: PersonAtHand) -> HttpResponse:
    """Raises ``EntryRefused``."""
    sent = request.POST
    here = reverse("desk_entry", args=[batch.dialogue.slug, batch.number])
    if sent.get("vote") in VALUES:
        statement = _number(sent.get("statement", ""))
        value = VALUES[sent["vote"]]
        people.give_answer(batch, person.number, statement, value, sent.get("proof", ""))
        return redirect(here if value is None else f"{here}?after={statement}")
    if "text" in sent:
        return _write(request, batch, person, sent["text"])
    what = sent.get("do")
    if what in {"language", "blank"}:
        response: HttpResponse = redirect(here)
        if what == "language":
            changed = replace(person, language=sent.get("language", ""))
        else:
            changed = replace(person, blank=(*person.blank, _number(sent.get("statement", ""))))
        changed.keep(response, batch)
        return response
    response = redirect("desk_batch", slug=batch.dialogue.slug, number=batch.number)
    if what == "take_back":
        people.take_person_back(batch, person.number)
        messages.success(request, _("All that you entered for this person is deleted."))
    forget_person(response, batch)
    return response


def _write(
    request: HttpRequest, batch: EntryBatch, person: PersonAtHand, text: str
) -> HttpResponse:
    """Store the person's own statement; one that is refused stays in the form."""
    token = people.token_in(batch, person.number)
    try:
        language = said_language(batch.dialogue, person.language)
        submit_statement(batch.dialogue, token, text, language=language)
    except Refused as refused:
        return _page(request, batch, person, refused.status, error=refused.message, typed=text)
    messages.success(request, _("Their statement is stored."))
    return redirect("desk_entry", slug=batch.dialogue.slug, number=batch.number)


def _page(
    request: HttpRequest, batch: EntryBatch, person: PersonAtHand, status: int = 200, **more: Any
) -> HttpResponse:
    """Raises ``EntryRefused``."""
    dialogue = batch.dialogue
    card = people.next_card(batch, person.number, person.blank)
    with translation.override(person.language or dialogue.language):
        text = shown_words(dialogue, card.number, card.text) if card.number else ""
    page = {
        **dialogue_frame(request, dialogue),
        "batch": batch,
        "card": card,
        "text": text,
        "number": grouped(person.number),
        "stub_address": absolute(reverse("entered", args=[dialogue.slug])),
        "language": person.language or dialogue.language,
        "languages": [TextLanguage(code) for code in languages_of(dialogue)],
        "last": _last(request, batch, person),
        "entered": batch.participants,
        "on_paper": batch.channel == EntryBatch.Channel.PAPER,
        **more,
    }
    return render(request, "dialogues/desk/entries/person.html", page, status=status)


def _last(request: HttpRequest, batch: EntryBatch, person: PersonAtHand) -> LastAnswer | None:
    """The answer that was given before this page; its value comes from the database."""
    statement = statement_pools.of(batch.dialogue).by_number.get(
        _number(request.GET.get("after", ""))
    )
    if statement is None:
        return None
    token = people.token_in(batch, person.number)
    value = people.answers_of(batch, person.number).get(statement.pk)
    if value is None:
        return None
    return LastAnswer(
        statement.number, value, proof(batch.dialogue_id, token, statement.pk, dealt=True)
    )


def _number(text: str) -> int:
    """A statement's number, or -1, which no statement has."""
    return int(text) if is_number(text) else -1
