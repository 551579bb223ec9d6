"""News of cases and commitments as an Atom feed: the same for everyone who follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from middleground.answers.cases.sentences import sentence_of
from middleground.answers.commitments.sentences import sentence_of as told_of
from middleground.answers.models import CaseEvent, CommitmentEvent
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue

NEWEST = 100


@cached_page()
@require_safe
def show_feed(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The newest events of all cases and commitments, as their pages tell them."""
    dialogue = public_dialogue(slug)
    title = gettext("Answers: %(question)s") % {"question": dialogue.question}
    events = CaseEvent.objects.filter(case__dialogue=dialogue)
    promised = CommitmentEvent.objects.filter(commitment__dialogue=dialogue)
    return feed_of(dialogue, events, promised, title, f"{dialogue.get_absolute_url()}answers/")


def feed_of(
    dialogue: Dialogue,
    events: QuerySet[CaseEvent],
    promised: QuerySet[CommitmentEvent],
    title: str,
    about: str,
) -> HttpResponse:
    """The newest of these events; ``about``: the page that they stand on, with the feed below."""
    page = absolute(about)
    feed = Atom1Feed(
        title=title,
        link=page,
        description="",
        language=get_language(),
        feed_url=f"{page}feed.atom",
        author_name=dialogue.host_name,
    )
    for entry in _entries(dialogue, events, promised)[:NEWEST]:
        moment = datetime.combine(entry.on, time.min, UTC)
        feed.add_item(
            title=entry.title,
            link=absolute(entry.path),
            description=entry.sentence,
            unique_id=f"{absolute(entry.path)}#event-{entry.key}",
            pubdate=moment,
            updateddate=moment,
        )
    content_type = "application/atom+xml; charset=utf-8"
    return HttpResponse(feed.writeString("utf-8"), content_type=content_type)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that happened, and the page that tells it."""

    on: date
    title: str
    path: str
    key: int
    sentence: str


def _entries(
    dialogue: Dialogue, events: QuerySet[CaseEvent], promised: QuerySet[CommitmentEvent]
) -> list[FeedEntry]:
    """The newest first. Two queries."""
    found = []
    for event in events.select_related("case").order_by("-pk")[:NEWEST]:
        event.case.dialogue = dialogue
        path = event.case.get_absolute_url()
        found.append(FeedEntry(event.on, event.case.title, path, event.pk, sentence_of(event)))
    for happened in promised.select_related("commitment").order_by("-pk")[:NEWEST]:
        row = happened.commitment
        row.dialogue = dialogue
        path, number = row.get_absolute_url(), happened.number
        found.append(FeedEntry(happened.on, row.what, path, number, told_of(happened)))
    return sorted(found, key=lambda each: each.on, reverse=True)
