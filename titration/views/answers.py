"""How a page answers: whole for the browser, one partial for htmx; what a form and its service said; where to go then.

A refused form is shown again with what was typed and the sentence: 422, 409 where somebody was quicker, or 403 where
what was chosen takes another right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from titration.domain.days import show_full_day
from titration.domain.errors import DomainError
from titration.domain.findings import Finding
from titration.services.errors import AnswerNeeded, UsedAlready
from titration.views.desk import ClinicRequest, status_of

UNREADABLE = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt[Row]:
    """row: what was saved, None when nothing was. status: of the page that shows the form again.

    answers: findings that must be answered first.
    """

    row: Row | None = None
    status: int = UNREADABLE
    answers: tuple[Finding, ...] = ()


def attempt[Row](form: Form, write: Callable[[], Row]) -> Attempt[Row]:
    """Save what a form holds. A refusal becomes an error of the form, also that of a right it takes."""
    if not form.is_valid():
        return Attempt()
    try:
        return Attempt(row=write(), status=200)
    except UsedAlready as used:
        used.form = form
        raise
    except AnswerNeeded as needed:
        return Attempt(answers=needed.findings)
    except DomainError as refusal:
        form.add_error(refusal.about if refusal.about in form.fields else None, refusal.sentence)
        return Attempt(status=status_of(refusal))


def show(
    request: ClinicRequest, template: str, context: dict[str, Any], *, partial: str = "", status: int = 200
) -> HttpResponse:
    """The page; for htmx only `partial` of it, whose name is also the id of the element and the target of the swap."""
    wanted = f"{template}#{partial}" if partial and is_fragment(request) else template
    return render(request, wanted, context, status=status)


def is_fragment(request: ClinicRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def _saved_before(request: ClinicRequest) -> str:
    if not request.repeats:
        return ""
    at = timezone.localtime(request.repeats[-1].at)
    return f"This form was saved already, on {show_full_day(at.date())} at {at:%H:%M}. It counts once."


def saved(request: ClinicRequest, url: str, words: str) -> HttpResponse:
    """Say what was saved and go to `url`, which is always one of our own. What was saved before is said to be so."""
    messages.success(request, _saved_before(request) or words)
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)
