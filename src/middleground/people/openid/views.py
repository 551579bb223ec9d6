"""The two addresses of a sign-in through a service: to it, and back from it."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from middleground.core.page.errors import error_page
from middleground.people.models import User
from middleground.people.openid.accepting import METHOD, accept_sign_in
from middleground.people.openid.attempt import Attempt, forget_attempt
from middleground.people.openid.exchange import begin, finish
from middleground.people.openid.refusals import SignInRefused
from middleground.people.openid.services import Service
from middleground.people.sign_in.budgets import budgets, paces_of_return


@require_GET
@never_cache
def go_to_service(request: HttpRequest, service_id: str) -> HttpResponse:
    """Send the browser to the service. By a link: forms may lead to our own pages only."""
    service = _service(service_id)
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect("account_login")  # no other website begins a sign-in here
    try:
        address, attempt = begin(request, service, get_next_redirect_url(request) or "")
    except SignInRefused as refused:
        return _refusal(request, service, refused)
    response = HttpResponseRedirect(address)
    attempt.keep(response)
    return response


@require_GET
@never_cache
def return_from_service(request: HttpRequest, service_id: str) -> HttpResponse:
    """Sign in whom the service means, or ask for the account's second factor first."""
    service = _service(service_id)
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        response = _sign_in(request, service)
    except SignInRefused as refused:
        response = _refusal(request, service, refused)
    forget_attempt(response)
    return response


def _sign_in(request: HttpRequest, service: Service) -> HttpResponse:
    attempt = Attempt.of(request, service.id)
    if attempt is None:
        raise SignInRefused("stale")
    if "code" not in request.GET:
        raise SignInRefused("cancelled", name=service.name)
    paces = paces_of_return(request)
    if wait := budgets.pay(paces):
        raise SignInRefused("too_many", wait=wait)
    user = accept_sign_in(service, finish(request, service, attempt))
    budgets.give_back(paces)
    return _let_in(request, user, service, attempt)


def _let_in(request: HttpRequest, user: User, service: Service, attempt: Attempt) -> HttpResponse:
    record_authentication(request, user, METHOD, provider=service.id)
    login = Login(user=user, redirect_url=attempt.next_url or None)
    response: HttpResponse = perform_login(request, login)
    return response


def _refusal(request: HttpRequest, service: Service, refused: SignInRefused) -> HttpResponse:
    title = _("%(name)s did not sign you in") % {"name": service.name}
    back, label = reverse("account_login"), _("Back to sign-in")
    return error_page(request, refused.status, title, refused.message, back=back, back_label=label)


def _service(service_id: str) -> Service:
    for service in settings.OPENID_SERVICES:
        if service.id == service_id:
            return service
    raise Http404
