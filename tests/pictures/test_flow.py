"""The flow from stage to stage: bars and bands as wide as how many."""

from __future__ import annotations

from middleground.pictures import FlowPath, Table, flow, flow_table
from middleground.pictures.lines import width_of
from pictures.samples import STAGES, WAYS, parse, with_class, words_of


def test_bars_are_as_high_and_bands_as_wide_as_how_many() -> None:
    root = parse(flow(WAYS, STAGES))
    bars = [tuple(each.get(k) for k in ("x", "y", "height")) for each in root.iter() if
            each.get("class") == "pic-column"]  # fmt: skip
    assert bars == [
        ("0", "34", "220"),
        ("213.33", "34", "176"),  # 80 of 100
        ("213.33", "220", "22"),
        ("213.33", "280", "22"),  # a name needs room, however few there are
        ("426.67", "34", "154"),
        ("426.67", "198", "44"),
    ]
    assert [band.get("d") for band in with_class(root, "pic-flow")] == [
        "M8.00 34.00C110.67 34.00 110.67 34.00 213.33 34.00"
        "v176.00C110.67 210.00 110.67 210.00 8.00 210.00Z",
        "M8.00 210.00C110.67 210.00 110.67 220.00 213.33 220.00"
        "v22.00C110.67 242.00 110.67 232.00 8.00 232.00Z",
        "M8.00 232.00C110.67 232.00 110.67 280.00 213.33 280.00"
        "v22.00C110.67 302.00 110.67 254.00 8.00 254.00Z",
        "M221.33 34.00C324.00 34.00 324.00 34.00 426.67 34.00"
        "v132.00C324.00 166.00 324.00 166.00 221.33 166.00Z",
        "M221.33 166.00C324.00 166.00 324.00 198.00 426.67 198.00"
        "v44.00C324.00 242.00 324.00 210.00 221.33 210.00Z",
        "M221.33 220.00C324.00 220.00 324.00 166.00 426.67 166.00"
        "v22.00C324.00 188.00 324.00 242.00 221.33 242.00Z",
    ]
    assert words_of(root) == [
        "Concerns", "Body", "Answer", "all", "100", "Police", "80", "A body with a very",
        "long name", "10", "nobody", "10", "answered", "70", "overdue", "20",
    ]  # fmt: skip


def test_a_name_ends_before_the_next_column_begins() -> None:
    """On a phone letters are 17 of the picture's units high."""
    stages = [*STAGES, "Check", "After"]
    name = "Department-of-Everything for matters that nobody else ever wanted to answer"
    root = parse(flow([FlowPath(("all", name, "answered", "asked", "yes"), 3)], stages))
    shown = words_of(root)
    assert shown[5:10] == ["all", "3", "Department-", "of-Everythi…", "3"]
    assert all(width_of(line) * 17 <= 640 / 5 - 8 - 5 for line in shown[5:])


def test_long_names_of_stages_stand_in_two_rows_above_a_lower_picture() -> None:
    stages = ["Concerns of the people", "Case", "Body"]
    low, high = parse(flow(WAYS, ["Concerns", "Case", "Body"])), parse(flow(WAYS, stages))
    rows = [each.get("y") for each in with_class(high, "pic-strong")][:3]
    assert rows == ["16", "32", "16"]
    heights = [float(root.get("viewBox", "").split()[3]) for root in (low, high)]
    assert heights[1] - heights[0] == 16
    assert [each.get("y") for each in with_class(low, "pic-strong")][:3] == ["16", "16", "16"]


def test_the_table_and_the_description_have_each_way() -> None:
    assert flow_table(WAYS, STAGES) == Table(
        ("Concerns", "Body", "Answer", "How many"),
        (
            ("all", "Police", "answered", "60"),
            ("all", "Police", "overdue", "20"),
            ("all", "A body with a very long name", "answered", "10"),
            ("all", "nobody", "", "10"),
        ),
    )
    assert parse(flow(WAYS, STAGES))[1].text == (
        "The wider a band, the more concerns go this way. 60: all → Police → answered."
        " 20: all → Police → overdue. 10: all → A body with a very long name → answered."
        " 10: all → nobody."
    )
    assert parse(flow([FlowPath(("all",), 0)], STAGES))[1].text == "There are no concerns yet"
