"""Saying something in a thread in the name of a post: signed, logged, never changed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from middleground.core import dates
from middleground.dialogues.models import Dialogue
from middleground.dialogues.sealing.records import is_logged
from middleground.dialogues.texts.submission import Looked, first_status
from middleground.dialogues.translations.languages import said_language
from middleground.people.models import Appointment, Level, Post, User
from middleground.publiclog.append import append
from middleground.threads.log_kinds import LoggedPostComment
from middleground.threads.models import Comment, PostSignature, Thread
from middleground.threads.posts.taking_part import takes_part
from middleground.threads.subjects import begin_thread, thing_of, thread_of
from middleground.threads.submit import (
    CommentRefused,
    check_comment,
    insert_comment,
    look_ahead_in,
    others_in,
)

# So many things a body may say at one place: beside each other in a thread, or below one comment.
MOST_AT_A_PLACE = 3
FORMAT = "middleground-post-comment/1"


def say_for_post(
    by: User,
    post: Post,
    thing: Model,
    text: str,
    stance: str,
    *,
    for_others: bool = False,
    language: str = "",
) -> Comment:
    """Say something about a thing in the name of a post. Raises ``CommentRefused``.

    ``for_others``: a community organization says it for people who do not dare to. ``language``:
    as the writer said it.
    """
    looked = look_ahead_in(thread_of(thing), text)
    with transaction.atomic():
        term = _speaking_term(by, post)
        dialogue = _open_dialogue(thing.dialogue, post)  # type: ignore[attr-defined]
        thread = thread_of(thing)
        text = check_comment(text, stance, thread)
        if thread is None:
            thread = begin_thread(dialogue, thing)
        _check_room(thread, post, None)
        said = {"stance": Comment.Stance(stance), "language": said_language(dialogue, language)}
        return _sign(by, term, thread, text, looked, said, for_others)


def answer_for_post(
    by: User,
    post: Post,
    comment: Comment,
    text: str,
    *,
    for_others: bool = False,
    language: str = "",
) -> Comment:
    """Answer a comment in the name of a post. Raises ``CommentRefused``."""
    looked = look_ahead_in(comment.thread, text)
    with transaction.atomic():
        term = _speaking_term(by, post)
        dialogue = _open_dialogue(comment.dialogue, post)
        text = check_comment(text, Comment.Stance.NEITHER, comment.thread)
        rows = Comment.objects.visible().select_for_update(of=("self",))
        answered = rows.filter(pk=comment.parent_id or comment.pk).first()
        if answered is None:
            raise CommentRefused("answer_gone")
        _check_room(answered.thread, post, answered)
        said = {"parent": answered, "language": said_language(dialogue, language)}
        return _sign(by, term, answered.thread, text, looked, said, for_others)


def _speaking_term(by: User, post: Post) -> Appointment:
    """The term in which the user speaks for the post today, and the host made sure of it."""
    current = Appointment.objects.current(dates.today()).exclude(proof="")
    terms = current.filter(user=by, post=post, role=Appointment.Role.SPEAKS)
    term = terms.select_related("post__body").first()
    if term is None:
        raise CommentRefused("no_term")
    return term


def _open_dialogue(dialogue: Dialogue, post: Post) -> Dialogue:
    """The dialogue as stored now, locked, if the post may speak in it."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if not dialogue.is_open(timezone.now()):
        raise CommentRefused("not_open")
    if not dialogue.takes_comments:
        raise CommentRefused("switched_off")
    if not takes_part(dialogue, post.body):
        raise CommentRefused("no_part")
    return dialogue


def _check_room(thread: Thread, post: Post, parent: Comment | None) -> None:
    """So that no body crowds others out, however many posts it has.

    What waits and what staff hid count too: all of it is signed, logged and read by a moderator.
    """
    here = thread.comments.of_posts().filter(parent=parent, signature__post__body=post.body_id)
    if here.count() >= MOST_AT_A_PLACE:
        raise CommentRefused("enough", limit=MOST_AT_A_PLACE)


def _sign(
    by: User,
    term: Appointment,
    thread: Thread,
    text: str,
    looked: Looked,
    said: dict[str, Any],
    for_others: bool,
) -> Comment:
    """``said``: the fields of a comment that its author chose."""
    post, body = term.post, term.post.body
    status = first_status(thread.dialogue, None, text, others_in(thread), looked)
    comment = insert_comment(thread.dialogue, thread, text, status, tier="", **said)
    signature = PostSignature.objects.create(
        comment=comment,
        post=post,
        body_name=body.name,
        post_title=post.title,
        level=body.level,
        holder=term.name,
        proof=term.proof,
        for_others=for_others and body.level == Level.COMMUNITY,
        by=by,
    )
    if is_logged(thread.dialogue):
        document = document_of(signature)
        digest = sha256(document).digest()
        append(LoggedPostComment(thread.dialogue.slug, comment.number, digest), document)
    return comment


def document_of(signature: PostSignature) -> bytes:
    """What the public log names: who said it, where and when, and not the words.

    The words are sealed under the same number, as those of each comment are, so that they can still
    be hidden; that this post said something there cannot.
    """
    comment = signature.comment
    kind, number = thing_of(comment.thread)
    content = {
        "format": FORMAT,
        "dialogue": comment.dialogue.slug,
        "comment": comment.number,
        "about": {"kind": kind, "number": number},
        "answers": comment.parent.number if comment.parent else 0,
        "stance": comment.stance,
        "signed": {
            "body": signature.body_name,
            "level": signature.level,
            "post": signature.post_title,
            "holder": signature.holder,
            "verified": signature.proof,
        },
        "for_others": signature.for_others,
        "said_on": comment.received_on.isoformat(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
