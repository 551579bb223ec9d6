"""What a service says in an ID token, once it is certain that the service said it, to us, now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hmac import compare_digest
from typing import Any

import jwt

# Signatures by a key pair only: neither “none”, nor codes made with a key that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "EdDSA")  # fmt: skip
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY_SECONDS = 60  # by which clocks may differ
MOST_KEYS = 20
LONGEST_SUBJECT = 255

Keys = Callable[[bool], Any]  # the service's key set, asked for anew or as last seen


class BadToken(Exception):
    """The token proves nothing."""


def verified_claims(
    token: object, keys: Keys, *, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of the token. Raises ``BadToken``."""
    if not isinstance(token, str):
        raise BadToken("there is none")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise BadToken("signed in a way that is not taken")
        claims = _decoded(token, header, keys, issuer, client_id)
    except jwt.PyJWTError as trouble:
        raise BadToken(type(trouble).__name__) from trouble
    _check(claims, client_id, nonce)
    return claims


def _decoded(
    token: str, header: dict[str, Any], keys: Keys, issuer: str, client_id: str
) -> dict[str, Any]:
    for anew in (False, True):
        for key in _fitting(keys(anew), header):
            try:
                return jwt.decode(
                    token,
                    key,
                    algorithms=[header["alg"]],
                    issuer=issuer,
                    audience=client_id,
                    leeway=LEEWAY_SECONDS,
                    options={"require": REQUIRED},
                )
            except jwt.InvalidSignatureError:
                continue
    raise BadToken("signed by none of its keys")


def _fitting(key_set: Any, header: dict[str, Any]) -> Iterable[jwt.PyJWK]:
    """The keys of the set with which the token may have been signed."""
    listed = key_set.get("keys") if isinstance(key_set, dict) else None
    for each in listed[:MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        if header.get("kid") is not None and each.get("kid") != header["kid"]:
            continue
        if each.get("alg", header["alg"]) != header["alg"]:
            continue
        try:
            yield jwt.PyJWK(each, algorithm=header["alg"])
        except (jwt.PyJWTError, TypeError, ValueError, LookupError):
            continue


def _check(claims: dict[str, Any], client_id: str, nonce: str) -> None:
    if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise BadToken("not an answer to this sign-in")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise BadToken("made for another website")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise BadToken("it names nobody")
