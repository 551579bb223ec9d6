"""Template tags of the page frame."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from middleground.core import dates
from middleground.core.jobs.troubles import reports
from middleground.core.languages.choices import language_choices
from middleground.core.page import frame, markdown
from middleground.core.page.frame import PageLink, Place, page_links, page_notices
from middleground.core.page_cache.marks import is_rendered_for_all, mark_own_part
from middleground.core.site_files.canonical import absolute, absolute_in, canonical_address

register = template.Library()
register.simple_tag(page_notices)
register.simple_tag(absolute)
register.simple_tag(absolute_in)
register.simple_tag(canonical_address)
register.simple_tag(language_choices)
register.simple_tag(get_script_prefix, name="front_path")
register.simple_tag(timezone.get_current_timezone_name, name="time_zone")


@register.simple_tag(name="page_links", takes_context=True)
def _page_links(context: Context, place: str) -> list[PageLink]:
    """Return the apps' links at this place; pages of the vote route have no user."""
    return page_links(context.get("user") or AnonymousUser(), Place(place))


@register.simple_tag
def exit_address() -> str:
    """Where “Leave this page quickly” leads: to what the host chose, or to the blank page."""
    return settings.EXIT or "about:blank"


@register.simple_tag(takes_context=True)
def page_parts(context: Context, place: str) -> SafeString:
    """What apps above show at this place of the page, each by a template of its own."""
    shown = []
    page = {str(name): value for name, value in context.flatten().items()}
    for part in frame.page_parts(place):
        values = part.values(page)
        if values is None or context.template is None:
            continue
        template = context.template.engine.get_template(part.template)
        with context.push(**values):
            shown.append(template.render(context))
    return mark_safe("".join(shown))  # noqa: S308 -- rendered by templates


@register.simple_tag
def job_troubles(dialogues: Iterable[Any] = (), dialogue: Any = None) -> SafeString:
    """What fails in the background, for staff: as a whole, and with some dialogues or one."""
    questions = {each.pk: each.question for each in dialogues}
    if dialogue is not None:
        questions[dialogue.pk] = ""
    found = reports(questions)
    if not found:
        return SafeString()
    shown = [(each, questions.get(each.trouble.about, "")) for each in found]
    return render_to_string("_job_troubles.html", {"reports": shown})


@register.simple_block_tag(takes_context=True)
def own_part(context: Context, content: str, name: str) -> str:
    """A part that some visitors get in a form of their own.

    Where the page is rendered to be kept for all, the part's place is marked.
    """
    for_all = is_rendered_for_all(context.get("request"))
    return mark_own_part(name, content) if for_all else content


@register.filter
def rendered(text: object) -> SafeString:
    """Render Markdown by staff as safe HTML."""
    return markdown.render(str(text))


@register.filter
def day(value: date | None) -> str:
    return dates.day(value) if value else ""


@register.filter
def day_for_machines(value: date | None) -> str:
    """The day as attributes of HTML have it: "2026-11-03"."""
    return value.isoformat() if value else ""


@register.filter
def time_of_day(value: datetime | None) -> str:
    return dates.time_of_day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    return dates.moment(value) if value else ""
