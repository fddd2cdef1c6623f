"""Plans that are refused, each with a sentence that says what would work."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.domain.plans import FIRST, SIXTY, WITH_LIQUID, ZERO, by_hand, drawn, products, regimen, request
from titration.domain.errors import AboveCeiling, DomainError, NotMakeable, PlanImpossible
from titration.domain.planning import PlanKind, PlanRequest, WayDown, WayUp
from titration.domain.planning.presets import load_limits
from titration.domain.planning.ways import _preset
from titration.domain.regimen import Regimen
from titration.domain.units import NO_BREAK_SPACE


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


def test_steps_by_hand_are_bounded_too() -> None:
    steps = [(number, regimen(60 - number / 10, 0, 0, 0)) for number in range(load_limits().maximum_steps + 2)]
    last_mg = steps[-1][1].daily_mcg / 1000
    with pytest.raises(PlanImpossible, match="at most"):
        drawn(request(WayDown.BY_HAND, (60, 0, 0, 0), last_mg, chosen=WITH_LIQUID, by_hand=by_hand(*steps)))


def test_a_target_that_can_only_be_rounded_is_refused() -> None:
    asked = request(WayDown.EQUAL, (12, 0, 0, 0), 11.1, chosen=products("liquid-25-in-5"), step_mg=0.5, step_days=7)
    with pytest.raises(NotMakeable, match="exactly"):
        drawn(asked)


def test_a_size_of_step_that_can_only_be_rounded_is_refused_with_the_one_that_can_be_measured() -> None:
    asked = request(WayDown.EQUAL, (20, 0, 0, 0), 0, chosen=products("liquid-25-in-5"), step_mg=10.1, step_days=7)
    with pytest.raises(NotMakeable, match=r"Steps of 10\.1.mg cannot be measured exactly; 10.mg can"):
        drawn(asked)


def test_a_way_without_a_preset_asks_for_steps_by_hand() -> None:
    with pytest.raises(PlanImpossible, match="by hand"):
        _preset(request(WayDown.BY_HAND, SIXTY, 0))
