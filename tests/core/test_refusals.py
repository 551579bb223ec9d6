"""Refusals: each room has one table of codes, sentences and statuses."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext_lazy

from middleground.core.refusals import RefusalText, Refused


class HarbourRefused(Refused):
    refusals = {
        "closed": RefusalText("The harbour is closed. 100% of it."),
        "no_such_berth": RefusalText("There is no berth %(berth)s.", status=404),
        "full": RefusalText(
            ngettext_lazy("%(ships)d ship is there.", "%(ships)d ships are there.", "ships")
        ),
        "required": RefusalText(gettext_lazy("This field is required.")),
    }


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (HarbourRefused("closed"), ("closed", "The harbour is closed. 100% of it.", 409)),
        (
            HarbourRefused("no_such_berth", berth="9%"),
            ("no_such_berth", "There is no berth 9%.", 404),
        ),
        (HarbourRefused("full", ships=1), ("full", "1 ship is there.", 409)),
        (HarbourRefused("full", ships=2), ("full", "2 ships are there.", 409)),
    ],
)
def test_a_refusal_has_code_message_and_status(
    refused: Refused, expected: tuple[str, str, int]
) -> None:
    assert (refused.code, refused.message, refused.status) == expected
    assert str(refused) == refused.message


def test_the_message_is_in_the_readers_language() -> None:
    refused = HarbourRefused("required")
    with translation.override("de"):
        assert refused.message == "Dieses Feld ist zwingend erforderlich."
    assert refused.message == "This field is required."


def test_a_code_missing_from_the_table_fails_at_once() -> None:
    with pytest.raises(KeyError, match="flooded"):
        HarbourRefused("flooded")


def test_one_refusal_can_have_several_reasons() -> None:
    closed, full = HarbourRefused("closed"), HarbourRefused("full", ships=3)
    with pytest.raises(HarbourRefused) as caught:
        raise HarbourRefused.for_all([closed, full])
    assert caught.value.reasons == (closed, full)
    assert closed.code == caught.value.code
    assert full.reasons == (full,)
