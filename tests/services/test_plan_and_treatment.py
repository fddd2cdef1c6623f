"""When a treatment ends, moves or the patient died, the plan under way ends with it, in the same transaction."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, details, make_plan, slow_taper
from tests.services.acts import running_plan
from titration.domain.errors import DomainError
from titration.models import Membership, Patient, Plan, PlanEvent
from titration.permissions import PermissionRefused
from titration.selectors import patient_record
from titration.selectors.waiting import read_waiting
from titration.services.patients import change_details
from titration.services.plans import hold_plan, sign_plan
from titration.services.reviews import complete_review, plan_review, take_review_back

LEAVING = ["ended", "moved", "died"]


def change(actor: Membership, patient: Patient, status: str, **more: Any) -> Patient:
    patient.refresh_from_db()
    same = details(identifier=patient.identifier)
    return change_details(
        actor=actor, patient=patient, details=same, version=patient.version, treatment_status=status, now=NOW, **more
    )


@pytest.mark.parametrize("status", LEAVING)
def test_the_plan_under_way_is_stopped_with_its_reason(alice: Membership, patient: Patient, status: str) -> None:
    plan = running_plan(alice, patient)
    change(alice, patient, status, stop_reason="By letter of the family")
    plan.refresh_from_db()
    event = PlanEvent.objects.get(plan=plan, kind="stopped")
    assert (plan.state, plan.ended_on) == ("stopped", TODAY + timedelta(days=1))
    assert (event.reason, event.by) == ("By letter of the family", alice.user)


@pytest.mark.parametrize("status", LEAVING)
@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_saved(alice: Membership, patient: Patient, status: str, reason: str) -> None:
    plan = running_plan(alice, patient)
    with pytest.raises(DomainError, match="Say why") as refused:
        change(alice, patient, status, stop_reason=reason)
    assert refused.value.about == "stop_reason"
    plan.refresh_from_db()
    patient.refresh_from_db()
    assert (plan.state, patient.treatment_status) == ("running", "under_treatment")


def test_a_held_plan_is_stopped_and_a_draft_discarded(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    hold_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW)
    make_plan(alice, patient, slow_taper())
    change(alice, patient, "died", stop_reason="Died at home")
    assert set(Plan.objects.values_list("state", flat=True)) == {"stopped"}


@pytest.mark.parametrize("status", LEAVING)
def test_without_a_plan_nothing_is_asked(alice: Membership, patient: Patient, status: str) -> None:
    assert change(alice, patient, status).treatment_status == status


def test_a_nurse_records_a_death_and_leaves_the_end_of_a_treatment_to_a_clinician(
    alice: Membership, nina: Membership, patient: Patient
) -> None:
    plan = running_plan(alice, patient)
    with pytest.raises(PermissionRefused, match="clinician"):
        change(nina, patient, "ended", stop_reason="No effect")
    change(nina, patient, "died", stop_reason="Told by the family")
    plan.refresh_from_db()
    assert plan.state == "stopped"


@pytest.mark.parametrize("status", LEAVING)
def test_no_duty_is_left_on_the_worklist(alice: Membership, patient: Patient, status: str) -> None:
    running_plan(alice, patient, slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))
    plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW)
    assert {duty.kind for duty in read_waiting(alice, TODAY).due} == {"review", "step"}
    change(alice, patient, status, stop_reason="Moved away")
    assert read_waiting(alice, TODAY).due == []


def test_no_plan_is_signed_for_who_is_no_longer_treated(alice: Membership, patient: Patient) -> None:
    change(alice, patient, "moved")
    plan = make_plan(alice, patient, slow_taper())
    with pytest.raises(DomainError, match="moved to another clinic"):
        sign_plan(actor=alice, plan=plan, state_version=0, now=NOW)


def test_a_review_planned_by_mistake_is_asked_for_no_more(
    alice: Membership, nina: Membership, patient: Patient
) -> None:
    review = plan_review(actor=nina, patient=patient, due_on=TODAY, now=NOW)
    taken_back = take_review_back(actor=nina, review=review, reason="Other patient", now=NOW)
    assert (taken_back.error_reason, taken_back.error_by) == ("Other patient", nina.user)
    assert patient_record(patient, NOW).reviews == ()
    assert read_waiting(alice, TODAY).due == []
    with pytest.raises(DomainError, match="Somebody changed"):
        complete_review(actor=alice, review=review, now=NOW)


def test_a_review_that_was_held_is_not_taken_back(alice: Membership, patient: Patient) -> None:
    review = plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW)
    complete_review(actor=alice, review=review, now=NOW)
    with pytest.raises(DomainError, match="Somebody changed"):
        take_review_back(actor=alice, review=review, reason="Other patient", now=NOW)


def test_taking_back_asks_why(alice: Membership, patient: Patient) -> None:
    review = plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW)
    with pytest.raises(DomainError, match="Say why"):
        take_review_back(actor=alice, review=review, reason=" ", now=NOW)
