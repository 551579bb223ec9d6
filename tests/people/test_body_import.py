"""Bodies, posts and holders from files: by the rules of the verbs, twice as once, in any order."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from middleground.people.bodies.changes import merge_body, register_body
from middleground.people.bodies.history import history
from middleground.people.bodies.importing.files.entries import UnreadableFile
from middleground.people.bodies.importing.files.reading import read_bodies
from middleground.people.bodies.importing.files.values import LEVEL_WORDS
from middleground.people.bodies.importing.outcome import BodiesNotImported, ImportOutcome
from middleground.people.bodies.importing.store import import_bodies
from middleground.people.bodies.posts import make_post
from middleground.people.bodies.terms import appoint
from middleground.people.models import Appointment, Body, BodyEvent, Level, Post, User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)
HEAD = "body,level,place,duties,parent,website,contact,id,post,holder,email,from,until\n"
ROWS = """\
Police Department,city,,"Patrols,
and records.",City,pd.example.gov,'+1 55 0100,,Chief of Police,Ana Example,ana@a.example,2024-01-01,

City,city,ocd-division/country:us/state:ex/place:city,,,,,,Mayor,Bo Example,,01.02.2020,2024-02-01
Police Department,City,,,,,,,Chief of Police,Old Example,,2020-01-01,2023-12-31
Police Department,municipality,,,,,,,Records Clerk,,,,
"""


@pytest.fixture(autouse=True)
def days(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """Today, as a list of one day that a test may change."""
    today = [TODAY]
    monkeypatch.setattr(timezone, "localdate", lambda *_: today[0])
    return today


def imported(text: str | bytes, **options: bool) -> ImportOutcome:
    data = text if isinstance(text, bytes) else text.encode()
    return import_bodies(read_bodies(data, "bodies.csv"), **options)


def told(outcome: ImportOutcome) -> list[str]:
    return [str(trouble) for trouble in outcome.troubles]


def stored() -> list[tuple[object, ...]]:
    """Everything about bodies except the numbers of rows, in an order that is not theirs."""
    bodies = Body.objects.values_list(
        "slug", "name", "level", "place", "duties", "parent__slug", "website", "contact",
        "ended_on", "outside_id",
    )  # fmt: skip
    posts = Post.objects.values_list("body__slug", "title", "ended_on", "outside_id")
    terms = Appointment.objects.values_list(
        "post__body__slug", "post__title", "name", "user__email", "role", "since", "until",
        "proof", "verified_on", "outside_id",
    )  # fmt: skip
    events = BodyEvent.objects.values_list(
        "body__slug", "post__title", "kind", "on", "entered_on", "by"
    )
    facts = [json.dumps(event.facts, sort_keys=True) for event in BodyEvent.objects.all()]
    return sorted([*bodies, *posts, *terms, *events, *((fact,) for fact in facts)], key=str)


def test_a_table_gives_what_the_verbs_give() -> None:
    with transaction.atomic():
        city = register_body(
            None, name="City", level="city", place="ocd-division/country:us/state:ex/place:city"
        )
        police = register_body(
            None, name="Police Department", level="city", parent=city,
            duties="Patrols,\nand records.", website="https://pd.example.gov",
            contact="+1 55 0100",
        )  # fmt: skip
        chief = make_post(None, police, "Chief of Police")
        make_post(None, police, "Records Clerk")
        mayor = make_post(None, city, "Mayor")
        appoint(None, chief, name="Ana Example", since=date(2024, 1, 1))
        appoint(None, chief, name="Old Example", since=date(2020, 1, 1), until=date(2023, 12, 31))
        appoint(None, mayor, name="Bo Example", since=date(2020, 2, 1), until=date(2024, 2, 1))
        by_hand = stored()
        transaction.set_rollback(True)
    outcome = imported(HEAD + ROWS)
    assert stored() == by_hand
    assert told(outcome) == []
    assert dict(outcome.counts) == {"new bodies": 2, "new posts": 3, "new terms": 3}
    assert outcome.notes == [
        "1 e-mail addresses were not stored: no account is made without --accounts.",
        "No imported term is verified: staff do that at the desk, one by one.",
    ]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("separator", "encoding", "note"),
    [
        (",", "utf-8-sig", None),
        (";", "utf-8", None),
        ("\t", "utf-16", None),
        (";", "utf-16-le", "taken for UTF-16"),
        (";", "cp1252", "read as Windows-1252"),
    ],
)
def test_tables_as_spreadsheets_write_them(separator: str, encoding: str, note: str | None) -> None:
    cells = [
        ["Organisation", "Level", "Answers for", "Part of", "E-Mail", "Fax"],
        ["", "", "", "", "", ""],
        ["Büro für Straßen", "Town", '"\'=SUM(A1)\r\n-2"', "", "", "1"],
        ["=1+1", "county", "'-x", "Büro für Straßen", "", ""],
    ]
    text = "\r\n".join(separator.join(row) for row in cells)
    outcome = imported(f"sep={separator}\r\n{text}".encode(encoding))
    assert told(outcome) == []
    assert [body.name for body in Body.objects.all()] == ["=1+1", "Büro für Straßen"]
    first, second = Body.objects.all()
    assert (first.duties, first.parent, second.level) == ("-x", second, "city")
    assert second.duties == "=SUM(A1)\n-2"
    assert outcome.notes[-1] == "Columns that were not read: Fax."
    assert [note in each for each in outcome.notes[:-1]] == ([True] if note else [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"title,level\nx,city\n", "one must be called “body”"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "Save it as UTF-8"),
        (b"body,level\n\x81\x8d\xff,city", "line 2 cannot be read"),
        (b'{"organizations": [', "This is not JSON: line 1"),
        (b'{"persons": []}', "no Popolo file"),
        (b"[]", "no Popolo file"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_bodies(data, "x")


BAD_ROWS = """\
Harbor,galaxy,,,,,,,,,,,
Harbor,city,Los Angeles,,,,,,,,,,
,city,,,,,,,,,,,
Port,city,,,Nowhere,,,,,,,,
A,city,,,B,,,,,,,,
B,city,,,A,,,,,,,,
Pier,city,,,A,,,,Chief,,,,
Court,state,,One.,,,,,Judge,Ana,,2020-01-01,2019-01-01
Court,state,,Two.,,,,,Judge,,,,
Court,state,,,,,,,Judge,Bo,,5/4/2026,
Court,state,,,,,,,,Bo,,2026-05-04,
Court,state,,,,,,,Judge,Bo,,,
Court,state,,,,,,,Judge,Bo,,2020-01-01,,,,x
Court,state,,,,,,,Judge,Cy,,2020-01-01,
Court,state,,,,,,,Judge,Cy,,2021-01-01,
Gone,state,,,,,,,,,,,
Fine,city,,,,,,,,,,,
"""
TOLD = [
    "line 2: “galaxy” is no level. Write one of: federal, state, county, city, community, other.",
    "line 3: place: This is not the identifier of a division. It looks like"
    " “ocd-division/country:us/state:ca/county:los_angeles”. If unknown, leave it empty.",
    "line 4: it names no body. Write the body’s name into each row.",
    "line 5: it would be part of “Nowhere”, which is neither in the file nor on the list. Add"
    " it, or correct the name.",
    "line 6: it would be part of itself: “A” → “B” → “A”. Take one of these parents out.",
    "line 7: it would be part of itself: “A” → “B” → “A”. Take one of these parents out.",
    "line 8: “A” was left out. Mend that first.",
    "line 9: The term would end before it starts on Jan. 1, 2020. Choose a later day.",
    "line 10: duties is “Two.”, but line 9 says “One.” of the same. Write the same in both.",
    "line 11: “5/4/2026” is not a day. Write the whole day as 2026-05-31.",
    "line 12: it has “holder” but no post. Write the post’s title, too.",
    "line 13: it does not say from which day the post is held. Write it into “from”.",
    "line 14: 16 cells, but the first line names 13 columns. Put texts that contain the"
    " separator into quotation marks.",
    "line 16: Cy already holds this post on these days.",
    "line 17: “Gone” was merged into “Court” on 2026-05-04, as the list says. Take it out of"
    " the file, or give the day in “abolished” (“dissolution_date” in Popolo).",
]


def test_each_bad_row_is_told_and_the_rest_is_imported() -> None:
    register_body(None, name="Court", level="state")
    merge_body(
        None, register_body(None, name="Gone", level="state"), Body.objects.get(name="Court"), TODAY
    )
    outcome = imported(HEAD + BAD_ROWS)
    assert told(outcome) == TOLD
    assert [body.name for body in Body.objects.existing()] == ["Court", "Fine"]
    assert set(LEVEL_WORDS) == set(Level.values)


def test_strict_and_dry_runs_store_nothing() -> None:
    bad = f"{HEAD}{ROWS}Harbor,galaxy,,,,,,,,,,,\n"
    with pytest.raises(BodiesNotImported, match="1 entries are bad") as caught:
        imported(bad, strict=True)
    assert [each.place.name for each in caught.value.troubles] == ["line 8"]
    assert stored() == []
    would = imported(HEAD + ROWS, dry_run=True, accounts=True)
    assert stored() == []
    assert not User.objects.exists()
    assert "new bodies: City (city)" in would.done
    assert would.counts == imported(HEAD + ROWS, strict=True, accounts=True).counts


def test_accounts_are_made_only_if_asked_for_and_without_a_password(keeper: User) -> None:
    rows = ROWS + "City,city,,,,,,,Clerk,Fay,FAY@example.org,2024-01-01,\n"
    outcome = imported(HEAD + rows, accounts=True)
    assert [each.split(" is on the host")[0] for each in told(outcome)] == [f"line 8: {keeper}"]
    term = Appointment.objects.exclude(user=None).get()
    assert term.user
    assert (term.user.email, term.user.role, term.user.has_usable_password()) == (
        "ana@a.example", "official", False,
    )  # fmt: skip
    assert (term.user.password_is_initial, term.proof) == (True, "")


FIRST = """\
id,body,level,duties,parent,post-id,post,term-id,holder,from,until,post ended,abolished
1,City,city,,,,,,,,,,
2,Police,city,Patrols.,1,p,Chief,t,Ana,2024-01-01,,,
2,Police,city,,,q,Clerk,,,,,,
3,County,county,,,,,,,,,,
4,Harbor,city,,,,,,,,,,
"""
SECOND = """\
id,body,level,duties,parent,post-id,post,term-id,holder,from,until,post ended,abolished
1,Police,city,,,,,,,,,,
2,Safety,county,Patrols and records.,3,p,Director,t,Ana,2024-01-01,2026-05-05,,
2,Safety,county,,,q,Clerk,,,,,2026-05-05,
4,Harbor,city,,,,,,,,,,2026-05-05
5,Old,city,,,,Gone,,,,,,1999-01-01
6,New,city,,3,,,,,,,2030-01-01,
7,Later,city,,3,,,,,,,,2030-01-01
"""


def test_a_second_file_changes_what_it_says_otherwise_by_the_verbs(days: list[date]) -> None:
    imported(FIRST)
    slugs = dict(Body.objects.values_list("outside_id", "slug"))
    days[0] = TODAY + timedelta(days=1)
    outcome = imported(SECOND)
    assert told(outcome) == [
        "line 7: it has “post-ended” but no post. Write the post’s title, too."
    ]
    assert dict(outcome.counts) == {
        "new bodies": 1, "changed bodies": 2, "moved bodies": 1, "ended bodies": 1,
        "changed posts": 1, "ended posts": 1, "ended terms": 1,
    }  # fmt: skip
    assert outcome.notes[0].startswith("1 bodies or posts end on a day to come.")
    assert dict(Body.objects.values_list("outside_id", "slug")) == {**slugs, "7": "later"}
    police = Body.objects.get(outside_id="2")
    assert [entry.sentence for entry in history(police)][:-4] == [
        "The post “Clerk” ended.",
        "Last day of Ana as “Director”.",
        "The post “Chief” is now called “Director”.",
        "Part of “County” since then.",
        "Its description was changed.",
        "Renamed from “Police” to “Safety”.",
    ]
    harbor = Body.objects.get(outside_id="4")
    assert (harbor.ended_on, harbor.successor) == (date(2026, 5, 5), None)
    before = stored()
    assert dict(imported(SECOND).counts) == {}
    assert stored() == before


POPOLO = {
    "organizations": [
        {
            "id": "pd", "name": "Police", "classification": "police", "parent_id": "city",
            "area_id": "a1", "description": "Patrols.",
            "contact_details": [
                {"type": "voice", "label": "Desk", "value": "555 0100"},
                {"type": "email", "value": "pd@city.example"},
            ],
            "links": [{"url": "https://w.example/Police"},
                      {"url": "https://pd.example", "note": "Official site"}],
            "posts": [{"id": "chief", "label": "Chief"}],
        },
        {"id": "city", "name": "City", "classification": "city"},
        {"id": "band", "name": "Band", "classification": "music"},
        {"id": "old", "name": "Old", "classification": "city", "dissolution_date": "1999-01-01"},
        {"id": "city", "name": "City again", "classification": "city"},
    ],
    "areas": [{"id": "a1", "identifier": "ocd-division/country:us/state:ex/place:city"}],
    "posts": [
        {"id": "mayor", "label": "Mayor", "organization_id": "city"},
        {"id": "drummer", "label": "Drummer", "organization_id": "band"},
        {"id": "lost", "label": "Lost", "organization_id": "nowhere"},
    ],
    "persons": [
        {
            "id": 7, "name": "Ana", "email": "ana@city.example",
            "memberships": [{"id": "m1", "post_id": "chief", "start_date": "2024-01-01"}],
        },
        {"id": "bo", "given_name": "Bo", "family_name": "Example"},
    ],
    "memberships": [
        {"id": "m2", "person_id": "bo", "post_id": "mayor", "start_date": "2020-01-01",
         "end_date": "2021-01-01T00:00:00Z"},
        {"id": "m3", "person_id": "bo", "post_id": "mayor", "start_date": "2022"},
        {"id": "m4", "person_id": "bo", "post_id": "mayor"},
        {"person_id": "cy", "post_id": "mayor", "start_date": "2022-01-01"},
        {"id": "m6", "person_id": "bo", "organization_id": "city"},
    ],
}  # fmt: skip


def test_popolo_is_read_with_what_refers_to_what() -> None:
    outcome = imported(json.dumps(POPOLO))
    assert told(outcome) == [
        "organization “band”: “music” is no level. Write one of: federal, state, county, city,"
        " community, other.",
        "organization “city”: its id stands twice. Give each an id of its own.",
        "post “drummer”: its body was left out. Mend that first.",
        "post “lost”: its body is not in the file. Add it, or correct the id.",
        "membership “m3”: “2022” is not a day. Write the whole day as 2026-05-31.",
        "membership “m4”: it does not say from which day the post is held. Write it into"
        " “start_date”.",
        "membership number 4: no person of the file has its “person_id”. Add the person.",
    ]
    assert outcome.notes[0].startswith("1 memberships name no post")
    police = Body.objects.select_related("parent").get(outside_id="pd")
    assert (police.level, str(police.parent), police.place, police.website, police.contact) == (
        "city", "City", "ocd-division/country:us/state:ex/place:city", "https://pd.example",
        "Desk: 555 0100; pd@city.example",
    )  # fmt: skip
    assert sorted(Appointment.objects.values_list("name", "post__title", "since", "until")) == [
        ("Ana", "Chief", date(2024, 1, 1), None),
        ("Bo Example", "Mayor", date(2020, 1, 1), date(2021, 1, 1)),
    ]
    assert dict(imported(json.dumps(POPOLO)).counts) == {}


ROW = st.tuples(
    st.sampled_from(["Alpha", "Beta", "Gamma", "Ärzte", "Delta-Delta"]),
    st.sampled_from(["city", "county"]),
    st.sampled_from(["", "", "Alpha", "Gamma", "Nowhere"]),
    st.sampled_from(["", "Chief", "Clerk"]),
    st.sampled_from(["", "Ana", "Bo"]),
    st.sampled_from(["2020-01-01", "2021-01-01", "2026-06-01"]),
    st.sampled_from(["", "2020-12-31"]),
)


@pytest.mark.sqlite
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, max_size=8), order=st.randoms(use_true_random=False))
def test_twice_is_once_and_the_order_of_rows_does_not_matter(
    rows: list[tuple[str, ...]], order: object
) -> None:
    lines = []
    for body, level, parent, post, *term in rows:
        holder = ",".join(term) if post and term[0] else ",,"
        lines.append(f"{body},{level},{parent},{post},{holder}\n")
    head = "body,level,parent,post,holder,from,until\n"
    found = []
    for again in range(2):
        with transaction.atomic():
            first = imported(head + "".join(lines))
            found.append((stored(), dict(first.counts), len(first.troubles)))
            assert dict(imported(head + "".join(lines)).counts) == {}
            assert stored() == found[-1][0]
            transaction.set_rollback(True)
        if first.troubles or again:
            return
        order.shuffle(lines)  # type: ignore[attr-defined]
    assert found[0] == found[1]


def test_many_rows_cost_as_many_queries_as_few() -> None:
    def queries(first: int, last: int) -> int:
        rows = (f"B{n},city,,,,,,,Chief,Ana,,2020-01-01,\n" for n in range(first, last))
        with CaptureQueriesContext(connection) as captured:
            imported(HEAD + "".join(rows))
        return len(captured)

    assert queries(0, 3) == queries(3, 30) == 11
