"""An OpenAPI description of the programmatic addresses: the vote, the open data, the log's files.

Only for the tests. It allows any text for every value; ``Known`` has the values with which
requests succeed (a cookie, a proof, a name), and ``put_known`` puts some of them into a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
Known = dict[str, Sequence[Any]]
ANY: Schema = {"type": "string"}


def parameter(where: str, name: str) -> Schema:
    return {"in": where, "name": name, "required": where in ("path", "cookie"), "schema": ANY}


def operation(parameters: Sequence[Schema], **more: Any) -> Schema:
    return {"parameters": list(parameters), "responses": {"200": {"description": "Well."}}, **more}


def vote(slug: Schema, cookie: Schema) -> Schema:
    names = ("statement", "proof", "vote", "from", "nonce")
    form = {
        "type": "object",
        "properties": dict.fromkeys(names, ANY),
        "required": ["statement", "proof", "vote"],
    }
    body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}, "required": True}
    return operation([slug, cookie, parameter("header", "HX-Request")], requestBody=body)


def description() -> Schema:
    slug, cookie = parameter("path", "slug"), parameter("cookie", "__Host-participant")
    newer = [slug, parameter("query", "shown"), parameter("header", "If-None-Match")]
    card = [slug, cookie, *(parameter("query", name) for name in ("after", "at", "proof"))]
    paths = {
        "/d/{slug}/vote": {"post": vote(slug, cookie)},
        "/d/{slug}/results/{name}": {"get": operation([slug, parameter("path", "name")])},
        "/ledger/{path}": {"get": operation([parameter("path", "path")])},
        "/ledger/verify/{tool}": {"get": operation([parameter("path", "tool")])},
        "/d/{slug}/map/newer/": {"get": operation(newer)},
        "/d/{slug}/take-part/": {"get": operation(card)},
        "/d/{slug}/s/{number}/receipt/": {
            "get": operation([slug, parameter("path", "number"), cookie])
        },
    }
    return {"openapi": "3.1.0", "info": {"title": "For tests", "version": "1"}, "paths": paths}


@st.composite
def put_known(
    draw: st.DrawFn, cases: st.SearchStrategy[Any], known: Known, together: Sequence[Known]
) -> Any:
    """The strategy's request with known values for all, some or none of its parts."""
    case = draw(cases)
    chance = draw(st.sampled_from([0, 5, 9, 10, 10]))
    # Values that belong together: a proof is valid for one statement of one dialogue.
    fitting = draw(st.sampled_from(together)) if draw(st.booleans()) else {}
    for part in (case.path_parameters, case.query, case.headers, case.cookies, case.body):
        if not hasattr(part, "items"):
            continue  # the body has no fields, so there are no known values
        for name in sorted(set(part) & set(known)):
            if draw(st.integers(1, 10)) <= chance:
                part[name] = draw(st.sampled_from(fitting.get(name, known[name])))
    if case.cookies and draw(st.integers(1, 5)) == 1:
        case.cookies.clear()
    return case
