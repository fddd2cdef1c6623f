"""How versions differ in words, and which step comes next after a hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.domain.test_judging import RECORD
from tests.factories import NOW, regimen
from titration.domain.correction import holds_the_plan
from titration.domain.history import prescribed_history
from titration.domain.plan_versions import (
    after_last_step,
    as_redated,
    became_of_draft,
    began_on,
    begun_since,
    begun_steps,
    first_left,
    goes_on_from_another_dose,
    left_of_replaced,
)
from titration.domain.record import (
    EntryStatus,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
)

FIRST = date(2026, 11, 16)


def plan(
    totals: Sequence[int], *, gap: int = 7, kind: PlanKind = PlanKind.TAPER, held_on: date | None = None
) -> PlanEntry:
    steps = tuple(
        PlannedStep(
            id=str(at), number=at + 1, starts_on=FIRST + timedelta(days=gap * at), regimen=regimen(mg), state="planned"
        )
        for at, mg in enumerate(totals)
    )
    return PlanEntry(
        id="p", number=1, version=1, kind=kind, state=PlanState.RUNNING, steps=steps, drafted_at=NOW, drafted_by="",
        held_on=held_on,
    )  # fmt: skip


def test_a_plan_began_with_its_first_signed_version() -> None:
    drawn_again, first, second = (replace(plan([40, 20]), version=version) for version in (1, 2, 3))
    later = replace(second, signed_at=NOW, steps=second.steps[1:])
    plans = [drawn_again, replace(first, signed_at=NOW), later]
    assert (began_on(plans, 1), began_on(plans[:1], 1), began_on(plans, 2)) == (FIRST, None, None)


def test_a_version_that_never_began_is_not_when_a_plan_began() -> None:
    never = replace(plan([40, 20]), signed_at=NOW, ended_on=FIRST)
    later = replace(plan([40, 20], held_on=FIRST + timedelta(days=8)), signed_at=NOW, version=2)
    later = replace(later, steps=later.steps[1:])
    assert began_on([never], 1) is None
    assert began_on([never, later], 1) == FIRST + timedelta(days=7)


def test_a_draft_is_replaced_or_discarded_and_never_stopped() -> None:
    drawn, signed = plan([40, 0]), replace(plan([40, 0]), version=2, signed_at=NOW, state=PlanState.STOPPED)
    draft = replace(drawn, state=PlanState.STOPPED)
    words = [
        became_of_draft(draft, [draft]),
        became_of_draft(draft, [draft, signed]),
        became_of_draft(signed, [signed]),
    ]
    assert words == ["discarded", "replaced", ""]


SECOND = FIRST + timedelta(days=7)


@pytest.mark.parametrize(
    ("first_on", "today", "prescribed_mg"),
    [
        pytest.param(FIRST + timedelta(days=30), FIRST, 40, id="no later step begins until the new first one"),
        pytest.param(FIRST + timedelta(days=30), SECOND, 20, id="what began today has begun"),
        pytest.param(SECOND, SECOND, 40, id="the new first step takes the place of today's"),
    ],
)
def test_steps_that_were_re_dated_do_not_begin_on_their_old_days(
    first_on: date, today: date, prescribed_mg: int
) -> None:
    record = replace(RECORD, plans=(replace(plan([40, 20, 10, 0]), signed_at=NOW),))
    redated = as_redated(record, 1, first_on, today)
    assert prescribed_history(redated).on(first_on.toordinal()) == prescribed_mg * 1000
    assert as_redated(record, 2, first_on, today) == record


@pytest.mark.parametrize(
    ("today", "held_on", "ended_on", "count"),
    [
        pytest.param(FIRST - timedelta(days=1), None, None, 0, id="none before the first"),
        pytest.param(FIRST, None, None, 1, id="the first on its day"),
        pytest.param(SECOND, None, None, 2, id="the second on its day"),
        pytest.param(SECOND, SECOND, None, 1, id="none on the first day of a hold"),
        pytest.param(SECOND, SECOND + timedelta(days=1), None, 2, id="what began the day before a hold has begun"),
        pytest.param(SECOND + timedelta(days=30), SECOND, None, 1, id="none while it is held"),
        pytest.param(SECOND, None, SECOND, 1, id="none from the end on"),
    ],
)
def test_steps_that_have_begun(today: date, held_on: date | None, ended_on: date | None, count: int) -> None:
    entry = replace(plan([40, 20, 0], held_on=held_on), ended_on=ended_on)
    assert [step.number for step in begun_steps(entry, entry.steps, today)] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("prescribed_mg", "held_on", "number"),
    [
        pytest.param(40, None, 2, id="the step under way is not repeated"),
        pytest.param(20, None, 3, id="a step at the present dose is no step"),
        pytest.param(10, None, 3, id="a step above the present dose would be a rise"),
        pytest.param(0, None, None, id="nothing is left below nothing"),
        pytest.param(60, FIRST, 1, id="a step that the hold kept from beginning is still to come"),
        pytest.param(None, None, 2, id="an unknown dose leaves the order as it is"),
    ],
)
def test_a_taper_goes_on_with_the_first_lower_step(
    prescribed_mg: int | None, held_on: date | None, number: int | None
) -> None:
    mcg = None if prescribed_mg is None else prescribed_mg * 1000
    assert first_left(plan([40, 20, 0], held_on=held_on), FIRST, mcg) == number


def test_a_titration_goes_on_with_the_first_higher_step() -> None:
    assert first_left(plan([45, 60, 75], kind=PlanKind.TITRATION), FIRST, 60_000) == 3


@pytest.mark.parametrize(
    ("state", "ended_days", "from_days", "left"),
    [
        pytest.param(PlanState.REPLACED, 15, 0, [1, 2, 3], id="until the day before the next one"),
        pytest.param(PlanState.REPLACED, 14, 0, [1, 2], id="not on the next one's first day"),
        pytest.param(PlanState.REPLACED, 15, 7, [2, 3], id="on the day asked about"),
        pytest.param(PlanState.REPLACED, 15, 8, [3], id="not before it"),
        pytest.param(PlanState.STOPPED, 15, 0, [], id="a stopped plan has none"),
        pytest.param(PlanState.RUNNING, 15, 0, [], id="one that runs is no replaced one"),
    ],
)
def test_what_a_replaced_plan_still_has_to_come(
    state: PlanState, ended_days: int, from_days: int, left: list[int]
) -> None:
    entry = replace(plan([50, 40, 30, 20]), state=state, ended_on=FIRST + timedelta(days=ended_days))
    found = left_of_replaced([entry], FIRST + timedelta(days=from_days))
    assert [step.number for _, step in found] == left


def change(days: int, mg: int, status: EntryStatus = EntryStatus.CURRENT) -> RegimenEntry:
    return RegimenEntry(
        id=str(days), recorded_at=NOW, recorded_by="", starts_on=FIRST + timedelta(days=days), regimen=regimen(mg),
        reason="other", status=status,
    )  # fmt: skip


def file(*regimens: RegimenEntry, plans: Sequence[PlanEntry] = ()) -> PatientRecord:
    return replace(RECORD, regimens=regimens, plans=tuple(plans))


SIGNED = replace(plan([50, 40]), signed_at=NOW)
ERROR = EntryStatus.ENTERED_IN_ERROR


@pytest.mark.parametrize(
    ("today_days", "before", "after", "is_another"),
    [
        pytest.param(-1, change(-9, 60), change(-9, 60), False, id="nothing was corrected"),
        pytest.param(-1, change(-9, 60), change(-9, 80), True, id="the dose before the first step"),
        pytest.param(-1, change(-9, 60), change(-9, 60, ERROR), True, id="no dose before the first step any more"),
        pytest.param(0, change(-9, 60), change(-9, 80), False, id="the next step goes on from the one under way"),
        pytest.param(7, change(-9, 60), change(-9, 80), False, id="no step is to come"),
    ],
)
def test_whether_a_correction_takes_the_dose_from_under_the_next_step(
    today_days: int, before: RegimenEntry, after: RegimenEntry, *, is_another: bool
) -> None:
    today = FIRST + timedelta(days=today_days)
    records = (file(each, plans=[SIGNED, plan([30])]) for each in (before, after))
    assert goes_on_from_another_dose(*records, today) is is_another


@pytest.mark.parametrize(
    ("entry", "regimens", "after"),
    [
        pytest.param(SIGNED, [change(-9, 60)], None, id="the last step goes on"),
        pytest.param(SIGNED, [change(8, 30), change(20, 20)], (8, 30), id="the first change after it"),
        pytest.param(SIGNED, [change(8, 30, ERROR)], None, id="none that was an error"),
        pytest.param(plan([50, 40]), [change(9, 20), change(8, 30)], (8, 30), id="a change after a draft's last step"),
    ],
)
def test_what_is_prescribed_after_the_last_step(
    entry: PlanEntry, regimens: list[RegimenEntry], after: tuple[int, int] | None
) -> None:
    expected = None if after is None else (FIRST + timedelta(days=after[0]), regimen(after[1]))
    assert after_last_step(file(*regimens, plans=[entry]), entry) == expected


def test_a_later_plan_follows_a_signed_one_and_no_draft() -> None:
    next_one = replace(plan([30]), number=2, steps=replace(plan([20, 10], gap=21)).steps[1:], signed_at=NOW)
    draft = plan([50, 40])
    assert after_last_step(file(plans=[SIGNED, next_one]), SIGNED) == (FIRST + timedelta(days=21), regimen(10))
    assert after_last_step(file(plans=[draft, next_one]), draft) is None


def test_the_plans_that_have_begun_after_a_day() -> None:
    plans, tomorrow = [SIGNED, replace(plan([30]), number=2)], FIRST + timedelta(days=1)
    day_before = FIRST - timedelta(days=1)
    assert begun_since(plans, day_before, tomorrow) == {1}
    assert not begun_since(plans, FIRST, tomorrow)
    assert not begun_since(plans, day_before - timedelta(days=1), day_before)


def test_without_the_dose_before_its_next_step_a_plan_is_held() -> None:
    record = file(change(-9, 60), change(-20, 80), plans=[SIGNED])
    eve = FIRST - timedelta(days=1)
    assert [holds_the_plan(record, entry.id, eve) for entry in record.regimens] == [True, False]
    assert not holds_the_plan(record, "-9", FIRST)
