"""What all acts on plans share.

Storing a version with its steps, checking steps before they are signed, moving a state with its event.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from titration.domain.banner import regimen_on
from titration.domain.days import show_full_day
from titration.domain.errors import DomainError, PlanImpossible
from titration.domain.plan_transitions import Act, StepAct, StepState, next_state, step_states_for
from titration.domain.planning import content_hash, make_step
from titration.domain.products import Product
from titration.domain.record import PatientRecord, PlanKind, PlanState
from titration.domain.regimen import Regimen, describe
from titration.domain.units import show_mg_per_day
from titration.models import Membership, Plan, PlanEvent, PlanStep
from titration.models.bounds import LAST_DATE
from titration.services.audit import record_event
from titration.services.prescribed import check_dose, doses
from titration.services.writing import moved, store, store_all

type Steps = Sequence[tuple[date, Regimen]]


def check_steps(steps: Steps, *, not_before: date) -> None:
    """In the order of their dates, from a day on, every total at or below the ceiling."""
    if not steps:
        raise PlanImpossible("A plan needs at least one step.")
    dates = [starts_on for starts_on, _ in steps]
    if any(later <= earlier for earlier, later in pairwise(dates)):
        raise PlanImpossible("Put the steps in the order of their dates, one a day.")
    if dates[0] < not_before:
        raise PlanImpossible(f"The first step is in the past. Choose {show_full_day(not_before)} or later.")
    if dates[-1] > LAST_DATE:
        raise PlanImpossible("The last step is too far away. Choose larger or quicker steps.")
    for _, regimen in steps:
        check_dose(regimen)


def check_makeable(steps: Steps, products: tuple[Product, ...]) -> None:
    """Raises NotMakeable for a step that the plan's products cannot make (rule E1): nobody signs what no tablet is."""
    for starts_on, regimen in steps:
        make_step(starts_on, regimen, products)


def check_start(record: PatientRecord, start: Regimen, first_step_on: date) -> None:
    """A plan follows on from what is prescribed the day before it: one drawn from another dose could rise or fall far
    in its first step.
    """
    stands = regimen_on(record, first_step_on - timedelta(days=1))
    if stands != start:
        now = f"{_dose_words(stands)} is prescribed" if stands else "no dose is on file"
        drawn = _dose_words(start)
        raise PlanImpossible(f"This plan was drawn from {drawn}, but {now} on the day before it starts. Draw it again.")


def check_no_change_among(record: PatientRecord, steps: Steps) -> None:
    """A dose change counts before a step of its day and until the next one: no plan is signed around one, so that it
    is neither undone by a later step nor falls into the plan unseen.
    """
    for entry in record.regimens:
        if entry.counts and steps[0][0] <= entry.starts_on <= steps[-1][0]:
            change = f"{show_mg_per_day(entry.regimen.daily_mcg)} from {show_full_day(entry.starts_on)}"
            raise PlanImpossible(
                f"{change} is on file and would come between these steps. Mark that dose change as entered in error, "
                "or plan steps that all come before it or all after it."
            )


def check_no_change_before(record: PatientRecord, steps: Steps, today: date) -> None:
    """What is left of a plan is reckoned from the dose of today: steps that would begin after a dose change still to
    come would undo it, a taper by a rise.
    """
    for entry in record.regimens:
        if entry.counts and today < entry.starts_on < steps[0][0]:
            change = f"{show_mg_per_day(entry.regimen.daily_mcg)} from {show_full_day(entry.starts_on)}"
            raise PlanImpossible(
                f"{change} is on file and comes before these steps, which go on from the dose of today. "
                "Wait until that change has begun, or draw a new plan that follows it."
            )


def _dose_words(regimen: Regimen) -> str:
    return f"{show_mg_per_day(regimen.daily_mcg)} ({describe(regimen)})"


def store_version(plan: Plan, steps: Steps) -> Plan:
    """The plan's row and its steps; the hash is over what the patient takes and when."""
    plan.content_hash = content_hash(
        steps, kind=PlanKind(plan.kind), start=plan.start, product_codes=plan.products, target_mcg=plan.target_mcg
    )
    store(plan)
    rows = [
        PlanStep(plan=plan, number=number, starts_on=starts_on, **doses(regimen))
        for number, (starts_on, regimen) in enumerate(steps, start=1)
    ]
    store_all(rows)
    return plan


def move_plan(plan: Plan, act: Act, *, state_version: int, **changes: Any) -> Plan:
    """To the state that the act leads to, by compare-and-set on the version that was seen; the row is read anew."""
    moved(
        Plan.objects.filter(pk=plan.pk, state_version=state_version, state=plan.state),
        state=next_state(PlanState(plan.state), act),
        state_version=state_version + 1,
        **changes,
    )
    return Plan.objects.select_related("patient__clinic").get(pk=plan.pk)


def tell(
    plan: Plan,
    kind: str,
    *,
    actor: Membership | None,
    now: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """The event of the plan and the audit row; the reason's text stays with the plan."""
    by = actor.user if actor else None
    store(PlanEvent(plan=plan, kind=kind, reason=reason, by=by, at=now, detail=detail or {}))
    record_event(
        clinic=plan.patient.clinic,
        actor=actor,
        action=f"plan.{kind}",
        subject=plan,
        patient=plan.patient,
        detail={"number": plan.number, "version": plan.version, **(detail or {})},
        now=now,
    )


def check_why(reason: str) -> None:
    """An act on a signed plan has a reason, whoever asks for it."""
    if not reason.strip():
        raise DomainError("Say why in a few words.", about="why")


def turn_steps(steps: QuerySet[PlanStep], act: StepAct, to: StepState) -> None:
    """The steps that the act turns into that state; the others stay as they are."""
    steps.filter(state__in=step_states_for(act, to)).update(state=to)
