"""What is stored of comments, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _(
            "Your comments: the text, for or against, what it answers, the day, "
            "what a moderator decided, how you came in, and your number"
        ),
        Subject.YOURS,
        {
            "threads_comment": "id dialogue_id thread_id parent_id number text dedup_hash stance"
            " tier author_id status reason salt reviewed received_on rejected_on"
        },
        _(
            "Until you take the comment back, while the dialogue is open. If it "
            "is not shown, its text is deleted seven days after the decision. A "
            "hold or a second look can delay this. Your number: until you ask us "
            "to remove it, or until the key is destroyed. What still waits then "
            "is deleted."
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
            "comment, made from your token and the comment’s number"
        ),
        Subject.YOURS,
        {"threads_commentmark": "comment_id mark"},
        _(
            "Until the last question about it is over. Sooner if you remove the "
            "mark or the comment, let go of it, or its text is deleted. It "
            "outlives the dialogue’s key."
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
        _("Which comments say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"threads_similarcomment": "id text_id other_id score"},
        _("As long as both texts exist. It is made once, when a text comes in."),
        _("Nothing beyond the texts themselves. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of all comments, in groups of three letters"),
        Subject.YOURS,
        {
            "threads_comment_search": "text",
            "threads_comment_search_data": "id block",
            "threads_comment_search_idx": "segid term pgno",
            "threads_comment_search_docsize": "id sz",
            "threads_comment_search_config": "k v",
        },
        _("As long as the text, and up to a minute more."),
        _(
            "The same texts, cut into groups of three letters. No author’s "
            "number, and nothing that was deleted."
        ),
        NO_MORE,
    ),
    StoredData(
        _("What you wrote when asking for a second look at a comment, and how that ended"),
        Subject.YOURS,
        {"threads_commentappeal": "id comment_id text outcome"},
        _(
            "Until the decision is changed or the comment’s text is deleted. "
            "While you wait, thirty days after the first decision at most, "
            "unless there is a hold. You can take it back along with your votes."
        ),
        _("Your words next to the comment, and so next to your number."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Which comments you marked as worth reading or not: your number, the "
            "comment, your choice"
        ),
        Subject.YOURS,
        {"threads_reaction": "participant_id comment_id value"},
        _(
            "Until you take it back or delete your votes, while the dialogue is "
            "open. All of them until the key is destroyed."
        ),
        _(
            "Which number marked which comment, next to its votes, without a "
            "time. No page shows or counts it."
        ),
        _("With your cookie or twelve words: your marks."),
    ),
    StoredData(
        _("The order of comments, from what people in different groups found worth reading"),
        Subject.PUBLIC,
        {"threads_comment": "rank"},
        _("Until the next map. The last one as long as the dialogue."),
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
            "What posts of bodies say in threads: the post, the names of post, "
            "body and holder that day, how the host verified it, and whether a "
            "community organization says it for others"
        ),
        Subject.PUBLIC,
        {
            "threads_postsignature": "comment_id post_id body_name post_title level holder proof"
            " for_others"
        },
        _("As long as the dialogue, even when the words are no longer shown."),
        _("What the pages show: who signed the words. Nothing about participants."),
        NO_MORE,
    ),
    StoredData(
        _("Which bodies may speak in a dialogue’s threads, and which account wrote for a post"),
        Subject.STAFF,
        {"threads_admittedbody": "id dialogue_id body_id", "threads_postsignature": "by_id"},
        _("Until the host withdraws this. The account as long as it exists."),
        _("Which bodies may speak where, and which official wrote what for a post."),
        NO_MORE,
    ),
    StoredData(
        _("Which comment a staff decision was about"),
        Subject.STAFF,
        {"threads_commentaction": "staffaction_ptr_id comment_id"},
        _("As long as the dialogue."),
        _("Which staff member decided what about a comment."),
        NO_MORE,
    ),
)
