"""What is stored of sources and claims."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import (
    NO_MORE,
    StoredData,
    StoredFile,
    Subject,
    register,
)

register(
    StoredData(
        _(
            "Sources, as the host entered them, withdrawn ones too, and if a participant "
            "proposed one"
        ),
        Subject.PUBLIC,
        {
            "evidence_source": "id dialogue_id number kind title authors publisher published"
            " appeared_in volume issue pages doi address language evidence funding withdrawn"
            " proposed added_on revision identity imported_identity reference copy_hash copy_type"
            " copy_bytes logged logged_on"
        },
        _("As long as the dialogue."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Whether the addresses of sources worked"),
        Subject.PUBLIC,
        {
            "evidence_addressstate": "source_id address looked_on answered_on failures"
            " failing_since dead_since next_at"
        },
        _("Until the next check. The last one as long as the dialogue."),
        _("What the pages show, and when the server checks again."),
        NO_MORE,
    ),
    StoredData(
        _("Claims, also withdrawn ones, and what cites them"),
        Subject.PUBLIC,
        {
            "evidence_claim": "id dialogue_id number text in_background withdrawn added_on"
            " revision logged logged_on",
            "evidence_passage": "id claim_id source_id number side quote place",
            "evidence_statementcitation": "id statement_id claim_id",
            "evidence_sourcethread": "source_id thread_id",
            "evidence_claimdata": "id claim_id source_id what place unit rows",
        },
        _("As long as the dialogue."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Translations of claims and of titles of sources, and what readers doubt"),
        Subject.PUBLIC,
        {
            "evidence_sourcetranslation": "id of_source_id language words of_digest state source"
            " doubts",
            "evidence_claimtranslation": "id claim_id language words of_digest state source doubts",
        },
        _("Until somebody refuses one or a newer one takes its place."),
        _("What the pages show, and what waits for a second person. Not which reader doubted."),
        NO_MORE,
    ),
    StoredData(
        _("Which member of staff or volunteer translated a text, and who checked it"),
        Subject.STAFF,
        {
            "evidence_sourcetranslation": "translator_id checker_id",
            "evidence_claimtranslation": "translator_id checker_id",
        },
        _("As long as the translation and the account."),
        _("Who translated what, and who checked it."),
        NO_MORE,
    ),
    StoredData(
        _("Sources you proposed: text, day, the decision, the source made of it, your number"),
        Subject.YOURS,
        {
            "evidence_proposedsource": "id dialogue_id number text language parts dedup_hash"
            " author_id status reason salt reviewed received_on rejected_on source_id"
        },
        _(
            "Until staff list the source, or you take it back while it waits in the open "
            "dialogue. A refused text: seven days, longer with a hold or while you wait for a "
            "second look. Your number: until you "
            "have it removed, or the key is destroyed. What still waits then is deleted."
        ),
        _(
            "Proposals that wait or were just refused, and which number proposed which "
            "source. Somebody who knows you proposed one finds your votes, until your number "
            "is removed."
        ),
        _("With your cookie or twelve words: what you proposed."),
    ),
    StoredData(
        _("Which proposed sources say nearly the same"),
        Subject.YOURS,
        {"evidence_similarproposal": "id text_id other_id score"},
        _("As long as both texts are stored."),
        _("Nothing beyond the texts."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of proposed sources"),
        Subject.YOURS,
        {
            "evidence_proposedsource_search": "text",
            "evidence_proposedsource_search_data": "id block",
            "evidence_proposedsource_search_idx": "segid term pgno",
            "evidence_proposedsource_search_docsize": "id sz",
            "evidence_proposedsource_search_config": "k v",
        },
        _("As long as the text is stored, and up to a minute more."),
        _("The texts in pieces, without authors’ numbers. Nothing that was deleted."),
        NO_MORE,
    ),
    StoredData(
        _("Your request for a second look at a proposed source, and its outcome"),
        Subject.YOURS,
        {"evidence_proposedsourceappeal": "id proposal_id text outcome"},
        _(
            "Until the decision is changed or the text is deleted. While you wait, thirty "
            "days after the first decision at most, unless there is a hold. You can take it back "
            "with your votes."
        ),
        _("Your words next to the text, and so next to your number."),
        NO_MORE,
    ),
    StoredData(
        _("A mark next to a proposed source. So far there are none"),
        Subject.YOURS,
        {"evidence_proposedsourcemark": "proposal_id mark"},
        _("Until the text is deleted, or you remove the mark."),
        _("Nothing: the table is empty."),
        NO_MORE,
    ),
    StoredData(
        _("Staff decisions about proposed sources"),
        Subject.STAFF,
        {"evidence_proposedsourceaction": "staffaction_ptr_id proposal_id"},
        _("As long as the dialogue."),
        _("Which staff member decided what."),
        NO_MORE,
    ),
    StoredFile(
        "copies/*",
        False,
        _("Copies of sources that staff archived, each named by its hash"),
        _("What everyone can download. A removed copy is deleted within a day or two."),
    ),
)
