"""The desk page on which an account of staff chooses how it is told what waits."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.site_files.canonical import absolute
from middleground.notices.models import Mail, MailTrouble, WaitingNotice
from middleground.notices.waiting import choose_hours, make_feed, revoke_feed, send_test_mail
from middleground.people.models import User
from middleground.people.permissions import staff_only, staff_user


class HoursForm(forms.Form):
    hours = forms.TypedChoiceField(
        label=gettext_lazy("E-mail when something waits"),
        choices=WaitingNotice.Hours.choices,
        coerce=int,
        help_text=gettext_lazy("How much waits, with a link."),
    )


@staff_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    user = staff_user(request)
    if user.is_official:
        raise PermissionDenied
    notice = WaitingNotice.objects.filter(user=user).first() or WaitingNotice(user=user)
    verb = request.POST.get("do", "") if request.method == "POST" else ""
    form = HoursForm(request.POST if verb == "hours" else None, initial={"hours": notice.hours})
    if verb == "feed":
        # Shown in this answer alone, since only the hash is stored.
        address = absolute(reverse("waiting_feed", args=[make_feed(user)]))
        return render(request, "notices/desk/waiting.html", {**_page(user, form), "feed": address})
    if verb == "hours" and form.is_valid():
        choose_hours(user, form.cleaned_data["hours"])
        messages.success(request, _("Saved."))
        return redirect("waiting_notices")
    if verb in ("revoke", "test"):
        _do(request, user, verb)
        return redirect("waiting_notices")
    return render(request, "notices/desk/waiting.html", _page(user, form))


def _do(request: HttpRequest, user: User, verb: str) -> None:
    if verb == "revoke":
        revoke_feed(user)
        messages.success(request, _("The address of your feed no longer works."))
    elif settings.MAIL:
        send_test_mail(user)
        messages.success(request, _("A test e-mail will be sent within a minute."))
    else:
        messages.error(request, _("No mail server is set, so no e-mail can be sent."))


def _page(user: User, form: HoursForm) -> dict[str, object]:
    mine = Q(official=user) | Q(kind=MailTrouble.Kind.UNREACHABLE)
    return {
        "form": form,
        "has_feed": WaitingNotice.objects.filter(user=user).exclude(feed="").exists(),
        "has_server": bool(settings.MAIL),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "mails": Mail.objects.filter(official=user).count(),
        "troubles": MailTrouble.objects.filter(mine),
    }
