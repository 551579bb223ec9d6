"""Opens what was sealed: statement texts while they are shown, votes after the close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from middleground.core.processes.election import require_elected
from middleground.dialogues.models import Dialogue, DialogueLog, Statement, VoteSeal
from middleground.dialogues.sealing.records import opening_of, text_opening_of
from middleground.disclosure.bands import may_publish_exact
from middleground.ledger import VoteOpening
from middleground.ledger.files.openings import write_openings
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.texts import texts_path, write_texts
from middleground.ledger.files.totals import Totals, VoteTotals, tally_of, write_totals
from middleground.ledger.records.entries import STATEMENTS

SHOWN = (Statement.Status.APPROVED, Statement.Status.MERGED)


def statement_texts() -> dict[str, str]:
    """For each dialogue, the file with the texts of its shown statements."""
    openings = defaultdict(list)
    statements = Statement.objects.filter(status__in=SHOWN, salt__isnull=False)
    public = statements.exclude(dialogue__state=Dialogue.State.DRAFT)
    for statement in public.select_related("dialogue").order_by("dialogue", "number"):
        openings[statement.dialogue.slug].append(text_opening_of(statement.dialogue, statement))
    return {label: write_texts(label, STATEMENTS, found) for label, found in openings.items()}


def publish_statement_texts(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files that have changed, and delete those without a shown statement."""
    paths = {texts_path(label, STATEMENTS): text for label, text in files.items()}
    require_elected()
    for path in sorted(folder.glob(texts_path("*", STATEMENTS))):
        if path.relative_to(folder).as_posix() not in paths:
            path.unlink()
    for name, text in paths.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            require_elected()
            publish_file(folder, name, text)


def publish_openings(folder: Path, dialogue: Dialogue) -> None:
    """Open a closed dialogue's votes, statement by statement, and publish totals to check.

    A statement stays sealed if it is not shown, or if too few participants gave one of its answers.
    """
    numbers = dict(dialogue.statements.values_list("pk", "number"))
    shown = set(dialogue.statements.published().values_list("number", flat=True))
    tallies: dict[int, VoteTotals | None] = {}
    withheld = 0
    for key, number in sorted(numbers.items(), key=lambda item: item[1]):
        votes = _opened(dialogue, key, number)
        if not votes:
            continue
        tally = tally_of({vote.tag: vote.vote for _, vote in votes}.values())
        counts = (tally.agree, tally.passed, tally.disagree)
        if number not in shown or not may_publish_exact(*counts, dialogue.minimum_shown):
            withheld += len(votes)
            tallies[number] = None
            continue
        tallies[number] = tally
        text = write_openings(dialogue.slug, number, votes)
        require_elected()
        publish_file(folder, f"openings/{dialogue.slug}/{number}", text)
    if tallies:
        totals = Totals(dialogue.slug, withheld, tallies)
        publish_file(folder, f"totals/{dialogue.slug}", write_totals(totals))
    log, _ = DialogueLog.objects.get_or_create(dialogue=dialogue)
    log.opened = True
    log.save(update_fields=["opened"])


def _opened(dialogue: Dialogue, key: int, number: int) -> list[tuple[int, VoteOpening]]:
    """The votes on a statement with their leaf indices, in log order."""
    seals = VoteSeal.objects.filter(statement_id=key, leaf__isnull=False).order_by("leaf")
    return [(seal.leaf or 0, opening_of(dialogue, number, seal)) for seal in seals.iterator()]
