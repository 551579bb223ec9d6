"""What a post does with its commitments: makes them, reaches milestones, slips, keeps, gives up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from middleground.answers.cases.owners import signed
from middleground.answers.cases.record import lock as lock_case
from middleground.answers.commitments.record import LockedCommitment, lock
from middleground.answers.commitments.refusals import CommitmentRefused
from middleground.answers.models import (
    Case,
    CaseStatus,
    Commitment,
    CommitmentEvent,
    Resolution,
)
from middleground.core import dates
from middleground.dialogues.models import Dialogue
from middleground.people.bodies.queries import holder_name
from middleground.people.models import Post, User

Kind = CommitmentEvent.Kind
PROMISING = (Resolution.WILL_DO, Resolution.IN_PART, Resolution.DEFERRED)
MOST_MILESTONES = 12


@transaction.atomic
def make_commitment(
    by: User,
    case: Case,
    post: Post,
    *,
    what: str,
    due: date,
    milestones: Sequence[tuple[date, str]] = (),
) -> Commitment:
    """Promise something by a day, under the answer to the case that stands."""
    dialogue = Dialogue.objects.select_for_update().get(pk=case.dialogue_id)
    held = lock_case(case)
    if held.state.status != CaseStatus.ANSWERED or held.state.resolution not in PROMISING:
        raise CommitmentRefused("promises_nothing")
    if held.state.body_id != post.body_id:
        raise CommitmentRefused("not_the_owner")
    if not what.strip():
        raise CommitmentRefused("no_words")
    if len(milestones) > MOST_MILESTONES:
        raise CommitmentRefused("too_many", most=MOST_MILESTONES)
    last = dialogue.commitments.order_by("-number").first()
    number = last.number + 1 if last else 1
    made = LockedCommitment(Commitment(dialogue=dialogue, number=number, case=held.case))
    steps = [{"what": words, "due": day.isoformat()} for day, words in sorted(milestones)]
    facts = {**_signature(by, post), "what": what, "due": due.isoformat(), "milestones": steps}
    made.add(Kind.MADE, facts, by=by, body=post.body, post=post)
    return made.commitment


@transaction.atomic
def reach_milestone(
    by: User, commitment: Commitment, post: Post, *, milestone: int, words: str, link: str
) -> None:
    """A step is done, and people can see it."""
    held, proof = lock(commitment), _proof(words, link)
    step = {"milestone": milestone, "step": held.state.step(milestone)}
    facts = {**_signature(by, post), **step, **proof}
    held.add(Kind.REACHED, facts, by=by, body=post.body, post=post)


@transaction.atomic
def slip(
    by: User,
    commitment: Commitment,
    post: Post,
    *,
    to: date,
    reason: str,
    milestone: int | None = None,
) -> None:
    """Promise a later day, for a milestone or for the whole. The earlier day stays in public."""
    _check_reason(reason)
    held = lock(commitment)
    step = {"milestone": milestone, "step": held.state.step(milestone)}
    facts = {**_signature(by, post), **step, "to": to.isoformat(), "reason": reason}
    held.add(Kind.SLIPPED, facts, by=by, body=post.body, post=post)


@transaction.atomic
def keep(by: User, commitment: Commitment, post: Post, *, words: str, link: str) -> None:
    """It is done, and people can see it."""
    facts = {**_signature(by, post), **_proof(words, link)}
    lock(commitment).add(Kind.KEPT, facts, by=by, body=post.body, post=post)


@transaction.atomic
def give_up(by: User, commitment: Commitment, post: Post, *, reason: str) -> None:
    """It will not be done, and the public reads why."""
    _check_reason(reason)
    facts = {**_signature(by, post), "reason": reason}
    lock(commitment).add(Kind.GIVEN_UP, facts, by=by, body=post.body, post=post)


def _signature(by: User, post: Post) -> dict[str, str]:
    """Body, post and holder as they are called today."""
    return {**signed(post), "holder": holder_name(post, by, dates.today())}


def _proof(words: str, link: str) -> dict[str, str]:
    if not words.strip() and not link:
        raise CommitmentRefused("no_proof")
    if link and not link.startswith(("https://", "http://")):
        raise CommitmentRefused("not_a_link")
    return {"words": words, "link": link}


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise CommitmentRefused("no_reason")
