"""Printed codes and meeting codes are shown once; the host chooses which tiers count."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.admission_codes import parse_code
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Code, CodeBatch, Dialogue, StoredMap
from middleground.dialogues.participation.admission import admit_with_code
from support.cast import make_dialogue, make_participant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

PAGE = "/desk/harbour/codes/"


def printed(desk: Client, size: int = 3, form: str = "a-form") -> list[str]:
    sent = {"what": "print", "tier": "invited", "size": size, "form": form}
    page = desk.post(PAGE, sent).content.decode()
    return re.findall(r'class="code-text" dir="ltr">([^<]+)<', page)


def test_the_sheet_is_shown_once_with_codes_that_admit(desk: Client) -> None:
    dialogue = make_dialogue()
    codes = printed(desk)
    assert [bool(re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", code)) for code in codes] == [
        True
    ] * 3
    assert printed(desk) == []  # the same form sent again redirects to the list
    assert Code.objects.count() == 3
    code = parse_code(codes[2])
    assert code is not None
    assert admit_with_code(dialogue, new_token(), code) == "invited"
    later = desk.get(PAGE).content.decode()
    assert not any(code in later for code in codes)


def test_the_qr_code_has_the_code_in_the_fragment(desk: Client, settings: Any) -> None:
    settings.ORIGIN = "https://talk.example"
    make_dialogue()
    response = desk.post(PAGE, {"what": "print", "tier": "in_person", "size": 1, "form": "f"})
    page = response.content.decode()
    code = parse_code(re.findall(r'class="code-text" dir="ltr">([^<]+)<', page)[0])
    address = f"https://talk.example/d/harbour/code/#{code}"
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)
    path = re.findall(r' d="([^"]+)"', drawn)[0]
    assert f' d="{path}"' in page
    assert "talk.example/d/harbour/code/<" in page
    assert "no-store" in response["Cache-Control"]
    assert CodeBatch.objects.get().tier == "in_person"


def test_a_meeting_code_states_its_limit_and_end(desk: Client) -> None:
    dialogue = make_dialogue()
    sent = {"what": "meeting", "participants": 2, "hours": 3, "form": "f"}
    page = desk.post(PAGE, sent).content.decode()
    shown = re.search(r'class="meeting-code-text" dir="ltr">([0-9A-Z]{4}-[0-9A-Z]{4})<', page)
    assert shown is not None
    assert "It admits 2 people, until" in page
    code = parse_code(shown[1])
    assert code is not None
    assert admit_with_code(dialogue, new_token(), code) == "in_person"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"what": "print", "tier": "invited", "size": "1001"}, 'value="1001"'),
        ({"what": "print", "tier": "open", "size": "7"}, 'value="7"'),
        ({"what": "meeting", "participants": "0", "hours": "3"}, 'value="0"'),
        ({"what": "meeting", "participants": "30", "hours": "25"}, 'value="25"'),
    ],
)
def test_invalid_numbers_are_explained_and_kept(
    desk: Client, sent: dict[str, str], kept: str
) -> None:
    make_dialogue()
    response = desk.post(PAGE, {**sent, "form": "f"})
    assert response.status_code == 422
    assert kept in response.content.decode()
    assert CodeBatch.objects.count() == 0


def test_the_number_of_uses_is_shown_in_steps(desk: Client) -> None:
    make_dialogue()
    printed(desk, 20)
    CodeBatch.objects.update(used=5)
    five = re.sub(r'value="[^"]{16,}"', "", desk.get(PAGE).content.decode())
    CodeBatch.objects.update(used=9)
    assert re.sub(r'value="[^"]{16,}"', "", desk.get(PAGE).content.decode()) == five
    CodeBatch.objects.update(used=10)
    assert re.sub(r'value="[^"]{16,}"', "", desk.get(PAGE).content.decode()) != five


def test_codes_of_another_dialogue_cannot_be_withdrawn(desk: Client) -> None:
    make_dialogue()
    make_dialogue("bridge")
    codes = printed(desk)
    batch = CodeBatch.objects.get()
    assert desk.post(f"/desk/bridge/codes/{batch.pk}/withdraw/").status_code == 404
    assert desk.post(f"{PAGE}{batch.pk}/withdraw/").status_code == 302
    batch.refresh_from_db()
    assert (batch.size, batch.withdrawn, Code.objects.count()) == (0, 3, 0)
    assert codes


def test_the_choice_of_tiers_is_logged_and_public(desk: Client, client: Client) -> None:
    dialogue = make_dialogue()
    assert desk.post("/desk/harbour/tiers/", {"tier": ["invited", "in_person"]}).status_code == 302
    assert Dialogue.objects.get().uncounted_tiers == ["open"]
    action = dialogue.staff_actions.get()
    assert (action.verb, action.details) == ("count_tiers", {"uncounted": ["open"]})
    assert "Shown apart and not counted" in client.get("/d/harbour/").content.decode()
    public = client.get("/d/harbour/moderation/").content.decode()
    assert "“open”: shown apart and not counted, by the host’s decision." in public
    desk.post("/desk/harbour/tiers/", {})  # at least one tier must count
    assert Dialogue.objects.get().uncounted_tiers == ["open"]
    desk.post("/desk/harbour/tiers/", {"tier": ["open", "invited", "in_person"]})
    assert Dialogue.objects.get().uncounted_tiers == []
    assert dialogue.staff_actions.count() == 2


def test_counting_rules_are_fixed_after_the_final_map(desk: Client) -> None:
    dialogue = make_dialogue()
    make_participant(dialogue)
    StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now(), final=True, participants=0,
        data={},
    )  # fmt: skip
    desk.post("/desk/harbour/tiers/", {"tier": ["invited"]})
    desk.post("/desk/harbour/patterns/decide/", {"verb": "copies_each"})
    dialogue.refresh_from_db()
    assert (dialogue.uncounted_tiers, dialogue.copies_count_once) == ([], True)


def test_the_public_page_says_how_many_codes_were_made(desk: Client, client: Client) -> None:
    make_dialogue()
    printed(desk, 12)
    batch = CodeBatch.objects.get()
    desk.post(f"{PAGE}{batch.pk}/withdraw/")
    page = client.get("/d/harbour/moderation/").content.decode()
    assert "<li>invited: 12</li>" in page


def test_withdrawing_needs_confirmation(desk: Client) -> None:
    make_dialogue()
    printed(desk)
    page = desk.get(PAGE).content.decode()
    form = page.index(f'action="{PAGE}{CodeBatch.objects.get().pk}/withdraw/"')
    assert page.rindex("<details>", 0, form) < page.rindex("Withdraw…", 0, form)
    assert "You cannot undo this." in page[form : page.index("</details>", form)]
