"""iCalendar: all-day dates with an exclusive end, stable UIDs, cancellations; no text breaks out of its event."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import icalendar
import pytest
import vobject

from tests.exports.calendar_checker import days_of, last_day_of, read_calendar
from tests.exports.golden_files import assert_golden
from tests.exports.samples import (
    CONTENT_HASH,
    HOSTILE,
    ashdown,
    four_times_a_day,
    half_a_year,
    mg,
    plan_of,
    two_steps_in_a_week,
)
from titration.domain.record import PlanState
from titration.exports.calendar import write_calendar
from titration.exports.document import CancelledStep, PlanDocument


class Told(NamedTuple):
    uid: str
    first: date
    end: date
    summary: str
    description: str
    status: str
    sequence: int


def hostile() -> PlanDocument:
    plan = ashdown()
    purpose = HOSTILE + "; a,b\\n" + "長い" * 40 + "\x00\u2028\rEND:VCALENDAR"
    clinic = replace(plan.clinic, name=HOSTILE, telephone="1\r\nATTENDEE:mailto:x@example.invalid")
    return replace(plan, clinic=clinic, reviews=tuple(replace(review, purpose=purpose) for review in plan.reviews))


def test_is_as_last_read():
    assert_golden("ashdown-calendar.ics", write_calendar(ashdown()))


@pytest.mark.parametrize("plan", [ashdown(), half_a_year(), two_steps_in_a_week(), four_times_a_day(), hostile()])
def test_a_strict_reader_takes_it(plan: PlanDocument):
    events = read_calendar(write_calendar(plan))
    assert len(events) == len(plan.steps) + len(plan.reviews) + len(plan.cancelled_steps)


def test_steps_follow_each_other_without_gap_or_overlap():
    plan = two_steps_in_a_week()
    spans = [days_of(event) for event in read_calendar(write_calendar(plan))]
    assert [first for first, _ in spans] == [step.starts_on for step in plan.steps]
    assert [end for _, end in spans[:-1]] == [first for first, _ in spans[1:]]


def test_the_end_is_exclusive():
    first, end = days_of(read_calendar(write_calendar(ashdown()))[0])
    assert (first, end) == (date(2026, 11, 16), date(2026, 11, 23))


def test_the_last_event_says_no_more():
    event = read_calendar(write_calendar(ashdown()))[9]
    assert (event["SUMMARY"], last_day_of(event)) == ("no more baclofen", date(2027, 1, 18))


def test_the_summary_says_drug_and_dose_and_the_description_tablets_version_and_hash():
    event = read_calendar(write_calendar(ashdown()))[0]
    assert event["SUMMARY"] == "baclofen 50\u00a0mg a day"
    assert event["DESCRIPTION"].startswith("Morning 08:00: one and a half 10\u00a0mg tablets (15\u00a0mg)\n")
    assert f"version 2. Check code {CONTENT_HASH}" in event["DESCRIPTION"]


def test_no_name_of_the_patient_shows_on_a_locked_screen():
    assert b"Ashdown" not in write_calendar(ashdown())


def test_a_uid_outlives_a_new_version_and_the_sequence_goes_up():
    before, after = (read_calendar(write_calendar(ashdown(version=version))) for version in (2, 3))
    assert [event["UID"] for event in before] == [event["UID"] for event in after]
    assert before[0]["UID"].endswith("@titration.invalid")
    later = zip(before, after, strict=True)
    assert all(int(new["SEQUENCE"]) > int(old["SEQUENCE"]) for old, new in later)
    called_off = read_calendar(write_calendar(ashdown(state=PlanState.STOPPED)))
    assert max(int(event["SEQUENCE"]) for event in called_off) < min(int(event["SEQUENCE"]) for event in after)


def test_steps_that_no_longer_stand_are_called_off():
    (called_off,) = [event for event in read_calendar(write_calendar(ashdown())) if event["STATUS"] == "CANCELLED"]
    assert called_off["UID"].startswith(ashdown().cancelled_steps[0].id)
    assert days_of(called_off) == (date(2026, 11, 9), date(2026, 11, 16))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({}, "CONFIRMED", id="signed"),
        pytest.param({"signed": None, "state": PlanState.DRAFT}, "TENTATIVE", id="draft"),
        pytest.param({"state": PlanState.STOPPED}, "CANCELLED", id="stopped"),
        pytest.param({"state": PlanState.REPLACED}, "CANCELLED", id="replaced"),
        pytest.param({"state": PlanState.COMPLETED}, "CONFIRMED", id="completed"),
    ],
)
def test_the_status_follows_the_plan(changes, status: str):
    plan = ashdown(cancelled_steps=(), **changes)
    assert {event["STATUS"] for event in read_calendar(write_calendar(plan))} == {status}


@pytest.mark.parametrize(
    ("state", "status"),
    [("planned", "CANCELLED"), ("held", "CANCELLED"), ("started", "CONFIRMED"), ("done", "CONFIRMED")],
)
def test_a_stopped_plan_keeps_what_was_taken_and_calls_off_the_rest(state: str, status: str):
    plan = ashdown(state=PlanState.STOPPED, reviews=(), cancelled_steps=())
    plan = replace(plan, steps=tuple(replace(step, state=state) for step in plan.steps))
    assert {event["STATUS"] for event in read_calendar(write_calendar(plan))} == {status}


def test_a_plan_on_hold_calls_off_the_steps_from_then_on():
    plan = ashdown(state=PlanState.HELD, held_on=date(2026, 11, 25), reviews=(), cancelled_steps=())
    events = read_calendar(write_calendar(plan))
    assert [event["STATUS"] for event in events] == ["CONFIRMED"] * 2 + ["CANCELLED"] * 8


def test_a_step_ends_on_the_day_before_a_hold_that_comes_while_it_goes_on():
    """A dose change may hold the plan from that day: the phone would go on saying the dose before it."""
    plan = ashdown(state=PlanState.HELD, reviews=(), cancelled_steps=())
    held_on = plan.steps[1].starts_on + timedelta(days=2)
    events = read_calendar(write_calendar(replace(plan, held_on=held_on)))
    assert [days_of(event)[1] for event in events[:2]] == [plan.steps[1].starts_on, held_on]


def test_a_called_off_step_outranks_what_was_sent_before():
    running, stopped = (
        read_calendar(write_calendar(ashdown(state=state))) for state in (PlanState.RUNNING, PlanState.STOPPED)
    )
    assert int(stopped[0]["SEQUENCE"]) > int(running[0]["SEQUENCE"])


def test_a_hostile_text_is_kept_in_its_event():
    event = read_calendar(write_calendar(hostile()))[10]
    assert event["DESCRIPTION"].startswith(HOSTILE.replace("\r\n", "\n") + "; a,b\\n長い")
    assert "\x00" not in event["DESCRIPTION"]


def as_icalendar_reads(written: bytes) -> list[Told]:
    """One of two libraries that share nothing: each must read what was meant."""
    events = icalendar.Calendar.from_ical(written).walk("VEVENT")
    return [
        Told(
            str(event["UID"]), event.decoded("DTSTART"), event.decoded("DTEND"), str(event["SUMMARY"]),
            str(event["DESCRIPTION"]), str(event["STATUS"]), int(event["SEQUENCE"]),
        )
        for event in events
    ]  # fmt: skip


def as_vobject_reads(written: bytes) -> list[Told]:
    events = vobject.readOne(written.decode()).vevent_list
    return [
        Told(
            event.uid.value, event.dtstart.value, event.dtend.value, event.summary.value,
            event.description.value, event.status.value, int(event.sequence.value),
        )
        for event in events
    ]  # fmt: skip


@pytest.mark.parametrize(
    "plan",
    [ashdown(), ashdown(language_code="de"), half_a_year(), two_steps_in_a_week(), four_times_a_day(), hostile()],
    ids=["taper", "German", "half a year", "two a week", "four a day", "hostile"],
)
def test_two_libraries_and_our_own_reader_read_the_same(plan: PlanDocument):
    written = write_calendar(plan)
    ours = [
        Told(
            event["UID"], *days_of(event), event["SUMMARY"], event["DESCRIPTION"], event["STATUS"],
            int(event["SEQUENCE"]),
        )
        for event in read_calendar(written)
    ]  # fmt: skip
    assert as_icalendar_reads(written) == as_vobject_reads(written) == ours


@pytest.mark.parametrize(
    ("first", "zone"),
    [
        pytest.param(date(2028, 2, 26), "Europe/London", id="over 29 February"),
        pytest.param(date(2026, 12, 29), "Europe/London", id="over new year"),
        pytest.param(date(2026, 3, 27), "Europe/London", id="over the night the clocks go forward"),
        pytest.param(date(2026, 10, 23), "Europe/Berlin", id="over the night they go back"),
        pytest.param(date(2026, 12, 30), "Pacific/Kiritimati", id="14 hours ahead"),
    ],
)
def test_days_stay_days_over_every_border(first: date, zone: str):
    plan = plan_of(mg(20, 20, 20), [(first + timedelta(days=3 * at), mg(15 - 5 * at, 0, 0)) for at in range(4)])
    plan = replace(plan, clinic=replace(plan.clinic, time_zone=zone))
    spans = [(told.first, told.end) for told in as_vobject_reads(write_calendar(plan))]
    assert spans == [
        (first + timedelta(days=3 * at), first + timedelta(days=3 * at + (3 if at < 3 else 1))) for at in range(4)
    ]


def test_a_step_that_had_begun_goes_on_until_the_new_version():
    begun = CancelledStep(id="begun", starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 15), daily_mcg=45_000)
    event = read_calendar(write_calendar(ashdown(begun_step=begun)))[0]
    assert (event["UID"], event["STATUS"]) == ("begun@titration.invalid", "CONFIRMED")
    assert last_day_of(event) == date(2026, 11, 15)
