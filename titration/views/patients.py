"""The patient page, and a new patient."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from titration.forms.patients import PatientForm
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_patient, patient_record
from titration.services.patients import register_patient
from titration.views.answers import attempt, is_fragment, saved, show
from titration.views.banner import patient_url, standing_of
from titration.views.desk import FORM, READS, ClinicRequest, clinic_page
from titration.views.patient_page import log_context, page_context, timeline_context


@clinic_page(*READS)
def patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The whole page; for htmx the one part it asks for."""
    person = get_patient(request.membership, patient_id)
    record = patient_record(person, request.now)
    target = request.htmx.target if is_fragment(request) else ""
    if target == "log":
        context = log_context(request, person, record, standing_of(request, record))
        return show(request, "log/page.html", context, partial="log")
    if target == "earlier":
        return show(request, "patient/page.html", timeline_context(request, person, record), partial="earlier")
    return show(request, "patient/page.html", page_context(request, person, record))


@clinic_page(*FORM)
def new_patient(request: ClinicRequest) -> HttpResponse:
    allowed = can(request.membership, Action.REGISTER_PATIENT)
    form = PatientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        check_can(request.membership, Action.REGISTER_PATIENT)
        tried = attempt(form, lambda: _register(request, form))
        if tried.row is not None:
            return saved(request, patient_url(tried.row), "Patient registered.")
    context = {"form": form, "refused": "" if allowed else SENTENCES[Action.REGISTER_PATIENT]}
    return show(request, "patient/new.html", context, status=tried.status if request.method == "POST" else 200)


def _register(request: ClinicRequest, form: PatientForm) -> Any:
    cleaned = form.cleaned_data
    return register_patient(
        actor=request.membership,
        details=form.details,
        regimen=form.regimen,
        since=cleaned["since"],
        now=request.now,
        key=cleaned["key"],
    )
