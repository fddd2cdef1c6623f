"""Prescribed and taken as step functions: what a record says of each day, and what never changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titration.domain.assess import assess
from titration.domain.case import case_from, with_dose_change
from titration.domain.guidance import load_guidance
from titration.domain.history import DoseHistory, prescribed_history, taken_history
from titration.domain.record import (
    EntryStatus,
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
)
from titration.domain.regimen import Regimen
from titration.domain.wording import say

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
THREE_TIMES_20 = Regimen(morning_mcg=20_000, midday_mcg=20_000, evening_mcg=20_000)
THREE_TIMES_10 = Regimen(morning_mcg=10_000, midday_mcg=10_000, evening_mcg=10_000)


def day(offset: int) -> date:
    return FIRST + timedelta(offset)


def change(offset: int, regimen: Regimen, **fields: object) -> RegimenEntry:
    return RegimenEntry(
        id=str(offset), recorded_at=NOW, recorded_by="", starts_on=day(offset), regimen=regimen, reason="", **fields
    )


def report(kind: IntakeKind, start: int, end: int | None, *, minutes: int = 0, **fields: object) -> IntakeEntry:
    recorded_at = NOW + timedelta(minutes=minutes)
    ends_on = None if end is None else day(end)
    return IntakeEntry(
        id=f"{start}-{minutes}",
        recorded_at=recorded_at,
        recorded_by="",
        kind=kind,
        starts_on=day(start),
        ends_on=ends_on,
        **fields,
    )


def plan(state: PlanState, *steps: tuple[int, Regimen], **fields: object) -> PlanEntry:
    planned = tuple(
        PlannedStep(id=str(number), number=number, starts_on=day(offset), regimen=regimen, state="planned")
        for number, (offset, regimen) in enumerate(steps, 1)
    )
    return PlanEntry(
        id="plan",
        number=1,
        version=1,
        kind=PlanKind.TAPER,
        state=state,
        steps=planned,
        drafted_at=NOW,
        drafted_by="",
        **fields,
    )


def record(**fields: object) -> PatientRecord:
    defaults: dict[str, object] = {
        "id": "one",
        "name": "Test, Ann",
        "birth_date": date(1970, 1, 1),
        "identifier": "T-1",
        "sex": "female",
        "indication": "ms_spinal_spasticity",
        "label_set": "US",
        "time_zone": "Europe/London",
        "exposure_months": Fraction(6),
        "regimens": (change(0, THREE_TIMES_20),),
    }
    return PatientRecord(**(defaults | fields))  # type: ignore[arg-type]


def taken(subject: PatientRecord, *offsets: int) -> list[int | None]:
    history = taken_history(subject)
    return [history.on(day(offset).toordinal()) for offset in offsets]


def test_before_the_first_entry_nothing_is_known() -> None:
    assert taken(record(), -1, 0, 400) == [None, 60_000, 60_000]


def test_a_change_leaves_the_days_before_as_they_were() -> None:
    before = record()
    after = record(regimens=(change(0, THREE_TIMES_20), change(10, THREE_TIMES_10)))
    assert taken(after, 0, 9) == taken(before, 0, 9)
    assert taken(after, 10) == [30_000]


@pytest.mark.parametrize("status", [EntryStatus.SUPERSEDED, EntryStatus.ENTERED_IN_ERROR])
def test_only_current_entries_count(status: EntryStatus) -> None:
    subject = record(regimens=(change(0, THREE_TIMES_20), change(5, THREE_TIMES_10, status=status)))
    assert taken(subject, 6) == [60_000]


@pytest.mark.parametrize(
    ("kind", "fields", "total"),
    [
        (IntakeKind.RAN_OUT, {}, 0),
        (IntakeKind.STOPPED, {}, 0),
        (IntakeKind.UNKNOWN, {}, None),
        (IntakeKind.DAILY_TOTAL, {"daily_mcg": 250_000}, 250_000),
        (IntakeKind.BY_TIME, {"regimen": THREE_TIMES_10}, 30_000),
        (IntakeKind.MISSED, {"regimen": THREE_TIMES_10, "missed": 1, "due": 3}, 30_000),
        (IntakeKind.AS_PRESCRIBED, {}, 60_000),
    ],
    ids=lambda value: str(value) if isinstance(value, IntakeKind) else "",
)
def test_an_intake_report_overrides_the_prescription_for_its_dates(
    kind: IntakeKind, fields: dict[str, object], total: int | None
) -> None:
    assert taken(record(intakes=(report(kind, 3, 4, **fields),)), 2, 3, 4, 5) == [60_000, total, total, 60_000]


def test_a_later_report_wins_date_by_date() -> None:
    earlier = report(IntakeKind.RAN_OUT, 3, None)
    later = report(IntakeKind.BY_TIME, 4, 5, minutes=5, regimen=THREE_TIMES_10)
    assert taken(record(intakes=(later, earlier)), 3, 4, 5, 6) == [0, 30_000, 30_000, 0]


def test_a_regimen_change_does_not_end_an_open_report() -> None:
    subject = record(
        regimens=(change(0, THREE_TIMES_20), change(6, THREE_TIMES_10)), intakes=(report(IntakeKind.RAN_OUT, 3, None),)
    )
    assert taken(subject, 5, 6, 60) == [0, 0, 0]


def test_taken_again_ends_an_open_report() -> None:
    again = report(IntakeKind.AS_PRESCRIBED, 6, None, minutes=5)
    assert taken(record(intakes=(report(IntakeKind.RAN_OUT, 3, None), again)), 5, 6, 60) == [0, 60_000, 60_000]


def test_a_running_plan_counts_as_prescribed_and_taken() -> None:
    subject = record(plans=(plan(PlanState.RUNNING, (5, THREE_TIMES_10)),))
    assert taken(subject, 4, 5) == [60_000, 30_000]


def test_a_draft_counts_for_nothing() -> None:
    assert taken(record(plans=(plan(PlanState.DRAFT, (5, THREE_TIMES_10)),)), 6) == [60_000]


def test_a_hold_keeps_the_step_that_had_begun_and_drops_the_later_ones() -> None:
    zero = Regimen()
    held = plan(PlanState.HELD, (5, THREE_TIMES_10), (9, zero), held_on=day(7))
    assert taken(record(plans=(held,)), 6, 8, 30) == [30_000, 30_000, 30_000]


def test_a_regimen_change_beats_the_step_of_its_date() -> None:
    subject = record(
        regimens=(change(0, THREE_TIMES_20), change(5, THREE_TIMES_20)),
        plans=(plan(PlanState.RUNNING, (5, THREE_TIMES_10)),),
    )
    assert taken(subject, 5) == [60_000]


def test_a_proposed_change_takes_the_same_road_as_a_saved_one() -> None:
    proposed = with_dose_change(record(), day(8), THREE_TIMES_10, at=NOW)
    saved = record(regimens=(change(0, THREE_TIMES_20), change(8, THREE_TIMES_10)))
    assert case_from(proposed, day(8)) == case_from(saved, day(8))


def test_a_proposed_change_holds_the_running_plan() -> None:
    running = plan(PlanState.RUNNING, (5, THREE_TIMES_10), (20, Regimen()))
    proposed = with_dose_change(record(plans=(running,)), day(8), THREE_TIMES_20, at=NOW)
    assert prescribed_history(proposed).on(day(30).toordinal()) == 60_000


changes = st.dictionaries(
    st.integers(0, 400), st.integers(0, 2000).map(lambda tenths: tenths * 100), min_size=1, max_size=30
)


@given(changes, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(by_day: dict[int, int], random: object) -> None:
    entries = list(by_day.items())
    random.shuffle(entries)  # type: ignore[attr-defined]
    assert DoseHistory.of(entries) == DoseHistory.of(by_day.items())


@given(changes, st.integers(-5, 410))
def test_a_total_holds_until_the_next_change(by_day: dict[int, int], on: int) -> None:
    begun = [start for start in by_day if start <= on]
    assert DoseHistory.of(by_day.items()).on(on) == (by_day[max(begun)] if begun else None)


@given(changes, st.integers(-5, 400), st.integers(0, 40))
def test_a_span_is_each_of_its_days(by_day: dict[int, int], first: int, length: int) -> None:
    history = DoseHistory.of(by_day.items())
    assert history.span(first, first + length) == [history.on(on) for on in range(first, first + length + 1)]


@given(changes, st.integers(0, 400))
def test_nothing_is_known_after_the_day_it_is_cut(by_day: dict[int, int], last: int) -> None:
    cut = DoseHistory.of(by_day.items()).until(last)
    assert cut.span(last + 1, last + 5) == [None] * 5


def test_a_day_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        DoseHistory.from_daily([(1, 5), (1, 6)])


def test_a_record_with_a_correction_forgets_the_wrong_dose() -> None:
    wrong = change(5, Regimen())
    corrected = replace(wrong, status=EntryStatus.ENTERED_IN_ERROR, status_reason="wrong patient")
    assert taken(record(regimens=(change(0, THREE_TIMES_20), corrected)), 7) == [60_000]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (IntakeKind.RAN_OUT, "The tablets ran out; nobody decided to stop."),
        (IntakeKind.STOPPED, "Stopped on the patient's own account."),
        (IntakeKind.UNKNOWN, ""),
    ],
)
def test_a_stop_says_how_it_came_about(kind: IntakeKind, words: str) -> None:
    guidance = load_guidance()
    case = case_from(record(intakes=(report(kind, 40, None),)), day(40))
    reasons = [say(finding, guidance).reason for finding in assess(case, guidance).findings if finding.code == "W1"]
    assert [words in reason for reason in reasons] == ([True] if words else [])


def test_nothing_that_follows_changes_nothing() -> None:
    history = DoseHistory.of([(1, 60)])
    assert history.followed_by(DoseHistory()) == history


def test_a_changed_copy_of_a_record_is_worked_out_anew() -> None:
    first = record(regimens=(change(0, THREE_TIMES_20),))
    assert prescribed_history(first) is prescribed_history(first)
    other = replace(first, regimens=())
    assert (prescribed_history(other), taken_history(other)) == (DoseHistory(), DoseHistory())
    assert taken(first, 1) == [60_000]
