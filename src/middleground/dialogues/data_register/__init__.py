"""What is stored of participants and dialogues, and what is never stored of a participant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register
from middleground.dialogues.data_register.elsewhere import ELSEWHERE

_UNTIL_DELETED = _(
    "Until you delete them, while the dialogue is open. What was counted at the close stays."
)

register(
    StoredData(
        _("Your number in one dialogue, and how you came in"),
        Subject.YOURS,
        {"dialogues_participant": "id dialogue_id tier"},
        _(
            "Until you delete your votes in the open dialogue. It stays after the close, or "
            "if a code let you in."
        ),
        _("How many took part, and how they came in. Not who."),
        _("With your cookie or twelve words: your number, until the key is destroyed."),
    ),
    StoredData(
        _("Your votes: your number, statement, answer, and whether we chose the statement"),
        Subject.YOURS,
        {"dialogues_vote": "participant_id statement_id value dealt"},
        _UNTIL_DELETED,
        _(
            "Each number’s votes, without name, time or order. Somebody who knows several of "
            "yours could find the rest."
        ),
        _("With your cookie or twelve words: your votes, until the key is destroyed."),
    ),
    StoredData(
        _(
            "Your statements: text, its language if you said it, day, a moderator’s decision, "
            "your number"
        ),
        Subject.YOURS,
        {
            "dialogues_statement": "id dialogue_id number text language dedup_hash origin author_id"
            " status reason salt reviewed merged_into_id became_id received_on rejected_on"
        },
        _(
            "A rejected text: seven days, longer with a hold or while you wait for a second "
            "look. Your number: until you have it removed, or the key is destroyed. What "
            "still waits then is deleted."
        ),
        _(
            "All texts with their authors’ numbers, even waiting or rejected ones. Somebody "
            "who knows you wrote one finds your votes, until your number is removed."
        ),
        _("With your cookie or twelve words: what you wrote, until the key is destroyed."),
    ),
    StoredData(
        _("If you let us ask you later about answers: a mark next to your statement"),
        Subject.YOURS,
        {"dialogues_statementmark": "statement_id mark"},
        _(
            "Until the last question about the text is over, even after the key is destroyed. "
            "Sooner if you remove the mark, let go of the text, or its words are deleted."
        ),
        _("That somebody may be asked about this text. Not who: no two marks can be linked."),
        _(
            "With your cookie or twelve words: that you wrote it, even after the key is "
            "destroyed. Not your votes."
        ),
    ),
    StoredData(
        _("Which statements say nearly the same"),
        Subject.YOURS,
        {"dialogues_similarstatement": "id text_id other_id score"},
        _("As long as both texts are stored."),
        _("Nothing beyond the texts."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of statements"),
        Subject.YOURS,
        {
            "dialogues_statement_search": "text",
            "dialogues_statement_search_data": "id block",
            "dialogues_statement_search_idx": "segid term pgno",
            "dialogues_statement_search_docsize": "id sz",
            "dialogues_statement_search_config": "k v",
        },
        _("As long as the text is stored, and up to a minute more."),
        _("The texts in pieces, without authors’ numbers. Nothing that was deleted."),
        NO_MORE,
    ),
    StoredData(
        _("Your request for a second look at a statement, and its outcome"),
        Subject.YOURS,
        {"dialogues_appeal": "id statement_id text outcome"},
        _(
            "Until the decision is changed or the text is deleted. While you wait, thirty "
            "days after the first decision at most, unless there is a hold. You can take it back "
            "with your votes."
        ),
        _("Your words next to the text, and so next to your number."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Seals of your votes for the public log, under your number, and whether you got a "
            "receipt"
        ),
        Subject.YOURS,
        {
            "dialogues_voteseal": "participant_id statement_id client_nonce server_nonce salt"
            " promised"
        },
        _("Until you take the vote back in the open dialogue, or the key is destroyed."),
        _("Which lines of the public lists are one number’s. No time and no order."),
        _("With your cookie or twelve words: which lines are yours."),
    ),
    StoredData(
        _("Your place in line without JavaScript: a keyed hash of your cookie, and your turn"),
        Subject.YOURS,
        {"dialogues_waitingplace": "mark turn"},
        _("Until you use your turn, or one hour after it."),
        _("How many wait now, and their turns. Not who."),
        _("With your cookie or twelve words: that you are waiting now."),
    ),
    StoredData(
        _("Each day’s total of people, votes and statements"),
        Subject.YOURS,
        {"dialogues_dailycount": "id dialogue_id day part participants votes statements"},
        _("As long as the dialogue."),
        _(
            "The totals. Otherwise only the last hours, and hours set aside, show when people "
            "took part."
        ),
        NO_MORE,
    ),
    StoredData(
        _("How many people came in during each of the last hours, and how"),
        Subject.YOURS,
        {"dialogues_hourlyadmission": "id dialogue_id hour way admitted"},
        _("Three days."),
        _("The totals. Not who."),
        NO_MORE,
    ),
    StoredData(
        _("A mark, if the host set aside the hour and way you came in"),
        Subject.YOURS,
        {"dialogues_participant": "set_aside_hour_id"},
        _(
            "Until the host undoes it, a code lets you in, your number is "
            "deleted, or the key is destroyed."
        ),
        _(
            "For people set aside: the hour they came in, and how. For others, only the "
            "server’s memory knows, three days at most."
        ),
        _("With your cookie or twelve words: the hour you came in."),
    ),
    StoredData(
        _("If a helper entered your answers: the batch they belong to"),
        Subject.YOURS,
        {"dialogues_participant": "batch_id"},
        _("Until your number is deleted, or the key is destroyed."),
        _(
            "How and where you were asked, with about how many others, next to your answers. "
            "Not who you are."
        ),
        _(
            "With the number on your stub or card, and the key: your answers. We store no such "
            "number."
        ),
    ),
    StoredData(
        _("Batches of helpers’ entries: how, where and by which organization people were asked"),
        Subject.PUBLIC,
        {
            "dialogues_entrybatch": "id dialogue_id number channel place organization most"
            " participants is_open is_set_aside opened_on"
        },
        _("As long as the dialogue."),
        _("The batches, which are public, and exactly how many people each holds."),
        NO_MORE,
    ),
    StoredData(
        _("Hours that the host set aside: hour, way, and about how many came"),
        Subject.PUBLIC,
        {"dialogues_setasidehour": "id dialogue_id hour way admitted set_at"},
        _("Until the host undoes it."),
        _("The rules, which are public and name nobody, and when they were set."),
        NO_MORE,
    ),
    StoredData(
        _("Codes that let people in: a keyed hash of each, and whether it was used"),
        Subject.PUBLIC,
        {
            "dialogues_code": "mark batch_id used",
            "dialogues_codebatch": "id dialogue_id tier kind size used withdrawn valid_until form"
            " made_at logged statements",
        },
        _("As long as the dialogue."),
        _("How many were made, when, and used. Not by whom."),
        _("Whether a certain code was used. Not which number came in with it."),
    ),
    StoredData(
        _("Patterns that the host set aside"),
        Subject.PUBLIC,
        {"dialogues_exclusionrule": "id dialogue_id statement_id value"},
        _("Until the host undoes it."),
        _("The rules, which are public and name nobody."),
        NO_MORE,
    ),
    StoredData(
        _("How often each statement was shown, as totals"),
        Subject.PUBLIC,
        {"dialogues_statementexposurecount": "statement_id dealt expected"},
        _("As long as the dialogue."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("The dialogue: its question, texts, dates and rules"),
        Subject.PUBLIC,
        {
            "dialogues_dialogue": "id slug question background language other_languages host_name"
            " promise state opens_at closes_at moderation moderation_policy own_reasons"
            " statement_limit votes_before_writing vote_goal statements_an_hour takes_comments"
            " votes_before_commenting minimum_shown map_minutes key_days key_check"
            " key_destroyed_on open_participation uncounted_tiers"
            " copies_count_once simulated imported archived_on list_place revision"
        },
        _("As long as the host keeps it."),
        _("What its page shows, including drafts."),
        NO_MORE,
    ),
    StoredData(
        _("The last hour in which somebody wrote statements, and how many"),
        Subject.YOURS,
        {"dialogues_dialogue": "writing_hour written_in_hour"},
        _("Until somebody writes in a later hour, or as long as the dialogue."),
        _("How many came in that hour."),
        NO_MORE,
    ),
    StoredData(
        _("Published opinion maps: totals over many people"),
        Subject.PUBLIC,
        {
            "dialogues_storedmap": "id dialogue_id made_at final participants tiers data"
            " facts_seal votes_seal document_hash tiers_apart set_aside patterns counted"
            " sampled rules",
            "dialogues_pastmap": "id dialogue_id made_at sampled document_hash",
        },
        _(
            "The last twenty and the final one. Of earlier ones in the public log, time and "
            "name, as long as the dialogue."
        ),
        _("The exact counts behind the pages, even those too small to show. No person’s votes."),
        NO_MORE,
    ),
    StoredData(
        _("For the public log: totals, and what was taken back"),
        Subject.PUBLIC,
        {
            "dialogues_withdrawntag": "tag dialogue_id number",
            "dialogues_gonenumber": "id dialogue_id collection number",
            "dialogues_dialoguelog": "dialogue_id erased_statements closed totals_hash",
        },
        _("The tags until the key is destroyed. Totals and numbers as long as the dialogue."),
        _(
            "That somebody took back a text or a vote. Not who, when, or what it said. After "
            "the close, everyone can see it."
        ),
        NO_MORE,
    ),
    StoredData(
        _("Topics, and which statements staff sorted into them"),
        Subject.PUBLIC,
        {
            "dialogues_topic": "id dialogue_id number name place",
            "dialogues_statementtopic": "id topic_id statement_id",
        },
        _("As long as staff keep the topic."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Translations of the host’s texts, statements and topics, and what readers doubt"),
        Subject.PUBLIC,
        {
            "dialogues_dialoguetranslation": "id dialogue_id part language words of_digest state"
            " source doubts",
            "dialogues_statementtranslation": "id statement_id language words of_digest state"
            " source doubts reading",
            "dialogues_topictranslation": "id topic_id language words of_digest state source"
            " doubts",
        },
        _(
            "Until somebody refuses one or a newer one takes its place. Of a statement: until its "
            "words are deleted."
        ),
        _("What the pages show, and what waits for a second person. Not which reader doubted."),
        NO_MORE,
    ),
    StoredData(
        _("Which texts the host’s program could not translate, and why"),
        Subject.PUBLIC,
        {"dialogues_translationtry": "id dialogue_id key language of_digest attempts error"},
        _("Until it is translated, or as long as the dialogue."),
        _("Numbers of texts, and no words."),
        NO_MORE,
    ),
    StoredData(
        _("Which member of staff or volunteer translated a text, and who checked it"),
        Subject.STAFF,
        {
            "dialogues_dialoguetranslation": "translator_id checker_id",
            "dialogues_statementtranslation": "translator_id checker_id",
            "dialogues_topictranslation": "translator_id checker_id",
        },
        _("As long as the translation and the account."),
        _("Who translated what, and who checked it."),
        NO_MORE,
    ),
    StoredData(
        _("Which member of staff or volunteer enters a batch"),
        Subject.STAFF,
        {"dialogues_entrybatch": "helper_id"},
        _("As long as the dialogue and the account."),
        _("Who entered which batch."),
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
        _("Which staff member decided what, and when."),
        NO_MORE,
    ),
    StoredData(
        _("That a draft was deleted: by whom, when, how many statements it had"),
        Subject.STAFF,
        {"dialogues_draftdeletion": "id staff_id at statements"},
        _("As long as the site runs."),
        _("All of it. Nothing that was in the draft."),
        NO_MORE,
    ),
    StoredData(
        _("Links for looking at a draft: a label, the last day, hashes"),
        Subject.STAFF,
        {"dialogues_previewlink": "id dialogue_id label address_hash password ends_on"},
        _("Until its last day, or until it is withdrawn."),
        _("That somebody may look. Not who, nor if anybody did."),
        NO_MORE,
    ),
    StoredData(
        _("Staff and volunteers with a role in just one dialogue"),
        Subject.STAFF,
        {"dialogues_dialoguemembership": "id user_id role dialogue_id"},
        _("Until it is withdrawn, or as long as the account and the dialogue."),
        _("Who works on which dialogue."),
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
        _("That enough people just voted for a new map."),
        NO_MORE,
    ),
    *ELSEWHERE,
)
