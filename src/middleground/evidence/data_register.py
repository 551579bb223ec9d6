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
            " added_on revision identity imported_identity reference copy_hash copy_type copy_bytes"
            " logged"
        },
        _("As long as the dialogue."),
        _("What their pages show, and what was withdrawn. Names of authors, as in any library."),
        NO_MORE,
    ),
    StoredData(
        _("Claims, what sources say about them, and which statements cite them"),
        Subject.PUBLIC,
        {
            "evidence_claim": "id dialogue_id number text in_background withdrawn added_on"
            " revision logged",
            "evidence_passage": "id claim_id source_id number side quote place",
            "evidence_statementcitation": "id statement_id claim_id",
            "evidence_sourcethread": "source_id thread_id",
            "evidence_claimdata": "id claim_id source_id what place unit rows",
        },
        _("As long as the dialogue."),
        _("What their pages show, and what was withdrawn. Staff cite; no participant does."),
        NO_MORE,
    ),
    StoredFile(
        "copies/*",
        False,
        _("Copies of sources that staff archived, each named by its hash"),
        _("What everyone can download. A copy that was removed is deleted within a day or two."),
    ),
)
