"""What is stored of participants and dialogues, and what is never stored of a participant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register
from middleground.dialogues.data_register.elsewhere import ELSEWHERE

_UNTIL_DELETED = _(
    "Until you delete your votes, while the dialogue is open. What was counted at the close stays."
)

register(
    StoredData(
        _("A number that stands for you in one dialogue, and how you came in"),
        Subject.YOURS,
        {"dialogues_participant": "id dialogue_id tier"},
        _(
            "Until you delete your votes, while the dialogue is open. If a code "
            "let you in, it stays: the code lets nobody in twice. What was "
            "counted at the close stays."
        ),
        _(
            "How many took part, and how they came in. Not who. The number comes "
            "from a token in your browser and the key. It is different in every "
            "dialogue."
        ),
        _(
            "Whoever also has your cookie or twelve words finds your number. "
            "After the key is destroyed, nobody does."
        ),
    ),
    StoredData(
        _("Your votes: number, statement, answer, and whether we chose the statement for you"),
        Subject.YOURS,
        {"dialogues_vote": "participant_id statement_id value dealt"},
        _UNTIL_DELETED,
        _(
            "Each number’s votes in one row, without name, time or order. "
            "Someone who knows several of your votes for sure could look for the "
            "row that fits."
        ),
        _("With your cookie or twelve words: your votes. Not after the key is destroyed."),
    ),
    StoredData(
        _("What you write: the text, the day, what a moderator decided, and your number"),
        Subject.YOURS,
        {
            "dialogues_statement": "id dialogue_id number text dedup_hash origin author_id status"
            " reason salt reviewed merged_into_id became_id received_on rejected_on"
        },
        _(
            "The text of a rejected statement: seven days after the decision, "
            "longer with a hold or while you wait for a second look. Your "
            "number: until you ask us to remove it, or until the key is "
            "destroyed. What still waits then is deleted."
        ),
        _(
            "All texts with their authors’ numbers, including those that wait or "
            "were rejected in the last days. Someone who knows you wrote a text "
            "finds your votes through it, until your number is removed."
        ),
        _("With your cookie or twelve words: what you wrote."),
    ),
    StoredData(
        _(
            "If you let us ask you later about answers: a mark next to your "
            "statement, made from your token and the statement’s number"
        ),
        Subject.YOURS,
        {"dialogues_statementmark": "statement_id mark"},
        _(
            "Until the last question about it is over. Sooner if you remove the "
            "mark, take the statement back, let go of it, or its text is "
            "deleted. It outlives the dialogue’s key."
        ),
        _(
            "That somebody may be asked about this text. Not who. A mark cannot "
            "be guessed, and no two marks can be linked."
        ),
        _(
            "With your cookie or twelve words: that you wrote this text, even "
            "after the key is destroyed. Not your votes."
        ),
    ),
    StoredData(
        _("Which statements say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"dialogues_similarstatement": "id text_id other_id score"},
        _("As long as both texts exist. It is made once, when a text comes in."),
        _("Nothing beyond the texts themselves. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of all texts, in groups of three letters"),
        Subject.YOURS,
        {
            "dialogues_statement_search": "text",
            "dialogues_statement_search_data": "id block",
            "dialogues_statement_search_idx": "segid term pgno",
            "dialogues_statement_search_docsize": "id sz",
            "dialogues_statement_search_config": "k v",
        },
        _("As long as the text, and up to a minute more."),
        _(
            "The same texts, cut into groups of three letters. No author’s "
            "number, and nothing that was deleted."
        ),
        NO_MORE,
    ),
    StoredData(
        _("What you wrote when asking for a second look, and how that ended"),
        Subject.YOURS,
        {"dialogues_appeal": "id statement_id text outcome"},
        _(
            "Until the decision is changed or the statement’s text is deleted. "
            "While you wait, thirty days after the first decision at most, "
            "unless there is a hold. You can take it back along with your votes."
        ),
        _("Your words next to the statement, and so next to your number."),
        NO_MORE,
    ),
    StoredData(
        _(
            "The seals of your votes for the public log: your number, the "
            "statement, three random numbers, and whether we gave you a receipt"
        ),
        Subject.YOURS,
        {
            "dialogues_voteseal": "participant_id statement_id client_nonce server_nonce salt"
            " promised"
        },
        _(
            "Until you take the vote back or delete your votes, while the "
            "dialogue is open. All of them until the key is destroyed."
        ),
        _(
            "Which lines of the public lists belong to one number. With the key, "
            "also what they say; the table of votes says that anyway. No time "
            "and no order."
        ),
        _("With your cookie or twelve words: which lines are yours."),
    ),
    StoredData(
        _(
            "Your place in line while you wait to be confirmed without "
            "JavaScript: a hash of your cookie under the dialogue’s key, and "
            "when your turn is"
        ),
        Subject.YOURS,
        {"dialogues_waitingplace": "mark turn"},
        _("Until you use your turn, or one hour after it."),
        _("How many are waiting now, and when their turns are. Not who."),
        _("With your cookie or twelve words: that you are waiting now. Nothing after that."),
    ),
    StoredData(
        _("How many people, votes and statements came each day, for everyone together"),
        Subject.YOURS,
        {"dialogues_dailycount": "id dialogue_id day part participants votes statements"},
        _("As long as the dialogue."),
        _(
            "The totals of each day. Apart from the last hours and any hour set "
            "aside (see below), nothing else shows when people took part."
        ),
        NO_MORE,
    ),
    StoredData(
        _("How many people came in during each of the last hours, and how"),
        Subject.YOURS,
        {"dialogues_hourlyadmission": "id dialogue_id hour way admitted"},
        _("Three days."),
        _("How many came in an hour by waiting, by computation or by code. Not who."),
        NO_MORE,
    ),
    StoredData(
        _("If the host set an hour aside and you came in then, in that way: a mark that says so"),
        Subject.YOURS,
        {"dialogues_participant": "set_aside_hour_id"},
        _(
            "Until the host undoes it, a code lets you in, your number is "
            "deleted, or the key is destroyed."
        ),
        _(
            "Only for people set aside: the hour they came in, and how. For "
            "everybody else, this is only in the server’s memory, for three days "
            "at most."
        ),
        _("With your cookie or twelve words: the hour you came in, if it was set aside."),
    ),
    StoredData(
        _("Hours that the host set aside, as rules: hour, way, and about how many came"),
        Subject.PUBLIC,
        {"dialogues_setasidehour": "id dialogue_id hour way admitted set_at"},
        _("Until the host undoes it."),
        _("The rules, which are public, and when they were set. They name nobody."),
        NO_MORE,
    ),
    StoredData(
        _("Codes that let people in: a keyed hash of each, and whether it was used"),
        Subject.PUBLIC,
        {
            "dialogues_code": "mark batch_id used",
            "dialogues_codebatch": "id dialogue_id tier kind size used withdrawn valid_until form"
            " made_at logged",
        },
        _("As long as the dialogue."),
        _("How many codes were made, when, and how many were used. Not by whom."),
        _("Whether a certain code was used. Not which number came in with it."),
    ),
    StoredData(
        _("Patterns that the host set aside, as rules about a statement"),
        Subject.PUBLIC,
        {"dialogues_exclusionrule": "id dialogue_id statement_id value"},
        _("Until the host undoes it."),
        _("The rules, which are public. They name nobody."),
        NO_MORE,
    ),
    StoredData(
        _("How often each statement was shown, as totals"),
        Subject.PUBLIC,
        {"dialogues_statementexposurecount": "statement_id dealt expected"},
        _("As long as the dialogue. Also in the open data."),
        _("The totals."),
        NO_MORE,
    ),
    StoredData(
        _("The dialogue: its question, texts, dates and rules"),
        Subject.PUBLIC,
        {
            "dialogues_dialogue": "id slug question background host_name promise state opens_at"
            " closes_at moderation moderation_policy own_reasons statement_limit"
            " votes_before_writing vote_goal statements_an_hour takes_comments"
            " votes_before_commenting minimum_shown map_minutes key_days key_check"
            " key_destroyed_on open_participation uncounted_tiers"
            " copies_count_once simulated imported archived_on list_place revision"
        },
        _("As long as the host keeps it."),
        _("What its page shows, including drafts."),
        NO_MORE,
    ),
    StoredData(
        _(
            "The last hour in which statements were written in a dialogue, and how "
            "many, for everyone"
        ),
        Subject.YOURS,
        {"dialogues_dialogue": "writing_hour written_in_hour"},
        _("Until the next hour in which somebody writes, or as long as the dialogue."),
        _("How many statements came in that one hour. Nothing about earlier hours."),
        NO_MORE,
    ),
    StoredData(
        _("The opinion maps that were published: totals over many people"),
        Subject.PUBLIC,
        {
            "dialogues_storedmap": "id dialogue_id made_at final participants tiers data"
            " facts_seal votes_seal document_hash tiers_apart set_aside patterns counted"
            " sampled rules",
            "dialogues_pastmap": "id dialogue_id made_at sampled document_hash",
        },
        _(
            "The last twenty and the final one. Of an earlier one that is in the public log, its"
            " time and its name there, as long as the dialogue."
        ),
        _(
            "The exact counts behind the pages, including those too small to "
            "show. No person’s votes."
        ),
        NO_MORE,
    ),
    StoredData(
        _(
            "What goes into the public log: totals, tags of receipts whose vote was taken back, and"
            " numbers of texts that were taken back"
        ),
        Subject.PUBLIC,
        {
            "dialogues_withdrawntag": "tag dialogue_id number",
            "dialogues_gonenumber": "id dialogue_id collection number",
            "dialogues_dialoguelog": "dialogue_id erased_statements closed totals_hash",
        },
        _("The tags until the key is destroyed. Totals and numbers as long as the dialogue."),
        _(
            "That somebody took back a text, or a vote on a statement. Not who, when, or "
            "what it said. After the close, everyone can read these tags in the "
            "public lists."
        ),
        NO_MORE,
    ),
    StoredData(
        _("Topics into which staff sorted statements: names, order, and which are in which"),
        Subject.PUBLIC,
        {
            "dialogues_topic": "id dialogue_id number name place",
            "dialogues_statementtopic": "id topic_id statement_id",
        },
        _("As long as staff keep the topic; of a statement, at most as long as the statement."),
        _("What the pages by topic show. It depends on the texts, not on who wrote or voted."),
        NO_MORE,
    ),
    StoredData(
        _("What staff decided and when, and holds with their reasons"),
        Subject.STAFF,
        {
            "dialogues_staffaction": "id dialogue_id statement_id staff_id verb reason details at",
            "dialogues_retentionhold": "id dialogue_id what reason set_by_id set_at lifted_by_id"
            " lifted_at",
        },
        _("As long as the dialogue."),
        _("Which staff member decided about which statement, and when."),
        NO_MORE,
    ),
    StoredData(
        _("That a draft was deleted: by whom, when, and how many statements it had"),
        Subject.STAFF,
        {"dialogues_draftdeletion": "id staff_id at statements"},
        _("As long as the site runs."),
        _("Which staff member deleted a draft, and when. Nothing that was in it."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Links by which somebody outside may look at a draft: a word for each, its last day,"
            " hashes of its address and its password"
        ),
        Subject.STAFF,
        {"dialogues_previewlink": "id dialogue_id label address_hash password ends_on"},
        _("Until its last day or until it is withdrawn; at most as long as the dialogue."),
        _("That somebody may look. Not who, whether anybody did, or when."),
        NO_MORE,
    ),
    StoredData(
        _("Which staff member has a role in just one dialogue"),
        Subject.STAFF,
        {"dialogues_dialoguemembership": "id user_id role dialogue_id"},
        _("Until it is withdrawn, or as long as the account and the dialogue."),
        _("Who works on which dialogue. The record of staff decisions shows that too."),
        NO_MORE,
    ),
    StoredData(
        _("Work that is waiting, such as a map to make"),
        Subject.MACHINE,
        {
            "django_tasks_database_dbtaskresult": "id status enqueued_at started_at finished_at"
            " args_kwargs priority task_path worker_ids queue_name backend_name run_after"
            " return_value exception_class_path traceback"
        },
        _("Some seconds. Finished work is deleted."),
        _("That enough people voted in the last seconds for a new map."),
        NO_MORE,
    ),
    *ELSEWHERE,
)
