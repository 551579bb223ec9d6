"""Figures behind a claim: bad tables by line, the chart with its source, replacing and removing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.entered import make_claim
from middleground.dialogues.models import Dialogue, StaffAction
from middleground.evidence.actions.data import MOST_BYTES, DataRefused, read_rows
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.models import ClaimData
from middleground.people.models import User
from support.reading import words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DATA = "/desk/harbour/claims/1/data/"


@pytest.mark.parametrize(
    "content",
    [
        b"period,value\n2019,1.5\n",
        "\ufeffPeriod;Value\r\n2019;1,5\r\n".encode(),
        b"value\tnote\tperiod\n1.5\tx\t2019\n\n",
        "period;value\n2019;1,5\n".encode("utf-16"),
        b'"period","value"\n"2019","1.5"\n',
    ],
)
def test_tables_of_every_spreadsheet_are_read(content: bytes) -> None:
    assert read_rows(content) == [["2019", 1.5, None, None]]


def test_each_bad_line_is_told() -> None:
    content = (
        "period,value,low,high\n2019,1,0,2\n,1,,\n2019,3,,\n2020,=1+1,,\n2021,1,2,3\n2022,1,0,\n"
        "2023,nan,,\n2024,1\n2025,1e400,,\n2026,½,,\n"
    ).encode()
    with pytest.raises(DataRefused) as refused:
        read_rows(content)
    assert [reason.message for reason in refused.value.reasons] == [
        "Line 3: the period is missing or longer than 30 letters.",
        "Line 4: the period “2019” appears twice.",
        "Line 5: “=1+1” is not a number.",
        "Line 6: the value is not between “low” and “high”.",
        "Line 7: the value is not between “low” and “high”.",
        "Line 8: “nan” is not a number.",
        "Line 9 has 2 columns instead of 4.",
        "Line 10: “1e400” is not a number.",
        "Line 11: “½” is not a number.",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_columns"),
        (b"year,value\n2019,1\n", "no_columns"),
        (b"period,value,low\n2019,1,0\n", "half_range"),
        (b"period,value\n", "no_rows"),
        (b"\x00\x01", "not_text"),
        (b'period,value\n"2019,1\n', "quotes"),
        (b"period,value\n" + b"".join(b"%d,1\n" % n for n in range(401)), "too_many"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(DataRefused) as refused:
        read_rows(content)
    assert refused.value.code == code


def test_the_claims_page_has_chart_source_and_table(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    make_claim(moderator, dialogue)
    html = client.get("/d/harbour/claims/1/").content.decode()
    assert "pic-series-band" in html
    page = words(client, "/d/harbour/claims/1/")
    assert "Mean level at night, Quay" in page
    assert "Period Value (dB) Range 2019 61 59 – 63 2020 58.5 57 – 60 2021 57" in page
    assert 'href="/d/harbour/sources/2/"' in html.split('id="figures"', 1)[1]
    withdraw_source(moderator, dialogue.sources.get(number=2), "Wrong figures.")
    assert "Mean level at night" not in words(client, "/d/harbour/claims/1/")


def test_staff_attach_replace_and_remove_figures(
    desk: Client, dialogue: Dialogue, moderator: User, outsider: Client
) -> None:
    make_claim(moderator, dialogue)
    sent = {"source": "1", "what": "Trucks", "unit": "a day", "table": "period,value\nMay,x\n"}
    bad = desk.post(DATA, sent)
    assert "Line 2: “x” is not a number." in words_of(bad)
    assert "May,x" in bad.content.decode()
    assert ClaimData.objects.get().what == "Mean level at night"
    file = SimpleUploadedFile("a.csv", b"period,value\nMay,3\n")
    assert outsider.post(DATA, {**sent, "file": file}).status_code == 403
    file.seek(0)
    assert desk.post(DATA, {**sent, "file": file}).status_code == 302
    data = ClaimData.objects.get()
    assert (data.what, data.source.number, data.rows) == ("Trucks", 1, [["May", 3.0, None, None]])
    assert "period,value,low,high\nMay,3.0,," in desk.get(DATA).content.decode()
    assert desk.post(f"{DATA}remove/").status_code == 302
    desk.post(f"{DATA}remove/")  # the second tab
    assert not ClaimData.objects.exists()
    verbs = list(StaffAction.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["attach_data", "attach_data", "remove_data"]
