"""Answers of passkeys that are no answers, which anybody may send to the sign-in.

allauth expects some errors of the library that reads them, and lets others become an error page
and a long entry in the server's output.
"""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth_forms
from django import forms

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


class AnswerField(forms.JSONField):
    """JSON, which may also be nested too deeply to be read."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise get_adapter().validation_error("incorrect_code") from None


class _Checked(allauth_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = AnswerField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None
        return found


class PasskeySignInForm(_Checked, allauth_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """Signs in with a passkey alone."""


class SecondFactorForm(_Checked):
    """Signs in with a passkey after the password."""


class PasskeyAgainForm(_Checked, allauth_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Asks a member who is signed in for the passkey again."""
