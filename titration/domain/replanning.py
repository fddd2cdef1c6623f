"""A plan under way, and the steps that each act would leave of it. Nothing is written; the same rules judge them all.

Each act keeps what has begun and hands back only the steps from now on. None goes further than it says: a step back
undoes one step and never lowers a taper or raises a titration; slowing down brings no step forward.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from titration.domain.days import show_full_day
from titration.domain.errors import NotMakeable, PlanImpossible
from titration.domain.history import Bounded
from titration.domain.plan_differences import differences
from titration.domain.plan_transitions import StepState
from titration.domain.plan_versions import begun_steps, ends_where_redated, first_left
from titration.domain.planning import PlanStepDraft, make_step, redate, slow_down, step_back
from titration.domain.products import Product
from titration.domain.record import PlanEntry, PlanKind, PlannedStep
from titration.domain.regimen import Regimen
from titration.domain.units import show_mg_per_day

type Drafts = tuple[PlanStepDraft, ...]

NOTHING_LEFT = "No step is left that goes further than the present dose. Stop this plan, and draw a new one."
NOT_SLOWER = "These are the dates on file already. Choose a later day, or longer gaps."
NONE_BEGUN = (
    "No step of this version has begun yet, so there is none to go back from. Slow the plan down, or record a dose "
    "change: it holds the plan."
)
LAST_STEP = "This is the last step of the plan. Stop the plan, or draw a new one, instead of skipping it."
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """steps: of the plan, with their recipes. start: what was taken until its first step. present: what is prescribed
    today, None where nothing is on file.
    """

    entry: PlanEntry
    steps: Drafts
    products: tuple[Product, ...]
    start: Regimen
    present: Regimen | None
    today: date

    @property
    def begun(self) -> int:
        """How many of its steps have begun."""
        return len(begun_steps(self.entry, self.entry.steps, self.today))

    @property
    def next_number(self) -> int:
        """The first step still to come. Raises PlanImpossible where none is left."""
        number = first_left(self.entry, self.today, self.present.daily_mcg if self.present else None)
        if number is None:
            raise PlanImpossible(NOTHING_LEFT)
        return number

    @property
    def to_come(self) -> Drafts:
        return self.steps[self.next_number - 1 :]

    @property
    def usual_first_on(self) -> date:
        """The next step's own day, at the earliest tomorrow."""
        return max(self.to_come[0].starts_on, self.today + _ONE_DAY)


def resumed(plan: UnderWay, first_on: date, pace: Fraction) -> Drafts:
    """The steps to come from a day on, their gaps as planned or so many times as long."""
    _check_not_past(first_on, plan.today)
    left = redate(plan.to_come, 1, first_on)
    return tuple(slow_down(left, 1, pace) if pace > 1 else left)


def slowed(plan: UnderWay, first_on: date, pace: Fraction) -> Drafts:
    """As `resumed`, but no step sooner than it was, and at least one later."""
    slower = resumed(plan, first_on, pace)
    if slower[0].starts_on < plan.to_come[0].starts_on:
        day = show_full_day(plan.to_come[0].starts_on)
        raise PlanImpossible(f"That would be sooner than planned. Choose {day} or later, or draw a new plan.")
    if slower == plan.to_come:
        raise PlanImpossible(NOT_SLOWER)
    return slower


def stepped_back(plan: UnderWay, on: date, stable_days: int) -> Drafts:
    """The dose before the step under way again, that step and the later ones after the stable days."""
    _check_not_past(on, plan.today)
    if not plan.begun:
        raise PlanImpossible(NONE_BEGUN)
    _check_is_plans_dose(plan)
    before = PlanStepDraft(starts_on=plan.today, regimen=plan.start)
    steps = step_back(plan.steps, plan.begun, on, before_plan=before, stable_days=stable_days)
    left = tuple(_made(plan, step) for step in steps if step.starts_on >= on)
    _check_goes_back(plan, left[0])
    return left


def skipped(plan: UnderWay, number: int, *, moves_up: bool) -> Drafts:
    """The steps to come without the numbered one: the later ones on their own days, or so much sooner as it took."""
    first = plan.next_number
    if not first <= number <= len(plan.steps):
        raise PlanImpossible("Choose a step that is still to come.")
    if number == len(plan.steps):
        raise PlanImpossible(LAST_STEP)
    before, later = plan.steps[first - 1 : number - 1], plan.steps[number:]
    left = (*before, *(redate(later, 1, plan.steps[number - 1].starts_on) if moves_up else later))
    _check_not_past(left[0].starts_on, plan.today)
    return left


def skippable(plan: UnderWay) -> list[tuple[int, PlanStepDraft]]:
    """The steps that may be skipped with their numbers: those to come, but for the last."""
    first = plan.next_number
    return list(enumerate(plan.steps[first - 1 : -1], start=first))


def earliest_hold_among(days: Sequence[date], today: date) -> date:
    """Today; where a step begins today it has begun, so then tomorrow. days: of the plan's steps."""
    return today + _ONE_DAY if today in days else today


def kept_back(steps: Sequence[PlanStepDraft], held_on: date) -> Drafts:
    """The steps that a hold from a day on keeps from beginning."""
    return tuple(step for step in steps if step.starts_on >= held_on)


def may_be_held(entry: PlanEntry, today: date) -> bool:
    """Whether a hold could still begin: not where one has begun."""
    return entry.held_on is None or entry.held_on > today


def changes_words(plan: UnderWay, left: Drafts) -> tuple[str, ...]:
    """How the plan would differ with these steps, as its page will say."""
    ends_on = ends_where_redated(left[0].starts_on, plan.today)
    steps = tuple(
        PlannedStep(id="", number=number, starts_on=step.starts_on, regimen=step.regimen, state=StepState.PLANNED)
        for number, step in enumerate(left, start=1)
    )
    return differences(replace(plan.entry, ended_on=ends_on), replace(plan.entry, steps=steps))


def check_hold(plan: Bounded, days: Sequence[date], *, held_on: date, today: date) -> None:
    """A hold begins today at the earliest, tomorrow where a step begins today, before a hold already on file, and
    before a step that it keeps back. Raises PlanImpossible. days: of the plan's steps.
    """
    if plan.held_on is not None and plan.held_on <= held_on:
        since = show_full_day(plan.held_on)
        raise PlanImpossible(f"The plan is held from {since} already. Choose an earlier day, or leave it as it is.")
    if held_on < today:
        raise PlanImpossible("A hold begins today or later: what has begun has begun.")
    if held_on == today and today in days:
        raise PlanImpossible("A step of this plan begins today. Hold it from tomorrow on, or step back.")
    if not any(day >= held_on for day in days):
        raise PlanImpossible("No step begins on or after that day, so there is nothing to hold. Choose an earlier day.")


def _check_not_past(first_on: date, today: date) -> None:
    if first_on < today:
        raise PlanImpossible("The first of these steps is in the past. Choose today or later.")


def _check_is_plans_dose(plan: UnderWay) -> None:
    """Where a dose change stands, the step before would undo it."""
    under_way = plan.steps[plan.begun - 1].regimen
    if plan.present is not None and plan.present != under_way:
        raise PlanImpossible(
            f"{show_mg_per_day(plan.present.daily_mcg)} is prescribed now, not this plan's "
            f"{show_mg_per_day(under_way.daily_mcg)}: a step back would undo that change. Record a dose change instead."
        )


def _check_goes_back(plan: UnderWay, first: PlanStepDraft) -> None:
    now_mcg = plan.steps[plan.begun - 1].daily_mcg
    goes_back = first.daily_mcg > now_mcg if plan.entry.kind is PlanKind.TAPER else first.daily_mcg < now_mcg
    if not goes_back:
        raise PlanImpossible(
            "The step under way has already gone back: one more is not undone. Hold the plan, or record a dose change."
        )


def _made(plan: UnderWay, step: PlanStepDraft) -> PlanStepDraft:
    """The dose from before the plan gets its recipe here; where the products cannot make it, it has none."""
    try:
        return make_step(step.starts_on, step.regimen, plan.products)
    except NotMakeable:
        return replace(step, recipes={})
