"""The one place that decides "may they?" for the host's staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from middleground.people.models import User

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def may_moderate(user: User | AnonymousUser) -> bool:
    """Decide about statements, and see the desk at all."""
    return isinstance(user, User) and user.is_active


def may_facilitate(user: User | AnonymousUser) -> bool:
    """Create, edit, open and close dialogues; export sensitive data."""
    return may_moderate(user) and isinstance(user, User) and user.role == User.Role.FACILITATOR


def may_manage(user: User | AnonymousUser, member: User) -> bool:
    """Change a colleague's account. Nobody gets at an account that may do more than their own."""
    return (
        isinstance(user, User)
        and may_facilitate(user)
        and (user.is_superuser or not member.is_superuser)
    )


def staff_user(request: HttpRequest) -> User:
    """Who is signed in, behind a guard of this module."""
    return cast("User", request.user)


def moderators_only(view: View[Rest]) -> View[Rest]:
    return _guard(view, may_moderate)


def facilitators_only(view: View[Rest]) -> View[Rest]:
    return _guard(view, may_facilitate)


def _guard(view: View[Rest], allowed: Callable[[User | AnonymousUser], bool]) -> View[Rest]:
    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not allowed(request.user):
            raise PermissionDenied
        if staff_user(request).password_is_initial:
            return redirect("account_change_password")
        return view(request, *args, **kwargs)

    return cast("View[Rest]", guarded)
