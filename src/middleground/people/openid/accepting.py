"""Taking a sign-in: whose account it is, that it stays theirs, and what it verifies."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from allauth.account.internal.flows.login import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from middleground.people.bodies.queries import terms_of
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.bodies.terms import Verification, verify_appointment
from middleground.people.models import Appointment, User
from middleground.people.openid.exchange import Person
from middleground.people.openid.refusals import SignInRefused
from middleground.people.openid.services import Service

METHOD = "socialaccount"  # allauth's word, in its session


@transaction.atomic
def accept_sign_in(service: Service, person: Person) -> User:
    """The official's account, which from the first time on belongs to this person at the service.

    An initial password, which a member of staff has seen, opens it no longer.
    """
    user = _account(service, person)
    if _acts_elsewhere(user, service):
        raise SignInRefused("other_body", name=service.name)
    name = _name_of(person)
    links = SocialAccount.objects.filter(provider=service.id).filter(Q(user=user) | Q(uid=name))
    link = links.first()
    if link is None:
        SocialAccount.objects.create(user=user, provider=service.id, uid=name, extra_data={})
    elif len(links) > 1 or (link.user_id, link.uid) != (user.pk, name):
        raise SignInRefused("other_person", name=service.name)
    if user.password_is_initial:
        user.set_unusable_password()
        user.password_is_initial = False
        user.save(update_fields=["password", "password_is_initial"])
        user.end_sessions()
    return user


def verify_terms(request: HttpRequest, user: User) -> None:
    """Verify the terms for which the service of a complete sign-in speaks; each only once."""
    records = get_authentication_records(request, user)
    used = {record.get("provider") for record in records if record["method"] == METHOD}
    for service in settings.OPENID_SERVICES:
        if service.id in used:
            _verify(user, service)


@transaction.atomic
def _verify(user: User, service: Service) -> None:
    User.objects.select_for_update().get(pk=user.pk)  # two sign-ins at once verify it once
    today = timezone.localdate()
    terms = terms_of(user, today).filter(proof="", post__body__slug__in=service.bodies)
    for term in terms:
        with suppress(BodyRefused), transaction.atomic():  # the body ended a moment ago
            verify_appointment(None, term, Verification(Appointment.Proof.OPENID, today))


def _account(service: Service, person: Person) -> User:
    """The official's account with the person's address, locked. Never one of the host's staff."""
    if not person.email:
        raise SignInRefused("email", name=service.name)
    if not service.speaks_for(person.email):
        raise SignInRefused("domain", name=service.name)
    found = list(User.objects.select_for_update().filter(email__iexact=person.email))
    if len(found) != 1 or not _may_be_reached(found[0]):
        raise SignInRefused("account", name=service.name)
    return found[0]


def _may_be_reached(user: User) -> bool:
    return user.is_active and user.is_official and not (user.is_staff or user.is_superuser)


def _acts_elsewhere(user: User, service: Service) -> bool:
    """Whether the account has a term, now or to come, at a body that the service is not of."""
    others = Appointment.objects.filter(user=user).exclude(post__body__slug__in=service.bodies)
    return others.filter(Q(until=None) | Q(until__gte=timezone.localdate())).exists()


def _name_of(person: Person) -> str:
    """A hash, since nothing has to be known of the person but that they are the same."""
    return sha256(f"{person.issuer}\n{person.subject}".encode()).hexdigest()
