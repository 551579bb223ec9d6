"""URLs of the desk."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from middleground.dialogues.desk import (
    codes,
    dialogues,
    embedding,
    moving,
    participation,
    patterns,
    preview,
    retention,
    roles,
)
from middleground.dialogues.desk.entries import batches, one_batch, person
from middleground.dialogues.desk.first_hour import copying, deleting, preview_links
from middleground.dialogues.desk.listing import home
from middleground.dialogues.desk.statements import appeals, merge, moderation, own_reasons, seeds
from middleground.dialogues.desk.topics import one_topic, sorting, suggesting
from middleground.dialogues.desk.translations import one_text, overview, texts


class DialogueVerb(StringConverter):
    regex = "open|open-now|withdraw|close|reopen|archive|unarchive"


class PreviewPart(StringConverter):
    regex = "start|cards|write"


register_converter(DialogueVerb, "dialogue_verb")
register_converter(PreviewPart, "preview_part")

urlpatterns = [
    path("desk/", home.show_desk, name="desk"),
    path("desk/new/", dialogues.create_dialogue, name="desk_new"),
    path("desk/<slug:slug>/", dialogues.show_dialogue, name="desk_dialogue"),
    path("desk/<slug:slug>/move/", home.move_on_front_page, name="desk_move"),
    path("desk/<slug:slug>/copy/", copying.copy_as_draft, name="desk_copy"),
    path("desk/<slug:slug>/delete/", deleting.delete_this_draft, name="desk_delete"),
    path("desk/<slug:slug>/edit/", dialogues.edit_dialogue, name="desk_edit"),
    path("desk/<slug:slug>/state/<dialogue_verb:verb>/", dialogues.change_state, name="desk_state"),
    path("desk/<slug:slug>/statements/", seeds.add_seeds, name="desk_seeds"),
    path(
        "desk/<slug:slug>/statements/<int:number>/remove/",
        seeds.remove_seed,
        name="desk_remove_seed",
    ),
    path("desk/<slug:slug>/moderation/", moderation.moderate, name="desk_moderation"),
    path("desk/<slug:slug>/moderation/<slug:collection>/", moderation.moderate, name="desk_texts"),
    path(
        "desk/<slug:slug>/appeals/<slug:collection>/",
        appeals.decide_appeals,
        name="desk_text_appeals",
    ),
    path(
        "desk/<slug:slug>/moderation/<int:number>/merge/",
        merge.merge_statement,
        name="desk_merge",
    ),
    path("desk/<slug:slug>/reasons/", own_reasons.manage_reasons, name="desk_reasons"),
    path("desk/<slug:slug>/topics/", sorting.sort_statements, name="desk_topics"),
    path("desk/<slug:slug>/topics/suggest/", suggesting.suggest, name="desk_suggested_topics"),
    path("desk/<slug:slug>/topics/<int:number>/", one_topic.change_topic, name="desk_topic"),
    path("desk/<slug:slug>/translations/", overview.choose_languages, name="desk_translations"),
    path(
        "desk/<slug:slug>/translations/<slug:language>/",
        texts.list_texts,
        name="desk_translations_into",
    ),
    path(
        "desk/<slug:slug>/translations/<slug:language>/<slug:key>/",
        one_text.translate_text,
        name="desk_translation",
    ),
    path("desk/<slug:slug>/kept/", retention.show_retention, name="desk_retention"),
    path("desk/<slug:slug>/statements.zip", moving.download_texts, name="desk_texts_file"),
    path("desk/<slug:slug>/roles/", roles.manage_roles, name="desk_roles"),
    path(
        "desk/<slug:slug>/roles/<int:member_id>/withdraw/",
        roles.withdraw_member_role,
        name="desk_withdraw_role",
    ),
    path("desk/<slug:slug>/codes/", codes.manage_codes, name="desk_codes"),
    path(
        "desk/<slug:slug>/codes/<int:number>/withdraw/",
        codes.withdraw_codes,
        name="desk_withdraw_codes",
    ),
    path("desk/<slug:slug>/entries/", batches.manage_batches, name="desk_batches"),
    path("desk/<slug:slug>/entries/<int:number>/", one_batch.show_batch, name="desk_batch"),
    path("desk/<slug:slug>/entries/<int:number>/person/", person.enter_person, name="desk_entry"),
    path("desk/<slug:slug>/tiers/", codes.choose_tiers, name="desk_tiers"),
    path("desk/<slug:slug>/patterns/", patterns.show_patterns, name="desk_patterns"),
    path("desk/<slug:slug>/patterns/decide/", patterns.decide_pattern, name="desk_decide"),
    path("desk/<slug:slug>/appeals/", appeals.decide_appeals, name="desk_appeals"),
    path("desk/<slug:slug>/preview/", preview.preview_dialogue, name="desk_preview"),
    path("desk/<slug:slug>/preview/links/", preview_links.manage_links, name="desk_preview_links"),
    path(
        "desk/<slug:slug>/preview/links/<int:number>/withdraw/",
        preview_links.withdraw_link,
        name="desk_withdraw_preview",
    ),
    path(
        "desk/<slug:slug>/preview/<preview_part:part>/",
        preview.preview_part,
        name="desk_preview_part",
    ),
    path(
        "desk/<slug:slug>/participation/",
        participation.show_participation,
        name="desk_participation",
    ),
    path("desk/<slug:slug>/embedding/", embedding.show_embedding, name="desk_embedding"),
]
