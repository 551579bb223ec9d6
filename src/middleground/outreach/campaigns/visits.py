"""How often short addresses were opened, so that no visit can be found in the count.

Openings are counted in this process's memory. A job writes whole steps now and then; what is left
over is written up to a step, or dropped, by lot, once a day and when the server stops. So the count
is right on average, while the database holds neither a time nor a number that one visit changes.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from middleground.outreach.models import Campaign, CampaignVisits

STEP = 10

# Programs that fetch an address, for a list of pages or to show a link in a message.
_PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|skype|embedly"
    r"|curl|wget|python|java/|go-http|okhttp|headless|monitor|scan|fetch|validator|archive",
    re.IGNORECASE,
)
_FETCHED_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")


def is_somebody(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request looks like a person who opens an address.

    It does not if it asks for the head only, comes from a program, fetches ahead or fills a part
    of a page. Nothing of the headers is kept.
    """
    if method != "GET" or any(headers.get(name) for name in _FETCHED_AHEAD):
        return False
    if headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return False
    program = headers.get("User-Agent", "")
    return bool(program) and not _PROGRAM.search(program)


class Openings:
    """Openings of this process that are not written yet, by campaign."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._lock = threading.Lock()

    def add(self, campaign: int) -> None:
        with self._lock:
            self._counts[campaign] += 1

    def take_steps(self) -> dict[int, int]:
        """Take whole steps out; what is less than a step stays."""
        with self._lock:
            taken = {pk: count - count % STEP for pk, count in self._counts.items()}
            self._counts.subtract(taken)
            self._counts = +self._counts
        return {pk: count for pk, count in taken.items() if count}

    def take_rest_by_lot(self) -> dict[int, int]:
        """Take all out. A rest counts as a step, with the chance of its share of one, or not."""
        with self._lock:
            rests, self._counts = dict(self._counts), Counter()
        rounded = {
            pk: count - count % STEP + (STEP if secrets.randbelow(STEP) < count % STEP else 0)
            for pk, count in rests.items()
        }
        return {pk: count for pk, count in rounded.items() if count}


openings = Openings()


@transaction.atomic
def write_visits(counts: Mapping[int, int]) -> None:
    """Add to the stored counts. A campaign that was deleted meanwhile is left out."""
    for campaign in Campaign.objects.filter(pk__in=counts):
        row, _new = CampaignVisits.objects.get_or_create(campaign=campaign)
        CampaignVisits.objects.filter(pk=row.pk).update(opened=F("opened") + counts[campaign.pk])
