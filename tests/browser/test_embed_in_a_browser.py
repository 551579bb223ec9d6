"""The frame on another site shows its whole button, even on the narrowest phone."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

from middleground.dialogues.pages.results.embed import EMBED_HEIGHT
from support.serving.servers import Server, run

pytestmark = pytest.mark.slow
QUESTION = (
    "What should become of the old harbour district, once the ferries have moved to the new quay"
    " beyond the two bridges?"
)
FILL = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from support.cast import make_dialogue
make_dialogue("framed", simulated=True, question={QUESTION!r},
              host_name="City of Port Harbour, Office of the Mayor",
              closes_at=timezone.now() + timedelta(days=30))
"""


@pytest.fixture
def other_site(served: Server) -> Iterator[str]:
    """A real site with the frame: browsers open no local frame in an intercepted page."""
    html = f'<iframe src="{served.address}/d/framed/embed/" width="100%" height="{EMBED_HEIGHT}">'

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html>{html}</iframe>".encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_button_is_inside_the_frame(page: Page, served: Server, other_site: str) -> None:
    run(["-c", FILL], served.data)
    ends = {}
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(other_site)
        button = page.frame_locator("iframe").locator("a.button")
        ends[width] = button.evaluate("element => element.getBoundingClientRect().bottom")
    assert {width: end for width, end in ends.items() if end > EMBED_HEIGHT} == {}, ends
    assert ends[320] > 300, ends  # the control: a lower frame would cut it off
