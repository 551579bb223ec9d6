"""Rounding of published numbers to six digits, far finer than the effect of a single vote.

Adding zero turns -0.0 into 0.0, so that a mirrored map does not differ in the sign of zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from middleground.engine.votes import FloatArray


def rounded(value: float) -> float:
    """Round one number to six digits."""
    return round(float(value), 6) + 0.0


def rounded_lists(values: FloatArray) -> list[Any]:
    """Round an array and return (nested) lists; rounding one by one would take far longer."""
    plain: list[Any] = (np.round(values, 6) + 0.0).tolist()
    return plain
