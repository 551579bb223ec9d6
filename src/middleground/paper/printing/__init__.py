"""Forms, posters and cards as PDF.

Needs the optional extra ``paper``. Without it, an ``ImportError`` says so as this is imported.
"""

try:
    import fontTools  # noqa: F401
    import typst  # noqa: F401
except ModuleNotFoundError as missing:
    raise ImportError(
        "Printing on paper needs Typst: pip install 'middleground[paper]'."
    ) from missing

from middleground.paper.printing.ballots import LayoutChanged, Overfull, lay_out, print_sheets
from middleground.paper.printing.fonts import MissingFont, missing_font
from middleground.paper.printing.posters import (
    LogoNotRead,
    Poster,
    print_cards,
    print_half_page,
    print_poster,
)

__all__ = [
    "LayoutChanged", "LogoNotRead", "MissingFont", "Overfull", "Poster", "lay_out",
    "missing_font", "print_cards", "print_half_page", "print_poster", "print_sheets",
]  # fmt: skip
