"""Terms of a file, stored: new ones many at once, the last day of others by the verb.

No term is verified by being imported, and no account is made unless that is asked for: an address
in a file proves nothing, and each account is one more way in.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from middleground.core import dates
from middleground.people.bodies.importing.files.entries import TermEntry
from middleground.people.bodies.importing.listed import ListedTerms, is_held_by
from middleground.people.bodies.importing.outcome import Storing, act_of, reason_of
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.bodies.terms import appointed, end_term
from middleground.people.models import Appointment, BodyEvent, Post, User


class TermsOfFile:
    """Stores the terms of a file."""

    def __init__(self, job: Storing, listed: ListedTerms, *, with_accounts: bool) -> None:
        self.job = job
        self.listed = listed
        self.with_accounts = with_accounts
        self.new_accounts: dict[str, User] = {}

    def store(self) -> None:
        new: list[TermEntry] = []
        matched: list[tuple[TermEntry, Appointment]] = []
        claimed: set[int] = set()
        for entry in sorted(self.job.file.terms, key=_order):
            self.job.step()
            if self.job.lacks(entry, "post", entry.post_ref):
                continue
            post = self.job.posts[entry.post_ref]
            term = self.listed.find(entry.outside_id, post, entry.holder, entry.email, entry.since)
            if term is None or term.pk in claimed:
                new.append(entry)
            else:
                claimed.add(term.pk)
                matched.append((entry, term))
        self.job.try_all(
            [
                act_of(entry, self._change, term)
                for entry, term in matched
                if not self._says_nothing_new(entry, term)
            ]
        )
        self._appoint(new)

    def _is_the_same(self, entry: TermEntry, term: Appointment) -> bool:
        there = term.post_id == self.job.posts[entry.post_ref].pk and term.since == entry.since
        return there and is_held_by(term, entry.holder, entry.email)

    def _says_nothing_new(self, entry: TermEntry, term: Appointment) -> bool:
        known = entry.until in (None, term.until) and entry.outside_id in ("", term.outside_id)
        return known and self._is_the_same(entry, term)

    def _change(self, entry: TermEntry, term: Appointment) -> None:
        if not self._is_the_same(entry, term):
            raise BodyRefused(
                "other_term", name=term.name or str(term.post), day=dates.day(term.since)
            )
        if entry.outside_id and not term.outside_id:
            Appointment.objects.filter(pk=term.pk).update(outside_id=entry.outside_id)
            term.outside_id = entry.outside_id
        if entry.until is not None and entry.until != term.until:
            end_term(None, term, entry.until)
            term.until = entry.until
            self.job.outcome.note_done("ended terms", _named(term))

    def _appoint(self, entries: list[TermEntry]) -> None:
        """Add the new terms, with the rules of ``appoint``."""
        done: list[Appointment] = []
        for entry in entries:
            try:
                term = self._new_term(entry, self.job.posts[entry.post_ref])
            except (BodyRefused, ValidationError) as error:
                self.job.tell(entry.place, reason_of(error))
                continue
            done.append(term)
            self.listed.put(term)
        User.objects.bulk_create(self.new_accounts.values())
        Appointment.objects.bulk_create(done)
        BodyEvent.objects.bulk_create(event for term in done for event in appointed(None, term))
        for user in self.new_accounts.values():
            self.job.outcome.note_done("new accounts", user.email)
        for term in done:
            self.job.outcome.note_done("new terms", _named(term))

    def _new_term(self, entry: TermEntry, post: Post) -> Appointment:
        if entry.until is not None and entry.until < entry.since:
            raise BodyRefused("ends_before", day=dates.day(entry.since))
        term = Appointment(
            post=post, name=entry.holder, since=entry.since, until=entry.until,
            outside_id=entry.outside_id,
        )  # fmt: skip
        term.clean_fields(exclude=["post", "user"])
        user = self._account(entry) if self.with_accounts and entry.email else None
        for other in self.listed.at.get(post.pk, ()):
            same = other.user is user if user else not other.user and other.name == term.name
            if same and _overlap(term, other.since, other.until):
                raise BodyRefused("holds_already", name=entry.holder or str(user or post.title))
        if user is not None and user.pk is None:
            self.new_accounts[user.email] = user
        term.user = user
        return term

    def _account(self, entry: TermEntry) -> User:
        """The official's account. A new one has no password until staff give it one."""
        user = self.listed.accounts.get(entry.email)
        if user is None:
            user = User(
                email=entry.email, name=entry.holder[:80], role=User.Role.OFFICIAL,
                password_is_initial=True,
            )  # fmt: skip
            user.set_unusable_password()
            user.clean_fields(exclude=["password"])
            self.listed.accounts[entry.email] = user
        elif not user.is_official:
            raise BodyRefused("staff", name=str(user))
        return user


def _overlap(term: Appointment, since: date, until: date | None) -> bool:
    return (until is None or term.since <= until) and (term.until is None or since <= term.until)


def _named(term: Appointment) -> str:
    last = f" to {term.until}" if term.until else ""
    return f"{term.name or 'somebody'}, {term.post}, from {term.since}{last}"


def _order(entry: TermEntry) -> tuple[bool, str, str, date, str, str]:
    key = (entry.post_ref, entry.since, entry.holder, entry.email)
    return not entry.outside_id, entry.outside_id, *key
