"""Periodic jobs of outreach."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.outreach.campaigns.visits import openings, write_visits
from middleground.outreach.invitations.actions import end_old_rounds
from middleground.outreach.invitations.sending import stop_all

STOP_SECONDS = 5.0
NEVER = 10 * 365 * 24 * 3600.0  # but at start and stop
_NOT_COUNTED = _("How often short addresses were opened is not counted.")


@every(
    900.0,
    name="write how often short addresses were opened",
    missing=_NOT_COUNTED,
    in_every_process=True,
)
def write_whole_steps() -> None:
    if taken := openings.take_steps():
        write_visits(taken)


@every(
    24 * 3600.0,
    name="round how often short addresses were opened",
    missing=_NOT_COUNTED,
    in_every_process=True,
    at_start_and_stop=True,
)
def write_rests_by_lot() -> None:
    if taken := openings.take_rest_by_lot():
        write_visits(taken)


@every(
    NEVER,
    name="stop sending invitations when the server stops",
    missing=_("Invitations that were being sent when the server stopped count as uncertain."),
    in_every_process=True,
    at_start_and_stop=True,
)
def stop_sending() -> None:
    stop_all(STOP_SECONDS)


@every(
    3600.0,
    name="end old rounds of invitations",
    missing=_("What tells who got an invitation should be destroyed by now, and still exists."),
)
def end_rounds() -> None:
    end_old_rounds(timezone.localdate())
