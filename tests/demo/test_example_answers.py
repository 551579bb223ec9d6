"""What the example says about answers treats both sides alike, and is marked as an example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from statistics import mean
from typing import Any

import pytest

from demo.test_example_content import loaded_words
from middleground.demo import DIALOGUES, LIBRARY, LOS_ANGELES
from middleground.demo.answered import (
    BODIES,
    LIBRARY_ANSWERS,
    LOS_ANGELES_ANSWERS,
    LOS_ANGELES_EVIDENCE,
    LOS_ANGELES_THREADS,
    MARK,
    invented_texts,
    number_of,
    statement_of,
    working_day,
)

SIDES = ("closer", "separate")


def fates(cases: Sequence[Any], aside: Sequence[Any] = ()) -> dict[str, Counter[Any]]:
    """For each side: what happened to its concerns, on which days, and what they were told."""
    found: dict[str, Counter[Any]] = {side: Counter() for side in SIDES}
    for case in cases:
        steps = tuple((each["on"], each["do"]) for each in case["events"])
        answers = [each for each in case["events"] if each["do"] == "answer"]
        for place, beginning in enumerate(case["concerns"]):
            said = tuple((one["resolution"], one["says"][place][0]) for one in answers)
            side = statement_of(LOS_ANGELES, beginning).side
            if side in SIDES:
                found[side][steps, said] += 1
    for entry in aside:
        side = statement_of(LOS_ANGELES, entry["concern"]).side
        found[side][entry["on"], entry["reason"], entry["note"]] += 1
    return found


def words_for(cases: Sequence[Any]) -> list[list[int]]:
    """How long the words are that each side's concerns got in answers."""
    lengths: dict[str, list[int]] = {side: [] for side in (*SIDES, "between")}
    for case in cases:
        for event in case["events"]:
            if event["do"] == "answer":
                assert len(event["says"]) == len(case["concerns"] + case.get("comments", []))
                for beginning, (_outcome, words) in zip(
                    case["concerns"], event["says"], strict=False
                ):
                    lengths[statement_of(LOS_ANGELES, beginning).side].append(len(words))
    return [lengths[side] for side in SIDES]


def test_both_sides_wait_and_are_answered_alike() -> None:
    """Known-bad controls beside it: one later step, one other outcome."""
    told = LOS_ANGELES_ANSWERS
    closer, separate = fates(told.cases, told.aside).values()
    assert closer == separate
    assert closer.total() == 12
    lengths = words_for(told.cases)
    assert abs(mean(lengths[0]) - mean(lengths[1])) < 0.05 * mean(lengths[0])
    for change in ("later", "declined"):
        cases = deepcopy(told.cases)
        one = next(case for case in cases if "help to uphold" in case["title"])
        if change == "later":
            one["events"][-1]["on"] += 1
        else:
            one["events"][-1]["says"][0][0] = "not accepted"
        closer, separate = fates(cases).values()
        assert closer != separate


def test_each_concern_is_in_one_place() -> None:
    for dialogue, told, left in (
        (LOS_ANGELES, LOS_ANGELES_ANSWERS, {17, 35}),
        (LIBRARY, LIBRARY_ANSWERS, set()),
    ):
        numbers = [number_of(dialogue, each) for case in told.cases for each in case["concerns"]]
        numbers += [number_of(dialogue, each["concern"]) for each in told.aside]
        assert len(numbers) == len(set(numbers))
        assert set(range(1, len(dialogue.statements) + 1)) - set(numbers) == left
    with pytest.raises(ValueError, match="2 statements begin with 'My faith"):
        number_of(LOS_ANGELES, "My faith asks me to respect the law")


def test_evidence_and_comments_of_both_sides_weigh_the_same() -> None:
    sources, claims = LOS_ANGELES_EVIDENCE.sources, LOS_ANGELES_EVIDENCE.claims
    assert Counter(one["side"] for one in sources) == {"closer": 5, "separate": 5, "between": 2}
    stances = {
        side: [
            Counter(each["stance"] for each in one["passages"])
            for one in claims
            if one["side"] == side
        ]
        for side in SIDES
    }
    assert stances["closer"] == stances["separate"]
    citing = Counter(
        statement_of(LOS_ANGELES, each).side for one in claims for each in one["cited_by"]
    )
    assert citing["closer"] == citing["separate"] == 5
    keys = {one["key"] for one in sources}
    assert {each["source"] for one in claims for each in one["passages"]} == keys
    below = {
        side: [
            [each["stance"] for each in one["comments"]]
            for one in LOS_ANGELES_THREADS
            if statement_of(LOS_ANGELES, one["below"]).side == side
        ]
        for side in SIDES
    }
    assert below["closer"] == below["separate"] == [["for", "against"]] * 2


def test_each_answer_rests_on_as_many_claims_of_either_side() -> None:
    claims = {f"claim-{n}": one["side"] for n, one in enumerate(LOS_ANGELES_EVIDENCE.claims, 1)}
    cited = [
        Counter(claims.get(each) for each in event["cites"])
        for case in LOS_ANGELES_ANSWERS.cases
        for event in case["events"]
        if "cites" in event
    ]
    assert [(each["closer"], each["separate"]) for each in cited] == [(1, 1)] * 3


def test_posts_speak_on_both_sides_and_a_comment_is_answered_between_them() -> None:
    level_of = {post["key"]: one["level"] for one in BODIES for post in one["posts"]}
    of_posts = {
        side: [
            (level_of[each["post"]], each["stance"])
            for one in LOS_ANGELES_THREADS
            if statement_of(LOS_ANGELES, one["below"]).side == side
            for each in one.get("posts", [])
        ]
        for side in SIDES
    }
    expected = [("city", "neither"), ("community", "for")]
    assert of_posts["closer"] == of_posts["separate"] == expected
    held = [words for one in LOS_ANGELES_ANSWERS.cases for words in one.get("comments", [])]
    below_between = [
        one
        for one in LOS_ANGELES_THREADS
        if statement_of(LOS_ANGELES, one["below"]).side == "between"
    ]
    asked = [each["text"] for one in below_between for each in one["comments"]]
    assert [sum(text.startswith(words) for text in asked) for words in held] == [1]


def test_what_is_made_up_is_marked_and_uses_no_loaded_word() -> None:
    assert [one["name"] for one in BODIES if not one["name"].endswith(MARK)] == []
    levels = ["federal", "state", "county", "county", "city", "city", "city"]
    assert [one["level"] for one in BODIES] == [*levels, "community", "community", "other"]
    cases = [*LOS_ANGELES_ANSWERS.cases, *LIBRARY_ANSWERS.cases]
    assert [one["title"] for one in cases if not one["title"].endswith(MARK)] == []
    written = (BODIES, cases, LOS_ANGELES_EVIDENCE.claims, LOS_ANGELES_THREADS)
    assert [text for text in invented_texts(written) if loaded_words(text)] == []
    assert len(DIALOGUES) == 2


def test_offices_do_nothing_on_weekends_and_days_keep_their_order() -> None:
    for monday in range(7):
        today = date(2026, 11, 23 + monday)
        days = [working_day(today, offset) for offset in range(-150, 60)]
        assert days == sorted(days)
        assert {day.weekday() for day in days if day != today} == set(range(5))
        assert max(day for day in days[:150]) <= today
