"""How often a process of the server looks for garbage."""

from __future__ import annotations

import gc

# Requests make many short-lived objects and few cycles, so collect garbage ten times less often.
COLLECT_AFTER = (7_000, 20, 20)


def collect_rarely() -> None:
    """Exempt all that is loaded, which is permanent, and look for the rest rarely.

    A look through everything takes a tenth of a second, during which no page is answered.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
