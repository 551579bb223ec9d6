"""Periodic work of this app."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.evidence.actions.public_log import EvidenceLog
from middleground.evidence.addresses.rounds import asking_for_host, look_at_due
from middleground.evidence.copies import delete_unused
from middleground.evidence.models import Source
from middleground.evidence.references import format_missing

DAY = 86_400
_log = EvidenceLog()


@every(
    20,
    name="format references",
    missing=_("Imported sources do not show a formatted reference yet."),
    own_thread=True,
)
def format_references() -> None:
    """Format what was imported."""
    format_missing()


@every(
    20.0,
    name="log sources and claims",
    missing=_("Changes to sources and claims are not in the public log yet."),
)
def log_evidence() -> None:
    """Tell the public log how sources and claims stand."""
    _log.log_changes()


@every(
    DAY,
    name="delete unused copies",
    missing=_("Copies of removed sources still exist."),
)
def delete_unused_copies() -> None:
    """Delete copies that were removed or replaced."""
    used = Source.objects.exclude(copy_hash="").values_list("copy_hash", flat=True)
    delete_unused(set(used))


@every(
    600,
    name="look at addresses of sources",
    missing=_("Pages show old results about the addresses of sources."),
    own_thread=True,
)
def look_at_addresses() -> None:
    """Look whether the addresses of sources answer, if the host lets this machine call out."""
    if settings.LOOK_AT_SOURCES:
        look_at_due(asking_for_host(), timezone.now())
