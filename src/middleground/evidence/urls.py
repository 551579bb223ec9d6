"""URLs of sources and claims."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from middleground.dialogues.pages.picture_files import picture_paths
from middleground.evidence.pages import (
    copy,
    data,
    desk_claims,
    desk_exchange,
    desk_proposals,
    desk_sources,
    propose,
    public,
    threads,
)


class FileFormatConverter(StringConverter):
    regex = "bibtex|ris|csl-json"


register_converter(FileFormatConverter, "file_format")

urlpatterns = [
    path("d/<slug:slug>/sources/", public.show_sources, name="sources"),
    path("d/<slug:slug>/sources/propose/", propose.propose, name="propose-source"),
    path("d/<slug:slug>/sources/evidence.json", public.show_evidence_file, name="evidence_file"),
    path("d/<slug:slug>/sources/<int:number>/", public.show_source, name="source"),
    path("d/<slug:slug>/sources/<int:number>/copy/", copy.download_copy, name="source_copy"),
    path(
        "d/<slug:slug>/sources/<int:number>/comment/",
        threads.comment_on_source,
        name="comment_on_source",
    ),
    *picture_paths(
        "d/<slug:slug>/claims/<int:number>/series", data.series_picture, "claim-picture"
    ),
    path("d/<slug:slug>/claims/<int:number>/", public.show_claim, name="claim"),
    path("desk/<slug:slug>/sources/", desk_sources.show_evidence, name="desk_sources"),
    path("desk/<slug:slug>/sources/import/", desk_exchange.import_file, name="desk_import"),
    path(
        "desk/<slug:slug>/sources/export/<file_format:format_>/",
        desk_exchange.export_file,
        name="desk_export",
    ),
    path(
        "desk/<slug:slug>/sources/proposed/<int:number>/",
        desk_proposals.take_up_source,
        name="desk_take_up_source",
    ),
    path("desk/<slug:slug>/sources/add/", desk_sources.create_source, name="desk_add_source"),
    path("desk/<slug:slug>/sources/<int:number>/", desk_sources.change_source, name="desk_source"),
    path("desk/<slug:slug>/sources/<int:number>/copy/", copy.upload_copy, name="desk_store_copy"),
    path(
        "desk/<slug:slug>/sources/<int:number>/copy/remove/",
        copy.delete_copy,
        name="desk_remove_copy",
    ),
    path(
        "desk/<slug:slug>/sources/<int:number>/withdraw/",
        desk_sources.withdraw,
        name="desk_withdraw_source",
    ),
    path(
        "desk/<slug:slug>/sources/<int:number>/restore/",
        desk_sources.restore,
        name="desk_restore_source",
    ),
    path("desk/<slug:slug>/claims/add/", desk_claims.create_claim, name="desk_add_claim"),
    path("desk/<slug:slug>/claims/<int:number>/", desk_claims.change_claim, name="desk_claim"),
    path("desk/<slug:slug>/claims/<int:number>/data/", data.change_data, name="desk_data"),
    path(
        "desk/<slug:slug>/claims/<int:number>/data/remove/",
        data.delete_data,
        name="desk_remove_data",
    ),
    path(
        "desk/<slug:slug>/claims/<int:number>/passages/",
        desk_claims.create_passage,
        name="desk_add_passage",
    ),
    path(
        "desk/<slug:slug>/claims/<int:number>/passages/<int:passage_number>/remove/",
        desk_claims.delete_passage,
        name="desk_remove_passage",
    ),
    path(
        "desk/<slug:slug>/claims/<int:number>/withdraw/",
        desk_claims.withdraw,
        name="desk_withdraw_claim",
    ),
    path(
        "desk/<slug:slug>/claims/<int:number>/restore/",
        desk_claims.restore,
        name="desk_restore_claim",
    ),
]
