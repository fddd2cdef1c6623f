"""What a planner is asked and what it answers: plain values, nothing is computed here.

A draft is one proposal. It is always the whole plan, it is never partly made, and it says in its notes where it
differs from what was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from titration.domain.products import Product, Recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay


class WayDown(StrEnum):
    """How a taper goes down."""

    EQUAL = "equal"
    TWO_WEEKS = "two_weeks"
    THREE_WEEKS = "three_weeks"
    OVER_DAYS = "over_days"
    WEEKLY_5MG = "weekly_5mg"
    PROPORTIONAL = "proportional"
    BY_HAND = "by_hand"


class WayUp(StrEnum):
    """How a titration goes up."""

    LABELLED_US = "labelled_us"
    WEEKLY = "weekly_up"
    EQUAL = "equal_up"
    BY_HAND = "by_hand_up"


class DoseOrder(StrEnum):
    """Which time of day a change comes to first. On the way down DAY_FIRST lowers morning and midday and keeps evening
    and bedtime as long as it can; on the way up it raises morning and midday first.
    """

    EVENLY = "evenly"
    DAY_FIRST = "day_first"
    EVENING_FIRST = "evening_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One pace of a plan, until a daily total; None is taken from its way's preset. days: of a plan's only pace."""

    until_mcg: int
    way: WayDown | WayUp
    step_mcg: int | None = None
    percent: Fraction | None = None
    step_days: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Stay so many days longer at the step of this daily total; all later steps start later."""

    at_mcg: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOrigin:
    """The clinic's template that a request came from. is_changed: somebody asked for something else afterwards."""

    id: str
    version: int
    name: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is asked of the planner.

    start: the regimen until the day before first_step_on. target_mcg: the daily total to end at.
    step_mcg and step_days for EQUAL (and, where given, instead of the preset's step size); percent (of the current
    daily dose) and
    step_days for PROPORTIONAL; days for OVER_DAYS, from the last day at the start to the first at the target; what is
    None is taken from the preset. by_hand: the steps themselves, in date order.
    phases: several paces one after the other instead of one; way is then the first one's, the last ends at the target.
    """

    kind: PlanKind
    start: Regimen
    first_step_on: date
    target_mcg: int
    products: tuple[Product, ...]
    way: WayDown | WayUp
    step_mcg: int | None = None
    percent: Fraction | None = None
    step_days: int | None = None
    days: int | None = None
    by_hand: tuple[tuple[date, Regimen], ...] = ()
    phases: tuple[Phase, ...] = ()
    holds: tuple[Hold, ...] = ()
    order: DoseOrder = DoseOrder.EVENLY
    origin: TemplateOrigin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStepDraft:
    """One step: from a date, a regimen, and how each of its doses is made (times of day without a dose have no recipe).

    rounded_from_mcg: the daily total that was asked for, where the products cannot make it; None where nothing was
    rounded.
    """

    starts_on: date
    regimen: Regimen
    recipes: Mapping[TimeOfDay, Recipe] = field(default_factory=dict)
    rounded_from_mcg: int | None = None

    @property
    def daily_mcg(self) -> int:
        return self.regimen.daily_mcg


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A whole plan. ends_on: the day of its last step, on which the target is reached. notes: where it differs from
    what was asked."""

    request: PlanRequest
    steps: tuple[PlanStepDraft, ...]
    ends_on: date
    notes: tuple[str, ...] = ()

    @property
    def products_used(self) -> tuple[Product, ...]:
        """The products that its recipes need, in the order chosen."""
        used = {part for step in self.steps for made in step.recipes.values() for part, _ in made.parts}
        return tuple(product for product in self.request.products if product in used)

    @property
    def planned(self) -> list[tuple[date, Regimen]]:
        """The steps as `case_from(record, as_of, plan=...)` takes them."""
        return [(step.starts_on, step.regimen) for step in self.steps]
