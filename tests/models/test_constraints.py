"""What the database itself refuses, whoever asks: the ORM, an update, raw SQL."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, TODAY, make_plan, regimen, slow_taper
from titration.models import (
    Flag,
    IntakeReport,
    Membership,
    Patient,
    PatientFact,
    Plan,
    PlanStep,
    RegimenChange,
    Review,
    SedationReport,
)

CEILING = 200_000


def _row(model: Any, patient: Patient, **columns: Any) -> Any:
    return model(patient=patient, recorded_by=patient.registered_by, recorded_at=NOW, **columns)


@pytest.mark.parametrize(
    "doses",
    [
        pytest.param((50_000, 50_000, 50_000, 50_100), id="0.1 mg above the ceiling by the sum"),
        pytest.param((CEILING + 100, 0, 0, 0), id="one dose above the ceiling"),
        pytest.param((-100, 0, 0, 0), id="a negative dose"),
        pytest.param((50, 0, 0, 0), id="finer than 0.1 mg"),
    ],
)
def test_refuses_a_prescribed_dose(doses: tuple[int, ...], patient: Patient) -> None:
    morning, midday, evening, bedtime = doses
    row = _row(RegimenChange, patient, starts_on=TODAY, reason="other", morning_mcg=morning, midday_mcg=midday)
    row.evening_mcg, row.bedtime_mcg = evening, bedtime
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize("mcg", [0, 100, CEILING], ids=["none", "the smallest", "the ceiling"])
def test_stores_a_dose_up_to_the_ceiling(mcg: int, patient: Patient) -> None:
    _row(RegimenChange, patient, starts_on=TODAY, reason="other", morning_mcg=mcg).save()


def test_refuses_a_total_above_the_ceiling_in_raw_sql(alice: Membership, patient: Patient) -> None:
    make_plan(alice, patient, slow_taper())
    tables = {RegimenChange: ("morning_mcg", 160_100), PlanStep: ("midday_mcg", CEILING), Plan: ("target_mcg", 200_100)}
    for model, (column, mcg) in tables.items():
        copied = [field.column for field in model._meta.local_fields if field.column not in ("id", "public_id", column)]
        moved = {"starts_on": "'2031-01-01'", "number": "99", "plan_id": "plan_id"}
        values = ", ".join(moved.get(name, name) for name in copied)
        sql = (
            f"INSERT INTO {model._meta.db_table} (public_id, {column}, {', '.join(copied)}) "
            f"SELECT %s, {mcg}, {values} FROM {model._meta.db_table} ORDER BY id LIMIT 1"
        )
        with pytest.raises(DatabaseError, match="ceiling"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, ["00000000-0000-4000-8000-000000000000".replace("-", "" if _is_sqlite() else "-")])


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def test_refuses_a_plan_step_above_the_ceiling_by_the_orm(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper())
    with pytest.raises(DatabaseError, match="planstep_total_within_ceiling"), transaction.atomic():
        PlanStep.objects.create(plan=plan, number=99, starts_on=date(2027, 6, 1), morning_mcg=CEILING, midday_mcg=100)


def test_a_taken_total_may_pass_the_ceiling(patient: Patient) -> None:
    _row(IntakeReport, patient, kind="daily_total", starts_on=TODAY, ends_on=TODAY, daily_mcg=400_000).save()


def test_one_current_regimen_a_patient_and_date(patient: Patient) -> None:
    _row(RegimenChange, patient, starts_on=TODAY, reason="other").save()
    with pytest.raises(DatabaseError), transaction.atomic():
        _row(RegimenChange, patient, starts_on=TODAY, reason="other").save()


REFUSED: dict[str, tuple[Any, dict[str, Any]]] = {
    "a year nobody means": (RegimenChange, {"starts_on": date(1, 1, 1), "reason": "other"}),
    "the last year there is": (RegimenChange, {"starts_on": date(9999, 12, 31), "reason": "other"}),
    "an unknown status": (RegimenChange, {"starts_on": TODAY, "reason": "other", "status": "gone"}),
    "a status without who and when": (RegimenChange, {"starts_on": TODAY, "reason": "x", "status": "superseded"}),
    "a when without a who": (RegimenChange, {"starts_on": TODAY, "reason": "other", "status_at": NOW}),
    "an end before the beginning": (
        IntakeReport, {"kind": "ran_out", "starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}),
    "a total without a figure": (IntakeReport, {"kind": "daily_total", "starts_on": TODAY}),
    "times of day without doses": (IntakeReport, {"kind": "by_time", "starts_on": TODAY}),
    "more missed than due": (IntakeReport, {"kind": "ran_out", "starts_on": TODAY, "missed": 4, "due": 3}),
    "a grade of five": (SedationReport, {"at": NOW, "grade": 5, "source": "patient"}),
    "a report from the future": (
        SedationReport, {"at": NOW + timedelta(minutes=1), "grade": 1, "source": "patient"}),
    "a fact of no kind": (PatientFact, {"kind": "rumour", "code": "stroke"}),
    "a fact without a code": (PatientFact, {"kind": "condition", "code": ""}),
    "a condition with an amount": (PatientFact, {"kind": "condition", "code": "stroke", "tenths": 1}),
    "a reading without its amount": (PatientFact, {"kind": "kidney", "code": "egfr", "since": TODAY}),
    "a reading without its day": (PatientFact, {"kind": "kidney", "code": "egfr", "tenths": 740}),
    "a reading of two days": (
        PatientFact, {"kind": "kidney", "code": "egfr", "tenths": 740, "since": TODAY, "until": TODAY}),
    "an eGFR below 1": (PatientFact, {"kind": "kidney", "code": "egfr", "tenths": 9, "since": TODAY}),
    "an eGFR above 200": (PatientFact, {"kind": "kidney", "code": "egfr", "tenths": 2001, "since": TODAY}),
    "an interruption without a first day": (PatientFact, {"kind": "interruption", "code": "surgery"}),
    "a dispensing of nothing": (PatientFact, {"kind": "supply", "code": "tablet-5", "tenths": 0, "since": TODAY}),
    "a dispensing above 10,000": (
        PatientFact, {"kind": "supply", "code": "tablet-5", "tenths": 100_001, "since": TODAY}),
    "an end of a condition before its beginning": (
        PatientFact, {"kind": "condition", "code": "stroke", "since": TODAY, "until": TODAY - timedelta(days=1)}),
    "a review done by nobody": (Review, {"due_on": TODAY, "how": "clinic", "purpose": "x", "done_on": TODAY}),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, patient: Patient) -> None:
    model, columns = REFUSED[name]
    with pytest.raises(DatabaseError), transaction.atomic():
        _row(model, patient, **columns).save()


@pytest.mark.parametrize("text", ["a\x00b", "x" * 2001], ids=["NUL", "over-long"])
def test_refuses_text_alike_on_both_databases(text: str, patient: Patient) -> None:
    with pytest.raises(ValidationError):
        _row(RegimenChange, patient, starts_on=TODAY, reason="other", note=text).save()
    with pytest.raises(ValidationError):
        Patient.objects.filter(pk=patient.pk).update(family_name=text)


def test_refuses_overlong_text_in_raw_sql(patient: Patient) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE titration_patient SET family_name = %s", ["x" * 81])


@pytest.mark.sqlite
def test_sqlite_refuses_a_nul_in_raw_sql(patient: Patient) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE titration_patient SET family_name = %s", ["a\x00b"])


def test_every_constraint_has_its_own_message() -> None:
    usual = "Constraint “%(name)s” is violated."
    models = {RegimenChange, IntakeReport, SedationReport, Plan, PlanStep, Review, Patient, PatientFact, Flag}
    for model in models:
        for constraint in model._meta.constraints:
            assert constraint.violation_error_message != usual, constraint.name
            assert str(constraint.violation_error_message).endswith("."), constraint.name


def test_the_regimen_of_a_row(patient: Patient) -> None:
    assert RegimenChange.objects.get(patient=patient).regimen == regimen(20, 20, 20)
