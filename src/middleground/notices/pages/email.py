"""Following a case by e-mail: the form, and the page to which the links in mails lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from middleground.answers.models import Case
from middleground.core.languages.reader import language_spoken
from middleground.core.page.errors import asked_too_often, error_page
from middleground.core.page.typed_fields import MailField
from middleground.core.rate_limits import seconds_to_wait
from middleground.dialogues.queries import public_dialogue
from middleground.notices.addresses import LONGEST, follower_of
from middleground.notices.following import (
    FollowRefused,
    ask_to_follow,
    confirm,
    stop,
    takes_email,
)


class LanguageField(forms.ChoiceField):
    """A language of the site; that of the page if none is sent."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value or language_spoken().code))


class AddressForm(forms.Form):
    address = MailField(
        label=_("E-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("This is not an e-mail address. An address looks like name@example.org."),
            "required": _("Enter an e-mail address."),
        },
    )
    language = LanguageField(
        label=_("Language of the e-mails"),
        initial=lambda: language_spoken().code,
        choices=lambda: settings.LANGUAGES,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]

    def clean_address(self) -> str:
        """The address as mail servers take it: a name in ASCII, the domain without capitals."""
        name, _at, domain = self.cleaned_data["address"].rpartition("@")
        try:
            address = f"{name.encode('ascii').decode()}@{domain.encode('idna').decode().lower()}"
        except UnicodeError:
            raise forms.ValidationError(
                _("We can only write to addresses in Latin letters without accents.")
            ) from None
        if len(address) > LONGEST:
            raise forms.ValidationError(_("This address is too long."))
        return address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_case(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask for an address, and say the same whether it follows already or not."""
    case = _case(slug, number)
    if request.method != "POST":
        return _form(request, case, AddressForm())
    form = AddressForm(request.POST)
    too_many = asked_too_often(request, "follow", None)
    if too_many:
        return too_many
    if not form.is_valid():
        return _form(request, case, form, status=422)
    address = form.cleaned_data["address"]
    try:
        # Who is written to too often is written to no more, and whoever asks is not told.
        if not seconds_to_wait("follow", address.casefold().encode(), None):
            ask_to_follow(case, address, form.cleaned_data.get("language", ""))
    except FollowRefused as refused:
        return _form(request, case, form, status=refused.status, error=refused.message)
    except OperationalError:  # for example a full disk
        error = str(_("It could not be saved just now. Please send it again in a moment."))
        return _form(request, case, form, status=503, error=error)
    return redirect("follow_asked", slug=slug, number=number)


@require_safe
def show_asked(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    case = _case(slug, number)
    page = {"dialogue": case.dialogue, "case": case}
    return render(request, "notices/asked.html", page)


@never_cache
@require_safe
def show_following(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a mail leads to. Looking changes nothing: mail servers look, too."""
    follower = follower_of(token)
    if follower is None:
        return _leads_nowhere(request)
    page = {"follower": follower, "case": follower.case, "token": token}
    return render(request, "notices/following.html", page)


@never_cache
@require_POST
def confirm_following(request: HttpRequest, token: str) -> HttpResponse:
    follower = follower_of(token)
    if follower is None:
        return _leads_nowhere(request)
    confirm(follower)
    return redirect("following", token=token)


@csrf_exempt  # a mail program sends it, from no page of ours: RFC 8058
@never_cache
@require_POST
def stop_following(request: HttpRequest, token: str) -> HttpResponse:
    """Delete the address. Again, or with a link that leads nowhere, it is as deleted."""
    follower = follower_of(token)
    if follower is not None:
        stop(follower)
    return render(request, "notices/stopped.html", {"case": follower.case if follower else None})


def _case(slug: str, number: int) -> Case:
    """A case that can be followed by e-mail; raises Http404."""
    dialogue = public_dialogue(slug)
    case = dialogue.cases.filter(number=number).first()
    if case is None or not takes_email(dialogue):
        raise Http404
    case.dialogue = dialogue
    return case


def _form(
    request: HttpRequest, case: Case, form: AddressForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    page = {"dialogue": case.dialogue, "case": case, "form": form, "error": error}
    return render(request, "notices/follow.html", page, status=status)


def _leads_nowhere(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        404,
        str(_("This link no longer works")),
        str(_("The address it was sent to is deleted, or was not confirmed in time.")),
    )
