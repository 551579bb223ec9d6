"""The card joined from its parts is the template's own output, whatever a statement says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override, trans_real
from hypothesis import example, given, settings
from hypothesis import strategies as st

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.voting import card as module
from middleground.dialogues.voting.card import LastVote, card_html, card_page
from middleground.dialogues.voting.dealing import Card

HOSTILE = [
    "<script>alert(1)</script>", "{{ card.proof }}{% load i18n %}", "\"'><b>&amp;</b>", "a\0b",
    "\u202egnp.exe", "50 % of us", "%(answered)s %(total)s %s", "\\1\\g<0>", " ", "\r\n\t",
    "{proof} {0} {} {{proof}} {", "}", "{proof.__class__}", "{opening!r:>9}",
]  # fmt: skip
PROOFS = ["AbCdEf-_AbCdEf12", "<i>", "&", "\"'", "{proof}"]
LANGUAGES = ["en", "de", "ar"]

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
    origin=st.sampled_from(["", *Statement.Origin.values]),
    goal=numbers,
    needed=numbers,
    looked_up=numbers,
)
lasts = st.one_of(st.none(), st.builds(LastVote, numbers, values, proofs))
dialogues = st.builds(
    Dialogue, pk=st.integers(1, 3), slug=st.sampled_from(["a", "a-b_c", "x" * 60])
)


def by_template(dialogue: Dialogue, card: Card, last: LastVote | None) -> str:
    return render_to_string("dialogues/_card.html", card_page(dialogue, card, last))


@settings(deadline=None)
@given(dialogue=dialogues, card=cards, last=lasts)
@example(Dialogue(pk=1, slug="a"), Card(1, "x", "p", None, 1, 2), None)
@example(Dialogue(pk=1, slug="a"), Card(1, "x", "p", None, 1, 2), LastVote(1, None, "p"))
@example(Dialogue(pk=1, slug="a"), Card(1, "x", "p", None, 1234, 5678), LastVote(1234, 1, "p"))
def test_a_card_equals_the_templates_output(dialogue: Dialogue, card: Card, last: LastVote) -> None:
    expected = by_template(dialogue, card, last)
    assert card_html(dialogue, card, last) == expected
    assert card_html(dialogue, card, last) == expected  # from the cache


def test_cards_that_differ_in_one_value_have_different_html() -> None:
    dialogue, base = Dialogue(pk=1, slug="a"), Card(7, "One", "p", None, 1, 9)
    last = LastVote(3, 1, "q")
    cards = [
        Card(8, "One", "p", None, 1, 9), Card(7, "Two", "p", None, 1, 9),
        Card(7, "One", "r", None, 1, 9), Card(7, "One", "p", None, 2, 9),
        Card(7, "One", "p", None, 1, 9, goal=9), Card(7, "One", "p", 0, 1, 9),
        Card(7, "One", "p", None, 1, 9, goal=9, needed=7),
        Card(7, "One", "p", None, 1, 9, goal=9, needed=7, looked_up=1),
        Card(7, "One", "p", None, 1, 9, "seed"), Card(7, "One", "p", None, 1, 9, "imported"),
    ]  # fmt: skip
    lasts = [last, LastVote(4, 1, "q"), LastVote(3, 0, "q"), LastVote(3, 1, "r"), None]
    seen = [card_html(dialogue, card, last) for card in cards]
    seen += [card_html(dialogue, base, changed) for changed in lasts]
    seen.append(card_html(Dialogue(pk=2, slug="b"), base, last))
    assert len(set(seen)) == len(seen)


@pytest.fixture
def _translated(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German and Arabic catalogues whose translations could break formatting."""
    for language, mark in (("de", "ä {proof} %% <b>"), ("ar", "ع {0} &amp;")):
        (catalogue, *_) = trans_real.translation(language)._catalog._catalogs
        for text in SENTENCES:
            monkeypatch.setitem(catalogue, text, f"{text} {mark}")
    module._part.cache_clear()  # catalogues change only in tests
    yield
    module._part.cache_clear()


SENTENCES = [
    "Your vote is stored.", "Your vote is taken back.", "The host asks if you agree:",
    "Somebody who takes part says:", "Imported with the votes from elsewhere:", "Agree",
    "%(answered)s of %(goal)s", "Stop whenever you like.", "Disagree", "Pass, or not sure", "Undo",
    "Saved: you agree with the last one.", "Saved: you disagree with the last one.",
    "Saved: you passed on the last one.", "You have answered every statement",
    "There are no statements yet",
]  # fmt: skip


@pytest.mark.usefixtures("_translated")
def test_a_card_equals_the_template_in_every_state_and_language() -> None:
    """Languages alternate, so a part cached for one language would appear in another."""
    dialogue = Dialogue(pk=1, slug="a-b")
    cards = [Card(None, "", "", None, 0, 0), Card(None, "", "", None, 9, 9)]
    cards.append(Card(7, "At the goal.", "p", None, 3, 1234, "seed", 3, 7))
    cards += [
        Card(7, text, "p<", value, 3, 1234, origin, goal, 7)
        for text in HOSTILE
        for value in (None, 1, 0, -1)
        for origin in Statement.Origin.values
        for goal in (2, 20)
    ]  # fmt: skip
    lasts = [None, *(LastVote(8, value, "q>") for value in (None, 1, 0, -1))]
    seen = {language: set() for language in LANGUAGES}
    for card, last, language in product(cards, lasts, LANGUAGES):
        with override(language):
            expected = by_template(dialogue, card, last)
            assert card_html(dialogue, card, last) == expected
        seen[language].add(expected)
    assert all(a.isdisjoint(b) for a, b in combinations(seen.values(), 2))  # the control
    assert {len(texts) for texts in seen.values()} == {len(cards) * len(lasts)}


def test_control_formatting_a_part_again_would_show_a_proof() -> None:
    """If a part were formatted again, a statement could insert other values of the card."""
    dialogue, card = Dialogue(pk=1, slug="a"), Card(7, "See {proof}", "secret", None, 41, 99)
    part = module._part("statement", None, slug="a", number=7, text=card.text, origin="")
    assert "See secret" in module._CARD.replace("{statement}", part).format(
        opening="", progress="", proof=card.proof, answers="", undo=""
    )
    assert "See {proof}" in card_html(dialogue, card, None)
