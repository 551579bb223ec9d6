"""Six digits for every published number: far below what any vote can tell.

Adding zero turns -0.0 into 0.0, so that a mirrored map differs in no sign of nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from middleground.engine.votes import FloatArray


def rounded(value: float) -> float:
    return round(float(value), 6) + 0.0


def rounded_lists(values: FloatArray) -> list[Any]:
    """Every number of an array, as plain (nested) lists; one by one would take far longer."""
    plain: list[Any] = (np.round(values, 6) + 0.0).tolist()
    return plain
