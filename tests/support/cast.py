"""The fixed cast of the tests: a dialogue with statements, a participant, a member of staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.keys import make_key
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token, write_token
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from middleground.people.bodies.changes import register_body
from middleground.people.bodies.posts import make_post
from middleground.people.bodies.terms import Verification, appoint
from middleground.people.models import Appointment, User
from middleground.texts.sameness import dedup_hash
from middleground.threads.models import NUMBERS, Comment, StatementThread, Thread

PASSWORD = "correct horse battery staple"


def make_dialogue(slug: str = "harbour", statements: int = 3, **fields: Any) -> Dialogue:
    """An open dialogue with approved statements numbered 1 to ``statements``."""
    values = {
        "question": "What should the harbour be?",
        "host_name": "Port City",
        "state": "open",
        "votes_before_writing": 0,  # tests of the rule set it
    }
    dialogue = Dialogue.objects.create(slug=slug, **{**values, **fields})
    make_key(dialogue.pk)  # as opening it does
    for number in range(1, statements + 1):
        make_statement(dialogue, number)
    return dialogue


def make_statement(dialogue: Dialogue, number: int, text: str = "", **fields: Any) -> Statement:
    text = text or f"Statement number {number}."
    values = {"status": Statement.Status.APPROVED, "origin": Statement.Origin.SEED}
    decided = fields.get("status") in {"rejected", "merged"}
    return Statement.objects.create(
        dialogue=dialogue,
        number=number,
        text=text,
        dedup_hash=dedup_hash(text),
        received_on=date(2026, 1, 1),
        **{**values, "reviewed": decided, **fields},
    )


def make_comment(statement: Statement, text: str, number: int = 0, **fields: Any) -> Comment:
    """A comment that is shown, below a statement or, with ``parent``, below another comment."""
    link = StatementThread.objects.filter(statement=statement).first()
    thread = link.thread if link else Thread.objects.create(dialogue=statement.dialogue)
    if link is None:
        StatementThread.objects.create(statement=statement, thread=thread)
    values = {"status": "approved", "reviewed": True, "tier": "open", "stance": "neither"}
    return Comment.objects.create(
        dialogue=statement.dialogue,
        thread=thread,
        number=number or NUMBERS.start + Comment.objects.count() + 1,
        text=text,
        dedup_hash=dedup_hash(text),
        received_on=date(2026, 1, 1),
        **{**values, **fields},
    )


def make_participant(dialogue: Dialogue, token: bytes | None = None) -> tuple[bytes, Participant]:
    token = token or new_token()
    participant = Participant.objects.create(id=pseudonym(dialogue.pk, token), dialogue=dialogue)
    return token, participant


def make_crowd(
    dialogue: Dialogue, people: int, votes: int | None = None, *, dealt: bool = True
) -> list[bytes]:
    """Unconfirmed participants who voted on the first statements, or on all. Returns their tokens.

    The first disagrees, the second agrees, and so on.
    """
    tokens = [new_token() for _ in range(people)]
    participants = [
        Participant(id=pseudonym(dialogue.pk, token), dialogue=dialogue, tier="unconfirmed")
        for token in tokens
    ]
    Participant.objects.bulk_create(participants)
    statements = list(dialogue.statements.order_by("number")[:votes])
    Vote.objects.bulk_create(
        Vote(participant=who, statement=statement, value=1 if at % 2 else -1, dealt=dealt)
        for at, who in enumerate(participants)
        for statement in statements
    )
    return tokens


def make_vote(participant: Participant, statement: Statement, value: int) -> Vote:
    return Vote.objects.create(participant=participant, statement=statement, value=value)


def carry(client: Client, token: bytes) -> None:
    """Let the client send a participant's cookie, as their browser would."""
    client.cookies[COOKIE] = write_token(token)


def make_staff(role: str = User.Role.FACILITATOR, email: str = "staff@example.org") -> User:
    return User.objects.create_user(email, PASSWORD, role=role)


def make_official(
    by: User, body: str = "Police", post: str = "Chief", level: str = "city", **term: Any
) -> Appointment:
    """A verified official with a second factor, who may publish for a post of a new body."""
    today = timezone.localdate()
    where = make_post(by, register_body(by, name=body, level=level), post)
    values = {"since": today, "verification": Verification("letter", today), **term}
    email = f"{slugify(post)}@{slugify(body)}.example"
    appointment, _password = appoint(by, where, email=email, **values)
    assert appointment.user
    appointment.user.password_is_initial = False
    appointment.user.set_password(PASSWORD)
    appointment.user.save()
    add_second_factor(appointment.user)
    return appointment


def add_second_factor(user: User) -> None:
    """An authenticator app, as the desk would add it."""
    TOTP.activate(user, generate_totp_secret())


def make_member(dialogue: Dialogue, role: str, email: str) -> User:
    """A member of staff whose only role is one in this dialogue."""
    user = make_staff(User.Role.GUEST, email)
    dialogue.memberships.create(user=user, role=role)
    return user
