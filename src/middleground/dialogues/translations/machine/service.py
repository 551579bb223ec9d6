"""A service of the host's own over HTTP, which takes and gives JSON as LibreTranslate does.

In: ``{"q": ["…"], "source": "en", "target": "es", "format": "text", "api_key": "…"}``. Out:
``{"translatedText": ["…"]}``. No redirect is followed and no proxy asked, so that texts go where
the setting says and nowhere else.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from middleground.dialogues.translations.machine.translator import (
    MOST_BYTES,
    SECONDS,
    TranslatorFailed,
    checked,
    code_for_programs,
    read_json,
)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_asked: object) -> None:
        return None


class HttpService:
    """``token_file`` is read for each call, so that a new token needs no restart."""

    def __init__(self, address: str, token_file: str = "", seconds: float = SECONDS) -> None:
        self.address, self.token_file, self.seconds = address, token_file, seconds
        self.host = urlsplit(address).netloc
        self._opener = build_opener(ProxyHandler({}), _NoRedirect())

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        asked: dict[str, object] = {
            "q": list(texts),
            "source": code_for_programs(source),
            "target": code_for_programs(target),
            "format": "text",
        }
        token = self._token()
        found = read_json(self._answer(asked | ({"api_key": token} if token else {})))
        translated = found.get("translatedText") if isinstance(found, dict) else None
        return checked(translated, len(texts))

    def _token(self) -> str:
        if not self.token_file:
            return ""
        try:
            return Path(self.token_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise TranslatorFailed("unreachable") from None

    def _answer(self, asked: dict[str, object]) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        request = Request(self.address, json.dumps(asked).encode(), headers)  # noqa: S310 -- see configured.py
        until = time.monotonic() + self.seconds
        try:
            with self._opener.open(request, timeout=self.seconds) as response:
                return _read(response, until)
        except HTTPError as refused:
            refused.close()
            # 400 and 413 may be due to a text; anything else is trouble of the service.
            about_texts = refused.code in {400, 413, 422}
            raise TranslatorFailed("not_understood" if about_texts else "unreachable") from None
        except TimeoutError:
            raise TranslatorFailed("too_slow") from None
        except (OSError, http.client.HTTPException):
            raise TranslatorFailed("unreachable") from None


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """All of it, unless it takes too long or is too much."""
    found = b""
    while part := response.read1(65_536):
        found += part
        if len(found) > MOST_BYTES:
            raise TranslatorFailed("too_much")
        if time.monotonic() > until:
            raise TranslatorFailed("too_slow")
    return found
