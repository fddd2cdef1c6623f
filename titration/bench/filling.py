"""Fills a scratch database with one clinic, in bulk: histories, scores, reviews, plans; flags by the real rules.

One patient in a hundred has an open flag, one in forty a review about now, one in fifty a running taper. The measured
patients have a history of a named length each.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models, transaction

from titration.domain.guidance import load_guidance
from titration.domain.planning import PlanRequest, WayDown, content_hash, draw_plan
from titration.domain.products import PRODUCTS
from titration.domain.record import PlanKind, PlanState
from titration.domain.regimen import Regimen
from titration.models import (
    AuditEvent,
    Clinic,
    Membership,
    Patient,
    Plan,
    PlanStep,
    RegimenChange,
    ResponseScore,
    Review,
    Role,
    SedationReport,
    User,
    search_key,
)
from titration.services.audit import FIRST_LINK
from titration.services.doses import record_dose_change
from titration.services.drafts import CriticalAnswer
from titration.services.flags import refresh_flags
from titration.services.plans import draft_plan, sign_plan
from titration.services.prescribed import doses
from titration.services.table_sizes import count_tables

MEASURED = {"short": 10, "usual": 100, "long": 1000, "saving": 100, "planned": 99}
USUAL_CHANGES = 6
FLAGGED_EVERY, REVIEWED_EVERY, TAPERED_EVERY = 100, 40, 50
_BATCH = 2000
_FAMILY = ("Abbott", "Baines", "Carver", "Denholm", "Ellery", "Fenwick", "Garrick", "Hale", "Ibbot", "Jessop")
_GIVEN = ("Ada", "Bruno", "Clara", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas")

type Progress = Callable[[str, int, int], None]


@dataclass(slots=True, kw_only=True)
class Filling:
    """One run: the clinic, who works there, and now."""

    clinic: Clinic
    clinician: Membership
    now: datetime
    size: int
    progress: Progress

    @property
    def today(self) -> date:
        return self.now.astimezone(self.clinic.zone).date()


@transaction.atomic
def fill(size: int, *, now: datetime, progress: Progress) -> tuple[Membership, dict[str, Patient]]:
    """The clinician who asks, and the measured patients by name."""
    clinic = Clinic.objects.create(name="Bench clinic", label_set="US", product_codes=["tablet-10-halves", "tablet-5"])
    user = User.objects.create(email="bench@bench.invalid", full_name="B. Ench", password=make_password(None))
    clinician = Membership.objects.create(user=user, clinic=clinic, role=Role.CLINICIAN, is_clinic_admin=True)
    this = Filling(clinic=clinic, clinician=clinician, now=now, size=size, progress=progress)
    patients = _store(this, "patients", Patient, [_patient(this, number) for number in range(size)])
    measured = dict(zip(MEASURED, patients[-len(MEASURED) :], strict=True))
    lengths = {patient.pk: MEASURED[name] for name, patient in measured.items()}
    _fill_histories(this, patients, lengths)
    _fill_duties(this, patients)
    _fill_audit(this, patients)
    _raise_flags(this, patients)
    _sign_long_plan(this, measured["planned"])
    count_tables()
    return clinician, measured


def _store[Row: models.Model](this: Filling, what: str, model: type[Row], rows: Iterable[Row]) -> list[Row]:
    stored: list[Row] = []
    for batch in batched(rows, _BATCH):
        stored += model._default_manager.bulk_create(batch)
        this.progress(what, len(stored), 0)
    return stored


def _patient(this: Filling, number: int) -> Patient:
    family_name = f"{_FAMILY[number % 10]}{chr(97 + number // 10 % 26)}{chr(97 + number // 260 % 26)}"
    given_name, identifier = _GIVEN[number // 3 % 10], f"BN-{number:05}"
    return Patient(
        clinic=this.clinic,
        family_name=family_name,
        given_name=given_name,
        identifier=identifier,
        family_key=search_key(family_name),
        given_key=search_key(given_name),
        identifier_key=search_key(identifier),
        birth_date=date(1940, 1, 1) + timedelta(days=number * 7 % 20_000),
        indication="ms_spinal_spasticity",
        exposure_months=number % 60,
        responsible=this.clinician,
        registered_by=this.clinician.user,
        registered_at=this.now,
    )


def _fill_histories(this: Filling, patients: list[Patient], lengths: dict[int, int]) -> None:
    def each[Row](make: Callable[[Filling, Patient, int, int], Row], every: int) -> Iterator[Row]:
        for patient in patients:
            count = lengths.get(patient.pk, USUAL_CHANGES)
            yield from (make(this, patient, place, count) for place in range(0, count, every))

    _store(this, "dose changes", RegimenChange, each(_change, 1))
    _store(this, "scores", ResponseScore, each(_score, 2))
    _store(this, "sedation reports", SedationReport, each(_sedation, 3))


def _entry(this: Filling, patient: Patient, days_ago: int) -> dict[str, Any]:
    return {
        "patient": patient,
        "recorded_by": this.clinician.user,
        "recorded_at": this.now - timedelta(days=days_ago),
    }


def _gap(count: int) -> int:
    """Days between two entries: a long history is one entry a day, a usual one every fortnight."""
    return max(1, min(14, 1000 // count))


def _change(this: Filling, patient: Patient, place: int, count: int) -> RegimenChange:
    """Up and down by 5 mg; the last change of a flagged patient was yesterday and halves the dose."""
    days_ago = (count - place) * _gap(count)
    regimen = Regimen.of((20_000, 15_000 + 5_000 * (place % 2), 20_000, 0))
    if place == count - 1 and _is_flagged(patient, count):
        days_ago, regimen = 1, Regimen.of((10_000, 10_000, 5_000, 0))
    starts_on = this.today - timedelta(days=days_ago)
    return RegimenChange(
        **_entry(this, patient, days_ago), **doses(regimen), starts_on=starts_on, reason="response"
    )  # fmt: skip


def _is_flagged(patient: Patient, count: int) -> bool:
    return count == USUAL_CHANGES and patient.pk % FLAGGED_EVERY == 0


def _score(this: Filling, patient: Patient, place: int, count: int) -> ResponseScore:
    shared = _entry(this, patient, (count - place) * _gap(count))
    return ResponseScore(**shared, at=shared["recorded_at"], scale="spasticity", value=str(7 - place % 5))


def _sedation(this: Filling, patient: Patient, place: int, count: int) -> SedationReport:
    shared = _entry(this, patient, (count - place) * _gap(count))
    return SedationReport(**shared, at=shared["recorded_at"], grade=place % 2, source="patient")


def _fill_duties(this: Filling, patients: list[Patient]) -> None:
    _store(this, "reviews", Review, [_review(this, patient) for patient in patients[::REVIEWED_EVERY]])
    tapered = [patient for patient in patients[::TAPERED_EVERY] if patient.pk % FLAGGED_EVERY]
    steps = _weekly(this.today - timedelta(days=10), Regimen.of((20_000, 20_000, 20_000, 0)))
    plans = _store(this, "plans", Plan, [_plan(this, patient, steps) for patient in tapered])
    _store(
        this, "steps", PlanStep,
        (
            PlanStep(plan=plan, number=number, starts_on=starts_on, **doses(regimen))
            for plan in plans
            for number, (starts_on, regimen) in enumerate(steps, start=1)
        ),
    )  # fmt: skip


def _review(this: Filling, patient: Patient) -> Review:
    due_on = this.today + timedelta(days=patient.pk // REVIEWED_EVERY % 7 - 3)
    return Review(
        patient=patient, due_on=due_on, how="clinic", purpose="Review", recorded_by=this.clinician.user,
        recorded_at=this.now,
    )  # fmt: skip


def _weekly(first_on: date, start: Regimen) -> list[tuple[date, Regimen]]:
    return draw_plan(_taper(first_on, start), load_guidance()).planned


def _taper(first_on: date, start: Regimen) -> PlanRequest:
    return PlanRequest(
        kind=PlanKind.TAPER, start=start, first_step_on=first_on, target_mcg=0, way=WayDown.WEEKLY_5MG,
        products=(PRODUCTS["tablet-10-halves"],),
    )  # fmt: skip


def _plan(this: Filling, patient: Patient, steps: list[tuple[date, Regimen]]) -> Plan:
    start, products = Regimen.of((20_000, 20_000, 20_000, 0)), ["tablet-10-halves"]
    content = content_hash(steps, kind=PlanKind.TAPER, start=start, product_codes=products, target_mcg=0)
    who, signed_at = this.clinician.user, this.now - timedelta(days=11)
    return Plan(
        patient=patient, number=1, kind=PlanKind.TAPER, state=PlanState.RUNNING, products=products,
        **{f"start_{time}": mcg for time, mcg in doses(start).items()}, target_mcg=0,
        content_hash=content, guidance_version=load_guidance().version, drafted_by=who,
        drafted_at=signed_at, signed_by=who, signed_at=signed_at,
    )  # fmt: skip


def _fill_audit(this: Filling, patients: list[Patient]) -> None:
    def rows() -> Iterator[AuditEvent]:
        digest = FIRST_LINK
        for patient in patients:
            event = AuditEvent(
                clinic=this.clinic, actor=this.clinician.user, at=this.now, action="patient.registered",
                patient_public_id=patient.public_id, previous_digest=digest,
            )  # fmt: skip
            event.digest = digest = event.own_digest()
            yield event

    _store(this, "audit rows", AuditEvent, rows())


def _raise_flags(this: Filling, patients: list[Patient]) -> None:
    flagged = [patient for patient in patients if _is_flagged(patient, USUAL_CHANGES)]
    for done, patient in enumerate(flagged, start=1):
        refresh_flags(patient=patient, now=this.now, actor=this.clinician)
        this.progress("flags", done, len(flagged))


def _sign_long_plan(this: Filling, patient: Patient) -> None:
    """A taper of 26 weekly steps, from 130 mg a day."""
    start, tomorrow = Regimen.of((45_000, 40_000, 45_000, 0)), this.today + timedelta(days=1)
    record_dose_change(
        actor=this.clinician, patient=patient, starts_on=this.today, regimen=start, reason="response",
        answer=CriticalAnswer(reason="specialist_advice"), now=this.now,
    )  # fmt: skip
    draft = draw_plan(_taper(tomorrow, start), load_guidance())
    plan = draft_plan(actor=this.clinician, patient=patient, draft=draft, now=this.now)
    sign_plan(actor=this.clinician, plan=plan, state_version=plan.state_version, now=this.now)
