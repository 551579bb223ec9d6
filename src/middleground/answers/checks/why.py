"""The sentence in which somebody says why: written, changed, taken back, found again, and shown.

Changing it takes it back and sends another one, since staff review words, and the public log never
lets a number have other words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.models import CheckAnswer, CheckSentence, ResidentCheck
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, Status
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import take_text_back
from middleground.dialogues.texts.marks import leave_mark, marked_by
from middleground.dialogues.texts.submission import check_length, number_by_lot
from middleground.disclosure.resident_checks import shares_of
from middleground.texts.moderation import TextState
from middleground.texts.sameness import dedup_hash, near_hash

LONGEST_WHY = 300
# Eight digits, as comments have: the desk reads numbers of up to eight.
NUMBERS = range(10_000_000, 100_000_000)


def own_sentences(check: ResidentCheck, token: bytes) -> list[CheckSentence]:
    """What this person wrote in the check and has not taken back, the newest first."""
    of_check = CheckSentence.objects.filter(check_of=check)
    own = of_check.filter(pk__in=marked_by(token, of_check))
    return list(own.select_related("appeal").order_by("-pk"))


def standing_sentence(check: ResidentCheck, token: bytes) -> CheckSentence | None:
    """Their sentence that waits or is shown; there is one at most."""
    own = own_sentences(check, token)
    return next((each for each in own if each.state is not TextState.REJECTED), None)


def check_words(text: str) -> str:
    """The sentence as it would be stored; empty for none. Raises ``CheckRefused``."""
    return check_length(text, LONGEST_WHY, CheckRefused) if text.strip() else ""


def say_why(check: ResidentCheck, token: bytes, said: str, words: str) -> CheckSentence | None:
    """Let ``words`` be the person's sentence; without any, take it back.

    The caller has locked the check, and checked the words. Raises ``CheckRefused``.
    """
    before = standing_sentence(check, token)
    if before is not None and before.text == words:
        if before.said != said:
            before.said = said
            before.save(update_fields=["said"])
        return before
    dialogue, kind = check.case.dialogue, kind_of(CheckSentence)
    if before is not None:
        take_text_back(dialogue, token, before.number, kind)
    if not words:
        return None
    refused = own_sentences(check, token)
    if any(each.text and near_hash(each.text) == near_hash(words) for each in refused):
        raise CheckRefused("refused_before")
    stored = CheckSentence.objects.create(
        dialogue=dialogue,
        check_of=check,
        said=said,
        # It must not tell in which order people answered.
        number=number_by_lot(dialogue, CheckSentence, NUMBERS),
        text=words,
        dedup_hash=dedup_hash(words),
        status=Status.PENDING,
        received_on=check.opened_on,  # the same for all, whenever they answered
    )
    leave_mark(stored, token)
    return stored


@dataclass(frozen=True, slots=True)
class ToldSentences:
    """What people who said the same gave as their reasons; ``said`` is empty where it is untold."""

    said: str
    texts: tuple[str, ...]


def sentences_of(checks: Iterable[ResidentCheck]) -> dict[int, list[ToldSentences]]:
    """By the check's primary key, what is shown. One query at most.

    Only once a check is over and enough people answered to tell their shares; what somebody said
    only if it can be told that some said each of yes, partly and no: else those without a heading
    would be known to have said the rest. The order is that of numbers drawn by lot.
    """
    told = {each.pk: each for each in checks if not each.is_open and _is_told(each)}
    if not told:
        return {}
    shown = CheckSentence.objects.filter(check_of__in=told).in_state(TextState.SHOWN)
    texts: dict[tuple[int, str], list[str]] = defaultdict(list)
    for check, said, text in shown.order_by("number").values_list("check_of", "said", "text"):
        texts[check, said if _tells_each(told[check]) else ""].append(text)
    found: dict[int, list[ToldSentences]] = defaultdict(list)
    for said, label in (*CheckAnswer.Said.choices, ("", "")):
        for pk in told:
            if texts.get((pk, said)):
                found[pk].append(ToldSentences(str(label), tuple(texts[pk, said])))
    return found


def public_sentences(
    sentences: ModeratedTextQuerySet[CheckSentence],
) -> ModeratedTextQuerySet[CheckSentence]:
    """Those of checks of which enough is told to show why people said so."""
    over = ResidentCheck.objects.filter(stage=ResidentCheck.Stage.OVER)
    written = over.filter(sentences__in=sentences.values("pk")).distinct()
    return sentences.filter(check_of__in=[each.pk for each in written if _is_told(each)])


def _is_told(check: ResidentCheck) -> bool:
    return shares_of(check.published, check.step).is_told


def _tells_each(check: ResidentCheck) -> bool:
    """Whether the published counts tell that some said yes, some partly, and some no."""
    counts = [sum(of_kind[n] for of_kind in check.published.values()) for n in range(3)]
    return all(counts)


def ready_sentences(
    sentences: ModeratedTextQuerySet[CheckSentence],
) -> ModeratedTextQuerySet[CheckSentence]:
    """Those of checks that are over.

    Earlier nobody reviews or logs them: what was sealed while only those who raised it were asked
    would be known to be theirs.
    """
    return sentences.filter(check_of__stage=ResidentCheck.Stage.OVER)
