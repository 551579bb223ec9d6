"""Changes to staff accounts by facilitators. Each is written to Django's admin log."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.people.models import User
from middleground.people.permissions import Action, may
from middleground.people.sign_in.passwords import initial_password


class StaffRefused(Refused):
    """The account stays unchanged."""

    refusals = {
        # Nobody would be left who may create dialogues and accounts.
        "last_facilitator": RefusalText(
            _("%(name)s is the last facilitator. Make somebody else a facilitator first.")
        ),
        # An official would be staff, who speak for no body.
        "official": RefusalText(
            _("%(name)s is an official. People who hold posts cannot have a staff role.")
        ),
        # The account has more rights than the one that wants to change it.
        "not_yours": RefusalText(
            _("Only another administrator can change this account."), status=403
        ),
    }


@transaction.atomic
def add_member(by: User, *, email: str, name: str, role: str) -> tuple[User, str]:
    """Create an account; return it and its initial password, of which only a hash is stored."""
    password = initial_password()
    member = User.objects.create_user(
        email, password, name=name, role=role, password_is_initial=True
    )
    _log(by, member, ADDITION, f"added as {role}")
    return member, password


@transaction.atomic
def change_role(by: User, member: User, role: str) -> None:
    member = _locked(by, member)
    if member.is_official:
        raise StaffRefused("official", name=str(member))
    if role != User.Role.FACILITATOR:
        _keep_a_facilitator(member)
    member.role = role
    member.save(update_fields=["role"])
    _log(by, member, CHANGE, f"role: {role}")


@transaction.atomic
def deactivate(by: User, member: User) -> None:
    """Bar the member from signing in. Their actions stay in the log under their name."""
    member = _locked(by, member)
    _keep_a_facilitator(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    _log(by, member, CHANGE, "deactivated")


@transaction.atomic
def reactivate(by: User, member: User) -> None:
    member = _locked(by, member)
    member.is_active = True
    member.save(update_fields=["is_active"])
    _log(by, member, CHANGE, "reactivated")


@transaction.atomic
def reset_password(by: User, member: User) -> str:
    """Set and return a new initial password; the member's sessions end.

    An official's sign-in through a body's service begins anew too: it takes the next person there
    who has the account's e-mail address.
    """
    member = _locked(by, member)
    password = initial_password()
    member.set_password(password)
    member.password_is_initial = True
    member.save(update_fields=["password", "password_is_initial"])
    if settings.OPENID_SERVICES:
        from allauth.socialaccount.models import SocialAccount

        SocialAccount.objects.filter(user=member).delete()
    _log(by, member, CHANGE, "password reset")
    return password


@transaction.atomic
def reset_second_factor(by: User, member: User) -> None:
    """Remove authenticator app, passkeys and recovery codes; sessions end. The password stays."""
    member = _locked(by, member)
    Authenticator.objects.filter(user=member).delete()
    member.end_sessions()
    _log(by, member, CHANGE, "second factor removed")


def delete_old_sessions() -> None:
    """Delete expired sessions, because they disclose who was signed in when."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _locked(by: User, member: User) -> User:
    """The member as stored now. All accounts are locked, so that two cannot remove each other."""
    everyone = {user.pk: user for user in User.objects.select_for_update().order_by("pk")}
    current = everyone[member.pk]
    if not may(by, Action.MANAGE_ACCOUNT, current):
        raise StaffRefused("not_yours")
    return current


def _keep_a_facilitator(without: User) -> None:
    others = User.objects.filter(is_active=True, role=User.Role.FACILITATOR).exclude(pk=without.pk)
    if not others.exists():
        raise StaffRefused("last_facilitator", name=str(without))


def _log(by: User, member: User, flag: int, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, [member], flag, message, single_object=True)
