"""Reads a page of a thread: the arguments for and against beside each other, with their answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F

from middleground.dialogues.models import Dialogue, Participant
from middleground.threads.models import Comment, CommentQuerySet, PostSignature, Thread
from middleground.threads.reactions.react import Reader

A_PAGE = 20  # of each side


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as everybody sees it, with its answers.

    ``state`` is "shown", "withdrawn" by its author, or "hidden" by staff. ``tier`` is empty if so
    few people came in that way that it could tell who spoke. ``own``: the reader's reaction, or
    None if they cannot react. ``signature``: of one that a post says.
    """

    comment: Comment
    state: str
    tier: str
    replies: tuple[ShownComment, ...] = ()
    own: str | None = None
    signature: PostSignature | None = None


@dataclass(frozen=True, slots=True)
class SideOfPosts:
    """What posts say on a side of a thread. With one of for and against stands the other."""

    stance: str
    shown: list[ShownComment]


@dataclass(frozen=True, slots=True)
class Side:
    """One page of a side of a thread."""

    stance: str
    page: Page[Comment]
    shown: list[ShownComment]


def sides_of(
    dialogue: Dialogue, thread: Thread | None, page: str, reader: Reader | None = None
) -> list[Side]:
    """The page with this number of each side, in the order of ``Comment.Stance``."""
    if thread is None:
        return [Side(stance, Paginator([], A_PAGE).get_page(1), []) for stance in Comment.Stance]
    tiers = tiers_told(dialogue)
    sides = []
    for stance in Comment.Stance:
        listed = thread.comments.listed().filter(stance=stance)
        found = Paginator(in_order(listed), A_PAGE).get_page(page)
        comments = list(found.object_list)
        sides.append(Side(stance, found, with_replies(dialogue, comments, tiers, reader)))
    return sides


def said_by_posts(
    dialogue: Dialogue, thread: Thread | None, reader: Reader | None = None
) -> list[SideOfPosts]:
    """What posts of bodies say, by side, and on each by day: one rule for all bodies.

    They stand apart, below what participants say, so that no body crowds these out.
    """
    if thread is None:
        return []
    said = thread.comments.of_posts().placed().filter(parent=None)
    found = list(said.with_signatures().order_by("received_on", "number"))
    shown = with_replies(dialogue, found, tiers_told(dialogue), reader) if found else []
    by_stance = {
        stance: [each for each in shown if each.comment.stance == stance]
        for stance in Comment.Stance
    }
    both = bool(by_stance[Comment.Stance.FOR] or by_stance[Comment.Stance.AGAINST])
    return [
        SideOfPosts(stance, on_side)
        for stance, on_side in by_stance.items()
        if on_side or (both and stance != Comment.Stance.NEITHER)
    ]


def in_order(comments: CommentQuerySet) -> CommentQuerySet:
    """First by what people of different groups found worth reading, as of the newest map.

    The others by the numbers that were drawn by lot: an order that says nothing of people or times.
    """
    return comments.order_by(F("rank").asc(nulls_last=True), "number")


def answers_in_order(comments: CommentQuerySet) -> list[Comment]:
    """First those of participants; then those of posts, by day."""
    found = list(in_order(comments))
    of_posts = [each for each in found if each.is_of_post]
    of_posts.sort(key=lambda each: (each.received_on, each.number))
    return [each for each in found if not each.is_of_post] + of_posts


def with_replies(
    dialogue: Dialogue,
    comments: list[Comment],
    tiers: frozenset[str],
    reader: Reader | None = None,
) -> list[ShownComment]:
    """The comments as they are shown, in two queries for any number of them."""
    replies: dict[int, list[ShownComment]] = {}
    placed = Comment.objects.placed().filter(parent__in=comments)
    for reply in answers_in_order(placed.with_signatures()):
        reply.dialogue = dialogue
        replies.setdefault(reply.parent_id or 0, []).append(_shown(reply, tiers, reader))
    shown = []
    for comment in comments:
        comment.dialogue = dialogue
        shown.append(_shown(comment, tiers, reader, tuple(replies.get(comment.pk, ()))))
    return shown


def _shown(
    comment: Comment,
    tiers: frozenset[str],
    reader: Reader | None,
    replies: tuple[ShownComment, ...] = (),
) -> ShownComment:
    state = "shown" if comment.status == Comment.Status.APPROVED else "hidden"
    state = "withdrawn" if comment.is_withdrawn else state
    tier = str(Participant.Tier(comment.tier).label) if comment.tier in tiers else ""
    own = reader.reaction_to(comment) if reader and state == "shown" else None
    signature = comment.signature if comment.is_of_post else None
    return ShownComment(comment, state, tier, replies, own, signature)


def tiers_told(dialogue: Dialogue) -> frozenset[str]:
    """The tiers by which at least as many people came in as the host's smallest number shown.

    By the newest map: how many there are now is not public.
    """
    newest = dialogue.maps.only("tiers", "tiers_apart").first()
    if newest is None or not newest.tiers_apart:
        return frozenset()
    return frozenset(t for t, n in newest.tiers.items() if n >= dialogue.minimum_shown)
