"""Sources and claims of the example, entered as staff would."""

from __future__ import annotations

from datetime import date

from middleground.core import dates
from middleground.demo import ExampleDialogue
from middleground.demo.answered import Entry, ExampleEvidence, number_of, working_day
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.claims import add_claim, add_passage
from middleground.evidence.actions.data import attach_data
from middleground.evidence.actions.sources import add_source
from middleground.evidence.cleaning import clean_source
from middleground.evidence.models import Source
from middleground.people.models import User

ADDED = -110
PARAPHRASE = "In our words, not a quotation:"
_NOT_OF_A_SOURCE = {"key", "side", "authors"}


def store_evidence(
    staff: User, dialogue: Dialogue, example: ExampleDialogue, told: ExampleEvidence, today: date
) -> None:
    with dates.entering(working_day(today, ADDED)):
        sources = {entry["key"]: _source(staff, dialogue, entry) for entry in told.sources}
        for entry in told.claims:
            _claim(staff, dialogue, example, entry, sources)


def _source(staff: User, dialogue: Dialogue, entry: Entry) -> Source:
    given = {name: value for name, value in entry.items() if name not in _NOT_OF_A_SOURCE}
    values, problems = clean_source(given | {"authors": "\n".join(entry["authors"])})
    assert not problems, problems
    return add_source(staff, dialogue, values)


def _claim(
    staff: User,
    dialogue: Dialogue,
    example: ExampleDialogue,
    entry: Entry,
    sources: dict[str, Source],
) -> None:
    cited_by = [number_of(example, beginning) for beginning in entry["cited_by"]]
    in_background = entry.get("in_background", False)
    claim = add_claim(
        staff, dialogue, entry["text"], in_background=in_background, cited_by=cited_by
    )
    for each in entry["passages"]:
        words = f"{PARAPHRASE} {each['words']}"
        add_passage(staff, claim, sources[each["source"]], each["stance"], words, "")
    data = entry.get("data")
    if data:
        rows = [[period, value, None, None] for period, value in data["rows"]]
        texts = {name: data[name] for name in ("what", "place", "unit")}
        attach_data(staff, claim, sources[data["source"]], rows, **texts)
