"""Desk pages of invitations: a new round with its preview, and a round with its progress.

No list is stored between two pages: the preview gives it back in its form.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.core.page.errors.given_back import secret_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.outreach.invitations import actions
from middleground.outreach.invitations.forms import ListForm, RoundForm, broken_lines
from middleground.outreach.invitations.letters import words_of
from middleground.outreach.invitations.sending import send_round
from middleground.outreach.models import InvitationRound
from middleground.people.permissions import Action, require, staff_only, staff_user


class BouncedForm(forms.Form):
    bounced = forms.IntegerField(
        label=gettext_lazy("Came back to your mailbox later"), min_value=0, max_value=20_000
    )


@form_fields(RoundForm)
@secret_fields("addresses")
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds so far, and a new one: its form, then its preview, then it is sent."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    if request.method != "POST":
        return _rounds_page(request, dialogue, RoundForm(initial={"language": dialogue.language}))
    form = RoundForm(request.POST, request.FILES)
    if not form.is_valid() or "change" in request.POST:
        return _rounds_page(request, dialogue, form)
    asked = request.POST.get("form", "")[:22] or secrets.token_urlsafe(16)
    try:
        actions.check_sendable(dialogue)
        if "send" not in request.POST:
            return _preview(request, dialogue, form, asked)
        made = actions.begin_round(dialogue, _text(form), asked)
        _send(request, made, form.read.found)
    except actions.InvitationsRefused as refused:
        if refused.code == "already_begun":
            messages.warning(request, refused.message)
            again = InvitationRound.objects.get(form=asked)
            return redirect("desk_invitation_round", slug=slug, number=again.number)
        form.add_error(None, refused.message)
        return _rounds_page(request, dialogue, form)
    return redirect("desk_invitation_round", slug=slug, number=made.number)


def _text(form: RoundForm) -> actions.RoundText:
    names = ("kind", "language", "words", "per_minute")
    return actions.RoundText(*(form.cleaned_data[name] for name in names))


def _send(request: HttpRequest, round_: InvitationRound, addresses: list[str]) -> None:
    staff = staff_user(request)
    name = actions.take_over(staff, round_, addresses)
    send_round(round_.pk, name, staff.pk, addresses)


def _rounds_page(request: HttpRequest, dialogue: Dialogue, form: RoundForm) -> HttpResponse:
    errors = form.is_bound and "change" not in request.POST
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "form": form,
        "problems": broken_lines(form.read) if errors and hasattr(form, "read") else [],
        "has_server": bool(settings.MAIL),
        "rounds": [_state(each) for each in dialogue.invitation_rounds.all()],
    }
    return render(request, "outreach/desk/invitations.html", page, status=422 if errors else 200)


def _preview(request: HttpRequest, dialogue: Dialogue, form: RoundForm, asked: str) -> HttpResponse:
    text = _text(form)
    shown = InvitationRound(
        dialogue=dialogue, kind=text.kind, language=text.language, words=text.words
    )
    subject, paragraphs = words_of(shown, "0" * 16)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "text": text,
        "form_id": asked,
        "number": len(form.read.found),
        "minutes": -(-len(form.read.found) // text.per_minute),
        "problems": broken_lines(form.read),
        "addresses": "\n".join(form.read.found),
        "subject": subject,
        "body": "\n\n".join(paragraphs),
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return render(request, "outreach/desk/invitations_preview.html", page)


@form_fields(ListForm, BouncedForm)
@secret_fields("addresses")
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How far a round is; go on with the same list, stop, end, and count what came back."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    round_ = dialogue.invitation_rounds.filter(number=number).first()
    if round_ is None:
        raise Http404
    round_.dialogue = dialogue
    wanted = request.POST.get("do", "")
    again = ListForm(request.POST, request.FILES) if wanted == "go on" else ListForm()
    bounced = BouncedForm(
        request.POST if wanted == "bounced" else None, initial={"bounced": round_.bounced}
    )
    try:
        done = _done(request, round_, again, bounced)
    except actions.InvitationsRefused as refused:
        messages.error(request, refused.message)
        done = "refused"
    if done:
        if done != "refused":
            messages.success(request, done)
        return redirect("desk_invitation_round", slug=slug, number=number)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "outreach",
        "again": again,
        "bounced": bounced,
        **_state(round_),
    }
    status = 422 if again.errors or bounced.errors else 200
    return render(request, "outreach/desk/invitation_round.html", page, status=status)


def _done(
    request: HttpRequest, round_: InvitationRound, again: ListForm, bounced: BouncedForm
) -> str:
    """Do what was sent, and say what was done; empty if nothing was."""
    staff, wanted = staff_user(request), request.POST.get("do", "")
    if wanted == "stop":
        actions.stop_round(staff, round_)
        return _("It stops after the e-mail that is being sent.")
    if wanted == "end":
        actions.end_round(staff, round_)
        return _("The round has ended. Nothing tells any longer who got it.")
    if again.is_bound and again.is_valid():
        _send(request, round_, again.read.found)
        return _("It goes on. Whoever got it does not get it again.")
    if bounced.is_bound and bounced.is_valid():
        actions.count_bounced(round_, bounced.cleaned_data["bounced"])
        return _("Saved.")
    return ""


def _state(round_: InvitationRound) -> dict[str, Any]:
    """What a page says of a round."""
    done = round_.total - round_.left
    of = ngettext("%(done)d of %(n)d address", "%(done)d of %(n)d addresses", round_.total)
    return {
        "round": round_,
        "done": done,
        "told": of % {"done": done, "n": round_.total},
        "at_work": actions.is_being_sent(round_),
        "may_go_on": not round_.ended and not actions.is_being_sent(round_),
        "is_reminder": round_.kind == InvitationRound.Kind.REMINDER,
        "ends_on": round_.begun_on + timedelta(days=actions.KEPT_DAYS),
    }
