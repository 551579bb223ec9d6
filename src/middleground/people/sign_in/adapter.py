"""The allauth adapter: facilitators create accounts, and nobody can sign up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from middleground.people.models import User
from middleground.people.sign_in import budgets


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network by which allauth counts requests, in memory only; never an address."""
        return budgets.network_name(request) or "unnamed"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The member whose password is right, or None. Too many wrong tries are slowed down.

        Whoever has a second factor is let on to it by the right password at any pace, so that
        nobody can shut them out by failing in their name.
        """
        login = str(credentials.get("email", ""))
        member = User.objects.filter(email__iexact=login).first()
        paces = budgets.paces_of(request, login, member.pk if member else None)
        wait = budgets.budgets.pay(paces)
        second_factor = member is not None and is_mfa_enabled(member)
        if wait and not second_factor:
            raise _too_many(wait)
        user: User | None = super().authenticate(request, **credentials)
        if user is None and wait:
            raise _too_many(wait)
        if user is not None and not wait:
            budgets.budgets.give_back(paces)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing by allauth's rules, which lock; ``authenticate`` slows down instead."""

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """The answer to a complete sign-in, which makes the browser a known one."""
        if settings.OPENID_SERVICES:
            from middleground.people.openid.accepting import verify_terms

            verify_terms(request, user)
        response: HttpResponse = super().post_login(request, user, **options)
        budgets.know_device(request, response, user.pk)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Store the password that the member chose; it replaces the initial one."""
        user.password_is_initial = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("desk")


def _too_many(wait: int) -> ValidationError:
    return ValidationError(
        ngettext(
            "Too many wrong tries. Wait %(wait)d second. With a passkey, or in a "
            "browser where you signed in before, you need not wait.",
            "Too many wrong tries. Wait %(wait)d seconds. With a passkey, or in "
            "a browser where you signed in before, you need not wait.",
            wait,
        )
        % {"wait": wait},
        code="too_many_login_attempts",
    )
