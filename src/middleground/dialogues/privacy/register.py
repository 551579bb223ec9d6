"""What an installation holds, as one table of facts: what, where, how long, and what it shows.

The page "What we know about you", ``middleground what-we-hold`` and the tests all read this table.
A column of the database that stands nowhere here fails the build: first say what it tells, then
store it. Nothing here reads a database; ``inventory.py`` counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from middleground.dialogues.privacy.register_cookies import COOKIES as COOKIES
from middleground.dialogues.privacy.register_files import ELSEWHERE as ELSEWHERE
from middleground.dialogues.privacy.register_files import FILES as FILES
from middleground.dialogues.privacy.register_files import NEVER as NEVER
from middleground.dialogues.privacy.register_files import HeldFile as HeldFile
from middleground.dialogues.privacy.register_files import Text


class Whose(Enum):
    YOURS = "yours"  # comes from a participant
    PUBLIC = "public"  # made for everyone to see, or about a dialogue as a whole
    STAFF = "staff"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing in the database. ``columns``: table and column names, exactly."""

    what: Text
    whose: Whose
    columns: dict[str, str]
    how_long: Text
    without_keys: Text
    with_keys: Text

    def names(self) -> set[tuple[str, str]]:
        return {(table, name) for table, all_ in self.columns.items() for name in all_.split()}


_NO_MORE = _("Nothing more.")
_UNTIL_DELETED = _(
    "Until you delete your votes, which you can while the dialogue is open. What was counted when"
    " it closed stays."
)

HELD = (
    Held(
        _("A number that stands for you in one dialogue, and by which way you came in"),
        Whose.YOURS,
        {"dialogues_participant": "id dialogue_id tier simulated"},
        _(
            "Until you delete your votes, which you can while the dialogue is open; if a code"
            " admitted you, that stays, as the code admits nobody again. What was counted when it"
            " closed stays."
        ),
        _(
            "How many took part and by which way. Not who: the number is made from a token in your"
            " browser and the key, and differs in every dialogue."
        ),
        _(
            "Whoever also has your cookie or your twelve words finds your number. After the key is"
            " destroyed nobody does."
        ),
    ),
    Held(
        _("Your votes: number, statement, answer, and whether we chose the statement for you"),
        Whose.YOURS,
        {"dialogues_vote": "participant_id statement_id value dealt"},
        _UNTIL_DELETED,
        _(
            "The votes of each number side by side, without name, time or order. Whoever knows"
            " several of your votes for certain could look for the row that fits."
        ),
        _("With your cookie or twelve words, your votes; after the key is destroyed not even so."),
    ),
    Held(
        _(
            "What you write: the text, the day on which it came, what a moderator decided, and your"
            " number"
        ),
        Whose.YOURS,
        {
            "dialogues_statement": "id dialogue_id number text dedup_hash origin author_id status"
            " reason salt reviewed merged_into_id received_on rejected_on"
        },
        _(
            "The text of a statement that is not shown is deleted seven days after the decision,"
            " unless there is a hold or you wait for a second look. Your number is taken off when"
            " you ask, and from all statements when the key is destroyed; what still waits then is"
            " deleted."
        ),
        _(
            "All texts, also those that wait or were rejected in the last days, each beside the"
            " number of its author. Whoever knows that you wrote a text finds your votes by it,"
            " until your number is taken off."
        ),
        _("Nothing more, but by your cookie or twelve words also what you wrote."),
    ),
    Held(
        _("What you say when you ask for a second look at a decision, and how that ended"),
        Whose.YOURS,
        {"dialogues_appeal": "id statement_id text outcome"},
        _(
            "Until the decision is changed, or the statement's text is deleted: while you wait, at"
            " most thirty days after the first decision, unless there is a hold. You can take it"
            " back with your votes."
        ),
        _("Your words beside the statement, and by it beside your number."),
        _NO_MORE,
    ),
    Held(
        _(
            "What opens the sealed votes of the public log: your number, the statement, the answer,"
            " two random numbers and the place in the log"
        ),
        Whose.YOURS,
        {"dialogues_voteseal": "participant_id statement_id turn value client server leaf"},
        _(
            "Until you take the vote back or delete your votes, which you can while the dialogue is"
            " open; of all votes until the key is destroyed."
        ),
        _(
            "Which entries of the public log are one number's, also of answers that were changed"
            " later; and by the place, in which batch of mostly twenty people or more a vote came."
            " Batches are public, so this tells about when it was given, to within one batch."
        ),
        _("With your cookie or twelve words, which entries are yours."),
    ),
    Held(
        _("How many people, votes and statements came on each day, of everyone together"),
        Whose.YOURS,
        {"dialogues_dailycount": "id dialogue_id day participants votes statements"},
        _("As long as the dialogue."),
        _(
            "The sums of each day. Beside the batches of the public log this is all that is held"
            " about when anybody took part."
        ),
        _NO_MORE,
    ),
    Held(
        _("Codes that admit people: of each a keyed hash, and whether it was used"),
        Whose.PUBLIC,
        {
            "dialogues_code": "mark batch_id used",
            "dialogues_codebatch": "id dialogue_id tier kind size used withdrawn valid_until form"
            " made_at logged",
        },
        _("As long as the dialogue."),
        _("How many codes were made, when, and how many were used. Not by whom: no row says it."),
        _("Whether a code that somebody has was used. Not which number came in by it."),
    ),
    Held(
        _("Patterns that the host set aside, as rules about a statement"),
        Whose.PUBLIC,
        {"dialogues_setaside": "id dialogue_id statement_id value"},
        _("Until the host takes it back."),
        _("The rules, which are public. They name nobody."),
        _NO_MORE,
    ),
    Held(
        _("How often each statement was put before people, as sums"),
        Whose.PUBLIC,
        {"dialogues_statementexposure": "statement_id dealt expected"},
        _("As long as the dialogue; in the open data."),
        _("The sums."),
        _NO_MORE,
    ),
    Held(
        _("The dialogue: its question, texts, period and rules"),
        Whose.PUBLIC,
        {
            "dialogues_dialogue": "id slug question background host_name promise state opens_at"
            " closes_at moderation statement_limit minimum_shown key_days key_destroyed_on"
            " open_participation uncounted_tiers copies_count_once"
            " simulated imported revision"
        },
        _("As long as the host keeps it."),
        _("What its page shows, drafts included."),
        _NO_MORE,
    ),
    Held(
        _("The opinion maps that were published: sums over many people"),
        Whose.PUBLIC,
        {
            "dialogues_storedmap": "id dialogue_id made_at final participants votes tiers seed"
            " engine_version input_hash options data facts_seal votes_seal tiers_apart set_aside"
            " patterns"
        },
        _("The last twenty and the final one."),
        _(
            "The exact counts behind the pages, also those of fewer people than the smallest number"
            " shown. No person's votes."
        ),
        _NO_MORE,
    ),
    Held(
        _("The public log on its way: entries that wait, seals of deleted votes, how far it is"),
        Whose.PUBLIC,
        {
            "dialogues_erasedseal": "seal dialogue_id",
            "dialogues_dialoguelog": "dialogue_id erased_votes erased_statements promised_by"
            " opened",
            "publiclog_pendingrecord": "id entry document replaces",
            "publiclog_logentry": "index entry document",
            "publiclog_logstate": "id placed signed",
        },
        _("Until the next batch; the sums, as long as the dialogue."),
        _("What everyone can read in the log soon after. Nobody can open a deleted vote's seal."),
        _NO_MORE,
    ),
    Held(
        _("What staff decided and when, and holds with their reasons"),
        Whose.STAFF,
        {
            "dialogues_staffaction": "id dialogue_id statement_id staff_id verb reason details at",
            "dialogues_hold": "id dialogue_id what reason set_by_id set_at lifted_by_id lifted_at",
        },
        _("As long as the dialogue."),
        _("Which member of staff decided about which statement at what time."),
        _NO_MORE,
    ),
    Held(
        _("Accounts of staff: e-mail address, name, role, last sign-in, second factors"),
        Whose.STAFF,
        {
            "people_user": "id password last_login is_superuser is_staff is_active date_joined"
            " email name role password_is_initial",
            "account_emailaddress": "id user_id email verified primary",
            "account_emailconfirmation": "id email_address_id created sent key",
            "mfa_authenticator": "id user_id type data created_at last_used_at",
            "people_user_groups": "id user_id group_id",
            "people_user_user_permissions": "id user_id permission_id",
        },
        _("As long as the account. No address and no device of theirs either."),
        _(
            "Who the staff are, and when they last signed in. Passwords as slow hashes; the secrets"
            " of authenticator apps can be read, so after a seizure they must be set up anew."
        ),
        _NO_MORE,
    ),
    Held(
        _("Sessions of staff who are signed in"),
        Whose.STAFF,
        {"django_session": "session_key session_data expire_date"},
        _("Twelve hours; what has run out is deleted within a minute."),
        _("Which member is signed in, since when, and by which means."),
        _("Whoever has secret.key can forge a session: delete that file, and all end."),
    ),
    Held(
        _("What staff did with accounts"),
        Whose.STAFF,
        {
            "django_admin_log": "id action_time user_id content_type_id object_id object_repr"
            " action_flag change_message"
        },
        _("As long as the installation."),
        _("Who made, changed or deactivated whose account, and when."),
        _NO_MORE,
    ),
    Held(
        _("Work that waits to be done, such as a map to be made"),
        Whose.MACHINE,
        {
            "django_tasks_database_dbtaskresult": "id status enqueued_at started_at finished_at"
            " args_kwargs priority task_path worker_ids queue_name backend_name run_after"
            " return_value exception_class_path traceback"
        },
        _("Some seconds: what is finished is deleted."),
        _("That in the last seconds enough people voted for a new map."),
        _NO_MORE,
    ),
    Held(
        _("Lists that the software itself needs"),
        Whose.MACHINE,
        {
            "django_content_type": "id app_label model",
            "auth_permission": "id name content_type_id codename",
            "auth_group": "id name",
            "auth_group_permissions": "id group_id permission_id",
            "django_migrations": "id app name applied",
            "sqlite_sequence": "name seq",
        },
        _("As long as the installation."),
        _("When the software was updated, and how many rows of each kind there ever were."),
        _NO_MORE,
    ),
)


def classified() -> set[tuple[str, str]]:
    """Every (table, column) that stands above."""
    return set().union(*(entry.names() for entry in HELD))
