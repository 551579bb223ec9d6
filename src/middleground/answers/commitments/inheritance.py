"""What becomes of commitments when a body or a post ends: what is still owed passes on."""

from __future__ import annotations

from django.db.models import QuerySet

from middleground.answers.commitments.record import lock
from middleground.answers.models import Commitment, CommitmentEvent
from middleground.people.models import Body, Post, User

Kind = CommitmentEvent.Kind


class CommitmentKeeper:
    """Passes commitments on; see ``people/bodies/heirs.py``. What is over stays where it ended.

    It is like ``CaseKeeper`` in shape only: which rows pass on, and what else ends, differs.
    """

    def body_ended(self, by: User | None, body: Body, heir: Body | None) -> None:
        """Let the heir owe them, with their posts; without an heir nobody does."""
        for commitment in _owed(body.commitments.all()):
            held = lock(commitment)
            if heir is None:
                held.add(Kind.ABANDONED, {"before": body.name}, by=by, body=None)
            else:
                facts = {"before": body.name, "after": heir.name}
                held.add(Kind.INHERITED, facts, by=by, body=heir, post=held.commitment.post)

    def post_ended(self, by: User | None, post: Post) -> None:
        """The body owes them; the first of its posts that acts for one has it from then on."""
        for commitment in _owed(post.commitments.all()):
            facts = {"before": post.title, "after": post.body.name}
            lock(commitment).add(Kind.INHERITED, facts, by=by, body=post.body)


def _owed(commitments: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return commitments.filter(status="open").order_by("pk")
