"""The private feed of an account of staff: how much waits, and where it is decided."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from middleground.core.look.current import current_look
from middleground.core.site_files.canonical import absolute
from middleground.notices.waiting import WaitingTexts, owner_of_feed, waiting_for


@require_safe
@never_cache
def show(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """The feed of whoever has this token. It needs no sign-in, since a feed reader has none."""
    owner = owner_of_feed(token)
    if owner is None or owner.is_official:
        raise Http404
    feed = Atom1Feed(
        title=gettext("What is waiting for you at the desk"),
        link=absolute(reverse("desk")),
        description="",
        language=get_language(),
        author_name=current_look().site_name or "middleground",
    )
    # No time of a text is stored, so entries are of today.
    moment = datetime.combine(timezone.localdate(), time.min, UTC)
    for each in waiting_for(owner):
        page = absolute(reverse("desk_dialogue", args=[each.dialogue.slug]))
        feed.add_item(
            title=title_of(each),
            link=page,
            description=each.dialogue.question,
            unique_id=f"{page}#waiting-{each.newest}",
            pubdate=moment,
            updateddate=moment,
        )
    content_type = "application/atom+xml; charset=utf-8"
    return HttpResponse(feed.writeString("utf-8"), content_type=content_type)


def title_of(each: WaitingTexts) -> str:
    """How much waits in a dialogue: "3 texts wait, 1 appeal waits"."""
    parts = []
    if n := each.texts:
        parts.append(ngettext("%(n)d text waits", "%(n)d texts wait", n) % {"n": n})
    if n := each.appeals:
        parts.append(ngettext("%(n)d appeal waits", "%(n)d appeals wait", n) % {"n": n})
    return ", ".join(parts)
