"""Full-text search: for moderators, and to preselect texts for the similarity comparison."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.moderated_text import (
    ModeratedText,
    ModeratedTextQuerySet,
    Text,
)
from middleground.dialogues.models.texts.search_index import index_of
from middleground.texts.search import (
    containing_expression,
    contains_all,
    related_expression,
    search_words,
)
from middleground.texts.similarity import Similar, SimilarityIndex, words_either_way

# Up to this number, all texts are compared, which takes some milliseconds.
MOST_COMPARED = 2_000
CANDIDATES = 200


def containing(words: str, rows: ModeratedTextQuerySet[Text]) -> Q:
    """The condition that a row's text contains the words, in any case."""
    condition = Q(text__icontains=words)
    expression = containing_expression(words) if connection.vendor == "sqlite" else ""
    if not expression:
        return condition  # PostgreSQL uses its index by itself
    index = index_of(rows.model._meta.db_table)
    sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608
    return condition & Q(pk__in=RawSQL(sql, [expression]))  # noqa: S611 -- the table is ours


def dialogues_with(query: str, dialogues: QuerySet[Dialogue]) -> list[int]:
    """The primary keys of those whose question, background or host's words have all the words.

    Their texts are read and compared here: there are few of them, and both databases then find the
    same in every script, whatever its capitals. Decision 86 tells why not by an index.
    """
    words = search_words(query)
    rows = dialogues.values_list("pk", "question", "background", "promise", "host_name")
    return [pk for pk, *texts in rows.iterator(chunk_size=200) if contains_all(words, texts)]


def candidates(text: str, dialogue: Dialogue, rows: ModeratedTextQuerySet[Text]) -> list[Text]:
    """Those of the dialogue's ``rows`` to compare the text with.

    If there are more than ``MOST_COMPARED``, those that share most words, weighted by rarity.
    """
    few = _if_few(rows)
    return few if few is not None else _near(text, dialogue, rows)


def similar_to_each(
    texts: Sequence[ModeratedText],
    dialogue: Dialogue,
    rows: ModeratedTextQuerySet[Text],
    limit: int,
) -> dict[int, list[Similar[Text]]]:
    """The other ``rows`` similar to each text, by the text's primary key.

    Few rows are indexed once for all texts.
    """
    few = _if_few(rows) if texts else []
    whole = SimilarityIndex(few) if few is not None else None
    return {
        each.pk: (whole or SimilarityIndex(_near(each.text, dialogue, rows))).similar_to(
            each.text, limit, but_not=each
        )
        for each in texts
    }


def _if_few(rows: ModeratedTextQuerySet[Text]) -> list[Text] | None:
    """All rows, or None if there are more than ``MOST_COMPARED``."""
    found = list(rows[: MOST_COMPARED + 1])
    return found if len(found) <= MOST_COMPARED else None


def _near(text: str, dialogue: Dialogue, rows: ModeratedTextQuerySet[Text]) -> list[Text]:
    return list(rows.filter(pk__in=_related(text, dialogue, rows.model._meta.db_table)))


def _related(text: str, dialogue: Dialogue, table: str) -> list[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            expression, index = related_expression(text), index_of(table)
            if not expression:
                return []
            sql = (
                f"SELECT t.id FROM {index} JOIN {table} t ON t.id = {index}.rowid"  # noqa: S608
                f" WHERE {index} MATCH %s AND t.dialogue_id = %s ORDER BY rank, t.id LIMIT %s"
            )
            cursor.execute(sql, [expression, dialogue.pk, CANDIDATES])
        else:
            # Works without the trigram extension. Prefix search for the comparison's own stems.
            words = " | ".join(f"{word}:*" for word in words_either_way(text))
            sql = (
                f"SELECT id FROM {table}, to_tsquery('simple', %s) wanted"  # noqa: S608
                " WHERE dialogue_id = %s AND to_tsvector('simple', text) @@ wanted"
                " ORDER BY ts_rank(to_tsvector('simple', text), wanted) DESC, id LIMIT %s"
            )
            cursor.execute(sql, [words, dialogue.pk, CANDIDATES])
        return [row[0] for row in cursor.fetchall()]
