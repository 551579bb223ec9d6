"""What pages tell of a check beside the body's own claim: always something, no exact count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.answers.models import CommitmentEvent, ResidentCheck
from middleground.core import dates
from middleground.dialogues.results.figures import words
from middleground.disclosure.resident_checks import OTHERS, RAISED, CheckShares, shares_of
from middleground.pictures.labels import share_range

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Stage = ResidentCheck.Stage


@dataclass(frozen=True, slots=True)
class ToldShares:
    """What people of one kind say, in words. ``yes`` and ``no`` are ranges such as "61 to 70%"."""

    who: str
    yes: str
    no: str
    least: int

    @property
    def is_told(self) -> bool:
        return self.least > 0


@dataclass(frozen=True, slots=True)
class ToldCheck:
    """How a check stands, in one sentence and, once something is published, in rows.

    ``state``: "asked", "yes" or "no" (what most say), "divided", "few" or "not asked".
    """

    check: ResidentCheck | None
    state: str
    sentence: str
    rows: tuple[ToldShares, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What is told of a check as it goes on."""

    not_asked: StrOrPromise
    raised: StrOrPromise
    anyone: StrOrPromise
    of_raised: StrOrPromise
    few: StrOrPromise
    over: StrOrPromise


NOT_ASKED = "not asked"
_OF_ANSWER = CheckWords(
    not_asked=gettext_lazy("Residents were not asked yet."),
    raised=gettext_lazy("People who raised it are asked until %(until)s."),
    anyone=gettext_lazy("Everyone who takes part is asked until %(until)s."),
    of_raised=gettext_lazy("Of the people who raised it, %(yes)s say it does."),
    few=gettext_lazy("Too few residents replied to show a result."),
    over=gettext_lazy("%(yes)s of the residents who replied say it answers them."),
)
_OF_DONE = CheckWords(
    not_asked=gettext_lazy("Residents were not asked yet if it is done."),
    raised=gettext_lazy("People who raised it are asked until %(until)s if it is done."),
    anyone=gettext_lazy("Everyone who takes part is asked until %(until)s if it is done."),
    of_raised=gettext_lazy("Of the people who raised it, %(yes)s say it is."),
    few=gettext_lazy("Is it done? Too few residents replied to show a result."),
    over=gettext_lazy("%(yes)s of the residents who replied say it is done."),
)


def not_asked(sentences: CheckWords = _OF_ANSWER) -> ToldCheck:
    """Of what no check is about yet."""
    return ToldCheck(None, NOT_ASKED, str(sentences.not_asked))


def checks_of_answers(cases: Collection[int]) -> dict[int, ToldCheck]:
    """By the primary key of the case: what is told of the answer that stands. One query."""
    if not cases:
        return {}
    found = ResidentCheck.objects.of_answers_that_stand().filter(case__in=cases)
    told = {check.case_id: told_check(check) for check in found.order_by("pk")}
    return {case: told.get(case) or not_asked() for case in cases}


def told_of_done(event: CommitmentEvent) -> ToldCheck:
    """What is told of something that a body says is done. Reads the event's check."""
    check = getattr(event, "resident_check", None)
    return told_check(check) if check else not_asked(_OF_DONE)


def told_check(check: ResidentCheck) -> ToldCheck:
    shares = shares_of(check.published, check.step)
    state = "asked" if check.is_open else _judged(shares)
    return ToldCheck(check, state, _sentence(check, shares), _rows(check))


def _judged(shares: CheckShares) -> str:
    if not shares.is_told:
        return "few"
    if shares.yes.low > 0.5:
        return "yes"
    return "no" if shares.no.low > 0.5 else "divided"


def _sentence(check: ResidentCheck, shares: CheckShares) -> str:
    told = _OF_ANSWER if check.said_done_id is None else _OF_DONE
    values = {"until": _day_before(check.stage_ends_on)}
    if check.stage == Stage.RAISED:
        return str(told.raised % values)
    if check.stage == Stage.ANYONE:
        raised = shares_of(check.published, check.step, RAISED)
        of_raised = told.of_raised % {"yes": _share(raised)} if raised.is_told else ""
        return f"{told.anyone % values} {of_raised}".strip()
    if not shares.is_told:
        return str(told.few)
    return str(told.over % {"yes": _share(shares).capitalize()})


def _share(shares: CheckShares) -> str:
    return share_range(shares.yes, words())


def _rows(check: ResidentCheck) -> tuple[ToldShares, ...]:
    """Those who raised it, and apart from them all others, by opinion group where that is told."""
    published, step = check.published, check.step
    if not published:
        return ()
    groups = sorted(kind for kind in published if kind not in (RAISED, OTHERS))
    others = [kind for kind in published if kind != RAISED]
    found: list[tuple[str, tuple[str, ...]]] = [(_("Those who raised it"), (RAISED,))]
    if others:
        found.append((_("Others who take part"), tuple(others)))
    found += [(_("Of these, group %(label)s") % {"label": label}, (label,)) for label in groups]
    if len(published) > 1:
        found.append((_("All together"), ()))
    return tuple(_row(who, shares_of(published, step, *kinds)) for who, kinds in found)


def _row(who: str, shares: CheckShares) -> ToldShares:
    yes, no = (share_range(rate, words()) for rate in (shares.yes, shares.no))
    return ToldShares(who, yes, no, shares.least)


def _day_before(day: date) -> str:
    return dates.day(date.fromordinal(day.toordinal() - 1))
