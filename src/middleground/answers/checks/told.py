"""What pages tell of a check beside the body's own claim: always something, no exact count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from middleground.answers.models import ResidentCheck
from middleground.core import dates
from middleground.dialogues.results.figures import words
from middleground.disclosure.resident_checks import OTHERS, RAISED, CheckShares, shares_of
from middleground.pictures.labels import share_range

Stage = ResidentCheck.Stage


@dataclass(frozen=True, slots=True)
class ToldShares:
    """What people of one kind say, in words. ``yes`` and ``no`` are ranges such as "61 to 70 %"."""

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


NOT_ASKED = "not asked"


def not_asked() -> ToldCheck:
    """Of an answer that no check is about yet."""
    return ToldCheck(
        None, NOT_ASKED, _("Residents have not been asked yet whether it answers them.")
    )


def checks_of_answers(cases: Collection[int]) -> dict[int, ToldCheck]:
    """By the primary key of the case: what is told of the answer that stands. One query."""
    if not cases:
        return {}
    found = ResidentCheck.objects.of_answers_that_stand().filter(case__in=cases)
    told = {check.case_id: told_check(check) for check in found.order_by("pk")}
    return {case: told.get(case) or not_asked() for case in cases}


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
    values = {"until": _day_before(check.stage_ends_on)}
    if check.stage == Stage.RAISED:
        return (
            _("Those who raised it are being asked until %(until)s whether it answers them.")
            % values
        )
    if check.stage == Stage.ANYONE:
        asked = _("Everyone who takes part is being asked until %(until)s whether it answers them.")
        raised = shares_of(check.published, check.step, RAISED)
        return f"{asked % values} {_of_raised(raised)}".strip()
    if not shares.is_told:
        return _("Residents were asked; too few answered to tell whether it answers them.")
    return _("%(yes)s of the residents who answered say it answers them.") % {
        "yes": share_range(shares.yes, words()).capitalize()
    }


def _of_raised(shares: CheckShares) -> str:
    if not shares.is_told:
        return ""
    return _("Of those who raised it, %(yes)s say it does.") % {
        "yes": share_range(shares.yes, words())
    }


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
