"""Bars for one statement: each group's share that agrees, or all three answers."""

from __future__ import annotations

from collections.abc import Sequence

from middleground.engine.facts import Finding, Rate, StatementFacts, Tally
from middleground.pictures.glyphs import dots, mark, stripes
from middleground.pictures.labels import (
    ENGLISH,
    Words,
    is_withheld,
    percent,
    share_withheld,
    who,
    whole_percent,
)
from middleground.pictures.palette import style_of
from middleground.pictures.svg import picture, tag, text
from middleground.pictures.tables import Table

WIDTH = 400
_LEFT, _BAR, _THICK, _ROW, _TOP = 54.0, 224.0, 15.0, 30.0, 8.0

Subject = Finding | StatementFacts | Sequence[Rate]


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
) -> str:
    """One bar per group: the share that agrees, its 90 % interval, and the figure beside it."""
    rates = rates_of(subject)
    defs = tag("defs", stripes(f"{prefix}-none", "pic-withheld-line"))
    rows = [_rate_row(rate, k, minimum, prefix, words) for k, rate in enumerate(rates)]
    bottom = _TOP + _ROW * len(rates)
    facts = [
        words.rate_of.format(who=who(rate.group, words), figure=_figure(rate, minimum, words))
        for rate in rates
    ]
    return picture(
        defs + "".join(rows) + _scale(bottom, words),
        prefix=prefix,
        size=(WIDTH, bottom + 24),
        title=words.rates_title,
        desc=" ".join([_rates_desc(rates, words), *facts]),
        class_="pic-narrow",
        standalone=standalone,
    )


def rate_bars_table(subject: Subject, *, minimum: int = 5, words: Words = ENGLISH) -> Table:
    """The same facts: group, share that agrees, interval."""
    rows = []
    for rate in rates_of(subject):
        cells = [percent(share, words) for share in (rate.rate, rate.low, rate.high)]
        if not rate.has_interval:
            cells[1:] = ["", ""]
        reason = share_withheld(rate, words, minimum)
        rows.append((who(rate.group, words), *((reason, "", "") if reason else cells)))
    header = (words.head_group, words.head_agree, words.head_low, words.head_high)
    return Table(header, tuple(rows))


def vote_bars(
    subject: Subject,
    *,
    minimum: int = 5,
    prefix: str = "votes",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """One bar per group, split into agree, pass and disagree as counted (not the model's rate)."""
    rates = rates_of(subject)
    defs = tag(
        "defs",
        stripes(f"{prefix}-none", "pic-withheld-line"),
        stripes(f"{prefix}-disagree", "pic-texture", 135, 5),
        dots(f"{prefix}-pass"),
    )
    rows = [_vote_row(rate, k, minimum, prefix, words) for k, rate in enumerate(rates)]
    facts = [_votes_sentence(rate, minimum, words) for rate in rates]
    return picture(
        defs + _legend(prefix, words) + "".join(rows),
        prefix=prefix,
        size=(WIDTH, _TOP + 24 + _ROW * len(rates)),
        title=words.votes_title,
        desc=" ".join([words.votes_desc, *facts]),
        class_="pic-narrow",
        standalone=standalone,
    )


def vote_bars_table(subject: Subject, *, minimum: int = 5, words: Words = ENGLISH) -> Table:
    """The same facts: group and the three shares, which add up to 100."""
    rows = []
    for rate in rates_of(subject):
        cells = [words.percent.format(n=n) for n in shares(rate.tally)]
        if is_withheld(rate, minimum):
            cells = [words.withheld.format(n=minimum), "", ""]
        rows.append((who(rate.group, words), *cells))
    header = (words.head_group, words.head_agree, words.head_pass, words.head_disagree)
    return Table(header, tuple(rows))


def shares(tally: Tally) -> tuple[int, int, int]:
    """Agree, pass and disagree in whole per cent that add up to 100 (largest remainders)."""
    counts = (tally.agree, tally.passed, tally.disagree)
    if tally.seen == 0:
        return 0, 0, 0
    floors = [100 * count // tally.seen for count in counts]
    remainders = [100 * count % tally.seen for count in counts]
    order = sorted(range(3), key=lambda k: (-remainders[k], k))
    for k in order[: 100 - sum(floors)]:
        floors[k] += 1
    return floors[0], floors[1], floors[2]


def _rates_desc(rates: Sequence[Rate], words: Words) -> str:
    return words.rates_desc if any(r.has_interval for r in rates) else words.rates_desc_plain


def _figure(rate: Rate, minimum: int, words: Words) -> str:
    reason = share_withheld(rate, words, minimum)
    if reason:
        return reason
    if not rate.has_interval:
        return percent(rate.rate, words)
    n, low, high = (whole_percent(share) for share in (rate.rate, rate.low, rate.high))
    return words.figure.format(n=n, low=low, high=high)


def _votes_sentence(rate: Rate, minimum: int, words: Words) -> str:
    name = who(rate.group, words)
    if is_withheld(rate, minimum):
        return words.rate_of.format(who=name, figure=words.withheld.format(n=minimum))
    agree, passed, disagree = (words.percent.format(n=n) for n in shares(rate.tally))
    return words.votes_of.format(who=name, agree=agree, passed=passed, disagree=disagree)


def _rect(x: float, y: float, width: float, **look: str) -> str:
    return tag("rect", x=x, y=y, width=width, height=_THICK, **look)


def _row_label(rate: Rate, y: float, words: Words) -> str:
    middle = y + _THICK / 2
    if not rate.group:
        return text(6, middle + 5, words.everyone, "pic-strong")
    style = style_of(rate.group)
    letter = text(30, middle + 5.5, rate.group, "pic-strong")
    return mark(style.shape, 14, middle, 13, style.css) + letter


def _withheld_bar(y: float, label: str, prefix: str) -> str:
    return "".join(
        (
            _rect(_LEFT, y, _BAR, fill=f"url(#{prefix}-none)"),
            _rect(_LEFT, y, _BAR, class_="pic-box"),
            text(_LEFT + _BAR / 2, y + 12.5, label, "pic-small pic-halo pic-soft", "middle"),
        )
    )


def _rate_row(rate: Rate, k: int, minimum: int, prefix: str, words: Words) -> str:
    y = _TOP + k * _ROW
    label = _row_label(rate, y, words)
    reason = share_withheld(rate, words, minimum)
    if reason:
        return label + _withheld_bar(y, reason, prefix)
    at, low, high = (_BAR * share for share in (rate.rate, rate.low, rate.high))
    middle, left, right = y + _THICK / 2, _LEFT + low, _LEFT + high
    whisker = (
        f"M{left:.2f} {middle:.2f}H{right:.2f}M{left:.2f} {middle - 5:.2f}v10"
        f"M{right:.2f} {middle - 5:.2f}v10"
    )
    whiskers = [
        tag("path", d=whisker, class_="pic-whisker-halo"),
        tag("path", d=whisker, class_="pic-whisker"),
    ]
    figure, half = _figure(rate, minimum, words), _LEFT + _BAR / 2
    return "".join(
        (
            label,
            _rect(_LEFT, y, _BAR, class_="pic-track"),
            _rect(_LEFT, y, at, class_="pic-agree"),
            _rect(_LEFT + at, y, max(0.0, high - at), class_="pic-band"),
            tag("path", d=f"M{half:g} {y - 4:g}v{_THICK + 8:g}", class_="pic-half"),
            *(whiskers if rate.has_interval else ()),
            text(_LEFT + _BAR + 10, y + 12.5, figure, "pic-figure"),
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
    shown = []
    names = (words.head_agree, words.head_pass, words.head_disagree)
    for k, name in enumerate(names):
        x = _LEFT + (0, 86, 162)[k]
        shown.append(_segment(x, 4, 14, k, prefix))
        shown.append(text(x + 20, 16.5, name, "pic-small"))
    return "".join(shown)


def _segment(x: float, y: float, width: float, kind: int, prefix: str) -> str:
    """A piece of a bar: 0 agree, 1 pass (dotted), 2 disagree (hatched)."""
    drawn = _rect(x, y, width, class_=("pic-agree", "pic-pass", "pic-disagree")[kind])
    if kind:
        texture = ("", "pass", "disagree")[kind]
        drawn += _rect(x, y, width, fill=f"url(#{prefix}-{texture})")
    return drawn


def _vote_row(rate: Rate, k: int, minimum: int, prefix: str, words: Words) -> str:
    y = _TOP + 24 + k * _ROW
    shown = [_row_label(rate, y, words)]
    if is_withheld(rate, minimum):
        return shown[0] + _withheld_bar(y, words.withheld.format(n=minimum), prefix)
    counts = (rate.tally.agree, rate.tally.passed, rate.tally.disagree)
    x = _LEFT
    for kind, count in enumerate(counts):
        width = _BAR * count / rate.tally.seen
        if count:
            # A thin gap between the segments, so that they are distinct without colour.
            shown.append(_segment(x, y, max(0.5, width - 1), kind, prefix))
        x += width
    figure = " · ".join(str(n) for n in shares(rate.tally)) + "\u00a0%"
    shown.append(text(_LEFT + _BAR + 10, y + 12.5, figure, "pic-figure"))
    return "".join(shown)
