"""URLs of files for programs that visit the site."""

from __future__ import annotations

from django.urls import path

from middleground.core.look.views import show_logo, show_sheet
from middleground.core.site_files.robots import show_robots
from middleground.core.site_files.security_txt import PATH, show_security_txt
from middleground.core.site_files.sitemap import show_sitemap

urlpatterns = [
    path("robots.txt", show_robots, name="robots"),
    path("sitemap.xml", show_sitemap, name="sitemap"),
    path("look/<slug:name>.css", show_sheet, name="look-sheet"),
    path("look/<slug:digest>.png", show_logo, name="look-logo"),
    path(PATH, show_security_txt, name="security_txt"),
]
