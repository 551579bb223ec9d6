"""Register of the data stored about concerns, cases, responses and commitments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _("Cases: their concerns, what was set aside and why, and what happened"),
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
        _("As long as the site runs."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Answers of bodies: each version, and what it cites"),
        Subject.PUBLIC,
        {
            "answers_response": "id case_id version post_id body_name post_title holder resolution"
            " until language summary details correction published_on document",
            "answers_disposition": "id response_id concern_id outcome words",
            "answers_responsecitation": "id response_id claim_id source_id",
        },
        _("As long as the site runs."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Translations of cases and answers, and what readers doubt"),
        Subject.PUBLIC,
        {
            "answers_casetranslation": "id case_id part language words of_digest state"
            " source doubts",
            "answers_responsetranslation": "id response_id part language words of_digest state"
            " source doubts",
        },
        _("Until somebody refuses one or a newer one takes its place."),
        _("What the pages show, and what waits for a second person. Not which reader doubted."),
        NO_MORE,
    ),
    StoredData(
        _("Which member of staff or volunteer translated a text, and who checked it"),
        Subject.STAFF,
        {
            "answers_casetranslation": "translator_id checker_id",
            "answers_responsetranslation": "translator_id checker_id",
        },
        _("As long as the translation and the account."),
        _("Who translated what, and who checked it."),
        NO_MORE,
    ),
    StoredData(
        _("Which shown statements say nearly the same, and the day of comparison"),
        Subject.PUBLIC,
        {
            "answers_suggestions": "dialogue_id compared compared_on statements similar",
        },
        _("Until the next comparison, or until the dialogue is deleted."),
        _("Nothing beyond the texts."),
        NO_MORE,
    ),
    StoredData(
        _(
            "What you said when asked about an answer, if you raised it or which group you "
            "are in, and a mark so that you count once"
        ),
        Subject.YOURS,
        {"answers_checkanswer": "mark check_of_id kind said"},
        _("Until the question is over, eight weeks at most. Then only rounded counts."),
        _(
            "Each answer, without number, name, time or text. Not who gave it: a mark leads "
            "to no vote, and no two can be linked."
        ),
        _("With your cookie or twelve words: what you said."),
    ),
    StoredData(
        _(
            "If you say why in a check: your sentence, what you had answered, the day, and a "
            "moderator’s decision"
        ),
        Subject.YOURS,
        {
            "answers_checksentence": "id dialogue_id number text language dedup_hash author_id"
            " status reason salt reviewed received_on rejected_on check_of_id said"
        },
        _(
            "As long as it is shown, or until you take it back while your mark exists. A "
            "rejected one: seven days, longer with a hold or while you wait for a second "
            "look."
        ),
        _(
            "All sentences, even waiting or rejected ones, without number or name. Somebody "
            "who knows you wrote one learns what you answered."
        ),
        _("With your cookie or twelve words: which sentences you wrote."),
    ),
    StoredData(
        _("A mark next to a sentence that says why"),
        Subject.YOURS,
        {"answers_sentencemark": "sentence_id mark"},
        _(
            "Thirty days after the check is over, a year after the key is destroyed at most. "
            "Sooner if you remove the sentence or the mark, or its text is deleted."
        ),
        _("Nothing."),
        _(
            "With your cookie or twelve words: that you wrote it, and so what you answered. "
            "Not your votes."
        ),
    ),
    StoredData(
        _("Which sentences that say why are nearly the same"),
        Subject.YOURS,
        {"answers_similarsentence": "id text_id other_id score"},
        _("As long as both texts are stored."),
        _("Nothing beyond the texts."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of sentences that say why"),
        Subject.YOURS,
        {
            "answers_checksentence_search": "text",
            "answers_checksentence_search_data": "id block",
            "answers_checksentence_search_idx": "segid term pgno",
            "answers_checksentence_search_docsize": "id sz",
            "answers_checksentence_search_config": "k v",
        },
        _("As long as the text is stored, and up to a minute more."),
        _("The texts in pieces, without authors’ numbers. Nothing that was deleted."),
        NO_MORE,
    ),
    StoredData(
        _("Your request for a second look at a sentence that says why, and its outcome"),
        Subject.YOURS,
        {"answers_sentenceappeal": "id sentence_id text outcome"},
        _(
            "Until the decision is changed or the text is deleted. While you wait, thirty "
            "days after the first decision at most, unless there is a hold."
        ),
        _("Your words next to the sentence."),
        NO_MORE,
    ),
    StoredData(
        _("Staff decisions about sentences"),
        Subject.STAFF,
        {"answers_sentenceaction": "staffaction_ptr_id sentence_id"},
        _("As long as the dialogue."),
        _("Which staff member decided what."),
        NO_MORE,
    ),
    StoredData(
        _("What residents said about an answer or a kept promise, rounded"),
        Subject.PUBLIC,
        {
            "answers_residentcheck": "id case_id answered_id version said_done_id stage opened_on"
            " stage_ends_on step published reopened",
        },
        _("As long as the site runs."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("What bodies promised, and what became of it"),
        Subject.PUBLIC,
        {
            "answers_commitment": "id dialogue_id number case_id what status body_id post_id"
            " made_on held_since first_due_on due_on slips ended_on",
            "answers_commitmentevent": "id commitment_id number kind on body_id post_id facts"
            " document",
        },
        _("As long as the site runs."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Drafts of answers, and which account did what"),
        Subject.STAFF,
        {
            "answers_responsedraft": "id case_id revision resolution until language summary details"
            " correction dispositions cites edited_by_id reviewed_revision reviewed_by_id",
            "answers_caseevent": "by_id",
            "answers_response": "by_id",
            "answers_commitmentevent": "by_id",
        },
        _("A draft until it is published. The rest as long as the account."),
        _("What officials are about to say, and who did what."),
        NO_MORE,
    ),
)
