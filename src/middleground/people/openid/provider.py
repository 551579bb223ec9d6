"""allauth's OpenID Connect provider, for a service of ours, and stricter in what it believes.

Left as it is, it checks no signature, sends no nonce, prefers what is not signed, lets a visitor's
address add to what is asked for, and shows an error page where a service does not answer.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse

from middleground.core.site_files.canonical import absolute
from middleground.people.openid.fetching import BoundedSession
from middleground.people.openid.services import Service

KEPT_SECONDS = 600.0  # what a service says of itself
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

_kept: dict[str, tuple[float, Any]] = {}
_lock = threading.Lock()


class UnusableAnswer(Exception):
    """The service answered something that its protocol does not allow, or that we do not take."""


class ServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """allauth's adapter: bounded requests, and nobody can sign up or connect anything."""

    def get_requests_session(self) -> BoundedSession:
        return BoundedSession()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002
        return False


class ServiceProvider(OpenIDConnectProvider):  # type: ignore[misc]
    pkce_enabled_default = True


class ServiceProtocol(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The steps of the protocol with one service."""

    def __init__(self, request: HttpRequest, service: Service) -> None:
        super().__init__(request, service.id)
        self.service = service
        self.app = SocialApp(
            provider=ServiceProvider.id,
            provider_id=service.id,
            name=service.name,
            client_id=service.client_id,
            secret=service.secret,
            settings={"server_url": service.server_url},
        )

    def get_provider(self) -> ServiceProvider:
        return ServiceProvider(self.request, app=self.app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002
        return absolute(reverse("openid_return", args=[self.service.id]))

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the service says of itself: its name, and where to ask for what."""
        found = _fetched(self.get_provider().server_url)
        if not isinstance(found, dict):
            raise UnusableAnswer("its description is no object")
        issuer = found.get("issuer")
        if not isinstance(issuer, str) or issuer.rstrip("/") != self.service.server_url:
            raise UnusableAnswer("it has another name than its server_url")
        scheme = self.service.server_url.partition(":")[0]
        for name in ENDPOINTS:
            if not str(found.get(name, "")).startswith(f"{scheme}://"):
                raise UnusableAnswer(f"its description lacks {name}")
        return found

    def key_set(self, anew: bool) -> Any:
        return _fetched(self.openid_config["jwks_uri"], anew=anew)

    def user_info(self, access_token: str) -> dict[str, Any]:
        """What some services leave out of the token: the e-mail address."""
        address = self.openid_config.get("userinfo_endpoint")
        scheme = self.service.server_url.partition(":")[0]
        if not isinstance(address, str) or not address.startswith(f"{scheme}://"):
            return {}
        with get_adapter().get_requests_session() as session:
            headers = {"Authorization": f"Bearer {access_token}"}
            response = session.get(address, headers=headers)
            response.raise_for_status()
            found = response.json()
        if not isinstance(found, dict):
            raise UnusableAnswer("its user information is no object")
        return found


def _fetched(address: str, *, anew: bool = False) -> Any:
    """The JSON at the address, as kept in memory or as it is now."""
    with _lock:
        end, kept = _kept.get(address, (0.0, None))
    if not anew and time.monotonic() < end:
        return kept
    with get_adapter().get_requests_session() as session:
        response = session.get(address)
        response.raise_for_status()
        if response.is_redirect:
            raise UnusableAnswer("it sends us elsewhere")
        found = response.json()
    with _lock:
        _kept[address] = (time.monotonic() + KEPT_SECONDS, found)
    return found
