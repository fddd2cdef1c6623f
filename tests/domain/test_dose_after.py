"""A dose change put before something else on file: how long it holds, and what no longer counts because of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.domain.files import NOTED, TODAY, file_of, noted
from titration.domain.case import with_dose_change
from titration.domain.dose_after import after_words
from titration.domain.record import (
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
)
from titration.domain.regimen import Regimen

FIRST = date(2026, 11, 1)


def mg(total: int) -> Regimen:
    return Regimen(evening_mcg=total * 1000)


PRESCRIBED = noted(RegimenEntry, starts_on=TODAY - timedelta(60), regimen=mg(60), reason="")


def taper(state: PlanState, *steps: tuple[int, int], number: int = 1, ended: int | None = None) -> PlanEntry:
    """Steps as (day of November, mg/day)."""
    return PlanEntry(
        id=f"p{number}", number=number, version=2, kind=PlanKind.TAPER, state=state, drafted_at=NOTED, drafted_by="",
        signed_at=NOTED, ended_on=None if ended is None else date(2026, 11, ended),
        steps=tuple(
            PlannedStep(id=f"{number}-{at}", number=at, starts_on=date(2026, 11, day), regimen=mg(total), state="done")
            for at, (day, total) in enumerate(steps, 1)
        ),
    )  # fmt: skip


STEPS = (3, 55), (5, 50), (12, 45)
COMPLETED = taper(PlanState.COMPLETED, *STEPS)


def file_with(plans: Sequence[PlanEntry], *regimens: RegimenEntry) -> PatientRecord:
    return file_of(regimens=[PRESCRIBED, *regimens], plans=plans)


def beside(record: PatientRecord, starts_on: date, total: int) -> PatientRecord:
    """The change put among the rest, of which all goes on counting."""
    entry = noted(RegimenEntry, starts_on=starts_on, regimen=mg(total), reason="")
    return replace(record, regimens=(*record.regimens, entry))


def words(record: PatientRecord, proposed: PatientRecord, starts_on: date = FIRST, total: int = 40) -> list[str]:
    told = after_words(record, proposed, starts_on=starts_on, regimen=mg(total), today=TODAY)
    return [line.replace("\u00a0", " ") for line in told]


def test_a_step_that_goes_on_counting_ends_a_change_before_it() -> None:
    record = file_with([COMPLETED])
    assert words(record, beside(record, date(2026, 11, 4), 40), date(2026, 11, 4)) == [
        "It holds until 4 Nov 2026: step 2 of taper 1, version 2 (50 mg/day) began on 5 Nov 2026 and stands: 40 → 50 "
        "mg/day (+10 mg, +25 %). For a dose that goes on, record a change from 13 Nov 2026.",
        "Prescribed today is then 45 mg/day.",
    ]


@pytest.mark.parametrize("state", [PlanState.STOPPED, PlanState.REPLACED, PlanState.COMPLETED])
def test_whatever_became_of_its_plan(state: PlanState) -> None:
    record = file_with([taper(state, *STEPS, ended=13)])
    assert words(record, beside(record, FIRST, 40))[0].startswith("It holds until 2 Nov 2026: step 1 of taper 1")


def test_a_step_that_never_began_ends_nothing() -> None:
    record = file_with([taper(PlanState.STOPPED, *STEPS, ended=3)])
    assert words(record, beside(record, FIRST, 40)) == []


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.STOPPED], ids=["a draft", "a discarded one"])
def test_a_plan_that_was_never_signed_ends_nothing(state: PlanState) -> None:
    record = file_with([replace(taper(state, *STEPS), signed_at=None)])
    assert words(record, beside(record, FIRST, 40)) == []


def test_of_two_plans_the_later_one_is_named() -> None:
    record = file_with([COMPLETED, taper(PlanState.COMPLETED, (3, 20), number=2)])
    assert "step 1 of taper 2, version 2 (20 mg/day) began on 3 Nov 2026" in words(record, beside(record, FIRST, 40))[0]


def test_a_dose_that_goes_on_is_not_sent_to_a_day_that_is_over() -> None:
    record = file_with([taper(PlanState.COMPLETED, *STEPS[:2])])
    assert "record a change from 13 Nov 2026." in words(record, beside(record, FIRST, 40))[0]


def test_the_change_to_record_comes_before_the_next_entry() -> None:
    later = noted(RegimenEntry, starts_on=date(2026, 11, 8), regimen=mg(30), reason="")
    record = file_with([COMPLETED], later)
    assert "record a change from 6 Nov 2026." in words(record, beside(record, FIRST, 40))[0]


def test_a_later_entry_stands_and_follows_it() -> None:
    later = [
        noted(RegimenEntry, starts_on=TODAY + timedelta(days), regimen=mg(total), reason="")
        for days, total in ((9, 60), (2, 30))
    ]
    record = file_with([], *later)
    assert words(record, beside(record, TODAY, 45), TODAY, 45) == [
        "A later entry stands and follows it from 15 Nov 2026: 45 → 30 mg/day (\u221215 mg, \u221233.3 %)."
    ]
    assert words(record, beside(record, FIRST, 45), FIRST, 45)[1] == "Prescribed today is then 45 mg/day."


@pytest.mark.parametrize(
    ("cut_on", "said"),
    [
        (4, "2 steps of taper 1, version 2 that began from 5 Nov 2026 to 12 Nov 2026 (50 mg/day to 45 mg/day) no "
            "longer count."),
        (6, "Step 3 of taper 1, version 2 (45 mg/day), which began on 12 Nov 2026, no longer counts."),
    ],
)  # fmt: skip
def test_steps_that_it_makes_count_no_longer_are_named(cut_on: int, said: str) -> None:
    record, on = file_with([COMPLETED]), date(2026, 11, cut_on)
    cut = replace(beside(record, on, 40), plans=(taper(PlanState.COMPLETED, *STEPS, ended=cut_on),))
    assert words(record, cut, on) == [said, "Prescribed today is then 40 mg/day."]


def test_a_running_plan_that_it_holds_from_the_past_is_told_so_too() -> None:
    record = file_with([taper(PlanState.RUNNING, *STEPS, (19, 40))])
    proposed = with_dose_change(record, date(2026, 11, 4), mg(58), at=NOTED)
    said = words(record, proposed, date(2026, 11, 4), 58)
    assert said[0].startswith("2 steps of taper 1, version 2 that began from 5 Nov 2026 to 12 Nov 2026")
    assert said[1] == "Prescribed today is then 58 mg/day."


def test_a_change_from_today_that_goes_on_says_nothing() -> None:
    record = file_with([COMPLETED])
    assert words(record, with_dose_change(record, TODAY, mg(40), at=NOTED), TODAY) == []


def test_steps_to_come_have_their_own_sentence() -> None:
    """Of the plan that is held; here only what had begun is named."""
    record = file_with([taper(PlanState.RUNNING, (19, 50))])
    assert words(record, with_dose_change(record, TODAY, mg(40), at=NOTED), TODAY) == []
