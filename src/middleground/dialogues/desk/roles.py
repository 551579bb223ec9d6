"""Staff roles in one dialogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.lifecycle.roles import grant_role, withdraw_role
from middleground.dialogues.models import Dialogue, DialogueMembership
from middleground.dialogues.queries import any_dialogue
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user


class GrantForm(forms.Form):
    # Facilitators of the whole installation need no role in a dialogue, and officials have none.
    member = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=User.objects.filter(is_active=True)
        .exclude(role__in=(User.Role.FACILITATOR, User.Role.OFFICIAL))
        .order_by("email"),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=DialogueMembership.Role.choices,
        initial=DialogueMembership.Role.MODERATOR,
        widget=forms.RadioSelect,
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def manage_roles(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.GRANT_ROLES, dialogue)
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        granted = grant_role(staff_user(request), dialogue, **form.cleaned_data)
        messages.success(request, _("The role is given.") if granted else _("Nothing was changed."))
        return redirect("desk_roles", slug=slug)
    return render(request, "dialogues/desk/roles.html", _page(request, dialogue, form))


def _page(request: HttpRequest, dialogue: Dialogue, form: GrantForm) -> dict[str, Any]:
    memberships = dialogue.memberships.select_related("user").order_by("role", "user__email")
    return {**dialogue_frame(request, dialogue), "form": form, "memberships": memberships}


@staff_only
@require_POST
def withdraw_member_role(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.GRANT_ROLES, dialogue)
    member = get_object_or_404(User, pk=member_id)
    if withdraw_role(staff_user(request), dialogue, member):
        messages.success(request, _("The role is withdrawn."))
    else:
        messages.info(request, _("They have no role in this dialogue."))
    return redirect("desk_roles", slug=slug)
