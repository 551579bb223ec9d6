"""The open data of a closed dialogue: counts and shares by statement and population.

Everything comes from a ``PublishedMap``, so it has passed ``disclosure``. Each row is about
people who are in no other row, and a count is a band: there is nothing to subtract.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from middleground.dialogues.models import StatementExposure
from middleground.dialogues.results.published import PublishedMap
from middleground.disclosure.cells import Bands
from middleground.disclosure.findings import is_disclosed
from middleground.disclosure.rounding import floor_to_step
from middleground.engine.facts import Finding, Group, MapFacts, Rate

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    "statement", "text", "population", "tier",
    "agree_from", "agree_to", "pass_from", "pass_to", "disagree_from", "disagree_to",
    "share_agree", "share_low", "share_high", "middle_ground_rank", "divisive_rank",
    "middle_ground_margin", "middle_ground_overturned_by", "divisive_overturned_by",
)  # fmt: skip
Value = int | float | str | None

# A spreadsheet takes a cell that begins so for a formula, which may send data elsewhere.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(published: PublishedMap) -> Iterator[tuple[Value, ...]]:
    """One row a statement and population, in the order of ``COLUMNS``."""
    middle_ground = _ranks(published.facts.middle_ground)
    divisive = _ranks(published.facts.divisive)
    strength = _strengths(published.facts)
    only = next((tier.key for tier in published.tiers if tier.counts), "")
    for key, statement in published.statements.items():
        facts = published.facts_of(key)
        shares = {rate.group: rate for rate in facts.groups} if facts else {}
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
    """UTF-8 with a byte-order mark, which spreadsheets need to read other than English letters."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows(published):
        writer.writerow([_harmless(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


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


def map_json(published: PublishedMap) -> bytes:
    """The map's facts, and how often each statement was put before people."""
    data = map_data(published)
    exposures = StatementExposure.objects.in_bulk(list(published.statements))
    for key, item in zip(published.statements, data["statements"], strict=True):
        item["exposure"] = _exposure_data(exposures.get(key), published.minimum)
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def map_document(published: PublishedMap) -> bytes:
    """The map as the public log names it by its hash: statements by their numbers alone.

    What is named by its hash cannot be taken away; words must be.
    """
    data = map_data(published)
    for item in data["statements"]:
        del item["text"]
    return f"{json.dumps(data, ensure_ascii=False, indent=1)}\n".encode()


def map_data(published: PublishedMap) -> dict[str, Any]:
    """The map's facts as pages show them, with statements by their public number."""
    facts, number = published.facts, {k: s.number for k, s in published.statements.items()}
    return {
        "question": published.dialogue.question,
        "host": published.dialogue.host_name,
        "simulated": published.dialogue.simulated,
        "imported": published.dialogue.imported,
        "made_at": published.made_at.isoformat(),
        "licence": LICENCE,
        "minimum_shown": published.minimum,
        "tiers": [
            {
                "tier": tier.key,
                "people": _band(tier.people, published.minimum),
                "counts": tier.counts,
            }
            for tier in published.tiers
        ],
        "set_aside": _band(published.set_aside, published.minimum),
        "status": facts.status,
        "groups": [_group_data(group, published, number) for group in facts.groups],
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
    """What the data is, how it came about, and what it must not be used for."""
    dialogue, facts, minimum = published.dialogue, published.facts, published.minimum
    labels = ", ".join(group.label for group in facts.groups) or "-"
    notes = [_("All participants are simulated.")] if dialogue.simulated else []
    if dialogue.imported:
        notes.append(_("The votes were given elsewhere, in Polis, and imported from its export."))
    text = _CARD() % {
        "question": dialogue.question,
        "host": dialogue.host_name,
        "address": address,
        "date": f"{_day(published):%Y-%m-%d}",
        "notes": "".join(f"{note}\n\n" for note in notes),
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "statements": len(published.statements),
        "groups": labels,
        "minimum": minimum,
        "top": minimum - 1,
        "engine": facts.engine_version,
        "seed": facts.seed,
        "hash": published.votes_seal,
    }
    return text.encode()


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
    """The day in the host's time zone, as pages say it."""
    return timezone.localdate(published.made_at)


def _group_data(group: Group, published: PublishedMap, number: dict[int, int]) -> dict[str, Any]:
    low = floor_to_step(group.size, published.minimum)
    return {
        "label": group.label,
        "people": [low, low + published.disclosed.parts * (published.minimum - 1)],
        "centre": group.centre,
        "covariance": group.covariance,
        "representative": [
            {"statement": number[item.statement], "direction": item.direction}
            for item in group.representative
        ],
    }


def _statement_data(published: PublishedMap, key: int) -> dict[str, Any]:
    statement, facts = published.statements[key], published.facts_of(key)
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
            rate.group: dict(zip(("agree", "low", "high"), _share(rate), strict=True))
            for rate in (facts.groups if facts else ())
            if is_disclosed(rate)
        },
    }


def _exposure_data(exposure: StatementExposure | None, minimum: int) -> dict[str, Any] | None:
    if exposure is None:
        return None
    return {
        "dealt": _band(floor_to_step(exposure.dealt, minimum), minimum),
        "expected": _band(floor_to_step(int(exposure.expected), minimum), minimum),
    }


def _ends(bands: Bands) -> dict[str, list[int]]:
    """The least and the most of each answer."""
    low, high = bands.low, bands.high
    return {
        "agree": [low.agree, high.agree],
        "pass": [low.passed, high.passed],
        "disagree": [low.disagree, high.disagree],
    }


def _band(low: int, minimum: int) -> list[int]:
    return [low, low + minimum - 1]


def _share(rate: Rate | None) -> tuple[float | None, float | None, float | None]:
    if rate is None or not is_disclosed(rate):
        return None, None, None
    return rate.rate, rate.low, rate.high


def _ranks(findings: tuple[Finding, ...]) -> dict[int, int]:
    holding = [item.statement for item in findings if item.holds]
    return {statement: rank for rank, statement in enumerate(holding, start=1)}


def _strengths(facts: MapFacts) -> dict[int, tuple[Value, Value, Value]]:
    """By statement, where a label is earned: margin, and invented participants that overturn it."""
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


def _harmless(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def _tex(text: str) -> str:
    for character in "\\{}":
        text = text.replace(character, "")
    for character in "&%$#_":
        text = text.replace(character, "\\" + character)
    return text


_CARD: Callable[[], str] = lambda: _(  # noqa: E731
    """# Data card

**%(question)s** A dialogue hosted by %(host)s.

%(notes)s- Address: %(address)s
- Final as of: %(date)s
- Licence: %(licence)s (%(licence_address)s). Name the host and the address.

## Files

- `statements.csv` and `statements.parquet`: the same %(statements)d statements; one row for each
  statement, population and tier. The CSV is UTF-8 with a byte-order mark; a text that a
  spreadsheet would take for a formula has an apostrophe in front.
- `map.json`: the groups, the ranked findings and what is needed to compute the map again. Its
  `exposure` says how often a statement was put before people, and how often by the sum of the
  probabilities with which it was chosen: the two differ by chance alone. Null where none was dealt.

## Columns

- `statement`, `text`: its number and wording.
- `population`: an opinion group (%(groups)s), `none` for participants in no group that is shown,
  or `all` where there are no distinct groups. Populations do not overlap; add them up for totals.
- `tier`: how these people were admitted: open, invited, in_person or imported. Each row is about
  people who are in no other row. Shares are of the whole group, all its tiers that count together.
- `agree_from` to `agree_to`, and so on: the count of people lies in this band. 0 to %(top)d means
  that fewer than %(minimum)d people, perhaps nobody, gave this answer. Some bands are wider, that
  of `none` always: it is what the others leave of the total.
- `share_agree`, `share_low`, `share_high`: the estimated share of the group that agrees, passes
  counted, and its 90 %% interval. Empty where withheld.
- `middle_ground_rank`, `divisive_rank`: the place in the ranking, where the label is earned.
- `middle_ground_margin`: by how much the 90 %% interval of the least willing group clears one half;
  below zero where only the one-sided bound does.
- `middle_ground_overturned_by`, `divisive_overturned_by`: about how many invented participants
  would take the label away, computed from the published figures; empty where these do not suffice.

## How it came about

Participants chose to take part and voted agree, disagree or pass on statements. They are not a
sample of any population. Groups are found from the votes alone. Engine %(engine)s, seed %(seed)d,
SHA-256 of the sealed votes %(hash)s, as the public log has it.

## What is left out

Single votes and participants are never published. Counts move in steps of %(minimum)d, and shares
near nobody or everybody are cut off, so that no small number can be worked out by subtraction.

## What it must not be used for

Do not try to find out who took part or how a person voted. Do not present the shares as those of a
city or a population.
"""
)
