"""Numbers of people as they may be said."""


def about(count: int) -> int:
    """A number to be said with "about": two leading digits at most, the second 0 or 5."""
    step = 1
    while count >= 10 * step:
        step *= 10
    half = max(step // 2, 1)
    return max(half * round(count / half), 1)
