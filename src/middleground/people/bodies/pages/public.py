"""Public pages of bodies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.people.bodies.history import history
from middleground.people.bodies.queries import by_level, found_bodies, posts_with_holders
from middleground.people.models import Body

MOST_LETTERS = 100
# Names by which an address asks for pages of the lists that other apps show on a body's page.
BODY_LISTS = ("owes", "promised", "answered")


@require_safe
def show_bodies(request: HttpRequest) -> HttpResponse:
    return render(request, "people/bodies/list.html", listed(request))


def listed(request: HttpRequest) -> dict[str, Any]:
    """Template context: the bodies that a search finds, by level, and those that ended."""
    words = request.GET.get("q", "").replace("\0", "")[:MOST_LETTERS].strip()
    found = list(found_bodies(words))
    return {
        "words": words,
        "levels": by_level(body for body in found if body.ended_on is None),
        "ended": [body for body in found if body.ended_on is not None],
        "found": len(found),
    }


@cached_page(query=BODY_LISTS)
@require_safe
def show_body(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.select_related("parent", "successor"), slug=slug)
    page = {
        "body": body,
        "heir": body.heir() if body.successor else None,
        "children": body.children.existing(),
        "posts": posts_with_holders(body, timezone.localdate()),
        "history": history(body),
    }
    return render(request, "people/bodies/body.html", page)
