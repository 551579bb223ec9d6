"""How staff accounts come about and sign in: made by a facilitator, never by signing up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from middleground.people.models import User


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """For counting failed sign-ins, in memory only.

        Behind a proxy on a Unix socket there is no address; then all count together.
        """
        return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 -- a label, not bound

    def set_password(self, user: User, password: str) -> None:
        """The member has chosen a password: the one that was handed over is spent."""
        user.password_is_initial = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return "/desk/"
