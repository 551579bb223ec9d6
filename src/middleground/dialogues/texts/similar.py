"""Compares each text once with the others of its kind, when it has come, and keeps what is similar.

A job does it (``dialogues/jobs.py``), so nobody waits for it who writes or moderates. A text that
comes back, and one whose words changed, is compared again once ``TextKind.forget_similar`` was
called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from middleground.core import changes
from middleground.dialogues.models import Dialogue, ModeratedText
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, Status
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds
from middleground.texts.many_similar import many_similar
from middleground.texts.moderation import TextState
from middleground.texts.similarity import Similar

KEPT = 8  # with each text, so that one of many copies has no more rows than another
NEAR = 20  # of a new text are looked at: it may be among the best of each of them
AT_ONCE = 5_000  # texts; preparing the others to compare with takes as long as comparing
STORED_AT_ONCE = 200  # texts; meanwhile nothing else is written
# Texts in these states are compared with each other.
COMPARED = (TextState.WAITING, TextState.UNSEEN, TextState.SHOWN)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison found for some texts, by primary key, and which were compared."""

    similar: Mapping[int, list[Similar[Any]]]
    done: frozenset[int]


class NewTexts:
    """Remembers for which state of the tables nothing was left to compare."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}

    def compare(self) -> int:
        """Compare the texts that have come; return how many. At once if no table has changed."""
        return sum(self._compare(kind) for kind in find_text_kinds())

    def _compare(self, kind: TextKind) -> int:
        tables = (kind.model._meta.db_table, kind.similar._meta.db_table)
        version = changes.version(tables)
        if self._versions.get(kind.collection) == version:
            return 0
        total = compare_new(kind)
        if not total:
            self._versions[kind.collection] = version
        return total


def compare_new(kind: TextKind) -> int:
    """Compare the texts of a kind that were not compared yet; return how many there were."""
    new = _comparable(kind.texts).filter(~Exists(_done(kind).filter(text=OuterRef("pk"))))
    dialogues = Dialogue.objects.filter(Exists(new.filter(dialogue=OuterRef("pk"))))
    return sum(_compare_in(kind, dialogue) for dialogue in dialogues.order_by("pk"))


def similar_texts(
    kind: TextKind, dialogue: Dialogue, texts: Sequence[ModeratedText], limit: int
) -> Compared:
    """The texts kept as similar to each, that wait or are shown, the most similar first."""
    if not texts:
        return Compared({}, frozenset())
    rows = kind.similar_rows.filter(text__in=texts)
    rows = rows.filter(Q(other=None) | _is_told(kind, dialogue)).select_related("other")
    similar: dict[int, list[Similar[Any]]] = defaultdict(list)
    done = set()
    for row in rows.order_by("-score", "other__number"):
        if row.other is None:
            done.add(row.text_id)
        elif len(similar[row.text_id]) < limit:
            similar[row.text_id].append(Similar(row.other, row.score))
    return Compared(similar, frozenset(done))


def has_similar(kind: TextKind, dialogue: Dialogue) -> Exists:
    """The condition that another text that waits or is shown is similar."""
    rows = kind.similar_rows.filter(text=OuterRef("pk"))
    return Exists(rows.filter(_is_told(kind, dialogue)))


def _is_told(kind: TextKind, dialogue: Dialogue) -> Q:
    """That the other text waits or is shown. Conditions on the row itself are quickest."""
    waits_or_is_shown = Q(other__status__in=[Status.PENDING, Status.APPROVED])
    if kind.ready is None:
        return waits_or_is_shown
    return waits_or_is_shown & Q(other__in=kind.ready_of(dialogue))


def _comparable(texts: ModeratedTextQuerySet[Any]) -> ModeratedTextQuerySet[Any]:
    return texts.in_state(*COMPARED).exclude(text="")


def _done(kind: TextKind) -> Any:
    return kind.similar_rows.filter(other=None)


def _compare_in(kind: TextKind, dialogue: Dialogue) -> int:
    """Compare at most ``AT_ONCE`` new texts with all others of the dialogue."""
    there = list(_comparable(kind.of(dialogue)).order_by("number").values_list("pk", "text"))
    done = set(_done(kind).filter(text__dialogue=dialogue).values_list("text_id", flat=True))
    new = [place for place, (key, _text) in enumerate(there) if key not in done][:AT_ONCE]
    texts = [text for _key, text in there]
    near = many_similar([texts[place] for place in new], texts, NEAR, new)
    found = {
        there[place][0]: {there[other][0]: score for other, score in each}
        for place, each in zip(new, near, strict=True)
    }
    keys, words = list(found), dict(there)
    return sum(
        _store(kind, {key: found[key] for key in keys[at : at + STORED_AT_ONCE]}, words)
        for at in range(0, len(keys), STORED_AT_ONCE)
    )


@transaction.atomic
def _store(kind: TextKind, found: dict[int, dict[int, float]], texts: Mapping[int, str]) -> int:
    """Store the scores with both texts, unless one of them has changed or gone meanwhile."""
    concerned = {*found, *(other for scores in found.values() for other in scores)}
    rows = _comparable(kind.texts).filter(pk__in=concerned).order_by("pk").select_for_update()
    now = dict(rows.values_list("pk", "text"))
    same = {key for key in concerned if now.get(key) == texts[key]}
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    for key in sorted(same & found.keys()):
        for other, score in found[key].items():
            if other in same:
                scores[key][other] = scores[other][key] = score
    _keep_best(kind, scores)
    new_row = cast("Any", kind.similar)
    kind.similar_rows.bulk_create(new_row(text_id=key) for key in sorted(same & found.keys()))
    return len(same & found.keys())


def _keep_best(kind: TextKind, scores: Mapping[int, Mapping[int, float]]) -> None:
    """Add the scores; of each text only the best are kept, and of equal ones those kept before."""
    similar, new_row = kind.similar_rows, cast("Any", kind.similar)
    before: dict[int, dict[int, float]] = defaultdict(dict)
    rows: dict[tuple[int, int], int] = {}
    stored = similar.filter(text__in=scores).exclude(other=None).order_by("pk")
    for key, text, other, score in stored.values_list("pk", "text_id", "other_id", "score"):
        before[text][other] = score
        rows[text, other] = key
    best = {text: _best({**before[text], **new}) for text, new in scores.items()}
    similar.filter(
        pk__in=[key for (text, other), key in rows.items() if other not in best[text]]
    ).delete()
    similar.bulk_create(
        new_row(text_id=text, other_id=other, score=scores[text][other])
        for text, others in best.items()
        for other in others
        if other not in before[text]
    )


def _best(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda other: -scores[other])[:KEPT]
