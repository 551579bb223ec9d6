"""The thread below a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.evidence.models import Source, SourceThread
from middleground.threads.pages.below import thread_below
from middleground.threads.pages.comments import write_about
from middleground.threads.subjects import SubjectKind, ThreadSubject, register_subject


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comment_on_source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = public_dialogue(slug)
    source = _find(dialogue, number)
    if source is None:
        raise Http404
    source.dialogue = dialogue
    return write_about(request, dialogue, source)


def below_source(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """One that is withdrawn keeps its comments, and takes no more."""
    dialogue, source = page["dialogue"], page["source"]
    write = reverse("comment_on_source", args=[dialogue.slug, source.number])
    return thread_below(page["request"], dialogue, source, "" if source.withdrawn else write)


def _name(source: Source) -> str:
    return _("source %(number)d") % {"number": source.number}


def _describe(dialogue: Dialogue, source: Source) -> ThreadSubject:
    source.dialogue = dialogue
    return ThreadSubject(source.title, source.get_absolute_url(), is_public=True)


def _find(dialogue: Dialogue, number: int) -> Source | None:
    sources = dialogue.sources.filter(number=number, withdrawn="")
    return sources.select_related("dialogue").first()


register_subject(
    SubjectKind(
        model=Source,
        link=SourceThread,
        thing="source",
        relation="source_link",
        name=_name,
        describe=_describe,
        key="sources",
        find=_find,
    )
)
