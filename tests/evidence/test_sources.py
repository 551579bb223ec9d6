"""Sources: numbers, references, sameness, edits of two colleagues, withdrawing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from evidence.entered import STUDY, make_source, source_values
from middleground.dialogues.models import Dialogue, StaffAction
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.actions.sources import edit_source, restore_source, withdraw_source
from middleground.evidence.models import Source
from middleground.evidence.models.source import (
    validate_language,
    validate_partial_date,
    validate_web_address,
)
from middleground.evidence.references import format_reference
from middleground.people.models import User
from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

REFERENCE = (
    "Doe, J. and Port Institute (2019) “Noise behind closed quays”, Journal of Examples, 12(3),"
    " pp. 101–120. Available at: https://doi.org/10.1000/example."
)


def did(dialogue: Dialogue) -> list[tuple[str, object]]:
    actions = StaffAction.objects.filter(dialogue=dialogue).order_by("id")
    return [(action.verb, action.details.get("number")) for action in actions]


def test_sources_are_numbered_by_dialogue_and_their_references_are_kept(
    dialogue: Dialogue, moderator: User
) -> None:
    study = make_source(moderator, dialogue, **STUDY)
    report = make_source(moderator, dialogue)
    elsewhere = make_source(moderator, make_dialogue("airport"), **STUDY)
    assert [each.number for each in (study, report, elsewhere)] == [1, 2, 1]
    assert Source.objects.get(pk=study.pk).reference == REFERENCE
    assert did(dialogue) == [("add_source", 1), ("add_source", 2)]
    assert study.author_lines == ["Doe, Jane", "Port Institute"]


@pytest.mark.parametrize(
    ("fields", "reference"),
    [
        (
            {"kind": "law", "title": "Harbour Act", "published": "1952"},
            "Harbour Act (1952).",
        ),
        (
            {"authors": "{Office of Ports, Statistics}", "title": "Ships", "published": "2020"},
            "Office of Ports, Statistics (2020) Ships.",
        ),
        ({"authors": "شخص", "title": "قصة", "kind": "news"}, "شخص (no date) “قصة”."),
        (
            {"authors": "A <b>", "title": "1 < 2 & 3", "published": "2020"},
            "A <b> (2020) 1 < 2 & 3.",
        ),
    ],
)
def test_references_are_plain_text_of_every_kind(fields: dict[str, str], reference: str) -> None:
    assert format_reference(Source(**source_values(**fields))) == reference


def test_a_source_without_a_formatted_reference_has_a_short_one() -> None:
    source = Source(**source_values(authors="Doe, Jane", published="2020-01"))
    assert source.shown_reference == "Doe, Jane (2020) Figures of the port."


@pytest.mark.parametrize(
    "again",
    [
        {"title": "Other title, same DOI", "doi": "10.1000/EXAMPLE"},
        {"doi": "10.1000/example", "published": "1999"},
    ],
)
def test_the_same_source_is_added_once(
    dialogue: Dialogue, moderator: User, again: dict[str, str]
) -> None:
    make_source(moderator, dialogue, **STUDY)
    with pytest.raises(EvidenceRefused) as refused:
        make_source(moderator, dialogue, **again)
    assert refused.value.message == "This dialogue already has this source, as number 1."
    assert did(dialogue) == [("add_source", 1)]


def test_without_a_doi_title_year_and_authors_tell_sources_apart(
    dialogue: Dialogue, moderator: User
) -> None:
    make_source(moderator, dialogue, published="2020")
    make_source(moderator, dialogue, published="2021")  # next year's figures
    with pytest.raises(EvidenceRefused):
        make_source(moderator, dialogue, title="figures of the PORT.", published="2020-06")


def test_an_edit_in_a_second_tab_does_not_overwrite_a_colleagues(
    dialogue: Dialogue, moderator: User
) -> None:
    source = make_source(moderator, dialogue)
    first, second = source_values(funding="The port"), source_values(funding="The city")
    assert edit_source(moderator, source, first, 0)
    with pytest.raises(EvidenceRefused) as refused:
        edit_source(moderator, source, second, 0)
    assert refused.value.code == "changed_meanwhile"
    assert Source.objects.get(pk=source.pk).funding == "The port"
    assert not edit_source(moderator, source, first, 0)  # the same once more changes nothing
    assert edit_source(moderator, source, second, 1)
    assert did(dialogue) == [("add_source", 1), ("edit_source", 1), ("edit_source", 1)]


def test_an_edit_renews_the_reference_and_cannot_make_two_sources_the_same(
    dialogue: Dialogue, moderator: User
) -> None:
    make_source(moderator, dialogue, **STUDY)
    source = make_source(moderator, dialogue)
    edit_source(moderator, source, source_values(authors="Doe, Jane", published="2020"), 0)
    assert Source.objects.get(pk=source.pk).reference == "Doe, J. (2020) Figures of the port."
    with pytest.raises(EvidenceRefused) as refused:
        edit_source(moderator, source, source_values(doi="10.1000/example"), 1)
    assert refused.value.code == "same_source"


def test_a_withdrawn_source_keeps_its_number(dialogue: Dialogue, moderator: User) -> None:
    source = make_source(moderator, dialogue)
    withdraw_source(moderator, source, "Retracted.")
    assert Source.objects.get(pk=source.pk).withdrawn == "Retracted."
    assert make_source(moderator, dialogue, title="Another").number == 2
    restore_source(moderator, source)
    assert Source.objects.get(pk=source.pk).withdrawn == ""
    assert [verb for verb, _ in did(dialogue)] == [
        "add_source",
        "withdraw_source",
        "add_source",
        "restore_source",
    ]


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (
            validate_partial_date,
            ("2019", "2019-05", "2020-02-29"),
            ("19", "2019-13", "2019-02-29", "2019-5", "May 2019", "0000", "2019-05-03T10:00"),
        ),
        (
            validate_web_address,
            ("https://example.org/a?b=c#d", "http://example.org:8080", "https://münchen.example/ä"),
            (
                "javascript:alert(1)", "ftp://example.org", "//example.org", "https://",
                "example.org",
                "https://user:word@example.org", "https://[::1", "https://example.org/a b",
                "data:text/html,x", "https://example.org/\u202e",
            ),
        ),
        (validate_language, ("en", "es-MX", "zh-Hans-CN"), ("English", "EN", "e", "en_US", "")),
    ],
)  # fmt: skip
def test_dates_addresses_and_languages_are_checked(
    check: object, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    def is_refused(text: str) -> bool:
        try:
            check(text)
        except ValidationError:
            return True
        return False

    assert [text for text in good if is_refused(text)] == []
    assert [text for text in bad if not is_refused(text)] == []
