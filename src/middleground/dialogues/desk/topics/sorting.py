"""Page of a dialogue's topics: make some, put them in order, and sort many statements at once."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import (
    as_ranges,
    from_ranges,
    is_number,
    numbers_in,
)
from middleground.dialogues.desk.topics.listing import address_of, listing
from middleground.dialogues.models import Dialogue, Topic
from middleground.dialogues.models.texts.topic import MOST_OF_A_STATEMENT
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.topics import (
    SortedStatements,
    TopicRefused,
    add_topic,
    move_topic,
    put_into,
    take_out,
)
from middleground.people.permissions import Action, require, staff_only, staff_user

MOST_TOLD = 200  # characters of a list of numbers

# What is sent after the session ended is told in these words.
_SENT = {
    "do": forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("add", gettext_lazy("Make the topic")),
            ("put", gettext_lazy("Put into the topic")),
            ("out", gettext_lazy("Take out of the topic")),
            ("up", gettext_lazy("Up")),
            ("down", gettext_lazy("Down")),
        ],
    ),
    "name": forms.CharField(label=gettext_lazy("Name of a new topic")),
    "topic": forms.Field(label=gettext_lazy("Topic")),
    "chosen": forms.Field(label=gettext_lazy("Ticked")),
    "of": forms.ChoiceField(label=gettext_lazy("Numbers"), choices=[]),
}


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def sort_statements(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.SORT, dialogue)
    problem = ""
    if request.method == "POST":
        try:
            problem = _done(request, dialogue)
        except TopicRefused as refused:
            problem = refused.message
        if not problem:
            return redirect(address_of(dialogue, request.GET))
        messages.error(request, problem)
    page = {
        **dialogue_frame(request, dialogue),
        **listing(dialogue, request.GET, numbers_in(request.POST.getlist("chosen"))),
        "typed": request.POST.get("name", "") if problem else "",
        "topic_chosen": request.POST.get("topic", "") if problem else "",
    }
    return render(request, "dialogues/desk/topics.html", page)


def _done(request: HttpRequest, dialogue: Dialogue) -> str:
    """Do what the form asks; return what is missing, if anything. Raises ``TopicRefused``."""
    staff, sent = staff_user(request), request.POST
    what, _colon, which = sent.get("do", "").partition(":")
    if what == "add":
        topic, _sorted = add_topic(staff, dialogue, sent.get("name", ""))
        messages.success(request, _("The topic “%(name)s” is made.") % {"name": topic.name})
        return ""
    if what in {"up", "down"}:
        move_topic(staff, _topic(dialogue, which), up=what == "up")
        return ""
    if what not in {"put", "out"}:
        return _("Choose what to do.")
    of_all = from_ranges(sent.get("of", "")) if which == "all" else None
    numbers = of_all if of_all is not None else numbers_in(sent.getlist("chosen"))
    if not numbers:
        return _("Tick at least one statement.")
    if not sent.get("topic"):
        return _("Choose a topic.")
    topic = _topic(dialogue, sent["topic"])
    if what == "put":
        tell_sorted(request, topic, put_into(staff, topic, numbers))
    else:
        _tell_taken_out(request, topic, take_out(staff, topic, numbers))
    return ""


def _topic(dialogue: Dialogue, number: str) -> Topic:
    found = dialogue.topics.filter(number=int(number)).first() if is_number(number) else None
    if found is None:
        raise TopicRefused("gone")
    return found


def tell_sorted(request: HttpRequest, topic: Topic, done: SortedStatements) -> None:
    """Say how many came into the topic, and which did not, and why."""
    text = ngettext(
        "%(n)d statement came into “%(name)s”.",
        "%(n)d statements came into “%(name)s”.",
        done.added,
    )
    messages.success(request, text % {"n": done.added, "name": topic.name})
    if done.full:
        text = _("These are in %(most)d topics already, which is the limit: %(numbers)s.")
        values = {"most": MOST_OF_A_STATEMENT, "numbers": _told(done.full)}
        messages.warning(request, text % values)
    if done.gone:
        text = _("Not shown any more, so not sorted: %(numbers)s.")
        messages.warning(request, text % {"numbers": _told(done.gone)})


def _tell_taken_out(request: HttpRequest, topic: Topic, count: int) -> None:
    text = ngettext(
        "%(n)d statement was taken out of “%(name)s”.",
        "%(n)d statements were taken out of “%(name)s”.",
        count,
    )
    messages.success(request, text % {"n": count, "name": topic.name})


def _told(numbers: Collection[int]) -> str:
    ranges = as_ranges(sorted(numbers))
    return ranges if len(ranges) <= MOST_TOLD else f"{ranges[:MOST_TOLD].rpartition(',')[0]}, …"
