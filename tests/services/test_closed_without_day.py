"""Whose treatment had ended, moved or ended by a death before days were asked for: over, and nobody invents a day."""

from datetime import timedelta

import pytest

from tests.factories import NOW, TODAY
from tests.services.acts import RAN_OUT, raised_flag
from tests.services.treatments import DIED, ENDED, MOVED, change, flags_of, titles
from titration.domain.banner import Banner, banner_of
from titration.domain.guidance import load_guidance
from titration.domain.record import TreatmentState
from titration.models import Flag, Membership, Patient
from titration.selectors import patient_record
from titration.selectors.operations import reassess_lag_seconds, urgent_flags_by_clinic
from titration.selectors.worklist import worklist
from titration.services.flags import refresh_flags
from titration.services.intake import record_intake
from titration.services.reassessment import patients_due, reassess_patient
from titration.services.reviews import plan_review

CLOSED = pytest.mark.parametrize("status", [ENDED, MOVED, DIED])


def close(patient: Patient, status: TreatmentState) -> None:
    """As the word stands since before."""
    Patient.objects.filter(pk=patient.pk).update(treatment_status=status.value, next_assessment_on=TODAY)
    patient.refresh_from_db()


def banner(patient: Patient) -> Banner:
    return banner_of(patient_record(patient, NOW), today=TODAY, guidance=load_guidance())


@CLOSED
def test_a_report_raises_no_flag(status: TreatmentState, alice: Membership, patient: Patient) -> None:
    close(patient, status)
    record_intake(actor=alice, patient=patient, report=RAN_OUT, now=NOW)
    assert titles(patient) == set()
    assert flags_of(patient) == []


@CLOSED
def test_is_visited_and_listed_no_more(status: TreatmentState, alice: Membership, patient: Patient) -> None:
    plan_review(actor=alice, patient=patient, due_on=TODAY, how="telephone", purpose="Call", now=NOW)
    raised_flag(alice, patient)
    Flag.objects.update(severity="high", urgency=30)
    close(patient, status)
    later = NOW + timedelta(days=3)
    assert patients_due(later) == []
    assert not reassess_patient(patient.pk, later)
    assert worklist(alice, later).rows == ()
    assert urgent_flags_by_clinic() == {}
    assert reassess_lag_seconds(later) == 0


@pytest.mark.parametrize(("status", "states"), [(ENDED, {"open"}), (MOVED, {"open"}), (DIED, {"died"})])
def test_what_waits_ends_by_a_death_alone(
    status: TreatmentState, states: set[str], alice: Membership, patient: Patient
) -> None:
    raised_flag(alice, patient)
    close(patient, status)
    refresh_flags(patient=patient, now=NOW, actor=alice)
    assert set(Flag.objects.values_list("state", flat=True)) == states


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        (ENDED, "Treatment ended (day and last dose not on file)"),
        (MOVED, "Handed over (day not on file)"),
        (DIED, "Died (day not on file)"),
    ],
)
def test_the_banner_counts_no_dose_as_taken(status: TreatmentState, mark: str, patient: Patient) -> None:
    close(patient, status)
    shown = banner(patient)
    assert (shown.mark, shown.ahead, shown.differs) == (mark, "", False)
    assert [(fact.label, fact.figure) for fact in shown.facts] == [("Taken", "unknown")]


@CLOSED
def test_is_completed_by_saying_when(status: TreatmentState, alice: Membership, patient: Patient) -> None:
    close(patient, status)
    change(alice, patient, status, -1)
    assert "not on file" not in banner(patient).mark
    assert (len(titles(patient)) > 0) is (status is ENDED)
