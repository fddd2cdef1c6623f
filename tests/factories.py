"""Rows for tests, made by the services wherever a service makes them.

Synthetic people only; every identifier is new.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from titration.domain.regimen import Regimen
from titration.models import Clinic, Membership, Patient, Plan, PlanTemplate, RegimenChange, Role, User
from titration.services.doses import record_dose_change
from titration.services.drafts import CriticalAnswer, PatientDetails
from titration.services.patients import register_patient

NOW = datetime(2026, 11, 13, 9, 41, tzinfo=UTC)
TODAY = date(2026, 11, 13)
_numbers = count(1)


def make_clinic(name: str = "Spasticity clinic", **columns: Any) -> Clinic:
    return Clinic.objects.create(name=name, **{"label_set": "US", "time_zone": "Europe/London", **columns})


def make_member(clinic: Clinic, role: str = Role.CLINICIAN, *, name: str = "", **columns: Any) -> Membership:
    name = name or f"Person {next(_numbers)}"
    email = f"{name.lower().replace(' ', '.')}.{next(_numbers)}@example.org"
    user = User.objects.create_user(email, "correct horse battery", full_name=name)
    return Membership.objects.create(user=user, clinic=clinic, role=role, **columns)


def regimen(*doses_mg: float) -> Regimen:
    """Morning, midday, evening, bedtime in mg; what is left out is 0."""
    doses = [round(mg * 1000) for mg in doses_mg] + [0] * (4 - len(doses_mg))
    return Regimen.of((doses[0], doses[1], doses[2], doses[3]))


def details(**changes: Any) -> PatientDetails:
    usual = {
        "family_name": "Ashdown",
        "given_name": "Margaret",
        "birth_date": date(1968, 3, 12),
        "identifier": f"SP-{next(_numbers):04}",
        "indication": "ms_spinal_spasticity",
        "exposure_months": 24,
    }
    return PatientDetails(**{**usual, **changes})


def make_patient(
    actor: Membership,
    *,
    takes: Regimen | None = None,
    since: date | None = TODAY - timedelta(days=60),
    now: datetime = NOW,
    **changes: Any,
) -> Patient:
    """A patient who takes 20 mg three times a day since sixty days, unless told otherwise."""
    takes = regimen(20, 20, 20) if takes is None else takes
    return register_patient(actor=actor, details=details(**changes), regimen=takes, since=since, now=now)


def change_dose(
    actor: Membership, patient: Patient, takes: Regimen, starts_on: date = TODAY, **changes: Any
) -> RegimenChange:
    usual = {
        "reason": "other",
        "now": NOW,
        "answer": CriticalAnswer(reason="supervised"),
        "backdate_reason": "entered late",
    }
    return record_dose_change(actor=actor, patient=patient, regimen=takes, starts_on=starts_on, **{**usual, **changes})


def make_plan(
    actor: Membership,
    patient: Patient,
    steps: list[tuple[date, Regimen]],
    *,
    start: Regimen | None = None,
    **changes: Any,
) -> Plan:
    """A draft whose steps are given by hand."""
    from titration.domain.planning import PlanDraft, PlanRequest, PlanStepDraft, WayDown
    from titration.domain.products import PRODUCTS
    from titration.domain.record import PlanKind
    from titration.services.plans import draft_plan

    request = PlanRequest(
        kind=changes.pop("kind", PlanKind.TAPER),
        start=start or regimen(20, 20, 20),
        first_step_on=steps[0][0],
        target_mcg=steps[-1][1].daily_mcg,
        products=tuple(PRODUCTS.values())[:2],
        way=WayDown.BY_HAND,
        by_hand=tuple(steps),
    )
    drafts = tuple(PlanStepDraft(starts_on=day, regimen=doses) for day, doses in steps)
    draft = PlanDraft(request=request, steps=drafts, ends_on=steps[-1][0])
    return draft_plan(actor=actor, patient=patient, draft=draft, **{"now": NOW, **changes})


def make_template(actor: Membership, **changes: Any) -> PlanTemplate:
    """5 mg a week to 0, the first version."""
    usual = {
        "name": "Ward taper", "kind": "taper", "target_mcg": 0, "way": "equal", "step_mcg": 5_000, "step_days": 7,
        "source": "Ward protocol", "recorded_at": NOW,
    }  # fmt: skip
    return PlanTemplate.objects.create(clinic=actor.clinic, recorded_by=actor.user, **{**usual, **changes})


def slow_taper(first: date = TODAY + timedelta(days=1)) -> list[tuple[date, Regimen]]:
    """60 to 0 by 5 mg a week, in tablets of 5 and 10 mg: nothing to answer."""
    totals = [(mg // 10 * 5, mg) for mg in range(55, -1, -5)]
    return [(first + timedelta(days=7 * at), regimen(am, 0, 0, mg - am)) for at, (am, mg) in enumerate(totals)]


def quick_taper(first: date = TODAY + timedelta(days=1)) -> list[tuple[date, Regimen]]:
    """60-30-0 in two days: must be answered."""
    return [(first, regimen(10, 10, 10)), (first + timedelta(days=1), regimen(0))]
