"""Acts on a plan over the odd days of the calendar: 29 February, new year, the days on which the clock changes.

Planned days are dates: a gap of a week is seven of them, whatever the clock does meanwhile.
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.domain.plans import drawn, regimen, request
from titration.domain.errors import PlanImpossible
from titration.domain.planning import Hold, PlanStepDraft, WayDown, hold, redate, slow_down, step_back
from titration.domain.planning.request import PlanRequest

SIXTY = (20, 20, 20, 0)
ODD = {
    "29 February": date(2028, 2, 29),
    "no 29 February": date(2027, 3, 1),
    "a century that has one": date(2000, 2, 29),
    "new year": date(2027, 1, 1),
    "the clock goes back": date(2026, 10, 25),
    "the clock goes on": date(2027, 3, 28),
}
over_odd_days = pytest.mark.parametrize("odd", ODD.values(), ids=ODD)


def weekly(first_on: date) -> PlanRequest:
    return replace(request(WayDown.EQUAL, SIXTY, 20, step_mg=10, step_days=7), first_step_on=first_on)


def gaps(steps: list[PlanStepDraft] | tuple[PlanStepDraft, ...]) -> list[int]:
    return [(after.starts_on - before.starts_on).days for before, after in pairwise(steps)]


@over_odd_days
@pytest.mark.parametrize("days_before", range(0, 22, 7))
def test_every_act_counts_the_days_of_the_calendar(odd: date, days_before: int) -> None:
    steps = drawn(weekly(odd - timedelta(days=days_before))).steps
    assert gaps(steps) == [7, 7, 7]
    assert gaps(hold(steps, 2, 1)) == [8, 7, 7]
    assert gaps(slow_down(steps, 2, Fraction(3, 2))) == [11, 11, 11]
    assert gaps(redate(steps, 3, steps[2].starts_on + timedelta(days=2))) == [7, 9, 7]
    on = steps[1].starts_on + timedelta(days=3)
    assert gaps(step_back(steps, 2, on, stable_days=3)) == [7, 3, 3, 7, 7]


@over_odd_days
def test_a_stay_and_a_length_count_them_too(odd: date) -> None:
    stayed = replace(weekly(odd - timedelta(days=7)), holds=(Hold(at_mcg=50_000, days=1), Hold(at_mcg=30_000, days=2)))
    assert gaps(drawn(stayed).steps) == [8, 7, 9]
    over = replace(request(WayDown.OVER_DAYS, SIXTY, 0, days=21), first_step_on=odd - timedelta(days=10))
    draft = drawn(over)
    assert (draft.ends_on - draft.steps[0].starts_on).days == 20


@pytest.mark.parametrize("days", [0, -1])
def test_a_taper_over_no_days_is_refused(days: int) -> None:
    with pytest.raises(PlanImpossible, match="over how many days the taper goes: 1 or more"):
        drawn(request(WayDown.OVER_DAYS, SIXTY, 0, days=days))


def test_a_step_on_29_february_is_a_day_of_its_own() -> None:
    by_hand = tuple((date(2028, 2, day), regimen(0, 0, mg, 0)) for day, mg in ((28, 10), (29, 5)))
    by_hand += ((date(2028, 3, 1), regimen(0, 0, 0, 0)),)
    asked = replace(request(WayDown.BY_HAND, (0, 0, 20, 0), 0, by_hand=by_hand), first_step_on=by_hand[0][0])
    assert gaps(drawn(asked).steps) == [1, 1]
