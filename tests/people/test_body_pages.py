"""Pages about bodies: of the public, of staff who keep the list, and of officials."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from middleground.core.dates import day
from middleground.people.bodies.changes import abolish_body, merge_body, register_body
from middleground.people.bodies.posts import make_post
from middleground.people.bodies.terms import appoint
from middleground.people.models import Appointment, Body, Post, User
from support.cast import PASSWORD, make_official, make_staff
from support.reading import words, words_of

pytestmark = pytest.mark.django_db


def test_the_public_list_is_by_level_and_is_searched(
    client: Client, keeper: User, police: Body, chief: Post
) -> None:
    assert "Nobody is on this list yet" not in words(client, "/bodies/")
    union = register_body(keeper, name="Neighbors’ Union", level="community")
    agency = register_body(keeper, name="Border Agency", level="federal", duties="100 % of borders")
    merge_body(
        keeper, register_body(keeper, name="Old Office", level="city"), police, timezone.localdate()
    )
    text = words(client, "/bodies/")
    assert "Federal 1 City 1 Community organizations 1" in text  # links to the levels
    text = text.split("Community organizations 1")[1]
    places = [
        text.index(each) for each in (agency.name, "City", police.name, union.name, "Old Office")
    ]
    assert places == sorted(places)
    for sought, found in (
        ("chief", [police]), ("POLICE dep", [police]), ("100 %", [agency]), ("%", [agency]),
        ("_", []), ("union border", []), ("'; --", []), ("x" * 5000, []), ("old", ["Old Office"]),
    ):  # fmt: skip
        text = words(client, f"/bodies/?q={sought.replace('%', '%25')}")
        names = [agency.name, police.name, union.name, "Old Office"]
        listed = [name for name in names if name in text.split("found.")[-1]]
        if found == ["Old Office"]:
            listed.remove(police.name)  # what it became part of
        assert listed == [str(each) for each in found], sought


def test_a_list_costs_the_same_for_one_and_for_many(
    client: Client, keeper: User, police: Body, chief: Post
) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    appoint(keeper, chief, name="A. Example", since=timezone.localdate())
    addresses = ("/bodies/", police.get_absolute_url())
    before = [queries(address) for address in addresses]
    for number in range(3):
        body = register_body(keeper, name=f"Bureau {number}", level="city", parent=police)
        abolish_body(
            keeper,
            register_body(keeper, name=f"Old {number}", level="city"),
            timezone.localdate(),
            "",
        )
        post = make_post(keeper, police, f"Clerk {number}")
        appoint(keeper, post, name="B. Example", since=timezone.localdate())
        assert body.parent == police
    assert [queries(address) for address in addresses] == before == [1, 11]


def test_a_bodys_page_says_who_speaks_and_how_that_is_known(
    client: Client, keeper: User, police: Body
) -> None:
    official = make_official(keeper, "Sheriff", "Press officer", "county", name="Example Person")
    text = words(client, official.post.body.get_absolute_url())
    today = day(timezone.localdate())
    assert f"Example Person since {today}, verified by the host, by letter, on {today}" in text
    assert official.user
    assert official.user.email not in text
    assert str(keeper) not in text
    text = words(client, police.get_absolute_url())
    assert "so nobody can answer for it here" in text
    union = register_body(keeper, name="Union", level="community")
    assert "not an authority" in words(client, union.get_absolute_url())
    assert "not an authority" not in text
    merge_body(keeper, police, union, timezone.localdate())
    assert "Union now owes what it owed" in words(client, police.get_absolute_url())
    assert client.get("/bodies/nowhere/").status_code == 404


def test_the_desk_walks_from_a_new_body_to_an_official_who_signs_in(
    desk: Client, client: Client
) -> None:
    sent = {"name": "Police Department", "level": "city", "website": "nonsense"}
    answer = desk.post("/desk/bodies/new/", sent)
    assert answer.status_code == 200
    assert 'value="Police Department"' in answer.content.decode()  # what was typed is kept
    desk.post("/desk/bodies/new/", {**sent, "website": "example.gov", "duties": "Patrols."})
    police = Body.objects.get()
    assert police.website == "https://example.gov"
    answer = desk.post("/desk/bodies/new/", {**sent, "website": ""})
    assert "already on the list" in words_of(answer)
    here = police.get_desk_url()
    assert desk.post(f"{here}post/", {"title": "Chief"}).headers["Location"] == here
    post = Post.objects.get()
    answer = desk.post(f"{post.get_desk_url()}appoint/", {"role": "speaks", "since": "2026-02-30"})
    text = words_of(answer)
    assert "Write the day as 2026-05-31." in text
    sent = {"email": "chief@city.example", "role": "speaks", "since": str(timezone.localdate())}
    answer = desk.post(f"{post.get_desk_url()}appoint/", sent)
    term = Appointment.objects.get()
    assert "Shown only once." in words_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    sent = {"proof": "in person", "verified_on": str(timezone.localdate())}
    desk.post(f"/desk/terms/{term.pk}/verify/", sent)
    term.refresh_from_db()
    assert (term.proof, str(term.verified_by)) == ("in person", "fay@example.org")
    assert term.user
    term.user.set_password(PASSWORD)
    term.user.password_is_initial = False
    term.user.save()
    sign_in = client.post("/accounts/login/", {"login": term.user.email, "password": PASSWORD})
    assert sign_in.headers["Location"] == "/desk/"
    assert client.get("/desk/").headers["Location"] == "/desk/inbox/"
    text = words(client, "/desk/posts/")
    assert "Chief" in text
    assert "Add a passkey" in text
    assert "Bodies" not in text.split("Your posts")[0]
    desk.post(f"/desk/terms/{term.pk}/end/", {"until": str(timezone.localdate())})
    assert "You do not act for any" not in words(client, "/desk/posts/")  # it is the last day


@pytest.mark.parametrize(
    ("verb", "sent", "said"),
    [
        ("rename", {"name": "Safety", "on": "2999-01-01"}, "Enter a change on its day or later."),
        ("rename", {"name": "", "on": "2026-01-01"}, "This field is required."),
        ("describe", {"level": "city", "place": "Los Angeles"}, "the identifier of a division"),
        ("merge", {"into": "", "on": "2026-01-01"}, "This field is required."),
        ("abolish", {"reason": "Why not", "on": "1"}, "Write the day as 2026-05-31."),
        ("post", {"title": "x" * 121}, "at most 120"),
        ("move", {"parent": "", "on": ""}, "This field is required."),
    ],
)
def test_a_wrong_entry_is_explained_and_kept(
    desk: Client, police: Body, verb: str, sent: dict[str, str], said: str
) -> None:
    answer = desk.post(f"{police.get_desk_url()}{verb}/", sent)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert said in words_of(answer)
    for value in sent.values():
        assert value in html
    police.refresh_from_db()
    assert (police.name, police.ended_on, police.posts.count()) == ("Police Department", None, 0)


def test_whoever_ended_has_no_changes_left(desk: Client, keeper: User, police: Body) -> None:
    post = make_post(keeper, police, "Clerk")
    abolish_body(keeper, police, timezone.localdate(), "Gone.")
    assert "Rename" not in words(desk, police.get_desk_url())
    answer = desk.post(f"{police.get_desk_url()}rename/", {"name": "X", "on": "2026-01-01"})
    assert "no longer exists" in words_of(answer)
    assert "Appoint" not in words(desk, post.get_desk_url())
    guest = Client()
    guest.force_login(make_staff("guest", "guest@example.org"))
    assert guest.get(police.get_desk_url()).status_code == 403


def test_an_official_stands_on_the_list_of_accounts_without_a_role_to_choose(
    desk: Client, keeper: User
) -> None:
    official = make_official(keeper)
    assert official.user
    assert "official" in words(desk, "/desk/staff/")
    assert "Change the role" not in words(desk, f"/desk/staff/{official.user.pk}/")
    assert "Change the role" in words(desk, f"/desk/staff/{keeper.pk}/")
