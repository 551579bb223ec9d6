"""Permissions of staff and officials. All permission checks are made here.

A view fetches the object first and then calls ``require(request, Action.MODERATE, dialogue)``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from middleground.core.page.errors import signed_out
from middleground.core.page.errors.given_back import came_from_here, given_back, page_with_form
from middleground.people.models import Appointment, Membership, Post, User
from middleground.people.sign_in.kept_forms import keep_form

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


class Memberships(Protocol):
    """The related manager of a subject's memberships, reduced to the method used here."""

    def filter(self, **lookups: Any) -> models.QuerySet[Any]: ...


class HasMembers(Protocol):
    """An object in which staff can have a role, such as a dialogue."""

    @property
    def memberships(self) -> Memberships: ...


Subject = HasMembers | Post | User | None
Predicate = Callable[[User, Subject], bool]


class Action(Enum):
    """Actions of staff and officials, each with its subject. Without one: on all objects."""

    SEE = auto()  # a dialogue's pages at the desk
    MODERATE = auto()  # a dialogue's statements and appeals, its sources and claims
    TRANSLATE = auto()  # a dialogue's texts, and check translations of others
    ENTER = auto()  # into a batch, what people say by telephone, at the door or on paper
    SORT = auto()  # a dialogue's statements into topics
    FACILITATE = auto()  # a dialogue: settings, state, codes, whose votes count, holds, export
    HANDLE_CASES = auto()  # a dialogue's concerns and cases: gather, set aside, give to a body
    GRANT_ROLES = auto()  # in a dialogue, to colleagues
    CREATE_DIALOGUES = auto()
    SET_LOOK = auto()  # of the site: name, logo, accent colour
    ORDER_DIALOGUES = auto()  # on the front page
    MANAGE_STAFF = auto()  # see the accounts and add some
    MANAGE_ACCOUNT = auto()  # a colleague's
    MANAGE_BODIES = auto()  # bodies, their posts, and who holds these
    DRAFT_FOR_POST = auto()  # what a post may say, by its holder or their office
    PUBLISH_FOR_POST = auto()  # in the name of a post


def _everywhere(*roles: str) -> Predicate:
    """The account has one of the roles in the whole installation."""
    return lambda user, _subject: user.role in roles


def _there(*roles: str) -> Predicate:
    """The account has one of the roles in the whole installation or in the subject."""

    def has_role(user: User, subject: Subject) -> bool:
        if user.role in roles:
            return True
        if subject is None:
            return False
        return cast("HasMembers", subject).memberships.filter(user=user, role__in=roles).exists()

    return has_role


def _not_above(user: User, subject: Subject) -> bool:
    """The subject is an account without more rights than the user's own."""
    return isinstance(subject, User) and (user.is_superuser or not subject.is_superuser)


def _terms(user: User, subject: Subject, *roles: str) -> models.QuerySet[Appointment]:
    """The terms in which the account acts for the post today. Staff of the host have none."""
    if not isinstance(subject, Post) or not user.is_official:
        return Appointment.objects.none()
    current = subject.appointments.current(timezone.localdate())
    return current.filter(user=user, role__in=roles)


def _drafts(user: User, subject: Subject) -> bool:
    return _terms(user, subject, *Appointment.Role).exists()


def _publishes(user: User, subject: Subject) -> bool:
    """The host made sure whose account it is, and signing in takes more than a password."""
    verified = _terms(user, subject, Appointment.Role.SPEAKS).exclude(proof="")
    return verified.exists() and has_second_factor(user)


def has_second_factor(user: User) -> bool:
    """Whether the account has a passkey or an authenticator app."""
    strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=strong).exists())


def _both(first: Predicate, second: Predicate) -> Predicate:
    return lambda user, subject: first(user, subject) and second(user, subject)


_MODERATOR, _FACILITATOR = Membership.Role.MODERATOR, Membership.Role.FACILITATOR
_TRANSLATOR, _HELPER = Membership.Role.TRANSLATOR, Membership.Role.HELPER
_ALLOWED: dict[Action, Predicate] = {
    Action.SEE: _there(_MODERATOR, _FACILITATOR),
    Action.MODERATE: _there(_MODERATOR, _FACILITATOR),
    Action.TRANSLATE: _there(_MODERATOR, _FACILITATOR, _TRANSLATOR),
    Action.ENTER: _there(_MODERATOR, _FACILITATOR, _HELPER),
    Action.SORT: _there(_MODERATOR, _FACILITATOR),
    Action.FACILITATE: _there(_FACILITATOR),
    Action.HANDLE_CASES: _there(_MODERATOR, _FACILITATOR),
    # A role in the dialogue is not enough, so that nobody can pass such a role on.
    Action.GRANT_ROLES: _everywhere(_FACILITATOR),
    Action.CREATE_DIALOGUES: _everywhere(_FACILITATOR),
    Action.SET_LOOK: _everywhere(_FACILITATOR),
    Action.ORDER_DIALOGUES: _everywhere(_FACILITATOR),
    Action.MANAGE_STAFF: _everywhere(_FACILITATOR),
    Action.MANAGE_ACCOUNT: _both(_everywhere(_FACILITATOR), _not_above),
    Action.MANAGE_BODIES: _everywhere(_FACILITATOR),
    Action.DRAFT_FOR_POST: _drafts,
    Action.PUBLISH_FOR_POST: _publishes,
}


def may(user: User | AnonymousUser, action: Action, subject: Subject = None) -> bool:
    """Whether the user may perform the action on the subject; without one, on every subject."""
    return isinstance(user, User) and user.is_active and _ALLOWED[action](user, subject)


def require(request: HttpRequest, action: Action, subject: Subject = None) -> None:
    """Raise ``PermissionDenied`` (403) unless the signed-in user may perform the action."""
    if not may(request.user, action, subject):
        raise PermissionDenied


def staff_user(request: HttpRequest) -> User:
    """The signed-in user, in a ``staff_only`` view."""
    return cast("User", request.user)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign-in, and then back; what was written is kept for its author, or given back."""
    sign_in = redirect_to_login(page_with_form(request))
    form = given_back(request)
    # What another site sent, or a program, is nobody's decision at the desk.
    if form is None or not (form.texts or came_from_here(request)):
        return sign_in
    if keep_form(request):
        back = redirect_to_login(reverse("kept_form"))
        return signed_out(request, back.url, is_kept=True)
    return signed_out(request, sign_in.url, is_kept=False)


def staff_only(view: View[Rest]) -> View[Rest]:
    """Require sign-in with a password that the user chose, before the view fetches anything.

    This authenticates and does not authorise. Every URL redirects others to sign-in, so that none
    discloses which dialogues exist. What somebody sends after their session ended is given back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if staff_user(request).password_is_initial:
            return redirect("account_change_password")
        return view(request, *args, **kwargs)

    return cast("View[Rest]", guarded)
