"""The picture of people: where the groups lie, how large they are, where you are.

Each mark stands for some people who voted most alike, so the picture shows how people really lie,
and nobody alone. The axes have no names because the software does not know what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from middleground.engine.facts import Group, MapFacts
from middleground.pictures.glyphs import many_marks, mark, striped_in_print
from middleground.pictures.labels import ENGLISH, Words, participant_count, who
from middleground.pictures.layout import box_at
from middleground.pictures.palette import EVERYONE_STYLE, GROUP_STYLES, GroupStyle, style_of
from middleground.pictures.people.described import MapOptions, description, missing, title
from middleground.pictures.people.drawing import (
    label_width,
    leader,
    pin,
    pin_box,
    sheet_end,
    sheet_start,
)
from middleground.pictures.people.sheet import (
    LABEL_HEIGHT,
    LINE_HEIGHT,
    WIDTH,
    Frame,
    Point,
    scene,
)
from middleground.pictures.svg import picture, tag, text

_EMPTY = Frame(240.0)


def opinion_map(
    facts: MapFacts,
    statement_texts: Mapping[int, str] | None = None,
    *,
    you: Point | None = None,
    zoom: str | None = None,
    rounding: int = 1,
    minimum: int = 5,
    href: Callable[[str], str] | None = None,
    prefix: str = "map",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """The map of ``facts`` as SVG text.

    ``you`` is a position in the map's plane. ``zoom`` is the label of the group that fills the
    sheet. Sizes are shown in steps of ``rounding`` and never below ``minimum``. ``href`` gives the
    link of a group's marks. ``statement_texts`` let the description say what characterizes each
    group. Raises ValueError if there is no group ``zoom``.
    """
    options = MapOptions(zoom, rounding, minimum, href, prefix, words, standalone)
    texts = statement_texts or {}
    if zoom is not None and zoom not in {group.label for group in facts.groups}:
        raise ValueError(f"There is no group {zoom!r} to zoom to.")
    if facts.status == "too_little":
        return _empty_picture(facts, replace(options, href=None))
    return PeoplePicture(facts, texts, options).svg(you)


class PeoplePicture:
    """The map of people, of which only a few parts differ by reader."""

    def __init__(
        self, facts: MapFacts, statement_texts: Mapping[int, str], options: MapOptions
    ) -> None:
        if not facts.groups:  # without distinct groups, from an engine that told of none
            facts = replace(facts, groups=(Group("", 0, 0, (0, 0), (1, 0, 1), ()),))
        self._one = facts.status == "one_group"
        self._facts = facts
        self._options = replace(options, href=None) if self._one else options
        self._sizes = {group.label: self._size_of(group) for group in facts.groups}
        name = options.words.no_groups if self._one else ""
        widths = {label: label_width([size, name]) for label, size in self._sizes.items()}
        self._scene = scene(facts, options.zoom, widths, 2 if facts.marks else 1)
        self._labels = self._labels_at(self._scene.labels)
        self._title = title(facts, options)
        self._description = description(facts, statement_texts, options)

    def svg(self, you: Point | None) -> str:
        about, labels_and_pin = self.own_part(you) if you else ("", self._labels)
        return self.with_own_part(about, labels_and_pin)

    def with_own_part(self, about: str, labels_and_pin: str) -> str:
        """The whole picture with what ``own_part`` gave."""
        frame = self._scene.frame
        body = "".join(
            (
                sheet_start(frame, self._options.prefix, self._patterns()),
                *(self._marks(group) for group in self._facts.groups),
                labels_and_pin,
                sheet_end(frame),
                self._caption(),
            )
        )
        told = f"{self._description} {about}".rstrip()
        return _whole(body, told, frame, self._title, self._options)

    def own_part(self, you: Point) -> tuple[str, str]:
        """A sentence on one's own place for the description, and the labels with the pin.

        Somebody beyond the edge has their pin at the edge: if the sheet followed everybody, one
        person far out would shrink the picture of all others.
        """
        words, frame, placed = self._options.words, self._scene.frame, self._scene
        point, about = placed.plane.point(*you), words.you_desc
        if not frame.holds(*point):
            if self._options.zoom is not None:
                return words.you_outside, self._labels
            about = words.you_beyond
        point = frame.nearest(*point)
        own = pin_box(point)
        places = placed.labels_off(own)
        labels = self._labels if places is placed.labels else self._labels_at(places)
        boxes = [own]
        boxes += [box_at(*at, placed.widths[g], LABEL_HEIGHT) for g, at in places.items()]
        return about, labels + pin(point, words.you, [*boxes, *placed.boxes], frame)

    def _size_of(self, group: Group) -> str:
        """A group's size in words; without distinct groups that of everyone on the map."""
        facts, options = self._facts, self._options
        size = facts.diagnostics.eligible if self._one else group.size
        return participant_count(size, options.words, options.rounding, options.minimum)

    def _style(self, group: Group) -> GroupStyle:
        return EVERYONE_STYLE if self._one else style_of(group.label)

    def _is_striped(self, group: Group) -> bool:
        """All but the first, so that groups differ in a grey print by more than their shapes."""
        return bool(self._facts.marks) and self._style(group) not in _PLAIN

    def _pattern(self, group: Group) -> str:
        return f"{self._options.prefix}-mark-{group.label}"

    def _patterns(self) -> list[str]:
        groups = filter(self._is_striped, self._facts.groups)
        return [striped_in_print(self._pattern(group), self._style(group)) for group in groups]

    def _marks(self, group: Group) -> str:
        """All marks of a group as one path, which links to the group."""
        places, style = self._scene.marks[group.label], self._style(group)
        options, scene = self._options, self._scene
        if not places:
            return ""
        striped = self._is_striped(group)
        shown = tag(
            "path",
            d=many_marks(style.shape, places, scene.mark_size),
            class_=f"pic-people {style.css}" + ("" if striped else " pic-sure"),
            fill=f"url(#{self._pattern(group)})" if striped else None,
        )
        if options.zoom not in (None, group.label):
            shown = tag("g", shown, class_="pic-far")
        return self._linked(shown, group.label)

    def _linked(self, shown: str, group: str) -> str:
        options = self._options
        if options.href is None:
            return shown
        return tag("a", shown, href=options.href(group), aria_label=who(group, options.words))

    def _labels_at(self, places: Mapping[str, Point]) -> str:
        return "".join(self._label(label, *at) for label, at in places.items())

    def _label(self, label: str, x: float, y: float) -> str:
        """Shape and letter with the size below; without distinct groups, that there are none."""
        size = text(x, y + 17, self._sizes[label], "pic-halo", "middle")
        if self._one:
            name = self._options.words.no_groups
            return text(x, y - 2, name, "pic-strong pic-halo", "middle") + size
        style = style_of(label)
        shape = mark(style.shape, x - 13, y - 11, 15, style.css)
        letter = text(x + 9, y - 2, label, "pic-letter pic-halo", "middle")
        if self._scene.marks[label]:  # by shape and colour they tell whose label it is
            return shape + letter + size
        line = leader(self._scene, label, box_at(x, y, self._scene.widths[label], LABEL_HEIGHT))
        return self._linked(shape + letter + size, label) + line

    def _caption(self) -> str:
        facts, words = self._facts, self._options.words
        lines = [words.map_caption]
        if facts.marks:
            least, most = facts.people_per_mark, facts.most_per_mark
            lines.insert(0, words.marks_caption(most).format(n=least, most=most))
        below = self._scene.frame.sheet.bottom + 21
        return "".join(
            text(WIDTH / 2, below + LINE_HEIGHT * k, line, "pic-soft pic-small", "middle")
            for k, line in enumerate(lines)
        )


_PLAIN = (GROUP_STYLES[0], EVERYONE_STYLE)


def _empty_picture(facts: MapFacts, options: MapOptions) -> str:
    words, sheet = options.words, _EMPTY.sheet
    lines = [missing(item, words) for item in facts.unmet_minimums]
    top, middle = (sheet.top + sheet.bottom) / 2 - 12 * len(lines), WIDTH / 2
    shown = [text(middle, top, words.too_little, "pic-strong pic-halo", "middle")]
    for k, line in enumerate(lines):
        shown.append(text(middle, top + 28 + 22 * k, line, "pic-soft pic-halo", "middle"))
    body = sheet_start(_EMPTY, options.prefix, []) + "".join(shown) + sheet_end(_EMPTY)
    told = description(facts, {}, options)
    return _whole(body, told, _EMPTY, title(facts, options), options)


def _whole(body: str, desc: str, frame: Frame, heading: str, options: MapOptions) -> str:
    return picture(
        body,
        prefix=options.prefix,
        size=(WIDTH, round(frame.height)),
        title=heading,
        desc=desc,
        class_="pic-wide",
        links=options.href is not None,
        standalone=options.standalone,
    )
