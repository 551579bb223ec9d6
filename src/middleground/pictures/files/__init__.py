"""Pictures as files to save, print and share: with title, date and source, in one document.

``sheet`` makes the SVG, ``link_preview`` the picture that stands beside a shared link, and ``png``
turns either into PNG in a process of its own.
"""

from middleground.pictures.files.link_preview import Preview, PreviewBar, link_preview
from middleground.pictures.files.png import NotDrawn, missing_letters, png
from middleground.pictures.files.sheet import Surroundings, sheet

__all__ = [
    "NotDrawn", "Preview", "PreviewBar", "Surroundings", "link_preview", "missing_letters", "png",
    "sheet",
]  # fmt: skip
