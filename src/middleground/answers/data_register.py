"""Register of the data stored about concerns, cases, responses and commitments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _("Which concerns are in which case, or set aside and why; what happened to each case"),
        Subject.PUBLIC,
        {
            "answers_answerrules": "id dialogue_id days counting country subdivision closing_days"
            " very_overdue_after middle_ground agreed_by reviewed check_days check_percent"
            " check_least logged logged_on",
            "answers_owedanswer": "id dialogue_id number why since due_on",
            "answers_concern": "id dialogue_id number statement_id comment_id set_aside"
            " same_as_id note set_aside_on",
            "answers_case": "id dialogue_id number policy title summary status resolution body_id"
            " post_id offered_to_id opened_on due_on very_overdue_on answered_on",
            "answers_caseconcern": "id case_id concern_id",
            "answers_casethread": "case_id thread_id",
            "answers_caseevent": "id case_id kind on body_id post_id other_id facts",
        },
        _("As long as the installation: it is the public account of what was answered."),
        _("What the public pages of answers show."),
        NO_MORE,
    ),
    StoredData(
        _("Responses of bodies, each version, what it says to each concern and what it cites"),
        Subject.PUBLIC,
        {
            "answers_response": "id case_id version post_id body_name post_title holder resolution"
            " until summary details correction published_on document",
            "answers_disposition": "id response_id concern_id outcome words",
            "answers_responsecitation": "id response_id claim_id source_id",
        },
        _("As long as the installation."),
        _("What the public pages of answers show."),
        NO_MORE,
    ),
    StoredData(
        _("Which shown statements say nearly the same, by number, and the day of the comparison"),
        Subject.PUBLIC,
        {
            "answers_suggestions": "dialogue_id compared compared_on statements similar",
        },
        _("Until they are compared again, or the dialogue is deleted."),
        _("Nothing that the texts of the statements do not show."),
        NO_MORE,
    ),
    StoredData(
        _(
            "When you said whether an answer answers you, or whether something is done: what you"
            " said, whether you had raised the matter or in which opinion group you are, and a mark"
            " that lets you count once"
        ),
        Subject.YOURS,
        {"answers_checkanswer": "mark check_of_id kind said"},
        _("Until the question is over, at most eight weeks. Then only rounded counts are kept."),
        _(
            "What each of those who answered said, without number, name, time or text. Not who: the"
            " mark is made from a token that is in your browser only, and no two have anything in"
            " common. It leads to no vote."
        ),
        _(
            "Nothing more. With your cookie or your twelve words: what you said, until the question"
            " is over."
        ),
    ),
    StoredData(
        _(
            "If you say why in a check, your sentence: the text, what you had said, the day on"
            " which it came, and what a moderator decided"
        ),
        Subject.YOURS,
        {
            "answers_checksentence": "id dialogue_id number text dedup_hash author_id status reason"
            " salt reviewed received_on rejected_on check_of_id said"
        },
        _(
            "You can take it back as long as it has your mark; its text is deleted then, unless"
            " there is a hold. The text of one that is not shown is deleted seven days after the"
            " decision, unless there is a hold or you wait for a second look. One that is shown"
            " stays."
        ),
        _(
            "What some of those who answered wrote, also what waits or was not shown in the last"
            " days, without number or name. Who knows that you wrote it knows by it what you said."
        ),
        _("Nothing more. With your cookie or your twelve words: which of them you wrote."),
    ),
    StoredData(
        _("A mark beside that sentence, made from your token and the sentence’s number"),
        Subject.YOURS,
        {"answers_sentencemark": "sentence_id mark"},
        _(
            "Thirty days after the check is over; until you take the sentence or the mark away, or"
            " its text is deleted. It outlives the dialogue’s key, by a year at most."
        ),
        _(
            "Nothing: a mark cannot be tried, and no two marks of one person have anything in"
            " common."
        ),
        _(
            "Nothing more. With your cookie or your twelve words: that you wrote this sentence, and"
            " by it what you said in the check. Not your votes."
        ),
    ),
    StoredData(
        _("Which of these sentences say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"answers_similarsentence": "id text_id other_id score"},
        _(
            "As long as both texts: when either is deleted, this goes with it. It is made once,"
            " from the two texts, when a text has come."
        ),
        _("Nothing that the texts beside it do not show. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("An index of all these sentences by groups of three letters, to search in them"),
        Subject.YOURS,
        {
            "answers_checksentence_search": "text",
            "answers_checksentence_search_data": "id block",
            "answers_checksentence_search_idx": "segid term pgno",
            "answers_checksentence_search_docsize": "id sz",
            "answers_checksentence_search_config": "k v",
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
        _("What you say when you ask for a second look at a sentence, and how that ended"),
        Subject.YOURS,
        {"answers_sentenceappeal": "id sentence_id text outcome"},
        _(
            "Until the decision is changed, or the sentence is deleted: while you wait, at most"
            " thirty days after the first decision, unless there is a hold."
        ),
        _("Your words beside the sentence."),
        NO_MORE,
    ),
    StoredData(
        _("Which sentence an act of staff was about"),
        Subject.STAFF,
        {"answers_sentenceaction": "staffaction_ptr_id sentence_id"},
        _("As long as the dialogue."),
        _("Which member of staff decided what about a sentence."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Whether residents were asked if an answer answers them, or if what is said to be done"
            " is done, and what they said, rounded"
        ),
        Subject.PUBLIC,
        {
            "answers_residentcheck": "id case_id answered_id version said_done_id stage opened_on"
            " stage_ends_on step published reopened",
        },
        _("As long as the installation."),
        _("What the public pages of answers show."),
        NO_MORE,
    ),
    StoredData(
        _("What bodies promised by which day, and what happened to it"),
        Subject.PUBLIC,
        {
            "answers_commitment": "id dialogue_id number case_id what status body_id post_id"
            " made_on held_since first_due_on due_on slips ended_on",
            "answers_commitmentevent": "id commitment_id number kind on body_id post_id facts"
            " document",
        },
        _("As long as the installation."),
        _("What the public pages of commitments show."),
        NO_MORE,
    ),
    StoredData(
        _("Drafts of responses, and which account wrote, read or decided what"),
        Subject.STAFF,
        {
            "answers_responsedraft": "id case_id revision resolution until summary details"
            " correction dispositions cites edited_by_id reviewed_revision reviewed_by_id",
            "answers_caseevent": "by_id",
            "answers_response": "by_id",
            "answers_commitmentevent": "by_id",
        },
        _("A draft until it is published. The rest as long as the account."),
        _("What officials are about to say, and who of them or of the staff did what."),
        NO_MORE,
    ),
)
