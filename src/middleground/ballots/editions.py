"""Print orders: choose statements, make the numbers of sheets, and print them as one PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pypdfium2
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from middleground.ballots.choosing import choose_statements
from middleground.ballots.models import Edition, PrintedForm
from middleground.ballots.wording import wording_in
from middleground.core.refusals import RefusalText, Refused
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.admission import make_form_codes
from middleground.dialogues.translations.languages import TextLanguage
from middleground.dialogues.translations.shown import shown_part, shown_words
from middleground.paper.form import Direction, Form, Paper, PrintedStatement
from middleground.paper.printing import MissingFont, Overfull, lay_out, missing_font, print_sheets
from middleground.people.models import User


class EditionRefused(Refused):
    """Nothing was printed, and no number was made."""

    refusals = {
        "no_statements": RefusalText(
            _("There are no statements to print yet. Add the first ones.")
        ),
        "overfull": RefusalText(
            _("These texts do not fit on a form. Print fewer statements, or not in large print."),
            422,
        ),
        "missing_font": RefusalText(
            _(
                "This server has no font for %(letters)s, so boxes would be printed. Install the "
                "Debian package “%(package)s” and start the server again."
            ),
            503,
        ),
    }


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed.

    ``selections``: how many forms with different statements, among which the ``sheets`` are shared.
    """

    language: str
    paper: str
    large: bool
    own_statement: bool
    statements: int
    selections: int
    sheets: int
    two_sided: bool = True


@transaction.atomic
def print_edition(staff: User, dialogue: Dialogue, order: Order) -> tuple[Edition, bytes]:
    """Make an edition and its PDF. Its sheets cannot be printed again: only hashes are stored.

    Raises ``EditionRefused`` or ``CodesRefused``.
    """
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if package := missing_font(order.language):
        name = TextLanguage(order.language).name
        raise EditionRefused("missing_font", letters=name, package=package)
    last = dialogue.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(
        dialogue=dialogue,
        number=last + 1,
        language=order.language,
        paper=order.paper,
        large=order.large,
        own_statement=order.own_statement,
        sheets=order.sheets,
        made_on=timezone.localdate(),
    )
    try:
        numbers = range(1, order.selections + 1)
        printed = [_print_form(staff, edition, number, order) for number in numbers]
    except MissingFont as missing:
        raise EditionRefused(
            "missing_font", letters=missing.letters, package=missing.package
        ) from missing
    except Overfull as overfull:
        raise EditionRefused("overfull") from overfull
    return edition, _joined(printed)


def _print_form(staff: User, edition: Edition, number: int, order: Order) -> bytes:
    dialogue = edition.dialogue
    name = f"form {edition.number}-{number}"
    statements = choose_statements(dialogue, name, order.statements)
    if not statements:
        raise EditionRefused("no_statements")
    share = order.sheets // order.selections + (number <= order.sheets % order.selections)
    codes, sheets = make_form_codes(staff, dialogue, statements, share)
    form = form_of(edition, number, statements)
    layout = lay_out(form)
    PrintedForm.objects.create(
        edition=edition, number=number, codes=codes, digest=form.digest, layout=layout.to_dict()
    )
    return print_sheets(form, sheets, expected=layout, two_sided=order.two_sided)


def form_of(edition: Edition, number: int, statements: Sequence[int]) -> Form:
    """Everything that is printed on a form, as texts and translations are now."""
    dialogue, language = edition.dialogue, edition.language
    words = wording_in(language, large=edition.large, simulated=dialogue.simulated)
    texts = {each.number: each for each in dialogue.statements.filter(number__in=statements)}
    with translation.override(language):
        question = str(shown_part(dialogue, "question"))
        shown = [
            (each, shown_words(dialogue, each, texts[each].text), texts[each].language)
            for each in statements
        ]
    return Form(
        edition=edition.pk,
        number=number,
        language=language,
        direction=cast("Direction", TextLanguage(language).direction),
        paper=cast("Paper", edition.paper),
        large=edition.large,
        question=question,
        host=dialogue.host_name,
        statements=tuple(
            PrintedStatement(each, str(text), text.language or said) for each, text, said in shown
        ),
        wording=words,
        own_statement=edition.own_statement,
        address=absolute(reverse("entered", args=[dialogue.slug])),
    )


def _joined(files: Sequence[bytes]) -> bytes:
    """One PDF of several."""
    if len(files) == 1:
        return files[0]
    whole = pypdfium2.PdfDocument.new()
    for data in files:
        with pypdfium2.PdfDocument(data) as part:
            whole.import_pages(part)
    target = io.BytesIO()
    whole.save(target)
    return target.getvalue()
