"""Which body is part of which, in whatever order a file names them; circles are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from middleground.people.bodies.importing.files.entries import BodyEntry
from middleground.people.bodies.importing.listed import ListedBodies
from middleground.people.bodies.importing.outcome import Storing
from middleground.people.models import Body
from middleground.polis.csv_file import quoted


class Parents:
    """Resolves the parents that entries name: a new body of the file, or one on the list."""

    def __init__(self, job: Storing, listed: ListedBodies, new: Iterable[BodyEntry]) -> None:
        self.job = job
        self.listed = listed
        self.new = {entry.ref: entry for entry in new}
        self._of_file = {body.pk for body in job.bodies.values()}
        self._by_id: dict[str, BodyEntry] = {}
        self._called: dict[str, list[BodyEntry]] = {}
        self._parents: dict[str, str | Body] = {}  # by the child's ref: a ref of the file or a body
        for entry in job.file.bodies:
            if entry.outside_id:
                self._by_id[entry.outside_id] = entry
            self._called.setdefault(entry.name.casefold(), []).append(entry)

    def find(self, entry: BodyEntry) -> bool:
        """Resolve the parent; if that is impossible, leave the entry out."""
        if not entry.parent:
            return True
        found = self._candidates(entry)
        if len(found) == 1:
            self._parents[entry.ref] = found[0]
            return True
        name = quoted(entry.parent)
        self.job.leave_out(
            entry.place,
            entry.ref,
            f"it would be part of “{name}”, but several bodies are called so. Write the id of the"
            " one that is meant, or give the bodies different names."
            if found
            else f"it would be part of “{name}”, which is neither in the file nor on the list. Add"
            " it, or correct the name.",
        )
        return False

    def of(self, entry: BodyEntry) -> Body | None:
        """The parent, once it is on the list."""
        parent = self._parents.get(entry.ref)
        return self.job.bodies.get(parent) if isinstance(parent, str) else parent

    def layers(self) -> Iterator[list[BodyEntry]]:
        """The new bodies, parents before children. Ask for each when the one before is stored."""
        children: dict[str, list[BodyEntry]] = {}
        layer: list[BodyEntry] = []
        waiting: dict[str, BodyEntry] = {}
        for entry in self.new.values():
            parent = self._parents[entry.ref] if self.find(entry) and entry.parent else None
            if isinstance(parent, str) and parent in self.new:
                children.setdefault(parent, []).append(entry)
                waiting[entry.ref] = entry
            else:
                layer.append(entry)
        while layer:
            yield [entry for entry in layer if self._may_be_stored(entry)]
            layer = [child for entry in layer for child in children.get(entry.ref, ())]
            for child in layer:
                del waiting[child.ref]
        self._tell_circles(waiting)

    def _may_be_stored(self, entry: BodyEntry) -> bool:
        parent = self._parents.get(entry.ref)
        if entry.ref not in self.job.file.left_out and isinstance(parent, str):
            if parent in self.job.file.left_out:
                reason = "was left out. Mend that first."
                self.job.leave_out(entry.place, entry.ref, f"“{entry.parent}” {reason}")
            elif parent in self.job.settled:
                reason = "no longer exists, so nothing can be part of it."
                self.job.leave_out(entry.place, entry.ref, f"“{entry.parent}” {reason}")
        return entry.ref not in self.job.file.left_out

    def _tell_circles(self, waiting: dict[str, BodyEntry]) -> None:
        """Whoever waits in vain is in a circle, or below one."""
        seen: dict[str, int] = {}
        for number, start in enumerate(waiting):
            path: list[str] = []
            ref = start
            while ref not in seen:
                seen[ref] = number
                path.append(ref)
                ref = str(self._parents[ref])
            circle = path[path.index(ref) :] if seen[ref] == number else []
            names = " → ".join(f"“{quoted(waiting[each].name)}”" for each in [*circle, *circle[:1]])
            for each in path:
                reason = (
                    f"it would be part of itself: {names}. Take one of these parents out."
                    if each in circle
                    else f"“{waiting[each].parent}” was left out. Mend that first."
                )
                self.job.leave_out(waiting[each].place, each, reason)

    def _candidates(self, entry: BodyEntry) -> list[str | Body]:
        name = entry.parent
        if name in self._by_id:
            return [self._by_id[name].ref]
        if name in self.listed.by_id:
            return [self.listed.by_id[name]]
        of_file = [
            each.ref for each in self._called.get(name.casefold(), ()) if each.ref != entry.ref
        ]
        others = self.listed.called.get(name.casefold(), ())
        return [*of_file, *(body for body in others if body.pk not in self._of_file)]
