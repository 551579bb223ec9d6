"""Reasons why an action was refused: a code for programs, a sentence for users, an HTTP status.

Each room derives one class from ``Refused`` and fills its table::

    class HoldRefused(Refused):
        refusals = {
            "held_already": RefusalText(gettext_lazy("This is on hold already.")),
            "too_long": RefusalText(gettext_lazy("At most %(limit)d letters fit."), status=422),
        }

    raise HoldRefused("too_long", limit=300)

A page shows ``refused.message``; an API sends ``refused.code``, ``refused.message`` and
``refused.status``. A page that must distinguish cases compares the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Self

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class RefusalText:
    """One row of a room's table.

    ``message`` has its values as %(name)s; one of them is the number if it comes from
    ``ngettext_lazy``.
    """

    message: str | Promise
    status: int = HTTPStatus.CONFLICT


class Refused(Exception):
    """An action was not done, and nothing was stored. Raise a room's class, never this one.

    ``code``: a key of the table. ``values``: the values in the message.
    """

    refusals: ClassVar[Mapping[str, RefusalText]] = {}

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self._others: tuple[Refused, ...] = ()
        self._refusal = self.refusals[code]

    @classmethod
    def for_all(cls, reasons: Sequence[Self]) -> Self:
        """Return the first of several refusals, with all of them in its ``reasons``."""
        first, *others = reasons
        first._others = tuple(others)
        return first

    @property
    def reasons(self) -> tuple[Refused, ...]:
        """This refusal, and the others that apply at the same time."""
        return (self, *self._others)

    @property
    def message(self) -> str:
        """The sentence in the active language."""
        message = self._refusal.message
        return str(message % self.values if self.values else message)

    @property
    def status(self) -> int:
        return self._refusal.status

    def __str__(self) -> str:
        return self.message
