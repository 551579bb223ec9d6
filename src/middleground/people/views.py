"""Desk pages about staff accounts, and pages that replace allauth's e-mail features."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from middleground.core.page.errors.given_back import page_above
from middleground.people import actions
from middleground.people.forms import MemberForm, RoleForm
from middleground.people.models import User
from middleground.people.permissions import Action, may, require, staff_only, staff_user
from middleground.people.sign_in.kept_forms import kept_form


@staff_only
@require_safe
def show_staff(request: HttpRequest) -> HttpResponse:
    require(request, Action.MANAGE_STAFF)
    members = User.objects.order_by("-is_active", "role", "email")
    return render(request, "people/staff.html", {"members": members})


@staff_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_member(request: HttpRequest) -> HttpResponse:
    require(request, Action.MANAGE_STAFF)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member, password = actions.add_member(staff_user(request), **form.cleaned_data)
        # Shown in this response: after a redirect it would have to be stored meanwhile.
        return _show_password(request, member, password)
    return render(request, "people/add.html", {"form": form})


@staff_only
@require_safe
def show_member(request: HttpRequest, member_id: int) -> HttpResponse:
    member = get_object_or_404(User, pk=member_id)
    require(request, Action.MANAGE_STAFF)
    factors = Authenticator.objects.filter(user=member)
    page = {
        "member": member,
        "may_manage": may(request.user, Action.MANAGE_ACCOUNT, member),
        "form": RoleForm(initial={"role": member.role}),
        "factors": sorted({factor.get_type_display() for factor in factors}),
        "has_service": bool(settings.OPENID_SERVICES) and member.is_official,
    }
    return render(request, "people/member.html", page)


@staff_only
@never_cache
@require_POST
def change_member(request: HttpRequest, member_id: int, verb: str) -> HttpResponse:
    """Change an account; ``verb`` is one of ``MemberVerb``."""
    member = get_object_or_404(User, pk=member_id)
    require(request, Action.MANAGE_STAFF)
    try:
        if verb == "password":
            password = actions.reset_password(staff_user(request), member)
            return _show_password(request, member, password, reset=True)
        messages.success(request, _apply(request, member, verb))
    except actions.StaffRefused as refused:
        messages.error(request, refused.message)
    return redirect("member", member_id=member.pk)


def _show_password(
    request: HttpRequest, member: User, password: str, *, reset: bool = False
) -> HttpResponse:
    page = {"member": member, "password": password, "reset": reset}
    back = {"back": reverse("staff"), "back_to": _("Staff")}
    return render(request, "people/password.html", {**page, **back})


def _apply(request: HttpRequest, member: User, verb: str) -> str:
    """Make the change, and return the message about it."""
    by = staff_user(request)
    if verb == "role":
        form = RoleForm(request.POST)
        if not form.is_valid():
            return _("Nothing was changed. Choose a role.")
        actions.change_role(by, member, form.cleaned_data["role"])
        return _("The role was changed.")
    if verb == "deactivate":
        actions.deactivate(by, member)
        return _("%(name)s can no longer sign in.") % {"name": member}
    if verb == "reactivate":
        actions.reactivate(by, member)
        return _("%(name)s can sign in again.") % {"name": member}
    actions.reset_second_factor(by, member)
    return _("The second factor is removed. The password is enough now.")


@staff_only
@require_safe
def show_kept_form(request: HttpRequest) -> HttpResponse:
    """The form that was sent while its author was signed out, to be sent with one click."""
    form = kept_form(request)
    if form is None:
        return redirect("desk")
    above = {"back": page_above(form.address), "back_label": _("Look at the page first")}
    page = {"given": form, "tell_choices": True, **above}
    return render(request, "people/kept_form.html", page)


@require_safe
def explain_password_reset(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001
    """Explain that the server sends no e-mail, so a colleague or the command line must help."""
    return render(request, "people/forgotten.html")


@csrf_exempt
def explain_no_sign_up(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html", status=403)
