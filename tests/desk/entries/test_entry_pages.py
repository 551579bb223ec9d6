"""The desk pages on which a helper enters what people say by telephone, at the door or on paper."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from middleground.dialogues.identity.admission_codes import grouped, new_code
from middleground.dialogues.models import Dialogue, EntryBatch, Participant, Statement, Vote
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.participation import admission
from middleground.dialogues.participation.entries.batches import open_batch
from middleground.dialogues.translations.actions import (
    propose,
    set_languages,
    show_translation,
)
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_staff
from support.reading import links, words, words_of

PAGE = "/desk/harbour/entries/"
BATCH = f"{PAGE}1/"
PERSON = f"{BATCH}person/"
OPENED = {
    "channel": "doorstep", "place": "District 4", "organization": "Harbour Help", "most": 3,
}  # fmt: skip


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue()


@pytest.fixture
def ana(dialogue: Dialogue) -> User:
    return make_member(dialogue, "helper", "ana@example.org")


@pytest.fixture
def helper(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


@pytest.fixture
def batch(dialogue: Dialogue, facilitator: User, ana: User) -> EntryBatch:
    return open_batch(facilitator, dialogue, helper=ana, **OPENED)  # type: ignore[arg-type]


def proof_in(page: HttpResponse) -> tuple[str, str]:
    """The statement on the card, and its proof."""
    html = page.content.decode()
    number = re.search(r'name="statement" value="(\d+)"', html)
    proof = re.search(r'name="proof" value="([^"]+)"', html)
    assert number
    assert proof
    return number[1], proof[1]


def vote(client: Client, value: str) -> HttpResponse:
    number, proof = proof_in(client.get(PERSON))
    sent = {"statement": number, "proof": proof, "vote": value}
    return client.post(PERSON, sent, follow=True)  # type: ignore[return-value]


def test_a_facilitator_opens_a_batch_for_a_helper(
    desk: Client, dialogue: Dialogue, ana: User
) -> None:
    assert "There is no batch yet." in words(desk, PAGE)
    sent = {**OPENED, "helper": ana.pk}
    page = desk.post(PAGE, sent, follow=True)
    assert "The batch is open." in page.content.decode()
    assert "fewer than 5 of at most 3" in words(desk, BATCH)
    assert "District 4" in words(desk, PAGE)
    assert "opened batch 1 for a helper’s entries, for at most 3 people" in words(
        desk, "/desk/harbour/"
    )


def test_what_was_typed_stays_with_an_error(desk: Client, dialogue: Dialogue) -> None:
    page = desk.post(PAGE, {**OPENED, "place": "", "organization": "Harbour Help"})
    assert page.status_code == 422
    assert 'value="Harbour Help"' in page.content.decode()
    assert not EntryBatch.objects.exists()


def test_only_accounts_that_may_enter_something_are_offered(
    desk: Client, dialogue: Dialogue, ana: User
) -> None:
    make_member(dialogue, "translator", "only.translates@example.org")
    make_member(make_dialogue("airport"), "helper", "elsewhere@example.org")
    html = desk.get(PAGE).content.decode()
    assert "ana@example.org" in html
    assert "only.translates@example.org" not in html
    assert "elsewhere@example.org" not in html


def test_a_helper_enters_a_person_from_beginning_to_end(
    helper: Client, batch: EntryBatch, dialogue: Dialogue
) -> None:
    begun = helper.post(BATCH, {"do": "begin", "code": ""}, follow=True)
    shown = words_of(begun)  # type: ignore[arg-type]
    assert "person 1 of at most 3" in shown
    assert "0 of 3 statements answered" in shown
    number = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", shown)
    assert number
    first, _proof = proof_in(begun)  # type: ignore[arg-type]
    after = words_of(vote(helper, "agree"))
    assert f"Stored: they agree with statement {first}." in after
    assert "1 of 3 statements answered" in after
    vote(helper, "disagree")
    assert "All statements are answered" in words_of(vote(helper, "pass"))
    assert sorted(Vote.objects.values_list("value", flat=True)) == [-1, 0, 1]
    finished = helper.post(PERSON, {"do": "finish"}, follow=True)
    assert "1 of at most 3" in words_of(finished)  # type: ignore[arg-type]
    # Their number is in no page any more, and the next person is somebody else.
    assert helper.get(PERSON, follow=True).redirect_chain[-1][0] == BATCH
    assert "Begin with a person first." in helper.get(PERSON, follow=True).content.decode()
    helper.post(BATCH, {"do": "begin"})
    assert Participant.objects.count() == 2
    # With the number the person sees what was entered.
    seen = words_of(Client().post("/d/harbour/entered/", {"number": number[1].lower()}))  # type: ignore[arg-type]
    assert "3 answers are stored under your number." in seen


def test_an_answer_is_undone(helper: Client, batch: EntryBatch) -> None:
    helper.post(BATCH, {"do": "begin"})
    page = vote(helper, "agree")
    undo = page.content.decode().split("data-undo-form")[1]
    sent = dict(re.findall(r'name="(statement|proof)" value="([^"]+)"', undo)[:2])
    helper.post(PERSON, {**sent, "vote": "withdraw"})
    assert not Vote.objects.exists()


def test_a_person_is_taken_back(helper: Client, batch: EntryBatch) -> None:
    helper.post(BATCH, {"do": "begin"})
    vote(helper, "agree")
    page = helper.post(PERSON, {"do": "take_back"}, follow=True)
    assert "All that you entered for this person is deleted." in page.content.decode()
    assert "0 of at most 3" in words(helper, BATCH)
    assert not Participant.objects.exists()


def test_a_code_of_a_letter_is_their_number(
    helper: Client, batch: EntryBatch, dialogue: Dialogue
) -> None:
    (code,) = admission.make_codes(make_staff(), dialogue, "invited", 1, "f")
    shown = helper.post(BATCH, {"do": "begin", "code": grouped(code).lower()}, follow=True)
    assert grouped(code) in words_of(shown)  # type: ignore[arg-type]
    for typed, status, said in (
        (code, 409, "This code is used"),
        (new_code(), 404, "has no such code"),
        ("K3T7", 422, "A code has 16 letters and digits"),
    ):
        page = helper.post(BATCH, {"do": "begin", "code": typed})
        assert page.status_code == status
        assert said in page.content.decode()
        assert f'value="{typed}"' in page.content.decode()


def test_their_own_statement_is_stored_or_stays_in_the_form(
    helper: Client, batch: EntryBatch, dialogue: Dialogue
) -> None:
    helper.post(BATCH, {"do": "begin"})
    page = helper.post(PERSON, {"text": "Statement number 2."})
    assert page.status_code == 422
    assert "Somebody already said this." in page.content.decode()
    assert "Statement number 2.</textarea>" in page.content.decode()
    helper.post(PERSON, {"text": "The quays should be lit at night."})
    written = Statement.objects.get(number=4)
    assert (written.text, written.origin) == ("The quays should be lit at night.", "participant")


def test_statements_are_read_in_the_language_of_the_person(
    helper: Client, batch: EntryBatch, dialogue: Dialogue, facilitator: User, ana: User
) -> None:
    set_languages(facilitator, dialogue, "en", ["es"])
    for statement in dialogue.statements.all():
        words_in = f"Frase {statement.number}."
        key = f"statement-{statement.number}"
        propose(facilitator, dialogue, key, "es", words_in, digest_of(statement.text))
        waiting = statement.translations.get()
        show_translation(
            make_staff(email=f"{statement.number}@example.org"), dialogue, key, "es", waiting.pk
        )
    helper.post(BATCH, {"do": "begin"})
    assert "Frase" not in words(helper, PERSON)
    helper.post(PERSON, {"do": "language", "language": "es"})
    page = helper.get(PERSON)
    number, _proof = proof_in(page)  # type: ignore[arg-type]
    assert f"Frase {number}." in words_of(page)  # type: ignore[arg-type]
    assert f"Statement number {number}." in words_of(page)  # type: ignore[arg-type]
    assert 'lang="es"' in page.content.decode()
    # What is no language of the dialogue is its first one.
    helper.post(PERSON, {"do": "language", "language": "ko"})
    assert "Frase" not in words(helper, PERSON)


def test_a_batch_is_closed_by_its_helper_and_reopened_by_a_facilitator(
    helper: Client, desk: Client, batch: EntryBatch
) -> None:
    assert (
        "The batch is closed." in helper.post(BATCH, {"do": "close"}, follow=True).content.decode()
    )
    assert helper.post(BATCH, {"do": "reopen"}).status_code == 403
    assert "This batch is closed." in helper.post(BATCH, {"do": "begin"}).content.decode()
    desk.post(BATCH, {"do": "reopen"})
    assert helper.post(BATCH, {"do": "begin"}).status_code == 302


def test_setting_aside_is_the_facilitators_and_public(
    helper: Client, desk: Client, batch: EntryBatch, dialogue: Dialogue
) -> None:
    EntryBatch.objects.update(most=9)
    for _ in range(5):
        helper.post(BATCH, {"do": "begin"})
        vote(helper, "agree")
    assert helper.post(BATCH, {"do": "aside"}).status_code == 403
    page = desk.post(BATCH, {"do": "aside"}, follow=True)
    assert "Nobody in this batch counts any more." in page.content.decode()
    public = words(Client(), "/d/harbour/moderation/")
    assert "1 at the door District 4 Harbour Help at least 5 no" in public
    desk.post(BATCH, {"do": "again"})
    assert "at least 5 yes" in words(Client(), "/d/harbour/moderation/")


def test_too_few_are_not_set_aside(desk: Client, batch: EntryBatch) -> None:
    page = desk.post(BATCH, {"do": "aside"})
    assert "fewer than 5 people" in page.content.decode()
    assert page.status_code == 409


# Who may


def test_a_helper_sees_their_batches_and_no_other_part_of_the_desk(
    helper: Client, batch: EntryBatch, dialogue: Dialogue, facilitator: User
) -> None:
    open_batch(facilitator, dialogue, helper=facilitator, **OPENED)  # type: ignore[arg-type]
    assert links(helper, "/desk/")[:2] == [PAGE, PAGE]
    assert "Batch 2" not in words(helper, PAGE)
    assert helper.get(f"{PAGE}2/").status_code == 404
    assert helper.get(f"{PAGE}2/person/").status_code == 404
    assert "Open a batch" not in words(helper, PAGE)
    assert helper.post(PAGE, OPENED).status_code == 403
    for part in ("", "moderation/", "topics/", "translations/", "codes/", "patterns/", "roles/"):
        assert helper.get(f"/desk/harbour/{part}").status_code == 403, part
    translator = Client()
    translator.force_login(make_member(dialogue, "translator", "t@example.org"))
    for path in (PAGE, BATCH, PERSON):
        assert translator.get(path).status_code == 403
        assert Client().get(path).status_code == 302


def test_the_role_is_given_on_the_roles_page(desk: Client, dialogue: Dialogue) -> None:
    guest = make_staff(User.Role.GUEST, "guest@example.org")
    desk.post("/desk/harbour/roles/", {"member": guest.pk, "role": "helper"})
    assert "guest@example.org helper" in words(desk, "/desk/harbour/roles/")
    assert "made guest@example.org a helper of this dialogue" in words(desk, "/desk/harbour/")


# The person's own page


def test_the_page_for_numbers_says_what_is_wrong_and_keeps_what_was_typed(
    batch: EntryBatch,
) -> None:
    reader = Client()
    for typed, status, said in (
        ("K3T7", 422, "A number has 16 letters and digits."),
        (new_code(), 404, "Nothing is entered under this number."),
        ("<b>", 422, "A number has 16 letters and digits."),
    ):
        page = reader.post("/d/harbour/entered/", {"number": typed})
        assert page.status_code == status
        assert said in page.content.decode()
    assert 'value="&lt;b&gt;"' in page.content.decode()


def test_the_verifier_leads_to_the_page_for_numbers(batch: EntryBatch) -> None:
    assert "/d/harbour/entered/" in links(Client(), "/ledger/verify/")


def test_whoever_has_the_number_takes_everything_back(helper: Client, batch: EntryBatch) -> None:
    shown = words_of(helper.post(BATCH, {"do": "begin"}, follow=True))  # type: ignore[arg-type]
    vote(helper, "agree")
    number = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", shown)
    assert number
    person = Client()
    file = person.post("/d/harbour/entered/", {"number": number[1], "do": "promise-1"})
    of = Vote.objects.get().statement.number
    file = person.post("/d/harbour/entered/", {"number": number[1], "do": f"promise-{of}"})
    assert file["Content-Type"].startswith("text/plain")
    assert "attachment" in file["Content-Disposition"]
    gone = person.post("/d/harbour/entered/", {"number": number[1], "do": "take_back"}, follow=True)
    assert "What was entered for you is deleted." in gone.content.decode()
    assert not Vote.objects.exists()
