"""Inputs near a valid one, made by deleting, doubling, swapping and overwriting pieces."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st


@st.composite
def spoilt(draw: st.DrawFn, samples: Sequence[bytes]) -> bytes:
    """A sample after up to four changes, or random bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=400))
    data = draw(st.sampled_from(list(samples)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 7, 40])))
        put = draw(
            st.one_of(
                st.just(b""),
                st.just(data[start:end] * 2),
                st.binary(max_size=6),
                st.sampled_from([b"\n", b"\n\n", b" ", b"0", b"-1", b'"', b",", b"\xff", b"\x00"]),
            )
        )
        data = data[:start] + put + data[end:]
    return data
