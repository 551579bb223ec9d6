"""Queries that are used in more than one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from middleground.core.changes import noted_as
from middleground.dialogues.models import (
    DailyCount,
    Dialogue,
    DialogueLog,
    DialogueMembership,
    StaffAction,
    StoredMap,
    Vote,
)
from middleground.people.models import User
from middleground.people.permissions import Action, may


def public_dialogue(slug: str) -> Dialogue:
    """A public dialogue; raises Http404 for a draft, as for an unknown one."""
    dialogue = Dialogue.objects.filter(slug=slug).first()
    if dialogue is None or dialogue.phase(timezone.now()) == "draft":
        raise Http404
    return dialogue


def listed_dialogues() -> QuerySet[Dialogue]:
    """The dialogues that the home page and search engines may list: not drafts."""
    return Dialogue.objects.exclude(state=Dialogue.State.DRAFT)


# Volunteers, who see one part of the desk and no more.
VOLUNTEERS = (DialogueMembership.Role.TRANSLATOR, DialogueMembership.Role.HELPER)
LIST_ORDER = ("open", "scheduled", "draft", "closed")


def in_list_order(dialogues: Iterable[Dialogue], at: datetime) -> list[Dialogue]:
    """By phase; open and scheduled ones in the order that staff gave them; else newest first."""

    def place(dialogue: Dialogue) -> tuple[int, int, int]:
        phase = dialogue.phase(at)
        ordered = dialogue.list_place if phase in {"open", "scheduled"} else 0
        return LIST_ORDER.index(phase), ordered, -dialogue.pk

    return sorted(dialogues, key=place)


def for_order(dialogues: QuerySet[Dialogue]) -> QuerySet[Dialogue]:
    """Without the long texts, of which a list of a thousand would read megabytes."""
    return dialogues.only(
        "pk", "slug", "question", "state", "opens_at", "closes_at", "list_place", "archived_on"
    )


def has_final_map(dialogue: Dialogue) -> bool:
    """Whether the final result is published. From then on, removals leave a public note."""
    return dialogue.maps.filter(final=True).exists()


def codes_made(dialogue: Dialogue) -> list[tuple[str, int]]:
    """Each tier for which codes were made, and how many, also those that were withdrawn.

    Both acts are staff's. Whoever uses a code writes the same rows, and pages that show this must
    not tell by being made anew that somebody was admitted just now.
    """
    with noted_as(StaffAction):
        made = dialogue.code_batches.order_by().values_list("tier")
        return list(made.annotate(total=Sum(F("size") + F("withdrawn"))))


def ended_without_result(at: datetime) -> QuerySet[Dialogue]:
    """Dialogues that have ended by this time and lack their final map or lists in the public log.

    Each has ``has_final``: whether its final map is there, so that only its lists are missing.
    Imported dialogues are in no log. The one that ended first comes first.
    """
    ended = Dialogue.objects.filter(Q(state=Dialogue.State.CLOSED) | Q(closes_at__lte=at))
    final = StoredMap.objects.filter(dialogue=OuterRef("pk"), final=True)
    listed = DialogueLog.objects.filter(dialogue=OuterRef("pk"), closed=True)
    found = ended.exclude(state=Dialogue.State.DRAFT).annotate(has_final=Exists(final))
    missing = Q(has_final=False) | (Q(imported=False) & ~Exists(listed))
    return found.filter(missing).order_by("closes_at", "pk")


def any_dialogue(slug: str) -> Dialogue:
    """A dialogue in any state, for staff."""
    dialogue = Dialogue.objects.filter(slug=slug).first()
    if dialogue is None:
        raise Http404
    return dialogue


def dialogues_at_desk(user: User) -> QuerySet[Dialogue]:
    """All for an installation-wide role, otherwise those that the user may see by another role."""
    if may(user, Action.SEE):
        return Dialogue.objects.all()
    own = DialogueMembership.objects.filter(user=user).exclude(role__in=VOLUNTEERS)
    return Dialogue.objects.filter(pk__in=own.values("dialogue"))


def volunteer_roles(user: User) -> dict[int, str]:
    """Dialogue → role, where the user may do one thing and see no other part of the desk."""
    if may(user, Action.SEE):
        return {}
    own = DialogueMembership.objects.filter(user=user, role__in=VOLUNTEERS)
    return dict(own.values_list("dialogue_id", "role"))


def participants_by_day(dialogues: Iterable[Dialogue]) -> list[tuple[int, date, int]]:
    """Dialogue, day and number of participants who were new that day, by day."""
    days = DailyCount.objects.filter(dialogue__in=dialogues).values_list("dialogue_id", "day")
    return list(days.annotate(people=Sum("participants")).order_by("day", "dialogue_id"))


@dataclass(slots=True)
class OwnVotes:
    """A participant's votes: statement → value. ``looked_up``: those that do not count."""

    values: dict[int, int] = field(default_factory=dict)
    looked_up: set[int] = field(default_factory=set)


def votes_of(participants: Collection[int]) -> dict[int, OwnVotes]:
    """Each participant's votes.

    The votes come as one text a participant: SQLite's module gives Python's lock away at each row,
    and gets it back only after milliseconds while another thread is busy.
    """
    votes = {participant: OwnVotes() for participant in participants}
    if not votes:
        return votes
    places = ",".join(["%s"] * len(votes))
    listed = _LISTED[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(_VOTES_OF.format(listed, places), tuple(votes))
        for participant, text in cursor.fetchall():
            own = votes[participant]
            for vote in text.split(","):
                statement, value, *looked_up = vote.split(" ")
                own.values[int(statement)] = int(value)
                if looked_up:
                    own.looked_up.add(int(statement))
    return votes


_ONE_VOTE = "statement_id || ' ' || value || CASE WHEN dealt THEN '' ELSE ' -' END"
_LISTED = {
    "sqlite": f"group_concat({_ONE_VOTE})",
    "postgresql": f"string_agg({_ONE_VOTE}, ',')",
}
_VOTES_OF = (
    f"SELECT participant_id, {{}} FROM {Vote._meta.db_table}"  # noqa: S608
    " WHERE participant_id IN ({}) GROUP BY participant_id"
)
