"""Forms, posters and cards as PDF.

Needs the optional extra: ``pip install 'middleground[paper]'``.
"""

from middleground.paper.printing.ballots import LayoutChanged, lay_out, print_sheets
from middleground.paper.printing.fonts import MissingFont, missing_font
from middleground.paper.printing.posters import (
    LogoNotRead,
    Poster,
    print_cards,
    print_half_page,
    print_poster,
)

__all__ = [
    "LayoutChanged", "LogoNotRead", "MissingFont", "Poster", "lay_out", "missing_font",
    "print_cards", "print_half_page", "print_poster", "print_sheets",
]  # fmt: skip
