"""Who asks, for which clinic, and at what moment: read once a request, before any page's own work.

`clinic_page` wraps every page of the product: it names the methods the page knows, refuses people without a clinic,
takes the clock once, shows instants in the clinic's zone, and turns a refusal that no form has shown into a page with
its sentence, and a form that was used already into a page with what is on file beside what was typed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone

from titration.domain.errors import DomainError
from titration.permissions import PermissionRefused
from titration.services.errors import Conflict, UsedAlready
from titration.services.submissions import heard_repeats
from titration.views.clinic_request import ClinicRequest as ClinicRequest
from titration.views.used_already import used_page

NO_CLINIC = "Your sign-in belongs to no clinic at present. Ask the person who looks after accounts in your clinic."
READS = ("GET", "HEAD")
WRITES = ("POST",)
FORM = (*READS, *WRITES)


PlainView = Callable[..., HttpResponse]


def clinic_page(*methods: str) -> Callable[[Callable[..., HttpResponse]], PlainView]:
    """A page for members of a clinic that knows these methods: `READS`, `WRITES` or `FORM`."""

    def decorate(view: Callable[..., HttpResponse]) -> PlainView:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not getattr(request, "membership", None):
                return render(request, "no_clinic.html", {"exception": NO_CLINIC}, status=403)
            return _answer(view, at_desk(request), args, kwargs)

        page.is_clinic_page = True  # type: ignore[attr-defined]
        return page

    return decorate


def at_desk(request: HttpRequest) -> ClinicRequest:
    """The request with the one clock that all of its answer uses."""
    asked = cast(ClinicRequest, request)
    asked.now = timezone.now()
    asked.today = asked.now.astimezone(asked.membership.clinic.zone).date()
    return asked


def _answer(
    view: Callable[..., HttpResponse], request: ClinicRequest, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse:
    with timezone.override(request.membership.clinic.zone), heard_repeats() as request.repeats:
        try:
            return view(request, *args, **kwargs)
        except UsedAlready as used:
            return used_page(request, used)
        except DomainError as refusal:
            return refused_page(request, refusal)


STATUS: dict[type[DomainError], int] = {PermissionRefused: 403, Conflict: 409}


def status_of(refusal: DomainError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 422)


def refused_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """A whole page with the sentence: nothing was changed."""
    status = status_of(refusal)
    template = "403.html" if status == 403 else "refused.html"
    return render(request, template, {"exception": refusal.sentence, "status": status}, status=status)
