"""Stores dialogues with simulated votes, as the server stores them, on SQLite.

Needs Django to be set up, and must run where no server writes to the database.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scale import simulated

WORDS = """
a about after all and any as at be because before benches bicycle bridge budget building bus by
can car centre children church city clear clubs council cross cyclists day do each early
everyone evening fewer first for from garden get good green had half harbour has have heating
helps homes hours if in is it its keep land later library light longer made main market may
money more most must near need neighbours new night no nobody noise not now of old on one only
open or our own park parking pay people place plan play poor private public quarter quay quiet
rather rent residents rooms run safe same school shade should shops side slow small so some
sports square still stop street swimming taxes than that the their there they things this those
to too town traffic trams trees until use visitors walk water way we week what when where while
who whole will winter with without work would year young
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many people vote how often, on average, on how many statements."""

    participants: int
    statements: int
    votes: int


SMALL = Size(600, 60, 20_000)
LARGE = Size(2_000, 4_000, 300_000)


def texts(count: int) -> list[str]:
    """Different texts, as long as people write them and as hard to compress as prose is."""
    rng, words = random.Random(count), WORDS.split()
    return [
        f"{' '.join(rng.choices(words, k=rng.randint(12, 28))).capitalize()} ({number})."
        for number in range(1, count + 1)
    ]


def store_dialogue(slug: str, question: str, size: Size, *, imported: bool = False) -> int:
    """Create an open dialogue with these votes and return its primary key."""
    from django.utils import timezone

    from middleground.dialogues.identity.keys import make_key
    from middleground.dialogues.models import Dialogue, Statement
    from middleground.texts.sameness import dedup_hash

    dialogue = Dialogue.objects.create(
        slug=slug,
        question=question,
        host_name="Benchmark",
        state="open",
        opens_at=timezone.now(),
        imported=imported,
        vote_goal=size.statements,  # so that nobody stops before the last one
    )
    make_key(dialogue.pk)
    Statement.objects.bulk_create(
        Statement(
            dialogue=dialogue,
            number=number,
            text=text,
            dedup_hash=dedup_hash(text),
            origin="seed",
            status="approved",
            reviewed=True,
            received_on=timezone.localdate(),
        )
        for number, text in enumerate(texts(size.statements), start=1)
    )
    _store_votes(dialogue, size)
    return int(dialogue.pk)


def _store_votes(dialogue: object, size: Size) -> None:
    from django.conf import settings

    from middleground.dialogues.models import Participant, Statement

    statements = Statement.objects.filter(dialogue=dialogue).order_by("number")
    keys = np.array(list(statements.values_list("pk", flat=True)))
    rng = np.random.default_rng([2, int(keys[0])])
    ids = np.sort(rng.choice(2**62, size.participants, replace=False))
    Participant.objects.bulk_create(
        (Participant(id=int(key), dialogue=dialogue) for key in ids), batch_size=5_000
    )
    person, statement, value = simulated(size.participants, size.statements, size.votes)
    order = np.lexsort((statement, person))
    columns = ids[person[order]], keys[statement[order]], value[order]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as connection:
        connection.executemany(
            "INSERT INTO dialogues_vote (participant_id, statement_id, value, dealt)"
            " VALUES (?, ?, ?, 1)",
            rows,
        )


def make_site(data: str, small: Mapping[str, bool], large: Mapping[str, bool]) -> None:
    """Fill a new data folder with dialogues that have maps with groups.

    Small ones have 60 statements, large ones 4,000. True closes a dialogue, so that its map is
    the final one. Large ones are marked as imported: their votes are not in the log, whose work
    for hundreds of thousands of them would go on beside whatever is measured.
    """
    os.environ["MIDDLEGROUND_DATA"] = data
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server
    from middleground.dialogues.maps import worker

    server.prepare()
    try:
        for dialogues, size in ((small, SMALL), (large, LARGE)):
            for slug, closed in dialogues.items():
                _store_with_map(slug, size, closed=closed)
    finally:
        worker.close()


def _store_with_map(slug: str, size: Size, *, closed: bool) -> None:
    from middleground.dialogues.maps.publish import finalise, refresh_map
    from middleground.dialogues.models import Dialogue

    key = store_dialogue(slug, "What should the town do?", size, imported=size is LARGE)
    if closed:
        Dialogue.objects.filter(pk=key).update(state="closed")
    stored = finalise(key) if closed else refresh_map(key)
    if stored is None or stored.facts.status != "groups":
        raise SystemExit(f"the map of {slug} has no groups")
