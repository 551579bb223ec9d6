"""How long it takes to print forms, and how large the PDF is.

Usage: python benchmarks/paper/printing.py [SHEETS ...]; by default 50 and 500. Twelve short
statements, on one page in normal print and on three in large print. Prints wall time, time of the
processor, the size of the PDF and the most memory that the process has held.
"""

from __future__ import annotations

import resource
import sys
import time

from middleground.paper.form import Form, PrintedStatement, Wording
from middleground.paper.printing import lay_out, print_sheets

STATEMENT = "Interpreters should be free at every city office, number %d."
WORDING = Wording(
    title="Paper form",
    hosted_by="Hosted by %(host)s",
    instructions="Do you agree? Fill one circle in each row, with a dark pen.",
    example_filled="Fill one circle.",
    example_crossed="A cross counts, too.",
    example_two="Two marks in a row do not count.",
    agree="AGREE",
    disagree="DISAGREE",
    passed="PASS",
    own_statement="Your own statement",
    own_note="One sentence.",
    no_name="Do not write your name.",
    page="Page %(page)s of %(pages)s",
    sheet="Sheet",
    stub_title="Tear off and keep",
    stub_text="With this number you can see that your sheet was counted.",
    large_print="Large print",
)


def a_form(*, large: bool) -> Form:
    return Form(
        edition=1,
        number=1,
        language="en",
        direction="ltr",
        paper="letter",
        large=large,
        question="How should our city grow?",
        host="City of Harbor",
        statements=tuple(PrintedStatement(n, STATEMENT % n) for n in range(1, 13)),
        wording=WORDING,
        own_statement=True,
        address="https://dialogue.example/ledger/verify/",
    )


def main() -> None:
    for count in [int(each) for each in sys.argv[1:]] or [50, 500]:
        for large in (False, True):
            form = a_form(large=large)
            pages = len(lay_out(form).pages)
            wall, busy = time.perf_counter(), time.process_time()
            pdf = print_sheets(form, [f"{number:016d}" for number in range(count)])
            wall, busy = time.perf_counter() - wall, time.process_time() - busy
            held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{count} sheets of {pages} pages: {wall:.1f} s, {busy:.1f} s of the processor, "
                f"{len(pdf) / 1e6:.1f} MB, at most {held:.0f} MB held"
            )


if __name__ == "__main__":
    main()
