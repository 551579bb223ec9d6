"""The sign-in services that the sign-in page offers."""

from __future__ import annotations

from django import template
from django.conf import settings

from middleground.people.openid.services import Service

register = template.Library()


@register.simple_tag
def sign_in_services() -> tuple[Service, ...]:
    services: tuple[Service, ...] = settings.OPENID_SERVICES
    return services
