"""An answer of a passkey that is none is refused, and is no error of the server's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django.test import Client

pytestmark = pytest.mark.django_db
WHOLE: dict[str, Any] = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUEiLCJvcmlnaW4iOiJ4In0",
        "authenticatorData": "A" * 50,
        "signature": "AAAA",
        "userHandle": "MQ",
    },
}
VALUES = (None, "", "A", "é", 1, -1, 1e300, [], {}, [1], {"a": 1}, "9" * 50, "_" * 5_000)


def changed() -> list[str]:
    """Each field left out, and replaced by each of ``VALUES``; and what is no answer at all."""
    found = [json.dumps(value) for value in VALUES]
    for part in ("", "response"):
        fields = WHOLE["response"] if part else WHOLE
        for name in fields:
            for value in (..., *VALUES):
                inner = {**fields, name: value}
                if value is ...:
                    del inner[name]
                found.append(json.dumps({**WHOLE, part: inner} if part else inner))
    return [*found, json.dumps(WHOLE), "{", "[" * 20_000]


def send(credential: str) -> tuple[int, str]:
    browser = Client()
    browser.get("/accounts/2fa/webauthn/login/")  # asks for the challenge
    answer = browser.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    return answer.status_code, answer.headers.get("Location", "")


def test_each_is_refused_as_a_wrong_code() -> None:
    wrong = {
        credential for credential in changed() if send(credential) != (302, "/accounts/login/")
    }
    assert wrong == set()


def test_control_the_form_that_we_replace_breaks(settings: Any) -> None:
    name = f"{LoginWebAuthnForm.__module__}.{LoginWebAuthnForm.__name__}"
    settings.MFA_FORMS = {"login_webauthn": name}
    with pytest.raises(KeyError):
        send('{"id": "AAAA"}')
    with pytest.raises(RecursionError):
        send("[" * 20_000)
