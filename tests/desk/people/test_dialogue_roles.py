"""Roles in a single dialogue: who grants and withdraws them, and what they permit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from middleground.dialogues.models import Dialogue, DialogueMembership, StaffAction
from middleground.dialogues.queries import dialogues_at_desk
from middleground.dialogues.texts.appeals import needs_another
from middleground.people.models import User
from middleground.people.permissions import Action, may
from support.cast import make_dialogue, make_member, make_staff

pytestmark = pytest.mark.django_db

IN_A_DIALOGUE = (Action.SEE, Action.MODERATE, Action.FACILITATE, Action.GRANT_ROLES)
ANYWHERE = (Action.CREATE_DIALOGUES, Action.MANAGE_STAFF)


@pytest.fixture
def harbour() -> Dialogue:
    return make_dialogue()


@pytest.fixture
def airport() -> Dialogue:
    return make_dialogue("airport")


@pytest.fixture
def guest() -> User:
    return make_staff(User.Role.GUEST, "gil@example.org")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def roles() -> list[tuple[str, str, str]]:
    rows = DialogueMembership.objects.order_by("dialogue__slug", "user__email")
    return list(rows.values_list("dialogue__slug", "user__email", "role"))


def log() -> list[tuple[str, dict[str, object]]]:
    return list(StaffAction.objects.order_by("pk").values_list("verb", "details"))


# Granting and withdrawing


def test_without_an_account_to_choose_the_page_says_where_to_add_one(
    desk: Client, harbour: Dialogue
) -> None:
    page = desk.get("/desk/harbour/roles/").content.decode()
    assert "No account is left to give a role to." in page
    assert 'name="member"' not in page
    make_staff(User.Role.GUEST, "gil@example.org")
    page = desk.get("/desk/harbour/roles/").content.decode()
    assert "No account is left to give a role to." not in page
    assert 'name="member"' in page


def test_a_role_is_given_changed_and_withdrawn_and_each_is_logged(
    desk: Client, harbour: Dialogue, guest: User
) -> None:
    asked = {"member": guest.pk, "role": "moderator"}
    answer = desk.post("/desk/harbour/roles/", asked, follow=True)
    assert "The role is given." in answer.content.decode()
    assert roles() == [("harbour", "gil@example.org", "moderator")]
    desk.post("/desk/harbour/roles/", {**asked, "role": "facilitator"})
    assert roles() == [("harbour", "gil@example.org", "facilitator")]
    answer = desk.post("/desk/harbour/roles/", {**asked, "role": "facilitator"}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    answer = desk.post(f"/desk/harbour/roles/{guest.pk}/withdraw/", follow=True)
    assert "The role is withdrawn." in answer.content.decode()
    assert roles() == []
    answer = desk.post(f"/desk/harbour/roles/{guest.pk}/withdraw/", follow=True)
    assert "They have no role in this dialogue." in answer.content.decode()
    whom = {"account": guest.pk, "name": "gil@example.org"}
    assert log() == [
        ("grant_role", {**whom, "role": "moderator"}),
        ("grant_role", {**whom, "role": "facilitator"}),
        ("withdraw_role", {**whom, "role": "facilitator"}),
    ]
    page = desk.get("/desk/harbour/").content.decode()
    assert "made gil@example.org a moderator of this dialogue" in page
    assert "made gil@example.org a facilitator of this dialogue" in page
    assert "withdrew the role of gil@example.org in this dialogue" in page


@pytest.mark.parametrize("role", ["", "guest", "administrator"])
def test_an_unknown_role_is_refused(
    desk: Client, harbour: Dialogue, guest: User, role: str
) -> None:
    answer = desk.post("/desk/harbour/roles/", {"member": guest.pk, "role": role})
    assert (answer.status_code, roles(), log()) == (200, [], [])


def test_inactive_staff_and_facilitators_are_not_offered_a_role(
    desk: Client, harbour: Dialogue, guest: User, facilitator: User, moderator: User
) -> None:
    gone = make_staff(User.Role.GUEST, "gone@example.org")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    page = desk.get("/desk/harbour/roles/")
    offered = list(page.context["form"].fields["member"].queryset)
    assert offered == [guest, moderator]
    desk.post("/desk/harbour/roles/", {"member": gone.pk, "role": "moderator"})
    desk.post("/desk/harbour/roles/", {"member": facilitator.pk, "role": "moderator"})
    assert roles() == []


def test_the_page_lists_roles_in_this_dialogue_only(
    desk: Client, harbour: Dialogue, airport: Dialogue
) -> None:
    make_member(harbour, "moderator", "mia@example.org")
    make_member(airport, "facilitator", "ada@example.org")
    shown = desk.get("/desk/harbour/roles/").context["memberships"]
    assert [membership.user.email for membership in shown] == ["mia@example.org"]


def test_a_facilitator_of_one_dialogue_cannot_grant_roles(harbour: Dialogue, guest: User) -> None:
    own = browser(make_member(harbour, "facilitator", "fin@example.org"))
    for address in ("", f"{guest.pk}/withdraw/"):
        asked = {"member": guest.pk, "role": "moderator"}
        assert own.post(f"/desk/harbour/roles/{address}", asked).status_code == 403
    assert roles() == [("harbour", "fin@example.org", "facilitator")]
    assert "/desk/harbour/roles/" not in own.get("/desk/harbour/").content.decode()


# Permissions of a role in a dialogue


def allowed(user: User, dialogue: Dialogue) -> set[Action]:
    return {action for action in IN_A_DIALOGUE if may(user, action, dialogue)}


def test_a_role_in_a_dialogue_permits_nothing_elsewhere(
    harbour: Dialogue, airport: Dialogue, guest: User
) -> None:
    members = {
        role: make_member(harbour, role, f"{role}@example.org")
        for role in ("moderator", "facilitator")
    }
    moderates = {Action.SEE, Action.MODERATE}
    assert allowed(members["moderator"], harbour) == moderates
    assert allowed(members["facilitator"], harbour) == {*moderates, Action.FACILITATE}
    for user in (guest, *members.values()):
        assert allowed(user, airport) == set()
        # Without a subject the question concerns all dialogues.
        assert [action for action in (*IN_A_DIALOGUE, *ANYWHERE) if may(user, action)] == []
        assert not may(user, Action.MANAGE_ACCOUNT, user)
    assert allowed(guest, harbour) == set()


def test_the_installations_roles_hold_in_every_dialogue(
    harbour: Dialogue, facilitator: User, moderator: User, superuser: User
) -> None:
    assert allowed(moderator, harbour) == {Action.SEE, Action.MODERATE}
    assert allowed(facilitator, harbour) == allowed(superuser, harbour) == set(IN_A_DIALOGUE)
    assert [action for action in ANYWHERE if may(moderator, action)] == []
    assert [action for action in ANYWHERE if may(facilitator, action)] == list(ANYWHERE)


def test_a_moderator_of_the_installation_can_facilitate_one_dialogue(
    harbour: Dialogue, airport: Dialogue, moderator: User
) -> None:
    harbour.memberships.create(user=moderator, role="facilitator")
    assert may(moderator, Action.FACILITATE, harbour)
    assert not may(moderator, Action.FACILITATE, airport)


def test_strangers_and_inactive_staff_may_do_nothing(harbour: Dialogue, facilitator: User) -> None:
    member = make_member(harbour, "facilitator", "fin@example.org")
    for user in (facilitator, member):
        assert allowed(user, harbour) != set()
        user.is_active = False
        assert allowed(user, harbour) == set()
    assert [action for action in Action if may(AnonymousUser(), action, harbour)] == []


def test_every_action_of_staff_has_its_rule(
    harbour: Dialogue, superuser: User, guest: User
) -> None:
    for action in set(Action) - {Action.DRAFT_FOR_POST, Action.PUBLISH_FOR_POST}:
        subject = guest if action is Action.MANAGE_ACCOUNT else harbour
        assert may(superuser, action, subject), action


def test_the_desk_lists_exactly_the_visible_dialogues(
    harbour: Dialogue, airport: Dialogue, guest: User, moderator: User
) -> None:
    member = make_member(airport, "moderator", "mia@example.org")
    for user, expected in ((guest, []), (member, [airport]), (moderator, [airport, harbour])):
        found = dialogues_at_desk(user).order_by("-pk")
        assert list(found) == expected
        assert [d for d in (airport, harbour) if may(user, Action.SEE, d)] == expected
        page = browser(user).get("/desk/").content.decode()
        assert ["/desk/airport/" in page, "/desk/harbour/" in page] == [
            airport in expected,
            harbour in expected,
        ]


def test_tabs_lead_only_to_permitted_pages(harbour: Dialogue) -> None:
    for role, status in (("moderator", 403), ("facilitator", 200)):
        client = browser(make_member(harbour, role, f"{role}@example.org"))
        page = client.get("/desk/harbour/").content.decode()
        for address in ("edit", "statements", "codes", "embedding"):
            assert (f'"/desk/harbour/{address}/"' in page) == (status == 200), address
            assert client.get(f"/desk/harbour/{address}/").status_code == status


def test_only_another_moderator_of_this_dialogue_can_look_again(
    harbour: Dialogue, airport: Dialogue, guest: User
) -> None:
    first = make_member(harbour, "moderator", "mia@example.org")
    make_member(airport, "facilitator", "ada@example.org")
    assert not needs_another(first, first, harbour)
    make_member(harbour, "moderator", "max@example.org")
    assert needs_another(first, first, harbour)
    assert not needs_another(guest, first, harbour)


def test_a_role_is_deleted_with_its_account_or_dialogue(
    harbour: Dialogue, airport: Dialogue
) -> None:
    make_member(harbour, "moderator", "mia@example.org")
    make_member(airport, "moderator", "ada@example.org")
    harbour.delete()
    assert roles() == [("airport", "ada@example.org", "moderator")]
    User.objects.filter(email="ada@example.org").delete()
    assert roles() == []
