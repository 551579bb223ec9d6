"""Topics: what staff do to them, what is refused, and that no figure depends on them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from middleground.dialogues.lifecycle.drafts import delete_draft
from middleground.dialogues.models import Dialogue, StaffAction, StatementTopic, Topic
from middleground.dialogues.models.texts.topic import MOST_TOPICS
from middleground.dialogues.statements.topics import (
    SortedStatements,
    TopicRefused,
    add_topic,
    add_topics,
    delete_topic,
    merge_topics,
    move_topic,
    put_into,
    rename_topic,
    take_out,
)
from middleground.people.models import User
from support.cast import make_dialogue, make_staff, make_statement
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


@pytest.fixture
def staff(db: None) -> User:
    return make_staff("moderator")


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue(statements=6)


def inside(topic: Topic) -> list[int]:
    return list(topic.statements.order_by("number").values_list("number", flat=True))


def names(dialogue: Dialogue) -> list[str]:
    return [topic.name for topic in dialogue.topics.all()]


def acts() -> list[tuple[str, dict[str, object]]]:
    return list(StaffAction.objects.order_by("pk").values_list("verb", "details"))


def test_a_topic_is_made_filled_and_emptied_and_each_deed_is_recorded(
    staff: User, dialogue: Dialogue
) -> None:
    revision = Dialogue.objects.get().revision
    topic, first = add_topic(staff, dialogue, "  Buses\tand trams ", [1, 2])
    assert (topic.name, topic.number, topic.place) == ("Buses and trams", 1, 1)
    assert first == SortedStatements(2, [], [])
    assert put_into(staff, topic, [2, 3]) == SortedStatements(1, [], [])
    assert inside(topic) == [1, 2, 3]
    assert take_out(staff, topic, [1, 5]) == 1
    assert inside(topic) == [2, 3]
    name = "Buses and trams"
    assert acts() == [
        ("add_topic", {"name": name}),
        ("sort_statements", {"name": name, "count": 2}),
        ("sort_statements", {"name": name, "count": 1}),
        ("sort_statements", {"name": name, "count": 1, "out": True}),
    ]
    assert {action.staff for action in StaffAction.objects.all()} == {staff}
    assert Dialogue.objects.get().revision == revision + 4


def test_nothing_is_recorded_if_nothing_changed(staff: User, dialogue: Dialogue) -> None:
    topic, _sorted = add_topic(staff, dialogue, "Buses", [1])
    before = acts()
    assert put_into(staff, topic, [1]) == SortedStatements(0, [], [])
    assert put_into(staff, topic, []) == SortedStatements(0, [], [])
    assert take_out(staff, topic, [2]) == 0
    assert rename_topic(staff, topic, "Buses").name == "Buses"
    assert move_topic(staff, topic, up=True) is False
    assert acts() == before


def test_a_statement_is_in_three_topics_at_most(staff: User, dialogue: Dialogue) -> None:
    for name in ("Buses", "Trams", "Bikes"):
        add_topic(staff, dialogue, name, [1])
    fourth, done = add_topic(staff, dialogue, "Cars", [1, 2])
    assert done == SortedStatements(1, [1], [])
    assert inside(fourth) == [2]
    # It is in the third already, which is no fourth one.
    third = dialogue.topics.get(name="Bikes")
    assert put_into(staff, third, [1, 2]) == SortedStatements(1, [], [])


def test_only_shown_statements_of_this_dialogue_are_sorted(staff: User, dialogue: Dialogue) -> None:
    make_statement(dialogue, 7, status="pending")
    make_statement(dialogue, 8, status="rejected", reason="spam")
    make_statement(make_dialogue("bridge", statements=0), 9)
    topic, done = add_topic(staff, dialogue, "Buses", [1, 7, 8, 9])
    assert done == SortedStatements(1, [], [7, 8, 9])
    assert inside(topic) == [1]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "no_name"),
        (" \n\u202e", "no_name"),
        ("x" * 41, "too_long"),
        ("buses", "name_taken"),
        (" BUSES", "name_taken"),
    ],
)
def test_a_name_is_refused_if_it_is_empty_too_long_or_taken(
    staff: User, dialogue: Dialogue, name: str, code: str
) -> None:
    add_topic(staff, dialogue, "Buses")
    other, _sorted = add_topic(staff, dialogue, "Trams")
    before = acts()
    with refused(TopicRefused, code):
        add_topic(staff, dialogue, name)
    with refused(TopicRefused, code):
        rename_topic(staff, other, name)
    assert names(dialogue) == ["Buses", "Trams"]
    assert acts() == before


def test_any_other_name_is_taken_and_its_own_in_other_letters(
    staff: User, dialogue: Dialogue
) -> None:
    for name in ("x" * 40, "交通", "<b>&amp;", "Other statements", "=1+1"):
        assert add_topic(staff, dialogue, name)[0].name == name
    topic = dialogue.topics.get(name="交通")
    assert rename_topic(staff, topic, "公共交通").name == "公共交通"
    first = dialogue.topics.get(number=1)
    assert rename_topic(staff, first, "X" * 40).name == "X" * 40
    # Another dialogue may use the same names.
    assert add_topic(staff, make_dialogue("bridge"), "公共交通")[0].number == 1


def test_there_are_no_more_topics_than_a_list_can_show(staff: User, dialogue: Dialogue) -> None:
    add_topics(staff, dialogue, [(f"Topic {n}", []) for n in range(MOST_TOPICS)])
    with refused(TopicRefused, "too_many"):
        add_topic(staff, dialogue, "One more")
    assert dialogue.topics.count() == MOST_TOPICS


def test_several_topics_are_made_or_none(staff: User, dialogue: Dialogue) -> None:
    with refused(TopicRefused, "name_taken"):
        add_topics(staff, dialogue, [("Buses", [1]), ("Trams", [2]), ("buses", [3])])
    assert (Topic.objects.count(), StatementTopic.objects.count(), acts()) == (0, 0, [])
    made = add_topics(staff, dialogue, [("Buses", [1]), ("Trams", [2])])
    assert [(topic.name, inside(topic)) for topic, _ in made] == [("Buses", [1]), ("Trams", [2])]


def test_topics_are_merged_without_doubles(staff: User, dialogue: Dialogue) -> None:
    buses, _ = add_topic(staff, dialogue, "Buses", [1, 2])
    trams, _ = add_topic(staff, dialogue, "Trams", [2, 3])
    merge_topics(staff, buses, trams)
    assert (names(dialogue), inside(trams)) == (["Trams"], [1, 2, 3])
    assert acts()[-1] == ("merge_topics", {"name": "Buses", "into": "Trams"})
    with refused(TopicRefused, "gone"):
        merge_topics(staff, trams, trams)
    elsewhere, _ = add_topic(staff, make_dialogue("bridge"), "Trams")
    with refused(TopicRefused, "gone"):
        merge_topics(staff, trams, elsewhere)
    assert inside(trams) == [1, 2, 3]


def test_topics_change_places(staff: User, dialogue: Dialogue) -> None:
    made = add_topics(staff, dialogue, [("A", []), ("B", []), ("C", [])])
    first, second, last = (topic for topic, _ in made)
    assert move_topic(staff, last, up=True) is True
    assert names(dialogue) == ["A", "C", "B"]
    assert move_topic(staff, first, up=False) is True
    assert names(dialogue) == ["C", "A", "B"]
    assert move_topic(staff, second, up=False) is False
    assert acts()[-1] == ("order_topics", {"name": "A"})


def test_a_topic_that_a_colleague_deleted_is_gone(staff: User, dialogue: Dialogue) -> None:
    topic, _ = add_topic(staff, dialogue, "Buses", [1])
    delete_topic(staff, topic.__class__.objects.get())
    assert acts()[-1] == ("delete_topic", {"name": "Buses"})
    assert (StatementTopic.objects.count(), dialogue.statements.count()) == (0, 6)
    for deed in (
        lambda: put_into(staff, topic, [1]),
        lambda: take_out(staff, topic, [1]),
        lambda: rename_topic(staff, topic, "Trams"),
        lambda: delete_topic(staff, topic),
        lambda: move_topic(staff, topic, up=True),
    ):
        with refused(TopicRefused, "gone"):
            deed()


def test_the_database_holds_each_number_name_and_place_in_a_topic_once(
    staff: User, dialogue: Dialogue
) -> None:
    topic, _ = add_topic(staff, dialogue, "Buses", [1])
    statement = dialogue.statements.get(number=1)
    for double in (
        Topic(dialogue=dialogue, number=1, name="Trams", place=9),
        Topic(dialogue=dialogue, number=9, name="Buses", place=9),
        StatementTopic(topic=topic, statement=statement),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            double.save()


def test_a_draft_with_topics_can_be_deleted_and_a_statement_goes_from_its_topics(
    staff: User,
) -> None:
    draft = make_dialogue("draft", statements=2, state="draft")
    topic, _ = add_topic(staff, draft, "Buses", [1, 2])
    draft.statements.get(number=1).delete()
    assert inside(topic) == [2]
    delete_draft(staff, draft)
    assert (Topic.objects.count(), StatementTopic.objects.count()) == (0, 0)


def test_many_statements_are_sorted_in_one_step(staff: User) -> None:
    dialogue = make_dialogue("large", statements=1_201)
    topic, done = add_topic(staff, dialogue, "All", range(1, 1_202))
    assert done.added == 1_201
    assert take_out(staff, topic, range(1, 1_201)) == 1_200
    assert inside(topic) == [1_201]


def test_the_number_of_a_deleted_topic_is_given_to_no_other(
    staff: User, dialogue: Dialogue
) -> None:
    first, second, third = (add_topic(staff, dialogue, name)[0] for name in ("A", "B", "C"))
    delete_topic(staff, third)
    fourth, _sorted = add_topic(staff, dialogue, "D")
    merge_topics(staff, fourth, first)
    fifth, _sorted = add_topic(staff, dialogue, "E")
    assert [each.number for each in (first, second, fourth, fifth)] == [1, 2, 4, 5]
