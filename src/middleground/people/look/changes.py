"""What staff do to the look of the site; each change is told to colleagues."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from middleground.core.models import SiteLook
from middleground.people.look.logo import Logo
from middleground.people.models import SiteChange, User

Kind = SiteChange.Kind


@transaction.atomic
def set_names(by: User, site_name: str, host_name: str) -> bool:
    """Store both names; empty: as the settings say. Return whether anything changed."""
    values = {"site_name": site_name.strip(), "host_name": host_name.strip()}
    return _store(by, Kind.NAMED, values, values)


@transaction.atomic
def set_accent(by: User, colour: str) -> bool:
    """Store the accent as "#rrggbb"; empty: the built-in one. Return whether it changed."""
    return _store(by, Kind.ACCENT_CHOSEN, {"accent": colour}, {"accent": colour})


@transaction.atomic
def store_logo(by: User, logo: Logo) -> bool:
    digest = hashlib.sha256(logo.png).hexdigest()[:16]
    values = {
        "logo": logo.png,
        "logo_hash": digest,
        "logo_width": logo.width,
        "logo_height": logo.height,
    }
    return _store(by, Kind.LOGO_STORED, values, {"hash": digest})


@transaction.atomic
def place_logo(by: User, plate: str, *, name_beside: bool) -> bool:
    """How the stored logo is shown."""
    values = {"logo_plate": plate, "name_beside": name_beside}
    return _store(by, Kind.LOGO_STORED, values, values)


@transaction.atomic
def remove_logo(by: User) -> bool:
    values = {"logo": None, "logo_hash": "", "logo_width": 0, "logo_height": 0}
    return _store(by, Kind.LOGO_REMOVED, values, {})


@transaction.atomic
def reset_look(by: User) -> bool:
    """Everything as it is built in, or as the settings say."""
    look = _locked()
    if look is None:
        return False
    look.delete()
    _tell(by, Kind.RESET, {})
    return True


def _store(by: User, kind: Kind, values: dict[str, Any], facts: dict[str, Any]) -> bool:
    SiteLook.objects.get_or_create(pk=1)
    look = _locked() or SiteLook(pk=1)
    changed = [name for name, value in values.items() if _stored(look, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(look, name, values[name])
    look.save(update_fields=changed)
    _tell(by, kind, facts)
    return True


def _stored(look: SiteLook, name: str) -> Any:
    value = getattr(look, name)
    return bytes(value) if isinstance(value, memoryview) else value


def _locked() -> SiteLook | None:
    return SiteLook.objects.select_for_update().first()


def _tell(by: User, kind: Kind, facts: dict[str, Any]) -> None:
    SiteChange.objects.create(kind=kind, facts=facts, at=timezone.now(), by=by)
