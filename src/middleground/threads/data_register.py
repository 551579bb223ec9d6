"""What is stored of comments, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, Subject, register

register(
    StoredData(
        _(
            "Your comments: text, its language if you said it, for or against, what they answer, "
            "day, a moderator’s decision, how you came in, your number"
        ),
        Subject.YOURS,
        {
            "threads_comment": "id dialogue_id thread_id parent_id number text language dedup_hash"
            " stance tier author_id status reason salt reviewed received_on rejected_on"
        },
        _(
            "Until you take it back in the open dialogue. A rejected text: seven days, longer "
            "with a hold or while you wait for a second look. Your number: until you have it "
            "removed, or the key is destroyed. What still waits then is deleted."
        ),
        _(
            "All texts with their authors’ numbers, even waiting or rejected ones. Somebody "
            "who knows you wrote one finds your votes, until your number is removed."
        ),
        _("With your cookie or twelve words: what you wrote."),
    ),
    StoredData(
        _("If you let us ask you later about answers: a mark next to your comment"),
        Subject.YOURS,
        {"threads_commentmark": "comment_id mark"},
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
        _("Which comments say nearly the same"),
        Subject.YOURS,
        {"threads_similarcomment": "id text_id other_id score"},
        _("As long as both texts are stored."),
        _("Nothing beyond the texts."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of comments"),
        Subject.YOURS,
        {
            "threads_comment_search": "text",
            "threads_comment_search_data": "id block",
            "threads_comment_search_idx": "segid term pgno",
            "threads_comment_search_docsize": "id sz",
            "threads_comment_search_config": "k v",
        },
        _("As long as the text is stored, and up to a minute more."),
        _("The texts in pieces, without authors’ numbers. Nothing that was deleted."),
        NO_MORE,
    ),
    StoredData(
        _("Your request for a second look at a comment, and its outcome"),
        Subject.YOURS,
        {"threads_commentappeal": "id comment_id text outcome"},
        _(
            "Until the decision is changed or the text is deleted. While you wait, thirty "
            "days after the first decision at most, unless there is a hold. You can take it back "
            "with your votes."
        ),
        _("Your words next to the text, and so next to your number."),
        NO_MORE,
    ),
    StoredData(
        _("Which comments you found worth reading or not: your number, the comment, your choice"),
        Subject.YOURS,
        {"threads_reaction": "participant_id comment_id value"},
        _("Until you take it back in the open dialogue, or the key is destroyed."),
        _("Which number marked which comment, without a time. No page shows or counts it."),
        _("With your cookie or twelve words: your marks."),
    ),
    StoredData(
        _("The order of comments"),
        Subject.PUBLIC,
        {"threads_comment": "rank"},
        _("Until the next map. The last one as long as the dialogue."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Which comments belong together"),
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
        _("Who signed the words of bodies in threads, and how the host verified it"),
        Subject.PUBLIC,
        {
            "threads_postsignature": "comment_id post_id body_name post_title level holder proof"
            " for_others"
        },
        _("As long as the dialogue, also when the words are no longer shown."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Which bodies may speak in threads, and which account wrote for a post"),
        Subject.STAFF,
        {"threads_admittedbody": "id dialogue_id body_id", "threads_postsignature": "by_id"},
        _("Until the host withdraws it. The account as long as it exists."),
        _("All of it."),
        NO_MORE,
    ),
    StoredData(
        _("Translations of comments, and what readers doubt"),
        Subject.PUBLIC,
        {
            "threads_commenttranslation": "id comment_id language words of_digest state source"
            " doubts",
        },
        _(
            "Until somebody refuses one or a newer one takes its place, or the comment’s words are "
            "deleted."
        ),
        _("What the pages show, and what waits for a second person. Not which reader doubted."),
        NO_MORE,
    ),
    StoredData(
        _("Which member of staff or volunteer translated a text, and who checked it"),
        Subject.STAFF,
        {
            "threads_commenttranslation": "translator_id checker_id",
        },
        _("As long as the translation and the account."),
        _("Who translated what, and who checked it."),
        NO_MORE,
    ),
    StoredData(
        _("Staff decisions about comments"),
        Subject.STAFF,
        {"threads_commentaction": "staffaction_ptr_id comment_id"},
        _("As long as the dialogue."),
        _("Which staff member decided what."),
        NO_MORE,
    ),
)
