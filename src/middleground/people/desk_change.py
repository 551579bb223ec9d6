"""One form of the desk that changes one thing: its texts, what it asks for, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from middleground.core.refusals import Refused
from middleground.people.models import User
from middleground.people.permissions import staff_user

Subject = TypeVar("Subject")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class DeskChange(Generic[Subject]):
    """``form`` makes the form for a subject and what was sent, if anything; ``act`` does it."""

    title: str | Promise
    lead: str | Promise
    form: Callable[[Subject, Any], forms.BaseForm]
    act: Callable[[User, Subject, Any], object]
    grave: bool = False  # it cannot be undone


def show_change(
    request: HttpRequest, subject: Subject, change: DeskChange[Subject], back: str
) -> HttpResponse:
    """Ask for what the change needs, or make it and go back."""
    form = change.form(subject, sent(request))
    by = staff_user(request)
    changed = done(form, lambda: (change.act(by, subject, form),)) if form.is_valid() else None
    if changed:
        messages.success(request, _("Saved."))
        return redirect(back)
    page = {"subject": subject, "change": change, "form": form, "back": back}
    return render(request, "people/desk_change.html", page)


def done(form: forms.BaseForm, act: Callable[[], Result]) -> Result | None:
    """What the action gave, or None if it was refused; the form then says why."""
    try:
        return act()
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.message)
    except ValidationError as trouble:
        form.add_error(None, trouble.messages)
    return None


def sent(request: HttpRequest) -> Any:
    """What was sent, or None for a page that only asks."""
    return request.POST if request.method == "POST" else None
