"""The open data of a closed dialogue: counts and shares by statement and population.

Everything comes from a ``PublishedMap``, so it has passed ``disclosure``. Rows do not overlap and a
count is a band, so no small number can be worked out by subtraction.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from middleground.dialogues.models import StatementExposureCount
from middleground.dialogues.results.lists import comma_list
from middleground.dialogues.results.published import PublishedMap
from middleground.dialogues.results.topics.by_topic import OTHER, topic_parts
from middleground.disclosure.cells import EVERYONE, Bands
from middleground.disclosure.findings import is_disclosed
from middleground.engine.facts import Finding, Group, MapFacts, Rate
from middleground.polis.formulas import Cell, csv_table

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    "statement", "text", "population", "tier",
    "agree_from", "agree_to", "pass_from", "pass_to", "disagree_from", "disagree_to",
    "share_agree", "share_low", "share_high", "middle_ground_rank", "divisive_rank",
    "middle_ground_margin", "middle_ground_overturned_by", "divisive_overturned_by",
)  # fmt: skip


class NoTopics(Exception):
    """Staff sorted no public statement into a topic."""


def rows(published: PublishedMap) -> Iterator[tuple[Cell, ...]]:
    """One row per statement and population, in the order of ``COLUMNS``."""
    middle_ground = _ranks(published.facts.middle_ground)
    divisive = _ranks(published.facts.divisive)
    strength = _strengths(published.facts)
    only = next((tier.key for tier in published.tiers if tier.counts), "")
    for key, statement in published.statements.items():
        shares = _rates(published, key)
        for (population, tier), bands in published.cells(key).items():
            counts = [end for pair in _ends(bands).values() for end in pair]
            yield (
                statement.number,
                statement.text,
                population,
                tier or only,
                *counts,
                *_share(shares.get(population)),
                middle_ground.get(key),
                divisive.get(key),
                *strength.get(key, (None, None, None)),
            )


def statements_csv(published: PublishedMap) -> bytes:
    return csv_table(COLUMNS, rows(published))


def statements_parquet(published: PublishedMap) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole, share, text = pa.int64(), pa.float64(), pa.string()
    types = [whole, text, text, text, *[whole] * 6, *[share] * 3, whole, whole, share, whole, whole]
    schema = pa.schema(list(zip(COLUMNS, types, strict=True)), metadata={"licence": LICENCE})
    columns = list(zip(*rows(published), strict=True)) or [()] * len(COLUMNS)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink)
    return sink.getvalue()


def topics_csv(published: PublishedMap) -> bytes:
    """One row per topic and statement in it, in the order of staff.

    Raises ``NoTopics``. A file of its own: staff sort at any time, and the other files stay as the
    public log has them.
    """
    parts = [part for part in topic_parts(published) if part.number != OTHER]
    if not parts:
        raise NoTopics
    inside = (
        (part.number, part.name, number)
        for part in parts
        for number in sorted(published.statements[key].number for key in part.keys)
    )
    return csv_table(("topic", "name", "statement"), inside)


def map_json(published: PublishedMap) -> bytes:
    """The map's facts, and how often each statement was dealt.

    Written by msgspec, which takes a tenth of the time of ``json`` with an indent. Only numbers in
    exponential form are written differently, such as 1e-6 for 1e-06.
    """
    data = map_data(published)
    counts = StatementExposureCount.objects.filter(statement__dialogue=published.dialogue)
    exposures = {each.pk: each for each in counts}
    for key, item in zip(published.statements, data["statements"], strict=True):
        item["exposure"] = _exposure_data(exposures.get(key), published)
    return msgspec.json.format(msgspec.json.encode(data), indent=1)


def map_document(published: PublishedMap) -> bytes:
    """The map that the public log names by its hash: statements by number only.

    Hashed content can never be changed afterwards, but words must be removable. Its bytes are those
    of Python's ``json``, as in the documents that are logged already.
    """
    data = map_data(published)
    for item in data["statements"]:
        del item["text"]
    return f"{json.dumps(data, ensure_ascii=False, indent=1)}\n".encode()


def map_data(published: PublishedMap) -> dict[str, Any]:
    """The map's facts as shown on pages, with statements by their public number."""
    facts, number = published.facts, {k: s.number for k, s in published.statements.items()}
    return {
        "question": published.dialogue.question,
        "host": published.dialogue.host_name,
        "simulated": published.dialogue.simulated,
        "imported": published.dialogue.imported,
        "made_at": published.made_at.isoformat(),
        "sampled": published.sampled,
        "licence": LICENCE,
        "minimum_shown": published.minimum,
        "tiers": [
            {
                "tier": tier.key,
                "people": published.disclosed.band(tier.participants),
                "counts": tier.counts,
            }
            for tier in published.tiers
        ],
        "set_aside": published.disclosed.band(published.set_aside),
        "status": facts.status,
        "groups": [_group_data(group, published, number) for group in facts.groups],
        **_places_data(published, number),
        "statements": [_statement_data(published, key) for key in published.statements],
        "middle_ground": [number[item.statement] for item in facts.middle_ground if item.holds],
        "divisive": [number[item.statement] for item in facts.divisive if item.holds],
        "diagnostics": {"stability": facts.diagnostics.stability},
        "options": facts.options,
        "seed": facts.seed,
        "engine_version": facts.engine_version,
        "votes_sha256": published.votes_seal,
        "facts_sha256": published.facts_seal or None,
    }


def data_card(published: PublishedMap, address: str) -> bytes:
    """What the data is, how it was collected, and what it must not be used for."""
    dialogue, facts, minimum = published.dialogue, published.facts, published.minimum
    notes = [_("All participants are simulated.")] if dialogue.simulated else []
    if dialogue.imported:
        notes.append(_("The votes were given elsewhere, in Polis, and imported from its export."))
    context = {
        "question": dialogue.question,
        "host": dialogue.host_name,
        "address": address,
        "date": f"{_day(published):%Y-%m-%d}",
        "notes": notes,
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        # Numbers as text, so that no language groups their digits.
        "statements": str(len(published.statements)),
        "groups": comma_list([group.label for group in facts.groups]) or "-",
        "minimum": str(minimum),
        "top": str(minimum - 1),
        "engine": facts.engine_version,
        "seed": str(facts.seed),
        "hash": published.votes_seal,
    }
    return render_to_string("dialogues/data_card.md", context).encode()


def citation(published: PublishedMap, address: str) -> str:
    dialogue = published.dialogue
    return _("%(host)s (%(year)d). %(question)s Results of a dialogue, %(date)s. %(address)s") % {
        "host": dialogue.host_name,
        "year": _day(published).year,
        "question": dialogue.question,
        "date": f"{_day(published):%Y-%m-%d}",
        "address": address,
    }


def bibtex(published: PublishedMap, address: str) -> str:
    dialogue = published.dialogue
    return "\n".join(
        (
            f"@misc{{{dialogue.slug}-{_day(published).year},",
            f"  author = {{{{{_tex(dialogue.host_name)}}}}},",
            f"  title = {{{{{_tex(dialogue.question)}}}}},",
            f"  year = {{{_day(published).year}}},",
            "  howpublished = {Results of a dialogue},",
            f"  url = {{{address}}},",
            f"  note = {{Final map of {_day(published):%Y-%m-%d}, {LICENCE}}}",
            "}",
        )
    )


def _day(published: PublishedMap) -> date:
    """The day in the host's time zone, as pages show it."""
    return timezone.localdate(published.made_at)


def _places_data(published: PublishedMap, number: dict[int, int]) -> dict[str, Any]:
    """What marks and directions say; nothing for maps made before there were marks.

    The log holds the document of a final map, so what is published of an old one may not change.
    """
    facts = published.facts
    if not facts.people_per_mark:
        return {}
    ends = {end.end: [number[key] for key in end.statements] for end in facts.axis_ends}
    return {"people_per_mark": facts.people_per_mark, "axis_ends": ends}


def _marks_data(group: Group, published: PublishedMap) -> dict[str, Any]:
    facts = published.facts
    if not facts.people_per_mark:
        return {}
    return {"marks": [[mark.x, mark.y] for mark in facts.marks if mark.group == group.label]}


def _group_data(group: Group, published: PublishedMap, number: dict[int, int]) -> dict[str, Any]:
    return {
        "label": group.label,
        "people": published.disclosed.sizes()[group.label],
        "centre": group.centre,
        "covariance": group.covariance,
        **_marks_data(group, published),
        "representative": [
            {"statement": number[item.statement], "direction": item.direction}
            for item in group.representative
        ],
    }


def _statement_data(published: PublishedMap, key: int) -> dict[str, Any]:
    statement = published.statements[key]
    return {
        "number": statement.number,
        "text": statement.text,
        "counts": {population: _ends(bands) for population, bands in published.bands(key).items()},
        "by_tier": [
            {"population": population, "tier": tier, **_ends(bands)}
            for (population, tier), bands in published.cells(key).items()
            if tier
        ],
        "shares": {
            population: dict(zip(("agree", "low", "high"), _share(rate), strict=True))
            for population, rate in _rates(published, key).items()
            if is_disclosed(rate)
        },
    }


def _exposure_data(
    exposure: StatementExposureCount | None, published: PublishedMap
) -> dict[str, Any] | None:
    if exposure is None:
        return None
    return {
        "dealt": published.disclosed.band(exposure.dealt),
        "expected": published.disclosed.band(int(exposure.expected)),
    }


def _ends(bands: Bands) -> dict[str, list[int]]:
    """The lower and upper end of each answer's band."""
    low, high = bands.low, bands.high
    return {
        "agree": [low.agree, high.agree],
        "pass": [low.passed, high.passed],
        "disagree": [low.disagree, high.disagree],
    }


def _rates(published: PublishedMap, statement: int) -> dict[str, Rate]:
    """The published shares by population of the open data; of everyone if there are no groups."""
    facts = published.facts_of(statement)
    if facts is None:
        return {}
    if published.facts.status != "groups":
        return {EVERYONE: facts.everyone}
    return {rate.group: rate for rate in facts.groups}


def _share(rate: Rate | None) -> tuple[float | None, float | None, float | None]:
    """The share, if it may be told, and its interval."""
    if rate is None or not is_disclosed(rate):
        return None, None, None
    return rate.rate, rate.low, rate.high


def _ranks(findings: tuple[Finding, ...]) -> dict[int, int]:
    holding = [item.statement for item in findings if item.holds]
    return {statement: rank for rank, statement in enumerate(holding, start=1)}


def _strengths(facts: MapFacts) -> dict[int, tuple[Cell, Cell, Cell]]:
    """Margin and overturning numbers of invented participants, by statement with a label."""
    agreed = {item.statement: item for item in facts.middle_ground if item.holds}
    parted = {item.statement: item for item in facts.divisive if item.holds}
    return {
        key: (
            agreed[key].margin if key in agreed else None,
            agreed[key].robustness.fakes_to_overturn if key in agreed else None,
            parted[key].robustness.fakes_to_overturn if key in parted else None,
        )
        for key in {*agreed, *parted}
    }


def _tex(text: str) -> str:
    for character in "\\{}":
        text = text.replace(character, "")
    for character in "&%$#_":
        text = text.replace(character, "\\" + character)
    return text
