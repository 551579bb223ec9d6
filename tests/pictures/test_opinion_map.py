"""The picture of people, on facts small enough to calculate by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from middleground.engine.facts import AxisEnd, Group, Mark, UnmetMinimum
from middleground.engine.groups.marks import cells_of
from middleground.pictures import opinion_map, opinion_map_table
from middleground.pictures.layout import Box, box_at, edge_towards, place
from middleground.pictures.people.packing import packed
from middleground.pictures.people.sheet import HIGHEST, LOWEST, Frame, scene
from pictures.samples import MARKS, SVG, A, B, facts, parse, with_class, words_of

WHERE = st.tuples(st.integers(-6, 6), st.integers(-3, 3), st.sampled_from("AB"))


def places(svg: str) -> dict[str, list[tuple[float, float]]]:
    """Where the outline of each mark begins, by the style of its group."""
    return {
        (e.get("class") or "").split()[1]: [
            (float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)m", e.get("d") or "")
        ]
        for e in with_class(parse(svg), "pic-people")
    }


@given(st.lists(WHERE, min_size=1, max_size=100))
def test_no_mark_covers_another_and_each_lies_near_its_place(
    given_marks: list[tuple[int, int, str]],
) -> None:
    marks = [Mark(group, x / 2, y / 2) for x, y, group in given_marks]
    step, moved = packed(marks)
    assert sorted(m.group for m in moved) == sorted(m.group for m in marks)
    for k, one in enumerate(moved):
        assert all(hypot(one.x - o.x, one.y - o.y) > 0.99 * step for o in moved[:k])
    assert packed(marks[::-1]) == (step, moved)


def test_a_mark_with_room_is_moved_by_less_than_its_own_width() -> None:
    marks = [Mark("A", float(x), float(y)) for x in range(5) for y in range(5)]
    step, moved = packed(marks)
    assert step == pytest.approx(4 / 24)
    for mark in marks:
        assert min(hypot(mark.x - m.x, mark.y - m.y) for m in moved) < 0.6 * step


def test_marks_at_one_place_lie_side_by_side() -> None:
    step, moved = packed([Mark("A", 2.0, 2.0)] * 7)
    assert step == 1.0
    middle = min(moved, key=lambda m: hypot(m.x - 2, m.y - 2))
    others = [hypot(m.x - middle.x, m.y - middle.y) for m in moved if m != middle]
    assert others == pytest.approx([1.0] * 6)  # a honeycomb


def test_each_group_has_its_marks_at_their_places() -> None:
    drawn = places(opinion_map(facts(A, B, marks=MARKS)))
    assert {css: len(found) for css, found in drawn.items()} == {"pic-g1": 7, "pic-g2": 3}
    # From -3 to 3, and half a place beside, fill 432 of 480.
    step, moved = packed(MARKS)
    scale = 432 / (max(m.x for m in moved) - min(m.x for m in moved) + step)
    left = min(x for x, _ in drawn["pic-g1"])
    right = max(x for x, _ in drawn["pic-g2"])
    edge = 24 + step * scale / 2
    edge = 24 + step * scale / 2
    assert (left, right) == (pytest.approx(edge, abs=0.1), pytest.approx(480 - edge, abs=0.1))


def test_further_up_on_the_map_is_further_up_on_the_sheet() -> None:
    marks = (Mark("A", 0.0, 0.0), Mark("B", 0.0, 1.0))
    drawn = places(opinion_map(facts(A, B, marks=marks)))
    assert drawn["pic-g2"][0][1] < drawn["pic-g1"][0][1]


@pytest.mark.parametrize(("up", "height"), [(0.0, LOWEST), (3.0, 314.0), (9.0, HIGHEST)])
def test_the_height_of_the_picture_follows_the_marks(up: float, height: float) -> None:
    marks = (Mark("A", -3.0, -up / 2), Mark("B", 3.0, up / 2), Mark("A", 0.0, 0.0))
    drawn = parse(opinion_map(facts(A, B, marks=marks))).get("viewBox") or ""
    tall = float(drawn.split()[3])  # 6.25 wide fills 432; 3.25 high, and 89 around it
    assert LOWEST <= tall <= HIGHEST
    assert tall == pytest.approx(height, abs=20)


def test_shapes_differ_and_all_but_the_first_are_striped_in_print() -> None:
    svg = opinion_map(facts(A, B, marks=MARKS))
    fills = [e.get("fill") for e in with_class(parse(svg), "pic-people")]
    assert fills == [None, "url(#map-mark-B)"]
    assert len(with_class(parse(svg), "pic-print-stripe")) == 1
    outlines = {
        (e.get("d") or "").split("m", 1)[1][:3] for e in with_class(parse(svg), "pic-people")
    }
    assert len(outlines) == 2


def test_the_texts_on_the_map() -> None:
    svg = opinion_map(facts(A, B, marks=MARKS), you=(0, 0), rounding=10)
    assert words_of(parse(svg)) == [
        "A", "at least\u00a0120\u00a0people", "B", "at least\u00a040\u00a0people",
        "You are here", "Each mark stands for 15 to 20 people",
        "Nearer means voted more alike",
    ]  # fmt: skip


def test_a_map_without_marks_has_letters_at_the_centres() -> None:
    svg = opinion_map(facts(A, B), rounding=10)
    assert words_of(parse(svg)) == [
        "A", "at least\u00a0120\u00a0people", "B", "at least\u00a040\u00a0people",
        "Nearer means voted more alike",
    ]  # fmt: skip
    assert with_class(parse(svg), "pic-people") == []
    # From two standard deviations left of A to two right of B, 6, fill 432.
    found = scene(facts(A, B), None, {"A": 160.0, "B": 160.0}, 1)
    assert found.labels["A"][0] == pytest.approx(240 - 2 * 72)


def test_the_pin_points_at_you() -> None:
    svg = opinion_map(facts(A, B), you=(-2.0, 0.0))
    (pin,) = with_class(parse(svg), "pic-pin")[-1:]
    x, y = scene(facts(A, B), None, {"A": 160.0, "B": 160.0}, 1).plane.point(-2.0, 0.0)
    assert (pin.get("d") or "").startswith(f"M{x:.2f} {y:.2f}C")
    assert "Your own place is marked with a pin." in svg
    assert with_class(parse(opinion_map(facts(A, B))), "pic-pin") == []


def test_the_words_at_the_pin_cover_no_mark_of_people() -> None:
    marks = [Mark("AB"[x > 0], x / 4, y / 4) for x in range(-12, 13) for y in range(-2, 2)]
    crowd = facts(A, B, marks=marks)
    svg = opinion_map(crowd, you=(-1.0, 0.0))
    root = parse(svg)
    (words,) = (e for e in root.iter() if e.text == "You are here")
    x, y = float(words.get("x") or ""), float(words.get("y") or "") - 5
    label = box_at(x, y, 90, 16)
    found = scene(crowd, None, {"A": 160.0, "B": 160.0}, 2)
    assert not any(label.overlap(mark) for mark in found.boxes)
    px, py = found.plane.point(-1.0, 0.0)
    beside = box_at(px + 16 + 50, py - 22, 90, 16)
    assert any(beside.overlap(mark) for mark in found.boxes)  # the control
    assert len(with_class(root, "pic-leader")) == 1


def test_a_position_beyond_the_edge_has_its_pin_there_and_shrinks_nothing() -> None:
    near, far = (
        opinion_map(facts(A, B, marks=MARKS), you=you) for you in ((0.0, 0.0), (99.0, 99.0))
    )
    assert places(near) == places(far)
    (pin,) = with_class(parse(far), "pic-pin")
    assert (pin.get("d") or "").startswith("M454.00 48.00C")
    assert "You are here" in words_of(parse(far))
    assert "Your own place is outside the picture." in far
    assert "beyond the edge" not in near


def test_zoom_fills_the_picture_with_one_group_and_fades_the_rest() -> None:
    svg = opinion_map(facts(A, B, marks=MARKS), zoom="B", you=(-3, 0))
    plain, zoomed = places(opinion_map(facts(A, B, marks=MARKS))), places(svg)
    assert len(zoomed["pic-g1"]) == 7

    def width(found: list[tuple[float, float]]) -> float:
        return max(x for x, _ in found) - min(x for x, _ in found)

    assert width(zoomed["pic-g2"]) > 2 * width(plain["pic-g2"])
    assert [len(with_class(e, "pic-g1")) for e in with_class(parse(svg), "pic-far")] == [1]
    assert "B" in words_of(parse(svg))
    assert "Your own place is outside this part of the map." in svg


def test_zoom_to_an_unknown_group_is_an_error() -> None:
    with pytest.raises(ValueError, match="no group 'C'"):
        opinion_map(facts(A, B), zoom="C")


@pytest.mark.parametrize("marks", [(), MARKS])
def test_links_name_their_group(marks: tuple[Mark, ...]) -> None:
    """All marks of a group are one link; without marks the label is."""
    svg = opinion_map(facts(A, B, marks=marks), href=lambda label: f"?zoom={label}&all=1")
    links = [(a.get("href"), a.get("aria-label")) for a in parse(svg).iter(f"{SVG}a")]
    assert links == [("?zoom=A&all=1", "Group A"), ("?zoom=B&all=1", "Group B")]


def test_the_description_states_the_map_in_words() -> None:
    known = replace(
        facts(A, B, marks=MARKS),
        axis_ends=(AxisEnd("left", (7, 8)), AxisEnd("right", (9,)), AxisEnd("up", (99,))),
    )
    texts = {7: "More trees", 8: "Fewer cars", 9: "Wider roads, " + "and many more of them " * 9}
    assert parse(opinion_map(known, texts, rounding=10))[1].text == (
        "The closer two people are on the map, the more alike they voted. "
        "Each mark stands for 15 to 20 people who voted most alike. Its shape and color show"
        " their group. "
        "Group A: at least\u00a0120\u00a0people, agrees more than others: “More trees”. "
        "Group B: at least\u00a040\u00a0people. "
        "Not surely in any group: about\u00a010\u00a0people. "
        "Further left: agree more with “More trees” and “Fewer cars”. "
        "Further right: agree more with “Wider roads, and many more of them and many more of them"
        " and many more of them and many more of them and many more of…”."
    )


def test_the_table_has_sizes_and_marks() -> None:
    assert opinion_map_table(facts(A, B, marks=MARKS), rounding=10).rows == (
        ("Group A", "at least\u00a0120\u00a0people", "at least\u00a0100\u00a0people", "7"),
        ("Group B", "at least\u00a040\u00a0people", "at least\u00a030\u00a0people", "3"),
    )
    assert opinion_map_table(facts(A, B)).header == ("Group", "People", "Clearly in this group")
    assert opinion_map_table(facts(A, B, marks=MARKS)).header[3:] == ("Marks",)
    polis = replace(facts(A, B, marks=MARKS), options={"parity": True})
    assert opinion_map_table(polis).header == ("Group", "People", "Marks")


def test_without_distinct_groups_marks_are_drawn_alike() -> None:
    marks = tuple(Mark("A", float(x), 0.0) for x in range(4))
    known = facts(A, status="one_group", marks=marks)
    root = parse(opinion_map(known, rounding=10, href=lambda label: f"/{label}/"))
    assert root[0].text == "Opinion map: no distinct groups"
    assert sorted(words_of(root)[:2]) == ["No distinct groups", "at least\u00a0180\u00a0people"]
    assert [e.get("class") for e in with_class(root, "pic-people")] == [
        "pic-people pic-g0 pic-sure"
    ]
    assert list(root.iter(f"{SVG}a")) == []
    assert opinion_map_table(known, rounding=10).rows == (
        ("No distinct groups", "at least\u00a0180\u00a0people", "4"),
    )


def test_without_distinct_groups_and_marks_the_size_is_told() -> None:
    for sample in (facts(status="one_group"), facts(A, status="one_group")):
        root = parse(opinion_map(sample, rounding=10))
        assert words_of(root)[:2] == ["No distinct groups", "at least\u00a0180\u00a0people"]
        table = opinion_map_table(sample, rounding=10)
        assert table.rows == (("No distinct groups", "at least\u00a0180\u00a0people"),)


def test_a_map_with_too_little_data_states_what_is_missing() -> None:
    missing = (UnmetMinimum("participants", 12, 20), UnmetMinimum("votes_per_participant", 3, 7))
    sample = facts(status="too_little", unmet_minimums=missing)
    root = parse(opinion_map(sample))
    assert words_of(root) == [
        "Not enough votes for a map yet", "12 of 20 participants", "3 of 7 votes per participant",
    ]  # fmt: skip
    assert opinion_map_table(sample).rows == (
        ("participants", "12", "20"),
        ("votes per participant", "3", "7"),
    )


@pytest.mark.parametrize("marks", [(), tuple(Mark("A", 1.0, 1.0) for _ in range(3))])
def test_a_group_without_spread_is_drawn(marks: tuple[Mark, ...]) -> None:
    point = Group("A", 19, 9, (1, 1), (0, 0, 0), ())
    assert words_of(parse(opinion_map(facts(point, marks=marks))))[0] == "A"


def test_labels_of_coinciding_groups_do_not_overlap() -> None:
    heap = [Group("ABCDEFGH"[k], 100 + k, 9, (0.01 * k, 0), (1, 0, 1), ()) for k in range(8)]
    found = scene(facts(*heap), None, dict.fromkeys("ABCDEFGH", 100.0), 1)
    boxes = [found.label_box(label) for label in found.labels]
    assert len(boxes) == 8
    clashes = [(i, j) for i in range(8) for j in range(i) if boxes[i].overlap(boxes[j]) > 0]
    assert clashes == []
    assert [box for box in boxes if box.outside(found.frame.sheet) > 0] == []


def test_labels_lie_off_the_marks_even_on_a_flat_and_full_map() -> None:
    full = tuple(Mark("AB"[x > 0], x / 2, y / 4) for x in range(-12, 13) for y in range(4))
    found = scene(facts(A, B, marks=full), None, {"A": 160.0, "B": 160.0}, 2)
    marks = [box_at(x, y, 9, 9) for own in found.marks.values() for x, y in own]
    assert len(marks) == 100
    labels = [found.label_box(label) for label in "AB"]
    assert [box for box in marks for label in labels if box.overlap(label) > 0] == []


def test_place_keeps_a_free_spot_and_leaves_a_taken_one() -> None:
    sheet = Box(0, 0, 200, 200)
    assert place(100, 100, 40, 20, [], sheet) == (100, 100)
    x, y = place(100, 100, 40, 20, [box_at(100, 100, 40, 20)], sheet)
    assert box_at(x, y, 40, 20).overlap(box_at(100, 100, 40, 20)) == 0


def test_edge_towards() -> None:
    box = Box(0, 0, 20, 10)
    assert edge_towards(box, 30, 5) == (20, 5)
    assert edge_towards(box, 10, -40) == (10, 0)
    assert edge_towards(box, 12, 6) == (12, 6)


def test_a_pin_at_the_edge_stays_on_the_sheet() -> None:
    frame = Frame(300.0, 2)
    for point in ((-50.0, 10.0), (900.0, 900.0), (240.0, -3.0)):
        x, y = frame.nearest(*point)
        assert box_at(x, y - 15, 20, 32).outside(frame.sheet) == 0


def test_how_many_people_a_mark_stands_for_at_most() -> None:
    """A group of m marks has fewer than m + 1 times the least, shared out evenly."""
    for least in (2, 5, 15):
        for count in (1, 2, 7, 33):
            members = np.zeros(((count + 1) * least - 1, 2), dtype=np.int64)
            largest = max(len(cell) for cell in cells_of(members, count))
            drawn = replace(
                facts(A), people_per_mark=least, marks=tuple(Mark("A", k, 0) for k in range(count))
            )
            assert drawn.most_per_mark == largest
    assert facts(A).most_per_mark == 0
