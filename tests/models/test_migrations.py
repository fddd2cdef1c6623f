"""Conditions become facts and go back again, with every row; other facts are never lost on the way back."""

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, TODAY, change_dose, make_clinic, make_member, make_patient, make_template, regimen
from titration.domain.record import IntakeKind, TreatmentState
from titration.models import Flag, Membership, Patient, PatientFact, PlanTemplate, SubmissionKey, TreatmentChange
from titration.selectors import worklist
from titration.services.conditions import record_condition
from titration.services.drafts import IntakeDraft, ScoresDraft, TreatmentDraft
from titration.services.intake import record_intake
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import record_medicine
from titration.services.reassessment import patients_due
from titration.services.reports import record_scores
from titration.services.treatment import change_treatment

BEFORE, NAME = "0002_append_only", "0003_patient_facts"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient() -> Iterator[Patient]:
    yield make_patient(make_member(make_clinic()))
    call_command("migrate", "titration", verbosity=0)


def migrate(name: str) -> None:
    call_command("migrate", "titration", name, verbosity=0)


def rows(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public_id, code, since, note FROM {table} ORDER BY id")
        return cursor.fetchall()


def refuses_updates(table: str, column: str = "code") -> bool:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'stroke'")
    return True


def test_conditions_go_back_and_forth_and_stay_append_only(patient: Patient) -> None:
    actor = make_member(patient.clinic)
    record_condition(actor=actor, patient=patient, code="psychosis", since=date(2020, 5, 1), note="By letter", now=NOW)
    written = rows("titration_patientfact")
    migrate(BEFORE)
    assert rows("titration_patientcondition") == written
    assert refuses_updates("titration_patientcondition")
    migrate(NAME)
    assert rows("titration_patientfact") == written
    assert refuses_updates("titration_patientfact")


def test_templates_go_back_and_forth_and_stay_append_only(patient: Patient) -> None:
    row = make_template(make_member(patient.clinic))
    migrate("0012_reviews_in_error")
    assert refuses_updates("titration_plantemplate", "name")
    migrate("0013_template_over_days")
    row.refresh_from_db()
    assert (row.step_days, row.days) == (7, None)
    assert refuses_updates("titration_plantemplate", "name")


def test_a_template_over_a_number_of_days_is_not_lost_by_going_back(patient: Patient) -> None:
    make_template(make_member(patient.clinic), way="over_days", step_mcg=None, step_days=None, days=21)
    with pytest.raises(RuntimeError, match="would be lost, 1 of them"):
        migrate("0012_reviews_in_error")
    assert PlanTemplate.objects.get().days == 21
    assert refuses_updates("titration_plantemplate", "name")


def test_other_facts_are_not_dropped_by_going_back(patient: Patient) -> None:
    actor = make_member(patient.clinic)
    record_medicine(actor=actor, patient=patient, code="opioid", since=TODAY, now=NOW)
    with pytest.raises(RuntimeError, match="would be lost, 1 of them"):
        migrate(BEFORE)
    assert PatientFact.objects.get().code == "opioid"
    assert refuses_updates("titration_patientfact")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("high|second_opinion|t2_second_opinion|150000", "high|second_opinion|t2_second_opinion", id="T2"),
        pytest.param("high|second_opinion|t2_second_opinion|120500", "high|second_opinion|t2_second_opinion", id="0.5"),
    ],
)
def test_a_dose_leaves_what_marks_a_flag_and_comes_back(before: str, after: str, patient: Patient) -> None:
    actor = make_member(patient.clinic)
    mg = int(before.rsplit("|", 1)[1]) / 1000
    change_dose(actor, patient, regimen(mg))
    flags = Flag.objects.filter(patient=patient)
    others = dict(flags.exclude(code="T2").values_list("code", "fingerprint"))
    assert others
    flag = flags.get(code="T2")
    assert flag.fingerprint == after
    migrate("0014_submissions_keep_their_content")
    flag.refresh_from_db()
    assert flag.fingerprint == before
    migrate("0016_dose_bands_in_fingerprints")
    flag.refresh_from_db()
    assert flag.fingerprint == after
    assert dict(flags.exclude(code="T2").values_list("code", "fingerprint")) == others


def kidney_flag(actor: Membership, patient: Patient, egfr: int) -> Flag:
    record_kidney_reading(actor=actor, patient=patient, on=TODAY, egfr=Fraction(egfr), now=NOW)
    return Flag.objects.get(patient=patient, code="R1")


@pytest.mark.parametrize(
    ("egfr", "doses", "before", "after"),
    [
        pytest.param(45, (15, 15, 15), "high|moderate_old|r1_moderate|moderate_old", "60000", id="high at 45 mg"),
        pytest.param(25, (10, 10), "high|severe|r1_severe|severe", "20000", id="severe at the end of a band"),
        pytest.param(45, (10,), "caution|moderate|r1_moderate|moderate", "20000", id="caution"),
    ],
)
def test_the_dose_band_joins_what_marks_a_kidney_flag(
    egfr: int, doses: tuple[float, ...], before: str, after: str, patient: Patient
) -> None:
    actor = make_member(patient.clinic)
    old = make_patient(actor, takes=regimen(*doses), family_name="Old", birth_date=date(1940, 1, 1), identifier="77")
    flag = kidney_flag(actor, old, egfr)
    assert flag.fingerprint == f"{before}|{after}"
    for name, found in (("0015_treatment_changes", before), ("0017_dose_bands_of_kidney_flags", f"{before}|{after}")):
        migrate(name)
        flag.refresh_from_db()
        assert flag.fingerprint == found


def test_a_raise_at_a_bad_kidney_keeps_what_marks_it(patient: Patient) -> None:
    actor = make_member(patient.clinic)
    change_dose(actor, patient, regimen(65))
    flag = kidney_flag(actor, patient, 25)
    assert flag.fingerprint == "critical|severe_raised|r1_severe|severe_raised|65000"
    migrate("0015_treatment_changes")
    flag.refresh_from_db()
    assert flag.fingerprint == "critical|severe_raised|r1_severe|severe_raised|65000"


def ended(patient: Patient) -> TreatmentChange:
    draft = TreatmentDraft(kind=TreatmentState.MOVED, on=TODAY, handed_to="Dr Pine")
    return change_treatment(actor=make_member(patient.clinic), patient=patient, draft=draft, now=NOW)


def test_whose_treatment_had_ended_keeps_the_word_back_and_forth(patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(treatment_status="ended")
    migrate("0016_dose_bands_in_fingerprints")
    migrate("0015_treatment_changes")
    patient.refresh_from_db()
    assert (patient.treatment_status, patient.treatment_version) == ("ended", 0)
    ended(patient)
    assert refuses_updates("titration_treatmentchange", "handed_to")


@pytest.mark.parametrize("status", ["ended", "moved", "died"])
def test_nobody_is_asked_about_whose_treatment_had_ended_before_days_were(status: str, patient: Patient) -> None:
    actor = make_member(patient.clinic)
    migrate("0014_submissions_keep_their_content")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE titration_patient SET treatment_status = %s, next_assessment_on = %s", [status, TODAY])
    call_command("migrate", "titration", verbosity=0)
    assert patients_due(NOW) == []
    patient.refresh_from_db()
    report = IntakeDraft(kind=IntakeKind.STOPPED, starts_on=TODAY)
    record_intake(actor=actor, patient=patient, report=report, now=NOW)
    assert not Flag.objects.exists()
    assert worklist(actor, NOW).rows == ()


def test_the_end_of_a_treatment_is_not_lost_by_going_back(patient: Patient) -> None:
    row = ended(patient)
    with pytest.raises(RuntimeError, match="would be lost: 1 entries, 0 flags"):
        migrate("0016_dose_bands_in_fingerprints")
    row.refresh_from_db()
    assert row.handed_to == "Dr Pine"
    assert refuses_updates("titration_treatmentchange", "handed_to")


def test_submissions_go_back_and_forth_with_what_they_made(patient: Patient) -> None:
    key = uuid4()
    scores = ScoresDraft(at=NOW, values={"pain": "4", "spasticity": "7"})
    made = record_scores(actor=make_member(patient.clinic), patient=patient, report=scores, now=NOW, key=key)
    ids = [str(row.public_id) for row in made]
    migrate("0013_template_over_days")
    with connection.cursor() as cursor:
        cursor.execute("SELECT result_type, result_ids FROM titration_submissionkey")
        table, kept = cursor.fetchone()
    assert (table, json.loads(kept)) == ("responsescore", ids)
    migrate("0014_submissions_keep_their_content")
    claim = SubmissionKey.objects.get(key=key)
    assert claim.rows == [["responsescore", each, "answer"] for each in ids]
    assert (claim.digest, claim.action, claim.patient) == ("", "", None), "what it was is not known any more"
