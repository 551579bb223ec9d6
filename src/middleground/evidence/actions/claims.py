"""Adding, changing and withdrawing claims, their passages, and what cites them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from middleground.core import dates
from middleground.dialogues.models import Dialogue, Statement, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.models import Claim, Passage, Source, StatementCitation
from middleground.people.models import User


@transaction.atomic
def add_claim(
    staff: User, dialogue: Dialogue, text: str, *, in_background: bool, cited_by: Collection[int]
) -> Claim:
    """Add a claim that the statements with these numbers cite. Raises ``EvidenceRefused``."""
    Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    highest: int | None = dialogue.claims.aggregate(highest=Max("number"))["highest"]
    claim = Claim.objects.create(
        dialogue=dialogue,
        number=(highest or 0) + 1,
        text=text,
        in_background=in_background,
        added_on=dates.today(),
    )
    _cite(claim, cited_by)
    log_staff_action(staff, dialogue, Verb.ADD_CLAIM, number=claim.number)
    return claim


@transaction.atomic
def edit_claim(
    staff: User,
    claim: Claim,
    text: str,
    *,
    in_background: bool,
    cited_by: Collection[int],
    revision: int,
) -> bool:
    """Change a claim; ``revision`` is that of the page on which it was edited.

    Return False, and log nothing, if it is as given already. Raises ``EvidenceRefused``.
    """
    Dialogue.objects.select_for_update().get(pk=claim.dialogue_id)
    stored = Claim.objects.select_related("dialogue").get(pk=claim.pk)
    if (stored.text, stored.in_background) == (text, in_background) and set(cited_by) == set(
        citing_numbers(stored)
    ):
        return False
    if stored.revision != revision:
        raise EvidenceRefused("changed_meanwhile")
    stored.text, stored.in_background = text, in_background
    stored.revision += 1
    stored.save()
    _cite(stored, cited_by)
    log_staff_action(staff, stored.dialogue, Verb.EDIT_CLAIM, number=stored.number)
    return True


def citing_numbers(claim: Claim) -> list[int]:
    """The numbers of the statements that cite the claim."""
    return list(
        claim.citations.order_by("statement__number").values_list("statement__number", flat=True)
    )


@transaction.atomic
def withdraw_claim(staff: User, claim: Claim, reason: str) -> None:
    """Show the claim no more, but its number and why."""
    Claim.objects.filter(pk=claim.pk).update(withdrawn=reason)
    log_staff_action(staff, claim.dialogue, Verb.WITHDRAW_CLAIM, number=claim.number)


@transaction.atomic
def restore_claim(staff: User, claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(withdrawn="")
    log_staff_action(staff, claim.dialogue, Verb.RESTORE_CLAIM, number=claim.number)


@transaction.atomic
def add_passage(
    staff: User, claim: Claim, source: Source, side: str, quote: str, place: str
) -> Passage:
    """Add what a source says about the claim. Raises ``EvidenceRefused``."""
    Dialogue.objects.select_for_update().get(pk=claim.dialogue_id)
    claim.refresh_from_db()
    source.refresh_from_db()
    if claim.withdrawn:
        raise EvidenceRefused("claim_withdrawn")
    if source.withdrawn:
        raise EvidenceRefused("source_withdrawn", number=source.number)
    same = claim.passages.filter(source=source, side=side, quote=quote, place=place)
    if same.exists():  # the form was sent twice
        raise EvidenceRefused("same_passage")
    highest: int | None = claim.passages.aggregate(highest=Max("number"))["highest"]
    passage = Passage.objects.create(
        claim=claim,
        source=source,
        number=(highest or 0) + 1,
        side=Passage.Side(side),
        quote=quote,
        place=place,
    )
    log_staff_action(staff, claim.dialogue, Verb.ADD_PASSAGE, number=claim.number)
    return passage


@transaction.atomic
def remove_passage(staff: User, passage: Passage) -> None:
    claim = passage.claim
    if passage.delete()[0]:
        log_staff_action(staff, claim.dialogue, Verb.REMOVE_PASSAGE, number=claim.number)


def _cite(claim: Claim, numbers: Collection[int]) -> None:
    """Let exactly these statements cite the claim. Raises ``EvidenceRefused``."""
    shown = Statement.objects.published().filter(dialogue=claim.dialogue, number__in=numbers)
    statements = {statement.number: statement for statement in shown}
    missing = sorted(set(numbers) - statements.keys())
    if missing:
        raise EvidenceRefused.for_all(
            [EvidenceRefused("no_statement", number=number) for number in missing]
        )
    claim.citations.exclude(statement__in=statements.values()).delete()
    StatementCitation.objects.bulk_create(
        (StatementCitation(statement=each, claim=claim) for each in statements.values()),
        ignore_conflicts=True,
    )
