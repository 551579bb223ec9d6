"""Reading and writing files of sources, and importing what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.evidence.actions.sources import next_source_number
from middleground.evidence.cleaning import clean_source, identity_of
from middleground.evidence.exchange.bibtex import read_bibtex, write_bibtex
from middleground.evidence.exchange.csl_json import read_csl_json, write_csl_json
from middleground.evidence.exchange.entries import FileEntry, FileFormat, FileRefused, decode
from middleground.evidence.exchange.ris import read_ris, write_ris
from middleground.evidence.models import Source
from middleground.people.models import User

_READERS: dict[FileFormat, Callable[[str], Iterable[FileEntry]]] = {
    FileFormat.BIBTEX: read_bibtex,
    FileFormat.RIS: read_ris,
    FileFormat.CSL_JSON: read_csl_json,
}
_WRITERS: dict[FileFormat, Callable[[Sequence[Source]], str]] = {
    FileFormat.BIBTEX: write_bibtex,
    FileFormat.RIS: write_ris,
    FileFormat.CSL_JSON: write_csl_json,
}
ENDINGS = {FileFormat.BIBTEX: "bib", FileFormat.RIS: "ris", FileFormat.CSL_JSON: "json"}
ROWS_AT_ONCE = 500


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do."""

    added: int = 0
    known: int = 0  # there already, or twice in the file
    problems: list[str] = field(default_factory=list)


def read_file(content: bytes) -> list[FileEntry]:
    """All entries of a file in any of the formats. Raises ``FileRefused``."""
    text = decode(content)
    return list(_READERS[_format_of(text)](text))


def _format_of(text: str) -> FileFormat:
    beginning = text.lstrip()
    if beginning.startswith(("[", "{")):
        return FileFormat.CSL_JSON
    if any(line.startswith("TY  -") for line in beginning.split("\n")):
        return FileFormat.RIS
    if any(line.lstrip().startswith("@") for line in beginning.split("\n")):
        return FileFormat.BIBTEX
    raise FileRefused("unknown_format")


def write_file(dialogue: Dialogue, format_: FileFormat) -> str:
    """The dialogue's sources, without those that are withdrawn."""
    return _WRITERS[format_](list(dialogue.sources.filter(withdrawn="").order_by("number")))


def import_sources(
    staff: User | None,
    dialogue: Dialogue,
    entries: Iterable[FileEntry],
    *,
    strict: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Add the entries that are new; a second import of the same changes nothing.

    References are formatted later, by a job. With ``strict``, raises ``FileRefused`` if any entry
    is bad. With ``dry_run`` nothing is stored.
    """
    report, new = ImportReport(), list[Source]()
    checked = [_checked(dialogue, entry, report) for entry in entries]
    if strict and report.problems:
        raise FileRefused("strict", count=len(report.problems))
    with transaction.atomic():
        Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        pairs = dialogue.sources.values_list("identity", "imported_identity")
        known = {identity for pair in pairs for identity in pair}
        number = next_source_number(dialogue)
        for source in filter(None, checked):
            if source.identity in known:
                report.known += 1
                continue
            known.add(source.identity)
            source.number = number + len(new)
            new.append(source)
        report.added = len(new)
        if new and not dry_run:
            Source.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
            log_staff_action(
                staff, dialogue, Verb.IMPORT_SOURCES, count=len(new), first=new[0].number
            )
    return report


def _checked(dialogue: Dialogue, entry: FileEntry, report: ImportReport) -> Source | None:
    """The entry as a source; None, and a line in the report, if it cannot be stored."""
    problem = entry.problem
    if not problem:
        values, wrong = clean_source(entry.values)
        problem = " ".join(f"{_label(name)}: {why}" for name, why in wrong.items())
    if problem:
        report.problems.append(
            _("%(place)s: %(problem)s")
            % {"place": entry.place[:1].upper() + entry.place[1:], "problem": problem}
        )
        return None
    identity = identity_of(values["title"], values["authors"], values["published"], values["doi"])
    return Source(
        dialogue=dialogue,
        added_on=timezone.localdate(),
        identity=identity,
        imported_identity=identity,
        **values,
    )


def _label(name: str) -> str:
    return str(Source._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
