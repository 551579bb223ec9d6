"""Page of one topic at the desk: rename it, put it into another one, or delete it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import is_number
from middleground.dialogues.desk.topics.listing import topics_of
from middleground.dialogues.models import Topic
from middleground.dialogues.models.texts.topic import LONGEST_NAME
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.topics import (
    TopicRefused,
    delete_topic,
    merge_topics,
    rename_topic,
)
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user

_SENT = {
    "do": forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("rename", gettext_lazy("Rename")),
            ("merge", gettext_lazy("Put all into another topic")),
            ("delete", gettext_lazy("Delete the topic")),
        ],
    ),
    "name": forms.CharField(label=gettext_lazy("Name")),
    "into": forms.Field(label=gettext_lazy("Other topic")),
}


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_topic(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.SORT, dialogue)
    topics = topics_of(dialogue)
    topic = next((each for each in topics if each.number == number), None)
    if topic is None:
        raise Http404
    others = [each for each in topics if each.number != number]
    if request.method == "POST":
        try:
            messages.success(request, _changed(request, staff_user(request), topic, others))
            return redirect("desk_topics", slug=slug)
        except TopicRefused as refused:
            messages.error(request, refused.message)
    page = {
        **dialogue_frame(request, dialogue),
        "topic": topic,
        "others": others,
        "typed": request.POST.get("name", topic.name),
        "into": request.POST.get("into", ""),
        "longest": LONGEST_NAME,
    }
    return render(request, "dialogues/desk/topic.html", page)


def _changed(request: HttpRequest, staff: User, topic: Topic, others: list[Topic]) -> str:
    """Do it, and return what to say. Raises ``TopicRefused``."""
    what, into = request.POST.get("do", ""), request.POST.get("into", "")
    if what == "delete":
        delete_topic(staff, topic)
        return _("The topic “%(name)s” is deleted. Its statements stay.") % {"name": topic.name}
    if what == "merge":
        other = next((o for o in others if is_number(into) and o.number == int(into)), None)
        if other is None:
            raise TopicRefused("no_other")
        merge_topics(staff, topic, other)
        names = {"name": topic.name, "into": other.name}
        return _("“%(name)s” is part of “%(into)s” now.") % names
    renamed = rename_topic(staff, topic, request.POST.get("name", ""))
    return _("The topic is named “%(name)s”.") % {"name": renamed.name}
