"""What is stored of participants and dialogues, and what is never stored of a participant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register
from middleground.dialogues.data_register.elsewhere import ELSEWHERE

_UNTIL_DELETED = _(
    "Until you delete your votes, which you can while the dialogue is open. What was counted when"
    " it closed stays."
)

register(
    StoredData(
        _("A number that stands for you in one dialogue, and by which way you came in"),
        Subject.YOURS,
        {"dialogues_participant": "id dialogue_id tier"},
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
    StoredData(
        _("Your votes: number, statement, answer, and whether we chose the statement for you"),
        Subject.YOURS,
        {"dialogues_vote": "participant_id statement_id value dealt"},
        _UNTIL_DELETED,
        _(
            "The votes of each number side by side, without name, time or order. Whoever knows"
            " several of your votes for certain could look for the row that fits."
        ),
        _("With your cookie or twelve words, your votes; after the key is destroyed not even so."),
    ),
    StoredData(
        _(
            "What you write: the text, the day on which it came, what a moderator decided, and your"
            " number"
        ),
        Subject.YOURS,
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
    StoredData(
        _(
            "If you let us ask you later whether an answer answers your statement: a mark beside"
            " it, made from your token and the statement’s number"
        ),
        Subject.YOURS,
        {"dialogues_statementmark": "statement_id mark"},
        _(
            "Until the last question about it is over; at most until you take the mark away, which"
            " you always can, take the statement back, let go of it, or its text is deleted. It"
            " outlives the dialogue’s key."
        ),
        _(
            "That somebody may be asked about this text. Not who: a mark cannot be tried, and no"
            " two marks of one person have anything in common."
        ),
        _(
            "Nothing more. With your cookie or your twelve words: that you wrote this text, also"
            " after the key is destroyed. Not your votes."
        ),
    ),
    StoredData(
        _("Which statements say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"dialogues_similarstatement": "id text_id other_id score"},
        _(
            "As long as both texts: when either is deleted, this goes with it. It is made once,"
            " from the two texts, when a text has come."
        ),
        _("Nothing that the texts beside it do not show. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("An index of all texts by groups of three letters, to search in them"),
        Subject.YOURS,
        {
            "dialogues_statement_search": "text",
            "dialogues_statement_search_data": "id block",
            "dialogues_statement_search_idx": "segid term pgno",
            "dialogues_statement_search_docsize": "id sz",
            "dialogues_statement_search_config": "k v",
        },
        _(
            "As long as the text: when a text is deleted, its groups of letters go with it, within"
            " a minute."
        ),
        _(
            "The same texts once more, cut into groups of three letters; no number of an author and"
            " nothing that was deleted."
        ),
        NO_MORE,
    ),
    StoredData(
        _("What you say when you ask for a second look at a decision, and how that ended"),
        Subject.YOURS,
        {"dialogues_appeal": "id statement_id text outcome"},
        _(
            "Until the decision is changed, or the statement's text is deleted: while you wait, at"
            " most thirty days after the first decision, unless there is a hold. You can take it"
            " back with your votes."
        ),
        _("Your words beside the statement, and by it beside your number."),
        NO_MORE,
    ),
    StoredData(
        _(
            "What seals your votes for the public log: your number, the statement, three random"
            " numbers, and whether we gave you a receipt"
        ),
        Subject.YOURS,
        {
            "dialogues_voteseal": "participant_id statement_id client_nonce server_nonce salt"
            " promised"
        },
        _(
            "Until you take the vote back or delete your votes, which you can while the dialogue is"
            " open; of all votes until the key is destroyed."
        ),
        _(
            "Which lines of the public lists are one number's; with the key, also what they say,"
            " which the table of votes says anyway. No time, and no order."
        ),
        _("With your cookie or twelve words, which lines are yours."),
    ),
    StoredData(
        _(
            "Your place in the line, while you wait to be confirmed without JavaScript: a hash of"
            " your cookie under the dialogue's key, and when your turn is"
        ),
        Subject.YOURS,
        {"dialogues_waitingplace": "mark turn"},
        _("Until you use your turn, or an hour after it."),
        _("How many wait right now, and when their turns are. Not who."),
        _("With your cookie or twelve words, that you wait right now. Nothing once you have."),
    ),
    StoredData(
        _("How many people, votes and statements came on each day, of everyone together"),
        Subject.YOURS,
        {"dialogues_dailycount": "id dialogue_id day part participants votes statements"},
        _("As long as the dialogue."),
        _(
            "The sums of each day. Beside the sums of the last hours and the marks of an hour set"
            " aside, below, this is all that is held about when anybody took part."
        ),
        NO_MORE,
    ),
    StoredData(
        _("How many people were admitted in each of the last hours, and by which way"),
        Subject.YOURS,
        {"dialogues_hourlyadmission": "id dialogue_id hour way admitted"},
        _("Three days."),
        _("That so many came within an hour by waiting, by a computation or by a code. Not who."),
        NO_MORE,
    ),
    StoredData(
        _(
            "If the host set an hour aside and you were admitted in it by the way that was set"
            " aside: a mark that says so"
        ),
        Subject.YOURS,
        {"dialogues_participant": "set_aside_hour_id"},
        _(
            "Until the host takes it back, a code admits you, your number is deleted, or the key"
            " is destroyed."
        ),
        _(
            "Of a person set aside only: the hour in which they were admitted, and by which way. Of"
            " everybody else it is in the server's memory only, for three days at most."
        ),
        _("With your cookie or twelve words, the hour in which you came, if it was set aside."),
    ),
    StoredData(
        _("Hours of admission that the host set aside, as rules: hour, way, about how many came"),
        Subject.PUBLIC,
        {"dialogues_setasidehour": "id dialogue_id hour way admitted set_at"},
        _("Until the host takes it back."),
        _("The rules, which are public, and when they were set. They name nobody."),
        NO_MORE,
    ),
    StoredData(
        _("Codes that admit people: of each a keyed hash, and whether it was used"),
        Subject.PUBLIC,
        {
            "dialogues_code": "mark batch_id used",
            "dialogues_codebatch": "id dialogue_id tier kind size used withdrawn valid_until form"
            " made_at logged",
        },
        _("As long as the dialogue."),
        _("How many codes were made, when, and how many were used. Not by whom: no row says it."),
        _("Whether a code that somebody has was used. Not which number came in by it."),
    ),
    StoredData(
        _("Patterns that the host set aside, as rules about a statement"),
        Subject.PUBLIC,
        {"dialogues_exclusionrule": "id dialogue_id statement_id value"},
        _("Until the host takes it back."),
        _("The rules, which are public. They name nobody."),
        NO_MORE,
    ),
    StoredData(
        _("How often each statement was put before people, as sums"),
        Subject.PUBLIC,
        {"dialogues_statementexposurecount": "statement_id dealt expected"},
        _("As long as the dialogue; in the open data."),
        _("The sums."),
        NO_MORE,
    ),
    StoredData(
        _("The dialogue: its question, texts, period and rules"),
        Subject.PUBLIC,
        {
            "dialogues_dialogue": "id slug question background host_name promise state opens_at"
            " closes_at moderation moderation_policy own_reasons statement_limit"
            " votes_before_writing vote_goal statements_an_hour takes_comments"
            " votes_before_commenting minimum_shown map_minutes key_days key_check"
            " key_destroyed_on open_participation uncounted_tiers"
            " copies_count_once simulated imported revision"
        },
        _("As long as the host keeps it."),
        _("What its page shows, drafts included."),
        NO_MORE,
    ),
    StoredData(
        _("In which hour statements were written last in a dialogue, and how many, of everyone"),
        Subject.YOURS,
        {"dialogues_dialogue": "writing_hour written_in_hour"},
        _("Until the next hour in which somebody writes; at most as long as the dialogue."),
        _("That so many statements came within one hour: the last, and no earlier one."),
        NO_MORE,
    ),
    StoredData(
        _("The opinion maps that were published: sums over many people"),
        Subject.PUBLIC,
        {
            "dialogues_storedmap": "id dialogue_id made_at final participants tiers data"
            " facts_seal votes_seal document_hash tiers_apart set_aside patterns counted"
            " sampled rules"
        },
        _("The last twenty and the final one."),
        _(
            "The exact counts behind the pages, also those of fewer people than the smallest number"
            " shown. No person's votes."
        ),
        NO_MORE,
    ),
    StoredData(
        _("What goes into the public log: tags of receipts whose vote was taken back, sums"),
        Subject.PUBLIC,
        {
            "dialogues_withdrawntag": "tag dialogue_id number",
            "dialogues_dialoguelog": "dialogue_id erased_statements closed totals_hash",
        },
        _("The tags until the key is destroyed; the sums, as long as the dialogue."),
        _(
            "That somebody took a vote on a statement back: not who, when, or what it said. After"
            " the close everyone can read the tags in the public lists."
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
        _("Which member of staff decided about which statement at what time."),
        NO_MORE,
    ),
    StoredData(
        _("That a draft was deleted: by whom, when, and how many statements it had"),
        Subject.STAFF,
        {"dialogues_draftdeletion": "id staff_id at statements"},
        _("As long as the installation."),
        _("Which member of staff deleted a draft at what time. Nothing that stood in it."),
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
        _("Which member of staff has a role in which dialogue only"),
        Subject.STAFF,
        {"dialogues_dialoguemembership": "id user_id role dialogue_id"},
        _("Until it is withdrawn; at most as long as the account and the dialogue."),
        _("Who works on which dialogue. It is no more than the record of what staff did tells."),
        NO_MORE,
    ),
    StoredData(
        _("Work that waits to be done, such as a map to be made"),
        Subject.MACHINE,
        {
            "django_tasks_database_dbtaskresult": "id status enqueued_at started_at finished_at"
            " args_kwargs priority task_path worker_ids queue_name backend_name run_after"
            " return_value exception_class_path traceback"
        },
        _("Some seconds: what is finished is deleted."),
        _("That in the last seconds enough people voted for a new map."),
        NO_MORE,
    ),
    *ELSEWHERE,
)
