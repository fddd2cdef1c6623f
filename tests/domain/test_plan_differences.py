"""How a version differs from the one before, in words that a clinician reads beside its name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests.domain.test_plan_versions import FIRST, plan
from tests.factories import NOW, regimen
from titration.domain.plan_differences import MOST_DIFFERENCES, differences
from titration.domain.record import PlanEntry, PlannedStep, PlanState

MG = "\u00a0mg/day"


def version(*steps: tuple[int, int]) -> PlanEntry:
    """(days after the first, mg a day)."""
    drawn = tuple(
        PlannedStep(id=str(at), number=at, starts_on=FIRST + timedelta(days=days), regimen=regimen(mg), state="planned")
        for at, (days, mg) in enumerate(steps, start=1)
    )
    return replace(plan([1]), steps=drawn)


def replaced(before: PlanEntry, days: int) -> PlanEntry:
    return replace(before, signed_at=NOW, state=PlanState.REPLACED, ended_on=FIRST + timedelta(days=days))


def said(before: PlanEntry, after: PlanEntry) -> Sequence[str]:
    return [words.replace("\u00a0", " ") for words in differences(before, after)]


def test_the_same_steps_are_said_to_be_the_same() -> None:
    assert said(plan([40, 20, 0]), plan([40, 20, 0])) == ["The same steps."]


def test_a_moved_step_is_named_with_both_days() -> None:
    before = version((0, 40), (7, 30), (14, 20))
    after = version((0, 40), (7, 30), (28, 20))
    assert said(before, after) == [
        "Ends on 14 Dec, 14 days later.",
        "Step 3 (20 mg/day) moved from 30 Nov to 14 Dec.",
        "14 days longer at 30 mg/day.",
    ]


def test_steps_that_move_together_are_one_sentence() -> None:
    before = replaced(version((0, 40), (7, 30), (14, 20), (21, 10)), 8)
    assert said(before, version((21, 20), (28, 10))) == [
        "Ends on 14 Dec, 7 days later.",
        "Steps 3 to 4 moved 7 days later: step 3 (20 mg/day) from 30 Nov to 7 Dec.",
        "7 days longer at 30 mg/day.",
    ]


def test_steps_with_longer_gaps_are_one_sentence_and_so_are_their_days() -> None:
    before = replaced(version((0, 40), (7, 30), (14, 20), (21, 10)), 1)
    assert said(before, version((7, 30), (17, 20), (27, 10))) == [
        "Ends on 13 Dec, 6 days later.",
        "Steps 3 to 4 moved 3 to 6 days later: step 3 (20 mg/day) from 30 Nov to 3 Dec, "
        "step 4 (10 mg/day) from 7 Dec to 13 Dec.",
        "3 days longer at 30 and 20 mg/day.",
    ]


def test_a_skipped_step_is_left_out() -> None:
    before = replaced(version((0, 40), (7, 30), (14, 20), (21, 10)), 1)
    assert said(before, version((14, 20), (21, 10))) == ["Step 2 (30 mg/day from 23 Nov) left out."]


def test_a_step_back_adds_the_dose_before_and_the_step_again() -> None:
    before = replaced(version((0, 40), (7, 30), (14, 20)), 9)
    assert said(before, version((9, 40), (12, 30), (19, 20))) == [
        "Ends on 5 Dec, 5 days later.",
        "Step 3 (20 mg/day) moved from 30 Nov to 5 Dec.",
        "40 mg/day added from 25 Nov.",
        "30 mg/day added from 28 Nov.",
    ]


def test_a_draft_drawn_again_is_compared_whole() -> None:
    assert "Step 1 (40 mg/day) moved from 16 Nov to 17 Nov." in said(
        version((0, 40), (7, 30)), version((1, 40), (7, 30))
    )


def test_the_same_total_divided_otherwise_is_said() -> None:
    before = plan([40, 20])
    moved = replace(before.steps[1], regimen=regimen(10, 0, 10))
    after = replace(before, steps=(before.steps[0], moved))
    assert said(before, after) == ["Step 2: same 20 mg/day, 10 mg moved from morning to evening."]


def test_many_differences_are_counted() -> None:
    words = said(version(*((7 * at, 60 - at) for at in range(30))), version((0, 1)))
    assert len(words) == MOST_DIFFERENCES + 1
    assert words[-1].endswith("more differences.")


def test_a_year_is_written_where_it_is_another() -> None:
    far = (date(2027, 2, 28) - FIRST).days
    words = said(version((0, 40), (far, 0)), version((0, 40), (far + 1, 0)))
    assert words[0] == "Ends on 1 Mar, 1 day later."
