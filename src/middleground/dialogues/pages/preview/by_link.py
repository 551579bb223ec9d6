"""The preview for somebody outside: a secret address, a password, and a cookie for some hours.

Nothing is stored, and no form here changes anything, so none carries a mark against forgery: with
``no-referrer`` browsers would not say where such a form comes from.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import asked_too_often
from middleground.core.page.errors.given_back import secret_fields
from middleground.dialogues.lifecycle.preview_links import (
    PREVIEW_COOKIE,
    PREVIEW_HOURS,
    is_pass_for,
    is_password_of,
    is_public,
    pass_for,
    preview_link,
)
from middleground.dialogues.models import PreviewLink
from middleground.dialogues.pages.preview.parts import (
    PreviewAddresses,
    question_page,
    show_part,
)

QUESTION = "question"


@secret_fields("password")
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_preview(request: HttpRequest, token: str, part: str = QUESTION) -> HttpResponse:
    """The page that was asked for, the form for the password, or the way to the public page."""
    link = preview_link(token)
    if link is None:
        response = render(request, "dialogues/preview/ended.html", status=404)
    elif is_public(link.dialogue):
        response = redirect(link.dialogue)
    elif is_pass_for(link, request.COOKIES.get(PREVIEW_COOKIE, "")):
        response = _page(request, link, token, part)
    else:
        response = _closed_page(request, link, token, part)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, link: PreviewLink, token: str, part: str) -> HttpResponse:
    at = _addresses(token)
    if part != QUESTION:
        return show_part(request, link.dialogue, part, at)
    page = question_page(link.dialogue, at)
    return render(request, "dialogues/preview/question.html", page)


def _closed_page(request: HttpRequest, link: PreviewLink, token: str, part: str) -> HttpResponse:
    """What somebody sees who has not typed the password yet, or longer ago than some hours."""
    first = _addresses(token).question
    if part != QUESTION:
        if request.method == "POST" and request.POST.get("text"):
            return _ask(request, first, status=403, kept=request.POST["text"])
        return redirect(first)
    if request.method != "POST":
        # It comes back here from the right password only if the browser keeps no cookie.
        error = _("Your browser kept no cookie. Allow cookies for this site.")
        return _ask(request, first, error=error if "in" in request.GET else "")
    too_many = asked_too_often(request, "preview", bytes.fromhex(link.address_hash))
    if too_many:
        return too_many
    if not is_password_of(link, request.POST.get("password", "")[:200]):
        error = _("This is not the password of this link. Check it with whoever gave it to you.")
        return _ask(request, first, status=403, error=error)
    response = redirect(f"{first}?in")
    response.set_cookie(
        PREVIEW_COOKIE,
        pass_for(link),
        max_age=timedelta(hours=PREVIEW_HOURS),
        path=first,
        secure=True,
        httponly=True,
        samesite="Lax",
    )
    return response


def _ask(
    request: HttpRequest, address: str, *, status: int = 200, error: str = "", kept: str = ""
) -> HttpResponse:
    """The form for the password. It says nothing of the dialogue, not even the question."""
    page = {"address": address, "error": error, "kept": kept}
    return render(request, "dialogues/preview/password.html", page, status=status)


def _addresses(token: str) -> PreviewAddresses:
    def part(name: str) -> str:
        return reverse("preview-part", args=[token, name])

    first = reverse("preview", args=[token])
    return PreviewAddresses(first, part("start"), part("cards"), part("write"), by_link=True)
