"""Periodic jobs of notices."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.notices import following, news, troubles
from middleground.notices.outbox.sending import Sender
from middleground.notices.waiting import tell_waiting

_sender = Sender()


@every(
    60.0,
    name="tell news by e-mail",
    missing=_("Followers of cases get no news, and officials do not hear what is due."),
)
def tell_news() -> None:
    news.begin_to_tell()
    news.tell_news()
    news.tell_due_days()


@every(
    60.0,
    name="tell moderators what waits",
    missing=_("Moderators get no e-mail about what is waiting. Their feeds and the desk show it."),
)
def tell_moderators() -> None:
    tell_waiting(timezone.now())


@every(
    600.0,
    name="delete addresses of followers that are no longer needed",
    missing=_("Addresses that should be deleted by now still exist."),
    at_start_and_stop=True,
)
def forget_followers() -> None:
    following.end_following()
    troubles.forget_old_troubles()


@every(
    20.0, name="send e-mail", missing=_("E-mail is waiting and not being sent."), own_thread=True
)
def send_waiting() -> None:
    _sender.send_waiting()
