"""Values derived from a dialogue's key: pseudonyms, proofs and draws, each bound to its inputs."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from middleground.dialogues.identity.keys import (
    destroy_key_file,
    key_file_exists,
    keyed_hash,
)
from middleground.dialogues.identity.proofs import check_proof, proof
from middleground.dialogues.identity.pseudonyms import pseudonym, selection_randomness
from middleground.dialogues.identity.tokens import (
    PhraseRefused,
    new_token,
    phrase,
    read_token,
    token_from_phrase,
    write_token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TOKEN, OTHER = bytes(range(16)), bytes(range(1, 17))
ROOT, NEXT_ROOT = bytes(32), bytes(range(32))


def test_each_dialogue_has_a_key_of_its_own(keys: Path) -> None:
    assert keyed_hash(1, b"draw", b"") != keyed_hash(2, b"draw", b"")
    assert sorted(path.name for path in keys.iterdir()) == ["dialogue-1.key", "dialogue-2.key"]
    assert {len(path.read_bytes()) for path in keys.iterdir()} == {32}
    destroy_key_file(2)
    assert key_file_exists(1)
    assert not key_file_exists(2)


def test_a_keyed_hash_is_an_hmac_of_purpose_and_message(keys: Path) -> None:
    found = keyed_hash(1, b"participant", b"message")
    key = (keys / "dialogue-1.key").read_bytes()
    assert found == hmac.digest(key, b"participant\0message", hashlib.sha256)
    assert found != keyed_hash(1, b"draw", b"message")


def test_a_pseudonym_is_another_number_in_each_dialogue() -> None:
    exact = int.from_bytes(keyed_hash(1, b"participant", TOKEN)[:8], "big") >> 1
    assert pseudonym(1, TOKEN) == exact
    assert len({pseudonym(1, TOKEN), pseudonym(2, TOKEN), pseudonym(1, OTHER)}) == 3


def test_a_draw_depends_on_dialogue_checkpoint_token_and_votes() -> None:
    draw = selection_randomness(1, ROOT, TOKEN, 7)
    assert 0.0 <= draw < 1.0
    assert draw == selection_randomness(1, ROOT, TOKEN, 7)
    others = {
        selection_randomness(2, ROOT, TOKEN, 7),
        selection_randomness(1, NEXT_ROOT, TOKEN, 7),
        selection_randomness(1, ROOT, OTHER, 7),
        selection_randomness(1, ROOT, TOKEN, 8),
    }
    assert len(others | {draw}) == 5


@pytest.mark.parametrize("dealt", [True, False])
def test_a_proof_holds_for_one_dialogue_participant_and_statement(dealt: bool) -> None:
    given = proof(1, TOKEN, 5, dealt)
    assert check_proof(1, TOKEN, 5, given) is dealt
    assert check_proof(2, TOKEN, 5, given) is None
    assert check_proof(1, OTHER, 5, given) is None
    assert check_proof(1, TOKEN, 6, given) is None
    assert check_proof(1, TOKEN, 5, "") is None


def test_a_token_is_128_random_bits() -> None:
    tokens = {new_token() for _ in range(100)}
    assert {len(token) for token in tokens} == {16}
    halves = {half for token in tokens for half in (token[:8], token[8:])}
    assert len(halves) == 200


def test_a_token_has_one_spelling() -> None:
    """The last of 22 characters has four spare bits; only their zeros are a token."""
    good = write_token(TOKEN)
    assert read_token(good) == TOKEN
    assert good.endswith("w")
    assert [read_token(good[:-1] + last) for last in "xyz0"] == [None] * 4


def test_twelve_words_are_a_token_only_in_their_order() -> None:
    words = phrase(TOKEN)
    assert token_from_phrase(words) == TOKEN
    swapped = words.split()
    swapped[0], swapped[-1] = swapped[-1], swapped[0]
    with pytest.raises(PhraseRefused, match="not in this order"):
        token_from_phrase(" ".join(swapped))
