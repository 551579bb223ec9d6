"""Template tags of the page frame."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from middleground.core import dates, markdown
from middleground.core.stylesheet import stylesheet_address

register = template.Library()
register.simple_tag(stylesheet_address)
register.simple_tag(timezone.get_current_timezone_name, name="time_zone")


@register.filter
def rendered(text: str) -> SafeString:
    """Markdown from staff as safe HTML."""
    return markdown.render(text)


@register.filter
def day(value: date | None) -> str:
    return dates.day(value) if value else ""


@register.filter
def time_of_day(value: datetime | None) -> str:
    return dates.time_of_day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    return dates.moment(value) if value else ""
