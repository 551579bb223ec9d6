"""Decisions about statements are each made once, logged, and can be taken back."""

import re

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import store
from disclosure.made_facts import made_facts
from middleground.dialogues.desk.statements.tallies import many_pass
from middleground.dialogues.models import Dialogue, StaffAction, Statement, Vote
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.statements.merging import merge
from middleground.dialogues.texts import decisions as actions
from middleground.dialogues.texts.similar import compare_new
from middleground.disclosure.cells import Bands
from middleground.engine.facts import Tally
from middleground.people.models import User
from support.cast import make_dialogue, make_participant, make_statement
from support.refused import refused

pytestmark = pytest.mark.django_db
QUEUE = "/desk/harbour/moderation/"


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue()


@pytest.fixture
def waiting(dialogue: Dialogue) -> Statement:
    return make_statement(dialogue, 7, "Build a pier.", status="pending", origin="participant")


def state(statement: Statement) -> tuple[str, str, bool]:
    statement.refresh_from_db()
    return statement.status, statement.reason, statement.reviewed


def revision(dialogue: Dialogue) -> int:
    return Dialogue.objects.values_list("revision", flat=True).get(pk=dialogue.pk)


def logged() -> list[tuple[str, str]]:
    return list(StaffAction.objects.order_by("id").values_list("verb", "reason"))


def test_approving_shows_the_statement_and_is_logged(
    moderation: Client, waiting: Statement, dialogue: Dialogue
) -> None:
    response = moderation.post(QUEUE, {"decide": "approve:7", "seen-7": "waiting"})
    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?done=7")
    assert state(waiting) == ("approved", "", True)
    assert logged() == [("approve", "")]
    assert revision(dialogue) == 1


def test_rejecting_needs_a_reason(moderation: Client, waiting: Statement) -> None:
    fields = {"decide": "reject:7", "seen-7": "waiting", "reason-7": ""}
    response = moderation.post(QUEUE, fields)
    page = response.content.decode()
    assert "Choose a reason: the author will read it." in page
    assert re.search(r'value="7"\s+checked', page)
    assert state(waiting) == ("pending", "", False)
    moderation.post(QUEUE, {**fields, "reason-7": "nonsense"})
    assert state(waiting) == ("pending", "", False)
    moderation.post(QUEUE, {**fields, "reason-7": "off_topic"})
    assert state(waiting) == ("rejected", "off_topic", True)
    assert logged() == [("reject", "off_topic")]


def test_the_page_continues_at_the_next_statement(moderation: Client, dialogue: Dialogue) -> None:
    for number in range(11, 34):
        make_statement(dialogue, number, f"Pier {number}.", status="pending")
    seen = {f"seen-{number}": "waiting" for number in range(11, 34)}

    def after(decide: str, tab: str = "", **more: object) -> str:
        response = moderation.post(f"{QUEUE}{tab}", {"decide": decide, **seen, **more})
        return str(response["Location"]).removeprefix(QUEUE)

    assert after("approve:12") == "?done=12#statement-13"
    assert after("approve", chosen=["14", "11"]) == "?done=11%2C14#statement-15"
    assert after("approve:33") == "?done=33#statement-32"  # after the last one comes the one before
    assert after("approve:30", "?page=1") == "?page=1&done=30#statement-31"
    assert after("take_back:30", "?page=1", **{"seen-30": "shown"}) == "?page=1#statement-30"
    # This tab lists the newest first and keeps approved statements.
    assert after("reject:30", "?tab=shown", **{"reason-30": "spam"}).startswith(
        "?tab=shown&done=30"
    )
    shown = {"seen-14": "shown", "reason-14": "spam"}
    assert after("reject:14", "?tab=shown", **shown) == "?tab=shown&done=14#statement-12"


def test_the_next_statement_may_be_on_the_next_page(moderation: Client, dialogue: Dialogue) -> None:
    for number in range(11, 33):
        make_statement(dialogue, number, f"Pier {number}.", reviewed=False)
    fields = {"decide": "approve:13", "seen-13": "unseen"}
    answer = moderation.post(f"{QUEUE}?tab=shown&page=1", fields)
    assert answer["Location"] == f"{QUEUE}?tab=shown&page=2&done=13#statement-12"


def test_a_missing_reason_focuses_its_field(moderation: Client, waiting: Statement) -> None:
    page = moderation.post(QUEUE, {"decide": "reject:7", "seen-7": "waiting"}).content.decode()
    assert re.search(r'id="reason-7"[^>]*autofocus aria-invalid="true"', page)
    page = moderation.post(QUEUE, {"decide": "reject", "chosen": "7"}).content.decode()
    assert re.search(r'id="reason" name="reason" autofocus', page)


def test_several_statements_are_rejected_together(
    moderation: Client, dialogue: Dialogue, waiting: Statement
) -> None:
    other = make_statement(dialogue, 8, "Build two.", status="pending")
    third = make_statement(dialogue, 9, "Build three.", status="pending")
    seen = {f"seen-{number}": "waiting" for number in (7, 8, 9)}
    moderation.post(QUEUE, {"decide": "reject", "reason": "spam", "chosen": ["7", "8"], **seen})
    assert [state(s)[0] for s in (waiting, other, third)] == ["rejected", "rejected", "pending"]
    assert logged() == [("reject", "spam"), ("reject", "spam")]


def test_a_missing_choice_is_explained(moderation: Client, dialogue: Dialogue) -> None:
    assert "Choose at least one." in moderation.post(QUEUE, {"decide": "approve"}).content.decode()
    assert "Choose what to do." in moderation.post(QUEUE, {"chosen": "1"}).content.decode()


def test_the_second_moderator_reads_of_the_first_decision(
    moderation: Client, desk: Client, waiting: Statement, dialogue: Dialogue
) -> None:
    fields = {"decide": "approve:7", "seen-7": "waiting"}
    desk.post(QUEUE, fields)
    response = moderation.post(
        QUEUE, {**fields, "decide": "reject:7", "reason-7": "spam"}, follow=True
    )
    page = response.content.decode()
    assert "fay@example.org decided number 7 meanwhile: shown." in page
    assert state(waiting) == ("approved", "", True)
    assert logged() == [("approve", "")]
    assert revision(dialogue) == 1


def test_the_same_decision_sent_twice_counts_once(moderation: Client, waiting: Statement) -> None:
    fields = {"decide": "approve:7", "seen-7": "waiting"}
    moderation.post(QUEUE, fields)
    moderation.post(QUEUE, fields)
    assert logged() == [("approve", "")]


def test_a_decision_without_the_seen_state_is_refused(
    moderation: Client, waiting: Statement
) -> None:
    moderation.post(QUEUE, {"decide": "approve:7"})
    assert state(waiting) == ("pending", "", False)


def test_a_decision_can_be_taken_back(moderation: Client, waiting: Statement) -> None:
    moderation.post(QUEUE, {"decide": "reject:7", "seen-7": "waiting", "reason-7": "spam"})
    page = moderation.get(f"{QUEUE}?done=7").content.decode()
    assert '<input type="hidden" name="of" value="rejected:7">' in page
    moderation.post(QUEUE, {"decide": "take_back", "chosen": "7", "seen-7": "rejected"})
    assert state(waiting) == ("pending", "", False)
    assert logged() == [("reject", "spam"), ("take_back", "")]


def test_taking_back_is_refused_where_the_same_words_are_shown(
    moderation: Client, waiting: Statement, dialogue: Dialogue, moderator: User
) -> None:
    actions.reject(moderator, waiting, "waiting", "spam")
    make_statement(dialogue, 8, "build a pier!")
    fields = {"decide": "take_back:7", "seen-7": "rejected"}
    page = moderation.post(QUEUE, fields, follow=True).content.decode()
    assert "The same words were sent again, as number 8" in page
    assert state(waiting) == ("rejected", "spam", True)
    assert logged() == [("reject", "spam")]


def test_merging_moves_no_vote(
    moderation: Client, waiting: Statement, dialogue: Dialogue, moderator: User
) -> None:
    actions.approve(moderator, waiting, "waiting")
    target = Statement.objects.get(number=1)
    for place in range(7):
        _, participant = make_participant(dialogue)
        Vote.objects.create(participant=participant, statement=waiting, value=1)
        if place < 3:
            Vote.objects.create(participant=participant, statement=target, value=-1)
    page = moderation.get(f"{QUEUE}7/merge/?q=1").content.decode()
    assert tallies(page) == ["How people answer is here once there is an opinion map."] * 2
    before = sorted(Vote.objects.values_list("participant_id", "statement_id", "value"))
    response = moderation.post(f"{QUEUE}7/merge/", {"into": "1", "seen": "shown"})
    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?done=7")
    assert state(waiting) == ("merged", "", True)
    assert waiting.merged_into == target
    assert sorted(Vote.objects.values_list("participant_id", "statement_id", "value")) == before
    assert waiting not in Statement.objects.votable()


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ("7", "only merge statements of the same dialogue"),
        ("8", "Number 8 is not shown"),
        ("99", "Choose the statement that says the same."),
        ("x", "Choose the statement that says the same."),
        ("9" * 30, "Choose the statement that says the same."),
    ],
)
def test_merging_into_an_unsuitable_statement_is_explained(
    moderation: Client, waiting: Statement, dialogue: Dialogue, into: str, said: str
) -> None:
    make_statement(dialogue, 8, "Also waits.", status="pending")
    page = moderation.post(f"{QUEUE}7/merge/", {"into": into, "seen": "waiting"})
    assert said in page.content.decode()
    assert state(waiting) == ("pending", "", False)


def test_merging_across_dialogues_is_impossible(waiting: Statement, moderator: User) -> None:
    other = make_dialogue("other")
    with refused(actions.DecisionRefused, "elsewhere"):
        merge(moderator, waiting, "waiting", other.statements.first())


def test_a_merged_statement_cannot_be_a_target(dialogue: Dialogue, moderator: User) -> None:
    first, second, _ = dialogue.statements.all()
    merge(moderator, first, "unseen", second)
    with refused(actions.DecisionRefused, "not_shown"):
        merge(moderator, second, "unseen", first)


def test_statements_shown_before_moderation_wait_as_unseen(moderation: Client, db: None) -> None:
    dialogue = make_dialogue(moderation="after")
    shown = Statement.objects.get(number=2)
    page = moderation.get(f"{QUEUE}?tab=unseen").content.decode()
    assert re.findall(r'id="statement-(\d+)"', page) == ["1", "2", "3"]
    moderation.post(QUEUE, {"decide": "approve:2", "seen-2": "unseen"})
    assert state(shown) == ("approved", "", True)
    page = moderation.get(f"{QUEUE}?tab=unseen").content.decode()
    assert re.findall(r'id="statement-(\d+)"', page) == ["1", "3"]
    assert revision(dialogue) == 1


def test_tabs_and_search_list_statements_in_order(
    moderation: Client, dialogue: Dialogue, moderator: User
) -> None:
    for number, text in ((10, "Ships first."), (11, "Fish first."), (12, "Swim first.")):
        make_statement(dialogue, number, text, status="pending")

    def listed(query: str) -> list[str]:
        page = moderation.get(f"{QUEUE}{query}").content.decode()
        return re.findall(r'id="statement-(\d+)"', page)

    assert listed("") == ["10", "11", "12"]
    assert listed("?tab=shown") == ["3", "2", "1"]
    assert listed("?tab=rejected") == []
    assert listed("?q=fish") == ["11"]
    assert listed("?q=12") == ["12"]
    assert listed("?q=%00") == ["10", "11", "12"]
    assert listed("?tab=nonsense&page=nonsense") == ["10", "11", "12"]


def test_personal_data_and_similar_statements_are_flagged(
    moderation: Client, dialogue: Dialogue
) -> None:
    make_statement(dialogue, 8, "Call me at (213) 555-0142 about the pier.", status="pending")
    make_statement(dialogue, 9, "Ships should not be allowed here at all.", status="pending")
    make_statement(dialogue, 10, "Ships should be allowed here.")
    page = moderation.get(QUEUE).content.decode()
    assert page.count("not compared with the others yet") == 2
    assert "Says nearly the same" not in page
    assert compare_new(kind_of(Statement)) == 6
    page = moderation.get(QUEUE).content.decode()
    assert "not compared with the others yet" not in page
    assert "<mark>(213) 555-0142</mark>" in page
    assert "May contain a phone number." in page
    assert "Says nearly the same as number 10: “<bdi>Ships should be allowed here.</bdi>”" in page
    assert "9/merge/?into=10" in page
    offered = moderation.get(f"{QUEUE}9/merge/?into=10").content.decode()
    assert re.search(r'value="10"\s+checked', offered)
    alike = moderation.get(f"{QUEUE}?tab=alike").content.decode()
    assert re.findall(r'id="statement-(\d+)"', alike) == ["10", "9", "3", "2", "1"]


def test_hostile_texts_are_shown_as_text(moderation: Client, dialogue: Dialogue) -> None:
    make_statement(dialogue, 8, "<script>alert(1)</script> & {{ 7*7 }}", status="pending")
    for address in (QUEUE, f"{QUEUE}8/merge/", "/desk/harbour/"):
        page = moderation.get(address).content.decode()
        assert "<script>alert" not in page
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}"
        in moderation.get(QUEUE).content.decode()
    )


def test_rejected_texts_are_on_no_public_page(
    client: Client, waiting: Statement, dialogue: Dialogue, moderator: User
) -> None:
    actions.approve(moderator, waiting, "waiting")
    public = [
        "/", "/d/harbour/", "/d/harbour/s/7/", "/d/harbour/embed/", "/d/harbour/moderation/",
        "/d/harbour/take-part/", "/d/harbour/map/", "/d/harbour/mine/", "/d/harbour/write/",
        "/d/harbour/results/",
    ]  # fmt: skip

    def places() -> list[str]:
        return [a for a in public if "Build a pier." in client.get(a).content.decode()]

    assert client.get("/d/harbour/s/7/").status_code == 200  # control: while it is shown
    actions.reject(moderator, waiting, "shown", "attack")
    assert places() == []
    assert client.get("/d/harbour/s/7/").status_code == 404


def test_the_queue_takes_fourteen_queries(
    moderation: Client, waiting: Statement, dialogue: Dialogue, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(14):  # one asks for a role in this dialogue
        moderation.get(QUEUE)
    make_statement(dialogue, 8, "Build two.", status="pending")
    make_statement(dialogue, 9, "Build three.", status="pending")
    with django_assert_num_queries(14):  # one asks for a role in this dialogue
        moderation.get(QUEUE)


def tallies(page: str) -> list[str]:
    found = re.findall(r'tally">(.*?)</p>', page, re.DOTALL)
    return [" ".join(each.split()) for each in found]


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        ((0, 0, 10), (4, 4, 14), True),
        ((10, 10, 10), (10, 10, 10), True),
        ((10, 10, 10), (14, 10, 14), False),  # it may be fewer than a third
        ((10, 10, 0), (14, 14, 4), False),
        ((0, 0, 0), (0, 0, 4), False),
    ],
)
def test_a_statement_may_confuse_if_a_third_or_more_pass_for_sure(
    low: tuple[int, int, int], high: tuple[int, int, int], told: bool
) -> None:
    assert many_pass(Bands(Tally(*low), Tally(*high))) is told


def test_shown_statements_tell_how_many_pass_in_the_newest_map(
    moderation: Client, dialogue: Dialogue, django_assert_num_queries: object
) -> None:
    first = Statement.objects.get(number=1)
    store(dialogue, made_facts({first.pk: {"A": (1, 4, 13)}}))
    page = moderation.get(f"{QUEUE}?tab=shown").content.decode()
    counts = "Agree: fewer than 5 · disagree: fewer than 5 · pass: 10–14."
    counts += " <strong>A third or more pass: it may be confusing.</strong>"
    without = "The newest opinion map has no votes on it."
    assert tallies(page) == [without, without, counts]
    assert page.count("Votes as of the opinion map of ") == 1  # once for the page, not once an item
    merge = moderation.get(f"{QUEUE}1/merge/").content.decode()
    assert merge.count("Votes as of the opinion map of ") == 1
    assert tallies(merge)[0] == counts
    assert 'tally">' not in moderation.get(QUEUE).content.decode()  # nobody votes on what waits
    with django_assert_num_queries(15):  # type: ignore[operator]
        moderation.get(f"{QUEUE}?tab=shown")
    Statement.objects.filter(number__in=(2, 3)).update(status="pending")
    assert tallies(moderation.get(f"{QUEUE}?tab=shown").content.decode()) == [counts]
    with django_assert_num_queries(15):  # type: ignore[operator]
        moderation.get(f"{QUEUE}?tab=shown")


def test_one_more_vote_never_shows_at_the_desk(moderation: Client, dialogue: Dialogue) -> None:
    """A moderator fills a count up to one below a step with accounts of their own, and reloads."""
    first, second = Statement.objects.filter(number__in=(1, 2)).order_by("number")
    pages = (f"{QUEUE}?tab=shown", f"{QUEUE}1/merge/?q=2")

    def told() -> list[list[str]]:
        return [tallies(moderation.get(page).content.decode()) for page in pages]

    for with_map in (False, True):
        if with_map:
            store(dialogue, made_facts({each.pk: {"A": (1, 4, 13)} for each in (first, second)}))
        before = told()
        for value in (1, -1):
            for _ in range(5):
                _, participant = make_participant(dialogue)
                Vote.objects.create(participant=participant, statement=first, value=value)
                assert told() == before
    store(dialogue, made_facts({first.pk: {"A": (10, 4, 13)}}))
    assert told() != before  # the control: a new map shows


def test_what_is_shown_is_not_offered_to_be_shown_again(
    moderation: Client, waiting: Statement
) -> None:
    assert waiting.number == 7
    offered = '<button type="submit" name="decide" value="approve">Show</button>'
    assert offered in moderation.get(QUEUE).content.decode()  # the control
    page = moderation.get(f"{QUEUE}?tab=shown").content.decode()
    assert 'name="decide" value="reject"' in " ".join(page.split())
    assert 'value="approve"' not in page
    assert 'value="approve:all"' not in page
