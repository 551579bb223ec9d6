"""Periodic jobs of notices."""

from __future__ import annotations

from middleground.core.jobs import every
from middleground.notices import following, news, troubles
from middleground.notices.outbox.sending import Sender

_sender = Sender()


@every(60.0, name="tell news by e-mail")
def tell_news() -> None:
    news.begin_to_tell()
    news.tell_news()
    news.tell_due_days()


@every(
    600.0, name="delete addresses of followers that are no longer needed", at_start_and_stop=True
)
def forget_followers() -> None:
    following.end_following()
    troubles.forget_old_troubles()


@every(20.0, name="send e-mail", own_thread=True)
def send_waiting() -> None:
    _sender.send_waiting()
