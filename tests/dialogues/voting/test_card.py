"""The filled-in card is the template's own output, letter by letter, whatever a statement says."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import example, given, settings
from hypothesis import strategies as st

from middleground.dialogues.models import Dialogue
from middleground.dialogues.voting import card as module
from middleground.dialogues.voting.card import LastVote, card_html
from middleground.dialogues.voting.dealing import Card

HOSTILE = [
    "<script>alert(1)</script>", "{{ card.proof }}{% load i18n %}", "\"'><b>&amp;</b>", "a\0b",
    "\u202egnp.exe", "50 % of us", "%(answered)s %(total)s %s", "\\1\\g<0>", " ", "\r\n\t",
]  # fmt: skip
PROOFS = ["AbCdEf-_AbCdEf12", "<i>", "&", "\"'"]
MARKS = [module._ANSWERED, module._PROOF, module._LAST_NUMBER, module._LAST_PROOF]

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
numbers = st.integers(min_value=0, max_value=10**9)
values = st.sampled_from([None, -1, 0, 1])
proofs = st.one_of(st.sampled_from(PROOFS), st.text(max_size=16))
cards = st.builds(
    Card,
    number=st.one_of(st.none(), numbers),
    text=texts,
    proof=proofs,
    value=values,
    answered=numbers,
    total=numbers,
)
lasts = st.one_of(st.none(), st.builds(LastVote, numbers, values, proofs))
dialogues = st.builds(
    Dialogue, pk=st.integers(1, 3), slug=st.sampled_from(["a", "a-b_c", "x" * 60])
)


def by_template(dialogue: Dialogue, card: Card, last: LastVote | None) -> str:
    return render_to_string(
        "dialogues/_card.html", {"dialogue": dialogue, "card": card, "last": last}
    )


@settings(deadline=None)
@given(dialogue=dialogues, card=cards, last=lasts)
@example(Dialogue(pk=1, slug="a"), Card(1, "x", "p", None, 1, 2), None)
@example(Dialogue(pk=1, slug="a"), Card(1, "x", "p", None, 1, 2), LastVote(1, None, "p"))
@example(Dialogue(pk=1, slug="a"), Card(1, "x", "p", None, 1234, 5678), LastVote(1234, 1, "p"))
def test_it_is_what_the_template_gives(dialogue: Dialogue, card: Card, last: LastVote) -> None:
    expected = by_template(dialogue, card, last)
    assert card_html(dialogue, card, last) == expected
    assert card_html(dialogue, card, last) == expected  # and again, from the cache


def test_cards_that_differ_in_one_thing_do_not_share_their_text() -> None:
    dialogue, base = Dialogue(pk=1, slug="a"), Card(7, "One", "p", None, 1, 9)
    last = LastVote(3, 1, "q")
    cards = [
        Card(8, "One", "p", None, 1, 9), Card(7, "Two", "p", None, 1, 9),
        Card(7, "One", "r", None, 1, 9), Card(7, "One", "p", None, 2, 9),
        Card(7, "One", "p", None, 1, 8), Card(7, "One", "p", 0, 1, 9),
    ]  # fmt: skip
    lasts = [last, LastVote(4, 1, "q"), LastVote(3, 0, "q"), LastVote(3, 1, "r"), None]
    seen = [card_html(dialogue, card, last) for card in cards]
    seen += [card_html(dialogue, base, changed) for changed in lasts]
    seen.append(card_html(Dialogue(pk=2, slug="b"), base, last))
    assert len(set(seen)) == len(seen)


def test_no_mark_is_ever_sent_and_none_can_be_guessed() -> None:
    html = card_html(Dialogue(pk=1, slug="a"), Card(7, "One", "p", None, 1, 9), LastVote(3, 1, "q"))
    assert [mark for mark in MARKS if mark in html] == []
    assert len(set(MARKS)) == 4
    assert {len(mark) for mark in MARKS} == {25}  # m and 96 random bits


@pytest.mark.parametrize("mark", MARKS, ids=range(4))
def test_control_a_known_mark_in_a_statement_would_be_replaced(mark: str) -> None:
    """Why the marks must be random: whoever knew one could put another's proof on show."""
    card: Any = Card(7, f"See {mark}", "secret", None, 41, 99)
    last, dialogue = LastVote(3, 1, "q"), Dialogue(pk=1, slug="a")
    assert mark in by_template(dialogue, card, last)
    assert mark not in card_html(dialogue, card, last)
