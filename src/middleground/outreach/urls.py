"""URLs of outreach."""

from __future__ import annotations

from django.urls import path

from middleground.outreach.campaigns import desk, going
from middleground.outreach.invitations import desk as invitations
from middleground.outreach.partners import desk as partner_desk
from middleground.outreach.partners import pages as partner_pages
from middleground.outreach.sharing import pages

urlpatterns = [
    path("go/<str:campaign>/", going.go, name="go"),
    path("d/<slug:slug>/period.ics", pages.show_period, name="period"),
    path("desk/<slug:slug>/outreach/", desk.show_campaigns, name="desk_outreach"),
    path("desk/<slug:slug>/outreach/sheet/", desk.show_sheet, name="desk_campaign_sheet"),
    path("desk/<slug:slug>/outreach/invitations/", invitations.invite, name="desk_invitations"),
    path(
        "desk/<slug:slug>/outreach/invitations/<int:number>/",
        invitations.show_round,
        name="desk_invitation_round",
    ),
    path("partner/<str:token>/", partner_pages.show_partner, name="partner"),
    path("desk/<slug:slug>/outreach/partners/", partner_desk.show_partners, name="desk_partners"),
    path(
        "desk/<slug:slug>/outreach/partners/<int:number>/",
        partner_desk.show_one_partner,
        name="desk_partner",
    ),
    path("desk/<slug:slug>/outreach/<str:campaign>/", desk.show_campaign, name="desk_campaign"),
    path(
        "desk/<slug:slug>/outreach/<str:campaign>/print/",
        desk.show_print,
        name="desk_campaign_print",
    ),
    path(
        "desk/<slug:slug>/outreach/<str:campaign>/code.svg",
        desk.show_qr_file,
        name="desk_campaign_qr",
    ),
]
