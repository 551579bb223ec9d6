"""All commitments of a dialogue with their events, which verifiers compare with the log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from middleground.answers.commitments.document import content_of
from middleground.core.languages.first import in_first_language
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue

FORMAT = "middleground-commitments/1"
BATCH = 100  # since SQLite refuses a condition about thousands of rows


@cached_page()
@require_safe
@in_first_language
def show_commitments_file(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    dialogue = public_dialogue(slug)
    rows = dialogue.commitments.select_related("dialogue", "case").order_by("number")
    rows = rows.prefetch_related("events")
    content = {
        "format": FORMAT,
        "dialogue": dialogue.slug,
        "commitments": [
            content_of(each, each.events.all()) for each in rows.iterator(chunk_size=BATCH)
        ],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
