"""What the public passes on: links that open a program of the reader's, and a calendar file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.core import dates
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.deadlines.calendar_file import DayEntry, calendar_file
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.translations.shown import shown_part
from middleground.outreach.sharing.texts import message_of


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A plain link. ``elsewhere``: it leads to another company, which learns who opens it."""

    name: str
    address: str
    elsewhere: bool = False


def sharing_of(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """For the dialogue's page; None while nobody else can see it."""
    dialogue: Dialogue = page["dialogue"]
    if page["phase"] == "draft":
        return None
    text = message_of(dialogue, absolute(dialogue.get_absolute_url()))
    return {
        "share_text": text,
        "share_rows": text.count("\n") + 4,
        "share_links": share_links(dialogue, text),
        "share_days": bool(list(_days(dialogue))) and page["phase"] != "closed",
    }


def share_links(dialogue: Dialogue, text: str) -> list[ShareLink]:
    subject, body = quote(str(shown_part(dialogue, "question"))), quote(text)
    return [
        ShareLink(_("By e-mail"), f"mailto:?subject={subject}&body={body}"),
        ShareLink(_("By text message"), f"sms:?&body={body}"),
        ShareLink("WhatsApp", f"https://wa.me/?text={body}", elsewhere=True),
        ShareLink("Telegram", f"https://t.me/share/url?url={body}", elsewhere=True),
    ]


@cached_page()
@require_safe
def show_period(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The first and the last day of a dialogue, for a calendar."""
    dialogue = public_dialogue(slug)
    entries = list(_days(dialogue))
    if not entries:
        raise Http404
    name = str(shown_part(dialogue, "question"))
    return HttpResponse(calendar_file(entries, name), content_type="text/calendar; charset=utf-8")


def _days(dialogue: Dialogue) -> Iterator[DayEntry]:
    """Those of the two that are set."""
    question = {"question": str(shown_part(dialogue, "question"))}
    if dialogue.opens_at:
        title, text = _("First day: %(question)s"), _("You can take part from %(at)s.")
        yield _entry(dialogue, "opens", dialogue.opens_at, title % question, text)
    if dialogue.closes_at:
        title, text = _("Last day: %(question)s"), _("You can take part until %(at)s.")
        yield _entry(dialogue, "closes", dialogue.closes_at, title % question, text)


def _entry(dialogue: Dialogue, what: str, at: datetime, title: str, text: str) -> DayEntry:
    # A calendar takes a newer entry for an older one by this moment alone, so it grows.
    changed = datetime.fromtimestamp(dialogue.revision, UTC)
    return DayEntry(
        uid=f"dialogue-{dialogue.pk}-{what}@{urlsplit(settings.ORIGIN).hostname or ''}",
        day=timezone.localdate(at),
        title=title,
        changed=changed,
        text=text % {"at": dates.moment(at)},
        address=absolute(dialogue.get_absolute_url()),
    )
