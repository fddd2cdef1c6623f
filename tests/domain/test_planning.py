"""Ways down and up: what is drawn, how it is spread over the day, and what is refused in which words."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.domain.plans import FIRST, GUIDANCE, TENS, WITH_LIQUID, doses, drawn, products, regimen, request, table
from titration.domain.errors import AboveCeiling, DomainError, NotMakeable, PlanImpossible
from titration.domain.planning import (
    PRESETS,
    PlanKind,
    PlanRequest,
    WayDown,
    WayUp,
    compare,
    default_preset,
    lengthen,
    make_step,
)
from titration.domain.planning.presets import load_limits
from titration.domain.planning.ways import _preset
from titration.domain.products import PRODUCTS
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import NO_BREAK_SPACE

SIXTY, ZERO = (20, 20, 20, 0), (0, 0, 0, 0)


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


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (request(WayDown.EQUAL, (10, 10, 0, 0), 30, step_mg=5, step_days=7), PlanImpossible, "above the present"),
        (request(WayUp.EQUAL, (10, 10, 0, 0), 10, step_mg=5, step_days=7), PlanImpossible, "below the present"),
        (request(WayDown.EQUAL, (10, 10, 0, 0), 20, step_mg=5, step_days=7), PlanImpossible, "already 20 mg"),
        (request(WayDown.EQUAL, (10, 10, 0, 0), -5, step_mg=5, step_days=7), PlanImpossible, "0 mg/day or more"),
        (request(WayDown.EQUAL, SIXTY, 0, step_mg=5, step_days=0), PlanImpossible, "1 or more"),
        (request(WayDown.EQUAL, SIXTY, 0, step_mg=0, step_days=7), PlanImpossible, "how many mg/day"),
        (request(WayDown.EQUAL, SIXTY, 0, step_mg=-5, step_days=7), PlanImpossible, "how many mg/day"),
        (request(WayDown.PROPORTIONAL, SIXTY, 0, percent=Fraction(-10)), PlanImpossible, "above 0 and below 100"),
        (request(WayDown.PROPORTIONAL, SIXTY, 0, percent=Fraction(0)), PlanImpossible, "above 0 and below 100"),
        (request(WayDown.PROPORTIONAL, SIXTY, 0, percent=Fraction(100)), PlanImpossible, "above 0 and below 100"),
        (request(WayDown.EQUAL, SIXTY, 0, step_mg=5, chosen=()), PlanImpossible, "at least one product"),
        (request(WayUp.LABELLED_US, ZERO, 81), PlanImpossible, "ends at 80 mg/day"),
        (request(WayUp.WEEKLY, ZERO, 105), PlanImpossible, "ends at 100 mg/day"),
        (
            request(WayDown.EQUAL, SIXTY, 0, step_mg=2.5, chosen=products("tablet-10")),
            NotMakeable,
            "Steps of 2.5 mg are not possible",
        ),
        (request(WayDown.EQUAL, SIXTY, 12, step_mg=5), NotMakeable, "It needs oral solution 5 mg/5 mL"),
        (
            request(WayDown.EQUAL, (10, 10, 0, 0), 0, step_mg=0.1, step_days=1, chosen=WITH_LIQUID),
            PlanImpossible,
            "needs 200 steps; at most 104 are possible. Steps of 0.2 mg",
        ),
        (request(WayDown.EQUAL, SIXTY, 0, step_mg=5, step_days=900), PlanImpossible, "more than 1827 days"),
        (request(WayDown.PROPORTIONAL, SIXTY, 0, percent=Fraction(1, 1000)), PlanImpossible, "more than 1827 days"),
    ],
)
def test_refuses_with_a_sentence_that_says_what_would_work(
    asked: PlanRequest, error: type[DomainError], said: str
) -> None:
    with pytest.raises(error) as refusal:
        drawn(asked)
    assert said in refusal.value.sentence.replace(NO_BREAK_SPACE, " ")


@pytest.mark.parametrize(("step_mg", "is_possible"), [(0.5, False), (0.6, True)], ids=["120 steps", "100 steps"])
def test_too_many_steps_are_refused_and_never_compressed(step_mg: float, is_possible: bool) -> None:
    asked = request(WayDown.EQUAL, SIXTY, 0, step_mg=step_mg, step_days=1, chosen=WITH_LIQUID)
    if is_possible:
        assert drawn(asked).ends_on == FIRST + timedelta(99)
    else:
        with pytest.raises(PlanImpossible):
            drawn(asked)


def test_a_plan_past_the_last_date_is_refused() -> None:
    asked = request(WayDown.EQUAL, SIXTY, 0, step_mg=5, step_days=7)
    with pytest.raises(PlanImpossible, match="last possible date"):
        drawn(PlanRequest(**{name: getattr(asked, name) for name in asked.__slots__} | {"first_step_on": date.max}))


def test_a_way_up_is_no_taper() -> None:
    asked = request(WayUp.EQUAL, SIXTY, 0, step_mg=5)
    with pytest.raises(PlanImpossible, match="fits a taper"):
        drawn(PlanRequest(**{name: getattr(asked, name) for name in asked.__slots__} | {"kind": PlanKind.TAPER}))


def by_hand(*steps: tuple[int, Regimen]) -> tuple[tuple[date, Regimen], ...]:
    return tuple((FIRST + timedelta(days), doses_of_step) for days, doses_of_step in steps)


def test_steps_by_hand_are_kept_as_written_and_equal_ones_merged() -> None:
    steps = by_hand((0, regimen(20, 10, 20, 0)), (5, regimen(20, 10, 20, 0)), (9, regimen(20, 10, 10, 0)))
    assert table(drawn(request(WayDown.BY_HAND, SIXTY, 40, by_hand=steps))) == [(1, 50), (10, 40)]


@pytest.mark.parametrize(
    ("steps", "error", "said"),
    [
        ((), PlanImpossible, "at least one step"),
        (
            ((0, regimen(30, 0, 0, 0)), (7, regimen(40, 0, 0, 0)), (9, Regimen())),
            PlanImpossible,
            "Step 2 rises from 30",
        ),
        (((0, regimen(30, 0, 0, 0)), (0, Regimen())), PlanImpossible, "Step 2 must start after step 1"),
        (((-1, Regimen()),), PlanImpossible, "Step 1 is before 16 Nov 2026"),
        (((0, regimen(30, 0, 0, 0)),), PlanImpossible, "The last step is 30 mg/day, the target 0 mg/day"),
        (((0, regimen(2.5, 0, 0, 0)), (1, Regimen())), NotMakeable, "Step of 16 Nov 2026, morning: 2.5 mg cannot"),
        (((0, regimen(201, 0, 0, 0)), (1, Regimen())), AboveCeiling, "Step 1 is 201 mg/day"),
    ],
    ids=["none", "rising", "same day", "too early", "not at the target", "not makeable", "above the ceiling"],
)
def test_refuses_steps_by_hand(steps: tuple[tuple[int, Regimen], ...], error: type[DomainError], said: str) -> None:
    with pytest.raises(error) as refusal:
        drawn(request(WayDown.BY_HAND, SIXTY, 0, by_hand=by_hand(*steps)))
    assert said in refusal.value.sentence.replace(NO_BREAK_SPACE, " ")


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
    difference = compare(draft, slower)
    assert (difference.steps_more, difference.days_longer) == (4, 28)
    assert difference.other.largest_drop_percent == 20
    assert difference.other.quantities == ((PRODUCTS["tablet-10-halves"], Fraction(161)),)


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


def test_steps_by_hand_are_bounded_too() -> None:
    steps = [(number, regimen(60 - number / 10, 0, 0, 0)) for number in range(load_limits().maximum_steps + 2)]
    last_mg = steps[-1][1].daily_mcg / 1000
    with pytest.raises(PlanImpossible, match="at most"):
        drawn(request(WayDown.BY_HAND, (60, 0, 0, 0), last_mg, chosen=WITH_LIQUID, by_hand=by_hand(*steps)))


def test_rounding_of_a_liquid_is_noted() -> None:
    steps = by_hand((0, regimen(11.1, 0, 0, 0)))
    asked = request(WayDown.BY_HAND, (12, 0, 0, 0), 11.1, chosen=products("liquid-25-in-5"), by_hand=steps)
    assert any("can be measured" in note for note in drawn(asked).notes)


def test_a_target_that_can_only_be_rounded_is_refused() -> None:
    asked = request(WayDown.EQUAL, (12, 0, 0, 0), 11.1, chosen=products("liquid-25-in-5"), step_mg=0.5, step_days=7)
    with pytest.raises(NotMakeable, match="exactly"):
        drawn(asked)


def test_a_size_of_step_that_can_only_be_rounded_is_refused_with_the_one_that_can_be_measured() -> None:
    asked = request(WayDown.EQUAL, (20, 0, 0, 0), 0, chosen=products("liquid-25-in-5"), step_mg=10.1, step_days=7)
    with pytest.raises(NotMakeable, match=r"Steps of 10\.1.mg cannot be measured exactly; 10.mg can"):
        drawn(asked)


def test_a_titration_rounds_down_to_what_the_tablets_make() -> None:
    asked = request(WayUp.EQUAL, (12.5, 0, 0, 0), 40, chosen=products("tablet-10"), step_mg=10, step_days=7)
    assert table(drawn(asked))[0] == (1, 20)


def test_a_way_without_a_preset_asks_for_steps_by_hand() -> None:
    with pytest.raises(PlanImpossible, match="by hand"):
        _preset(request(WayDown.BY_HAND, SIXTY, 0))


def test_a_plan_names_the_products_that_it_uses_in_the_order_chosen() -> None:
    chosen = products("tablet-5", "tablet-20")
    draft = drawn(request(WayDown.EQUAL, (20, 20, 20, 0), 0, step_mg=10, step_days=7, chosen=chosen))
    assert [product.code for product in draft.products_used] == ["tablet-5", "tablet-20"]


def test_a_preset_knows_which_way_it_goes() -> None:
    assert {preset.is_taper for preset in PRESETS.values()} == {True, False}
