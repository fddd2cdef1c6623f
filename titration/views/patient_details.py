"""What is on file about the person: read, changed, and compared where somebody was quicker.

Conditions, medicines and the other dated facts have pages of their own.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from titration.forms.patients import DetailsForm, details_initial
from titration.models import Patient
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import clinicians, get_patient, patient_record
from titration.services.patients import change_details
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, ClinicRequest, clinic_page

CONFLICT = 409
NOT_SAID = "not known"


@clinic_page(*FORM)
def patient_details(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """GET: what is on file. POST: change it, if it is still what was seen."""
    person = get_patient(request.membership, patient_id)
    if request.method != "POST":
        return _page(request, person, _on_file(request, person))
    check_can(request.membership, Action.CHANGE_PATIENT)
    form = _typed(request, person)
    tried = attempt(form, lambda: _change(request, person, form))
    if tried.row is not None:
        return saved(request, patient_url(person), "Details saved. The flags were judged again.")
    if tried.status == CONFLICT:
        return _conflict(request, get_patient(request.membership, patient_id), form)
    return _page(request, person, form, status=tried.status)


def _on_file(request: ClinicRequest, person: Patient) -> DetailsForm:
    return _form(request, person, initial=details_initial(person))


def _form(request: ClinicRequest, person: Patient, *typed: Mapping[str, str], **options: Any) -> DetailsForm:
    colleagues = clinicians(request.membership, person.responsible)
    return DetailsForm(*typed, colleagues=colleagues, **options)


def _typed(request: ClinicRequest, person: Patient, **changes: str) -> DetailsForm:
    typed = {**request.POST.dict(), **changes}
    return _form(request, person, typed)


def _change(request: ClinicRequest, person: Patient, form: DetailsForm) -> Patient:
    same = {name: form.cleaned_data[name] for name in ("version", "key")}
    return change_details(actor=request.membership, patient=person, details=form.details, now=request.now, **same)


def _conflict(request: ClinicRequest, person: Patient, form: DetailsForm) -> HttpResponse:
    """Both versions, and the form as it was typed: saved again, it counts for what stands now."""
    if form.cleaned_data["version"] == person.version:
        return _page(request, person, form, status=CONFLICT)
    rows = _compared(form, _on_file(request, person))
    return _page(request, person, _typed(request, person, version=str(person.version)), rows=rows, status=CONFLICT)


def _compared(yours: DetailsForm, theirs: DetailsForm) -> list[tuple[str, str, str]]:
    fields = theirs.visible_fields()
    return [(str(field.label), _words(yours, field.name), _words(theirs, field.name)) for field in fields]


def _words(form: DetailsForm, name: str) -> str:
    value = str(form[name].value() or "").strip()
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value)) or NOT_SAID


def _page(
    request: ClinicRequest,
    person: Patient,
    form: DetailsForm,
    *,
    rows: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """rows: of a conflict, (label, typed, on file)."""
    context = {
        **banner_context(request, person, patient_record(person, request.now)),
        "form": form,
        "rows": rows,
        "patient_id": person.public_id,
        "refused": "" if can(request.membership, Action.CHANGE_PATIENT) else SENTENCES[Action.CHANGE_PATIENT],
    }
    return show(request, "patient/details.html", context, status=status)
