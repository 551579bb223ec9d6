"""``/healthz``: whether votes can be stored and pages shown, for a program that asks often.

It tells no count, no name and no secret. A public log that is late and a background job that fails
are told, and fail nothing: votes are stored meanwhile, and a restart would not help.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from middleground.core.jobs.troubles import all_troubles
from middleground.dialogues.identity.keys import is_key_at_hand
from middleground.dialogues.models import Dialogue
from middleground.publiclog.upkeep.lateness import is_log_late

PATH = "/healthz"
LEAST_FREE_BYTES = 100_000_000  # ``doctor`` complains long before
OK = "ok"


@require_safe
@never_cache
def show_health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    found = {"database": "no answer", "keys": "unknown"}
    try:
        found["keys"] = OK if _has_all_keys() else "missing"
        found["database"] = OK
    except DatabaseError:
        pass
    except OSError:
        found = {"database": OK, "keys": "unreadable"}
    found["disk"] = OK if _has_room(Path(settings.DATA)) else "full"
    is_well = set(found.values()) == {OK}
    found["log"] = "late" if is_log_late() else OK
    found["jobs"] = _jobs()
    status = OK if is_well else "failing"
    return JsonResponse({"status": status, **found}, status=200 if is_well else 503)


def _has_all_keys() -> bool:
    """Whether the keys of all open dialogues fit: otherwise not all votes are taken."""
    now = timezone.now()
    opened = Dialogue.objects.filter(state=Dialogue.State.OPEN, key_destroyed_on=None)
    return all(is_key_at_hand(each) for each in opened if each.is_open(now))


def _jobs() -> str:
    try:
        return "failing" if all_troubles() else OK
    except DatabaseError:
        return "unknown"


def _has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES
    except OSError:
        return False
