"""Effects and withdrawal signs that go on, each with a small form that says when it ended."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse

from titration.domain.record import PatientRecord, SymptomEntry
from titration.domain.timeline_words import symptom
from titration.forms.reports import EndedForm
from titration.models import Patient, SymptomReport
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_entry, get_patient, patient_record
from titration.services.reports import end_symptom
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import READS, WRITES, ClinicRequest, clinic_page


@clinic_page(*READS)
def symptoms(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, get_patient(request.membership, patient_id), asked={})


@clinic_page(*WRITES)
def symptom_end(request: ClinicRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.LOG)
    person = get_patient(request.membership, patient_id)
    entry = get_entry(request.membership, person, "symptom", entry_id)
    assert isinstance(entry, SymptomReport)  # noqa: S101 - narrows the type for the checker
    form = EndedForm(request.POST, **_names(str(entry_id)))
    tried = attempt(
        form, lambda: end_symptom(actor=request.membership, entry=entry, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), "The end is saved. The flags were judged again.")
    return _page(request, person, asked={str(entry_id): form}, status=tried.status)


def open_symptoms(record: PatientRecord) -> list[SymptomEntry]:
    """Those that count and have no end, newest first."""
    return [entry for entry in reversed(record.symptoms) if entry.counts and entry.ended_on is None]


def _names(entry_id: str) -> dict[str, Any]:
    """Many small forms on one page: their fields need ids of their own."""
    return {"auto_id": f"id_%s_{entry_id}", "label_suffix": ""}


def _page(request: ClinicRequest, person: Patient, *, asked: Mapping[str, Form], status: int = 200) -> HttpResponse:
    """asked: by its entry, the form that is shown again as it was typed."""
    record = patient_record(person, request.now)
    lines = [
        (entry, symptom(entry), asked.get(entry.id) or EndedForm(**_names(entry.id))) for entry in open_symptoms(record)
    ]
    context = {
        **banner_context(request, person, record),
        "lines": lines,
        "asked": next(iter(asked.values()), None),
        "patient_id": person.public_id,
        "refused": "" if can(request.membership, Action.LOG) else SENTENCES[Action.LOG],
    }
    return show(request, "patient/symptoms.html", context, status=status)
