"""The public log as a Merkle tree, with one entry's path to the signed root.

A small tree is drawn whole. Of a large one only the path and the sibling hash at each step are
drawn: twenty for a million entries. The shape is RFC 6962's, section 2.1; tests compare it with the
ledger's proofs, which the pictures do not use.
"""

from __future__ import annotations

from middleground.pictures.labels import ENGLISH, Words, number
from middleground.pictures.svg import picture, tag, text
from middleground.pictures.tables import Table

WIDTH = 340
WHOLE = 8  # more leaves would be too narrow for a phone
_ROW, _TOP, _MIDDLE, _BOX = 46.0, 34.0, 170.0, 146.0

Range = tuple[int, int]  # from the first entry up to, but not including, the last


def log_tree(
    index: int,
    size: int,
    *,
    prefix: str = "tree",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """The tree over ``size`` entries, and the path of entry ``index``.

    Raises ``IndexError`` if there is no such entry.
    """
    steps = beside(index, size)
    body = _whole(index, size, words) if size <= WHOLE else _way(index, size, steps, words)
    height = _TOP + _ROW * (_height((0, size)) if size <= WHOLE else len(steps))
    needed = "; ".join(_entries(span, words) for span in steps)
    desc = words.tree_desc.format(n=number(len(steps), words), needed=needed)
    return picture(
        body,
        prefix=prefix,
        size=(WIDTH, height + 36),
        title=words.tree_title(size).format(n=number(index, words), size=number(size, words)),
        desc=desc if steps else words.tree_desc_one,
        class_="pic-narrow",
        standalone=standalone,
    )


def log_tree_table(index: int, size: int, *, words: Words = ENGLISH) -> Table:
    """A row per step up: which entries the sibling hash covers, and which both hashes cover."""
    rows = []
    first, end = index, index + 1
    for step, span in enumerate(beside(index, size), 1):
        first, end = min(first, span[0]), max(end, span[1])
        cells = (_entries(span, words), _entries((first, end), words))
        rows.append((number(step, words), *cells))
    return Table((words.head_step, words.head_beside, words.head_together), tuple(rows))


def beside(index: int, size: int) -> list[Range]:
    """The ranges that the path's sibling hashes cover, from the entry up to the root."""
    if not 0 <= index < size:
        raise IndexError(f"a log of {size} entries has no entry {index}")
    spans: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = _middle((start, end))
        spans.append((middle, end) if index < middle else (start, middle))
        start, end = (start, middle) if index < middle else (middle, end)
    return spans[::-1]


def _middle(span: Range) -> int:
    """The split point of RFC 6962: the left side is the largest complete proper subtree."""
    start, end = span
    return start + (1 << (end - start - 1).bit_length() - 1)


def _height(span: Range) -> int:
    return (span[1] - span[0] - 1).bit_length()


def _entries(span: Range, words: Words) -> str:
    first, last = number(span[0], words), number(span[1] - 1, words)
    if first == last:
        return words.tree_entry.format(n=first)
    return words.tree_entries.format(first=first, last=last)


def _root_label(x: float, size: int, words: Words) -> str:
    label = words.tree_root.format(size=number(size, words))
    return text(x, _TOP - 18, label, "pic-strong pic-small", "middle", WIDTH - 8)


def _whole(index: int, size: int, words: Words) -> str:
    """All nodes: siblings of the path are rings, nodes on the path are filled."""
    aside, top = set(beside(index, size)), _height((0, size))
    step = (WIDTH - 60) / max(1, size - 1)
    lines: list[str] = []
    nodes: list[str] = []

    def drawn(span: Range) -> tuple[float, float]:
        y = _TOP + _ROW * (top - _height(span))
        on_the_way = span[0] <= index < span[1]
        if span[1] - span[0] == 1:
            x = 30 + step * span[0] if size > 1 else _MIDDLE
            look = "pic-strong pic-small" if on_the_way else "pic-small pic-soft"
            nodes.append(text(x, y + 26, number(span[0], words), look, "middle"))
        else:
            middle = _middle(span)
            below = [drawn((span[0], middle)), drawn((middle, span[1]))]
            x = sum(at for at, _ in below) / 2
            lines.extend(
                _line(*at, x, y, thick=on_the_way and part[0] <= index < part[1])
                for at, part in zip(below, ((span[0], middle), (middle, span[1])), strict=True)
            )
        nodes.append(_node(x, y, "pic-pin" if on_the_way else _look(span in aside)))
        return x, y

    x, _ = drawn((0, size))
    return "".join([*lines, *nodes, _root_label(x, size, words)])


def _look(needed: bool) -> str:
    return "pic-beside" if needed else "pic-node"


def _way(index: int, size: int, steps: list[Range], words: Words) -> str:
    """The path as a ladder: the entry at the foot, and a sibling hash at each step."""
    foot = _TOP + _ROW * len(steps)
    lines, nodes = [], []
    for step, span in enumerate(steps):
        y = foot - _ROW * step
        left = span[0] < index
        x = 6.0 if left else WIDTH - 6 - _BOX
        lines.append(_line(_MIDDLE, y, _MIDDLE, y - _ROW, thick=True))
        lines.append(_line(x + (_BOX if left else 0), y, _MIDDLE, y - _ROW, thick=False))
        nodes.append(tag("rect", x=x, y=y - 14, width=_BOX, height=28, rx=6, class_="pic-beside"))
        label = _entries(span, words)
        nodes.append(text(x + _BOX / 2, y + 4.5, label, "pic-small", "middle", _BOX - 8))
        nodes.append(_node(_MIDDLE, y, "pic-pin"))
    nodes.append(_node(_MIDDLE, _TOP, "pic-pin"))
    own = words.tree_entry.format(n=number(index, words))
    nodes.append(text(_MIDDLE, foot + 28, own, "pic-strong pic-small", "middle"))
    return "".join([*lines, *nodes, _root_label(_MIDDLE, size, words)])


def _line(x1: float, y1: float, x2: float, y2: float, *, thick: bool) -> str:
    return tag("path", d=f"M{x1:g} {y1:g}L{x2:g} {y2:g}", class_="pic-way" if thick else "pic-axis")


def _node(x: float, y: float, look: str) -> str:
    return tag("circle", cx=x, cy=y, r=7.5, class_=look)
