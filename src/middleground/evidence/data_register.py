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
            "What their pages show, also that a participant proposed one, and what was withdrawn."
            " Names of authors, as in any library."
        ),
        NO_MORE,
    ),
    StoredData(
        _("Whether the addresses of sources answer, as the server found when it looked"),
        Subject.PUBLIC,
        {
            "evidence_addressstate": "source_id address looked_on answered_on failures"
            " failing_since dead_since next_at"
        },
        _("Until the next look; the last one as long as the dialogue."),
        _("What the pages of the sources show, and when the server looks again."),
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
        _("What their pages show, and what was withdrawn. Staff cite; no participant does."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Sources that you proposed: what you wrote, the day on which it came, what staff"
            " decided, which source they made of it, and your number"
        ),
        Subject.YOURS,
        {
            "evidence_proposedsource": "id dialogue_id number text parts dedup_hash author_id"
            " status reason salt reviewed received_on rejected_on source_id"
        },
        _(
            "What you wrote is deleted when staff list the source, or else seven days after they"
            " refused it, unless there is a hold or you wait for a second look. While it waits you"
            " can take it back, as long as the dialogue is open. Your number is taken off when you"
            " ask, and from all proposals when the key is destroyed; what still waits then is"
            " deleted."
        ),
        _(
            "All proposals that wait or were refused in the last days, each beside the number of"
            " its author, and which number proposed which listed source. Whoever knows that you"
            " proposed a source finds your votes by it, until your number is taken off."
        ),
        _("Nothing more, but by your cookie or twelve words also what you proposed."),
    ),
    StoredData(
        _("Which proposed sources say nearly the same, and how similar they are"),
        Subject.YOURS,
        {"evidence_similarproposal": "id text_id other_id score"},
        _(
            "As long as both texts: when either is deleted, this goes with it. It is made once,"
            " from the two texts, when a text has come."
        ),
        _("Nothing that the texts beside it do not show. It does not depend on who wrote them."),
        NO_MORE,
    ),
    StoredData(
        _("An index of proposed sources by groups of three letters, to search in them"),
        Subject.YOURS,
        {
            "evidence_proposedsource_search": "text",
            "evidence_proposedsource_search_data": "id block",
            "evidence_proposedsource_search_idx": "segid term pgno",
            "evidence_proposedsource_search_docsize": "id sz",
            "evidence_proposedsource_search_config": "k v",
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
        _("What you say when you ask for a second look at a proposed source, and how that ended"),
        Subject.YOURS,
        {"evidence_proposedsourceappeal": "id proposal_id text outcome"},
        _(
            "Until the decision is changed, or the proposal's text is deleted: while you wait, at"
            " most thirty days after the first decision, unless there is a hold. You can take it"
            " back with your votes."
        ),
        _("Your words beside the proposal, and by it beside your number."),
        NO_MORE,
    ),
    StoredData(
        _("A mark beside a proposed source, as beside other texts. None is left so far"),
        Subject.YOURS,
        {"evidence_proposedsourcemark": "proposal_id mark"},
        _("Until the proposal's text is deleted, or you take the mark away."),
        _("Nothing: the table is empty."),
        NO_MORE,
    ),
    StoredData(
        _("Which proposed source an act of staff was about"),
        Subject.STAFF,
        {"evidence_proposedsourceaction": "staffaction_ptr_id proposal_id"},
        _("As long as the dialogue."),
        _("Which member of staff decided what about a proposed source."),
        NO_MORE,
    ),
    StoredFile(
        "copies/*",
        False,
        _("Copies of sources that staff archived, each named by its hash"),
        _("What everyone can download. A copy that was removed is deleted within a day or two."),
    ),
)
