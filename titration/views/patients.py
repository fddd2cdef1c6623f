"""The patient page, a new patient, and the conditions that the rules ask for."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from titration.forms.flags import ConditionEndForm, ConditionForm
from titration.forms.patients import PatientForm
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_condition, get_patient, patient_record
from titration.services.conditions import end_condition, record_condition
from titration.services.patients import register_patient
from titration.views.answers import attempt, is_fragment, saved, show
from titration.views.banner import banner_context, patient_url, standing_of
from titration.views.desk import FORM, READS, WRITES, ClinicRequest, clinic_page
from titration.views.patient_page import conditions_on, log_context, page_context, timeline_context


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


@clinic_page(*FORM)
def conditions(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """GET: what is on file and a form for one more. POST: record it."""
    person = get_patient(request.membership, patient_id)
    form = ConditionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        check_can(request.membership, Action.LOG)
        tried = attempt(form, lambda: _record_condition(request, person, form))
        if tried.row is not None:
            return saved(request, patient_url(person), "Condition saved.")
        status = tried.status
    return _conditions_page(request, person, form, status)


def _record_condition(request: ClinicRequest, person: Any, form: ConditionForm) -> Any:
    return record_condition(actor=request.membership, patient=person, now=request.now, **form.cleaned_data)


def _conditions_page(
    request: ClinicRequest, person: Any, form: ConditionForm, status: int, end_form: ConditionEndForm | None = None
) -> HttpResponse:
    record = patient_record(person, request.now)
    context = {
        **banner_context(request, person, record),
        "form": form,
        "end_form": end_form or ConditionEndForm(initial={"until": request.today}),
        "conditions": conditions_on(record, request.today),
        "patient_id": person.public_id,
        "refused": "" if can(request.membership, Action.LOG) else SENTENCES[Action.LOG],
    }
    return show(request, "patient/conditions.html", context, status=status)


@clinic_page(*WRITES)
def condition_end(request: ClinicRequest, patient_id: UUID, condition_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.LOG)
    person = get_patient(request.membership, patient_id)
    entry = get_condition(request.membership, person, condition_id)
    form = ConditionEndForm(request.POST)
    tried = attempt(
        form, lambda: end_condition(actor=request.membership, entry=entry, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), "Condition ended.")
    return _conditions_page(request, person, ConditionForm(), tried.status, form)
