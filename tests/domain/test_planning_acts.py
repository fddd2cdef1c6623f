"""Acts on a plan under way: redate, hold, slow down, step back; and comparing and hashing plans."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.plans import FIRST, TENS, drawn, regimen, request
from titration.domain.errors import PlanImpossible
from titration.domain.planning import (
    PlanKind,
    PlanStepDraft,
    WayDown,
    WayUp,
    content_hash,
    hold,
    make_step,
    redate,
    slow_down,
    step_back,
    summarise,
)
from titration.domain.planning.compare import Change
from titration.domain.products import quantities
from titration.domain.regimen import Regimen

WEEKLY = drawn(request(WayDown.EQUAL, (20, 20, 20, 0), 0, step_mg=10, step_days=7)).steps
UPWARD = drawn(request(WayUp.LABELLED_US, (0, 0, 0, 0), 60)).steps
START = make_step(FIRST - timedelta(30), regimen(20, 20, 20, 0), TENS)


def course(steps: list[PlanStepDraft]) -> list[tuple[int, int]]:
    """(days after the first planned day, mg a day)."""
    return [((step.starts_on - FIRST).days, step.daily_mcg // 1000) for step in steps]


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        (1, 3, [(3, 50), (10, 40), (17, 30), (24, 20), (31, 10), (38, 0)]),
        (3, 20, [(0, 50), (7, 40), (20, 30), (27, 20), (34, 10), (41, 0)]),
        (3, 8, [(0, 50), (7, 40), (8, 30), (15, 20), (22, 10), (29, 0)]),
        (6, 60, [(0, 50), (7, 40), (14, 30), (21, 20), (28, 10), (60, 0)]),
    ],
)
def test_redating_keeps_the_gaps(number: int, day: int, expected: list[tuple[int, int]]) -> None:
    assert course(redate(WEEKLY, number, FIRST + timedelta(day))) == expected


def test_a_step_cannot_be_moved_before_the_one_it_follows() -> None:
    with pytest.raises(PlanImpossible, match="23\u00a0Nov\u00a02026"):
        redate(WEEKLY, 3, FIRST + timedelta(7))


def test_a_hold_shifts_this_and_all_later_steps() -> None:
    assert course(hold(WEEKLY, 4, 5)) == [(0, 50), (7, 40), (14, 30), (26, 20), (33, 10), (40, 0)]


@pytest.mark.parametrize(
    ("number", "factor", "expected"),
    [
        (1, 2, [(0, 50), (14, 40), (28, 30), (42, 20), (56, 10), (70, 0)]),
        (4, 2, [(0, 50), (7, 40), (14, 30), (28, 20), (42, 10), (56, 0)]),
        (5, Fraction(3, 2), [(0, 50), (7, 40), (14, 30), (21, 20), (32, 10), (43, 0)]),
    ],
    ids=["from the start", "from step 4", "parts of days rounded up"],
)
def test_slowing_down_multiplies_the_gaps(number: int, factor: int | Fraction, expected: list[tuple[int, int]]) -> None:
    assert course(slow_down(WEEKLY, number, factor)) == expected


@pytest.mark.parametrize(
    ("number", "day", "stable_days", "expected"),
    [
        (3, 16, None, [(0, 50), (7, 40), (14, 30), (16, 40), (23, 30), (30, 20), (37, 10), (44, 0)]),
        (3, 16, 14, [(0, 50), (7, 40), (14, 30), (16, 40), (30, 30), (37, 20), (44, 10), (51, 0)]),
        (3, 16, 1, [(0, 50), (7, 40), (14, 30), (16, 40), (19, 30), (26, 20), (33, 10), (40, 0)]),
        (3, 14, None, [(0, 50), (7, 40), (14, 40), (21, 30), (28, 20), (35, 10), (42, 0)]),
        (1, 2, 7, [(0, 50), (2, 60), (9, 50), (16, 40), (23, 30), (30, 20), (37, 10), (44, 0)]),
    ],
    ids=["one interval", "two weeks stable", "never under 3 days", "on the day of the step", "from the first step"],
)
def test_stepping_back_in_a_taper(
    number: int, day: int, stable_days: int | None, expected: list[tuple[int, int]]
) -> None:
    steps = step_back(WEEKLY, number, FIRST + timedelta(day), before_plan=START, stable_days=stable_days)
    assert course(steps) == expected


def test_stepping_back_for_sedation_waits_three_days() -> None:
    steps = step_back(UPWARD, 3, FIRST + timedelta(7))
    assert course(steps) == [(0, 15), (3, 30), (6, 45), (7, 30), (10, 45), (13, 60)]


@pytest.mark.parametrize(
    "act",
    [
        lambda: step_back(WEEKLY, 1, FIRST),
        lambda: step_back(WEEKLY, 3, FIRST + timedelta(13)),
        lambda: step_back(WEEKLY, 7, FIRST),
        lambda: redate(WEEKLY, 0, FIRST),
        lambda: hold(WEEKLY, 1, 0),
        lambda: hold(WEEKLY, 1, 3_000_000),
        lambda: slow_down(WEEKLY, 1, 1),
        lambda: slow_down(WEEKLY, 1, Fraction(1, 2)),
        lambda: redate(WEEKLY, 2, date.max),
    ],
    ids=[
        "back from step 1 without a start",
        "back before the step began",
        "no step 7",
        "no step 0",
        "hold of no day",
        "hold for ever",
        "factor 1",
        "factor below 1",
        "past the last date",
    ],
)
def test_an_act_that_makes_no_sense_is_refused(act: object) -> None:
    with pytest.raises(PlanImpossible):
        act()  # type: ignore[operator]


gaps = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@given(gaps, st.data())
def test_acts_keep_order_doses_and_gaps(days: list[int], data: st.DataObject) -> None:
    steps = [
        replace(WEEKLY[0], starts_on=FIRST + timedelta(sum(days[:number])), regimen=regimen(60 - number, 0, 0, 0))
        for number in range(len(days))
    ]
    number = data.draw(st.integers(1, len(steps)))
    shift = data.draw(st.integers(1, 400))
    first_on = steps[number - 1].starts_on + timedelta(shift)
    moved = redate(steps, number, first_on)
    assert moved == hold(steps, number, shift)
    assert moved[: number - 1] == steps[: number - 1]
    assert _gaps(moved[number - 1 :]) == _gaps(steps[number - 1 :])
    slower = slow_down(steps, number, Fraction(shift + 1, 1))
    for changed in (moved, slower):
        assert [step.regimen for step in changed] == [step.regimen for step in steps]
        assert all(gap > 0 for gap in _gaps(changed))


@given(gaps, st.data())
def test_stepping_back_keeps_order_and_waits(days: list[int], data: st.DataObject) -> None:
    steps = [replace(WEEKLY[0], starts_on=FIRST + timedelta(sum(days[:number]))) for number in range(len(days))]
    number = data.draw(st.integers(1, len(steps)))
    on = steps[number - 1].starts_on + timedelta(data.draw(st.integers(0, 100)))
    changed = step_back(steps, number, on, before_plan=START, stable_days=data.draw(st.integers(0, 30)))
    assert all(gap > 0 for gap in _gaps(changed))
    back = next(index for index, step in enumerate(changed) if step.starts_on == on)
    assert (changed[back + 1].starts_on - on).days >= 3
    assert _gaps(changed[back + 1 :]) == _gaps(steps[number - 1 :])


def _gaps(steps: list[PlanStepDraft] | tuple[PlanStepDraft, ...]) -> list[int]:
    return [(after.starts_on - before.starts_on).days for before, after in pairwise(steps)]


def test_a_summary_names_the_largest_drop_over_5_mg() -> None:
    summary = summarise(drawn(request(WayDown.EQUAL, (20, 20, 20, 0), 10, step_mg=10, step_days=7)))
    assert (summary.step_count, summary.days) == (5, 28)
    assert summary.largest_drop == Change(mcg=10_000, percent=Fraction(50), on=date(2026, 12, 14))


def test_steps_of_5_mg_are_no_large_drop() -> None:
    summary = summarise(drawn(request(WayDown.WEEKLY_5MG, (20, 20, 20, 0), 0)))
    assert (summary.largest_drop_percent, summary.largest_drop) == (None, None)


def test_quantities_of_a_whole_taper() -> None:
    assert quantities(WEEKLY, WEEKLY[-1].starts_on) == [(TENS[0], Fraction(105))]


PLANNED = tuple((step.starts_on, step.regimen) for step in WEEKLY)
HASH_FIELDS = {"kind": PlanKind.TAPER, "start": START.regimen, "product_codes": ("a", "b"), "target_mcg": 0}


def test_the_same_content_has_the_same_hash_whatever_the_order_of_products() -> None:
    first = content_hash(PLANNED, **HASH_FIELDS)  # type: ignore[arg-type]
    assert first == content_hash(PLANNED, **HASH_FIELDS | {"product_codes": ("b", "a")})  # type: ignore[arg-type]
    assert len(first) == 64


@pytest.mark.parametrize(
    ("steps", "changed"),
    [
        (PLANNED, {"kind": PlanKind.TITRATION}),
        (PLANNED, {"start": regimen(20, 20, 15, 5)}),
        (PLANNED, {"product_codes": ("a",)}),
        (PLANNED, {"target_mcg": 100}),
        (PLANNED[:-1], {}),
        ((*PLANNED[:-1], (PLANNED[-1][0] + timedelta(1), Regimen())), {}),
        ((*PLANNED[:-1], (PLANNED[-1][0], regimen(0, 0, 0, 0.1))), {}),
    ],
    ids=["kind", "start", "products", "target", "a step less", "a day later", "0.1 mg more"],
)
def test_any_change_of_content_changes_the_hash(
    steps: tuple[tuple[date, Regimen], ...], changed: dict[str, object]
) -> None:
    before = content_hash(PLANNED, **HASH_FIELDS)  # type: ignore[arg-type]
    assert content_hash(steps, **HASH_FIELDS | changed) != before  # type: ignore[arg-type]
