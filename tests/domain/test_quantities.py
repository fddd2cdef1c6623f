"""How much a plan uses: exactly, until when, and by periods of dispensing."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.shelf import LIQUID, TEN
from titration.domain.planning import PlanStepDraft
from titration.domain.products import Product, Recipe, quantities, quantities_by_period, recipe, supplied_until
from titration.domain.regimen import Regimen, TimeOfDay


@dataclass(frozen=True)
class Step:
    starts_on: date
    recipes: dict[TimeOfDay, Recipe] = field(default_factory=dict)


FIRST = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("dose_mcg", "product", "days", "amount"),
    [
        (5_000, TEN, 28, Fraction(14)),
        (5_000, TEN, 7, Fraction(7, 2)),
        (15_000, TEN, 1, Fraction(3, 2)),
        (7_500, LIQUID, 10, Fraction(75)),
        (10_000, TEN, 0, None),
    ],
    ids=["half a tablet for 28 days", "half a tablet for a week", "one day", "liquid in mL", "no day"],
)
def test_counts_exactly_what_a_plan_uses(dose_mcg: int, product: Product, days: int, amount: Fraction | None) -> None:
    step = Step(FIRST, {TimeOfDay.EVENING: recipe(dose_mcg, (product,))})
    expected = [] if amount is None else [(product, amount)]
    assert quantities([step], FIRST + timedelta(days)) == expected


@pytest.mark.parametrize(
    ("gaps", "last_mcg", "days"),
    [
        ((7,), 0, 7),
        ((7,), 5_000, 14),
        ((3, 3), 15_000, 13),
        ((14,), 5_000, 28),
        ((), 5_000, 7),
    ],
    ids=["to zero", "goes on for a week", "a week at least", "goes on for its gap", "one step"],
)
def test_a_plan_that_goes_on_is_supplied_for_its_last_dose_too(gaps: tuple[int, ...], last_mcg: int, days: int) -> None:
    starts = [FIRST + timedelta(sum(gaps[:number])) for number in range(len(gaps) + 1)]
    steps = [PlanStepDraft(starts_on=day, regimen=Regimen(evening_mcg=10_000)) for day in starts[:-1]]
    steps.append(PlanStepDraft(starts_on=starts[-1], regimen=Regimen(evening_mcg=last_mcg)))
    assert supplied_until(steps) == FIRST + timedelta(days)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 200))
def test_quantities_of_two_halves_of_a_plan_add_up(gaps: list[int], cut_days: int) -> None:
    starts = [FIRST + timedelta(sum(gaps[:number])) for number in range(len(gaps))]
    steps = [Step(day, {TimeOfDay.MORNING: recipe(5_000 * (9 - n), (TEN,))}) for n, day in enumerate(starts)]
    end = FIRST + timedelta(sum(gaps))
    cut = min(FIRST + timedelta(cut_days), end)
    early = [step for step in steps if step.starts_on < cut]
    late = [Step(max(step.starts_on, cut), step.recipes) for step in [*early[-1:], *steps[len(early) :]]]
    parts = [_total(early, cut), _total(late, end)]
    assert sum(parts) == _total(steps, end)


def _total(steps: list[Step], ends_on: date) -> Fraction:
    return sum((amount for _, amount in quantities(steps, ends_on)), Fraction())


def test_periods_add_up_to_the_whole_and_count_halves_as_halves() -> None:
    half, whole = recipe(5_000, (TEN,)), recipe(10_000, (TEN,))
    steps = [Step(FIRST, {TimeOfDay.EVENING: half}), Step(FIRST + timedelta(35), {TimeOfDay.EVENING: whole})]
    periods = quantities_by_period(steps, FIRST + timedelta(60))
    assert [(each.days, dict(each.amounts)[TEN]) for each in periods] == [(28, 14), (28, Fraction(49, 2)), (4, 4)]
    assert periods[1].first_on == FIRST + timedelta(28)
    assert sum(dict(each.amounts)[TEN] for each in periods) == _total(steps, FIRST + timedelta(60))
