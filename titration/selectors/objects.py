"""One object by its public id, always through the clinic and the patient it belongs to.

Anything else is a 404, told in the same words.
"""

from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from titration.domain.record import EntryStatus, FactKind
from titration.models import (
    Entry,
    Flag,
    IntakeReport,
    Membership,
    Patient,
    PatientFact,
    Plan,
    PlanStep,
    RegimenChange,
    ResponseScore,
    Review,
    Role,
    SedationReport,
    SymptomReport,
    TreatmentChange,
    User,
)
from titration.selectors.prepared import PreparedRow

NOT_FOUND = "There is no such page."

ENTRY_KINDS: dict[str, type[Entry]] = {
    "dose": RegimenChange,
    "intake": IntakeReport,
    "sedation": SedationReport,
    "symptom": SymptomReport,
    "response": ResponseScore,
    "treatment": TreatmentChange,
    **{kind.value: PatientFact for kind in FactKind},
}


def visible_patients(membership: Membership | None) -> QuerySet[Patient]:
    """The patients of the clinic the person works for; none for a person without a clinic."""
    at_work = _at_work(membership)
    return Patient.objects.filter(clinic_id=at_work.clinic_id) if at_work else Patient.objects.none()


def _at_work(membership: Membership | None) -> Membership | None:
    return membership if membership and membership.disabled_at is None else None


def get_patient(membership: Membership | None, public_id: UUID) -> Patient:
    """The patient, with the clinic and the responsible clinician at hand. Raises Http404."""
    at_work = _at_work(membership)
    patient = _PATIENT(at_work.clinic_id, public_id) if at_work else None
    if at_work is None or patient is None:
        raise Http404(NOT_FOUND)
    patient.clinic = at_work.clinic
    return patient


_PATIENT = PreparedRow(
    lambda clinic, public_id: Patient.objects.filter(clinic=clinic, public_id=public_id),
    Patient,
    responsible=Membership,
    responsible__user=User,
)


def clinicians(membership: Membership, besides: Membership | None = None) -> list[Membership]:
    """The clinic's clinicians by name; besides: one who is kept in the list though no longer one of them."""
    here = Membership.objects.filter(clinic_id=membership.clinic_id).select_related("user").order_by("user__full_name")
    wanted = Q(role=Role.CLINICIAN, disabled_at=None)
    return list(here.filter(wanted | Q(pk=besides.pk) if besides else wanted))


def superseded_dose(entry: Entry) -> RegimenChange | None:
    """The dose change that this one superseded for its date, where there is one."""
    if not isinstance(entry, RegimenChange):
        return None
    return RegimenChange.objects.filter(superseded_by=entry, status=EntryStatus.SUPERSEDED).first()


def get_entry(membership: Membership | None, patient: Patient, kind: str, public_id: UUID) -> Entry:
    """One entry of this patient; kind is one of ENTRY_KINDS. Raises Http404."""
    if kind not in ENTRY_KINDS:
        raise Http404(NOT_FOUND)
    if kind in set(FactKind):
        return get_fact(membership, patient, FactKind(kind), public_id)
    return _of_patient(ENTRY_KINDS[kind]._default_manager.all(), membership, patient, public_id)


def get_fact(membership: Membership | None, patient: Patient, kind: FactKind, public_id: UUID) -> PatientFact:
    return _of_patient(PatientFact.objects.filter(kind=kind), membership, patient, public_id)


def get_flag(membership: Membership | None, patient: Patient, public_id: UUID) -> Flag:
    """The flag with who accepted it; its events are one more query."""
    return _of_patient(Flag.objects.select_related("accepted_by"), membership, patient, public_id)


def get_plan(membership: Membership | None, patient: Patient, public_id: UUID) -> Plan:
    """The plan with its people; steps and events are one more query each."""
    at_work = _at_work(membership)
    plan = _PLAN(at_work.clinic_id, patient.pk, public_id) if at_work else None
    if plan is None:
        raise Http404(NOT_FOUND)
    plan.patient = patient
    return plan


_PLAN = PreparedRow(
    lambda clinic, patient, public_id: Plan.objects.filter(
        patient__clinic=clinic, patient=patient, public_id=public_id
    ),
    Plan,
    drafted_by=User,
    signed_by=User,
)


def get_step(membership: Membership | None, plan: Plan, public_id: UUID) -> PlanStep:
    step = _one(PlanStep.objects.filter(plan=plan, public_id=public_id, plan__patient__in=visible_patients(membership)))
    step.plan = plan
    return step


def get_review(membership: Membership | None, patient: Patient, public_id: UUID) -> Review:
    return _of_patient(Review.objects.all(), membership, patient, public_id)


def _of_patient[Row: Model](
    rows: QuerySet[Row], membership: Membership | None, patient: Patient, public_id: UUID
) -> Row:
    row = _one(rows.filter(patient=patient, patient__in=visible_patients(membership), public_id=public_id))
    row.patient = patient  # type: ignore[attr-defined]
    return row


def _one[Row: Model](rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise Http404(NOT_FOUND)
    return row
