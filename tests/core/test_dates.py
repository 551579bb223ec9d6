"""Days and times have one style on every page, and each time of day has its zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, override, pgettext

from middleground.core import dates
from middleground.core.languages.offered import LANGUAGES
from middleground.dialogues.lifecycle.actions import edit_dialogue
from middleground.dialogues.models import Dialogue, DraftDeletion
from middleground.dialogues.participation.admission import make_codes
from support.cast import make_dialogue, make_staff
from support.house import ROOT
from support.reading import words

# Six in the evening in Los Angeles, when it is already the next day in UTC.
EVENING = datetime(2027, 3, 4, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("in_los_angeles")


def test_the_three_ways_to_write_a_time() -> None:
    assert dates.day(EVENING) == "March 3, 2027"
    assert dates.day(date(2027, 11, 4)) == "Nov. 4, 2027"
    assert dates.time_of_day(EVENING) == "March 3, 2027, 6 p.m."
    assert dates.moment(EVENING) == "March 3, 2027, 6 p.m. (PST)"
    assert dates.moment(EVENING.replace(month=7)) == "July 3, 2027, 7 p.m. (PDT)"


# Day and time in each language; names of months where Django has none are in our catalogue.
IN_LANGUAGES = {
    "en": ("Nov. 4, 2027", "Nov. 4, 2027, 3:07 p.m."),
    "es": ("4 de noviembre de 2027", "4 de noviembre de 2027 a las 15:07"),
    "zh-hans": ("2027年11月4日", "2027年11月4日 15:07"),
    "ko": ("2027년 11월 4일", "2027년 11월 4일 오후 3:07"),
    "tl": ("{month} 4, 2027", "{month} 4, 2027, 3:07 {afternoon}"),
    "vi": ("ngày 4 tháng 11 năm 2027", "15:07 ngày 4 tháng 11 năm 2027"),
    "hy": ("4 {after_a_day}, 2027 թ.", "4 {after_a_day}, 2027 թ., 15:07"),
    "fa": ("4 نوامبر 2027", "4 نوامبر 2027، 15:07"),
    "ar": ("4 نوفمبر 2027", "4 نوفمبر 2027، 15:07"),
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_day_and_a_time_in_each_language(code: str) -> None:
    at = datetime(2027, 11, 4, 22, 7, tzinfo=UTC)
    with override(code):
        names = {
            "month": gettext("November"),
            "after_a_day": pgettext("alt. month", "November"),
            "afternoon": gettext("PM"),
        }
        day, time = (each.format(**names) for each in IN_LANGUAGES[code])
        assert dates.day(date(2027, 11, 4)) == day
        assert dates.time_of_day(at) == time
        assert dates.moment(at) == f"{time} (PDT)"


@pytest.mark.parametrize(
    ("codes", "number"),
    [
        ("en zh-hans ko tl fa ar", "1,234,567.5"),
        ("es hy", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5"),
        ("vi", "1.234.567,5"),
    ],
)
def test_long_numbers_in_each_language(codes: str, number: str) -> None:
    for code in codes.split():
        with override(code):
            assert number_format(1234567.5, 1, force_grouping=True) == number, code


def test_no_template_formats_dates_itself() -> None:
    own = [path.name for path in ROOT.glob("src/**/*.html") if "|date:" in path.read_text("utf-8")]
    assert own == []


@pytest.mark.django_db
def test_public_pages_name_the_zone(client: Client) -> None:
    make_dialogue(opens_at=datetime(2026, 1, 1, tzinfo=UTC), closes_at=EVENING)
    page = words(client, "/d/harbour/")
    assert "Dec. 31, 2025 to March 3, 2027, 6 p.m. (PST)" in page
    assert "Open until March 3, 2027, 6 p.m. (PST)" in words(client, "/d/harbour/embed/")


@pytest.mark.django_db
def test_the_desk_names_the_zone(client: Client) -> None:
    staff = make_staff()
    client.force_login(staff)
    dialogue = make_dialogue(opens_at=EVENING.replace(year=2999))
    edit_dialogue(staff, dialogue, {"background": "Boats."})
    assert "opens March 3, 2999, 6 p.m. (PST)" in words(client, "/desk/")
    page = words(client, "/desk/harbour/")
    assert "Opens by itself on March 3, 2999, 6 p.m. (PST)." in page
    assert "Time zone: America/Los_Angeles." in page
    now = dates.time_of_day(dialogue.staff_actions.get().at)
    assert re.search(rf"{re.escape(now)} staff@example.org changed “background”", page)
    assert "Time zone: America/Los_Angeles." in words(client, "/desk/harbour/edit/")
    make_codes(staff, dialogue, tier="invited", size=3, form="f")
    assert "Time zone: America/Los_Angeles." in words(client, "/desk/harbour/codes/")
    draft = make_dialogue("draft", state="draft")
    client.post("/desk/draft/delete/")
    gone = DraftDeletion.objects.get()
    assert f"{dates.moment(gone.at)}: staff@example.org deleted a draft" in words(client, "/desk/")
    assert not Dialogue.objects.filter(pk=draft.pk).exists()


def test_a_past_day_is_entered_for_what_is_within() -> None:
    """Known bad beside it: a day that is to come is refused, and nothing changes."""
    now = timezone.localdate()
    with dates.entering(now - timedelta(days=9)):
        assert dates.today() == now - timedelta(days=9)
    with pytest.raises(ValueError, match="is to come"), dates.entering(now + timedelta(days=1)):
        pass
    assert dates.today() == now
