"""Bars for one statement: each group's share that agrees, or how many people gave each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from middleground.engine.facts import Finding, Rate, StatementFacts, Tally
from middleground.pictures.glyphs import dots, mark, stripes
from middleground.pictures.labels import (
    ENGLISH,
    Words,
    count_range,
    percent,
    share_figure,
    share_told,
    share_withheld,
    who,
)
from middleground.pictures.palette import style_of
from middleground.pictures.svg import picture, tag, text
from middleground.pictures.tables import Table

WIDTH = 400
_LEFT, _BAR, _THICK, _ROW, _LOW_ROW, _TOP = 54.0, 224.0, 15.0, 30.0, 25.0, 8.0
_COLUMN, _VOTE_ROW = 114.0, 47.0
_FIGURE = WIDTH - _LEFT - _BAR - 12  # the width beside a bar

Subject = Finding | StatementFacts | Sequence[Rate]


@dataclass(frozen=True, slots=True)
class CountedVotes:
    """A group ("" for everyone) and the bounds of how many gave each answer; equal if exact."""

    group: str
    low: Tally
    high: Tally


def rates_of(subject: Subject) -> tuple[Rate, ...]:
    """The rates to draw: a finding's groups, a statement's total and groups, or as given."""
    if isinstance(subject, Finding):
        return subject.groups
    if isinstance(subject, StatementFacts):
        return (subject.everyone, *subject.groups)
    return tuple(subject)


def rate_bars(
    subject: Subject,
    *,
    minimum: int = 5,
    prefix: str = "rates",
    words: Words = ENGLISH,
    standalone: bool = False,
    scale: bool = True,
) -> str:
    """One bar per group: the share that agrees, its 90% interval, and the figure beside it.

    Without ``scale`` it is as low as in a list, where the same scale would stand many times.
    """
    rates = rates_of(subject)
    defs = tag("defs", stripes(f"{prefix}-none", "pic-withheld-line"))
    row = _ROW if scale else _LOW_ROW
    rows = [_rate_row(rate, _TOP + k * row, minimum, prefix, words) for k, rate in enumerate(rates)]
    bottom = _TOP + row * len(rates)
    facts = [
        words.rate_of.format(who=who(rate.group, words), figure=share_figure(rate, words, minimum))
        for rate in rates
    ]
    return picture(
        defs + "".join(rows) + (_scale(bottom, words) if scale else ""),
        prefix=prefix,
        size=(WIDTH, bottom + (24 if scale else 0)),
        title=words.rates_title,
        desc=" ".join([_rates_desc(rates, words), *facts]),
        class_="pic-narrow",
        standalone=standalone,
    )


def rate_bars_table(subject: Subject, *, minimum: int = 5, words: Words = ENGLISH) -> Table:
    """The same facts: group, share that agrees (or what is known of it), interval."""
    rows = []
    for rate in rates_of(subject):
        if share_withheld(rate, words, minimum):
            cells = [share_withheld(rate, words, minimum), "", ""]
        else:
            ends = [percent(end, words) for end in (rate.low, rate.high)]
            cells = [share_told(rate, words), *(ends if rate.has_interval else ["", ""])]
        rows.append((who(rate.group, words), *cells))
    header = (words.head_group, words.head_agree, words.head_low, words.head_high)
    return Table(header, tuple(rows))


def vote_bars(
    rows: Sequence[CountedVotes],
    *,
    minimum: int = 5,
    prefix: str = "votes",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """For each group a bar of people for each answer: solid up to the lower bound, then faint."""
    defs = tag(
        "defs",
        stripes(f"{prefix}-disagree", "pic-texture", 135, 5),
        dots(f"{prefix}-pass"),
    )
    most = max((max(_counts(row.high)) for row in rows), default=0)
    drawn = [_vote_row(row, k, max(most, 1), minimum, prefix, words) for k, row in enumerate(rows)]
    facts = [
        words.votes_of.format(who=who(row.group, words), **_named_counts(row, minimum, words))
        for row in rows
    ]
    return picture(
        defs + _legend(prefix, words) + "".join(drawn),
        prefix=prefix,
        size=(WIDTH, _TOP + 26 + _VOTE_ROW * len(rows)),
        title=words.votes_title,
        desc=" ".join([words.votes_desc, *facts]),
        class_="pic-narrow",
        standalone=standalone,
    )


def vote_bars_table(
    rows: Sequence[CountedVotes], *, minimum: int = 5, words: Words = ENGLISH
) -> Table:
    """The same facts: group and how many people gave each answer."""
    header = (words.head_group, words.head_agree, words.head_pass, words.head_disagree)
    return Table(
        header,
        tuple(
            (who(row.group, words), *_named_counts(row, minimum, words).values()) for row in rows
        ),
    )


def _counts(tally: Tally) -> tuple[int, int, int]:
    """The counts in the order in which they are drawn."""
    return tally.agree, tally.passed, tally.disagree


def _named_counts(row: CountedVotes, minimum: int, words: Words) -> dict[str, str]:
    ends = zip(_counts(row.low), _counts(row.high), strict=True)
    shown = (count_range(low, high, words, minimum) for low, high in ends)
    return dict(zip(("agree", "passed", "disagree"), shown, strict=True))


def _rates_desc(rates: Sequence[Rate], words: Words) -> str:
    return words.rates_desc if any(r.has_interval for r in rates) else words.rates_desc_plain


def _rect(x: float, y: float, width: float, **look: str) -> str:
    return tag("rect", x=x, y=y, width=width, height=_THICK, **look)


def _row_label(group: str, y: float, words: Words) -> str:
    middle = y + _THICK / 2
    if not group:
        return text(6, middle + 5, words.everyone, "pic-strong", room=_LEFT - 8)
    style = style_of(group)
    letter = text(30, middle + 5.5, group, "pic-strong")
    return mark(style.shape, 14, middle, 13, style.css) + letter


def _withheld_bar(y: float, label: str, prefix: str) -> str:
    return "".join(
        (
            _rect(_LEFT, y, _BAR, fill=f"url(#{prefix}-none)"),
            _rect(_LEFT, y, _BAR, class_="pic-box"),
            text(_LEFT + _BAR / 2, y + 12.5, label, "pic-small pic-halo pic-soft", "middle", _BAR),
        )
    )


def _rate_row(rate: Rate, y: float, minimum: int, prefix: str, words: Words) -> str:
    label = _row_label(rate.group, y, words)
    reason = share_withheld(rate, words, minimum)
    if reason:
        return label + _withheld_bar(y, reason, prefix)
    # Without a share there is no bar up to it, but only the range.
    at = _BAR * (rate.low if rate.rate is None else rate.rate)
    low, high = _BAR * rate.low, _BAR * rate.high
    middle, left, right = y + _THICK / 2, _LEFT + low, _LEFT + high
    whisker = (
        f"M{left:.2f} {middle:.2f}H{right:.2f}M{left:.2f} {middle - 5:.2f}v10"
        f"M{right:.2f} {middle - 5:.2f}v10"
    )
    whiskers = [
        tag("path", d=whisker, class_="pic-whisker-halo"),
        tag("path", d=whisker, class_="pic-whisker"),
    ]
    figure, half = share_figure(rate, words, minimum), _LEFT + _BAR / 2
    return "".join(
        (
            label,
            _rect(_LEFT, y, _BAR, class_="pic-track"),
            _rect(_LEFT, y, at, class_="pic-agree") if rate.rate is not None else "",
            _rect(_LEFT + at, y, max(0.0, high - at), class_="pic-band"),
            tag("path", d=f"M{half:g} {y - 4:g}v{_THICK + 8:g}", class_="pic-half"),
            *(whiskers if rate.has_interval else ()),
            text(_LEFT + _BAR + 10, y + 12.5, figure, "pic-figure", room=_FIGURE),
        )
    )


def _scale(bottom: float, words: Words) -> str:
    ticks = [
        text(_LEFT + _BAR * share / 100, bottom + 12, shown, "pic-soft pic-small", anchor)
        for share, shown, anchor in (
            (0, "0", "start"),
            (50, words.percent.format(n=50), "middle"),
            (100, "100", "end"),
        )
    ]
    return "".join(ticks)


def _legend(prefix: str, words: Words) -> str:
    """The answers' names above their columns."""
    shown = []
    for kind, name in enumerate((words.head_agree, words.head_pass, words.head_disagree)):
        x = _LEFT + _COLUMN * kind
        shown.append(_segment(x, 4, 14, kind, prefix))
        shown.append(text(x + 20, 16.5, name, "pic-small", room=_COLUMN - 22))
    return "".join(shown)


def _segment(x: float, y: float, width: float, kind: int, prefix: str, look: str = "") -> str:
    """A piece of a bar: 0 agree, 1 pass (dotted), 2 disagree (hatched)."""
    css = ("pic-agree", "pic-pass", "pic-disagree")[kind]
    drawn = _rect(x, y, width, class_=f"{css} {look}".strip())
    if kind and not look:
        texture = ("", "pass", "disagree")[kind]
        drawn += _rect(x, y, width, fill=f"url(#{prefix}-{texture})")
    return drawn


def _vote_row(row: CountedVotes, k: int, most: int, minimum: int, prefix: str, words: Words) -> str:
    y = _TOP + 26 + k * _VOTE_ROW
    drawn = [_row_label(row.group, y, words)]
    shown = _named_counts(row, minimum, words).values()
    ends = zip(_counts(row.low), _counts(row.high), shown, strict=True)
    for kind, (low, high, label) in enumerate(ends):
        x, unit = _LEFT + _COLUMN * kind, (_COLUMN - 14) / most
        if low:
            drawn.append(_segment(x, y, unit * low, kind, prefix))
        if high > low:
            drawn.append(
                _segment(x + unit * low, y, unit * (high - low), kind, prefix, "pic-perhaps")
            )
        drawn.append(text(x, y + _THICK + 15, label, "pic-figure pic-small"))
    return "".join(drawn)
