"""How much of each product a plan uses, exactly: half a tablet a day for 28 days is 14 tablets.

Counted for the whole plan and for each period of 28 days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from titration.domain.products.catalogue import Product, load_period_days
from titration.domain.products.recipe import Recipe
from titration.domain.regimen import TimeOfDay

A_WEEK = timedelta(days=7)
type Amounts = tuple[tuple[Product, Fraction], ...]


class DatedDose(Protocol):
    """A daily total from a day on."""

    @property
    def starts_on(self) -> date: ...

    @property
    def daily_mcg(self) -> int: ...


class MadeStep(Protocol):
    """A step with its recipes: what `PlanStepDraft` is."""

    @property
    def starts_on(self) -> date: ...

    @property
    def recipes(self) -> Mapping[TimeOfDay, Recipe]: ...


def supplied_until(steps: Sequence[DatedDose]) -> date:
    """The first day that the tablets of a plan need not reach.

    A plan to zero: its first day at 0. One that goes on: its last dose is counted for as long as the gap before it, a
    week at least, so that nobody who is told to keep taking it runs out on the first day of it.
    """
    last = steps[-1]
    if not last.daily_mcg:
        return last.starts_on
    gap = last.starts_on - steps[-2].starts_on if len(steps) > 1 else A_WEEK
    return last.starts_on + max(gap, A_WEEK)


def quantities(steps: Sequence[MadeStep], ends_on: date) -> list[tuple[Product, Fraction]]:
    """Tablets (liquids: mL) of each product from the first step until the day before ends_on, strongest tablet first,
    liquids last.

    The steps are in date order. A taper's ends_on is its first day at 0; for a plan that goes on, the day up to which
    it is supplied.
    """
    totals: dict[Product, Fraction] = {}
    for step, days in _with_days(steps, ends_on):
        for product, amount in _daily(step).items():
            totals[product] = totals.get(product, Fraction()) + amount * days
    return sorted(totals.items(), key=lambda pair: (pair[0].is_liquid, -pair[0].strength_mcg, pair[0].code))


@dataclass(frozen=True, slots=True, kw_only=True)
class DispensingPeriod:
    """What is used from first_on to last_on, both included."""

    first_on: date
    last_on: date
    amounts: Amounts

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1


def quantities_by_period(steps: Sequence[MadeStep], ends_on: date) -> list[DispensingPeriod]:
    """What each period of the guidance's days uses, from the first step on; the last period ends with the plan.
    Together they are `quantities`."""
    periods, first_on = [], steps[0].starts_on
    while first_on < ends_on:
        until = min(first_on + timedelta(days=load_period_days()), ends_on)
        amounts = tuple(quantities(_clipped(steps, first_on), until))
        periods.append(DispensingPeriod(first_on=first_on, last_on=until - timedelta(days=1), amounts=amounts))
        first_on = until
    return periods


def _daily(step: MadeStep) -> dict[Product, Fraction]:
    daily: dict[Product, Fraction] = {}
    for made in step.recipes.values():
        for product, amount in made.parts:
            daily[product] = daily.get(product, Fraction()) + amount
    return daily


@dataclass(frozen=True, slots=True)
class _Clipped:
    """A step from a later day on."""

    starts_on: date
    recipes: Mapping[TimeOfDay, Recipe]


def _clipped(steps: Sequence[MadeStep], first_on: date) -> list[MadeStep]:
    """The steps as they go on from a day: the one that holds on it, and the later ones."""
    begun = [step for step in steps if step.starts_on <= first_on]
    return [_Clipped(first_on, begun[-1].recipes), *steps[len(begun) :]]


def _with_days(steps: Sequence[MadeStep], ends_on: date) -> Iterator[tuple[MadeStep, int]]:
    ends = [*[step.starts_on for step in steps[1:]], ends_on]
    for step, until in zip(steps, ends, strict=False):
        days = (min(until, ends_on) - step.starts_on).days
        if days > 0:
            yield step, days
