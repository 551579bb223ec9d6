"""Officials sign in by their body's service, and what it says verifies their terms there."""

from __future__ import annotations

import html
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from support.serving.officials import OfficialsSite
from support.serving.openid_provider import signed

pytestmark = pytest.mark.sqlite


def refused(answer: requests.Response, status: int, words: str) -> None:
    """The browser gets a designed page with these words, and is not signed in."""
    text = html.unescape(answer.text)
    assert (answer.status_code, words in text) == (status, True), text
    assert "Back to sign-in" in text
    assert "staff" not in answer.cookies


def may_enter(site: OfficialsSite, browser: requests.Session) -> bool:
    desk = browser.get(f"{site.address}/desk/posts/", allow_redirects=False)
    assert desk.status_code in {200, 302}
    return desk.status_code == 200


def test_an_official_signs_in_and_is_verified_once(site: OfficialsSite) -> None:
    browser = requests.Session()
    answer = site.sign_in("first", browser, query="?next=/desk/posts/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/posts/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert may_enter(site, browser)  # without being asked for the initial password
    assert site.proof("first") == "openid"
    page = browser.get(f"{site.address}/bodies/city-of-example/")
    sentence = "Post of first: verified by the host, by the body’s own sign-in."
    assert page.text.count(sentence) == 1
    assert "verified by the host, by the body’s own sign-in, on" in page.text
    # The password that a member of staff handed over opens the account no longer.
    ((password, initial),) = site.rows(
        "SELECT password, password_is_initial FROM people_user WHERE email = 'first@city.example'"
    )
    assert (password[0], initial) == ("!", 0)
    assert (
        "You sign in through your body’s service"
        in browser.get(f"{site.address}/accounts/2fa/").text
    )
    assert browser.get(f"{site.address}/accounts/password/change/").url.endswith("/accounts/2fa/")
    # They can add the second factor, without which nobody publishes.
    assert browser.get(f"{site.address}/accounts/2fa/totp/activate/").url.endswith("activate/")
    assert site.sign_in("first").status_code == 302
    history = requests.get(f"{site.address}/bodies/city-of-example/", timeout=20)
    assert history.text.count(sentence) == 1
    # What is kept of the person is a hash.
    ((name, extra),) = site.rows(
        "SELECT s.uid, s.extra_data FROM socialaccount_socialaccount s"
        " JOIN people_user u ON u.id = s.user_id WHERE u.email = 'first@city.example'"
    )
    assert (len(name), extra) == (64, "{}")
    assert site.rows("SELECT * FROM socialaccount_socialtoken") == []
    assert site.rows("SELECT * FROM socialaccount_socialapp") == []


def test_letter_case_of_the_address_does_not_matter(site: OfficialsSite) -> None:
    assert site.sign_in("caps", email="CAPS@City.Example").status_code == 302
    assert site.proof("caps") == "openid"


def test_a_second_factor_is_still_asked_for(site: OfficialsSite) -> None:
    browser = requests.Session()
    answer = site.sign_in("factor", browser, amr=["pwd", "mfa"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/authenticate/")
    assert not may_enter(site, browser)
    assert site.proof("factor") == ""  # the sign-in is not complete


def test_another_person_with_the_same_address_is_refused(site: OfficialsSite) -> None:
    assert site.sign_in("another").status_code == 302
    refused(site.sign_in("another", sub="new hire"), 403, "belongs to somebody else")
    # Nor is the first person let into the account of a colleague.
    refused(site.sign_in("again", sub="id of another"), 403, "belongs to somebody else")
    assert site.sign_in("another").status_code == 302
    staff = requests.Session()
    login = f"{site.address}/accounts/login/"
    form = {"login": "staff@city.example", "password": "correct horse battery staple"}
    _post(staff, login, form)
    ((member,),) = site.rows("SELECT id FROM people_user WHERE email = 'another@city.example'")
    page = f"{site.address}/desk/staff/{member}/"
    assert "unlinks their body" in staff.get(page).text
    assert _post(staff, f"{page}password/", {}, page).status_code == 200
    assert site.sign_in("another", sub="new hire").status_code == 302


def _post(
    browser: requests.Session, address: str, form: dict[str, str], page: str = ""
) -> requests.Response:
    browser.get(page or address)
    token = browser.cookies["csrf"]
    return browser.post(address, {**form, "csrfmiddlewaretoken": token}, timeout=20)


@pytest.mark.parametrize(
    ("name", "claims", "words"),
    [
        ("staff", {}, "No official has an open account"),
        ("nobody", {}, "No official has an open account"),
        ("closed", {}, "No official has an open account"),
        ("both", {}, "acts for a body that City of Example cannot speak for"),
        ("later", {"email_verified": False}, "did not give us a verified e-mail address"),
        ("later", {"email": None}, "did not give us a verified e-mail address"),
        ("later", {"email": ["later@city.example"]}, "did not give us a verified e-mail address"),
        ("later", {"email": "later@city.example@city.example"}, "a verified e-mail address"),
        ("later", {"email": "ſtaff@city.example"}, "a verified e-mail address"),
        ("later", {"email": "later@state.example"}, "City of Example may not confirm people"),
        ("later", {"email": "later@a.city.example"}, "City of Example may not confirm people"),
    ],
)
def test_who_is_refused(site: OfficialsSite, name: str, claims: dict[str, Any], words: str) -> None:
    refused(site.sign_in(name, **claims), 403, words)
    assert site.proof("later") == site.proof("both") == ""


def test_an_address_that_is_told_apart_from_the_token(site: OfficialsSite) -> None:
    told = {"sub": "id of apart", "email": "apart@city.example", "email_verified": True}

    def without_address(claims: dict[str, Any]) -> str:
        return signed({name: claims[name] for name in claims if not name.startswith("email")})

    site.city.sign = without_address
    site.city.info = {**told, "sub": "somebody else"}
    refused(site.sign_in("apart"), 502, "an answer we cannot trust")
    site.city.info = told
    assert site.sign_in("apart").status_code == 302


CLAIMS: dict[str, dict[str, Any]] = {
    "for another website": {"aud": "another"},
    "for several": {"aud": ["middleground", "another"], "azp": "another"},
    "of another issuer": {"iss": "http://127.0.0.1:1"},
    "expired": {"exp": 1_000_000},
    "of another sign-in": {"nonce": "another"},
    "of nobody": {"sub": ""},
    "of a number": {"sub": 7},
}
SIGNATURES = {
    "none": lambda claims: jwt.encode(claims, "", "none", {"kid": "first"}),
    "another key": lambda claims: signed(claims, "second", kid="first"),
    "an unknown key": lambda claims: signed(claims, "second"),
    "the secret": lambda claims: jwt.encode(
        claims, "a secret of the tests, long enough for HS256", "HS256", {"kid": "first"}
    ),
    "no token": lambda _claims: "",
    "not text": lambda _claims: ["a"],
}


@pytest.mark.parametrize("what", CLAIMS)
def test_a_token_that_is_not_for_us(site: OfficialsSite, what: str) -> None:
    refused(site.sign_in("lying", **CLAIMS[what]), 502, "an answer we cannot trust")


@pytest.mark.parametrize("what", SIGNATURES)
def test_a_token_that_the_service_did_not_sign(site: OfficialsSite, what: str) -> None:
    site.city.sign = SIGNATURES[what]  # type: ignore[assignment]
    refused(site.sign_in("lying"), 502, "an answer we cannot trust")
    site.city.sign = signed
    assert site.rows("SELECT * FROM socialaccount_socialaccount s JOIN people_user u ON u.id ="
                     " s.user_id WHERE u.email = 'lying@city.example'") == []  # fmt: skip


def test_a_key_that_the_service_began_to_use(site: OfficialsSite) -> None:
    site.sign_in("later", email="")  # so that the first key is known
    site.city.published = ["first", "second"]
    site.city.sign = lambda claims: signed(claims, "second")
    assert site.sign_in("rotated").status_code == 302


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/token", 500, b"{}"),
        ("/token", 200, b"[1]"),
        ("/token", 200, b'{"access_token": 1}'),
        ("/token", 200, b'{"access'),
        ("/token", 200, b"x" * 400_000),
        ("/token", 302, b""),
    ],
)
def test_an_answer_that_is_none(site: OfficialsSite, path: str, status: int, body: bytes) -> None:
    site.city.answers = {path: (status, body)}
    refused(site.sign_in("lying"), 502, "an answer we cannot trust")


def test_an_answer_counts_once_and_in_its_browser(site: OfficialsSite) -> None:
    browser, other = requests.Session(), requests.Session()
    site.city.claims = {"sub": "id of again", "email": "again@city.example", "email_verified": True}
    back = site.begin(browser)
    # Somebody else's answer, as in a login CSRF, and an answer with another state.
    refused(other.get(back), 403, "not started in this browser")
    site.begin(other)
    refused(other.get(back), 403, "not started in this browser")
    refused(
        browser.get(f"{site.address}/accounts/openid/city/return/?code=1"), 403, "not started in"
    )
    back = site.begin(browser)
    assert browser.get(back, allow_redirects=False).status_code == 302
    browser.cookies.clear()
    refused(browser.get(back), 403, "not started in this browser")
    # The cookie of before does not help: the service takes a code once.
    back = site.begin(other)
    kept = dict(other.cookies)
    assert other.get(back, allow_redirects=False).status_code == 302
    refused(requests.get(back, cookies=kept, timeout=20), 502, "an answer we cannot trust")
    # An answer for one service is none for another; no such service; no other website begins.
    back = site.begin(browser).replace("/city/", "/county/")
    refused(browser.get(back), 403, "not started in this browser")
    for path in ("nobody/", "nobody/return/"):
        assert requests.get(f"{site.address}/accounts/openid/{path}", timeout=20).status_code == 404
    begun = f"{site.address}/accounts/openid/city/"
    assert requests.post(begun, timeout=20).status_code in {403, 405}
    elsewhere = requests.get(
        begun, headers={"Sec-Fetch-Site": "cross-site"}, allow_redirects=False, timeout=20
    )
    assert elsewhere.headers["Location"] == "/accounts/login/"


def test_where_one_goes_next(site: OfficialsSite) -> None:
    for query in ("?next=https://evil.example/", "?next=//evil.example", "?next=\\\\evil.example"):
        assert site.sign_in("again", query=query).headers["Location"] == "/desk/"
    # Nothing else of the address reaches the service.
    sent = requests.get(
        f"{site.address}/accounts/openid/city/?scope=admin&auth_params=prompt%3Dnone&process=connect",
        allow_redirects=False,
        timeout=20,
    )
    assert "scope=openid+email&" in sent.headers["Location"]
    assert "prompt" not in sent.headers["Location"]


def test_six_tabs_at_once(site: OfficialsSite) -> None:
    """More than may ask the service at once: they wait their turn, and verify the term once."""
    site.city.claims = {"sub": "tabs", "email": "tabs@city.example", "email_verified": True}
    tabs = [requests.Session() for _ in range(6)]
    backs = [site.begin(tab) for tab in tabs]
    with ThreadPoolExecutor(6) as pool:
        came = pool.map(lambda tab, back: tab.get(back, allow_redirects=False), tabs, backs)
        assert [answer.status_code for answer in came] == [302] * 6
    page = requests.get(f"{site.address}/bodies/city-of-example/", timeout=20)
    assert page.text.count("Post of tabs: verified by the host") == 1


def test_cancelled_at_the_service(site: OfficialsSite) -> None:
    browser = requests.Session()
    back = site.begin(browser).replace("code=", "error=access_denied&was=")
    refused(browser.get(back), 403, "you did not sign in there")
    browser.cookies.clear()
    back = f"{site.begin(browser)}&iss=http%3A%2F%2Fevil.example"
    refused(browser.get(back), 502, "an answer we cannot trust")


def test_addresses_of_the_library_do_not_exist(site: OfficialsSite) -> None:
    for path in ("3rdparty/", "3rdparty/signup/", "social/signup/", "oidc/city/login/"):
        assert requests.get(f"{site.address}/accounts/{path}", timeout=20).status_code == 404


def test_a_service_that_hangs_holds_up_nobody_else(site: OfficialsSite) -> None:
    """Near the end, since the service is not asked for a while afterwards."""
    site.county.hanging = {"/.well-known/openid-configuration"}
    hanging = f"{site.address}/accounts/openid/county/"
    with ThreadPoolExecutor(12) as pool:
        begun = time.monotonic()
        waiting = [pool.submit(requests.get, hanging, timeout=20) for _ in range(12)]
        time.sleep(0.3)
        page = requests.get(f"{site.address}/accounts/inactive/", timeout=20)
        assert (page.status_code, time.monotonic() - begun < 1.4) == (200, True)
        for answer in waiting:
            refused(answer.result(), 503, "Example County is not responding")
    assert len(site.county.asked) == 2
    begun = time.monotonic()
    refused(requests.get(hanging, timeout=20), 503, "is not responding")
    assert time.monotonic() - begun < 1
    assert site.sign_in("hanging").status_code == 302


def test_failed_returns_are_slowed_down_and_known_browsers_are_not(site: OfficialsSite) -> None:
    """Last of all, since the budget of this network is used up."""
    device = site.sign_in("again").cookies["__Host-known-device"]
    site.city.answers = {"/token": (400, b"{}")}
    answers = [site.sign_in("again").status_code for _ in range(20)]
    while answers[-1] == 502 and len(answers) < 150:
        answers.append(site.sign_in("again").status_code)
    assert (set(answers[:-1]), answers[-1]) == ({502}, 429)
    site.city.answers = {}
    refused(site.sign_in("again"), 429, "Too many failed tries. Wait 1 second and start again.")
    known = requests.Session()
    known.headers["Cookie"] = f"__Host-known-device={device}"
    site.city.claims = {"sub": "id of again", "email": "again@city.example", "email_verified": True}
    sent = known.get(f"{site.address}/accounts/openid/city/", allow_redirects=False)
    known.headers["Cookie"] += f"; signing-in={sent.cookies['signing-in']}"
    back = requests.get(sent.headers["Location"], allow_redirects=False, timeout=20)
    assert known.get(back.headers["Location"], allow_redirects=False).status_code == 302


def test_the_service_sends_back_to_an_address_without_a_language(site: OfficialsSite) -> None:
    """A service takes only the address that was registered there."""
    asked = [
        requests.get(f"{site.address}{prefix}/accounts/openid/city/", allow_redirects=False)
        for prefix in ("", "/es")
    ]
    plain, spanish = (
        parse_qs(urlsplit(each.headers["Location"]).query)["redirect_uri"] for each in asked
    )
    assert plain == spanish == [f"{site.address}/accounts/openid/city/return/"]
