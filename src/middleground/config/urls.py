from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from middleground.config.health.probe import show_health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", show_health, name="health"),
    path("", include("middleground.core.site_files.urls")),
    path("", include("middleground.people.urls")),
    # Not allauth.urls, which would add addresses of sign-in services that we do not use.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("", include("middleground.outreach.urls")),
    path("", include("middleground.ballots.urls")),
    path("", include("middleground.notices.urls")),
    path("", include("middleground.answers.urls")),
    path("", include("middleground.dialogues.urls")),
    path("", include("middleground.threads.urls")),
    path("", include("middleground.evidence.urls")),
]

handler400 = "middleground.core.page.errors.bad_request"
handler403 = "middleground.core.page.errors.forbidden"
handler404 = "middleground.core.page.errors.not_found"
handler500 = "middleground.core.page.errors.server_error"
