"""Merkle hashing and proofs against RFC 6962's own recursive definitions, and known vectors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.in_memory import HashesInMemory
from middleground.ledger.merkle.compact_range import CompactRange, root_of
from middleground.ledger.merkle.consistency import consistency_proof, is_consistent
from middleground.ledger.merkle.hashing import EMPTY_ROOT, leaf_hash
from middleground.ledger.merkle.inclusion import inclusion_proof, is_included
from middleground.ledger.merkle.nodes import peaks_of, range_root

# The eight reference leaves of the Certificate Transparency implementations, and their roots.
REFERENCE = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
}
CONSISTENCY = {
    (1, 8): INCLUSION[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

MOST = 130
SIZES = st.integers(1, MOST)


def entries(size: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(size)]


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(entry) for entry in entries(size)]


def k_of(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return hashlib.sha256(b"\x00" + d[0]).digest()
    k = k_of(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1."""
    if len(d) == 1:
        return []
    k = k_of(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], b: bool) -> list[bytes]:
    """RFC 6962, section 2.1.2."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = k_of(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_leaves(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in REFERENCE[:size]]
    assert root_of(hashes).hex() == ROOTS[size]
    assert range_root(HashesInMemory(hashes), 0, size).hex() == ROOTS[size]


@pytest.mark.parametrize("index_size", INCLUSION)
def test_inclusion_in_the_reference_trees(index_size: tuple[int, int]) -> None:
    index, size = index_size
    nodes = HashesInMemory(leaf_hash(leaf) for leaf in REFERENCE[:size])
    proof = inclusion_proof(nodes, index, size)
    assert tuple(part.hex() for part in proof) == INCLUSION[index_size]


@pytest.mark.parametrize("sizes", CONSISTENCY)
def test_consistency_of_the_reference_trees(sizes: tuple[int, int]) -> None:
    old, size = sizes
    nodes = HashesInMemory(leaf_hash(leaf) for leaf in REFERENCE[:size])
    proof = consistency_proof(nodes, old, size)
    assert tuple(part.hex() for part in proof) == CONSISTENCY[sizes]


def test_an_empty_log() -> None:
    assert CompactRange().root() == EMPTY_ROOT == mth([])
    assert is_consistent(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not is_consistent(0, EMPTY_ROOT, 0, b"x" * 32, [])
    assert not is_consistent(0, b"x" * 32, 3, b"x" * 32, [])


def test_a_frontier_has_the_defined_root_at_every_size() -> None:
    edge = CompactRange()
    for size, leaf in enumerate(leaves(MOST), start=1):
        edge.append(leaf)
        assert edge.root() == mth(entries(size))
        assert len(edge.peaks) == size.bit_count()


@given(SIZES, SIZES)
def test_a_stored_frontier_continues(first: int, more: int) -> None:
    hashes = leaves(first + more)
    kept = CompactRange(first, peaks_of(HashesInMemory(hashes), 0, first))
    for leaf in hashes[first:]:
        kept.append(leaf)
    assert kept.root() == root_of(hashes)


def test_a_frontier_with_the_wrong_number_of_peaks_is_refused() -> None:
    with pytest.raises(ValueError, match="a log of 3 leaves does not have 1 peaks"):
        CompactRange(3, [EMPTY_ROOT])


@given(st.data(), SIZES)
def test_inclusion_proofs_equal_the_definition_and_hold(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(HashesInMemory(leaves(size)), index, size)
    assert proof == path(index, entries(size))
    leaf, root = leaves(size)[index], mth(entries(size))
    assert is_included(leaf, index, size, root, proof)
    assert [other for other in range(size) if is_included(leaf, other, size, root, proof)] == [
        index
    ]


@given(st.data(), SIZES)
def test_a_changed_inclusion_proof_does_not_hold(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(HashesInMemory(leaves(size)), index, size)
    leaf, root = leaves(size)[index], mth(entries(size))
    assert not is_included(leaf_hash(b"other"), index, size, root, proof)
    assert not is_included(leaf, index, size, root, [*proof, root])
    assert not is_included(leaf, size, size, root, proof)
    assert not is_included(leaf, -1, size, root, proof)
    for position in range(len(proof)):
        changed = [*proof]
        changed[position] = leaf_hash(proof[position])
        assert not is_included(leaf, index, size, root, changed)
        assert not is_included(leaf, index, size, root, proof[:position] + proof[position + 1 :])


@given(st.data(), SIZES)
def test_consistency_proofs_equal_the_definition_and_hold(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    proof = consistency_proof(HashesInMemory(leaves(size)), old, size)
    assert proof == subproof(old, entries(size), True)
    assert is_consistent(old, mth(entries(old)), size, mth(entries(size)), proof)


@given(st.data(), SIZES)
def test_a_changed_history_is_not_consistent(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    nodes = HashesInMemory(leaves(size))
    proof = consistency_proof(nodes, old, size)
    old_root, root = mth(entries(old)), mth(entries(size))
    altered = entries(old)
    altered[data.draw(st.integers(0, old - 1))] = b"altered"
    assert not is_consistent(old, mth(altered), size, root, proof)
    assert not is_consistent(old, old_root, size, leaf_hash(root), proof)
    assert not is_consistent(old, old_root, size, root, [*proof, root])
    assert not is_consistent(size + 1, old_root, size, root, proof)
    for position in range(len(proof)):
        changed = [*proof]
        changed[position] = leaf_hash(proof[position])
        assert not is_consistent(old, old_root, size, root, changed)
        assert not is_consistent(
            old, old_root, size, root, proof[:position] + proof[position + 1 :]
        )


def test_an_inner_node_cannot_pass_for_a_leaf() -> None:
    """One leaf that consists of two hashes must not have the root of two leaves."""

    def plain(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(parts)).digest()

    one, two = b"one", b"two"
    # Known bad: without the prefix byte it has.
    assert plain(plain(one) + plain(two)) == plain(plain(one), plain(two))
    pair = leaf_hash(one) + leaf_hash(two)
    assert root_of([leaf_hash(pair)]) != root_of([leaf_hash(one), leaf_hash(two)])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_missing_leaf_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(HashesInMemory(leaves(size)), index, size)
    with pytest.raises(IndexError):
        consistency_proof(HashesInMemory(leaves(size)), size + 1, size)
