"""Desk pages of officials: a commitment of their post, and what they do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from middleground.answers.commitments import keeping
from middleground.answers.commitments.pages.lines import shown
from middleground.answers.commitments.sentences import story_of
from middleground.answers.commitments.story import CommitmentState, state_of
from middleground.answers.desk.commitment_forms import (
    ProofForm,
    ReachForm,
    SlipForm,
    open_milestones,
)
from middleground.answers.desk.forms import ReasonForm
from middleground.answers.desk.offices import acting_post, held_by, owed_by
from middleground.answers.models import Commitment
from middleground.answers.models.commitment import CommitmentQuerySet
from middleground.people.desk_change import DeskChange, show_change
from middleground.people.models import Post, User
from middleground.people.permissions import Action, may, require, staff_only, staff_user


@dataclass(frozen=True, slots=True)
class PostCommitment:
    """A commitment with its state, and the post for which somebody acts in it."""

    commitment: Commitment
    state: CommitmentState
    post: Post

    def __str__(self) -> str:
        return str(self.commitment)


def _act(verb: Callable[..., object]) -> Any:
    return lambda by, held, form: verb(by, held.commitment, held.post, **form.cleaned_data)


COMMITMENT_CHANGES: Mapping[str, DeskChange[PostCommitment]] = {
    "reach": DeskChange(
        _("A milestone is reached"),
        _("Say where people can see it. You cannot undo this."),
        lambda held, sent: ReachForm(sent, state=held.state),
        _act(keeping.reach_milestone),
    ),
    "slip": DeskChange(
        _("Promise a later day"),
        _("The earlier day stays public, next to your reason."),
        lambda held, sent: SlipForm(sent, state=held.state),
        _act(keeping.slip),
    ),
    "keep": DeskChange(
        _("It is kept"),
        _("Say where people can see it. You cannot undo this."),
        lambda _held, sent: ProofForm(sent),
        _act(keeping.keep),
    ),
    "give-up": DeskChange(
        _("Give it up"),
        _("It will not be done. The public sees your reason."),
        lambda _held, sent: ReasonForm(sent),
        _act(keeping.give_up),
        grave=True,
    ),
}


@staff_only
@require_safe
def show_commitment(request: HttpRequest, commitment_id: int) -> HttpResponse:
    held = _held(staff_user(request), commitment_id)
    require(request, Action.DRAFT_FOR_POST, held.post)
    today = timezone.localdate()
    unfit = {"reach"} if not open_milestones(held.state) else set()
    page = {
        "commitment": held.commitment,
        "post": held.post,
        "state": held.state,
        "shown": shown([held.commitment], today)[0],
        "today": today,
        "may_publish": may(request.user, Action.PUBLISH_FOR_POST, held.post),
        "changes": {
            verb: change
            for verb, change in COMMITMENT_CHANGES.items()
            if held.state.is_open and verb not in unfit
        },
        "story": story_of(list(held.commitment.events.all())),
    }
    return render(request, "answers/desk/commitment.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_commitment(request: HttpRequest, commitment_id: int, verb: str) -> HttpResponse:
    """Reach, slip, keep or give up: acts in the name of the post."""
    held = _held(staff_user(request), commitment_id)
    require(request, Action.PUBLISH_FOR_POST, held.post)
    back = reverse("inbox_commitment", args=[commitment_id])
    return show_change(request, held, COMMITMENT_CHANGES[verb], back)


def commitments_of_posts(posts: list[Post]) -> CommitmentQuerySet:
    """Those of the posts, and of their bodies where the post ended."""
    found = Commitment.objects.filter(owed_by(posts))
    return found.select_related("dialogue", "case", "body", "post")


def _held(user: User, commitment_id: int) -> PostCommitment:
    """The commitment, and the post for which the user acts in it. 404 if there is none."""
    commitment, posts = held_by(user, commitments_of_posts, commitment_id)
    post = acting_post(posts, commitment.body_id, commitment.post_id)
    return PostCommitment(commitment, state_of(commitment.events.all()), post)
