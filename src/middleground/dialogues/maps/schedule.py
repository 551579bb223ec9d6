"""When maps are made: final ones as soon as a dialogue closes, others at limited frequency."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import JobPart, part
from middleground.core.jobs.troubles import forget_all_but, noted, trouble_of
from middleground.core.models import JobTrouble
from middleground.core.processes.election import NotElected
from middleground.dialogues.maps.live import LiveMap, LiveMaps, live_maps
from middleground.dialogues.maps.publish import counts_of, finalise, refresh_map, reopen
from middleground.dialogues.maps.release import is_small
from middleground.dialogues.models import Dialogue, StoredMap

logger = logging.getLogger(__name__)

MAKE_MAPS = "make due maps"  # the job
RENEW = part(
    "renew the map",
    _("Renewing the map"),
    _("The map is not updated. Votes are kept. Its page says since when."),
)
FINALISE = part(
    "make the final map",
    _("Making the final result"),
    _("The final result is missing. Votes are kept. Its page says so."),
)

# Another process tells of the votes that it takes, and new ones show in the daily counts. If it is
# killed before it tells of a changed or deleted vote, this look finds it.
LOOK_SECONDS = 60.0
# The largest share of time spent on reading votes, however many there are.
LOOK_SHARE = 0.05
# The largest share of time spent on making maps. With many votes, maps are therefore made less
# often than every MAP_SECONDS.
MAP_SHARE = 0.1


def trouble_of_map(dialogue: Dialogue, phase: str) -> JobTrouble | None:
    """Why no new map comes of this dialogue at the moment, if something fails."""
    own = FINALISE if phase == "closed" else RENEW
    found = trouble_of((own.name, dialogue.pk), (MAKE_MAPS, 0))
    if found and not found.about and dialogue.maps.filter(final=True).exists():
        return None
    return found


def make_due_maps(maps: LiveMaps = live_maps) -> None:
    """Make all maps that are due; called every few seconds. One failed map stops no other."""
    now, opened, to_finalise = timezone.now(), [], []
    final = StoredMap.objects.filter(dialogue=OuterRef("pk"), final=True)
    candidates = Dialogue.objects.exclude(state=Dialogue.State.DRAFT)
    for dialogue in candidates.annotate(has_final=Exists(final)):
        phase = dialogue.phase(now)
        if phase == "closed" and not dialogue.has_final:
            to_finalise.append(dialogue.pk)
            _try(FINALISE, finalise, dialogue, maps)
        elif phase == "open":
            opened.append(dialogue)
    for dialogue in opened:
        if dialogue.has_final:
            reopen(dialogue.pk)
        if _worth_a_look(dialogue, now, maps):
            _try(RENEW, refresh_map, dialogue, maps)
    forget_all_but(FINALISE.name, to_finalise)
    forget_all_but(RENEW.name, [dialogue.pk for dialogue in opened])


def _try(
    what: JobPart,
    make: Callable[[int, LiveMaps], StoredMap | None],
    dialogue: Dialogue,
    maps: LiveMaps,
) -> None:
    try:
        with noted(what.name, dialogue.pk):
            make(dialogue.pk, maps)
    except NotElected:
        raise
    except Exception:
        logger.exception("No map could be made of “%s”; it is tried again.", dialogue.slug)


def _worth_a_look(dialogue: Dialogue, now: datetime, maps: LiveMaps) -> bool:
    """Whether to read all votes: counts changed or some time has passed, but not too often."""
    live = maps.of(dialogue.pk)
    newest = dialogue.maps.only("id", "dialogue", "made_at", "counted").first()
    pause = max(settings.MAP_SECONDS, live.seconds_to_make / MAP_SHARE)
    if newest and (now - newest.made_at).total_seconds() < pause:
        return False
    if seconds := beat_seconds(dialogue, newest.counted if newest else 0):
        beat, live.beat = live.beat, int(now.timestamp() // seconds)
        if beat == live.beat:
            return False
    return _has_paused(dialogue, live)


def beat_seconds(dialogue: Dialogue, counted: int) -> float:
    """The beat in which votes are looked at, after a map of so many people; 0 for no beat.

    Were votes looked at whenever some come in, the moment of a map would tell when somebody voted.
    Of many people no beat is needed, because a hundred and more vote between two maps.
    """
    if dialogue.map_minutes:
        return 60.0 * dialogue.map_minutes
    return settings.MAP_BEAT_SECONDS if is_small(counted, dialogue.minimum_shown) else 0.0


def _has_paused(dialogue: Dialogue, live: LiveMap) -> bool:
    """Whether something changed since the last look, and reading does not take too much time."""
    last = live.last_look
    if last is None:
        return True
    since = time.monotonic() - last.at
    if since < last.took / LOOK_SHARE:
        return False
    # Newcomers count at the second look.
    return live.newcomers or counts_of(dialogue) != last.counts or since >= LOOK_SECONDS
