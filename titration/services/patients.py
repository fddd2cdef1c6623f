"""Registering a patient with the regimen of that day, as told, and changing what is on file about the person."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from titration.domain.errors import DomainError
from titration.domain.limits import STABLE_FOR_A_WHILE, span
from titration.domain.record import FactKind
from titration.domain.regimen import Regimen
from titration.domain.vocabulary import CONDITIONS, INDICATIONS
from titration.models import Membership, Patient, PatientFact, RegimenChange
from titration.models.bounds import FIRST_DATE
from titration.permissions import Action, check_can
from titration.services.audit import record_event
from titration.services.drafts import Key, PatientDetails
from titration.services.flags import refresh_flags
from titration.services.prescribed import check_dose, doses
from titration.services.writing import (
    check_codes,
    journey,
    locked,
    moved,
    store,
    store_again,
    today_in,
)


@journey("patient.registered")
def register_patient(
    *,
    actor: Membership,
    details: PatientDetails,
    regimen: Regimen,
    now: datetime,
    since: date | None = None,
    key: Key | None = None,
) -> Patient:
    """The regimen counts from `since`.

    None is "stable for a while". A regimen of 0 mg is treatment not begun: it counts from today.
    """
    check_can(actor, Action.REGISTER_PATIENT)
    today = today_in(actor.clinic, now)
    _check_details(details, actor, today)
    check_dose(regimen)
    starts_on = as_told_from(since, regimen, today)
    _check_since(starts_on, details, today)
    patient = store(Patient(clinic=actor.clinic, registered_by=actor.user, registered_at=now, **_columns(details)))
    _store_as_told(patient, regimen, starts_on, actor, now)
    for code in details.conditions:
        store(PatientFact(patient=patient, kind=FactKind.CONDITION, code=code, recorded_by=actor.user, recorded_at=now))
    detail = {"daily_mcg": regimen.daily_mcg, "since": starts_on, "conditions": list(details.conditions)}
    _tell("patient.registered", patient, detail, actor, now)
    refresh_flags(patient=patient, now=now, actor=actor)
    return patient


def _store_as_told(patient: Patient, regimen: Regimen, starts_on: date, actor: Membership, now: datetime) -> None:
    store(
        RegimenChange(
            **doses(regimen),
            patient=patient,
            starts_on=starts_on,
            reason="transfer",
            as_told=True,
            recorded_by=actor.user,
            recorded_at=now,
        )
    )


def _tell(action: str, patient: Patient, detail: dict[str, Any], actor: Membership, now: datetime) -> None:
    record_event(
        clinic=actor.clinic, actor=actor, action=action, subject=patient, patient=patient, detail=detail, now=now
    )


_COLUMNS = tuple(field.name for field in fields(PatientDetails) if field.name != "conditions")


def _columns(details: PatientDetails) -> dict[str, Any]:
    return {name: getattr(details, name) for name in _COLUMNS}


def as_told_from(since: date | None, regimen: Regimen, today: date) -> date:
    """The day from which a regimen counts that is told at registration."""
    if since is not None:
        return since
    return today - span(STABLE_FOR_A_WHILE) if regimen.daily_mcg else today


def _check_details(details: PatientDetails, actor: Membership, today: date) -> None:
    check_codes([details.indication], INDICATIONS, "indication")
    check_codes(details.conditions, CONDITIONS, "condition")
    if not FIRST_DATE <= details.birth_date <= today:
        raise DomainError("Check the date of birth: write it as year-month-day, not in the future.", about="birth_date")
    if details.responsible is not None and details.responsible.clinic_id != actor.clinic_id:
        raise DomainError("Choose a responsible clinician of this clinic.")
    for name in ("family_name", "given_name", "identifier"):
        if not getattr(details, name).strip():
            raise DomainError(f"Write the {name.replace('_', ' ')}.")


def _check_since(starts_on: date, details: PatientDetails, today: date) -> None:
    if starts_on > today:
        raise DomainError(
            "The regimen on registration is what is taken now: choose a date that is not in the future.", about="since"
        )
    if starts_on < details.birth_date:
        raise DomainError("Check the date: it is before the patient was born.", about="since")


@journey("patient.changed")
def change_details(
    *,
    actor: Membership,
    patient: Patient,
    details: PatientDetails,
    version: int,
    now: datetime,
    key: Key | None = None,
) -> Patient:
    """Everything but the conditions and where the treatment stands, which have their own entries.

    The audit names the columns that changed, not their values.
    """
    check_can(actor, Action.CHANGE_PATIENT)
    patient = locked(patient, actor)
    _check_details(details, actor, today_in(patient.clinic, now))
    changed = _store_changes(patient, _columns(details), version)
    _tell("patient.changed", patient, {"changed": changed}, actor, now)
    refresh_flags(patient=patient, now=now, actor=actor)
    return patient


def _store_changes(patient: Patient, columns: dict[str, Any], version: int) -> list[str]:
    """The next version of the patient's own columns; the names of those that differ."""
    changed = sorted(name for name, value in columns.items() if getattr(patient, name) != value)
    moved(Patient.objects.filter(pk=patient.pk, version=version), version=version + 1)
    patient.version = version + 1
    for name, value in columns.items():
        setattr(patient, name, value)
    store_again(patient)
    return changed
