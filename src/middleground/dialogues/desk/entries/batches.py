"""Page of a dialogue's batches: facilitators open one for a helper, helpers find theirs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue, EntryBatch
from middleground.dialogues.participation.entries.batches import (
    MOST_PEOPLE,
    BatchRefused,
    open_batch,
)
from middleground.dialogues.queries import any_dialogue
from middleground.disclosure.rounding import floor_to_step
from middleground.people.models import User
from middleground.people.permissions import Action, may, require, staff_only, staff_user


class BatchForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("How people answer"),
        choices=EntryBatch.Channel.choices,
        initial=EntryBatch.Channel.TELEPHONE,
        widget=forms.RadioSelect,
    )
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=120,
        help_text=gettext_lazy("Public. A place or an occasion, and no person’s name or address."),
    )
    organization = forms.CharField(
        label=gettext_lazy("Which organization asks them"),
        max_length=120,
        help_text=gettext_lazy("Public. Whoever reads the results sees who asked."),
    )
    helper = forms.ModelChoiceField(
        label=gettext_lazy("Who enters it"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Not public. Volunteers need an account with the role “helper”."),
    )
    most = forms.IntegerField(
        label=pgettext_lazy("people in a batch", "For how many people at most"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=50,
        help_text=gettext_lazy("Public. Nobody can enter more than that."),
    )

    def __init__(self, dialogue: Dialogue, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helper"].queryset = helpers_of(dialogue)  # type: ignore[attr-defined]


def helpers_of(dialogue: Dialogue) -> QuerySet[User]:
    """The accounts that may enter something here."""
    active = User.objects.filter(is_active=True).exclude(role=User.Role.OFFICIAL)
    here = Q(pk__in=dialogue.memberships.exclude(role="translator").values("user"))
    everywhere = Q(role__in=(User.Role.FACILITATOR, User.Role.MODERATOR))
    return active.filter(here | everywhere).order_by("email")


def batches_of(dialogue: Dialogue, user: User) -> QuerySet[EntryBatch]:
    """Those that the account may see: all for facilitators, for others their own."""
    batches = dialogue.entry_batches.select_related("helper", "dialogue")
    return batches if may(user, Action.FACILITATE, dialogue) else batches.filter(helper=user)


def people_told(batch: EntryBatch) -> int:
    """How many people it holds, in steps: for those who did not enter them."""
    return floor_to_step(batch.participants, batch.dialogue.minimum_shown)


@form_fields(BatchForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def manage_batches(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.ENTER, dialogue)
    staff = staff_user(request)
    form = BatchForm(dialogue, initial={"organization": dialogue.host_name, "helper": staff.pk})
    if request.method == "POST":
        require(request, Action.FACILITATE, dialogue)
        form = BatchForm(dialogue, request.POST)
        if form.is_valid():
            try:
                batch = open_batch(staff, dialogue, **form.cleaned_data)
            except BatchRefused as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, _("The batch is open."))
                return redirect("desk_batch", slug=slug, number=batch.number)
    page = {
        **dialogue_frame(request, dialogue),
        "form": form,
        "batches": [(each, people_told(each)) for each in batches_of(dialogue, staff)],
    }
    status = 422 if form.errors else 200
    return render(request, "dialogues/desk/entries/batches.html", page, status=status)
