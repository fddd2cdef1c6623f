"""CSV: every row says where it comes from, numbers stay numbers, nothing runs as a formula."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from tests.exports.golden_files import assert_golden
from tests.exports.samples import CONTENT_HASH, HOSTILE, ashdown, mg, plan_of, two_steps_in_a_week
from titration.domain.record import PlanState
from titration.exports.document import Act, PlanDocument
from titration.exports.spreadsheet import guard, write_days, write_steps

UNITLESS_NUMBERS = {"plan_number", "plan_version", "step_number"}


def rows_of(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def hostile() -> PlanDocument:
    plan = ashdown(signed=Act(by=HOSTILE, at=ashdown().drafted.at))
    return replace(plan, patient=replace(plan.patient, identifier="\t=cmd|' /C calc'!A0", name="Never Printed"))


def test_steps_are_as_last_read():
    assert_golden("ashdown-steps.csv", write_steps(ashdown()))


def test_days_are_as_last_read():
    assert_golden("two-steps-in-a-week-days.csv", write_days(two_steps_in_a_week()))


@pytest.mark.parametrize("write", [write_steps, write_days])
def test_begins_with_a_byte_order_mark_and_ends_lines_with_crlf(write):
    written = write(ashdown())
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\n") == written.count(b"\r\n") == len(rows_of(written)) + 1


@pytest.mark.parametrize("write", [write_steps, write_days])
def test_every_row_carries_version_and_hashes(write):
    rows = rows_of(write(ashdown()))
    carried = {(row["plan_version"], row["content_hash"], row["guidance_version"]) for row in rows}
    assert carried == {("2", CONTENT_HASH, "2026.1")}


def test_shows_the_whole_plan():
    plan = ashdown()
    assert [row["starts_on"] for row in rows_of(write_steps(plan))] == [str(step.starts_on) for step in plan.steps]
    assert len(rows_of(write_days(plan))) == 4 * len(list(plan.days()))


@pytest.mark.parametrize("write", [write_steps, write_days])
def test_numbers_stay_numbers(write):
    for row in rows_of(write(ashdown())):
        numbers = [value for name, value in row.items() if name.endswith("_mg") or name in UNITLESS_NUMBERS]
        assert all(str(float(number)).removesuffix(".0") == number for number in numbers)


def test_tenths_of_a_milligram_are_exact():
    plan = plan_of(mg(20, 20, 20), [(ashdown().starts_on, replace(mg(0, 0, 0), morning_mcg=2_500, midday_mcg=100))])
    row = rows_of(write_steps(plan))[0]
    assert (row["morning_mg"], row["midday_mg"], row["daily_mg"], row["change_mg"]) == ("2.5", "0.1", "2.6", "-57.4")


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\tx", "  =1", "＝1+1", "＋1", "－1", "＠x"]
)
def test_guards_what_would_begin_a_formula(typed: str):
    assert guard(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "one 10 mg tablet", "SP-0417", "1+1", "'=1", "a=b", "−10 mg"])
def test_leaves_other_text_alone(typed: str):
    assert guard(typed) == typed


@pytest.mark.parametrize("write", [write_steps, write_days])
def test_no_cell_of_a_hostile_plan_runs(write):
    for row in rows_of(write(hostile())):
        texts = [value for name, value in row.items() if not name.endswith("_mg")]
        assert not any(text.strip().startswith(("=", "+", "-", "@")) for text in texts)


@pytest.mark.parametrize("write", [write_steps, write_days])
def test_holds_no_name_of_the_patient(write):
    assert b"Ashdown" not in write(ashdown())


def on_hold() -> PlanDocument:
    return ashdown(state=PlanState.HELD, held_on=date(2026, 11, 25))


def test_the_days_of_a_plan_on_hold_end_where_it_was_held():
    days = [row["date"] for row in rows_of(write_days(on_hold()))]
    assert (min(days), max(days)) == ("2026-11-16", "2026-11-24")


@pytest.mark.parametrize(
    ("changes", "stand"),
    [
        ({}, 10),
        ({"state": PlanState.HELD, "held_on": date(2026, 11, 25)}, 2),
        ({"state": PlanState.STOPPED, "ended_on": date(2026, 12, 1)}, 3),
        ({"state": PlanState.REPLACED, "ended_on": date(2026, 11, 16)}, 0),
        ({"state": PlanState.COMPLETED}, 10),
    ],
    ids=["running", "on hold", "stopped", "replaced", "completed"],
)
def test_every_step_is_listed_and_says_whether_it_stands(changes, stand: int):
    rows = rows_of(write_steps(ashdown(**changes)))
    assert [row["stands"] for row in rows] == ["yes"] * stand + ["no"] * (10 - stand)


@pytest.mark.parametrize("write", [write_steps, write_days])
def test_a_table_is_the_same_in_every_language_and_size(write):
    assert write(ashdown(language_code="de", is_large=True)) == write(ashdown())
