"""News of the cases of a dialogue as an Atom feed: the same for everyone who follows it."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from middleground.answers.cases.sentences import sentence_of
from middleground.answers.models import CaseEvent
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue

NEWEST = 100


@cached_page()
@require_safe
def show_feed(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The newest events of all cases, as their pages tell them."""
    dialogue = public_dialogue(slug)
    address = f"{settings.ORIGIN}{dialogue.get_absolute_url()}answers/"
    feed = Atom1Feed(
        title=gettext("Answers: %(question)s") % {"question": dialogue.question},
        link=address,
        description="",
        language=get_language(),
        feed_url=f"{address}feed.atom",
        author_name=dialogue.host_name,
    )
    events = CaseEvent.objects.filter(case__dialogue=dialogue).select_related("case")
    for event in events.order_by("-pk")[:NEWEST]:
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
