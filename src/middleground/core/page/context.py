"""Template context of all pages: the host of the installation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest | None = None) -> dict[str, str]:  # noqa: ARG001
    return {"host_name": settings.HOST_NAME, "contact": settings.CONTACT}
