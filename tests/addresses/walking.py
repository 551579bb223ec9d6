"""Every address of the site, from the resolver, and a client for each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from answers.commitments.promised import make_reached
from answers.entered import make_answered_case
from evidence.entered import make_claim
from evidence.proposals.proposing import make_proposal
from middleground.answers.checks.rounds import open_check, open_done_check
from middleground.answers.models import Case
from middleground.core.look.accent import file_name
from middleground.dialogues.models import Dialogue, Statement, VoteSeal
from middleground.dialogues.participation.entries.batches import open_batch
from middleground.dialogues.statements.topics import add_topic
from middleground.dialogues.translations.actions import set_languages
from middleground.evidence.actions.copies import store_copy
from middleground.ledger.records.vote_opening import NONCE_BYTES
from middleground.notices.addresses import token_of
from middleground.notices.following import ask_to_follow, choose_email
from middleground.notices.week.weeks import week_of
from middleground.outreach.campaigns.actions import add_campaign
from middleground.outreach.invitations.actions import RoundText, begin_round
from middleground.outreach.partners.actions import add_partner
from middleground.people.models import Appointment, User
from support.cast import (
    PASSWORD,
    carry,
    make_comment,
    make_dialogue,
    make_member,
    make_official,
    make_participant,
    make_staff,
    make_statement,
    make_vote,
)

ROLES = (
    "anonymous", "participant", "moderator", "facilitator", "administrator", "deactivated",
    "moderator here", "facilitator here", "moderator elsewhere", "facilitator elsewhere",
    "official", "translator here", "helper here",
)  # fmt: skip
# The values for the variables of a route. The first that fits is used.
SAMPLES = {
    "look/<slug:name>": f"look/{file_name('accent', '#922222')}",
    "<slug:digest>": "0123456789abcdef",
    "state/<dialogue_verb:verb>": "state/close",
    "<member_verb:verb>": "deactivate",
    "<body_verb:verb>": "rename",
    "<post_verb:verb>": "rename",
    "<term_verb:verb>": "verify",
    "<case_verb:verb>": "close",
    "<preview_part:part>": "write",
    "<office_verb:verb>": "pause",
    "<commitment_verb:verb>": "slip",
    "<int:case_id>": "{case}",
    "<int:commitment_id>": "{commitment}",
    "concerns/<int:concern>": "concerns/1",
    "<int:post_id>": "{post}",
    "<int:term_id>": "{term}",
    "bodies/<slug:slug>": "bodies/police",
    "<int:member_id>": "{member}",
    "moderation/<int:number>": "moderation/1",
    "mine/<slug:collection>/<int:number>": "mine/comments/10000009",
    "<slug:collection>": "comments",
    "c/<int:number>": "c/10000001",
    "comments/<int:number>": "comments/10000001",
    "<slug:kind>": "statements",
    "mine/<int:number>": "mine/9",
    "<file_format:format_>": "bibtex",
    "passages/<int:passage_number>": "passages/1",
    "<str:code>": "{week}",
    "<str:campaign>": "{campaign}",
    "<str:token>": "{follower}",
    "<int:number>": "1",
    "<int:event>": "2",
    "verify/<str:name>": "verify/verify.mjs",
    "<int:pk>": "1",
    "codes/<int:number>": "codes/1",
    "tier/<slug:label>": "tier/open",
    "<slug:language>": "es",
    "<slug:key>": "statement-1",
    "<slug:slug>": "harbour",
    "<slug:name>": "groups",
    "<slug:code>": "0123456789ab",
    "<str:label>": "A",
    "ledger/<path:path>": "ledger/checkpoint",
    "results/<str:name>": "results/statements.csv",
    "r/<path:content_type_id>/<path:object_id>": "r/1/1",
    "people/user/<path:object_id>": "people/user/{member}",
    "dialogues/dialogue/<path:object_id>": "dialogues/dialogue/{dialogue}",
    "dialogues/statement/<path:object_id>": "dialogues/statement/{statement}",
    "<path:object_id>": "1",
    "<path:rest>": "abc/",
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/abc/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-abc/",
    r"^(?P<app_label>people|dialogues|django_tasks_database)/$": "dialogues/",
    r"(?P<url>.*)$": "nowhere/",
}


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """The distinct patterns of all routes, as Django writes them."""
    seen = set()
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        found = [route] if isinstance(entry, URLPattern) else routes(entry, route)
        for each in found:
            if each not in seen:
                seen.add(each)
                yield each


def address(route: str, site: Site) -> str:
    """An address of the route."""
    for variable, sample in SAMPLES.items():
        route = route.replace(variable, sample)
    assert not set("<>^$") & set(route), f"{route}: SAMPLES says nothing of its variable"
    return route.format(
        member=site.member.pk,
        dialogue=site.statement.dialogue_id,
        statement=site.statement.pk,
        post=site.term.post_id,
        term=site.term.pk,
        case=site.case.pk,
        commitment=site.case.commitments.get().pk,
        week=week_of(site.case.opened_on).code,
        follower=token_of(site.case.followers.get()),
        campaign=site.case.dialogue.campaigns.get().code,
    )


@dataclass(frozen=True, slots=True)
class Site:
    """An open dialogue; staff of each role; a participant with a vote and a rejected statement.

    Whoever is "here" has a role in this dialogue only, and who is "elsewhere" in another one. The
    official may publish for the term's post, and answered the case.
    """

    member: User
    statement: Statement
    term: Appointment
    case: Case
    staff: dict[str, User]
    token: bytes
    sessions: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def client(self, role: str, *, enforce_csrf_checks: bool = False) -> Iterator[Client]:
        """A browser of that role; its changes are undone afterwards."""
        client = Client(enforce_csrf_checks=enforce_csrf_checks, raise_request_exception=False)
        if role == "participant":
            carry(client, self.token)
        elif role in self.staff:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session(role)
        with transaction.atomic():
            if role == "deactivated":  # while a session is open
                User.objects.filter(pk=self.staff[role].pk).update(is_active=False)
            yield client
            transaction.set_rollback(True)

    def session(self, role: str) -> str:
        """A session of the role, signed in to once, because that is a third of a visit."""
        if role not in self.sessions:
            client = Client()
            client.force_login(self.staff[role])
            self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[role]


def make_site() -> Site:
    dialogue = make_dialogue(takes_comments=True, votes_before_commenting=0)
    token, author = make_participant(dialogue)
    statement = dialogue.statements.get(number=1)
    make_comment(statement, "It smells of fish.", 10_000_001, author=author)
    make_comment(
        statement, "Not shown, either.", 10_000_009, author=author, status="rejected", reason="spam"
    )
    make_vote(author, statement, 1)
    names = ("client_nonce", "server_nonce", "salt")
    VoteSeal.objects.create(
        participant_id=author.pk, statement=statement, **dict.fromkeys(names, bytes(NONCE_BYTES))
    )
    make_statement(
        dialogue, 9, "Not shown.", origin="participant", author=author,
        status="rejected", reason="spam", reviewed=True,
    )  # fmt: skip
    staff = {
        "moderator": make_staff("moderator", "moderator@example.org"),
        "facilitator": make_staff("facilitator", "facilitator@example.org"),
        "administrator": User.objects.create_superuser("administrator@example.org", PASSWORD),
        "deactivated": make_staff("facilitator", "gone@example.org"),
    }
    _work_of_staff(staff["facilitator"], dialogue)
    make_proposal(dialogue, token)
    dialogue.staff_actions.all().delete()  # the administration is asked for one that is not there
    for place, where in (("here", dialogue), ("elsewhere", make_dialogue("airport"))):
        for role in ("moderator", "facilitator"):
            email = f"{role}.{place}@example.org"
            staff[f"{role} {place}"] = make_member(where, role, email)
    term = make_official(staff["facilitator"], "Police", "Chief")
    case = make_answered_case(staff["facilitator"], dialogue, term)
    open_done_check(make_reached(case, term))
    choose_email(dialogue, on=True)
    ask_to_follow(case, "ana@mail.example")
    open_check(case)
    assert term.user
    staff["official"] = term.user
    staff |= _volunteers(staff["facilitator"], dialogue)
    return Site(make_staff("moderator", "member@example.org"), statement, term, case, staff, token)


def _volunteers(facilitator: User, dialogue: Dialogue) -> dict[str, User]:
    """A translator, and a helper with a batch."""
    translator = make_member(dialogue, "translator", "translator@example.org")
    helper = make_member(dialogue, "helper", "helper@example.org")
    where = {"channel": "telephone", "place": "Library", "organization": "Port City"}
    open_batch(facilitator, dialogue, helper=helper, most=5, **where)
    return {"translator here": translator, "helper here": helper}


def _work_of_staff(facilitator: User, dialogue: Dialogue) -> None:
    """A claim, a source with a copy, a topic, a language, and something of each way to people."""
    make_claim(facilitator, dialogue)
    store_copy(facilitator, dialogue.sources.get(number=1), b"What it says.")
    add_topic(facilitator, dialogue, "Fish", [1])
    set_languages(facilitator, dialogue, "en", ["es"])
    add_campaign(facilitator, dialogue, "Radio")
    add_partner(facilitator, dialogue, "Dock Workers’ Union")
    begin_round(dialogue, RoundText("invitation", "en", "The port invites you.", 60), "a-form")
