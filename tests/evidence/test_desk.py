"""Staff enter sources and claims; nothing that they type is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from evidence.entered import STUDY, make_claim, make_source
from middleground.dialogues.models import Dialogue, StaffAction
from middleground.evidence.models import Claim, Passage, Source
from middleground.people.models import User
from support.reading import words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SOURCES, CLAIMS = "/desk/harbour/sources/", "/desk/harbour/claims/"


def test_a_source_is_entered_and_cleaned(desk: Client, dialogue: Dialogue) -> None:
    sent = {
        **STUDY,
        "title": " Noise  behind\nclosed quays ",
        "authors": "\n Doe, Jane \r\n\r\nPort Institute\n",
        "doi": "https://doi.org/10.1000/example",
    }
    answer = desk.post(f"{SOURCES}add/", sent)
    assert (answer.status_code, answer.url) == (302, f"{SOURCES}1/")
    source = Source.objects.get()
    assert {name: getattr(source, name) for name in STUDY} == STUDY
    assert StaffAction.objects.get().staff.email == "mo@example.org"


def test_bad_fields_are_told_each_and_what_was_typed_stays(
    desk: Client, dialogue: Dialogue
) -> None:
    sent = {
        "kind": "poem",
        "title": "\u200b",
        "published": "May",
        "address": "javascript:alert(1)",
        "language": "English",
        "evidence": "controlled",
        "funding": "x" * 301,
        "publisher": "Kept & typed",
    }
    page = desk.post(f"{SOURCES}add/", sent)
    errors = {name: len(found) for name, found in page.context["form"].errors.items()}
    assert errors == dict.fromkeys(
        ("kind", "title", "published", "address", "language", "funding"), 1
    )
    html = page.content.decode()
    assert "Kept &amp; typed" in html
    assert "javascript:alert(1)" in html  # in the field, and in no link
    assert 'href="javascript' not in html
    assert not Source.objects.exists()


def test_what_nobody_can_see_is_named_and_taken_out(desk: Client, dialogue: Dialogue) -> None:
    sent = {**STUDY, "title": "Noise \u202ebehind quays", "authors": "Doe, Jane\r\nPort Institute"}
    page = desk.post(f"{SOURCES}add/", sent)
    form = page.context["form"]
    assert {name: len(found) for name, found in form.errors.items()} == {"title": 1}
    assert "U+202E" in page.content.decode()
    assert form["title"].value() == "Noise behind quays"
    assert not Source.objects.exists()
    assert desk.post(f"{SOURCES}add/", {**sent, "title": form["title"].value()}).status_code == 302


def test_an_edit_over_a_colleagues_must_be_sent_twice(
    desk: Client, dialogue: Dialogue, moderator: User
) -> None:
    make_source(moderator, dialogue, **STUDY)
    desk.post(f"{SOURCES}1/", {**STUDY, "funding": "The port", "revision": "0"})
    page = desk.post(f"{SOURCES}1/", {**STUDY, "funding": "The city", "revision": "0"})
    assert "A colleague changed this meanwhile." in words_of(page)
    assert Source.objects.get().funding == "The port"
    shown = page.context["form"]
    assert (shown["funding"].value(), shown["revision"].value()) == ("The city", "1")
    desk.post(f"{SOURCES}1/", {**STUDY, "funding": "The city", "revision": "1"})
    assert Source.objects.get().funding == "The city"


def test_a_claim_with_citations_and_passages_is_entered(
    desk: Client, dialogue: Dialogue, moderator: User
) -> None:
    make_source(moderator, dialogue, **STUDY)
    sent = {"text": " It got  quieter. ", "cited_by": "1, 2;2", "in_background": "on"}
    assert desk.post(f"{CLAIMS}add/", sent).url == f"{CLAIMS}1/"
    passage = {"source": "1", "side": "qualifies", "quote": "Only\nat night. ", "place": "p. 3"}
    assert desk.post(f"{CLAIMS}1/passages/", passage).url == f"{CLAIMS}1/"
    found = Passage.objects.get()
    assert (found.side, found.quote, found.place) == ("qualifies", "Only\nat night.", "p. 3")
    assert desk.get(f"{CLAIMS}1/").context["form"].initial["cited_by"] == "1, 2"
    desk.post(f"{CLAIMS}1/passages/1/remove/")
    desk.post(f"{CLAIMS}1/passages/1/remove/")  # the second tab
    assert not Passage.objects.exists()
    verbs = list(StaffAction.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["add_source", "add_claim", "add_passage", "remove_passage"]
    log = words(desk, "/desk/harbour/")
    assert "removed a passage from claim 1" in log


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": " "}, "This field is required."),
        ({"text": "\u200b"}, "Write the claim."),
        ({"text": "So.", "cited_by": "1, x"}, "“x” is not a statement’s number."),
        ({"text": "So.", "cited_by": "²"}, "“²” is not a statement’s number."),
        ({"text": "So.", "cited_by": "99"}, "No shown statement has the number 99"),
        (
            {"text": "So.", "cited_by": ",".join(map(str, range(201)))},
            "At most 200 statements can cite a claim.",
        ),
    ],
)
def test_a_bad_claim_is_not_stored(
    desk: Client, dialogue: Dialogue, sent: dict[str, str], said: str
) -> None:
    assert said in words_of(desk.post(f"{CLAIMS}add/", sent))
    assert not Claim.objects.exists()


@pytest.mark.parametrize("source", ["99", "9" * 30, "-1", "one", ""])
def test_a_bad_passage_keeps_its_quote(
    desk: Client, dialogue: Dialogue, moderator: User, source: str
) -> None:
    make_claim(moderator, dialogue)
    sent = {"source": source, "side": "supports", "quote": "Typed at length."}
    page = desk.post(f"{CLAIMS}1/passages/", sent)
    assert page.status_code == 200
    assert page.context["passage_form"].errors.keys() == {"source"}
    assert "Typed at length." in page.content.decode()
    assert Passage.objects.count() == 2


@pytest.mark.parametrize(("path", "model"), [(SOURCES, Source), (CLAIMS, Claim)])
def test_withdrawing_needs_a_reason_and_can_be_undone(
    desk: Client, dialogue: Dialogue, moderator: User, path: str, model: type[Source | Claim]
) -> None:
    make_claim(moderator, dialogue)
    page = desk.post(f"{path}1/withdraw/", {"reason": "\u200b "})
    assert page.context["withdrawing"].errors.keys() == {"reason"}
    desk.post(f"{path}1/withdraw/", {"reason": "Retracted."})
    assert model.objects.get(number=1).withdrawn == "Retracted."
    assert "Retracted." in desk.get(f"{path}1/").content.decode()
    desk.post(f"{path}1/restore/")
    assert model.objects.get(number=1).withdrawn == ""


def test_an_outsider_changes_nothing(outsider: Client, dialogue: Dialogue, moderator: User) -> None:
    make_claim(moderator, dialogue)
    before = StaffAction.objects.count()
    for path in (
        f"{SOURCES}add/", f"{SOURCES}1/", f"{SOURCES}1/withdraw/", f"{SOURCES}1/restore/",
        f"{CLAIMS}add/", f"{CLAIMS}1/", f"{CLAIMS}1/passages/", f"{CLAIMS}1/passages/1/remove/",
        f"{CLAIMS}1/withdraw/", f"{CLAIMS}1/restore/",
    ):  # fmt: skip
        sent = {**STUDY, "text": "Mine.", "reason": "Mine."}
        assert outsider.post(path, sent).status_code == 403, path
    assert StaffAction.objects.count() == before
