"""The public pages of dialogues and of the log, for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse
from django.utils import timezone

from middleground.core.site_files.sitemap import PublicPage
from middleground.dialogues.models import Dialogue, Topic
from middleground.dialogues.queries import listed_dialogues

OF_THE_SITE = (
    "dialogues", "earlier", "ledger", "ledger-verify", "method", "method-formulas",
    "could-the-host-cheat", "what-we-know",
)  # fmt: skip


def public_pages() -> Iterator[PublicPage]:
    for name in OF_THE_SITE:
        yield PublicPage(reverse(name))
    dialogues = listed_dialogues().order_by("-pk")
    topics = Topic.objects.filter(dialogue=OuterRef("pk"))
    for dialogue in dialogues.annotate(mapped_at=Max("maps__made_at"), has_topics=Exists(topics)):
        yield from _pages_of(dialogue, _day(dialogue))


def _pages_of(dialogue: Dialogue, changed_on: date | None) -> Iterator[PublicPage]:
    yield PublicPage(dialogue.get_absolute_url(), changed_on)
    closed = dialogue.phase(timezone.now()) == "closed"
    by_topic = dialogue.mapped_at and dialogue.has_topics  # type: ignore[attr-defined]
    own = [*(["topics"] if by_topic else []), *(["results", "report"] if closed else [])]
    for name in ("map", *own, "moderation_log"):
        yield PublicPage(reverse(name, args=[dialogue.slug]), changed_on)


def _day(dialogue: Dialogue) -> date | None:
    """The day of the newest published map, which pages tell too, or else of the beginning."""
    moment = dialogue.mapped_at or dialogue.opens_at  # type: ignore[attr-defined]
    return timezone.localdate(moment) if moment else None
