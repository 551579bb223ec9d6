"""Making, naming and closing partners' pages; and what a partner itself decides."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.outreach.models import LONGEST_NAME, Partner
from middleground.people.models import User

MOST_PARTNERS = 100


class PartnerRefused(Refused):
    """Nothing was stored."""

    refusals = {
        "no_name": RefusalText(
            _("Write the organization’s name. At most %(longest)d letters."), 422
        ),
        "too_many": RefusalText(_("A dialogue can have at most %(most)d partners.")),
        "closed": RefusalText(_("The page of this partner is closed. Give it a new address.")),
    }


@transaction.atomic
def add_partner(staff: User, dialogue: Dialogue, name: str) -> tuple[Partner, str]:
    """Make a partner's page; return the partner and the secret of its address, of which only a
    hash is stored. Raises ``PartnerRefused``.
    """
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.partners.count() >= MOST_PARTNERS:
        raise PartnerRefused("too_many", most=MOST_PARTNERS)
    last = dialogue.partners.aggregate(last=Max("number"))["last"] or 0
    token = secrets.token_urlsafe(24)
    partner = Partner.objects.create(
        dialogue=dialogue, number=last + 1, name=_checked(name), token=_hash(token)
    )
    log_staff_action(staff, dialogue, Verb.ADD_PARTNER, name=partner.name)
    return partner, token


@transaction.atomic
def rename_partner(staff: User, partner: Partner, name: str) -> bool:
    """Change the name. They have to consent again, since they consented to another one.

    False if nothing was changed. Raises ``PartnerRefused``.
    """
    now = Partner.objects.select_for_update().select_related("dialogue").get(pk=partner.pk)
    name = _checked(name)
    if name == now.name:
        return False
    Partner.objects.filter(pk=now.pk).update(name=name, consented=False)
    log_staff_action(staff, now.dialogue, Verb.EDIT_PARTNER, before=now.name, name=name)
    return True


@transaction.atomic
def renew_address(staff: User, partner: Partner) -> str:
    """Give the page another address, and return its secret. The old one leads nowhere."""
    token = secrets.token_urlsafe(24)
    Partner.objects.filter(pk=partner.pk).update(token=_hash(token))
    log_staff_action(staff, partner.dialogue, Verb.EDIT_PARTNER, name=partner.name)
    return token


@transaction.atomic
def close_page(staff: User, partner: Partner) -> None:
    """Close the page; the partner is named no longer. Its short addresses lead on."""
    if Partner.objects.filter(pk=partner.pk).exclude(token="").update(token="", consented=False):
        log_staff_action(staff, partner.dialogue, Verb.END_PARTNER, name=partner.name)


@transaction.atomic
def consent(partner: Partner, name: str, *, agreed: bool) -> None:
    """What the partner decides about being named as ``name``, which it saw on its page.

    Raises ``PartnerRefused`` if the host changed the name or closed the page meanwhile.
    """
    same = Partner.objects.filter(pk=partner.pk, name=name).exclude(token="")
    if not same.update(consented=agreed):
        raise PartnerRefused("closed")


def partner_of(token: str) -> Partner | None:
    """Whose page it is; None for an address that leads nowhere, or no longer."""
    found = Partner.objects.filter(token=_hash(token)).select_related("dialogue")
    return found.first()


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise PartnerRefused("no_name", longest=LONGEST_NAME)
    return name


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
