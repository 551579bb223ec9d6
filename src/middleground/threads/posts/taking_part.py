"""Which bodies take part in a dialogue, so that their posts may speak in its threads.

A body takes part if an app above says so, such as one that has a case of the dialogue; or if staff
let it speak there.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from middleground.core import dates
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.bodies.queries import terms_of
from middleground.people.models import Body, Post, User
from middleground.people.permissions import Action, may
from middleground.threads.models import AdmittedBody

Bodies = Callable[[Dialogue], set[int]]

_by_other_ways: list[Bodies] = []


def register_taking_part(bodies: Bodies) -> None:
    """Let bodies take part whose primary keys ``bodies`` gives."""
    _by_other_ways.append(bodies)


def taking_part_otherwise(dialogue: Dialogue) -> set[int]:
    """The bodies that take part without staff's letting them."""
    return {body for bodies in _by_other_ways for body in bodies(dialogue)}


def takes_part(dialogue: Dialogue, body: Body) -> bool:
    admitted = AdmittedBody.objects.filter(dialogue=dialogue, body=body)
    return admitted.exists() or body.pk in taking_part_otherwise(dialogue)


def posts_that_speak(user: User, dialogue: Dialogue) -> list[Post]:
    """The posts in whose name the user may speak in the dialogue's threads today."""
    posts = [term.post for term in terms_of(user, dates.today())]
    publishing = [post for post in posts if may(user, Action.PUBLISH_FOR_POST, post)]
    return [post for post in publishing if takes_part(dialogue, post.body)]


@transaction.atomic
def admit_body(staff: User, dialogue: Dialogue, body: Body) -> bool:
    """Let the body's posts speak in threads. Return False if they may already."""
    Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    _row, is_new = AdmittedBody.objects.get_or_create(dialogue=dialogue, body=body)
    if is_new:
        log_staff_action(staff, dialogue, Verb.ADMIT_BODY, body=body.pk, name=body.name)
    return is_new


@transaction.atomic
def dismiss_body(staff: User, dialogue: Dialogue, body: Body) -> bool:
    """Let them speak no longer; what they said stays. Return False if staff did not let them."""
    Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    deleted, _ = AdmittedBody.objects.filter(dialogue=dialogue, body=body).delete()
    if deleted:
        log_staff_action(staff, dialogue, Verb.DISMISS_BODY, body=body.pk, name=body.name)
    return bool(deleted)


class AdmissionKeeper:
    """Where a body was let to speak, the one that it became part of may."""

    def body_ended(self, by: User | None, body: Body, heir: Body | None) -> None:  # noqa: ARG002
        for row in AdmittedBody.objects.filter(body=body):
            if heir is not None:
                AdmittedBody.objects.get_or_create(dialogue_id=row.dialogue_id, body=heir)
            row.delete()

    def post_ended(self, by: User | None, post: Post) -> None:
        """It is the body that takes part."""
