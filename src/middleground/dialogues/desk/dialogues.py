"""The host's desk: one dialogue, and its states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from middleground.core.page import markdown
from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.first_hour.checklist import checklist
from middleground.dialogues.desk.first_hour.templates import TEMPLATES, with_template
from middleground.dialogues.desk.forms import DialogueForm
from middleground.dialogues.lifecycle import actions
from middleground.dialogues.lifecycle.drafts import obstacle_to_deleting
from middleground.dialogues.lifecycle.listing import archive_dialogue, unarchive_dialogue
from middleground.dialogues.models import (
    Appeal,
    Dialogue,
    Statement,
    in_state,
)
from middleground.dialogues.models.texts.text_kinds import find_text_kinds, kind_of
from middleground.dialogues.models.texts.topic import MANY_STATEMENTS
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.translations.progress import count_apart, count_waiting
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, may, require, staff_only, staff_user
from middleground.texts.moderation import TextState


def appealed(path: str = "") -> Q:
    """Statements with a waiting appeal."""
    waits = Appeal.Outcome.WAITING
    return Q(**{f"{path}appeal__outcome": waits, f"{path}status": Statement.Status.REJECTED})


@form_fields(DialogueForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def create_dialogue(request: HttpRequest) -> HttpResponse:
    require(request, Action.CREATE_DIALOGUES)
    template = request.POST.get("template", "")
    form = DialogueForm(request.POST or None, initial={"host_name": _last_host_name()})
    if template:
        form = DialogueForm(initial=with_template(template, form))
    elif request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        dialogue = actions.create_dialogue(staff_user(request), form.values())
        messages.success(request, _("The draft is saved. Only staff see it."))
        return redirect("desk_dialogue", slug=dialogue.slug)
    page = {"form": form, "templates": TEMPLATES, "template": template, **_shown(request, form)}
    return render(request, "dialogues/desk/edit.html", page)


@form_fields(DialogueForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    form = DialogueForm(request.POST or None, instance=any_dialogue(slug))
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            changed = actions.edit_dialogue(staff_user(request), dialogue, form.values())
        except actions.LifecycleRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason.message)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("desk_dialogue", slug=form.cleaned_data["slug"])
    page = {
        "form": form,
        "dialogue": dialogue,
        **dialogue_frame(request, dialogue),
        **_shown(request, form),
        "obstacle": actions.obstacle_to_reopening(dialogue),
    }
    return render(request, "dialogues/desk/edit.html", page)


def _last_host_name() -> str:
    last = Dialogue.objects.order_by("-id").values_list("host_name", flat=True).first()
    return last or ""


def _shown(request: HttpRequest, form: DialogueForm) -> dict[str, Any]:
    """The host's texts rendered for a preview, if one was requested."""
    if "preview" not in request.POST:
        return {}
    texts = (
        (_("Background"), "background"),
        (_("What happens with the answers"), "promise"),
        (_("What is not shown"), "moderation_policy"),
    )
    return {"shown": [(title, markdown.render(form[name].value() or "")) for title, name in texts]}


@staff_only
@require_safe
def show_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the state of a dialogue and the possible actions."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    at = timezone.now()
    step = dialogue.minimum_shown
    participants = dialogue.participants.count()
    frame = dialogue_frame(request, dialogue)
    page = {
        **frame,
        **_before_it_opens(dialogue, at, may_facilitate=frame["may_facilitate"]),
        "obstacle": actions.obstacle_to_reopening(dialogue),
        "will_be_scheduled": bool(dialogue.opens_at and dialogue.opens_at > at),
        "participants": floor_to_step(participants, step),
        "anyone": bool(participants),
        "may_delete": frame["may_facilitate"] and obstacle_to_deleting(dialogue) is None,
        "may_copy": frame["may_facilitate"] and may(request.user, Action.CREATE_DIALOGUES),
        **_statements_of(dialogue),
        "apart": count_apart(dialogue) if dialogue.other_languages else 0,
        "log": dialogue.staff_actions.select_related("staff", "statement")[:20],
    }
    return render(request, "dialogues/desk/dialogue.html", page)


def _statements_of(dialogue: Dialogue) -> dict[str, Any]:
    """How many are shown, and whether they are many and not sorted."""
    count = dialogue.statements.votable().count()
    unsorted = count > MANY_STATEMENTS and not dialogue.topics.exists()
    return {"statements": count, "suggest_topics": unsorted}


def _before_it_opens(dialogue: Dialogue, at: datetime, *, may_facilitate: bool) -> dict[str, Any]:
    """What a draft still lacks, and its checklist; nothing for other dialogues."""
    if dialogue.state != Dialogue.State.DRAFT:
        return {"missing": []}
    missing = actions.missing_to_open(dialogue, at)
    points = checklist(dialogue, missing, may_facilitate=may_facilitate)
    return {"missing": missing, "checklist": points}


def dialogue_frame(request: HttpRequest, dialogue: Dialogue) -> dict[str, Any]:
    """Template context for the head and tabs of every desk page of a dialogue."""
    phase = dialogue.phase(timezone.now())
    statements = dialogue.statements.aggregate(
        undecided=Count("id", filter=Q(status=Statement.Status.PENDING)),
        unseen=Count("id", filter=Q(status=Statement.Status.APPROVED, reviewed=False)),
        appeals=Count("id", filter=appealed()),
    )
    return {
        "dialogue": dialogue,
        "other_texts": _other_texts(dialogue, phase),
        "phase": phase,
        "may_facilitate": may(request.user, Action.FACILITATE, dialogue),
        "may_grant_roles": may(request.user, Action.GRANT_ROLES, dialogue),
        "may_see": may(request.user, Action.SEE, dialogue),
        "may_enter": may(request.user, Action.ENTER, dialogue),
        "may_translate": may(request.user, Action.TRANSLATE, dialogue),
        "translations_waiting": count_waiting(dialogue) if dialogue.other_languages else 0,
        "waiting": statements["undecided"] if kind_of(Statement).is_waited_for(phase) else 0,
        **statements,
    }


def _other_texts(dialogue: Dialogue, phase: str) -> list[dict[str, Any]]:
    """The kinds of texts beside statements of which this dialogue has some.

    ``undecided`` are those that nobody decided about, ``waiting`` those that still should be.
    """
    found = []
    for kind in find_text_kinds():
        if kind.model is not Statement:
            counts = kind.ready_of(dialogue).aggregate(
                all=Count("id"),
                undecided=Count("id", filter=in_state(TextState.WAITING)),
                appeals=Count("id", filter=appealed()),
            )
            waiting = counts["undecided"] if kind.is_waited_for(phase) else 0
            found.append({"kind": kind, "waiting": waiting, **counts})
    return [each for each in found if each["all"]]


@staff_only
@require_POST
def change_state(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """Open, open at once, withdraw, close or reopen."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    staff = staff_user(request)
    try:
        if verb in {"open", "open-now"}:
            dialogue = actions.open_dialogue(staff, dialogue, at_once=verb == "open-now")
            done = (
                _("It will open by itself.")
                if dialogue.phase(timezone.now()) == "scheduled"
                else _("The dialogue is open.")
            )
        elif verb == "withdraw":
            actions.withdraw_dialogue(staff, dialogue)
            done = _("It is a draft again.")
        elif verb == "archive":
            archive_dialogue(staff, dialogue)
            done = _("It is in the archive.")
        elif verb == "unarchive":
            unarchive_dialogue(staff, dialogue)
            done = _("It is on the front page again.")
        elif verb == "close":
            actions.close_dialogue(staff, dialogue)
            done = _("The dialogue is closed. The final map is being made.")
        else:
            actions.reopen_dialogue(staff, dialogue)
            done = _("The dialogue is open again. Set an end if it needs one.")
        messages.success(request, done)
    except actions.LifecycleRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.message)
    return redirect("desk_dialogue", slug=slug)
