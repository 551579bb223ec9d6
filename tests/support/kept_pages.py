"""A site with kept pages for tests: the page front alone, and every kind of change of a page."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import brotli
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.utils import timezone

from middleground.core.jobs.troubles import note_failure, note_success
from middleground.core.page_cache.front import PageFront
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.lifecycle import actions
from middleground.dialogues.maps import eligibility_actions, publish
from middleground.dialogues.models import Dialogue, Participant, RetentionHold, Statement, Vote
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation import admission, own_data
from middleground.dialogues.privacy import retention
from middleground.dialogues.statements import seeds, submit, topics
from middleground.dialogues.statements.merging import merge
from middleground.dialogues.texts import appeals, decisions
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import VALUES, Ballot, store_votes
from middleground.evidence.cleaning import clean_source
from middleground.evidence.proposals.submit import propose_source
from middleground.evidence.proposals.take_up import take_up
from middleground.publiclog.publisher import publish_log
from middleground.threads.models import Comment
from middleground.threads.submit import comment_on, reply_to
from support.camps import add_voters, publish_after_newcomers
from support.cast import make_dialogue, make_member, make_staff, make_statement
from support.serving.asgi_client import Answer, Voter, server

HOST = (b"host", b"localhost")


class Front:
    """The page front alone, with a store of its own."""

    def __init__(self) -> None:
        server()
        self.front = PageFront(WSGIHandler())

    def get(self, path: str, *headers: tuple[bytes, bytes], query: bytes = b"") -> Answer | None:
        return asyncio.run(self.ask(path, *headers, query=query))

    async def ask(
        self, path: str, *headers: tuple[bytes, bytes], query: bytes = b"", method: str = "GET"
    ) -> Answer | None:
        """The answer; None if the request is left to Django."""
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "query_string": query,
            "headers": [HOST, *headers],
        }  # fmt: skip
        if not await self.front.answered(scope, send):
            assert sent == []
            return None
        start, *bodies = sent
        content = b"".join(message.get("body", b"") for message in bodies)
        found = [(name.decode(), value.decode()) for name, value in start["headers"]]
        decode = {"gzip": gzip.decompress, "br": brotli.decompress}
        content = decode.get(dict(found).get("content-encoding", ""), bytes)(content)
        return Answer(start["status"], found, content.decode())

    def stop(self) -> None:
        for threads in (self.front._threads, self.front._own_pages._thread):
            for done in [threads.submit(connections.close_all) for _ in range(8)]:
                done.result()
        self.front.stop()


class Site:
    """An open dialogue with a map, a closed one with results, a draft, and people."""

    def __init__(self) -> None:
        self.staff = make_staff()
        self.dialogue = make_dialogue(statements=8, takes_comments=True, votes_before_commenting=0)
        self.old, self.draft = make_dialogue("old", 4), make_dialogue("draft", 2, state="draft")
        for dialogue in (self.dialogue, self.old):
            add_voters(dialogue, 40)
            publish.refresh_map(dialogue.pk)
        actions.close_dialogue(self.staff, self.old)
        publish.finalise(self.old.pk)
        self.author = new_token()
        self.waiting = submit.submit_statement(self.dialogue, self.author, "Ships at night only.")
        self.rejected = make_statement(
            self.dialogue, 10, "Buy now!", status="rejected", reason="spam", origin="participant",
            author=Participant.objects.get(pk=self.waiting.author_id),
        )  # fmt: skip
        self.code = admission.make_codes(self.staff, self.dialogue, "invited", 3, "list")[0]

    def vote(self, token: bytes, camp: int = 0) -> None:
        """Vote like one of the two camps of ``add_voters``."""
        voter = Voter(token)
        for statement in self.dialogue.statements.filter(status="approved"):
            value = "agree" if (statement.number + camp) % 2 == 0 else "disagree"
            form = voter.form(statement, value)
            ballot = Ballot("harbour", token, statement.number, VALUES[value], form["proof"])
            store_votes([ballot], StatementPools(), timezone.now())


def _edit(site: Site, **values: Any) -> None:
    actions.edit_dialogue(site.staff, site.dialogue, values)


def _approve(site: Site) -> None:
    decisions.approve(site.staff, site.waiting, site.waiting.state.value)


def _remove_after_the_end(site: Site) -> None:
    statement = site.old.statements.get(number=1)
    decisions.remove(site.staff, statement, statement.state.value, "personal_data")


def publish_new_map(site: Site) -> None:
    add_voters(site.dialogue, 30, first=101)
    assert publish_after_newcomers(site.dialogue) is not None


def _close(site: Site) -> None:
    actions.close_dialogue(site.staff, site.dialogue)


def finish(site: Site) -> None:
    _close(site)
    publish.finalise(site.dialogue.pk)


def _reopen(site: Site) -> None:
    actions.reopen_dialogue(site.staff, site.dialogue)


def _merge(site: Site) -> None:
    one, into = (site.dialogue.statements.get(number=n) for n in (1, 2))
    merge(site.staff, one, one.state.value, into)


def _reject_a_shown_one(site: Site) -> None:
    statement = site.dialogue.statements.get(number=2)
    rejected = decisions.reject(site.staff, statement, statement.state.value, "off_topic")
    waiting = decisions.take_back(site.staff, rejected, rejected.state.value)
    decisions.approve(site.staff, waiting, waiting.state.value)


def _appeal(site: Site) -> None:
    appeals.submit_appeal(site.dialogue, pseudonym(site.dialogue.pk, site.author), 10, "No spam.")
    appeals.change_decision(site.staff, Statement.objects.get(pk=site.rejected.pk))


def _comment(site: Site) -> None:
    statement = site.dialogue.statements.get(number=3)
    comment = comment_on(statement, site.author, "They wake the town.", "against")
    shown = decisions.approve(site.staff, comment, "waiting")
    answer = reply_to(shown, new_token(), "Not all of it.")
    decisions.approve(site.staff, answer, "waiting")


def _withdraw_comment(site: Site) -> None:
    comment = Comment.objects.get(parent=None)
    assert own_data.take_text_back(site.dialogue, site.author, comment.number, kind_of(Comment))


def _take_up(site: Site) -> None:
    parts = {"kind": "law", "title": "Harbour Act", "shows": "It forbids it."}
    proposal = propose_source(site.dialogue, site.author, parts)
    given, _problems = clean_source(parts)
    take_up(site.staff, proposal, "waiting", given)


def _delete_own(site: Site) -> None:
    site.vote(site.author)
    own_data.delete_own_votes(site.dialogue, site.author, texts_too=True)


def _exclude(site: Site) -> None:
    statement = site.dialogue.statements.get(number=3)
    Vote.objects.filter(statement=statement, value=1).update(dealt=False)
    eligibility_actions.exclude_pattern(site.staff, site.dialogue, statement, 1)


def _open_draft(site: Site) -> None:
    actions.open_dialogue(site.staff, site.draft, at_once=True)


def _withdraw(site: Site) -> None:
    actions.withdraw_dialogue(site.staff, Dialogue.objects.get(pk=site.draft.pk))


def _log_grows(site: Site) -> None:
    site.vote(site.author)
    publish_log()


def _hold(site: Site) -> None:
    retention.set_hold(site.staff, site.old, RetentionHold.What.KEY, "A court asks for it.")


def _destroy(site: Site) -> None:
    retention.destroy_key(site.old)


def _sql(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dialogues_dialogue SET question = 'By hand?'")


# In an order in which each is allowed.
CHANGES: dict[str, Callable[[Site], object]] = {
    "a promise is edited": lambda site: _edit(site, promise="The council answers in May."),
    "a background text appears": lambda site: _edit(site, background="The *pier* is old."),
    "a statement is submitted": lambda site: submit.submit_statement(
        site.dialogue, new_token(), "More cranes, please."
    ),
    "a statement is approved": _approve,
    "a statement is rejected, restored and approved": _reject_a_shown_one,
    "a statement is merged": _merge,
    "an appeal is won": _appeal,
    "a comment and an answer are shown": _comment,
    "a comment is withdrawn": _withdraw_comment,
    "a proposed source is taken up": _take_up,
    "seeds are added": lambda site: seeds.add_statements(
        site.staff, site.dialogue, ["A new seed statement."]
    ),
    "votes are stored": lambda site: site.vote(new_token()),
    "votes and statements are deleted": _delete_own,
    "a map is published": publish_new_map,
    "statements are sorted": lambda site: topics.add_topic(
        site.staff, site.dialogue, "Fish", [1, 2]
    ),
    "codes are made": lambda site: admission.make_codes(
        site.staff, site.dialogue, "in_person", 3, "another list"
    ),
    "somebody is admitted": lambda site: admission.admit_with_code(
        site.dialogue, new_token(), site.code
    ),
    "a pattern is set aside": _exclude,
    "copies count twice": lambda site: eligibility_actions.count_copies(
        site.staff, site.dialogue, once=False
    ),
    "a map fails": lambda site: note_failure("renew the map", OSError(), site.dialogue.pk),
    "a map works again": lambda site: note_success("renew the map", site.dialogue.pk),
    "tiers do not count": lambda site: eligibility_actions.choose_tiers(
        site.staff, site.dialogue, ["invited"]
    ),
    "a moderator joins": lambda site: make_member(site.dialogue, "moderator", "m@example.org"),
    "the log grows": _log_grows,
    "a draft is opened": _open_draft,
    "a draft is withdrawn": _withdraw,
    "a dialogue closes": _close,
    "a dialogue is reopened": _reopen,
    "a dialogue is finished": finish,
    "a statement is removed after the end": _remove_after_the_end,
    "a key is held": _hold,
    "a key is destroyed": _destroy,
    "somebody writes SQL": _sql,
}
