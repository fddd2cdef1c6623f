"""What lies behind a plan: its steps, its events with who did them, and the clinic's products."""

from datetime import date, datetime

from titration.domain.plan_holds import HeldByChange, PlanHold
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.products import Product
from titration.domain.record import PlanState
from titration.models import Clinic, Patient, Plan, PlanEvent, PlanStep, Review


def plan_steps(plan: Plan) -> list[PlanStep]:
    """In the order of their numbers."""
    return list(plan.steps.order_by("number"))


def plan_events(plan: Plan) -> list[PlanEvent]:
    """Newest first, with the person at hand."""
    return list(plan.events.select_related("by").order_by("-pk"))


def plans_held(patient: Patient, at: datetime) -> list[Plan]:
    """The plans that were put on hold at an instant."""
    return list(Plan.objects.filter(patient=patient, events__kind="held", events__at=at))


def held_by_dose_change(patient: Patient) -> tuple[Plan, HeldByChange] | None:
    """The plan that is held by a dose change and by nothing since; None where there is none."""
    plan = Plan.objects.filter(patient=patient, state=PlanState.HELD).select_related("patient__clinic").first()
    if plan is None or plan.signed_at is None:
        return None
    events = list(plan.events.exclude(kind="step_confirmed").order_by("-pk"))
    holds = tuple(_hold_of(event, patient) for event in events if event.kind == "held")
    if events[0].kind != "held" or not holds[0].by_change:
        return None
    return plan, HeldByChange(plan_id=str(plan.public_id), signed_at=plan.signed_at, holds=holds)


def _hold_of(event: PlanEvent, patient: Patient) -> PlanHold:
    return PlanHold(
        held_on=date.fromisoformat(event.detail["held_on"]),
        told_on=event.at.astimezone(patient.clinic.zone).date(),
        by_change=event.detail.get("cause") == "dose_change",
    )


def reviews_in_error(patient: Patient) -> list[Review]:
    """Reviews that were planned by mistake, the latest first, with who took them back."""
    return list(patient.reviews.exclude(error_at=None).select_related("error_by").order_by("-error_at"))


def live_plans_seal(patient: Patient) -> str:
    """Which plans are under way and in which state, as a form remembers them; "" where none is."""
    live = Plan.objects.filter(patient=patient, state__in=LIVE_STATES).order_by("pk")
    return ",".join(f"{public_id}:{version}" for public_id, version in live.values_list("public_id", "state_version"))


def following_version(plan: Plan) -> Plan | None:
    """The version that replaced this one; None where none did."""
    return plan.replaced_by.select_related("patient").order_by("-pk").first()


def clinic_products(clinic: Clinic) -> tuple[Product, ...]:
    """The clinic's own list in its order; the whole catalogue where it has none."""
    return clinic.offered_products
