"""What a page's QR code says, and that a stored layout is read back as it was."""

from __future__ import annotations

import json

import pytest

from middleground.paper.layout import Area, Bubble, CornerMarker, Layout, Page, Row
from middleground.paper.sheet_code import SheetCode

CODE = SheetCode(12, 3, 1, "zh-hans", "K3J5ABCDEF", "0123456789ABCDEF")


def test_a_code_is_read_back() -> None:
    assert str(CODE) == "MG1:12-3:1:ZH-HANS:K3J5ABCDEF:0123456789ABCDEF"
    assert SheetCode.parse(str(CODE)) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/",
        str(CODE).lower(),
        str(CODE) + "0",
        str(CODE).replace("MG1", "MG2"),
        str(CODE).replace("12-3", "0-3"),
        str(CODE).replace(":1:", ":0:"),
        "MG1:١٢-3:1:ES:K3J5ABCDEF:0123456789ABCDEF",
    ],
)
def test_other_codes_are_none_of_ours(text: str) -> None:
    assert SheetCode.parse(text) is None


def test_a_layout_goes_through_json() -> None:
    bubbles = (Bubble("agree", 150, 40), Bubble("disagree", 165, 40), Bubble("pass", 180.5, 40))
    marker = CornerMarker(0, Area(10, 10, 8, 8))
    row = Row(17, Area(10, 32, 190, 16), bubbles)
    page = Page(
        1, 215.9, 279.4, (marker,), Area(180, 8, 25, 25), 2.2, (row,), Area(10, 220, 190, 30)
    )
    layout = Layout((page, Page(2, 215.9, 279.4, (), Area(1, 1, 2, 2), 2.2, ())))
    assert Layout.from_dict(json.loads(json.dumps(layout.to_dict()))) == layout
