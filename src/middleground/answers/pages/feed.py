"""News of the cases of a dialogue as an Atom feed: the same for everyone who follows it."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from middleground.answers.cases.sentences import sentence_of
from middleground.answers.models import CaseEvent
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue

NEWEST = 100


@cached_page()
@require_safe
def show_feed(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The newest events of all cases, as their pages tell them."""
    dialogue = public_dialogue(slug)
    title = gettext("Answers: %(question)s") % {"question": dialogue.question}
    events = CaseEvent.objects.filter(case__dialogue=dialogue)
    return feed_of(dialogue, events, title, f"{dialogue.get_absolute_url()}answers/")


def feed_of(
    dialogue: Dialogue, events: QuerySet[CaseEvent], title: str, about: str
) -> HttpResponse:
    """The newest of these events; ``about``: the page that they stand on, with the feed below."""
    address, page = (
        f"{settings.ORIGIN}{dialogue.get_absolute_url()}answers/",
        settings.ORIGIN + about,
    )
    feed = Atom1Feed(
        title=title,
        link=page,
        description="",
        language=get_language(),
        feed_url=f"{page}feed.atom",
        author_name=dialogue.host_name,
    )
    for event in events.select_related("case").order_by("-pk")[:NEWEST]:
        moment = datetime.combine(event.on, time.min, UTC)
        feed.add_item(
            title=event.case.title,
            link=f"{address}{event.case.number}/",
            description=sentence_of(event),
            unique_id=f"{address}{event.case.number}/#event-{event.pk}",
            pubdate=moment,
            updateddate=moment,
        )
    content_type = "application/atom+xml; charset=utf-8"
    return HttpResponse(feed.writeString("utf-8"), content_type=content_type)
