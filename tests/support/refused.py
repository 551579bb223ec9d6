"""Assert that an action refuses, and for which reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from middleground.core.refusals import Refused


@contextmanager
def refused(kind: type[Refused], code: str) -> Iterator[None]:
    """The block must raise this refusal for exactly this reason."""
    with pytest.raises(kind) as caught:
        yield
    assert (type(caught.value), caught.value.code) == (kind, code)
