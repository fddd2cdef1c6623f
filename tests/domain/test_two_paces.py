"""Two paces in one plan, planned stays, and which time of day changes first: drawn, judged and refused as one plan."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.plans import (
    FIRST,
    GUIDANCE,
    SIXTY,
    TENS,
    WITH_LIQUID,
    ZERO,
    doses,
    drawn,
    products,
    regimen,
    request,
    table,
)
from tests.domain.test_planning_properties import attempt, check_every_step, check_never_ahead
from titration.domain.errors import PlanImpossible
from titration.domain.planning import DoseOrder, Hold, Phase, PlanRequest, WayDown, WayUp, lengthen
from titration.domain.units import NO_BREAK_SPACE

FAST = Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=10_000, step_days=7)
SLOW = Phase(until_mcg=0, way=WayDown.EQUAL, step_mcg=5_000, step_days=14)


def two_paces(*phases: Phase, start: tuple[float, ...] = SIXTY, target: float = 0, **more: object) -> PlanRequest:
    return request(phases[0].way, start, target, phases=phases, **more)  # type: ignore[arg-type]


def test_ten_mg_a_week_to_thirty_then_five_mg_every_two_weeks() -> None:
    draft = drawn(two_paces(FAST, SLOW))
    assert table(draft) == [(1, 50), (8, 40), (15, 30), (29, 25), (43, 20), (57, 15), (71, 10), (85, 5), (99, 0)]
    assert any("Pace 2 begins after 30" in note.replace(NO_BREAK_SPACE, " ") for note in draft.notes)


def test_a_quicker_second_pace_waits_as_long_as_the_slower_first_one() -> None:
    slow_first = replace(SLOW, until_mcg=50_000)
    quick = Phase(until_mcg=0, way=WayDown.EQUAL, step_mcg=10_000, step_days=3)
    assert table(drawn(two_paces(slow_first, quick)))[:4] == [(1, 55), (15, 50), (29, 40), (32, 30)]


def test_a_share_each_week_then_equal_steps() -> None:
    share = Phase(until_mcg=30_000, way=WayDown.PROPORTIONAL, percent=Fraction(10), step_days=7)
    draft = drawn(two_paces(share, replace(SLOW, step_mcg=10_000), chosen=WITH_LIQUID))
    totals = [mg for _, mg in table(draft)]
    assert totals[:3] == [54, 49, 44]
    assert totals[-4:] == [30, 20, 10, 0]


def test_two_paces_up() -> None:
    up = Phase(until_mcg=30_000, way=WayUp.EQUAL, step_mcg=15_000, step_days=3)
    slower = Phase(until_mcg=40_000, way=WayUp.EQUAL, step_mcg=5_000, step_days=7)
    assert table(drawn(two_paces(up, slower, start=ZERO, target=40))) == [(1, 15), (4, 30), (11, 35), (18, 40)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (two_paces(replace(FAST, until_mcg=60_000), SLOW), "Pace 1 ends at 60 mg/day, which is not below the 60"),
        (two_paces(FAST, replace(SLOW, until_mcg=35_000), target=35), "Pace 2 ends at 35 mg/day, which is not below"),
        (two_paces(FAST, SLOW, target=10), "The last pace ends at 0 mg/day, the target is 10 mg/day"),
        (two_paces(replace(FAST, way=WayDown.THREE_WEEKS), SLOW), "choose equal steps or a share"),
        (two_paces(FAST, replace(SLOW, way=WayUp.EQUAL)), "choose equal steps or a share"),
        (two_paces(FAST, replace(SLOW, way=WayDown.BY_HAND)), "choose equal steps or a share"),
        (two_paces(replace(FAST, step_days=0), SLOW), "1 or more"),
        (two_paces(FAST, replace(SLOW, step_days=0)), "1 or more"),
        (two_paces(FAST, replace(SLOW, step_days=366)), "more than 1827 days"),
    ],
)
def test_refuses_paces_that_do_not_follow_on(asked: PlanRequest, said: str) -> None:
    with pytest.raises(PlanImpossible) as refusal:
        drawn(asked)
    assert said in refusal.value.sentence.replace(NO_BREAK_SPACE, " ")


def test_two_paces_that_need_too_many_steps_together_are_refused() -> None:
    first = Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=500, step_days=1)
    second = replace(first, until_mcg=0)
    with pytest.raises(PlanImpossible, match="needs 120 steps; at most 104"):
        drawn(two_paces(first, second, chosen=WITH_LIQUID))


def test_a_stay_moves_every_later_step() -> None:
    asked = request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7, holds=(Hold(at_mcg=30_000, days=14),))
    draft = drawn(asked)
    assert table(draft) == [(1, 50), (8, 40), (15, 30), (36, 20), (43, 10), (50, 0)]
    assert draft.ends_on == FIRST + timedelta(49)
    assert any("Stays at 30" in note and "21 Dec" in note.replace(NO_BREAK_SPACE, " ") for note in draft.notes)


def test_a_stay_and_two_paces_are_one_plan() -> None:
    draft = drawn(two_paces(FAST, SLOW, holds=(Hold(at_mcg=30_000, days=7), Hold(at_mcg=20_000, days=1))))
    assert table(draft)[2:6] == [(15, 30), (36, 25), (50, 20), (65, 15)]


def test_steps_by_hand_may_be_held_too() -> None:
    steps = ((FIRST, regimen(20, 10, 20, 0)), (FIRST + timedelta(7), regimen(0, 0, 0, 0)))
    asked = request(WayDown.BY_HAND, SIXTY, 0, by_hand=steps, holds=(Hold(at_mcg=50_000, days=3),))
    assert table(drawn(asked)) == [(1, 50), (11, 0)]


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        (Hold(at_mcg=35_000, days=7), "does not go on from 35 mg/day. Choose one of 50 mg, 40 mg, 30 mg"),
        (Hold(at_mcg=0, days=7), "does not go on from 0 mg/day"),
        (Hold(at_mcg=30_000, days=0), "1 day or more"),
        (Hold(at_mcg=30_000, days=1900), "at most 1827"),
        (Hold(at_mcg=30_000, days=3_000_000), "last possible date"),
    ],
)
def test_refuses_a_stay(hold: Hold, said: str) -> None:
    with pytest.raises(PlanImpossible) as refusal:
        drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7, holds=(hold,)))
    assert said in refusal.value.sentence.replace(NO_BREAK_SPACE, " ")


def test_a_plan_of_one_step_has_no_stay() -> None:
    asked = request(WayDown.EQUAL, (0, 0, 10, 0), 0, step_mg=10, step_days=7, holds=(Hold(at_mcg=10_000, days=7),))
    with pytest.raises(PlanImpossible, match="single step"):
        drawn(asked)


def test_a_lengthened_plan_keeps_its_stays_and_does_not_take_them_for_its_pace() -> None:
    holds = (Hold(at_mcg=50_000, days=30), Hold(at_mcg=20_000, days=5))
    draft = drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7, holds=holds))
    slower = table(lengthen(draft, 2, GUIDANCE))
    assert slower[:3] == [(1, 50), (38, 45), (45, 40)]
    days = {mg: day for day, mg in slower}
    assert days[15] - days[20] == 12


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (DoseOrder.EVENLY, [(15, 15, 20, 0), (15, 10, 15, 0), (10, 10, 10, 0), (5, 5, 10, 0), (5, 0, 5, 0), ZERO]),
        (DoseOrder.DAY_FIRST, [(15, 15, 20, 0), (10, 10, 20, 0), (5, 5, 20, 0), (0, 0, 20, 0), (0, 0, 10, 0), ZERO]),
        (
            DoseOrder.EVENING_FIRST,
            [(20, 20, 10, 0), (20, 20, 0, 0), (15, 15, 0, 0), (10, 10, 0, 0), (5, 5, 0, 0), ZERO],
        ),
    ],
)  # fmt: skip
def test_the_chosen_time_of_day_is_lowered_first(order: DoseOrder, expected: list[tuple[int, ...]]) -> None:
    draft = drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7, order=order))
    assert doses(draft) == expected


def test_what_is_sedated_by_day_keeps_its_evening_and_bedtime() -> None:
    draft = drawn(request(WayDown.WEEKLY_5MG, (10, 5, 15, 10), 25, order=DoseOrder.DAY_FIRST))
    assert doses(draft) == [(5, 5, 15, 10), (5, 0, 15, 10), (0, 0, 15, 10)]
    assert any("No morning dose from" in note for note in draft.notes)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (DoseOrder.DAY_FIRST, [(10, 5, 0, 0), (15, 15, 0, 0), (20, 20, 5, 0), (20, 20, 20, 0)]),
        (DoseOrder.EVENING_FIRST, [(0, 0, 15, 0), (5, 5, 20, 0), (15, 10, 20, 0), (20, 20, 20, 0)]),
    ],
)
def test_the_chosen_time_of_day_is_raised_first(order: DoseOrder, expected: list[tuple[int, ...]]) -> None:
    assert doses(drawn(request(WayUp.LABELLED_US, ZERO, 60, order=order))) == expected


def test_every_step_of_any_order_is_makeable_by_time_of_day() -> None:
    chosen = products("tablet-10", "tablet-15")
    asked = request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7, chosen=chosen, order=DoseOrder.DAY_FIRST)
    check_every_step(drawn(asked))


def test_says_where_the_tablets_cannot_lower_one_part_of_the_day_alone() -> None:
    asked = request(WayDown.EQUAL, (15, 0, 15, 0), 0, step_mg=10, step_days=7, chosen=products("tablet-10"))
    draft = drawn(replace(asked, order=DoseOrder.DAY_FIRST))
    assert any("cannot lower the daytime dose alone" in note for note in draft.notes)


orders = st.sampled_from(list(DoseOrder))
five_mg = st.integers(0, 8).map(lambda fives: fives * 5)


@settings(max_examples=150, deadline=None)
@given(orders, st.tuples(five_mg, five_mg, five_mg, five_mg), five_mg, st.sampled_from([TENS, WITH_LIQUID]))
def test_no_single_dose_rises_in_a_taper_of_any_order(
    order: DoseOrder, start: tuple[int, ...], target: int, chosen: object
) -> None:
    draft = attempt(WayDown.EQUAL, start, target, chosen, step_mg=5, step_days=7, order=order)  # type: ignore[arg-type]
    if draft is None:
        return
    check_every_step(draft)
    regimens = [draft.request.start, *[step.regimen for step in draft.steps]]
    for before, after in pairwise(regimens):
        assert all(new <= old for old, new in zip(before.doses_mcg, after.doses_mcg, strict=True))


paces_down = st.builds(
    Phase,
    until_mcg=st.just(0),
    way=st.sampled_from([WayDown.EQUAL, WayDown.PROPORTIONAL, WayDown.WEEKLY_5MG]),
    step_mcg=st.one_of(st.none(), st.integers(1, 8).map(lambda fives: fives * 2_500)),
    percent=st.one_of(st.none(), st.integers(5, 60).map(Fraction)),
    step_days=st.one_of(st.none(), st.integers(1, 30)),
)


@settings(max_examples=150, deadline=None)
@given(paces_down, paces_down, st.integers(1, 11), st.integers(0, 30), orders, st.sampled_from([TENS, WITH_LIQUID]))
def test_two_paces_and_a_stay_never_go_ahead_of_what_was_asked(
    first: Phase, second: Phase, fives: int, days: int, order: DoseOrder, chosen: object
) -> None:
    """Never rising, always makeable, at the target in the end; and a stay makes no day lower than without it."""
    phases = (replace(first, until_mcg=fives * 5_000), second)
    draft = attempt(first.way, SIXTY, 0, chosen, phases=phases, order=order)  # type: ignore[arg-type]
    if draft is None:
        return
    check_every_step(draft)
    check_never_ahead(draft)
    if days and len(draft.steps) > 1:
        asked = replace(draft.request, holds=(Hold(at_mcg=draft.steps[0].daily_mcg, days=days),))
        held = drawn(asked)
        assert [step.regimen for step in held.steps] == [step.regimen for step in draft.steps]
        assert held.ends_on == draft.ends_on + timedelta(days)


def test_the_plan_starts_on_its_first_day_whatever_the_paces() -> None:
    assert drawn(two_paces(FAST, SLOW)).steps[0].starts_on == date(2026, 11, 16)


def test_a_lengthened_plan_of_two_paces_keeps_each_pace() -> None:
    """From the steep step on 5 mg at a time: weekly down to 30 as asked, then every two weeks as asked."""
    slower = table(lengthen(drawn(two_paces(FAST, SLOW)), 2, GUIDANCE))
    assert slower[:6] == [(1, 50), (8, 45), (15, 40), (22, 35), (29, 30), (43, 25)]
    assert slower[-1] == (113, 0)


def test_a_lengthened_plan_of_a_share_keeps_its_days() -> None:
    share = Phase(until_mcg=30_000, way=WayDown.PROPORTIONAL, percent=Fraction(50))
    slower = table(lengthen(drawn(two_paces(share, SLOW)), 1, GUIDANCE))
    assert slower[:3] == [(1, 55), (8, 50), (15, 45)]
