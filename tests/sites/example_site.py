"""Fill an installation's database for tests from outside: one dialogue in every state.

``servers.py`` runs it as a separate process with MIDDLEGROUND_DATA set.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from middleground.dialogues.models import Dialogue, Statement
    from middleground.people.models import Appointment, User

STATEMENTS = 12
BACKGROUND = """The old harbour is **40 hectares** wide.

| use | hectares |
|---|---|
| quays | 25 |
| sheds | 15 |

- [The survey](https://example.org/survey) asked 900 people.
"""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server

    server.prepare()
    fill()


def fill() -> None:
    from django.utils import timezone

    from evidence.entered import make_claim
    from evidence.proposals.proposing import make_waiting_row
    from middleground.dialogues.sealing.records import seal_example
    from middleground.dialogues.statements.topics import add_topics
    from support.cast import make_dialogue, make_member, make_staff

    now = timezone.now()
    harbour = make_dialogue(
        statements=STATEMENTS,
        takes_comments=True,
        votes_before_commenting=0,
        background=BACKGROUND,
        promise="The port answers each statement that every group agrees with.",
        closes_at=now + timedelta(days=30),
    )
    bridge = make_dialogue(
        "bridge", question="Should the bridge be closed to cars?", state="closed", closes_at=now
    )
    seal_example(bridge)  # a closed dialogue whose settings were never logged does not verify
    market = make_dialogue(
        "market",
        question="When should the market be?",
        opens_at=now + timedelta(days=9),
        other_languages=["fa"],
    )
    make_dialogue("secret", question="This is a draft.", state="draft")
    comment_on(harbour.statements.get(number=1))
    staff = make_staff()
    fill_answers(staff, harbour)
    make_claim(staff, harbour, cited_by=(1,))
    make_waiting_row(harbour)
    fill_outreach(staff, harbour)
    add_topics(staff, harbour, [("Quays and sheds", [1, 2, 3]), ("Noise", [3])])
    # The second member has no role in the harbour, so a single moderator decides its appeals.
    make_member(bridge, "moderator", "guest@example.org")
    propose_translation(market)


def comment_on(statement: Statement) -> None:
    from support.cast import make_comment

    argument = make_comment(statement, "The quays feed half the town.", 10_000_001, stance="for")
    make_comment(statement, "Half of it, at most.", 10_000_002, parent=argument)
    make_comment(statement, "The cranes wake everybody at five.", 10_000_003, stance="against")


def fill_outreach(staff: User, harbour: Dialogue) -> None:
    """Two campaigns, of which one was opened often, and a round of invitations that was stopped."""
    from django.utils import timezone

    from middleground.outreach.campaigns.actions import add_campaign
    from middleground.outreach.campaigns.visits import write_visits
    from middleground.outreach.models import InvitationRound
    from middleground.outreach.partners.actions import add_partner, consent

    partner, _token = add_partner(staff, harbour, "Dock Workers’ Union")
    consent(partner, partner.name, agreed=True)
    add_campaign(staff, harbour, "Radio", partner=partner)
    InvitationRound.objects.create(
        dialogue=harbour,
        number=1,
        kind="invitation",
        language="en",
        words="The port invites you.",
        per_minute=60,
        begun_on=timezone.localdate(),
        total=900,
        left=260,
        sent=630,
        refused=9,
        uncertain=1,
    )
    write_visits({add_campaign(staff, harbour, "Poster at the union hall", "es").pk: 30})


def propose_translation(dialogue: Dialogue) -> None:
    """A volunteer's, which waits for a second person."""
    from middleground.dialogues.models.texts.translation import digest_of
    from middleground.dialogues.translations.actions import propose
    from support.cast import make_member

    volunteer = make_member(dialogue, "translator", "ana@example.org")
    original = dialogue.statements.get(number=1).text
    propose(volunteer, dialogue, "statement-1", "fa", "گزارهٔ شمارهٔ ۱", digest_of(original))


def fill_answers(staff: User, harbour: Dialogue) -> None:
    """An answered case with commitments and a check, and one that waits."""
    from answers.commitments.promised import promise_and_slip
    from answers.entered import make_answered_case, make_case
    from middleground.answers.checks.rounds import open_check, open_done_check
    from middleground.answers.models import CommitmentEvent
    from middleground.notices.following import choose_email
    from support.cast import make_official

    chief = make_official(staff)
    say_for_posts(staff, harbour, chief)
    open_check(promise_and_slip(make_answered_case(staff, harbour, chief), chief).case)
    open_done_check(CommitmentEvent.objects.get(kind="kept"))
    make_case(staff, harbour, 3, 4, title="The sheds")
    choose_email(harbour, on=True)


def say_for_posts(staff: User, harbour: Dialogue, chief: Appointment) -> None:
    """What an authority and a community organization say below the first statement."""
    from middleground.texts.moderation import TextState
    from middleground.threads.posts.speak import say_for_post
    from middleground.threads.posts.taking_part import admit_body
    from support.cast import make_official

    line = make_official(staff, "Harbour Help Line", "Speaker", "community")
    for term, text in ((chief, "Two officers are there."), (line, "Some fear to say it.")):
        assert term.user
        admit_body(staff, harbour, term.post.body)
        said = say_for_post(
            term.user, term.post, harbour.statements.get(number=1), text, "for", for_others=True
        )
        said.move_to(TextState.SHOWN)


if __name__ == "__main__":
    main()
