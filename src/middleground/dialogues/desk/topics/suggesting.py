"""Page of suggested topics: a draft that is computed when asked for, and stored nowhere.

The draft travels in the form: what staff accept becomes topics, and nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import as_ranges, from_ranges
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.topics import TopicRefused, add_topics
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.texts.topics.suggest import FEWEST_TEXTS, MOST_TOPICS, suggest_topics

MOST_TEXTS = 5_000  # the oldest; the next time the others are at the front

_SENT = {
    "accept": forms.Field(label=gettext_lazy("Accepted")),
    "name": forms.CharField(label=gettext_lazy("Name")),
    "of": forms.ChoiceField(label=gettext_lazy("Numbers"), choices=[]),
    "words": forms.ChoiceField(label=gettext_lazy("Words"), choices=[]),
}


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """A suggested topic on the page; ``of`` are the numbers of its ``statements`` as ranges."""

    place: int
    name: str
    words: str
    of: str
    statements: list[Statement]
    accepted: bool = False


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.SORT, dialogue)
    if request.method != "POST":
        return _page(request, dialogue, _new_drafts(dialogue))
    drafts = _sent_drafts(dialogue, request.POST)
    accepted = [(each.name, from_ranges(each.of)) for each in drafts if each.accepted]
    if not accepted:
        messages.error(request, _("Tick the topics that you accept."))
        return _page(request, dialogue, drafts)
    try:
        made = add_topics(staff_user(request), dialogue, accepted)
    except TopicRefused as refused:
        messages.error(request, f"{refused.message} {_('No topic was made.')}")
        return _page(request, dialogue, drafts)
    text = ngettext("%(n)d topic is made.", "%(n)d topics are made.", len(made))
    messages.success(request, text % {"n": len(made)})
    return redirect("desk_topics", slug=slug)


def _page(request: HttpRequest, dialogue: Dialogue, drafts: list[TopicDraft]) -> HttpResponse:
    page = {
        **dialogue_frame(request, dialogue),
        "drafts": drafts,
        "inside": sum(len(each.statements) for each in drafts),
        "without": dialogue.statements.votable().filter(topic_links=None).count(),
        "fewest": FEWEST_TEXTS,
    }
    return render(request, "dialogues/desk/suggested_topics.html", page)


def _new_drafts(dialogue: Dialogue) -> list[TopicDraft]:
    """Suggestions for the shown statements that are in no topic."""
    found = dialogue.statements.votable().filter(topic_links=None)
    statements = list(found.order_by("number")[:MOST_TEXTS])
    return [
        _draft(place, topic.name, ", ".join(topic.words), [statements[at] for at in topic.members])
        for place, topic in enumerate(suggest_topics([each.text for each in statements]))
    ]


def _sent_drafts(dialogue: Dialogue, sent: QueryDict) -> list[TopicDraft]:
    """The suggestions as the form sends them back, with what staff typed and ticked."""
    places = [place for place in range(MOST_TOPICS) if f"of-{place}" in sent]
    numbers = {place: from_ranges(sent.get(f"of-{place}", "")) for place in places}
    shown = {each.number: each for each in dialogue.statements.votable()}
    return [
        _draft(
            place,
            sent.get(f"name-{place}", ""),
            sent.get(f"words-{place}", ""),
            [shown[number] for number in numbers[place] if number in shown],
            accepted=f"accept-{place}" in sent,
        )
        for place in places
    ]


def _draft(
    place: int, name: str, words: str, statements: list[Statement], *, accepted: bool = False
) -> TopicDraft:
    of = as_ranges(sorted(each.number for each in statements))
    return TopicDraft(place, name, words, of, statements, accepted)
