"""What is answered where nobody is signed in any more, so that nothing typed is lost.

A fragment is never the sign-in page. What htmx fetches sends the whole page to sign-in; what it posts is answered 401,
and the page stays as it is (signed_out.js says what to do). A plain form is kept and offered again after signing in.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from titration.accounts.kept import keep_form

SIGNED_OUT = "You were signed out. Nothing was saved."


def answer_to_htmx(request: HttpRequest, sign_in: str) -> HttpResponseBase:
    if request.method == "POST":
        return HttpResponse(SIGNED_OUT, status=401, content_type="text/plain")
    htmx: HtmxDetails = vars(request)["htmx"]
    return HttpResponseClientRedirect(_then(sign_in, htmx.current_url_abs_path or "/"))


def answer_to_form(request: HttpRequest, sign_in: str) -> HttpResponseBase | None:
    """None where nothing is to be kept."""
    kept_id = keep_form(request)
    return HttpResponseRedirect(_then(sign_in, reverse("kept_form", args=[kept_id]))) if kept_id else None


def _then(sign_in: str, page: str) -> str:
    return f"{sign_in}?{urlencode({'next': page})}"
