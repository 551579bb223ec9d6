"""Links by which somebody outside looks at a dialogue before it opens: made, found, withdrawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.admission_codes import (
    PRINTED_LENGTH,
    grouped,
    new_code,
    parse_code,
)
from middleground.dialogues.identity.tokens import new_token, read_token, write_token
from middleground.dialogues.models import Dialogue, PreviewLink, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User

FIRST_DAYS = 14
MOST_DAYS = 60
MOST_LINKS = 20
SHORTEST_PASSWORD = 10
PREVIEW_COOKIE = "__Secure-preview"
PREVIEW_HOURS = 12
_signer = signing.TimestampSigner(salt="middleground.preview-link")


class PreviewRefused(Refused):
    """The link cannot be made."""

    refusals = {
        "is_public": RefusalText(
            _("The dialogue has opened. Everyone can see it without a preview link.")
        ),
        "label_is_taken": RefusalText(
            _("This label is taken. Choose another, or withdraw that link.")
        ),
        "too_many": RefusalText(_("There are %(most)d links already. Withdraw one first.")),
    }


@dataclass(frozen=True, slots=True)
class NewPreview:
    """What is told once: the secret part of the address, and the password."""

    token: str
    password: str


def make_preview_link(
    staff: User, dialogue: Dialogue, label: str, ends_on: date, password: str = ""
) -> NewPreview:
    """Store a link, with a password of our own unless one is given. Raises ``PreviewRefused``."""
    password = password or grouped(new_code(PRINTED_LENGTH))
    token = new_token()
    hashed = make_password(_as_compared(password))  # takes long, so before the transaction
    with transaction.atomic():
        locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        if is_public(locked):
            raise PreviewRefused("is_public")
        links = locked.preview_links
        if links.filter(label=label).exists():
            raise PreviewRefused("label_is_taken")
        if links.count() >= MOST_LINKS:
            raise PreviewRefused("too_many", most=MOST_LINKS)
        links.create(label=label, address_hash=_hash(token), password=hashed, ends_on=ends_on)
        log_staff_action(staff, locked, Verb.MAKE_PREVIEW, until=ends_on.isoformat())
    return NewPreview(write_token(token), password)


@transaction.atomic
def withdraw_preview_link(staff: User, dialogue: Dialogue, number: int) -> bool:
    """Delete the link: its address and its cookies lead nowhere. False if there is none."""
    deleted, _kinds = dialogue.preview_links.filter(pk=number).delete()
    if deleted:
        log_staff_action(staff, dialogue, Verb.WITHDRAW_PREVIEW)
    return bool(deleted)


def is_public(dialogue: Dialogue) -> bool:
    """Whether it has opened, so that its own pages show what a preview would."""
    return dialogue.phase(timezone.now()) not in {"draft", "scheduled"}


def last_day() -> date:
    return timezone.localdate() + timedelta(days=MOST_DAYS)


def preview_link(token: str) -> PreviewLink | None:
    """The link with this address, unless it is withdrawn or over."""
    secret = read_token(token)
    if secret is None:
        return None
    links = PreviewLink.objects.filter(ends_on__gte=timezone.localdate())
    return links.select_related("dialogue").filter(address_hash=_hash(secret)).first()


def is_password_of(link: PreviewLink, typed: str) -> bool:
    return check_password(_as_compared(typed), link.password)


def pass_for(link: PreviewLink) -> str:
    """The value of the cookie of who typed the link's password."""
    return _signer.sign(link.address_hash)


def is_pass_for(link: PreviewLink, value: str) -> bool:
    """Whether the cookie is of this link and no other, and not too old."""
    try:
        of = _signer.unsign(value, max_age=timedelta(hours=PREVIEW_HOURS))
    except signing.BadSignature:
        return False
    return constant_time_compare(of, link.address_hash)


def delete_ended_previews(today: date) -> None:
    """Delete the links whose last day is over."""
    ended = PreviewLink.objects.filter(ends_on__lt=today)
    if ended.exists():  # so that nothing is written every few seconds
        ended.delete()


def _hash(secret: bytes) -> str:
    """Of 128 random bits, which nobody can guess, so it needs no key and no salt."""
    return hashlib.sha256(secret).hexdigest()


def _as_compared(password: str) -> str:
    """A password of ours may be typed in small letters and without its dashes."""
    code = parse_code(password)
    if code is not None and len(code) == PRINTED_LENGTH:
        return grouped(code)
    return password.strip()
