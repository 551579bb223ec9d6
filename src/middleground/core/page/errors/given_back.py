"""What somebody wrote in a form that is not taken, given back in a form that sends it again.

It works for forms of any address, since it looks at what was sent and not at names of fields. A
view that is sent a secret names it with ``secret_fields``; nothing is given back of sign-in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, get_script_prefix, resolve

from middleground.core.languages.reader import without_language
from middleground.core.page.errors.field_labels import (
    fields_at,
    in_words,
    is_told,
    label_of,
    may_be_typed,
)

View = TypeVar("View", bound=Callable[..., Any])
Pair = tuple[str, str]

AGAIN = "sent_again"  # in a form that sends again, so that a second failure is explained otherwise
_NEVER = ("/accounts/", "/admin/")
_NOT_SENT_ALONG = {"csrfmiddlewaretoken", AGAIN}
# Numbers, times, choices of lists and buttons (``approve:39``); marks that the server has made.
_NOT_TYPED = re.compile(
    r"[a-z0-9_-]{0,40}|[a-z_]{1,20}:[a-z0-9]{1,20}|[0-9-]{10}T[0-9:]{5,8}|[A-Za-z0-9_=:.+-]{20,}"
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """``texts`` were typed and are shown; ``others`` are sent along. Both are of name and value.

    ``has_files``: files came too, which cannot be given back.
    """

    address: str
    texts: tuple[Pair, ...]
    others: tuple[Pair, ...]
    has_files: bool = False

    @property
    def text(self) -> str:
        """All that was typed, to be read and copied."""
        return "\n\n".join(value for _name, value in self.texts)

    @property
    def labelled_texts(self) -> list[tuple[str, str, str]]:
        """Name, label and text of each field that was typed."""
        fields = fields_at(self.address)
        return [(name, label_of(name, fields), text) for name, text in self.texts]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What was ticked, chosen or counted, as label and words, each label once."""
        fields, told = fields_at(self.address), dict[str, list[str]]()
        for name, value in self.others:
            if is_told(name, value, fields):
                words = in_words(name, value, fields)
                told.setdefault(label_of(name, fields), []).append(words)
        return [(label, ", ".join(values)) for label, values in told.items()]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> GivenBack:
        texts, others = (
            tuple((str(name), str(value)) for name, value in stored[part])
            for part in ("texts", "others")
        )
        return cls(str(stored["address"]), texts, others, bool(stored["has_files"]))


def secret_fields(
    *names: str, refused: Callable[..., HttpResponse] | None = None
) -> Callable[[View], View]:
    """Say which fields of the view's forms are secret and never given back on other pages.

    ``refused`` makes the view's own page for a form that came from here without its mark, with the
    view's arguments: there the secret is in its field again.
    """

    def mark(view: View) -> View:
        view.secret_fields = frozenset(names)  # type: ignore[attr-defined]
        view.refused_form = refused  # type: ignore[attr-defined]
        return view

    return mark


def own_refusal(request: HttpRequest) -> HttpResponse | None:
    """The page that the view itself has for a form that is refused."""
    with suppress(Resolver404):
        found = resolve(request.path_info)
        if refused := getattr(found.func, "refused_form", None):
            page: HttpResponse = refused(request, *found.args, **found.kwargs)
            return page
    return None


def given_back(request: HttpRequest) -> GivenBack | None:
    """What the form holds; None if there is none, or nothing of it may be given back.

    Raises ``RequestDataTooBig`` if the form was not read yet and is too long.
    """
    if request.method != "POST" or request.path_info.startswith(_NEVER):
        return None
    try:
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
    except RequestDataTooBig:
        raise
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return None
    secret = _secret_fields(request)
    sent = [pair for pair in sent if pair[0] not in _NOT_SENT_ALONG | secret]
    fields = fields_at(request.path_info)
    texts = tuple(
        (name, value)
        for name, value in sent
        if may_be_typed(name, fields) and not _NOT_TYPED.fullmatch(value.strip())
    )
    others = tuple(pair for pair in sent if pair not in texts)
    return GivenBack(request.get_full_path(), texts, others, bool(request.FILES))


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent the form, which no other site can feign.

    Only such a form is given back with a button that sends it: nobody may be led to press one for
    what another site has written.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = {settings.ORIGIN, f"{request.scheme}://{_host(request)}"}
    return origin in ours and site in (None, "same-origin")


def page_with_form(request: HttpRequest) -> str:
    """The address of the page on which the form stood, as far as the browser tells."""
    page = urlsplit(request.headers.get("Referer", ""))
    is_ours = page.netloc == _host(request) and page.path.startswith("/")
    if is_ours and page.path != request.path and not without_language(page.path).startswith(_NEVER):
        return page.path + (f"?{page.query}" if page.query else "")
    return request.get_full_path()


def page_above(path: str) -> str:
    """The nearest page that stands for the part of the site to which an address belongs."""
    parts = path.strip("/").split("/")
    for count in (2, 1):
        above = "/" + "/".join(parts[:count]) + "/"
        if len(parts) > count:
            with suppress(Resolver404):
                resolve(above)
                return get_script_prefix() + above[1:]
    return get_script_prefix()


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host()
    except SuspiciousOperation:  # it is not a name of this site
        return ""


def _secret_fields(request: HttpRequest) -> frozenset[str]:
    with suppress(Resolver404):
        found: frozenset[str] = getattr(
            resolve(request.path_info).func, "secret_fields", frozenset()
        )
        return found
    return frozenset()
