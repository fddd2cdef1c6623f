"""What has gone wrong elsewhere, each by its name and in every format: typed text, odd days, halves, plans that ended.

Other bad cases stand with what makes them: a start that no product makes and a taper of 200 steps with the planner,
a plan changed while its PDF is made with the views.
"""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import icalendar
import pytest

from tests.exports.pdf_text import needs_poppler, words_of
from tests.exports.samples import TABLET_10, ashdown, mg, plan_of
from titration.domain.planning import make_step, quantities
from titration.domain.record import PlanState
from titration.domain.regimen import Regimen
from titration.exports import FORMATS
from titration.exports.document import PlanDocument

TYPED = {
    "a formula": "=1+1",
    "a formula after a blank": " =HYPERLINK(1)",
    "a line end": "first\r\nsecond",
    "the end of an event": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
    "code of the typesetter": '#read("x") $x$ *bold* @ref',
    "markup": "<script>alert(1)</script>&amp;",
    "right to left": "שלום محمد",
    "turned around": "\u202e12\u202c mg",
    "Chinese": "张伟 每天",
    "quotes": "\"; DROP 'x', \\n;",
    "a NUL and a line separator": "a\x00b\u2028c",
}
by_typing = pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)


def with_text(typed: str) -> PlanDocument:
    """The same text wherever somebody may type."""
    plan = ashdown()
    return replace(
        plan,
        patient=replace(plan.patient, name=typed, identifier=typed),
        clinic=replace(plan.clinic, name=typed, hours=typed, out_of_hours=typed, emergency_wording=typed),
        note=typed,
        reviews=tuple(replace(review, purpose=typed) for review in plan.reviews),
        findings=tuple(replace(found, title=typed, accepted_reason=typed) for found in plan.findings),
        drafted=replace(plan.drafted, by=typed),
        printed=replace(plan.printed, by=typed),
    )


@by_typing
@pytest.mark.parametrize("name", ["steps.csv", "days.csv"])
def test_typed_text_is_no_formula_and_adds_no_row(name: str, typed: str):
    written = FORMATS[name].write(with_text(typed)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written, newline="")))
    usual = list(csv.reader(io.StringIO(FORMATS[name].write(ashdown()).decode("utf-8-sig"), newline="")))
    assert [len(row) for row in rows] == [len(row) for row in usual]
    assert not any(cell.strip().startswith(("=", "+", "@")) for row in rows for cell in row)


@by_typing
def test_typed_text_stays_in_its_event(typed: str):
    calendar = icalendar.Calendar.from_ical(FORMATS["calendar.ics"].write(with_text(typed)))
    assert len(calendar.walk("VEVENT")) == len(
        icalendar.Calendar.from_ical(FORMATS["calendar.ics"].write(ashdown())).walk("VEVENT")
    )
    assert {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}.isdisjoint({"y"})


@by_typing
def test_typed_text_is_data_in_json(typed: str):
    told = json.loads(FORMATS["plan.json"].write(with_text(typed)))
    assert (told["note"], told["patient_identifier"]) == (typed, typed)


@needs_poppler
@by_typing
@pytest.mark.parametrize("name", ["sheet.pdf", "record.pdf"])
def test_typed_text_prints_and_runs_nothing(name: str, typed: str):
    text = words_of(FORMATS[name].write(with_text(typed)))
    assert "01632 960 417" in text
    assert "U+" not in text
    for word in re.findall(r"[A-Za-z#<>()$*@]{3,}", re.sub("[\x00\u2028]", " ", typed)):
        assert word in text


def test_half_a_tablet_for_28_days_is_14_tablets():
    first = date(2026, 11, 16)
    steps = [
        make_step(day, regimen, (TABLET_10,))
        for day, regimen in ((first, mg(5, 0, 0)), (first + timedelta(days=28), mg(0, 0, 0)))
    ]
    assert quantities(steps, first + timedelta(days=28)) == [(TABLET_10, Fraction(14))]


@needs_poppler
def test_half_a_tablet_for_28_days_is_printed_as_14_tablets_on_every_paper():
    plan = plan_of(mg(10, 0, 0), [(date(2026, 11, 16), mg(5, 0, 0)), (date(2026, 12, 14), mg(0, 0, 0))])
    plan = replace(plan, quantities=((TABLET_10, Fraction(14)),))
    assert "you need 14 tablets of 10 mg" in words_of(FORMATS["sheet.pdf"].write(plan))
    assert "14 × 10 mg tablet" in words_of(FORMATS["record.pdf"].write(plan))
    assert json.loads(FORMATS["plan.json"].write(plan))["quantities"][0]["count"] == "14"


@pytest.mark.parametrize(
    ("first", "days"),
    [
        pytest.param(date(2028, 2, 27), 4, id="29 February"),
        pytest.param(date(2026, 12, 30), 4, id="new year"),
        pytest.param(date(2026, 3, 27), 4, id="the clocks go forward"),
        pytest.param(date(2026, 10, 23), 4, id="the clocks go back"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_no_day_is_lost_or_doubled(first: date, days: int, zone: str):
    planned: list[tuple[date, Regimen]] = [(first, mg(5, 0, 0)), (first + timedelta(days=days), mg(0, 0, 0))]
    plan = plan_of(mg(10, 0, 0), planned)
    plan = replace(plan, clinic=replace(plan.clinic, time_zone=zone))
    rows = csv.DictReader(io.StringIO(FORMATS["days.csv"].write(plan).decode("utf-8-sig"), newline=""))
    listed = [row["date"] for row in rows if row["time_of_day"] == "morning"]
    assert listed == [(first + timedelta(days=offset)).isoformat() for offset in range(days + 1)]


@needs_poppler
@pytest.mark.parametrize("state", [PlanState.HELD, PlanState.STOPPED, PlanState.REPLACED])
def test_a_plan_that_no_longer_holds_is_told_by_every_format(state: PlanState):
    plan = ashdown(state=state, held_on=date(2026, 11, 25), ended_on=date(2026, 11, 25))
    assert f",{state.value}," in FORMATS["steps.csv"].write(plan).decode()
    assert json.loads(FORMATS["plan.json"].write(plan))["plan"]["stands_until"] == "2026-11-25"
    assert "STATUS:CANCELLED" in FORMATS["calendar.ics"].write(plan).decode()
    assert "Do not follow" in words_of(FORMATS["sheet.pdf"].write(plan)) or state is PlanState.HELD


def test_a_start_of_nothing_divides_by_nothing():
    plan = plan_of(mg(0, 0, 0), [(date(2026, 11, 16), mg(5, 0, 0))], ends_on=date(2026, 11, 29))
    for each in FORMATS.values():
        assert each.write(plan)
