"""A review planned by mistake: taken back with who, when and why, and asked for no more."""

import pytest

from tests.factories import NOW, TODAY
from titration.domain.errors import DomainError
from titration.models import Membership, Patient
from titration.selectors import patient_record
from titration.selectors.waiting import read_waiting
from titration.services.reviews import complete_review, plan_review, take_review_back


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
