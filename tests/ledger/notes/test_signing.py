"""Signed notes, checkpoints and cosignatures, with the examples of C2SP's specifications."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keyring import log_key, witness_key
from middleground.ledger.merkle.hashing import EMPTY_ROOT
from middleground.ledger.notes.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from middleground.ledger.notes.cosignature import cosign, cosigned_at
from middleground.ledger.notes.keys import (
    COSIGNATURE,
    NOTE,
    BadKey,
    SigningKey,
    VerifierKey,
    read_base64,
    read_verifier_key,
)
from middleground.ledger.notes.note import BadNote, is_signed, read_note, sign_note

# The example of c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# RFC 8032, section 7.1, test 1: a secret key and the public key that belongs to it.
RFC_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
RFC_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint("host.example/ledger", 42, ROOT)


def test_the_specification_s_note_verifies_with_its_key() -> None:
    key = read_verifier_key(EXAMPLE_KEY)
    note = read_note(EXAMPLE_NOTE)
    assert (key.name, key.kind, key.id.hex()) == ("example.com/foo", NOTE, "530d903a")
    assert is_signed(note, key)
    assert (str(note).encode(), str(key)) == (EXAMPLE_NOTE, EXAMPLE_KEY)


def test_the_specification_s_note_with_a_changed_word_is_a_forgery() -> None:
    note = read_note(EXAMPLE_NOTE.replace(b"example message", b"example massage"))
    with pytest.raises(BadNote, match=r"in the name of example\.com/foo is forged"):
        is_signed(note, read_verifier_key(EXAMPLE_KEY))


def test_the_key_of_the_rfc() -> None:
    key = SigningKey("a", NOTE, bytes.fromhex(RFC_SECRET))
    assert key.verifier.public.hex() == RFC_PUBLIC
    assert RFC_SECRET not in repr(key)


def test_a_signature_by_an_unknown_key_is_ignored() -> None:
    note = sign_note("words\n", log_key("other.example"))
    assert not is_signed(note, log_key().verifier)
    # Another key of the same name is unknown too.
    namesake = SigningKey("other.example", NOTE, b"n" * 32)
    assert not is_signed(note, namesake.verifier)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_any_text_of_a_note_is_read_back(words: str) -> None:
    note = sign_note(f"{words}\n\n{words}\n", log_key())
    assert read_note(str(note).encode()) == note
    assert is_signed(note, log_key().verifier)


@pytest.mark.parametrize("text", ["no newline at the end", "tab\there\n", "zero\0\n"])
def test_text_that_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(BadNote):
        sign_note(text, log_key())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words\n",
        b"words\n\n",
        b"words\n- a AAAAAAA=\n",
        b"words\n\n- a AAAAAAAA\n",
        "words\n\n— a AAAAAAAA".encode(),
        "words\n\n— a AAAA\n".encode(),
        "words\n\n— a+b AAAAAAAA\n".encode(),
        "words\n\n—  AAAAAAAA\n".encode(),
        "words\n\n— a AAAAAAA\n".encode(),
        b"\xff\n\n",
        "words\r\n\n— a AAAAAAAA\n".encode(),
        ("words\n\n" + "— a AAAAAAAA\n" * 65).encode(),
        b"x" * 1_000_001,
    ],
)
def test_invalid_notes_are_refused(data: bytes) -> None:
    with pytest.raises(BadNote):
        read_note(data)


def test_a_note_with_sixteen_signatures_is_read() -> None:
    assert len(read_note(("words\n\n" + "— a AAAAAAAA\n" * 16).encode()).signatures) == 16


@pytest.mark.parametrize("text", ["AAB=", "AA=", "A A=", "AAAA\n", "AA-_", "é"])
def test_only_canonical_base64_is_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_base64(text)
    assert read_base64("AAA=") == b"\0\0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+" + base64.b64encode(b"\x02" + b"k" * 32).decode(),
        "example.com/foo+530d903a+" + base64.b64encode(b"\x01" + b"k" * 31).decode(),
        "a name+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_invalid_verifier_keys_are_refused(text: str) -> None:
    with pytest.raises(BadKey):
        read_verifier_key(text)


@given(st.binary(min_size=32, max_size=32), st.sampled_from([NOTE, COSIGNATURE]))
def test_a_verifier_key_reads_back(public: bytes, kind: int) -> None:
    key = VerifierKey("host.example", kind, public)
    assert read_verifier_key(str(key)) == key


def test_one_public_key_has_an_id_for_each_kind() -> None:
    first, second = VerifierKey("a", NOTE, ROOT), VerifierKey("a", COSIGNATURE, ROOT)
    assert first.id != second.id


def test_a_checkpoint_is_three_lines() -> None:
    text = "host.example/ledger\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert str(CHECKPOINT) == text
    assert read_checkpoint(text) == CHECKPOINT
    note = sign_checkpoint(CHECKPOINT, log_key())
    assert open_checkpoint(str(note).encode(), log_key().verifier) == (CHECKPOINT, note)


@pytest.mark.parametrize(
    "text",
    [
        "a\n042\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "a\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "a\n42\nAAEC\n",
        "a\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
        "\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "a\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nmore\n",
        "a\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "a\n0\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "a\n\u0664\u0662\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    ],
)
def test_invalid_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        read_checkpoint(text)


def test_an_empty_log_has_the_hash_of_nothing() -> None:
    assert read_checkpoint(str(Checkpoint("a", 0, EMPTY_ROOT))).size == 0


def test_a_checkpoint_that_another_log_signed_is_refused() -> None:
    note = sign_note(str(Checkpoint("other.example", 42, ROOT)), log_key())
    with pytest.raises(BadCheckpoint, match=r"it is of another log, other\.example"):
        open_checkpoint(str(note).encode(), log_key().verifier)
    with pytest.raises(BadCheckpoint, match="did not sign it"):
        open_checkpoint(str(note).encode(), log_key("third.example").verifier)
    with pytest.raises(BadCheckpoint, match="the key's name is not the log's"):
        sign_checkpoint(CHECKPOINT, log_key("other.example"))


def test_a_cosignatures_message_equals_the_specification() -> None:
    note = sign_checkpoint(CHECKPOINT, log_key())
    key = witness_key()
    signature = cosign(note, key, 1_679_315_147)
    message = f"cosignature/v1\ntime 1679315147\n{CHECKPOINT}".encode()
    assert signature.data[:8] == (1_679_315_147).to_bytes(8, "big")
    assert key.verifier.verifies(message, signature.data[8:])
    assert len(signature.data) == 72


def test_a_cosignature_states_its_time() -> None:
    note = sign_checkpoint(CHECKPOINT, log_key())
    key, other = witness_key(), witness_key("critic.example")
    cosigned = note.with_signatures([cosign(note, key, 100), cosign(note, key, 200)])
    assert cosigned_at(cosigned, key.verifier) == 200
    assert cosigned_at(cosigned, other.verifier) is None
    assert is_signed(cosigned, log_key().verifier)


@pytest.mark.parametrize("byte", [0, 7, 8, 71])
def test_a_forged_cosignature_is_found(byte: int) -> None:
    note = sign_checkpoint(CHECKPOINT, log_key())
    key = witness_key()
    good = cosign(note, key, 100)
    data = bytearray(good.data)
    data[byte] ^= 1
    forged = note.with_signatures([type(good)(good.name, good.key_id, bytes(data))])
    with pytest.raises(BadNote, match=r"in the name of newsroom\.example is forged"):
        cosigned_at(forged, key.verifier)


def test_kinds_of_keys_are_not_mixed_up() -> None:
    note = sign_checkpoint(CHECKPOINT, log_key())
    with pytest.raises(BadNote):
        cosign(note, log_key(), 100)
    with pytest.raises(BadNote):
        sign_note("words\n", witness_key())
    with pytest.raises(BadNote):
        cosign(note, witness_key(), 0)
