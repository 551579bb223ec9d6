"""URLs by audience: those of the public here, one module of views each."""

from __future__ import annotations

from django.urls import include, path

from middleground.dialogues.pages import dialogue, lists, previews
from middleground.dialogues.pages.participate import (
    admission,
    appeal,
    correct,
    delete_mine,
    my_data,
    my_votes,
    receipt,
    start,
    vote_card,
    write,
)
from middleground.dialogues.pages.picture_files import picture_paths
from middleground.dialogues.pages.preview import by_link
from middleground.dialogues.pages.results import (
    as_of,
    embed,
    method,
    opinion_map,
    pictures,
    projector,
    report,
    results,
    statement,
    topics,
)
from middleground.dialogues.pages.trust import (
    could_cheat,
    data_register,
    ledger,
    ledger_verify,
    moderation_log,
)
from middleground.publiclog.views import serve_file

urlpatterns = [
    path("", include("middleground.dialogues.desk.urls")),
    path("", lists.show_dialogues, name="dialogues"),
    path("earlier/", lists.show_earlier, name="earlier"),
    path("search/", lists.search_dialogues, name="search-dialogues"),
    path("d/<slug:slug>/", dialogue.show_dialogue, name="dialogue"),
    path("d/<slug:slug>/start/", start.show_start, name="start"),
    path("d/<slug:slug>/take-part/", vote_card.take_part, name="take-part"),
    path("d/<slug:slug>/code/", admission.enter_code, name="code"),
    path("d/<slug:slug>/confirm/", admission.confirm_openly, name="confirm"),
    path("d/<slug:slug>/hand-on/", admission.hand_on, name="hand-on"),
    path("d/<slug:slug>/vote", vote_card.vote_needs_a_form, name="vote"),
    path("d/<slug:slug>/s/<int:number>/", statement.show_statement, name="statement"),
    path(
        "d/<slug:slug>/s/<int:number>/as-of/<slug:code>/",
        as_of.show_statement_as_of,
        name="statement-as-of",
    ),
    path("d/<slug:slug>/s/<int:number>/receipt/", receipt.show_receipt, name="receipt"),
    path("d/<slug:slug>/embed/", embed.show_embed, name="embed"),
    path("d/<slug:slug>/embed/<slug:name>/", embed.show_chart, name="embed-chart"),
    path(
        "d/<slug:slug>/embed/s/<int:number>/",
        embed.show_statement_chart,
        name="embed-statement",
    ),
    path("d/<slug:slug>/moderation/", moderation_log.show_moderation_log, name="moderation_log"),
    path(
        "d/<slug:slug>/moderation/moderation.csv",
        moderation_log.download_moderation_log,
        name="moderation_log_csv",
    ),
    path("d/<slug:slug>/wall/", projector.show_on_wall, name="wall"),
    path("d/<slug:slug>/map/", opinion_map.show_map, name="map"),
    path(
        "d/<slug:slug>/map/middle-ground/",
        opinion_map.show_map,
        {"view": "middle-ground"},
        name="map-middle-ground",
    ),
    path(
        "d/<slug:slug>/map/divisive/",
        opinion_map.show_map,
        {"view": "divisive"},
        name="map-divisive",
    ),
    path(
        "d/<slug:slug>/map/undecided/",
        opinion_map.show_map,
        {"view": "undecided"},
        name="map-undecided",
    ),
    path(
        "d/<slug:slug>/map/group/<str:label>/",
        opinion_map.show_map,
        {"view": "group"},
        name="map-group",
    ),
    path(
        "d/<slug:slug>/map/tier/<slug:label>/",
        opinion_map.show_map,
        {"view": "tier"},
        name="map-tier",
    ),
    path("favicon.ico", previews.show_icon, name="icon"),
    path("apple-touch-icon.png", previews.show_touch_icon, name="touch-icon"),
    path("preview/<str:token>/", by_link.show_preview, name="preview"),
    path("preview/<str:token>/<preview_part:part>/", by_link.show_preview, name="preview-part"),
    path("preview.png", previews.show_site_preview, name="site-preview"),
    path("d/<slug:slug>/preview.png", previews.show_dialogue_preview, name="dialogue-preview"),
    path(
        "d/<slug:slug>/s/<int:number>/preview.png",
        previews.show_statement_preview,
        name="statement-preview",
    ),
    *picture_paths("d/<slug:slug>/map/<slug:name>", pictures.map_picture, "map-picture"),
    *picture_paths(
        "d/<slug:slug>/s/<int:number>/<slug:name>",
        pictures.statement_picture,
        "statement-picture",
    ),
    path("d/<slug:slug>/map/newer/", opinion_map.newer_map, name="map-newer"),
    path("d/<slug:slug>/topics/", topics.show_topics, name="topics"),
    path("d/<slug:slug>/topics/other/", topics.show_other, name="topic-other"),
    path("d/<slug:slug>/topics/<int:number>/", topics.show_topic, name="topic"),
    path("d/<slug:slug>/results/", results.show_results, name="results"),
    path("d/<slug:slug>/results/<str:name>", results.download, name="open-data"),
    path("d/<slug:slug>/report/", report.show_report, name="report"),
    path("ledger/", ledger.show_ledger, name="ledger"),
    *picture_paths("ledger/tree", ledger.tree_picture, "ledger-picture"),
    path("ledger/verify/", ledger_verify.show_verifier, name="ledger-verify"),
    path("ledger/verify/<str:name>", ledger_verify.show_tool, name="ledger-tool"),
    path("ledger/<path:path>", serve_file, name="ledger-file"),
    path("method/", method.show_method, name="method"),
    path("could-the-host-cheat/", could_cheat.show_could_cheat, name="could-the-host-cheat"),
    path("d/<slug:slug>/mine/", my_votes.show_my_votes, name="my-votes"),
    path("d/<slug:slug>/mine/delete/", delete_mine.delete_mine, name="delete-my-votes"),
    path(
        "d/<slug:slug>/mine/<int:number>/take-back/",
        my_votes.take_back_text,
        name="take-back-statement",
    ),
    path(
        "d/<slug:slug>/mine/<int:number>/correct/",
        correct.correct_own_statement,
        name="correct",
    ),
    path("d/<slug:slug>/mine/<int:number>/appeal/", appeal.ask_for_second_look, name="appeal"),
    path(
        "d/<slug:slug>/mine/<slug:collection>/<int:number>/take-back/",
        my_votes.take_back_text,
        name="take-back-text",
    ),
    path(
        "d/<slug:slug>/mine/<slug:collection>/<int:number>/appeal/",
        appeal.ask_for_second_look,
        name="appeal-text",
    ),
    path("d/<slug:slug>/write/", write.write_statement, name="write"),
    path("what-we-know/", data_register.show_what_we_know, name="what-we-know"),
    path("you/", my_data.show_you, name="you"),
    path("you/phrase/", my_data.show_phrase, name="phrase"),
    path("you/carry-on/", my_data.carry_on, name="carry-on"),
    path("you/remembering/", my_data.choose_remembering, name="remembering"),
    path("you/forget/", my_data.forget_me, name="forget-me"),
    path("you/marks/", my_data.take_marks_away, name="take-marks-away"),
]
