"""The order of comments: first what people of every opinion group found worth reading.

It follows the maps: made when one is published, from the reactions of the people who are in it, so
of the same random sample while few are newly heard. Of each group the share that found the comment
worth reading is taken as low as published steps allow, and the least group's share decides. So one
more reaction changes an order only where a count passes a step, and never before the next map; and
the order of a thread stays if fewer than the dialogue's minimum changed their reactions.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from django.db import transaction

from middleground.core.processes.election import fence
from middleground.dialogues.maps.live import LiveMap
from middleground.dialogues.maps.load_votes import (
    Fingerprints,
    changed_participants,
    fingerprints,
)
from middleground.dialogues.maps.worker import Members
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.disclosure.across_groups import least_share
from middleground.engine import Votes
from middleground.engine.facts import Tally
from middleground.threads.models import Comment, Reaction

_AT_ONCE = 500  # rows in one statement


def order_comments(stored: StoredMap, members: Members, live: LiveMap) -> None:
    """Give the comments of a dialogue their ranks, as far as this map allows."""
    dialogue = stored.dialogue
    if not Comment.objects.filter(dialogue=dialogue).exists():
        return
    reactions = load_reactions(dialogue)
    if (
        len(members.labels) >= 2
        and not stored.final
        and not _enough_changed(dialogue, reactions, members, live)
    ):
        return
    live.reactions = fingerprints(reactions)
    _store(dialogue, ranks_of(reactions, members, dialogue.minimum_shown))


def load_reactions(dialogue: Dialogue) -> Votes:
    """All reactions to comments that are shown, as votes on these."""
    shown = Comment.objects.visible().filter(dialogue=dialogue)
    found = Reaction.objects.filter(comment__in=shown).order_by()
    rows = list(found.values_list("participant_id", "comment_id", "value"))
    return Votes(*(zip(*rows, strict=True) if rows else ([], [], [])))


def _enough_changed(dialogue: Dialogue, reactions: Votes, members: Members, live: LiveMap) -> bool:
    """Whether so many people reacted anew that no difference tells what one of them did."""
    before = live.reactions
    if before is None:
        if not Comment.objects.filter(dialogue=dialogue, rank__isnull=False).exists():
            return True  # the first order
        live.reactions = fingerprints(reactions)  # after a restart we do not know who reacted when
        return False
    return heard_anew(before, reactions, members) >= dialogue.minimum_shown


def heard_anew(before: Fingerprints, reactions: Votes, members: Members) -> int:
    """How many people of this map reacted anew.

    Only people of the map count, which mostly is a random sample. Were all counted, somebody with
    participants of their own, one fewer than the minimum, would see the order move exactly when one
    other person reacts.
    """
    changed = changed_participants(before, fingerprints(reactions))
    return int(np.isin(changed, members.participants).sum())


def ranks_of(reactions: Votes, members: Members, minimum: int) -> dict[int, int]:
    """The place of each comment that people of every group found worth reading, from 1.

    Comments with equal shares have the same place; others have none.
    """
    group = members.group_of(reactions.participant)
    comments, column = np.unique(reactions.statement, return_inverse=True)
    tallies = np.zeros((len(comments), len(members.labels), 2), dtype=np.int64)
    inside = group >= 0
    worth = (reactions.value[inside] > 0).astype(np.int64)
    np.add.at(tallies, (column[inside], group[inside], worth), 1)
    shares = {
        comment: least_share([Tally(yes, no, 0) for no, yes in row], minimum)
        for comment, row in zip(comments.tolist(), tallies.tolist(), strict=True)
    }
    places = {share: n for n, share in enumerate(sorted({*shares.values()} - {0.0})[::-1], 1)}
    return {comment: places[share] for comment, share in shares.items() if share}


def _store(dialogue: Dialogue, ranks: dict[int, int]) -> None:
    """Write what differs, in few statements."""
    of_dialogue = Comment.objects.filter(dialogue=dialogue)
    with transaction.atomic():
        fence()
        before = dict(of_dialogue.exclude(rank=None).values_list("pk", "rank"))
        changed: dict[int | None, list[int]] = defaultdict(list)
        for pk in {*before, *ranks}:
            if before.get(pk) != ranks.get(pk):
                changed[ranks.get(pk)].append(pk)
        for rank, pks in changed.items():
            for start in range(0, len(pks), _AT_ONCE):
                of_dialogue.filter(pk__in=pks[start : start + _AT_ONCE]).update(rank=rank)
