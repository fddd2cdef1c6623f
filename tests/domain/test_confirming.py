"""What has been heard of a step, and the difference that must be settled before the next one is confirmed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.domain.test_history import record
from tests.domain.test_plan_versions import FIRST, plan
from tests.factories import NOW
from titration.domain.confirming import Heard, Unsettled, check_settled, heard_of, unconfirmed, unsettled
from titration.domain.record import EntryStatus, IntakeEntry, IntakeKind, PatientRecord, PlanEntry, PlanState

ZONE = ZoneInfo("Europe/London")


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def report(
    kind: IntakeKind, first: int, last: int | None = None, *, told: int = 0, mg: int | None = None
) -> IntakeEntry:
    """Days are counted from the first step; told: the day on which it was recorded."""
    recorded_at = datetime.combine(on(told), time(9, 0), tzinfo=ZONE)
    return IntakeEntry(
        id=f"{kind}{first}{told}", recorded_at=recorded_at, recorded_by="", kind=kind, starts_on=on(first),
        ends_on=None if last is None else on(last), daily_mcg=None if mg is None else mg * 1000,
    )  # fmt: skip


def other_total(first: int, last: int | None = None, *, told: int = 0, mg: int = 50) -> IntakeEntry:
    return report(IntakeKind.DAILY_TOTAL, first, last, told=told, mg=mg)


SIGNED = replace(plan([40, 30, 20]), signed_at=NOW)
AS_PRESCRIBED, RAN_OUT, UNKNOWN = IntakeKind.AS_PRESCRIBED, IntakeKind.RAN_OUT, IntakeKind.UNKNOWN


@pytest.mark.parametrize(
    ("reports", "heard"),
    [
        pytest.param([], Heard.NOTHING, id="nobody said anything"),
        pytest.param([other_total(0)], Heard.DIFFERS, id="another total"),
        pytest.param([other_total(0, mg=40)], Heard.AS_PLANNED, id="the same total"),
        pytest.param([report(AS_PRESCRIBED, 0)], Heard.AS_PLANNED, id="as prescribed"),
        pytest.param([report(RAN_OUT, 3)], Heard.DIFFERS, id="an empty box in mid-taper"),
        pytest.param([report(UNKNOWN, 3)], Heard.DIFFERS, id="not known is not as planned"),
        pytest.param([other_total(-5, -1)], Heard.NOTHING, id="a report that ended the day before"),
        pytest.param([other_total(-5, 0)], Heard.DIFFERS, id="a report that ends on its first day"),
        pytest.param([other_total(6)], Heard.DIFFERS, id="a report of its last day"),
        pytest.param([other_total(7)], Heard.NOTHING, id="a report from the day after"),
        pytest.param([report(AS_PRESCRIBED, -5, told=-1)], Heard.NOTHING, id="as prescribed, told before it began"),
        pytest.param([other_total(0, 3), report(AS_PRESCRIBED, 4, told=5)], Heard.AS_PLANNED, id="settled since"),
        pytest.param([report(AS_PRESCRIBED, 0, told=2), other_total(0, told=3)], Heard.DIFFERS, id="told otherwise"),
        pytest.param([other_total(0, told=3), report(AS_PRESCRIBED, 0, told=4)], Heard.DIFFERS,
                     id="an open difference goes on after the day on which as prescribed was told"),
    ],
)  # fmt: skip
def test_the_last_day_that_is_told_decides(reports: Sequence[IntakeEntry], heard: Heard) -> None:
    assert heard_of(SIGNED.steps[0], reports, last_on=on(6)).heard is heard


def test_a_report_entered_in_error_says_nothing() -> None:
    wrong = replace(other_total(0), status=EntryStatus.ENTERED_IN_ERROR)
    assert heard_of(SIGNED.steps[0], [wrong], last_on=on(6)).is_asked


def test_a_confirmed_step_is_as_planned_until_a_report_says_otherwise() -> None:
    confirmed = replace(SIGNED.steps[0], state="started")
    assert heard_of(confirmed, [], last_on=on(6)).heard is Heard.AS_PLANNED
    assert heard_of(confirmed, [other_total(2)], last_on=on(6)).differs


def told(*reports: IntakeEntry, plans: Sequence[PlanEntry] = (SIGNED,)) -> PatientRecord:
    return record(plans=tuple(plans), intakes=reports)


@pytest.mark.parametrize(
    ("reports", "day", "differs"),
    [
        pytest.param([], 8, False, id="nothing told is no difference"),
        pytest.param([other_total(2, 4)], 6, True, id="of the step under way"),
        pytest.param([other_total(2, 4)], 7, True, id="of the step before, on the day of the next"),
        pytest.param([other_total(2, 4)], 13, True, id="as long as nothing is told since"),
        pytest.param([other_total(2, 4)], 14, False, id="not of the one before that"),
        pytest.param([other_total(2, 4), report(AS_PRESCRIBED, 5, told=6)], 7, False, id="settled in its own step"),
        pytest.param([other_total(2, 4), report(AS_PRESCRIBED, 7, told=8)], 8, False, id="settled in the next step"),
        pytest.param([other_total(2)], 7, True, id="an open report goes on into the next step"),
        pytest.param([other_total(2, mg=30)], 7, False, id="an open report that the next step comes down to"),
    ],
)
def test_a_difference_stands_until_it_is_settled(reports: Sequence[IntakeEntry], day: int, differs: bool) -> None:
    found = unsettled(told(*reports), 1, on(day))
    assert (found is not None) is differs


def test_the_sentence_says_what_differs_and_what_to_do() -> None:
    with pytest.raises(Unsettled) as refused:
        check_settled(told(other_total(2, 4)), 1, on(7))
    words = refused.value.sentence.replace("\u00a0", " ")
    assert words.startswith("50 mg/day was taken on 20 Nov; 40 mg/day was planned. Settle this first")


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    found = unsettled(told(report(UNKNOWN, 2, 4)), 1, on(7))
    assert found is not None
    words = found.difference_words(on(7)).replace("\u00a0", " ")
    assert words == "What was taken on 20 Nov is not known; 40 mg/day was planned."


def test_steps_that_nobody_spoke_of_stay_unconfirmed_also_when_the_plan_is_complete() -> None:
    steps = tuple(
        replace(step, state=state) for step, state in zip(SIGNED.steps, ("done", "planned", "planned"), strict=True)
    )
    done = replace(SIGNED, state=PlanState.COMPLETED, steps=steps)
    assert [begun.step.number for begun in unconfirmed(told(plans=[done]), 1, on(30))] == [2, 3]


def test_the_step_of_a_replaced_version_counts_until_its_successor_begins() -> None:
    old = replace(SIGNED, state=PlanState.REPLACED, ended_on=on(3))
    new = replace(SIGNED, id="q", version=2, steps=tuple(replace(step, starts_on=step.starts_on + timedelta(days=21))
                                                         for step in SIGNED.steps[1:]))  # fmt: skip
    record_now = told(other_total(2), plans=[old, new])
    assert unsettled(record_now, 1, on(10)) is not None
    assert [begun.step.number for begun in unconfirmed(told(plans=[old, new]), 1, on(10))] == [1]
