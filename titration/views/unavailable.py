"""The answer to an error nobody caught.

Trouble of the database is 503 with Retry-After, and what was typed comes back in a form that sends the same submission
key again, so that it counts once. So is an error after an entry was stored: sent again, the form is answered with what
stands. All else is the plain page of an error. Neither asks the database, and nothing typed is logged. Forms for
signing in hold secrets and are never sent back; nor is what another site sent, since the trouble may have come before
the CSRF check and the page that comes back has a token of its own.
"""

import sys
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.defaults import server_error as plain_server_error

from titration.trouble import AFTER_SAVING, Trouble, trouble_of
from titration.views.errors import failed

# Sent again and not shown: keys, versions and digests that the form itself put there.
_OWN_FIELDS = frozenset({"key", "answered_for"})
_CSRF = "csrfmiddlewaretoken"
_UNREADABLE = (RequestDataTooBig, SuspiciousOperation, TooManyFilesSent, MultiPartParserError, OSError)


@dataclass(frozen=True, slots=True)
class Typed:
    """name, value: as sent. label: what the person reads, empty for what the form put there itself."""

    name: str
    value: str

    @property
    def label(self) -> str:
        own = self.name in _OWN_FIELDS or self.name.endswith("version") or not self.value.strip()
        return "" if own else self.name.replace("_", " ").capitalize()


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: called while the error is being handled, whatever layer raised it."""
    trouble = trouble_of(sys.exception()) or (AFTER_SAVING if _is_saved(request) else None)
    return unavailable(request, trouble) if trouble else failed()


def _is_saved(request: HttpRequest) -> bool:
    """Whether a form that counts once was stored before the error came, so that it may be sent again."""
    stored = [row for row in getattr(request, "heard", ()) if row.action != "refused"]
    return request.method == "POST" and bool(stored) and "key" in request.POST


def unavailable(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """htmx keeps the form as it stands and needs the sentence alone; a browser gets a page with what was typed."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(_words(trouble), content_type="text/plain; charset=utf-8")
    else:
        response = render(request, "503.html", _context(request, trouble))
    response.status_code = 503
    response.headers["Retry-After"] = str(trouble.retry_after_seconds)
    return response


def _context(request: HttpRequest, trouble: Trouble) -> dict[str, object]:
    return {
        "sentence": trouble.sentence,
        "until": trouble.until,
        "typed": _typed(request),
        "is_form": request.method == "POST",
        "had_file": _had_file(request),
        "address": request.get_full_path(),
    }


def _words(trouble: Trouble) -> str:
    return f"{trouble.sentence} What you typed is still here. {trouble.until} and send it again: it counts once."


def _typed(request: HttpRequest) -> list[Typed]:
    """Every field that was sent to a page of a clinic; nothing of a form for signing in, which holds secrets."""
    if request.method != "POST" or not _is_clinic_page(request) or not _is_our_own(request):
        return []
    try:
        return [Typed(name, str(value)) for name, values in request.POST.lists() for value in values if name != _CSRF]
    except _UNREADABLE:
        return []


class _Csrf(CsrfViewMiddleware):
    """Django's own check of token and origin, which asks no database; answers with the reason alone."""

    def _reject(self, _request: HttpRequest, reason: str) -> str:
        return reason


def _is_our_own(request: HttpRequest) -> bool:
    """Sent by a page of ours."""
    return _Csrf(plain_server_error).process_view(request, plain_server_error, (), {}) is None


def _is_clinic_page(request: HttpRequest) -> bool:
    """Known by its address alone: the trouble may have come before the view was looked up."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    return getattr(match.func, "is_clinic_page", False) and "password" not in str(match.url_name)


def _had_file(request: HttpRequest) -> bool:
    try:
        return bool(request.FILES)
    except _UNREADABLE:
        return False
