"""Types of the arrays that are handed on. None of them is ever modified."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A picture in shades of grey, height × width, 0 black to 255 white.
Grey = NDArray[np.uint8]
# Shares of ink or other measures, height × width.
Measures = NDArray[np.float32]
# Points or corners, n × 2, x then y.
Points = NDArray[np.float64]
# A matrix that maps points, 3 × 3, homogeneous.
Projection = NDArray[np.float64]
