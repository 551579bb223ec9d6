"""The one rule: every public figure comes from a published map, through ``whole_map.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap
from middleground.dialogues.results.cache import Cache
from middleground.dialogues.statements.redaction import redacted
from middleground.dialogues.translations.shown import shown_words
from middleground.disclosure.cells import Bands, Cells
from middleground.disclosure.disclosed import Disclosed
from middleground.disclosure.findings import is_disclosed
from middleground.disclosure.rounding import floor_to_step
from middleground.disclosure.tiers import disclose_tier
from middleground.disclosure.whole_map import disclose
from middleground.engine import MapFacts, Projection, Projector
from middleground.engine.facts import StatementFacts

UNDECIDED_SHARE = 0.3  # of passes, or the width of an interval
_TOO_FEW_TO_PLACE = 3
KEPT_FACTS = 16  # maps in memory
KEPT_PLACES = 4_000  # each takes about a kilobyte

_Votes = tuple[tuple[int, int], ...]  # statement and value


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier: its number of participants, in steps, and whether they count.

    ``has_map``: whether this tier and the others have enough participants to show it separately.
    """

    key: str
    label: str
    participants: int
    counts: bool
    has_map: bool


@dataclass(frozen=True, slots=True)
class PublishedMap:
    """A stored map as it may be shown, with the statements that are public now.

    Statements removed after the final result are included, without their words. ``sampled``: the
    map is of a random sample of those whose votes count.
    """

    dialogue: Dialogue
    pk: int
    made_at: datetime
    final: bool
    sampled: bool
    disclosed: Disclosed
    votes_seal: str
    facts_seal: str
    statements: dict[int, Statement]
    tiers: tuple[Tier, ...]
    set_aside: int
    tier: str = ""  # of a map of one tier
    document_hash: str = ""  # of its document in the public log, if it is there

    @property
    def facts(self) -> MapFacts:
        return self.disclosed.facts

    @property
    def minimum(self) -> int:
        return self.dialogue.minimum_shown

    @property
    def removed(self) -> int:
        """How many statements were removed after the final result."""
        rejected = Statement.Status.REJECTED
        return sum(statement.status == rejected for statement in self.statements.values())

    @property
    def texts(self) -> dict[int, str]:
        return {key: statement.text for key, statement in self.statements.items()}

    @property
    def shown_texts(self) -> dict[int, str]:
        """The texts for the reader, in their language as far as they are translated."""
        found = self.statements.items()
        return {key: shown_words(self.dialogue, s.number, s.text).words for key, s in found}

    def address(self, statement: int) -> str:
        """The path of a statement's page."""
        return self.statements[statement].get_absolute_url()

    def cells(self, statement: int) -> Cells:
        """The bands by population and tier; empty if nobody voted."""
        return self.disclosed.cells_of(statement)

    def bands(self, statement: int) -> dict[str, Bands]:
        """The bands by population, summed over tiers; empty if nobody voted."""
        return self.disclosed.bands(statement)

    def total(self, statement: int) -> Bands:
        """The bands of everyone whose votes count."""
        return self.disclosed.totals[statement]

    def facts_of(self, statement: int) -> StatementFacts | None:
        return self.disclosed.facts_of(statement)

    def undecided(self) -> list[StatementFacts]:
        """Statements with many passes or wide intervals, most passes first."""
        found = [
            item
            for item in self.facts.statements
            if item.everyone.tally.seen
            and (_passes(item) >= UNDECIDED_SHARE or _width(item) >= UNDECIDED_SHARE)
        ]
        return sorted(found, key=lambda item: (-_passes(item), -_width(item), item.statement))


def newest_map(dialogue: Dialogue) -> PublishedMap | None:
    return _published(dialogue, final=False)


def final_map(dialogue: Dialogue) -> PublishedMap | None:
    return _published(dialogue, final=True)


def tier_map(dialogue: Dialogue, tier: str) -> PublishedMap | None:
    """The newest map of one tier that may be shown, or None."""
    row = _row(dialogue.maps.filter(tiers_apart=True))
    if row is None:
        return None
    found = {entry.key: entry for entry in _tiers(dialogue, row)}
    if tier not in found or not found[tier].has_map:
        return None
    return replace(_map_of(dialogue, row, row, _content(dialogue, row, tier)), tier=tier)


def preview(row: StoredMap, facts: MapFacts) -> tuple[PublishedMap, Content]:
    """The published form of a map that is not stored yet; ``facts`` are those of ``row``."""
    dialogue, statements = row.dialogue, _statements(row.dialogue)
    apart = row if row.tiers_apart else _row(dialogue.maps.filter(tiers_apart=True))
    disclosed = disclose(facts, dialogue.minimum_shown, frozenset(statements))
    content = Content(statements, disclosed)
    return _map_of(dialogue, row, apart or row, content), content


def keep_published(row: StoredMap, facts: MapFacts, content: Content) -> None:
    """Cache a map that was just stored, so that no page has to read it."""
    _facts.put((row.pk, row.made_at), facts)
    _contents.put(_key(row.dialogue, row), content)


def newest_map_id(dialogue: Dialogue) -> int:
    """The published map's id, or 0. A cheap query."""
    return dialogue.maps.values_list("pk", flat=True).first() or 0


def places_on_map(
    published: PublishedMap, voters: Sequence[Mapping[int, int]]
) -> list[Projection | None]:
    """Each voter's position by their votes; show it only to the participant who cast them."""
    key = published.pk, published.made_at
    facts = _facts_of(*key)
    if facts.status == "too_little":
        return [None for _ in voters]
    projector = _projectors.get(key, lambda: Projector(facts))
    # Kept under the votes themselves, so that nothing is kept about a person.
    places = _places.get_all(
        [(key, tuple(sorted(votes.items()))) for votes in voters],
        lambda missing: projector.project_all([dict(votes) for _, votes in missing]),
    )
    return [place if place.votes >= _TOO_FEW_TO_PLACE else None for place in places]


def sure_group(place: Projection | None, labels: list[str]) -> str:
    """The group's letter if the membership probability is above 0.9, otherwise empty."""
    if place is None or len(place.membership) != len(labels) or not labels:
        return ""
    best = max(range(len(labels)), key=lambda k: place.membership[k])
    return labels[best] if place.membership[best] > 0.9 else ""


def _published(dialogue: Dialogue, *, final: bool) -> PublishedMap | None:
    row = _row(dialogue.maps.filter(final=True) if final else dialogue.maps.all())
    if row is None:
        return None
    # Numbers of participants by tier are those of the map whose tiers are shown.
    apart = row if row.tiers_apart else _row(dialogue.maps.filter(tiers_apart=True))
    return _map_of(dialogue, row, apart or row, _content(dialogue, row))


def _row(maps: QuerySet[StoredMap]) -> StoredMap | None:
    """The first row, without its data."""
    return maps.defer("data", "patterns").first()


@dataclass(frozen=True, slots=True)
class Content:
    """The slow parts of a published map, shared by all requests, so nobody may change them.

    ``statements`` are as stored: a removed statement's words depend on the reader's language.
    """

    statements: dict[int, Statement]
    disclosed: Disclosed

    def redacted(self) -> dict[int, Statement]:
        """The statements as they may be shown."""
        removed = Statement.Status.REJECTED
        notes = {
            key: redacted(copy(statement))
            for key, statement in self.statements.items()
            if statement.status == removed
        }
        return self.statements | notes if notes else self.statements


# A map's id and time (a database may reuse an id), the dialogue's revision and minimum, and the
# tier, or "" for the whole map. Any change of a public statement raises the revision.
_Key = tuple[int, datetime, int, int, str]
_contents: Cache[_Key, Content] = Cache(2 * KEPT_FACTS)
_facts: Cache[tuple[int, datetime], MapFacts] = Cache(KEPT_FACTS)
_projectors: Cache[tuple[int, datetime], Projector] = Cache(KEPT_FACTS)
_places: Cache[tuple[tuple[int, datetime], _Votes], Projection] = Cache(KEPT_PLACES)


def _key(dialogue: Dialogue, row: StoredMap, tier: str = "") -> _Key:
    return row.pk, row.made_at, dialogue.revision, dialogue.minimum_shown, tier


def _content(dialogue: Dialogue, row: StoredMap, tier: str = "") -> Content:
    return _contents.get(_key(dialogue, row, tier), lambda: _new_content(dialogue, row, tier))


def _new_content(dialogue: Dialogue, row: StoredMap, tier: str) -> Content:
    facts = _facts_of(row.pk, row.made_at)
    counts = next((each for each in facts.tiers if each.name == tier), None)
    if tier and counts is None:  # the only tier that counts: its map is the whole map
        return _content(dialogue, row)
    statements, minimum = _statements(dialogue), dialogue.minimum_shown
    shown = frozenset(statements)
    if counts is None:
        return Content(statements, disclose(facts, minimum, shown))
    return Content(statements, disclose_tier(facts, counts, minimum, shown))


def _facts_of(pk: int, made_at: datetime) -> MapFacts:
    """The exact facts, which are never shown to anybody."""
    return _facts.get((pk, made_at), lambda: StoredMap.facts_of(pk))


def _statements(dialogue: Dialogue) -> dict[int, Statement]:
    published = Statement.objects.published().filter(dialogue=dialogue).order_by("number")
    statements = {statement.pk: statement for statement in published}
    for statement in statements.values():
        statement.dialogue = dialogue
    return statements


def _map_of(
    dialogue: Dialogue,
    row: StoredMap,
    apart: StoredMap,
    content: Content,
) -> PublishedMap:
    return PublishedMap(
        dialogue=dialogue,
        pk=row.pk,
        made_at=row.made_at,
        final=row.final,
        sampled=row.sampled,
        disclosed=content.disclosed,
        votes_seal=row.votes_seal,
        facts_seal=row.facts_seal,
        statements=content.redacted(),
        tiers=_tiers(dialogue, apart),
        set_aside=floor_to_step(row.set_aside, dialogue.minimum_shown),
        document_hash=row.document_hash,
    )


def _tiers(dialogue: Dialogue, row: StoredMap) -> tuple[Tier, ...]:
    """The tiers in the order of the pages. A tier on its own is the whole map."""
    minimum = dialogue.minimum_shown
    shown = [tier for tier in row.tiers if tier != Participant.Tier.UNCONFIRMED]
    return tuple(
        Tier(
            tier,
            str(Participant.Tier(tier).label),
            floor_to_step(row.tiers[tier], minimum),
            tier != Participant.Tier.UNCONFIRMED and tier not in dialogue.uncounted_tiers,
            tier in shown and len(shown) > 1 and row.tiers[tier] >= minimum,
        )
        for tier in (*Participant.CONFIGURABLE_TIERS, Participant.Tier.UNCONFIRMED)
        if tier in row.tiers
    )


def _passes(item: StatementFacts) -> float:
    tally = item.everyone.tally
    return tally.passed / tally.seen


def _width(item: StatementFacts) -> float:
    rates = [rate for rate in item.groups if is_disclosed(rate)] or [item.everyone]
    return max(rate.high - rate.low for rate in rates)
