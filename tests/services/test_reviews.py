"""A review is planned for one patient, at a step of that patient's own plan."""

import pytest

from tests.factories import NOW, TODAY, make_patient, make_plan, slow_taper
from titration.domain.errors import DomainError
from titration.models import Membership, Patient, PlanStep, Review
from titration.services.reviews import plan_review


def first_step(alice: Membership, patient: Patient) -> PlanStep:
    return PlanStep.objects.get(plan=make_plan(alice, patient, slow_taper()), number=1)


def test_a_review_may_stand_at_a_step_of_the_patient_s_plan(alice: Membership, patient: Patient) -> None:
    step = first_step(alice, patient)
    review = plan_review(actor=alice, patient=patient, due_on=TODAY, plan_step=step, now=NOW)
    assert review.plan_step == step


def test_a_step_of_another_patient_is_refused(alice: Membership, patient: Patient) -> None:
    step = first_step(alice, make_patient(alice))
    with pytest.raises(DomainError, match="a step of a plan of this patient"):
        plan_review(actor=alice, patient=patient, due_on=TODAY, plan_step=step, now=NOW)
    assert not Review.objects.exists()
