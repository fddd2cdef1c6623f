"""What every request and response must satisfy, whatever the view.

Fixed headers, known methods, a bounded body and a signed-in user.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render, resolve_url

from titration.accounts.ended import answer_to_form, answer_to_htmx
from titration.trouble import trouble_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

KNOWN_METHODS = ("GET", "HEAD", "POST")
FIXED_HEADERS = {
    # Static files say their own; every page may show a patient, so no page is kept.
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # "no-referrer" would make browsers send "Origin: null" with our own forms, which the CSRF check must refuse.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class FixedHeadersMiddleware:
    """Stands first, so that static files, refusals and errors carry the headers too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class KnownMethodsMiddleware:
    """Refuses TRACE and every method no page uses: Django hands them to function views."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in KNOWN_METHODS:
            return HttpResponseNotAllowed(KNOWN_METHODS)
        return self.get_response(request)


class BodySizeMiddleware:
    """Refuses a body by its declared size, before a byte of it is read; Django's own limit leaves files out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _declared_bytes(request) > _most_bytes(request):
            return _too_large(request)
        return self.get_response(request)


class SessionMiddleware(DjangoSessionMiddleware):
    """A session that cannot be saved, or was ended meanwhile, costs a person who is signed in no page and no saved
    entry: at most a message of theirs is shown once more, or not at all.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # type: ignore[override]
        try:
            return super().process_response(request, response)  # type: ignore[arg-type]
        except (SessionInterrupted, DatabaseError, InterfaceError) as error:
            known = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
            if known is None or request.session.session_key != known or not _passes(error):
                raise
            return response


def _passes(error: Exception) -> bool:
    return isinstance(error, SessionInterrupted) or trouble_of(error) is not None


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends the whole page to sign-in, also when htmx asked for a fragment: a redirect would put the form inside it."""

    def handle_no_permission(  # type: ignore[override]  # the stub knows no other answer
        self, request: HttpRequest, view_func: View
    ) -> HttpResponseBase:
        sign_in = resolve_url(self.get_login_url(view_func))
        if vars(request)["htmx"]:
            return answer_to_htmx(request, sign_in)
        return answer_to_form(request, sign_in) or super().handle_no_permission(request, view_func)


def _takes_file(request: HttpRequest) -> bool:
    """A file is sent to one kind of page alone."""
    return request.path.endswith("/import/")


def _most_bytes(request: HttpRequest) -> int:
    most = settings.FILE_UPLOAD_MAX_MEMORY_SIZE if _takes_file(request) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return int(most)


def _too_large(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse("This is too large; nothing was saved. Shorten it.", status=413, content_type="text/plain")
    return render(request, "413.html", {"takes_file": _takes_file(request), "address": request.path}, status=413)


def _declared_bytes(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isascii() and declared.isdigit() else 0
