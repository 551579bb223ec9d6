"""The one place that decides "may they?" for the host's staff.

A view fetches the object first and then asks ``require(request, Action.MODERATE, dialogue)``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from middleground.people.models import Membership, User

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


class Memberships(Protocol):
    """The rows that point to the subject: a manager, of which only this is needed."""

    def filter(self, **lookups: Any) -> models.QuerySet[Any]: ...


class HasMembers(Protocol):
    """Something in which staff can have a role of their own, such as a dialogue."""

    @property
    def memberships(self) -> Memberships: ...


Subject = HasMembers | User | None
Predicate = Callable[[User, Subject], bool]


class Action(Enum):
    """What staff can ask to do, and to what. Without a subject: to all there are."""

    SEE = auto()  # a dialogue's pages at the desk
    MODERATE = auto()  # a dialogue's statements and appeals
    FACILITATE = auto()  # a dialogue: edit, open, close, admit, count, hold, export
    GRANT_ROLES = auto()  # in a dialogue, to colleagues
    CREATE_DIALOGUES = auto()
    MANAGE_STAFF = auto()  # see the accounts and add some
    MANAGE_ACCOUNT = auto()  # a colleague's


def _everywhere(*roles: str) -> Predicate:
    """The account itself has one of the roles, in the whole installation."""
    return lambda user, _subject: user.role in roles


def _there(*roles: str) -> Predicate:
    """The same, or a membership of the subject gives one of the roles."""

    def has_role(user: User, subject: Subject) -> bool:
        if user.role in roles:
            return True
        if subject is None:
            return False
        return cast("HasMembers", subject).memberships.filter(user=user, role__in=roles).exists()

    return has_role


def _not_above(user: User, subject: Subject) -> bool:
    """Nobody gets at an account that may do more than their own."""
    return isinstance(subject, User) and (user.is_superuser or not subject.is_superuser)


def _both(first: Predicate, second: Predicate) -> Predicate:
    return lambda user, subject: first(user, subject) and second(user, subject)


_MODERATOR, _FACILITATOR = Membership.Role.MODERATOR, Membership.Role.FACILITATOR
_ALLOWED: dict[Action, Predicate] = {
    Action.SEE: _there(_MODERATOR, _FACILITATOR),
    Action.MODERATE: _there(_MODERATOR, _FACILITATOR),
    Action.FACILITATE: _there(_FACILITATOR),
    # Not by a role in the dialogue alone: such a role cannot multiply itself.
    Action.GRANT_ROLES: _everywhere(_FACILITATOR),
    Action.CREATE_DIALOGUES: _everywhere(_FACILITATOR),
    Action.MANAGE_STAFF: _everywhere(_FACILITATOR),
    Action.MANAGE_ACCOUNT: _both(_everywhere(_FACILITATOR), _not_above),
}


def may(user: User | AnonymousUser, action: Action, subject: Subject = None) -> bool:
    """Whether the user may do it to the subject; without one, to every subject."""
    return isinstance(user, User) and user.is_active and _ALLOWED[action](user, subject)


def require(request: HttpRequest, action: Action, subject: Subject = None) -> None:
    """Answer with 403 unless the person who is signed in may do it."""
    if not may(request.user, action, subject):
        raise PermissionDenied


def staff_user(request: HttpRequest) -> User:
    """Who is signed in, in a view that is ``staff_only``."""
    return cast("User", request.user)


def staff_only(view: View[Rest]) -> View[Rest]:
    """Ask for sign-in, and for a password of their own, before the view fetches anything.

    It says who they are, not what they may do. Strangers are sent to sign-in by every address,
    so that none of them tells which dialogues there are.
    """

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if staff_user(request).password_is_initial:
            return redirect("account_change_password")
        return view(request, *args, **kwargs)

    return cast("View[Rest]", guarded)
