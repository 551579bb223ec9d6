"""Sources: what evidence a dialogue's claims rest on."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.dialogues.models import Dialogue
from middleground.threads.models import Thread

if TYPE_CHECKING:
    from middleground.evidence.models.address_state import AddressState

LONGEST_ADDRESS = 1_000
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def validate_partial_date(text: str) -> None:
    """Accept a year, a month or a day: 2019, 2019-05, 2019-05-03."""
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part or 1) for part in found.groups())
        date(year, month, day)
    except ValueError:
        raise ValidationError(
            _("Write a year, a month or a day: 2019, 2019-05 or 2019-05-03."), "date"
        ) from None


def validate_web_address(text: str) -> None:
    """Accept http and https with a host, and nothing that a browser would run."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        good = False
    if not good or any(letter.isspace() or not letter.isprintable() for letter in text):
        raise ValidationError(_("Write an address that starts with http:// or https://."), "web")


def validate_language(text: str) -> None:
    if not _LANGUAGE.fullmatch(text):
        raise ValidationError(_("Write a language’s short name, such as en or es-MX."), "language")


class Source(models.Model):
    """A document, data set or testimony on which claims rest."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        STUDY = "study", _("study")
        SURVEY = "survey", _("survey")
        LAW = "law", _("law")
        DATASET = "dataset", _("dataset")
        TESTIMONY = "testimony", _("testimony")
        NEWS = "news", _("news")

    class Evidence(models.TextChoices):
        """What kind of evidence it is. The order says nothing about how strong it is."""

        CONTROLLED = "controlled", _("controlled study")
        OBSERVED = "observed", _("observational study")
        REVIEW = "review", _("review of several studies")
        SAMPLE = "sample", _("survey of a sample")
        STATISTICS = "statistics", _("official statistics")
        LEGAL = "legal", _("text of a law, rule or judgment")
        RECORD = "record", _("record or document of a body")
        REPORTING = "reporting", _("news reporting")
        EXPERT = "expert", _("opinion of an expert")
        TESTIMONY = "testimony", _("single testimony")
        OTHER = "other", _("not said")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="sources")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=500)
    # One a line: "Doe, Jane" is a person, a line without a comma or in braces an organisation.
    authors = models.TextField(_("authors"), blank=True, max_length=4_000)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    published = models.CharField(
        _("date"), max_length=10, blank=True, validators=[validate_partial_date]
    )
    appeared_in = models.CharField(_("appeared in"), max_length=300, blank=True)
    volume = models.CharField(pgettext_lazy("of a journal", "volume"), max_length=40, blank=True)
    issue = models.CharField(pgettext_lazy("of a journal", "issue"), max_length=40, blank=True)
    pages = models.CharField(_("pages"), max_length=60, blank=True)
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    address = models.CharField(
        _("address"), max_length=LONGEST_ADDRESS, blank=True, validators=[validate_web_address]
    )
    language = models.CharField(
        _("language"), max_length=35, blank=True, validators=[validate_language]
    )
    evidence = models.CharField(
        _("kind of evidence"), max_length=10, choices=Evidence.choices, default=Evidence.OTHER
    )
    funding = models.CharField(_("who paid for it"), max_length=300, blank=True)
    # Why staff withdrew it. Number and address stay, so that what cites it leads somewhere.
    withdrawn = models.CharField(max_length=300, blank=True)
    # A participant proposed it. Nothing else of the proposal is public.
    proposed = models.BooleanField(default=False, editable=False)
    added_on = models.DateField()
    # Tells an edit in a second tab that the source was changed meanwhile.
    revision = models.PositiveIntegerField(default=0)
    # What makes it the same source, as it is now and as it was when it was imported.
    identity = models.CharField(max_length=64)
    imported_identity = models.CharField(max_length=64, blank=True)
    # The formatted reference; empty until it is made (references.py).
    reference = models.TextField(blank=True)
    copy_hash = models.CharField(max_length=64, blank=True)
    copy_type = models.CharField(max_length=20, blank=True)
    copy_bytes = models.PositiveIntegerField(default=0)
    # SHA-256 of the document by which the public log has it (actions/public_log.py).
    logged = models.CharField(max_length=64, blank=True)
    logged_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar[list[str]] = ["dialogue", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="source_number_once"),
            models.UniqueConstraint(fields=["dialogue", "identity"], name="source_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.dialogue.slug, self.number])

    @property
    def looked_at(self) -> AddressState | None:
        """What is known of its address; None if nobody looked at this one."""
        state: AddressState | None = getattr(self, "address_state", None)
        return state if state and state.address == self.address else None

    @property
    def kind_tells_evidence(self) -> bool:
        """Whether its kind of evidence would only repeat its kind."""
        return (self.kind, self.evidence) in {
            (self.Kind.LAW, self.Evidence.LEGAL),
            (self.Kind.NEWS, self.Evidence.REPORTING),
        }

    @property
    def author_lines(self) -> list[str]:
        """The authors as pages show them."""
        lines = (line.strip() for line in self.authors.splitlines())
        return [line.removeprefix("{").removesuffix("}") for line in lines if line]

    @property
    def year(self) -> str:
        return self.published[:4]

    @property
    def shown_reference(self) -> str:
        """The formatted reference, or a short one until it is made."""
        if self.reference:
            return self.reference
        who = "; ".join(self.author_lines)
        year = f"({self.year})" if self.year else ""
        return " ".join(part for part in (who, year, f"{self.title}.") if part)


class SourceThread(models.Model):
    """The thread below a source."""

    source = models.OneToOneField(
        Source, models.CASCADE, primary_key=True, related_name="thread_link"
    )
    thread = models.OneToOneField(Thread, models.CASCADE, related_name="source_link")

    def __str__(self) -> str:
        return f"thread of source {self.source_id}"
