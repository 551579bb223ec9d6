"""What becomes of cases when a body or a post ends: they pass on, and their clocks go on."""

from __future__ import annotations

from django.db.models import QuerySet

from middleground.answers.cases.record import lock
from middleground.answers.models import Case, CaseEvent
from middleground.people.models import Body, Post, User

Kind = CaseEvent.Kind


class CaseKeeper:
    """Passes cases on; see ``people/bodies/heirs.py``."""

    def body_ended(self, by: User | None, body: Body, heir: Body | None) -> None:
        """Give the body's cases to its heir, with their posts; without one they are nobody's."""
        for case in _in_order(Case.objects.filter(offered_to=body)):
            lock(case).add(Kind.LAPSED, {"body": body.name, "ended": True}, by=by, body=body)
        for case in _in_order(Case.objects.filter(body=body)):
            held = lock(case)
            if heir is None:
                held.add(Kind.ABANDONED, {"before": body.name}, by=by)
            else:
                facts = {"before": body.name, "after": heir.name}
                held.add(Kind.INHERITED, facts, by=by, body=heir, post=held.case.post)

    def post_ended(self, by: User | None, post: Post) -> None:
        """Its cases stay with the body, which has to say which post answers them."""
        for case in _in_order(Case.objects.filter(post=post)):
            facts = {"before": post.title, "after": post.body.name}
            lock(case).add(Kind.INHERITED, facts, by=by, body=post.body)


def _in_order(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.order_by("pk")
