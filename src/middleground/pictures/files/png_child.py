"""Draws the SVG on its input as PNG on its output. Run as a script, and alone in its process.

What the library has to say, such as which letters no font has, goes to the error output.
"""

from __future__ import annotations

import os
import resource
import sys

from resvg_py import svg_to_bytes

CPU_SECONDS, MEMORY = 10, 1_500_000_000


def main() -> None:
    os.nice(5)  # whoever votes comes first
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    output = os.dup(1)
    os.dup2(2, 1)  # the library prints to what it knows as the standard output
    drawn = svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        width=int(sys.argv[1]),
        font_files=sys.argv[2:],
        font_family="Noto Sans",
        sans_serif_family="Noto Sans",
        log_information=True,
    )
    with os.fdopen(output, "wb") as file:
        file.write(drawn)


if __name__ == "__main__":
    main()
