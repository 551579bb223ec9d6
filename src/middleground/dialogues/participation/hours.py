"""How many were admitted in each hour, by which way: what staff see of a flood."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from middleground.core.dates import beginning_of, hour_of, moment
from middleground.dialogues.models import Dialogue, HourlyAdmission

HOURS_KEPT = 72


def count_admission(dialogue: Dialogue, way: str, now: datetime) -> None:
    """Count one more who was admitted in this hour. The caller's transaction admits them."""
    row, _new = HourlyAdmission.objects.get_or_create(dialogue=dialogue, hour=hour_of(now), way=way)
    HourlyAdmission.objects.filter(pk=row.pk).update(admitted=F("admitted") + 1)


def admitted_by_hour(dialogue: Dialogue, now: datetime) -> list[tuple[int, dict[str, int]]]:
    """All hours that are kept, the oldest first: each hour's number, and how many came.

    Hours in which nobody came are among them, so that these look as those with few.
    """
    last = hour_of(now)
    counts: dict[int, dict[str, int]] = {
        hour: dict.fromkeys(HourlyAdmission.Way.values, 0)
        for hour in range(last - HOURS_KEPT + 1, last + 1)
    }
    rows = HourlyAdmission.objects.filter(dialogue=dialogue)
    for hour, way, admitted in rows.values_list("hour", "way", "admitted"):
        if hour in counts:
            counts[hour][way] = admitted
    return list(counts.items())


def delete_old_hours(now: datetime) -> None:
    HourlyAdmission.objects.filter(hour__lte=hour_of(now) - HOURS_KEPT).delete()


def hour_label(hour: int) -> str:
    """When the hour began, for pages."""
    return moment(beginning_of(hour))
