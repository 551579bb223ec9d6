"""Periodic jobs of outreach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.outreach.campaigns.visits import openings, write_visits

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
