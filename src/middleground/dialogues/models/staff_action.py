"""What staff did, and which staff have a role in one dialogue only."""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from middleground.dialogues.models.dialogue import Dialogue
from middleground.dialogues.models.texts.own_reason import label_of_reason
from middleground.people.models import Membership


class LoggedAs(Enum):
    """What the public log records about a staff action."""

    SETTINGS = "settings"  # the settings as they are from then on
    MODERATION = "moderation"  # the decision on a text, and the reason
    NOTHING = "nothing"


class Verb(models.TextChoices):
    """Everything that staff can do to a dialogue. A new verb needs a line in ``_LOGGED_AS``."""

    CREATE = "create"
    EDIT = "edit"
    ADD_REASON = "add_reason"
    RETIRE_REASON = "retire_reason"
    SCHEDULE = "schedule"
    OPEN = "open"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    MOVE = "move"
    DESTROY_KEY = "destroy_key"
    COUNT_TIERS = "count_tiers"
    COPIES_ONCE = "copies_once"
    COPIES_EACH = "copies_each"
    EXCLUDE_PATTERN = "exclude_pattern"
    INCLUDE_PATTERN = "include_pattern"
    EXCLUDE_HOUR = "exclude_hour"
    INCLUDE_HOUR = "include_hour"
    OPEN_BATCH = "open_batch"
    CLOSE_BATCH = "close_batch"
    REOPEN_BATCH = "reopen_batch"
    EXCLUDE_BATCH = "exclude_batch"
    INCLUDE_BATCH = "include_batch"
    MAKE_CODES = "make_codes"
    WITHDRAW_CODES = "withdraw_codes"
    MAKE_PREVIEW = "make_preview"
    WITHDRAW_PREVIEW = "withdraw_preview"
    ADD_STATEMENTS = "add_statements"
    REMOVE_STATEMENT = "remove_statement"
    APPROVE = "approve"
    REJECT = "reject"
    MERGE = "merge"
    TAKE_BACK = "take_back"
    APPEAL_CHANGED = "appeal_changed"
    APPEAL_STANDS = "appeal_stands"
    DELETE_TEXTS = "delete_texts"
    SET_HOLD = "set_hold"
    LIFT_HOLD = "lift_hold"
    ADMIT_BODY = "admit_body"
    DISMISS_BODY = "dismiss_body"
    GRANT_ROLE = "grant_role"
    WITHDRAW_ROLE = "withdraw_role"
    ADD_SOURCE = "add_source"
    EDIT_SOURCE = "edit_source"
    WITHDRAW_SOURCE = "withdraw_source"
    RESTORE_SOURCE = "restore_source"
    IMPORT_SOURCES = "import_sources"
    STORE_COPY = "store_copy"
    REMOVE_COPY = "remove_copy"
    ADD_CLAIM = "add_claim"
    EDIT_CLAIM = "edit_claim"
    WITHDRAW_CLAIM = "withdraw_claim"
    RESTORE_CLAIM = "restore_claim"
    ADD_PASSAGE = "add_passage"
    REMOVE_PASSAGE = "remove_passage"
    ATTACH_DATA = "attach_data"
    REMOVE_DATA = "remove_data"
    ADD_TOPIC = "add_topic"
    RENAME_TOPIC = "rename_topic"
    DELETE_TOPIC = "delete_topic"
    MERGE_TOPICS = "merge_topics"
    ORDER_TOPICS = "order_topics"
    SORT_STATEMENTS = "sort_statements"
    SET_LANGUAGES = "set_languages"
    TRANSLATE = "translate"
    SHOW_TRANSLATION = "show_translation"
    REFUSE_TRANSLATION = "refuse_translation"
    HIDE_TRANSLATION = "hide_translation"
    ADD_CAMPAIGN = "add_campaign"
    EDIT_CAMPAIGN = "edit_campaign"
    END_CAMPAIGN = "end_campaign"
    RESUME_CAMPAIGN = "resume_campaign"
    START_INVITATIONS = "start_invitations"
    STOP_INVITATIONS = "stop_invitations"
    END_INVITATIONS = "end_invitations"
    ADD_PARTNER = "add_partner"
    EDIT_PARTNER = "edit_partner"
    END_PARTNER = "end_partner"
    KEEP_TRANSLATION = "keep_translation"

    @property
    def logged_as(self) -> LoggedAs:
        return _LOGGED_AS[self]

    @property
    def logged_actions(self) -> tuple[str, ...]:
        """The actions of the moderation records in the public log.

        An appeal that changes a decision is logged as a moderator's change of mind would be: the
        reader learns that the statement is shown, but not that its author asked for a second look.
        """
        if self is Verb.APPEAL_CHANGED:
            return Verb.TAKE_BACK.value, Verb.APPROVE.value
        return (self.value,)

    @classmethod
    def about_evidence(cls) -> tuple[Verb, ...]:
        """Work on sources and claims, of which the dialogue's pages show the outcome."""
        return (
            cls.ADD_SOURCE,
            cls.EDIT_SOURCE,
            cls.WITHDRAW_SOURCE,
            cls.RESTORE_SOURCE,
            cls.IMPORT_SOURCES,
            cls.STORE_COPY,
            cls.REMOVE_COPY,
            cls.ADD_CLAIM,
            cls.EDIT_CLAIM,
            cls.WITHDRAW_CLAIM,
            cls.RESTORE_CLAIM,
            cls.ADD_PASSAGE,
            cls.REMOVE_PASSAGE,
            cls.ATTACH_DATA,
            cls.REMOVE_DATA,
        )

    @classmethod
    def about_topics(cls) -> tuple[Verb, ...]:
        """How statements are sorted, which changes no figure."""
        return (
            cls.ADD_TOPIC,
            cls.RENAME_TOPIC,
            cls.DELETE_TOPIC,
            cls.MERGE_TOPICS,
            cls.ORDER_TOPICS,
            cls.SORT_STATEMENTS,
        )

    @classmethod
    def about_translations(cls) -> tuple[Verb, ...]:
        """Translations, each of which says at its place how it came."""
        return (
            cls.SET_LANGUAGES,
            cls.TRANSLATE,
            cls.SHOW_TRANSLATION,
            cls.REFUSE_TRANSLATION,
            cls.HIDE_TRANSLATION,
            cls.KEEP_TRANSLATION,
        )

    @classmethod
    def about_outreach(cls) -> tuple[Verb, ...]:
        """How people hear of the dialogue, which changes no figure."""
        return (
            cls.ADD_CAMPAIGN,
            cls.EDIT_CAMPAIGN,
            cls.END_CAMPAIGN,
            cls.RESUME_CAMPAIGN,
            cls.START_INVITATIONS,
            cls.STOP_INVITATIONS,
            cls.END_INVITATIONS,
            cls.ADD_PARTNER,
            cls.EDIT_PARTNER,
            cls.END_PARTNER,
        )

    @classmethod
    def about_who_counts(cls) -> tuple[Verb, ...]:
        """Decisions about which votes count; the public sees how many there were."""
        return (
            cls.COUNT_TIERS,
            cls.COPIES_ONCE,
            cls.COPIES_EACH,
            cls.EXCLUDE_PATTERN,
            cls.INCLUDE_PATTERN,
            cls.EXCLUDE_HOUR,
            cls.INCLUDE_HOUR,
            cls.EXCLUDE_BATCH,
            cls.INCLUDE_BATCH,
        )


_LOGGED_AS = {
    Verb.CREATE: LoggedAs.NOTHING,  # nothing of a draft is public
    Verb.EDIT: LoggedAs.SETTINGS,
    Verb.ADD_REASON: LoggedAs.SETTINGS,
    Verb.RETIRE_REASON: LoggedAs.SETTINGS,
    Verb.SCHEDULE: LoggedAs.SETTINGS,
    Verb.OPEN: LoggedAs.SETTINGS,
    Verb.WITHDRAW: LoggedAs.SETTINGS,
    Verb.CLOSE: LoggedAs.SETTINGS,
    Verb.REOPEN: LoggedAs.SETTINGS,
    Verb.ARCHIVE: LoggedAs.SETTINGS,
    Verb.UNARCHIVE: LoggedAs.SETTINGS,
    # The front page shows it.
    Verb.MOVE: LoggedAs.NOTHING,
    Verb.DESTROY_KEY: LoggedAs.SETTINGS,
    # Which votes count is part of the settings.
    **dict.fromkeys(Verb.about_who_counts(), LoggedAs.SETTINGS),
    # The settings list the batches, and about how many people each holds.
    Verb.OPEN_BATCH: LoggedAs.SETTINGS,
    Verb.CLOSE_BATCH: LoggedAs.SETTINGS,
    Verb.REOPEN_BATCH: LoggedAs.SETTINGS,
    # Separate records give the numbers of codes made and of texts erased.
    Verb.MAKE_CODES: LoggedAs.NOTHING,
    Verb.WITHDRAW_CODES: LoggedAs.NOTHING,
    Verb.DELETE_TEXTS: LoggedAs.NOTHING,
    # Nothing of a draft is public, and nothing is known of who looked at it.
    Verb.MAKE_PREVIEW: LoggedAs.NOTHING,
    Verb.WITHDRAW_PREVIEW: LoggedAs.NOTHING,
    # Each statement is logged by its own seal.
    Verb.ADD_STATEMENTS: LoggedAs.NOTHING,
    Verb.REMOVE_STATEMENT: LoggedAs.NOTHING,
    Verb.APPROVE: LoggedAs.MODERATION,
    Verb.REJECT: LoggedAs.MODERATION,
    Verb.MERGE: LoggedAs.MODERATION,
    Verb.TAKE_BACK: LoggedAs.MODERATION,
    Verb.APPEAL_CHANGED: LoggedAs.MODERATION,
    # Nothing changes for the reader. The moderation log counts the outcomes of appeals, in steps.
    Verb.APPEAL_STANDS: LoggedAs.NOTHING,
    # The public sees how many holds there are, but not why.
    Verb.SET_HOLD: LoggedAs.NOTHING,
    Verb.LIFT_HOLD: LoggedAs.NOTHING,
    # Sources and claims are not sealed: each has its own page, with what was withdrawn, and why.
    **dict.fromkeys(Verb.about_evidence(), LoggedAs.NOTHING),
    # A record of the log stays for ever, and a name may have to go. Pages say that staff sorted.
    **dict.fromkeys(Verb.about_topics(), LoggedAs.NOTHING),
    # Their words may have to go, as the original's; pages tell what was translated, and how.
    **dict.fromkeys(Verb.about_translations(), LoggedAs.NOTHING),
    # Names of channels and partners may have to go. The codes of invitations have their own record.
    **dict.fromkeys(Verb.about_outreach(), LoggedAs.NOTHING),
    # What the posts of these bodies say is logged with their names.
    Verb.ADMIT_BODY: LoggedAs.NOTHING,
    Verb.DISMISS_BODY: LoggedAs.NOTHING,
    # The host's personnel is not public.
    Verb.GRANT_ROLE: LoggedAs.NOTHING,
    Verb.WITHDRAW_ROLE: LoggedAs.NOTHING,
}


class StaffAction(models.Model):
    """What staff did, shown to colleagues and, by reason code, to the public."""

    Verb = Verb

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="staff_actions")
    statement = models.ForeignKey(
        "dialogues.Statement", models.SET_NULL, null=True, blank=True, related_name="staff_actions"
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    verb = models.CharField(max_length=20, choices=Verb.choices)
    reason = models.CharField(max_length=13, blank=True)
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(verb__in=Verb.values), name="staff_action_verb_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"

    def get_reason_display(self) -> str:
        return label_of_reason(self)


class DraftDeletion(models.Model):
    """That somebody deleted a draft. Of the draft it keeps no word, and no address."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()
    statements = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"a draft, {self.at:%Y-%m-%d %H:%M}"


class DialogueMembership(Membership):
    """A role in one dialogue, besides the account's role in the whole installation."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="memberships")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "user"], name="one_role_in_a_dialogue"),
        ]
