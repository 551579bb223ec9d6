"""The three sentences at the top of map and results, and the one sentence of each finding."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import store
from disclosure.made_facts import Counts, made_facts
from middleground.dialogues.models import Dialogue
from middleground.dialogues.results.findings import divisive_entries, middle_ground_entries
from middleground.dialogues.results.published import newest_map
from middleground.dialogues.results.summary import summary
from support.cast import make_dialogue
from support.reading import words

pytestmark = pytest.mark.django_db

ALIKE, APART = {"A": (40, 3, 7), "B": (33, 6, 8)}, {"A": (2, 41, 7), "B": (38, 2, 7)}
HIDDEN = {"A": (60, 4, 4), "B": (62, 3, 4)}  # a share off by one half would tell small counts


def mapped(
    *counts: dict[str, Counts], state: str = "open", error: float = 0.0, shrinkage: float = 20.0
) -> Dialogue:
    dialogue = make_dialogue(statements=len(counts), state=state)
    numbers = dict(dialogue.statements.values_list("number", "pk"))
    by_statement = {numbers[n]: each for n, each in enumerate(counts, start=1)}
    store(
        dialogue,
        made_facts(by_statement, error=error, shrinkage=shrinkage),
        final=state == "closed",
    )
    return dialogue


def start_of(client: Client, address: str) -> str:
    """The summary as it is read, in one line."""
    page = client.get(address).content.decode()
    (shown,) = re.findall(r'<div class="summary".*?</div>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", shown).split())


def test_what_is_shared_and_what_divides_come_first(client: Client) -> None:
    mapped(ALIKE, APART, ALIKE)
    said = start_of(client, "/d/harbour/map/")
    assert said == (
        "Every group agrees with 2 statements, most surely with this one: Statement number 1. "
        "(A 80%, B 70%) The groups disagree on 1 statement: Statement number 2. "
        "(A at most 15%, B 81%) From the votes of at least 95 people who chose to take part. "
        "Not a poll of everybody."
    )
    page = words(client, "/d/harbour/map/")
    assert page.index("Every group agrees") < page.index("Undecided")  # the parts of the map


def test_the_results_begin_in_the_same_way(client: Client) -> None:
    mapped(ALIKE, APART, state="closed")
    said = start_of(client, "/d/harbour/results/")
    assert said.startswith("Every group agrees with 1 statement: Statement number 1. (A 80%")


def test_where_nothing_is_shared_or_divides_it_says_so(client: Client) -> None:
    mapped(APART)
    said = start_of(client, "/d/harbour/map/")
    assert said.startswith("No statement is surely shared by everyone yet. The groups disagree")


def test_where_nothing_divides_it_says_so(client: Client) -> None:
    mapped(ALIKE)
    assert "No statement surely divides the groups." in start_of(client, "/d/harbour/map/")


def test_without_groups_it_speaks_of_most_people(client: Client) -> None:
    dialogue = mapped(ALIKE)
    row = dialogue.maps.get()
    facts = row.facts
    everyone = tuple(replace(each, groups=()) for each in facts.statements)
    found = tuple(
        replace(each, groups=(item.everyone,))
        for each, item in zip(facts.middle_ground, facts.statements, strict=True)
    )
    one = replace(
        facts, status="one_group", groups=facts.groups[:1], statements=everyone,
        middle_ground=found, divisive=(),
    )  # fmt: skip
    row.delete()
    store(dialogue, one)
    said = start_of(client, "/d/harbour/map/")
    assert said.startswith("Most people agree with 1 statement: Statement number 1. (75%) The vo")
    assert "The votes do not divide people into groups that vote alike." in said


def test_the_first_finding_is_named_also_where_its_shares_are_withheld() -> None:
    dialogue = mapped(HIDDEN, ALIKE, error=-0.5)
    published = newest_map(dialogue)
    assert published is not None
    first = summary(published).shared
    assert first is not None
    assert (first.count, first.statement.number, first.shares) == (2, 1, "")
    (entry, _) = middle_ground_entries(published, holding=True, most=5)
    assert entry.says == "We do not show the shares: the numbers are too small."


def test_a_finding_has_one_sentence_on_how_certain_it_is() -> None:
    published = newest_map(mapped(ALIKE, APART))
    assert published is not None
    (shared,) = middle_ground_entries(published, holding=True, most=5)
    assert shared.says == "At least 60% agree in each group, 90% certain."
    (split,) = divisive_entries(published, holding=True, most=5)
    assert split.says == ""  # the bars say it


TOO_SMALL = "We do not show how far apart they are: the numbers are too small."


@pytest.mark.parametrize(
    ("counts", "shares", "says"),
    [
        # A is told, the others are not: their own figure is no second group's.
        (
            {"A": (13, 0, 0), "B": (0, 7, 0), "C": (0, 6, 0)},
            "A at least 20%, B withheld, C at most 80%",
            TOO_SMALL,
        ),
        # The group that differs is withheld: the two that are told agree with each other.
        (
            {"A": (0, 16, 0), "B": (0, 15, 0), "C": (9, 0, 0)},
            "A at most 54%, B at most 40%, C withheld",
            TOO_SMALL,
        ),
        ({"A": (13, 0, 0), "B": (0, 13, 0)}, "A at least 20%, B at most 80%", TOO_SMALL),
        # Of A and B, which surely differ, neither is the one that turns it down.
        (
            {"A": (40, 3, 7), "B": (33, 6, 8), "C": (1, 5, 1)},
            "A 80%, B 70%, C at most 80%",
            TOO_SMALL,
        ),
        (
            {"A": (40, 3, 7), "B": (2, 41, 7), "C": (0, 3, 3)},
            "A 80%, B at most 16%, C withheld",
            "",  # the bars show it
        ),
    ],
)
def test_groups_are_said_to_be_apart_only_where_what_is_told_shows_it(
    counts: dict[str, Counts], shares: str, says: str
) -> None:
    published = newest_map(mapped(counts, shrinkage=5.0))
    assert published is not None
    (split,) = divisive_entries(published, holding=True, most=5)
    assert split.says == says
    first = summary(published).split
    assert first is not None
    assert first.shares.replace("\u00a0", " ") == shares


def test_what_is_not_certain_is_not_said_to_be() -> None:
    dialogue = mapped(ALIKE)
    row = dialogue.maps.get()
    facts = row.facts
    doubtful = tuple(replace(each, holds=False, margin=-0.1) for each in facts.middle_ground)
    row.delete()
    store(dialogue, replace(facts, middle_ground=doubtful))
    published = newest_map(dialogue)
    assert published is not None
    (entry,) = middle_ground_entries(published, holding=False, most=5)
    assert entry.says == "Not certain: it may be that only 60% agree (Group B)."
    assert summary(published).shared is None


def test_words_of_participants_stay_words(client: Client) -> None:
    dialogue = mapped(ALIKE)
    dialogue.statements.update(text="<b>Bread</b> & 'cake'")
    page = client.get("/d/harbour/map/").content.decode()
    assert "<bdi>&lt;b&gt;Bread&lt;/b&gt; &amp; &#x27;cake&#x27;</bdi>" in page
    assert "<b>Bread" not in page


def test_it_rests_on_the_people_whose_votes_shape_the_map(client: Client) -> None:
    dialogue = mapped(ALIKE)
    row = dialogue.maps.get()
    facts = row.facts
    row.delete()
    many = replace(facts, diagnostics=replace(facts.diagnostics, participants=400))
    store(dialogue, many, participants=400, tiers={"open": 400})
    assert "From the votes of at least 95 people who chose to take part." in start_of(
        client, "/d/harbour/map/"
    )


def unsure_entries(counts: dict[str, Counts]) -> list[str]:
    """What is said of one statement that is not middle ground, in a map of small groups."""
    dialogue = mapped(counts, shrinkage=5.0)
    row = dialogue.maps.get()
    facts = row.facts
    row.delete()
    doubtful = tuple(replace(each, holds=False) for each in facts.middle_ground)
    store(dialogue, replace(facts, middle_ground=doubtful))
    published = newest_map(dialogue)
    assert published is not None
    entries = middle_ground_entries(published, holding=False, most=5)
    return [entry.says.replace("\u00a0", " ") for entry in entries]


def test_of_a_bound_no_edge_is_told_as_what_may_be() -> None:
    """It said "it may be that only 0% agree"."""
    says = unsure_entries({"A": (13, 0, 0), "B": (0, 13, 0)})
    assert says == ["Not certain: at most 80% agree (Group B)."]


def test_what_a_group_surely_turns_down_is_not_called_uncertain() -> None:
    assert unsure_entries({"A": (60, 0, 0), "B": (0, 60, 0)}) == []


@pytest.mark.parametrize(
    ("address", "counts", "said"),
    [
        (address, counts, said)
        for address in ("wall/", "embed/statements/", "map/statements.svg", "map/")
        for counts, said in (({"A": (13, 0, 0), "B": (13, 0, 0)}, True), (ALIKE, False))
    ],
)
def test_wherever_the_picture_of_statements_goes_it_says_where_marks_of_ranges_stand(
    client: Client, address: str, counts: dict[str, Counts], said: bool
) -> None:
    """Of a statement with which all agree the mark stands far from 100%."""
    mapped(counts, shrinkage=5.0)
    text = client.get(f"/d/harbour/{address}").content.decode()
    shown = " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"</text>\s*<text[^>]*>", " ", text)).split())
    assert ("Where only a range is told, the mark is in its middle" in shown) is said


@pytest.mark.parametrize("status", ["one_group", "too_little"])
def test_without_groups_a_statement_has_the_share_that_its_citation_tells(
    client: Client, status: str
) -> None:
    """The page had counts only, and the picture that the results link to was not found."""
    dialogue = mapped({"A": (30, 10, 8)}, state="closed", shrinkage=5.0)
    row = dialogue.maps.get()
    facts = row.facts
    alone = tuple(replace(each, groups=()) for each in facts.statements)
    row.delete()
    store(
        dialogue,
        replace(facts, status=status, groups=(), statements=alone, middle_ground=(), divisive=()),
        final=True,
    )
    page = words(client, "/d/harbour/s/1/")
    (told,) = set(re.findall(r"All: ([\d–]+%[^.]*)\.", page))
    assert f"with 90% certainty: All {told}" in page  # the citation
    assert client.get("/d/harbour/s/1/rates.svg").status_code == 200
