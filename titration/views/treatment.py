"""Where the treatment stands: said, shown as what it would raise before it is saved, and saved.

The same judgement serves the preview and the saving. With a script the preview follows the typing; without one a button
asks for it.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse

from titration.domain.ending import last_dose_on_file
from titration.domain.entries import TreatmentEntry, TreatmentState
from titration.domain.errors import DomainError
from titration.domain.findings import Finding
from titration.domain.history import prescribed_history, taken_history
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import PatientRecord
from titration.domain.treatment import closed_without_day, status_words
from titration.domain.units import show_mg_per_day
from titration.forms.fields import KeyField
from titration.forms.treatment import TreatmentForm, first_values
from titration.models import Patient, TreatmentChange
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_patient, patient_record
from titration.services.answers import digest_of
from titration.services.doses import DoseJudgement
from titration.services.drafts import FormKey
from titration.services.submissions import is_used
from titration.services.treatment import (
    change_treatment,
    check_change,
    check_may_change,
    judge_change,
    proposed_entry,
    takes_clinician,
)
from titration.views.answers import Attempt, attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, ClinicRequest, clinic_page
from titration.views.preview import in_full, lines_beside, raised, standing_lines

_ENDS = (TreatmentState.ENDED, TreatmentState.MOVED, TreatmentState.DIED)
_AGAIN = (TreatmentState.UNDER_TREATMENT, *_ENDS)
SAVED = {
    TreatmentState.ENDED: "The end of the treatment is saved.",
    TreatmentState.MOVED: "The hand-over is saved.",
    TreatmentState.DIED: "The death is saved. Open flags are closed, and nothing is judged any more.",
    TreatmentState.UNDER_TREATMENT: "Under treatment again. Save the dose that is prescribed now.",
}


@clinic_page(*FORM)
def treatment(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """GET: where it stands and the form. POST: save, or show what saving would raise."""
    patient = get_patient(request.membership, patient_id)
    only_shown = "preview" in request.POST
    if request.method == "POST" and not only_shown:
        check_can(request.membership, Action.CHANGE_PATIENT)
    record = patient_record(patient, request.now)
    form = _form(request, patient, record)
    if request.method != "POST" or only_shown:
        return _page(request, patient, record, form)
    tried = attempt(form, lambda: _change(request, patient, form))
    if tried.row is not None:
        return saved(request, patient_url(patient), SAVED[TreatmentState(tried.row.kind)])
    return _page(request, patient, record, form, tried)


def _form(request: ClinicRequest, patient: Patient, record: PatientRecord) -> TreatmentForm:
    last = None if closed_without_day(record) else last_dose_on_file(record, request.today)
    initial = first_values(
        today=request.today,
        last_on=last.on if last else None,
        last_mcg=last.daily_mcg if last else None,
        version=patient.treatment_version,
    )
    offered = tuple(TreatmentState) if _comes_again(request) else _offered(patient)
    return TreatmentForm(
        request.POST if request.method == "POST" else None,
        clinic=patient.clinic,
        offered=offered,
        closed=_closed(request, record, offered),
        why_closed=SENTENCES[Action.END_TREATMENT],
        asks_why=any(plan.state in LIVE_STATES for plan in record.plans),
        initial=initial,
    )


def _closed(
    request: ClinicRequest, record: PatientRecord, offered: tuple[TreatmentState, ...]
) -> frozenset[TreatmentState]:
    """The kinds that take a clinician as things are today: said before anything is typed."""
    if can(request.membership, Action.END_TREATMENT) or not can(request.membership, Action.CHANGE_PATIENT):
        return frozenset()
    return frozenset(kind for kind in offered if takes_clinician(record, kind, request.today))


def _comes_again(request: ClinicRequest) -> bool:
    """Saved before, so that the first of it may have made impossible what it says."""
    try:
        return request.method == "POST" and is_used(KeyField().clean(request.POST.get("key", "")))
    except ValidationError:
        return False


def _offered(patient: Patient) -> tuple[TreatmentState, ...]:
    status = TreatmentState(patient.treatment_status)
    if status is TreatmentState.UNDER_TREATMENT:
        return _ENDS
    return (TreatmentState.DIED,) if status is TreatmentState.DIED else _AGAIN


def _change(request: ClinicRequest, patient: Patient, form: TreatmentForm) -> TreatmentChange:
    key: FormKey = form.cleaned_data["key"]
    try:
        return change_treatment(
            actor=request.membership,
            patient=patient,
            draft=form.draft,
            version=None if key.corrects else form.cleaned_data["version"],
            answer=form.answer,
            key=key,
            now=request.now,
        )
    except DomainError as refusal:
        refusal.about = form.about(refusal.about)
        raise


def _page(
    request: ClinicRequest,
    patient: Patient,
    record: PatientRecord,
    form: TreatmentForm,
    tried: Attempt[TreatmentChange] | None = None,
) -> HttpResponse:
    allowed = can(request.membership, Action.CHANGE_PATIENT)
    told = _told(request, patient, record, form)
    answers = tried.answers if tried else _asked_before(form, told["judgement"])
    context = {
        **banner_context(request, patient, record),
        "form": form,
        "action": reverse("treatment", args=[patient.public_id]),
        "stands": status_words(record),
        "is_undated": closed_without_day(record) is not None,
        "has_died": patient.treatment_status == TreatmentState.DIED.value,
        "correct_url": f"{patient_url(patient)}?correct=1&kind=treatment#timeline",
        "refused": "" if allowed else SENTENCES[Action.CHANGE_PATIENT],
        **told,
        **_asked(form, answers),
    }
    return show(request, "patient/treatment.html", context, status=tried.status if tried else 200)


def _told(request: ClinicRequest, patient: Patient, record: PatientRecord, form: TreatmentForm) -> dict[str, Any]:
    """What saving would do; nothing while the form cannot be read, or would be refused."""
    nothing: dict[str, Any] = {"judgement": None, "courses": (), "wrong": ""}
    if not form.is_bound or not form.is_valid():
        return nothing
    now = request.now.astimezone(patient.clinic.zone)
    try:
        if can(request.membership, Action.CHANGE_PATIENT):
            check_may_change(request.membership, record, form.draft, today=request.today)
        check_change(patient, record, form.draft, now=request.now)
    except DomainError as refusal:
        return {**nothing, "wrong": refusal.sentence}
    judgement = judge_change(record, form.draft, today=request.today, now=now)
    entry = proposed_entry(form.draft, today=request.today, now=now)
    return {
        "wrong": "",
        "judgement": judgement,
        "courses": _courses(record, entry),
        "raised": [raised(finding) for finding in judgement.raised],
        "past": [raised(finding) for finding in judgement.past],
        "standing": standing_lines(record, judgement),
        "beside": lines_beside(judgement),
        "as_of": judgement.assessment.as_of,
        "judges": entry.kind is not TreatmentState.DIED,
    }


def _courses(record: PatientRecord, entry: TreatmentEntry) -> tuple[str, ...]:
    """From what to what, in figures."""
    day = entry.starts_on.toordinal()
    before, prescribed = taken_history(record).on(day - 1), prescribed_history(record).on(day)
    was = "not known" if before is None else show_mg_per_day(entry.last_mcg or before)
    if entry.kind is TreatmentState.ENDED:
        order = f" {show_mg_per_day(prescribed)} is prescribed and stops with it." if prescribed else ""
        return (f"{was} before, 0\u00a0mg/day from then on.{order}",)
    if entry.kind is TreatmentState.MOVED:
        return (f"{was} before; from then on what is taken is not known.",)
    if entry.kind is TreatmentState.DIED:
        return ("Open flags are closed as facts, plans stop, and nothing is judged or asked any more.",)
    return ("No dose is prescribed until one is saved.",)


def _asked_before(form: TreatmentForm, judgement: DoseJudgement | None) -> tuple[Finding, ...]:
    """Asked about once, it is asked about again, also by the preview."""
    return judgement.answers if judgement and form.is_bound and form.data.get("answered_for") else ()


def _asked(form: TreatmentForm, answers: tuple[Finding, ...]) -> dict[str, Any]:
    if not answers:
        return {"answers": (), "answers_digest": ""}
    form.fields["answer_reason"].required = True
    if form.data.get("answered_for") and not form.cleaned_data.get("answer_reason"):
        form.add_error("answer_reason", "Choose a reason, or change what is written above.")
    return {"answers": [in_full(finding) for finding in answers], "answers_digest": digest_of(answers)}
