"""Periodic jobs for staff accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.people import actions


@every(
    20.0,
    name="delete old sessions",
    missing=_("Ended sessions are still stored. They open nothing."),
    at_start_and_stop=True,
)
def delete_old_sessions() -> None:
    actions.delete_old_sessions()
