"""Entered in error: the entry stays visible, struck through with its reason, and no longer counts."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from titration.domain.correction import (
    counting_without_change,
    holds_the_plan,
    prescribed_without,
    released_without,
    taken_without,
)
from titration.domain.days import show_full_day
from titration.domain.history import prescribed_history
from titration.domain.record import EntryStatus, PatientRecord
from titration.domain.timeline import timeline
from titration.domain.units import show_mg_per_day
from titration.forms.flags import ErrorForm
from titration.models import Entry, IntakeReport, Patient, RegimenChange, TreatmentChange
from titration.permissions import SENTENCES, can, check_can
from titration.selectors import get_entry, get_patient, patient_record, superseded_dose
from titration.selectors.plan_file import held_by_dose_change, plans_held
from titration.services.corrections import mark_entered_in_error, right_to_correct
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, ClinicRequest, clinic_page


@clinic_page(*FORM)
def entry_in_error(request: ClinicRequest, patient_id: UUID, kind: str, entry_id: UUID) -> HttpResponse:
    """GET: the entry and a field for the reason. POST: mark it."""
    patient = get_patient(request.membership, patient_id)
    entry = get_entry(request.membership, patient, kind, entry_id)
    form = ErrorForm(request.POST if request.method == "POST" else None)
    action, status = right_to_correct(entry), 200
    if request.method == "POST":
        check_can(request.membership, action)
        tried = attempt(
            form,
            lambda: mark_entered_in_error(actor=request.membership, entry=entry, now=request.now, **form.cleaned_data),
        )
        if tried.row is not None:
            return saved(request, patient_url(patient), _saved_words(request, patient))
        status = tried.status
    record = patient_record(patient, request.now)
    before = superseded_dose(entry)
    context = {
        **banner_context(request, patient, record),
        "form": form,
        "item": next(item for item in timeline(record, one_by_one=True).items if item.id == str(entry.public_id)),
        "is_current": entry.status == EntryStatus.CURRENT,
        "counts_then": _counts_then(record, entry) + _holds_words(record, entry, patient, request.today),
        "before": show_mg_per_day(before.regimen.daily_mcg) if before else "",
        "refused": "" if can(request.membership, action) else SENTENCES[action],
    }
    return show(request, "patient/entry_in_error.html", context, status=status)


def _counts_then(record: PatientRecord, entry: Entry) -> str:
    """What is prescribed from the date of a dose change that no longer counts, or taken on the days of a report."""
    if entry.status != EntryStatus.CURRENT:
        return ""
    if isinstance(entry, IntakeReport):
        return _taken_then(record, entry)
    if isinstance(entry, TreatmentChange):
        return _treatment_then(record, entry)
    if not isinstance(entry, RegimenChange):
        return ""
    day, earlier = show_full_day(entry.starts_on), prescribed_without(record, str(entry.public_id), entry.starts_on)
    if earlier is None:
        return f"From {day} no dose is then on file."
    since, regimen = earlier
    return f"From {day} {show_mg_per_day(regimen.daily_mcg)}, prescribed since {show_full_day(since)}, then counts."


def _treatment_then(record: PatientRecord, entry: TreatmentChange) -> str:
    amounts = counting_without_change(record, str(entry.public_id), entry.starts_on)
    prescribed, taken = ("not known" if mcg is None else show_mg_per_day(mcg) for mcg in amounts)
    counts = f"On {show_full_day(entry.starts_on)}: prescribed {prescribed}, taken {taken}."
    return f"{counts} A plan that stopped with it counts what had begun, and is held until somebody resumes it."


def _taken_then(record: PatientRecord, entry: IntakeReport) -> str:
    mcg = taken_without(record, str(entry.public_id), entry.starts_on)
    amount = "what was taken is not known" if mcg is None else f"{show_mg_per_day(mcg)} counts as taken"
    when = "On" if entry.ends_on == entry.starts_on else "From"
    return f"{when} {show_full_day(entry.starts_on)} {amount} then."


def _holds_words(record: PatientRecord, entry: Entry, patient: Patient, today: date) -> str:
    if not isinstance(entry, RegimenChange) or entry.status != EntryStatus.CURRENT:
        return ""
    if holds_the_plan(record, str(entry.public_id), today):
        return " The plan's next step would then go on from another dose, so the plan is held from tomorrow."
    return _released_words(record, entry, patient, today)


def _released_words(record: PatientRecord, entry: RegimenChange, patient: Patient, today: date) -> str:
    """Of a plan that this change holds."""
    found = held_by_dose_change(patient)
    if found is None:
        return ""
    plan, held = found
    released = released_without(record, str(entry.public_id), held)
    if released is None:
        return ""
    return (
        f" It holds {plan.kind} {plan.number}, version {plan.version}: what had begun of it when this was entered, "
        f"on {show_full_day(held.holds[0].told_on)}, counts again, and it stays held until someone resumes it. "
        f"{_today_words(released, today)}"
    )


def _saved_words(request: ClinicRequest, patient: Patient) -> str:
    """With the plans that it has held, or holds from another day, and what is prescribed with that."""
    told = "Marked as entered in error. The flags were judged again."
    held = plans_held(patient, request.now)
    if not held:
        return told
    named = [
        f"{plan.kind.capitalize()} {plan.number}, version {plan.version}, is now held from "
        f"{show_full_day(plan.held_on)}."
        for plan in held
        if plan.held_on is not None
    ]
    return " ".join([told, *named, _today_words(patient_record(patient, request.now), request.today)])


def _today_words(record: PatientRecord, today: date) -> str:
    return f"Prescribed today is then {show_mg_per_day(prescribed_history(record).on(today.toordinal()) or 0)}."
