"""Reviews: planned for a day, done on a day. When the next one is, the rule on tablets that run out asks (W8)."""

from datetime import date, datetime
from typing import Any

from titration.domain.errors import DomainError
from titration.models import Membership, Patient, PlanStep, Review
from titration.models.bounds import LAST_DATE
from titration.permissions import Action, check_can
from titration.services.drafts import Key
from titration.services.entries import tell_and_judge
from titration.services.under_treatment import check_under_treatment
from titration.services.writing import check_codes, journey, locked, moved, store, today_in

WAYS = ("clinic", "telephone")


@journey("review.planned")
def plan_review(
    *,
    actor: Membership,
    patient: Patient,
    due_on: date,
    now: datetime,
    how: str = "clinic",
    purpose: str = "",
    plan_step: PlanStep | None = None,
    key: Key | None = None,
) -> Review:
    check_can(actor, Action.PLAN_REVIEW)
    patient = locked(patient, actor)
    check_under_treatment(patient)
    check_codes([how], WAYS, "way of the review")
    _check_due(due_on, today_in(patient.clinic, now))
    _check_step(plan_step, patient)
    row = store(
        Review(
            patient=patient,
            due_on=due_on,
            how=how,
            purpose=purpose or "Review",
            plan_step=plan_step,
            recorded_by=actor.user,
            recorded_at=now,
        )
    )
    tell_and_judge(row, "review.planned", _seen(row), patient=patient, actor=actor, now=now)
    return row


def _check_due(due_on: date, today: date) -> None:
    if not today <= due_on <= LAST_DATE:
        raise DomainError("Choose a review date that is today or later.")


def _check_step(step: PlanStep | None, patient: Patient) -> None:
    if step is not None and step.plan.patient_id != patient.pk:
        raise DomainError("Choose a step of a plan of this patient.")


@journey("review.done")
def complete_review(
    *, actor: Membership, review: Review, now: datetime, done_on: date | None = None, key: Key | None = None
) -> Review:
    check_can(actor, Action.PLAN_REVIEW)
    patient = locked(review.patient, actor)
    today = today_in(patient.clinic, now)
    if done_on is not None and done_on > today:
        raise DomainError("A review is done today or earlier: choose a date that is not in the future.")
    moved(
        Review.objects.filter(pk=review.pk, done_on=None, error_at=None), done_on=done_on or today, done_by=actor.user
    )
    tell_and_judge(review, "review.done", _seen(review), patient=patient, actor=actor, now=now)
    return Review.objects.get(pk=review.pk)


@journey("review.entered_in_error")
def take_review_back(
    *, actor: Membership, review: Review, reason: str, now: datetime, key: Key | None = None
) -> Review:
    """A review planned by mistake: it stays on file with its reason, and nobody is asked to hold it."""
    check_can(actor, Action.PLAN_REVIEW)
    patient = locked(review.patient, actor)
    if not reason.strip():
        raise DomainError("Say why the review was planned by mistake.", about="reason")
    waiting = Review.objects.filter(pk=review.pk, done_on=None, error_at=None)
    moved(waiting, error_reason=reason, error_by=actor.user, error_at=now)
    tell_and_judge(review, "review.entered_in_error", _seen(review), patient=patient, actor=actor, now=now)
    return Review.objects.get(pk=review.pk)


def _seen(row: Review) -> dict[str, Any]:
    return {"due_on": row.due_on, "how": row.how}
