"""Fill an installation for tests of a move: a row in every table, and a running public log.

One dialogue is closed and opened in the log, one is open: some of its votes have places, some
wait, and some were deleted while they waited. A record has its place but is not signed, another
waits. The newest dialogue is deleted, so its number must not be given out again.
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from middleground.dialogues.models import Dialogue
    from middleground.threads.models import Comment

VALUES: dict[str, Any] = {
    "BinaryField": bytes(range(16)),
    "BooleanField": True,
    "DateField": date(2026, 2, 28),
    "DateTimeField": datetime(2026, 3, 29, 1, 59, 59, 123456, UTC),
    "FloatField": 1e-7,
    "JSONField": {"ż": [1, 1.0, -0.0, 2.5e-9, 1e22, None, True, "ü\n"], "a": {}},
    "UUIDField": uuid.UUID(int=2**127 + 1),
}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server
    from middleground.dialogues.maps import worker

    server.prepare()
    fill()
    worker.close()


def fill() -> None:
    from django.apps import apps

    from middleground.answers.models import Case, Response
    from middleground.dialogues.participation.own_data import delete_own_votes
    from middleground.evidence.models import Claim
    from middleground.publiclog.publisher import publish_log
    from middleground.publiclog.sequencer import sequencing
    from support.cast import make_dialogue
    from support.logged import closed, crowd
    from support.serving.asgi_client import server

    choose_a_look()
    vote_writer = server().vote_writer
    vote_writer.start()
    done = make_dialogue("done", statements=3, question="What should the town hall be?")
    crowd(done, 24)
    harbour = make_dialogue(statements=4)
    crowd(harbour, 20)
    comment_on(harbour)
    say_for_a_post(harbour)

    propose_a_source(harbour)
    publish_log()
    late = crowd(harbour, 3)  # too few for a batch
    vote_writer.stop()
    delete_own_votes(harbour, late[0].token, texts_too=True)
    closed(done)
    publish_log()
    append_record(1)
    with sequencing() as sequencer:
        sequencer.place_pending()
    append_record(2)
    make_dialogue("gone", statements=1).delete()
    follow(any_row(Case))
    cite(any_row(Response), any_row(Claim))
    check_an_answer(any_row(Case))
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            any_row(model)


def choose_a_look() -> None:
    """Any words would be no color."""
    from middleground.core.models import SiteLook

    SiteLook.objects.create(
        pk=1, site_name="ł 1", host_name="ł 1", accent="#7a1f5c",
        logo=b"\x89PNG", logo_hash="a1" * 8, logo_width=10, logo_height=10,
    )  # fmt: skip


def follow(case: Any) -> None:
    """An address that is asked whether it follows a case: not any values fit together."""
    from middleground.notices.addresses import mark_of, seal
    from middleground.notices.models import Follower, Mail

    address = "ana@mail.example"
    sealed, mark = seal(address, case.pk), mark_of(address, case.pk)
    follower = Follower.objects.create(
        case=case, sealed=sealed, mark=mark, asked_on=date(2026, 2, 28)
    )
    Mail.objects.create(follower=follower, kind="confirm")


def cite(response: Any, claim: Any) -> None:
    """A response cites a claim or a source, never both."""
    from middleground.answers.models import ResponseCitation

    ResponseCitation.objects.create(response=response, claim=claim)


def check_an_answer(case: Any) -> None:
    """A check is about an answer or about what is said to be done: not about both."""
    from django.utils import timezone

    from middleground.answers.models import CaseEvent, CheckSentence, ResidentCheck
    from middleground.answers.models.sentence import SentenceAction

    day = date(2026, 2, 28)
    answered = CaseEvent.objects.create(case=case, kind="answered", on=day)
    check = ResidentCheck.objects.create(
        case=case, answered=answered, version=1, opened_on=day, stage_ends_on=day, step=5
    )
    sentence = CheckSentence.objects.create(
        dialogue=case.dialogue, check_of=check, said="no", number=10_000_000,
        text="It is dark.", dedup_hash="0" * 64, received_on=day,
    )  # fmt: skip
    SentenceAction.objects.create(
        dialogue=case.dialogue, sentence=sentence, verb="approve", at=timezone.now()
    )


def comment_on(dialogue: Dialogue) -> None:
    """A comment that was approved, with reactions, and that is a concern."""
    from django.utils import timezone

    from middleground.answers.models import Concern
    from middleground.threads.models import CommentAction
    from support.cast import make_comment

    comment = make_comment(dialogue.statements.get(number=1), "Why?")
    CommentAction.objects.create(
        dialogue=dialogue, comment=comment, verb="approve", at=timezone.now()
    )
    react(comment)
    # A row that is made up would not have the number of its kind.
    Concern.objects.create(dialogue=dialogue, number=comment.number, comment=comment)


def say_for_a_post(dialogue: Dialogue) -> None:
    """A comment of a post, by a community organization: not any values fit together."""
    from middleground.threads.posts.speak import say_for_post
    from middleground.threads.posts.taking_part import admit_body
    from support.cast import make_official, make_staff

    staff = make_staff(email="fay@example.org")
    dialogue.takes_comments = True
    dialogue.save()
    term = make_official(staff, "Help Line", "Speaker", "community")
    admit_body(staff, dialogue, term.post.body)
    statement = dialogue.statements.get(number=1)
    assert term.user
    say_for_post(term.user, term.post, statement, "Some fear.", "for", for_others=True)


def propose_a_source(dialogue: Dialogue) -> None:
    """A proposal that a moderator refused."""
    from django.utils import timezone

    from evidence.proposals.proposing import make_waiting_row
    from middleground.evidence.models import ProposedSourceAction

    proposal = make_waiting_row(dialogue)
    ProposedSourceAction.objects.create(
        dialogue=dialogue, proposal=proposal, verb="reject", at=timezone.now()
    )


def react(comment: Comment) -> None:
    from middleground.threads.models import Reaction

    for person in comment.dialogue.participants.all():
        Reaction.objects.create(participant=person, comment=comment, value=-1)


def append_record(statement: int) -> None:
    from middleground.ledger.records.entries import Moderation
    from middleground.publiclog.append import append

    append(Moderation("harbour", statement, "approve", "none"))


def any_row(model: type[models.Model]) -> models.Model:
    """The model's first row, which is made if there is none."""
    found = model._base_manager.first()
    if found is None:
        found = model(**{field.name: a_value(field) for field in fields_of(model)})
        model._base_manager.bulk_create([found])
    return found


def fields_of(model: type[models.Model]) -> list[Any]:
    fields = model._meta.local_concrete_fields
    return [field for field in fields if not isinstance(field, models.AutoField)]


def a_value(field: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        related = field.related_model
        return None if related is field.model else any_row(related)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.CharField | models.TextField):
        return "ł 1"[: field.max_length]
    return VALUES.get(field.get_internal_type(), 1)


if __name__ == "__main__":
    main()
