"""What is stored of comments, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _(
            "Your comments: the text, whether it speaks for or against, what it answers, the day on"
            " which it came, what a moderator decided, by which way you had come in, and your"
            " number"
        ),
        Subject.YOURS,
        {
            "threads_comment": "id dialogue_id thread_id parent_id number text dedup_hash stance"
            " tier author_id status reason salt reviewed received_on rejected_on"
        },
        _(
            "You can take a comment back while the dialogue is open; its text is deleted at once,"
            " unless there is a hold. The text of one that is not shown is deleted seven days after"
            " the decision, unless there is a hold or you wait for a second look. Your number is"
            " taken off when you ask, and from all comments when the key is destroyed; what still"
            " waits then is deleted."
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
            "If you let us ask you later whether an answer answers your comment: a mark beside it,"
            " made from your token and the comment’s number"
        ),
        Subject.YOURS,
        {"threads_commentmark": "comment_id mark"},
        _(
            "Until the last question about it is over; at most until you take the mark or the"
            " comment away, let go of it, or its text is deleted. It outlives the dialogue’s key."
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
        _("Which comments say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"threads_similarcomment": "id text_id other_id score"},
        _(
            "As long as both texts: when either is deleted, this goes with it. It is made once,"
            " from the two texts, when a text has come."
        ),
        _("Nothing that the texts beside it do not show. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("An index of all comments by groups of three letters, to search in them"),
        Subject.YOURS,
        {
            "threads_comment_search": "text",
            "threads_comment_search_data": "id block",
            "threads_comment_search_idx": "segid term pgno",
            "threads_comment_search_docsize": "id sz",
            "threads_comment_search_config": "k v",
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
        _("What you say when you ask for a second look at a comment, and how that ended"),
        Subject.YOURS,
        {"threads_commentappeal": "id comment_id text outcome"},
        _(
            "Until the decision is changed, or the comment's text is deleted: while you wait, at"
            " most thirty days after the first decision, unless there is a hold. You can take it"
            " back with your votes."
        ),
        _("Your words beside the comment, and by it beside your number."),
        NO_MORE,
    ),
    StoredData(
        _("What you found worth reading, or not: your number, the comment, and which of the two"),
        Subject.YOURS,
        {"threads_reaction": "participant_id comment_id value"},
        _(
            "Until you take it back or delete your votes, which you can while the dialogue is open;"
            " all of them until the key is destroyed."
        ),
        _(
            "Which number found which comment worth reading, beside its votes, without a time. No"
            " page tells or counts it."
        ),
        _("With your cookie or twelve words, what you found worth reading."),
    ),
    StoredData(
        _("The place of a comment by what people of different groups found worth reading"),
        Subject.PUBLIC,
        {"threads_comment": "rank"},
        _("Until the next map; the last one as long as the dialogue."),
        _("The order that the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Which comments belong together, and below which statement"),
        Subject.PUBLIC,
        {
            "threads_thread": "id dialogue_id",
            "threads_statementthread": "statement_id thread_id",
        },
        _("As long as the dialogue."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Of what posts of bodies say in threads: the post, the names of post, body and holder"
            " on that day, how the host had verified it, and whether a community organization says"
            " it for others"
        ),
        Subject.PUBLIC,
        {
            "threads_postsignature": "comment_id post_id body_name post_title level holder proof"
            " for_others"
        },
        _("As long as the dialogue, also when the words are no longer shown."),
        _("What the pages show beside the words: who signed them. Nothing of participants."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Which bodies the host lets speak in a dialogue’s threads; which account wrote for a"
            " post"
        ),
        Subject.STAFF,
        {"threads_admittedbody": "id dialogue_id body_id", "threads_postsignature": "by_id"},
        _("Until the host no longer lets them; the account as long as it exists."),
        _("Which bodies may speak where, and which official wrote what in the name of a post."),
        NO_MORE,
    ),
    StoredData(
        _("Which comment an act of staff was about"),
        Subject.STAFF,
        {"threads_commentaction": "staffaction_ptr_id comment_id"},
        _("As long as the dialogue."),
        _("Which member of staff decided what about a comment."),
        NO_MORE,
    ),
)
