"""The markers in the corners, as bits, so that they are drawn as lines and not as a picture.

The first four of OpenCV's dictionary ``DICT_4X4_50``; a test compares them with OpenCV. Each row is
from the left, 1 is white, and a black frame one bit wide stands around them.
"""

MARKERS: tuple[tuple[str, str, str, str], ...] = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
)
