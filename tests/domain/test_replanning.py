"""What each act leaves of a plan under way: never more undone than one step, never a taper that rises by itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.domain.test_plan_versions import FIRST, plan
from tests.factories import NOW, regimen
from titration.domain.errors import PlanImpossible
from titration.domain.planning import PlanStepDraft
from titration.domain.record import PlanKind
from titration.domain.replanning import (
    UnderWay,
    changes_words,
    check_hold,
    earliest_hold_among,
    may_be_held,
    resumed,
    skippable,
    skipped,
    slowed,
    stepped_back,
)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def under_way(
    day: int,
    totals: Sequence[int] = (40, 30, 20, 10),
    *,
    start: int = 50,
    present: int | None = None,
    kind: PlanKind = PlanKind.TAPER,
    held_on: date | None = None,
) -> UnderWay:
    """Weekly steps; present is what the plan says unless told otherwise."""
    entry = replace(plan(totals, kind=kind, held_on=held_on), signed_at=NOW)
    begun = [step for step in entry.steps if step.starts_on <= on(day)]
    now_mg = present if present is not None else (begun[-1].regimen.daily_mcg // 1000 if begun else start)
    drafts = tuple(PlanStepDraft(starts_on=step.starts_on, regimen=step.regimen) for step in entry.steps)
    return UnderWay(
        entry=entry, steps=drafts, products=(), start=regimen(start), present=regimen(now_mg), today=on(day)
    )


def left(steps: Sequence[PlanStepDraft]) -> list[tuple[int, int]]:
    return [((step.starts_on - FIRST).days, step.daily_mcg // 1000) for step in steps]


def test_resuming_keeps_the_gaps_from_the_chosen_day() -> None:
    plan_now = under_way(10, held_on=on(8))
    assert left(resumed(plan_now, on(12), Fraction(1))) == [(12, 20), (19, 10)]


def test_slowing_down_makes_the_gaps_longer() -> None:
    assert left(slowed(under_way(8), on(14), Fraction(2))) == [(14, 20), (28, 10)]
    assert left(slowed(under_way(8), on(15), Fraction(1))) == [(15, 20), (22, 10)]


@pytest.mark.parametrize(
    ("first_on", "pace", "words"),
    [
        pytest.param(14, 1, "dates on file already", id="nothing slower"),
        pytest.param(13, 2, "sooner than planned", id="one day sooner, though with longer gaps"),
        pytest.param(7, 1, "in the past", id="yesterday"),
    ],
)
def test_slowing_down_brings_no_step_forward(first_on: int, pace: int, words: str) -> None:
    with pytest.raises(PlanImpossible, match=words):
        slowed(under_way(8), on(first_on), Fraction(pace))


def test_with_no_step_below_the_present_dose_nothing_is_left_to_resume() -> None:
    with pytest.raises(PlanImpossible, match="No step is left that goes further"):
        resumed(under_way(10, held_on=on(8), present=10), on(12), Fraction(1))


def test_a_step_back_goes_back_by_one_step_and_comes_again() -> None:
    assert left(stepped_back(under_way(15), on(15), 3)) == [(15, 30), (18, 20), (25, 10)]


def test_from_the_first_step_it_goes_back_to_the_dose_before_the_plan() -> None:
    assert left(stepped_back(under_way(2), on(3), 5))[:2] == [(3, 50), (8, 40)]


@pytest.mark.parametrize(
    ("plan_now", "words"),
    [
        pytest.param(under_way(-1), "No step of this version has begun", id="none has begun"),
        pytest.param(under_way(15, present=10), "would undo that change", id="a lower dose stands by a dose change"),
        pytest.param(under_way(15, present=40), "would undo that change", id="a higher one too"),
        pytest.param(
            under_way(0, (50, 40, 30), start=40), "already gone back", id="the step under way was a step back"
        ),
        pytest.param(
            under_way(0, (45, 60), start=60, kind=PlanKind.TITRATION), "already gone back", id="of a titration too"
        ),
    ],
)
def test_a_step_back_never_undoes_more(plan_now: UnderWay, words: str) -> None:
    with pytest.raises(PlanImpossible, match=words):
        stepped_back(plan_now, plan_now.today, 3)


def test_a_skipped_step_is_left_out_and_the_others_keep_their_days() -> None:
    assert left(skipped(under_way(1), 2, moves_up=False)) == [(14, 20), (21, 10)]
    assert left(skipped(under_way(1), 3, moves_up=False)) == [(7, 30), (21, 10)]


def test_or_the_later_ones_move_up() -> None:
    assert left(skipped(under_way(1), 2, moves_up=True)) == [(7, 20), (14, 10)]
    assert left(skipped(under_way(1), 3, moves_up=True)) == [(7, 30), (14, 10)]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(0, "still to come", id="there is no step 0"),
        pytest.param(1, "still to come", id="what has begun is not skipped"),
        pytest.param(4, "last step", id="the last is stopped, not skipped"),
        pytest.param(5, "still to come", id="nor one after it"),
    ],
)
def test_only_a_step_to_come_is_skipped(number: int, words: str) -> None:
    with pytest.raises(PlanImpossible, match=words):
        skipped(under_way(1), number, moves_up=False)
    assert [each for each, _ in skippable(under_way(1))] == [2, 3]


DAYS = [on(0), on(7), on(14)]


@pytest.mark.parametrize(
    ("today", "held_on", "already", "words"),
    [
        pytest.param(3, 3, None, "", id="today"),
        pytest.param(3, 2, None, "today or later", id="yesterday"),
        pytest.param(7, 7, None, "begins today", id="on the day of a step"),
        pytest.param(7, 8, None, "", id="the day after it"),
        pytest.param(3, 14, None, "", id="from the day of the last step"),
        pytest.param(3, 15, None, "nothing to hold", id="after the last step"),
        pytest.param(3, 9, 10, "", id="a day earlier than the hold on file"),
        pytest.param(3, 10, 10, "held from", id="the same day as it"),
        pytest.param(3, 11, 10, "held from", id="a day later"),
        pytest.param(12, 12, 10, "held from", id="a hold that has begun"),
    ],
)
def test_the_first_day_of_a_hold(today: int, held_on: int, already: int | None, words: str) -> None:
    bounded = plan([40, 30, 20], held_on=None if already is None else on(already))
    if not words:
        check_hold(bounded, DAYS, held_on=on(held_on), today=on(today))
        return
    with pytest.raises(PlanImpossible, match=words):
        check_hold(bounded, DAYS, held_on=on(held_on), today=on(today))


@pytest.mark.parametrize(("today", "day"), [(6, 6), (7, 8), (8, 8)])
def test_a_hold_begins_today_but_not_on_the_day_of_a_step(today: int, day: int) -> None:
    assert earliest_hold_among(DAYS, on(today)) == on(day)


@pytest.mark.parametrize(("held_on", "may"), [(None, True), (on(4), True), (on(3), False), (on(2), False)], ids=str)
def test_a_hold_that_has_begun_is_not_held_again(held_on: date | None, may: bool) -> None:
    assert may_be_held(plan([40, 30], held_on=held_on), on(3)) is may


def test_the_change_is_said_before_it_is_saved() -> None:
    plan_now = under_way(8)
    words = [line.replace("\u00a0", " ") for line in changes_words(plan_now, slowed(plan_now, on(21), Fraction(1)))]
    assert words == [
        "Ends on 14 Dec, 7 days later.",
        "Steps 3 to 4 moved 7 days later: step 3 (20 mg/day) from 30 Nov to 7 Dec.",
        "7 days longer at 30 mg/day.",
    ]
