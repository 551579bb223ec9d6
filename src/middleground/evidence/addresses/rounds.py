"""Which addresses are due, and what is kept of a look."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from middleground.dialogues.models import Dialogue
from middleground.evidence.addresses.asking import Asking
from middleground.evidence.addresses.look import HEARD, AddressLook, Found, look_at
from middleground.evidence.models import AddressState, Source

logger = logging.getLogger(__name__)
AT_ONCE = 20
TRIED = 3  # by the doctor
# Dead is what failed so often, over so many days: a server may be mended over a weekend.
FAILURES = 3
DAYS = 3
AGAIN = timedelta(days=1)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)
Looking = Callable[[str, Asking, datetime], AddressLook]


def asking_for_host() -> Asking:
    """Requests that name this site, as a reader's would not, and nothing else."""
    return Asking(f"middleground ({settings.ORIGIN}; looks whether a cited address answers)")


def look_at_due(asking: Asking, now: datetime, looking: Looking = look_at) -> int:
    """Look at the addresses that are due, one of each host; return how many were looked at."""
    due = _one_of_each_host(_due(now))
    looks = [(source, _look(source, asking, now, looking)) for source in due]
    heard = any(look.found in HEARD for _source, look in looks)
    if not heard and any(look.found is Found.SILENT for _source, look in looks):
        heard = _another_is_heard(due, asking, now, looking)
    for source, look in looks:
        _keep(source, look, now, heard=heard)
    return len(looks)


def reach_out(asking: Asking, now: datetime, looking: Looking = look_at) -> tuple[int, bool]:
    """How many hosts were asked, a few at most, and whether any answered. Keeps nothing."""
    some = _one_of_each_host(public_sources().order_by("pk"))[:TRIED]
    for count, source in enumerate(some, 1):
        if _look(source, asking, now, looking).found in HEARD:
            return count, True
    return len(some), False


def _look(source: Source, asking: Asking, now: datetime, looking: Looking) -> AddressLook:
    """One look. Whatever goes wrong in it, the other addresses are still looked at."""
    try:
        return looking(source.address, asking, now)
    except Exception:
        logger.exception("The look at the address of source %d failed.", source.pk)
        return AddressLook(Found.SILENT)


def public_sources() -> QuerySet[Source]:
    """Those with an address that everyone can read."""
    listed = Source.objects.filter(withdrawn="").exclude(address="")
    return listed.exclude(dialogue__state=Dialogue.State.DRAFT)


def _due(now: datetime) -> QuerySet[Source]:
    anew = Q(address_state=None) | ~Q(address_state__address=F("address"))
    return public_sources().filter(anew | Q(address_state__next_at__lte=now)).order_by("pk")


def _one_of_each_host(due: QuerySet[Source]) -> list[Source]:
    """The first few, of different hosts; the others come in the next round, minutes later."""
    found: dict[str, Source] = {}
    for source in due.iterator():
        found.setdefault(host_of(source), source)
        if len(found) == AT_ONCE:
            break
    return list(found.values())


def host_of(source: Source) -> str:
    return urlsplit(source.address).hostname or ""


def _another_is_heard(
    due: Sequence[Source], asking: Asking, now: datetime, looking: Looking
) -> bool:
    """Whether a host that answered lately answers now: otherwise it may be this machine."""
    asked = {host_of(source) for source in due}
    known = public_sources().filter(
        address_state__dead_since=None, address_state__answered_on__isnull=False
    )
    for source in known.order_by("-address_state__answered_on")[:AT_ONCE]:
        if host_of(source) not in asked:
            return _look(source, asking, now, looking).found in HEARD
    return False


@transaction.atomic
def _keep(source: Source, look: AddressLook, now: datetime, *, heard: bool) -> None:
    stored = Source.objects.select_for_update().filter(pk=source.pk, address=source.address)
    if not stored.exists():  # staff changed the address meanwhile
        return
    today = timezone.localdate(now)
    state = AddressState.objects.filter(source=source, address=source.address).first()
    if state is None:
        AddressState.objects.filter(source=source).delete()
        state = AddressState(source_id=source.pk, address=source.address)
    state.looked_on = today
    state.next_at = now + timedelta(days=settings.SOURCE_LOOK_DAYS)
    if look.found is Found.BUSY:
        wait = timedelta(seconds=look.wait) if look.wait else AGAIN
        state.next_at = now + min(max(wait, SHORTEST), LONGEST)
    elif look.found is Found.SILENT and not heard:
        state.next_at = now + AGAIN
    elif look.found in {Found.ANSWERS, Found.REFUSED}:
        state.answered_on = today if look.found is Found.ANSWERS else None
        state.failures, state.failing_since, state.dead_since = 0, None, None
    else:
        _count_failure(state, now)
    state.save()


def _count_failure(state: AddressState, now: datetime) -> None:
    today = timezone.localdate(now)
    state.failures = min(state.failures + 1, FAILURES)
    state.failing_since = state.failing_since or today
    if state.failures >= FAILURES and today >= state.failing_since + timedelta(days=DAYS):
        state.dead_since = state.failing_since
    else:
        state.next_at = now + AGAIN
