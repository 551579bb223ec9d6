"""Marks views of what everybody must get alike: files that are compared, cited, or for programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpResponseBase

from middleground.core.languages.reader import first_language

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def in_first_language(view: View) -> View:
    """Answer in the first language, whatever the reader's is."""

    @wraps(view)
    def show(*args: Any, **kwargs: Any) -> HttpResponseBase:
        language = first_language()
        with language.spoken():
            response = view(*args, **kwargs)
        response.headers["Content-Language"] = language.code
        return response

    return cast("View", show)
