"""The exact headers that every answer must have, and those that it may have in addition."""

from __future__ import annotations

from django.conf import settings
from django.http.response import HttpResponseBase

from middleground.core.stored_data import data_register

SELF_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'"
)
# Repeated here: with the product's own constant a weaker policy would not be noticed.
ALWAYS = {
    "Content-Security-Policy": f"{SELF_ONLY}; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
}
# The exceptions: a page made to be framed, and files that any site may check.
FRAMED = {
    **ALWAYS,
    "Content-Security-Policy": f"{SELF_ONLY}; frame-ancestors *",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Frame-Options": None,
}
OPEN = {
    **ALWAYS,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
SANDBOXED = {
    **ALWAYS,
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
}
SHOWN_BY_OTHERS = {**ALWAYS, "Cross-Origin-Resource-Policy": "cross-origin"}
ELSEWHERE = {
    "/preview.png": SHOWN_BY_OTHERS,
    "/d/<slug:slug>/preview.png": SHOWN_BY_OTHERS,
    "/d/<slug:slug>/s/<int:number>/preview.png": SHOWN_BY_OTHERS,
    "/d/<slug:slug>/sources/<int:number>/copy/": SANDBOXED,
    "/d/<slug:slug>/embed/": FRAMED,
    "/d/<slug:slug>/embed/<slug:name>/": FRAMED,
    "/d/<slug:slug>/embed/s/<int:number>/": FRAMED,
    "/look/<slug:digest>.png": SANDBOXED,
    "/look/<slug:name>.css": SANDBOXED,
    "/ledger/<path:path>": OPEN,
    "/ledger/verify/<str:name>": OPEN,
}
# The address of a preview is half of a secret, also where it leads nowhere any more.
SECRET = {
    "/preview/<str:token>/": {**ALWAYS, "Referrer-Policy": "no-referrer"},
    "/preview/<str:token>/<preview_part:part>/": {**ALWAYS, "Referrer-Policy": "no-referrer"},
}
HANDED_ON = "/d/<slug:slug>/hand-on/"
BESIDES = {
    "Allow", "Cache-Control", "Content-Disposition", "Content-Language", "Content-Length",
    "Content-Type", "ETag", "Expires", "HX-Trigger", "Last-Modified", "Location", "Vary",
    "X-Robots-Tag",
}  # fmt: skip


def faults(route: str, response: HttpResponseBase) -> list[str]:
    """The faults of an answer's headers."""
    found = dict(response.headers.items())
    if route == HANDED_ON and found.get("Clear-Site-Data") == '"cache", "storage"':
        del found["Clear-Site-Data"]  # clears the browser for the next person
    wanted = ELSEWHERE.get(route, ALWAYS) if response.status_code == 200 else ALWAYS
    if response.status_code != 405:
        wanted = SECRET.get(route, wanted)
    wrong = [
        f"{name}: {found.get(name)!r}" for name, value in wanted.items() if found.get(name) != value
    ]
    wrong += [f"{name} should not be there" for name in found if name not in {*wanted, *BESIDES}]
    # Logo and colour are the same for everyone, and stand on each page.
    if "public" in found.get("Cache-Control", "") and not route.startswith("/look/"):
        wrong.append("Cache-Control: public")
    for name, cookie in response.cookies.items():
        if name not in {kind.name for kind in data_register().cookies}:
            wrong.append(f"no page names the cookie {name}")
        if cookie["max-age"] and name == settings.CSRF_COOKIE_NAME:
            wrong.append(f"the cookie {name} outlives the browser's window")
        readable = cookie.value and not cookie["httponly"]  # a deleted cookie has no value
        if readable or cookie["samesite"] not in ("Lax", "Strict"):
            wrong.append(f"the cookie {name}: {cookie.OutputString()}")
    return wrong
