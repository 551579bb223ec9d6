"""What can be wrong with a file, a page or a row: closed lists, so that each gets a clear text."""

from __future__ import annotations

from typing import Literal

FileTrouble = Literal[
    "empty_file",
    "not_a_picture",
    "heic",  # a format of telephones that is not read
    "damaged",
    "locked",  # with a password
    "too_large",
    "too_many_pages",
]

# Why a sheet with a good code is refused: no such order of forms here; another form than this
# installation printed under the number; the form has no such page.
Refusal = Literal["unknown_edition", "other_digest", "no_such_page"]

PageTrouble = (
    Literal[
        "empty_page",  # nothing is printed on it
        "no_code",
        "not_our_code",  # a QR code of something else
        "several_sheets",  # two codes of ours in one picture
        "no_markers",  # too few of its corners are seen
        "not_flat",  # the corners do not fit a sheet
        "too_dark",
        "too_blurred",
        "too_small",
    ]
    | Refusal
)

RowTrouble = Literal[
    "two_marks",
    "all_marked",
    "faint",  # between blank and marked
    "second_mark",  # one mark, and a trace in another bubble
    "beside",  # ink beside the bubbles only
    "no_greys",  # blank, on a picture in which light strokes may have been made white
    "not_found",  # the printed circles are not where they should be
    "copies_differ",  # two pictures of the sheet say different things
]
