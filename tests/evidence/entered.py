"""Sources and claims for tests, entered as staff would."""

from __future__ import annotations

from typing import Any

from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.claims import add_claim, add_passage
from middleground.evidence.actions.data import attach_data, read_rows
from middleground.evidence.actions.sources import add_source
from middleground.evidence.cleaning import FIELDS
from middleground.evidence.models import Claim, Source
from middleground.people.models import User

STUDY = {
    "kind": "study",
    "title": "Noise behind closed quays",
    "authors": "Doe, Jane\nPort Institute",
    "publisher": "Example Press",
    "published": "2019-05",
    "appeared_in": "Journal of Examples",
    "volume": "12",
    "issue": "3",
    "pages": "101-120",
    "doi": "10.1000/example",
    "address": "https://example.org/noise",
    "language": "en",
    "evidence": "controlled",
    "funding": "Example Foundation",
}


def source_values(**fields: Any) -> dict[str, Any]:
    """Values of a short report, or those given."""
    values = {"kind": "report", "title": "Figures of the port", "evidence": "statistics"}
    return {**dict.fromkeys(FIELDS, ""), **values, **fields}


def make_source(staff: User, dialogue: Dialogue, **fields: Any) -> Source:
    return add_source(staff, dialogue, source_values(**fields))


def make_claim(
    staff: User, dialogue: Dialogue, text: str = "It got quieter.", cited_by: tuple[int, ...] = ()
) -> Claim:
    """A claim that the background cites, with the study on its side and a report against it."""
    claim = add_claim(staff, dialogue, text, in_background=True, cited_by=cited_by)
    study = make_source(staff, dialogue, **STUDY)
    report = make_source(staff, dialogue, published="2021")
    add_passage(staff, claim, study, "supports", "The level fell by 4 dB.", "p. 110")
    add_passage(staff, claim, report, "disputes", "No change was seen.", "")
    rows = read_rows(b"period,value,low,high\n2019,61,59,63\n2020,58.5,57,60\n2021,57,,\n")
    attach_data(staff, claim, report, rows, what="Mean level at night", place="Quay", unit="dB")
    return claim
