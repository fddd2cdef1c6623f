"""A form that was saved already came again with something else: what is on file beside what was typed, and two ways on.

Nothing typed is lost: every field goes along with the button that records it, under a key of its own. What is on file
is read from its rows; another clinic's is never shown, and another patient's stands on that patient's page alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import retarget

from titration.domain.days import show_full_day
from titration.domain.units import format_mg, show_mg_per_day
from titration.forms.doses import RegimenFields, regimen_of
from titration.forms.said import said
from titration.models import Entry, RegimenChange, Review
from titration.selectors import patient_record
from titration.services.errors import Used, UsedAlready
from titration.services.submissions import Role, standing_rows
from titration.views.banner import banner_context, patient_url
from titration.views.clinic_request import ClinicRequest
from titration.views.on_file import Values, typed_values, values_on_file
from titration.views.used_ways import Asked, asked_of, hint_on, ways_on

CONFLICT = 409
PAGE = "used_already.html"
_KINDS = {"weight_kg": lambda grams: f"{format_mg(grams)}\u00a0kg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field: what is on file of it and what was typed; "" for nothing, None where it is not kept by itself."""

    label: str
    on_file: str | None
    typed: str
    differs: bool


def used_page(request: ClinicRequest, used: UsedAlready) -> HttpResponse:
    asked = asked_of(request, used)
    lines = list(_lines(asked))
    differs = used.why is Used.OTHER_CONTENT or any(line.differs for line in lines)
    context = {
        **_banner(asked),
        "sentence": used.sentence,
        "who": _who(asked),
        "told": list(_told(asked)),
        "lines": lines,
        "has_file": bool(asked.rows),
        "differs": any(line.differs for line in lines),
        "ways": list(ways_on(asked, differs=differs)),
        "hint": hint_on(asked, differs=differs),
        "messages": _none_pending(request),
        "keep_url": patient_url(asked.patient) if asked.patient else request.get_full_path(),
    }
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, PAGE, context, status=CONFLICT)
    answer = render(request, f"{PAGE}#used-already", {**context, "is_swap": True}, status=CONFLICT)
    answer.headers["HX-Reswap"] = "innerHTML show:window:top"
    return retarget(answer, "#main")


def _none_pending(request: ClinicRequest) -> tuple[()]:
    """What the lost answer would have said is not said of what was typed now."""
    list(get_messages(request))
    return ()


def _banner(asked: Asked) -> dict[str, Any]:
    patient = asked.patient
    return banner_context(asked.request, patient, patient_record(patient, asked.request.now)) if patient else {}


def _who(asked: Asked) -> str:
    claim = asked.used.claim
    if claim is None or not claim.digest:
        return ""
    at = timezone.localtime(claim.at)
    saved = f"Saved by {claim.actor} on {show_full_day(at.date())} at {at:%H:%M}"
    if asked.used.why is not Used.OTHER_PATIENT:
        return f"{saved}."
    about = claim.patient
    return f"{saved}, for {about.name}, {about.identifier}." if about else f"{saved}."


def _told(asked: Asked) -> Iterator[str]:
    """What became of entries that do not stand as they were saved."""
    for row in standing_rows(asked.claim, Role.ANSWER) if asked.claim else ():
        if isinstance(row, Entry) and row.status_at is not None:
            at = timezone.localtime(row.status_at)
            became = row.status.replace("_", " ")
            yield f"Since {show_full_day(at.date())}, {at:%H:%M}: {became}, by {row.status_by}. {row.status_reason}"
        if isinstance(row, Review) and row.error_at is not None:
            yield f"Taken back as entered in error, by {row.error_by}. {row.error_reason}"


def _lines(asked: Asked) -> Iterator[Line]:
    form, claim = asked.used.form, asked.claim
    if form is None:
        return
    on_file: Values = values_on_file(claim, asked.rows, form) if claim else {}
    typed = typed_values(form, asked.request.today)
    yield from _daily_line(asked, typed)
    for field in form.visible_fields():
        show = _KINDS.get(field.name, lambda value, each=field.field: said(each, value))
        there = _shown(show, on_file[field.name]) if field.name in on_file else None
        here = _shown(show, typed.get(field.name))
        if there or here:
            yield Line(label=str(field.label), on_file=there, typed=here, differs=there not in (None, here))


def _shown(show: Callable[[Any], str], value: Any) -> str:
    return "" if value is None else show(value)


def _daily_line(asked: Asked, typed: Values) -> Iterator[Line]:
    """The sum of a dose change, which no field says."""
    regimen = regimen_of(typed) if isinstance(asked.used.form, RegimenFields) else None
    row = asked.rows[0] if asked.rows else None
    if regimen is None or not (row is None or isinstance(row, RegimenChange)):
        return
    there, here = show_mg_per_day(row.regimen.daily_mcg) if row else None, show_mg_per_day(regimen.daily_mcg)
    yield Line(label="Daily dose", on_file=there, typed=here, differs=there not in (None, here))
