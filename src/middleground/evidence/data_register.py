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
        _("Sources of evidence, as the host entered them"),
        Subject.PUBLIC,
        {
            "evidence_source": "id dialogue_id number kind title authors publisher published"
            " appeared_in volume issue pages doi address language evidence funding withdrawn"
            " proposed added_on revision identity imported_identity reference copy_hash copy_type"
            " copy_bytes logged logged_on"
        },
        _("As long as the dialogue."),
        _(
            "What their pages show, including withdrawn sources and whether a "
            "participant proposed one. Authors’ names, as in any library."
        ),
        NO_MORE,
    ),
    StoredData(
        _("Whether the addresses of sources worked when the server last checked"),
        Subject.PUBLIC,
        {
            "evidence_addressstate": "source_id address looked_on answered_on failures"
            " failing_since dead_since next_at"
        },
        _("Until the next check. The last one as long as the dialogue."),
        _("What the pages of the sources show, and when the server checks again."),
        NO_MORE,
    ),
    StoredData(
        _("Claims, what sources say about them, and which statements cite them"),
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
        _(
            "What their pages show, including what was withdrawn. Only staff cite "
            "sources; no participant does."
        ),
        NO_MORE,
    ),
    StoredData(
        _(
            "Sources you proposed: your text, the day, what staff decided, which "
            "source they made of it, and your number"
        ),
        Subject.YOURS,
        {
            "evidence_proposedsource": "id dialogue_id number text parts dedup_hash author_id"
            " status reason salt reviewed received_on rejected_on source_id"
        },
        _(
            "Until staff list the source, or seven days after they refuse it. A "
            "hold or a second look can delay this. You can take it back while it "
            "waits and the dialogue is open. Your number: until you ask us to "
            "remove it, or until the key is destroyed. What still waits then is "
            "deleted."
        ),
        _(
            "Proposals that wait or were refused in the last days, with their "
            "authors’ numbers, and which number proposed which listed source. "
            "Someone who knows you proposed a source finds your votes through "
            "it, until your number is removed."
        ),
        _("With your cookie or twelve words: what you proposed."),
    ),
    StoredData(
        _("Which proposed sources say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"evidence_similarproposal": "id text_id other_id score"},
        _("As long as both texts exist. It is made once, when a text comes in."),
        _("Nothing beyond the texts themselves. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("A search index of proposed sources, in groups of three letters"),
        Subject.YOURS,
        {
            "evidence_proposedsource_search": "text",
            "evidence_proposedsource_search_data": "id block",
            "evidence_proposedsource_search_idx": "segid term pgno",
            "evidence_proposedsource_search_docsize": "id sz",
            "evidence_proposedsource_search_config": "k v",
        },
        _("As long as the text, and up to a minute more."),
        _(
            "The same texts, cut into groups of three letters. No author’s "
            "number, and nothing that was deleted."
        ),
        NO_MORE,
    ),
    StoredData(
        _("What you wrote when asking for a second look at a proposed source, and how that ended"),
        Subject.YOURS,
        {"evidence_proposedsourceappeal": "id proposal_id text outcome"},
        _(
            "Until the decision is changed or the proposal’s text is deleted. "
            "While you wait, thirty days after the first decision at most, "
            "unless there is a hold. You can take it back along with your votes."
        ),
        _("Your words next to the proposal, and so next to your number."),
        NO_MORE,
    ),
    StoredData(
        _("A mark next to a proposed source, as with other texts. So far there are none"),
        Subject.YOURS,
        {"evidence_proposedsourcemark": "proposal_id mark"},
        _("Until the proposal’s text is deleted, or you remove the mark."),
        _("Nothing: the table is empty."),
        NO_MORE,
    ),
    StoredData(
        _("Which proposed source a staff decision was about"),
        Subject.STAFF,
        {"evidence_proposedsourceaction": "staffaction_ptr_id proposal_id"},
        _("As long as the dialogue."),
        _("Which staff member decided what about a proposed source."),
        NO_MORE,
    ),
    StoredFile(
        "copies/*",
        False,
        _("Copies of sources that staff archived, each named by its hash"),
        _("What everyone can download. A removed copy is deleted within a day or two."),
    ),
)
