"""Desk pages about e-mail: whether a dialogue's cases can be followed, and an official's wish."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.queries import any_dialogue
from middleground.notices.following import choose_email
from middleground.notices.models import (
    EmailChoice,
    Follower,
    Mail,
    MailTrouble,
    OfficialEmailChoice,
)
from middleground.people.permissions import Action, require, staff_only, staff_user


class ChoiceForm(forms.Form):
    on = forms.BooleanField(
        label=gettext_lazy("People can follow cases of this dialogue by e-mail"),
        required=False,
        help_text=gettext_lazy("Turning this off deletes all addresses at once, and tells nobody."),
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose_for_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    is_on = EmailChoice.objects.filter(dialogue=dialogue, on=True).exists()
    form = ChoiceForm(request.POST if request.method == "POST" else None, initial={"on": is_on})
    if form.is_valid():
        deleted = choose_email(dialogue, on=form.cleaned_data["on"])
        messages.success(request, _saved(deleted))
        return redirect("desk_email", slug=slug)
    followers = Follower.objects.filter(case__dialogue=dialogue)
    of_officials = Q(dialogue=None, official__isnull=False)
    of_all = Q(kind=MailTrouble.Kind.UNREACHABLE)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "email",
        "form": form,
        "has_server": bool(settings.MAIL),
        "confirmed": followers.filter(confirmed=True).count(),
        "asked": followers.filter(confirmed=False).count(),
        "mails_waiting": Mail.objects.filter(follower__case__dialogue=dialogue).count(),
        "troubles": MailTrouble.objects.filter(Q(dialogue=dialogue) | of_all),
        "officials": MailTrouble.objects.filter(of_officials).select_related("official"),
    }
    return render(request, "notices/desk/email.html", page)


def _saved(deleted: int) -> str:
    if not deleted:
        return _("Saved.")
    text = ngettext(
        "Saved. %(n)d address was deleted.", "Saved. %(n)d addresses were deleted.", deleted
    )
    return text % {"n": deleted}


@staff_only
@require_POST
def choose_for_official(request: HttpRequest) -> HttpResponse:
    """An official's own switch, on the page of their account."""
    user = staff_user(request)
    if not user.is_official:
        raise PermissionDenied
    on = request.POST.get("on") == "1"
    OfficialEmailChoice.objects.update_or_create(user=user, defaults={"on": on})
    if not on:
        Mail.objects.filter(official=user, is_claimed=False).delete()
    told = _("You get an e-mail when you owe something.") if on else _("You get no e-mail.")
    messages.success(request, told)
    return redirect("mfa_index")
