"""The person for whom a helper is entering something: a cookie of the helper's browser."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from middleground.dialogues.desk.statements.chosen import is_number
from middleground.dialogues.identity.admission_codes import PRINTED_LENGTH, parse_code
from middleground.dialogues.models import EntryBatch
from middleground.dialogues.translations.languages import languages_of

COOKIE = "person-at-hand"
SECONDS = 2 * 60 * 60  # longer than a visit, in case a helper forgets to finish


@dataclass(frozen=True, slots=True)
class PersonAtHand:
    """The person's number, the language in which they are asked, and rows left blank on their form.

    The server stores neither. The cookie is sent to the pages of its batch only.
    """

    number: str
    language: str
    blank: tuple[int, ...] = ()

    def keep(self, response: HttpResponse, batch: EntryBatch) -> None:
        response.set_cookie(
            COOKIE,
            f"{self.number}.{self.language}.{'_'.join(map(str, self.blank))}",
            max_age=SECONDS,
            path=_path(batch),
            secure=True,
            httponly=True,
            samesite="Strict",
        )


def forget_person(response: HttpResponse, batch: EntryBatch) -> None:
    response.set_cookie(
        COOKIE, "", max_age=0, path=_path(batch), secure=True, httponly=True, samesite="Strict"
    )


def person_at_hand(request: HttpRequest, batch: EntryBatch) -> PersonAtHand | None:
    """None if there is nobody, or if the cookie is damaged."""
    number, language, *rest = [*request.COOKIES.get(COOKIE, "").split(".")[:3], "", ""]
    if len(number) != PRINTED_LENGTH or parse_code(number) != number:
        return None
    numbers = [int(each) for each in rest[0].split("_") if is_number(each)]
    known = language if language in languages_of(batch.dialogue) else ""
    return PersonAtHand(number, known, tuple(numbers))


def _path(batch: EntryBatch) -> str:
    return reverse("desk_batch", args=[batch.dialogue.slug, batch.number])
