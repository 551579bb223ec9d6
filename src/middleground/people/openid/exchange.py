"""Asking a service who somebody is: where to send the browser, and what its answer proves."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest
from requests import RequestException

from middleground.people.openid.attempt import Attempt
from middleground.people.openid.fetching import UNANSWERED
from middleground.people.openid.id_tokens import BadToken, verified_claims
from middleground.people.openid.provider import ServiceProtocol, UnusableAnswer
from middleground.people.openid.refusals import SignInRefused
from middleground.people.openid.services import Service

logger = logging.getLogger(__name__)

# What allauth and requests raise where an answer has another form than they expect.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_TROUBLE = (RequestException, UnusableAnswer, BadToken, OAuth2Error, *_UNREADABLE)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the service means. ``email`` is empty if it has verified none."""

    issuer: str
    subject: str
    email: str


def begin(request: HttpRequest, service: Service, next_url: str) -> tuple[str, Attempt]:
    """The address at the service to which the browser goes, and what it keeps meanwhile."""
    protocol = ServiceProtocol(request, service)
    challenge = protocol.get_provider().get_pkce_params()
    attempt = Attempt.new(service.id, challenge.pop("code_verifier"), next_url)
    try:
        address: str = protocol.authorize_url
    except _TROUBLE as trouble:
        raise _refusal(service, trouble) from trouble
    asked = {
        "response_type": "code",
        "client_id": service.client_id,
        "redirect_uri": protocol.get_callback_url(request, protocol.app),
        "scope": "openid email",
        "state": attempt.state,
        "nonce": attempt.nonce,
        **challenge,
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", attempt


def finish(request: HttpRequest, service: Service, attempt: Attempt) -> Person:
    """Whom the service means. Two or three requests to it."""
    protocol = ServiceProtocol(request, service)
    try:
        return _person(request, protocol, attempt)
    except _TROUBLE as trouble:
        raise _refusal(service, trouble) from trouble


def _person(request: HttpRequest, protocol: ServiceProtocol, attempt: Attempt) -> Person:
    issuer = protocol.openid_config["issuer"]
    if request.GET.get("iss", issuer) != issuer:
        raise UnusableAnswer("another service sent the browser back")
    client = protocol.get_client(request, protocol.app)
    tokens = protocol.get_access_token_data(
        request, protocol.app, client, pkce_code_verifier=attempt.verifier
    )
    claims = verified_claims(
        tokens.get("id_token"),
        protocol.key_set,
        issuer=issuer,
        client_id=protocol.service.client_id,
        nonce=attempt.nonce,
    )
    told = claims if "email" in claims else _told_apart(protocol, tokens, claims)
    return Person(issuer, claims["sub"], _verified_email(told))


def _told_apart(
    protocol: ServiceProtocol, tokens: dict[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """The user information, which is not signed, and has to be about the person in the token."""
    told = protocol.user_info(str(tokens["access_token"]))
    if told and told.get("sub") != claims["sub"]:
        raise UnusableAnswer("its user information is about somebody else")
    return told


def _verified_email(told: dict[str, Any]) -> str:
    """The address. Other alphabets have letters that some comparisons take for Latin ones."""
    email = told.get("email")
    verified = told.get("email_verified") in (True, "true")  # some write it as a text
    if not verified or not isinstance(email, str):
        return ""
    return email if email.isascii() and email.count("@") == 1 else ""


def _refusal(service: Service, trouble: Exception) -> SignInRefused:
    """The refusal for a failure, which is also logged, without anything that names a person."""
    unanswered = isinstance(trouble, UNANSWERED)
    readable = trouble if isinstance(trouble, UnusableAnswer | BadToken) else ""
    logger.warning("Sign-in by “%s” failed: %s %s", service.id, type(trouble).__name__, readable)
    return SignInRefused("silent" if unanswered else "unusable", name=service.name)
