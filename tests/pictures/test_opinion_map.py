"""The opinion map's geometry, on facts small enough to calculate by hand."""

from __future__ import annotations

from math import log, sqrt

import pytest

from middleground.engine.facts import Group, UnmetMinimum
from middleground.pictures import opinion_map, opinion_map_table
from middleground.pictures.layout import Box, box_at, edge_towards, fit, place, radius_for
from middleground.pictures.opinion_map import HIGHEST, LOWEST, _Frame
from pictures.samples import SVG, A, B, facts, parse, with_class, words_of

REACH = sqrt(2 * log(10))  # 90 % of a plane normal


def outlines(svg: str) -> dict[str, dict[str, float]]:
    """Centre and half-axes of each group's outer line, by style class."""
    found = {}
    for element in with_class(parse(svg), "pic-region"):
        names = ("cx", "cy", "rx", "ry")
        found[(element.get("class") or "").split()[1]] = {
            n: float(element.get(n) or "nan") for n in names
        }
    return found


def test_radii_of_a_plane_normal() -> None:
    assert radius_for(0.5) == pytest.approx(1.17741, abs=1e-5)
    assert radius_for(0.9) == pytest.approx(2.14597, abs=1e-5)


def test_two_round_groups_are_drawn_at_their_positions() -> None:
    # 4 apart, sigma .5: the drawing is 4 + 2 * .5 * REACH wide and fills the inner width; it is
    # flat, so the picture has its minimum height.
    inner = _Frame(LOWEST).inner
    scale = (inner.right - inner.left) / (4 + REACH)
    middle_y = (inner.top + inner.bottom) / 2
    radius = round(0.5 * REACH * scale, 2)
    assert outlines(opinion_map(facts(A, B))) == {
        "pic-g1": {"cx": round(240 - 2 * scale, 2), "cy": middle_y, "rx": radius, "ry": radius},
        "pic-g2": {"cx": round(240 + 2 * scale, 2), "cy": middle_y, "rx": radius, "ry": radius},
    }


@pytest.mark.parametrize(("spread", "height"), [(0.01, 240), (0.5, 280), (3.0, 380)])
def test_the_height_of_the_picture_follows_the_groups(spread: float, height: int) -> None:
    flat = [
        Group(label, 50, 50, (x, 0), (1.0, 0.0, spread), ()) for label, x in (("A", -1), ("B", 1))
    ]
    # Width 2 + 2 REACH fills 428; REACH * sqrt(.5) up and down, and 74 around it.
    scale = 428 / (2 + 2 * REACH)
    needed = 2 * REACH * sqrt(spread) * scale + 74
    assert height == round(min(HIGHEST, max(LOWEST, needed)))
    assert parse(opinion_map(facts(*flat))).get("viewBox") == f"0 0 480 {height}"


def test_the_vertical_axis_and_rotation_keep_their_direction() -> None:
    rising = Group("A", 50, 50, (0, 0), (1.0, 0.8, 1.0), ())
    high = Group("B", 50, 50, (0, 3), (0.1, 0.0, 0.1), ())
    svg = opinion_map(facts(rising, high))
    places = outlines(svg)
    assert places["pic-g2"]["cy"] < places["pic-g1"]["cy"]
    turns = [e.get("transform") or "" for e in with_class(parse(svg), "pic-region")]
    assert turns[0].startswith("rotate(-45.0 ")  # y points down on the sheet
    wide, narrow = places["pic-g1"]["rx"], places["pic-g1"]["ry"]
    assert wide / narrow == pytest.approx(sqrt(1.8 / 0.2), abs=0.01)


def test_the_small_group_is_drawn_over_the_large_one() -> None:
    order = [
        (e.get("class") or "").split()[1]
        for e in with_class(parse(opinion_map(facts(B, A))), "pic-region")
    ]
    assert order == ["pic-g1", "pic-g2"]  # A has 123 people, B 47


def test_the_texts_on_the_map() -> None:
    assert words_of(parse(opinion_map(facts(A, B), you=(0, 0), rounding=10))) == [
        "A", "at least\u00a0120\u00a0people", "B", "at least\u00a040\u00a0people",
        "You are here", "Nearer means voted more alike",
    ]  # fmt: skip


def test_the_pin_points_at_you() -> None:
    svg = opinion_map(facts(A, B), you=(-2.0, 0.0))
    (pin,) = with_class(parse(svg), "pic-pin")[-1:]
    centre = outlines(svg)["pic-g1"]
    assert (pin.get("d") or "").startswith(f"M{centre['cx']:.2f} {centre['cy']:.2f}C")
    assert "Your own place is marked with a pin." in svg
    assert with_class(parse(opinion_map(facts(A, B))), "pic-pin") == []


def test_a_position_far_outside_the_groups_is_inside_the_picture() -> None:
    root = parse(opinion_map(facts(A, B), you=(9.0, 9.0)))
    assert "You are here" in words_of(root)


def test_zoom_fills_the_picture_with_one_group_and_fades_the_rest() -> None:
    svg = opinion_map(facts(A, B), zoom="B", you=(-2, 0))
    inner = _Frame(HIGHEST).inner
    radius = (inner.bottom - inner.top) / 2
    assert outlines(svg)["pic-g2"]["ry"] == round(radius, 2)
    assert [len(with_class(e, "pic-g1")) for e in with_class(parse(svg), "pic-far")] == [3]
    assert words_of(parse(svg))[0] == "B"
    assert "Your own place is outside this part of the map." in svg


def test_zoom_to_an_unknown_group_is_an_error() -> None:
    with pytest.raises(ValueError, match="no group 'C'"):
        opinion_map(facts(A, B), zoom="C")


def test_links_name_their_group() -> None:
    root = parse(opinion_map(facts(A, B), href=lambda label: f"?zoom={label}&all=1"))
    links = [(a.get("href"), a.get("aria-label")) for a in root.iter(f"{SVG}a")]
    assert links == [("?zoom=A&all=1", "Group A"), ("?zoom=B&all=1", "Group B")]


def test_the_description_states_the_map_in_words() -> None:
    desc = parse(opinion_map(facts(A, B), {7: "More trees"}, rounding=10))[1].text
    assert desc == (
        "The nearer two people are on the map, the more alike they voted. "
        "About half of a group is within its inner line, about nine in ten within its outer line. "
        "Group A: at least\u00a0120\u00a0people, agrees more than others: “More trees”. "
        "Group B: at least\u00a040\u00a0people. "
        "Belonging to no group for sure: about\u00a010\u00a0people."
    )


def test_without_distinct_groups_one_region_is_drawn() -> None:
    for sample in (facts(status="one_group"), facts(A, status="one_group")):
        root = parse(opinion_map(sample, rounding=10))
        assert root[0].text == "Opinion map: no distinct groups"
        assert words_of(root)[:2] == ["No distinct groups", "at least\u00a0180\u00a0people"]
        assert [e.get("class") for e in with_class(root, "pic-region")] == ["pic-region pic-g0"]
        table = opinion_map_table(sample, rounding=10)
        assert table.rows == (("No distinct groups", "at least\u00a0180\u00a0people"),)


def test_a_map_with_too_little_data_states_what_is_missing() -> None:
    missing = (UnmetMinimum("participants", 12, 20), UnmetMinimum("votes_per_participant", 3, 7))
    sample = facts(status="too_little", unmet_minimums=missing)
    root = parse(opinion_map(sample))
    assert words_of(root) == [
        "Not enough votes for a map yet", "12 of 20 participants", "3 of 7 votes per participant",
    ]  # fmt: skip
    assert with_class(root, "pic-region") == []
    assert opinion_map_table(sample).rows == (
        ("participants", "12", "20"),
        ("votes per participant", "3", "7"),
    )


def test_a_group_without_spread_is_visible() -> None:
    point = Group("A", 9, 9, (1, 1), (0, 0, 0), ())
    assert outlines(opinion_map(facts(point)))["pic-g1"]["rx"] == round(9 * REACH, 2)


def label_boxes(svg: str) -> list[Box]:
    root = parse(svg)
    size = [e for e in root.iter(f"{SVG}text") if "people" in (e.text or "")]
    return [
        box_at(
            float(e.get("x") or 0),
            float(e.get("y") or 0) - 17,
            max(50.0, len(e.text or "") * 8.2),
            46,
        )
        for e in size
    ]


def test_labels_of_coinciding_groups_do_not_overlap() -> None:
    heap = [Group("ABCDEFGH"[k], 100 + k, 9, (0.01 * k, 0), (1, 0, 1), ()) for k in range(8)]
    boxes = label_boxes(opinion_map(facts(*heap)))
    assert len(boxes) == 8
    clashes = [(i, j) for i in range(8) for j in range(i) if boxes[i].overlap(boxes[j]) > 0]
    assert clashes == []
    assert [box for box in boxes if box.outside(_Frame().sheet) > 0] == []


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


def test_fit_without_points_is_centred() -> None:
    plane = fit([], [], Box(0, 0, 100, 60))
    assert plane.point(0, 0) == (50, 30)
    assert plane.point(1, 1) == (80, 0)
    assert fit([], [(3.0, 4.0)], Box(0, 0, 100, 60)).point(3, 4) == pytest.approx((50, 30))
