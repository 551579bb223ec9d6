"""The allauth adapter: facilitators create accounts, and nobody can sign up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from middleground.people.models import User


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The IP address by which failed sign-ins are counted, in memory only.

        Behind a proxy on a Unix socket there is none, so all clients are counted together.
        """
        return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 -- a label, not bound

    def set_password(self, user: User, password: str) -> None:
        """Store the password that the member chose; it replaces the initial one."""
        user.password_is_initial = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return "/desk/"
