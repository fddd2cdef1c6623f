"""Ways down and up: what is drawn, and how it is spread over the day."""

from datetime import date
from fractions import Fraction

import pytest

from tests.domain.plans import (
    FIRST,
    GUIDANCE,
    SIXTY,
    TENS,
    WITH_LIQUID,
    ZERO,
    by_hand,
    doses,
    drawn,
    products,
    regimen,
    request,
    table,
)
from titration.domain.errors import AboveCeiling, PlanImpossible
from titration.domain.planning import PRESETS, WayDown, WayUp, default_preset, lengthen, make_step, summarise
from titration.domain.products import PRODUCTS
from titration.domain.regimen import TimeOfDay


def test_equal_steps_are_spread_with_the_larger_dose_in_the_evening() -> None:
    draft = drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7))
    assert table(draft) == [(1, 50), (8, 40), (15, 30), (22, 20), (29, 10), (36, 0)]
    assert doses(draft)[:5] == [(15, 15, 20, 0), (15, 10, 15, 0), (10, 10, 10, 0), (5, 5, 10, 0), (5, 0, 5, 0)]
    assert draft.ends_on == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("way", "start", "expected"),
    [
        (WayDown.THREE_WEEKS, (10, 10, 10, 0), [(1, 25), (5, 20), (9, 15), (13, 10), (17, 5), (21, 0)]),
        (WayDown.TWO_WEEKS, (10, 0, 10, 0), [(1, 15), (5, 10), (9, 5), (14, 0)]),
        (WayDown.THREE_WEEKS, (5, 0, 5, 0), [(1, 5), (21, 0)]),
        (WayDown.THREE_WEEKS, (0, 0, 5, 0), [(1, 0)]),
        (WayDown.WEEKLY_5MG, (5, 5, 5, 0), [(1, 10), (8, 5), (15, 0)]),
    ],
    ids=["3 weeks from 30", "2 weeks from 20", "3 weeks from 10", "a single step", "5 mg a week"],
)
def test_presets(way: WayDown, start: tuple[int, int, int, int], expected: list[tuple[int, float]]) -> None:
    assert table(drawn(request(way, start, 0))) == expected


@pytest.mark.parametrize(
    "start", [(10, 10, 10, 0), SIXTY, (20, 20, 20, 20), (50, 50, 50, 50)], ids=["30", "60", "80", "200"]
)
@pytest.mark.parametrize(("way", "days"), [(WayDown.TWO_WEEKS, 14), (WayDown.THREE_WEEKS, 21)])
def test_a_linear_taper_takes_the_labelled_days_and_ends_with_the_smallest_step(
    way: WayDown, days: int, start: tuple[int, int, int, int]
) -> None:
    steps = table(drawn(request(way, start, 0)))
    assert (steps[0][0], steps[-1]) == (1, (days, 0))
    assert steps[-2][1] <= 10


def test_a_linear_taper_with_more_units_than_days_says_so() -> None:
    draft = drawn(request(WayDown.TWO_WEEKS, (20, 20, 20, 20), 0))
    assert any("would not fit into 14 days" in note for note in draft.notes)


@pytest.mark.parametrize(("days", "is_said"), [(1, False), (2, True)])
def test_a_single_step_is_said_only_where_more_days_were_asked(days: int, is_said: bool) -> None:
    draft = drawn(request(WayDown.OVER_DAYS, (0, 0, 5, 0), 0, days=days))
    assert len(draft.steps) == 1
    assert any("single step" in note for note in draft.notes) == is_said


@pytest.mark.parametrize(
    ("products_chosen", "first_totals", "last_totals"),
    [(TENS, [55, 50, 45, 40, 35], [10, 5, 0]), (WITH_LIQUID, [54, 49, 44, 40, 36], [2, 1, 0])],
    ids=["tablets", "with a liquid"],
)
def test_a_proportional_taper_follows_the_curve_from_above(
    products_chosen: tuple[object, ...], first_totals: list[float], last_totals: list[float]
) -> None:
    draft = drawn(request(WayDown.PROPORTIONAL, SIXTY, 0, chosen=products_chosen, step_days=7))  # type: ignore[arg-type]
    totals = [mg for _, mg in table(draft)]
    assert (totals[:5], totals[-3:]) == (first_totals, last_totals)
    for day, mg in table(draft)[:-1]:
        assert mg >= 60 * 0.9 ** ((day - 1) // 7 + 1)
    assert any("benzodiazepines" in note for note in draft.notes)


def test_a_taper_may_end_above_zero() -> None:
    assert table(drawn(request(WayDown.EQUAL, SIXTY, 35, step_mg=10, step_days=7))) == [(1, 50), (8, 40), (15, 35)]


def test_rounding_is_shown_and_never_goes_below_what_was_asked() -> None:
    draft = drawn(request(WayDown.EQUAL, (7.5, 7.5, 7.5, 0), 0, step_mg=5, step_days=7))
    assert [(step.daily_mcg, step.rounded_from_mcg) for step in draft.steps[:2]] == [(20_000, 17_500), (15_000, 12_500)]
    assert any("larger than asked" in note for note in draft.notes)
    assert any("cannot make the present" in note for note in draft.notes)


def test_steps_grow_where_the_tablets_make_nothing_smaller() -> None:
    draft = drawn(request(WayDown.THREE_WEEKS, SIXTY, 0, chosen=products("tablet-10")))
    assert [mg for _, mg in table(draft)] == [50, 40, 30, 20, 10, 0]
    assert doses(draft)[0] == (20, 10, 20, 0)


def test_no_single_dose_rises_on_the_way_down() -> None:
    draft = drawn(request(WayDown.EQUAL, (10, 10, 40, 0), 0, step_mg=5, step_days=7))
    assert doses(draft)[:3] == [(10, 10, 35, 0), (10, 10, 30, 0), (10, 10, 25, 0)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((0, 0, 0, 20), (0, 0, 0, 15)),
        ((10, 0, 0, 10), (5, 0, 0, 10)),
        ((10, 0, 10, 0), (5, 0, 10, 0)),
        ((10, 10, 10, 10), (10, 5, 10, 10)),
        ((5, 5, 5, 5), (5, 0, 5, 5)),
    ],
    ids=["bedtime only", "morning and bedtime", "morning and evening", "four times", "one time dropped"],
)
def test_only_times_in_use_are_used(start: tuple[int, int, int, int], expected: tuple[int, int, int, int]) -> None:
    assert doses(drawn(request(WayDown.WEEKLY_5MG, start, 0)))[0] == expected


@pytest.mark.parametrize(
    ("way", "start", "target", "expected"),
    [
        (WayUp.LABELLED_US, ZERO, 60, [(1, 15), (4, 30), (7, 45), (10, 60)]),
        (WayUp.LABELLED_US, ZERO, 75, [(1, 15), (4, 30), (7, 45), (10, 60), (13, 75)]),
        (WayUp.LABELLED_US, ZERO, 80, [(1, 15), (4, 30), (7, 45), (10, 60), (13, 75), (16, 80)]),
        (WayUp.LABELLED_US, (10, 10, 10, 0), 45, [(1, 45)]),
        (WayUp.WEEKLY, ZERO, 40, [(1, 15), (8, 30), (15, 40)]),
    ],
    ids=["US to 60", "US to 75", "US to 80", "US from 30", "weekly"],
)
def test_titrations(
    way: WayUp, start: tuple[int, int, int, int], target: int, expected: list[tuple[int, float]]
) -> None:
    assert table(drawn(request(way, start, target))) == expected


def test_the_labelled_titration_adds_bedtime_only_when_needed() -> None:
    draft = drawn(request(WayUp.LABELLED_US, ZERO, 80))
    assert doses(draft)[-3:] == [(20, 20, 20, 0), (20, 20, 20, 15), (20, 20, 20, 20)]


def test_a_titration_reaches_the_ceiling_and_no_further() -> None:
    assert table(drawn(request(WayUp.EQUAL, (50, 50, 50, 45), 200, step_mg=5, step_days=7))) == [(1, 200)]
    with pytest.raises(AboveCeiling, match="205"):
        drawn(request(WayUp.EQUAL, (50, 50, 50, 45), 205, step_mg=5, step_days=7))


def test_a_taper_from_above_the_ceiling_is_refused_while_it_plans_above_it() -> None:
    with pytest.raises(AboveCeiling):
        drawn(request(WayDown.EQUAL, (80, 80, 80, 0), 0, step_mg=10, step_days=7))
    assert table(drawn(request(WayDown.EQUAL, (80, 80, 80, 0), 160, step_mg=40, step_days=7))) == [(1, 200), (8, 160)]


def test_steps_by_hand_are_kept_as_written_and_equal_ones_merged() -> None:
    steps = by_hand((0, regimen(20, 10, 20, 0)), (5, regimen(20, 10, 20, 0)), (9, regimen(20, 10, 10, 0)))
    assert table(drawn(request(WayDown.BY_HAND, SIXTY, 40, by_hand=steps))) == [(1, 50), (10, 40)]


@pytest.mark.parametrize(
    ("is_long", "code"),
    [(True, "three_weeks"), (None, "three_weeks"), (False, "two_weeks")],
    ids=["long", "unknown", "not"],
)
def test_the_default_taper_follows_the_exposure(is_long: bool | None, code: str) -> None:
    assert default_preset(is_long).code == code


def test_every_way_but_by_hand_has_a_preset() -> None:
    ways = {preset.way for preset in PRESETS.values()}
    assert ways == {*WayDown, *WayUp} - {WayDown.BY_HAND, WayUp.BY_HAND}


def test_a_lengthened_plan_takes_smaller_steps_from_the_steep_one_on() -> None:
    draft = drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7))
    slower = lengthen(draft, 3, GUIDANCE)
    assert [mg for _, mg in table(slower)] == [50, 40, 35, 30, 25, 20, 15, 10, 5, 0]
    before, after = summarise(draft), summarise(slower)
    assert (after.step_count - before.step_count, after.days - before.days) == (4, 28)
    assert after.largest_drop_percent == 20
    assert after.quantities == ((PRODUCTS["tablet-10-halves"], Fraction(161)),)


def test_a_single_step_is_lengthened_by_one_smaller_step_a_day() -> None:
    draft = drawn(request(WayDown.EQUAL, SIXTY, 50, step_mg=10, step_days=7))
    assert table(lengthen(draft, 1, GUIDANCE)) == [(1, 55), (2, 50)]


@pytest.mark.parametrize("number", [0, 7])
def test_there_is_no_such_step_to_lengthen_from(number: int) -> None:
    draft = drawn(request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7))
    with pytest.raises(PlanImpossible, match="no step"):
        lengthen(draft, number, GUIDANCE)


def test_a_step_read_back_has_its_recipes() -> None:
    step = make_step(FIRST, regimen(15, 0, 20, 0), TENS)
    assert {time: made.dose_mcg for time, made in step.recipes.items()} == {
        TimeOfDay.MORNING: 15_000,
        TimeOfDay.EVENING: 20_000,
    }


def test_rounding_of_a_liquid_is_noted() -> None:
    steps = by_hand((0, regimen(11.1, 0, 0, 0)))
    asked = request(WayDown.BY_HAND, (12, 0, 0, 0), 11.1, chosen=products("liquid-25-in-5"), by_hand=steps)
    assert any("can be measured" in note for note in drawn(asked).notes)


def test_a_titration_rounds_down_to_what_the_tablets_make() -> None:
    asked = request(WayUp.EQUAL, (12.5, 0, 0, 0), 40, chosen=products("tablet-10"), step_mg=10, step_days=7)
    assert table(drawn(asked))[0] == (1, 20)


def test_a_plan_names_the_products_that_it_uses_in_the_order_chosen() -> None:
    chosen = products("tablet-5", "tablet-20")
    draft = drawn(request(WayDown.EQUAL, (20, 20, 20, 0), 0, step_mg=10, step_days=7, chosen=chosen))
    assert [product.code for product in draft.products_used] == ["tablet-5", "tablet-20"]


def test_a_preset_knows_which_way_it_goes() -> None:
    assert {preset.is_taper for preset in PRESETS.values()} == {True, False}
