"""What the chart model says about doses, plans, drops and gaps."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.charts.ashdown import (
    ABRUPT_STOP,
    TODAY,
    Limits,
    ashdown,
    finding,
    flag,
    intake,
    noon,
    nothing_found,
    of_total,
    plan,
    regimen,
    score,
    sedation,
    weekly,
)
from titration.charts import ChartModel, chart_model
from titration.charts.dose import dose_band
from titration.domain.findings import Severity
from titration.domain.record import IntakeKind, PatientRecord, PlanState, ScoreEntry

FIRST = date(2026, 9, 1)


def model_of(record: PatientRecord, *findings: object, today: date = TODAY, **more: object) -> ChartModel:
    return chart_model(record, nothing_found(today, *findings), today=today, guidance=Limits(), **more)


def plain_record(**changes: object) -> PatientRecord:
    empty = {
        "regimens": (regimen(FIRST, 60),),
        "intakes": (),
        "sedations": (),
        "symptoms": (),
        "scores": (),
        "plans": (),
        "flags": (),
    }
    return ashdown(**(empty | changes))


def taken_on(model: ChartModel, day: date) -> int | None:
    return next((step.mcg for step in reversed(model.dose.taken) if step.day <= day.toordinal()), None)


def test_a_dose_change_never_rewrites_earlier_days() -> None:
    before = model_of(plain_record())
    after = model_of(plain_record(regimens=(regimen(FIRST, 60), regimen(date(2026, 10, 1), 20))))
    days = [FIRST + timedelta(days=n) for n in range(30)]
    assert [taken_on(after, day) for day in days] == [taken_on(before, day) for day in days]
    assert taken_on(after, date(2026, 9, 30)) == 60_000
    assert taken_on(after, date(2026, 10, 1)) == 20_000


def test_an_unknown_stretch_stays_a_gap() -> None:
    unknown = intake(IntakeKind.UNKNOWN, date(2026, 10, 1), date(2026, 10, 5))
    model = model_of(plain_record(intakes=(unknown,)))
    assert [(date.fromordinal(step.day), step.mcg) for step in model.dose.taken][:3] == [
        (FIRST, 60_000),
        (date(2026, 10, 1), None),
        (date(2026, 10, 6), 60_000),
    ]


def test_the_taken_line_ends_with_today() -> None:
    later = regimen(TODAY + timedelta(days=10), 40)
    model = model_of(plain_record(regimens=(regimen(FIRST, 60), later)))
    assert model.dose.taken[-1] == (TODAY.toordinal() + 1, None, False)
    assert [line.runs[-1].mcg for line in model.dose.lines if line.kind == "prescribed"] == [60_000, 40_000]
    assert model.last == later.starts_on.toordinal() + 7


def test_prescribed_is_drawn_only_where_it_differs() -> None:
    missed = intake(IntakeKind.MISSED, date(2026, 10, 5), date(2026, 10, 6), regimen=of_total(40))
    (line,) = model_of(plain_record(intakes=(missed,))).dose.lines
    assert line.kind == "prescribed"
    assert [(date.fromordinal(run.first), date.fromordinal(run.until)) for run in line.runs] == [
        (date(2026, 10, 5), date(2026, 10, 7)),
    ]


@pytest.mark.parametrize(
    ("intakes", "unconfirmed"),
    [
        pytest.param((), [False, True, True], id="nobody told anything"),
        pytest.param(
            (intake(IntakeKind.AS_PRESCRIBED, TODAY - timedelta(days=3), None, recorded_at=noon(TODAY)),),
            [False, True, False],
            id="told as prescribed",
        ),
    ],
)  # fmt: skip
def test_what_only_a_plan_says_is_unconfirmed(intakes: tuple[object, ...], unconfirmed: list[bool]) -> None:
    steps = weekly(TODAY - timedelta(days=10), [50, 40], 7)
    model = model_of(plain_record(plans=(plan(1, PlanState.RUNNING, steps),), intakes=intakes))
    assert [step.unconfirmed for step in model.dose.taken if step.mcg is not None] == unconfirmed


def test_as_prescribed_confirms_no_day_after_it_was_told() -> None:
    told = intake(
        IntakeKind.AS_PRESCRIBED, TODAY - timedelta(days=9), None, recorded_at=noon(TODAY - timedelta(days=5))
    )
    steps = [(TODAY - timedelta(days=10), 50)]
    model = model_of(plain_record(plans=(plan(1, PlanState.RUNNING, steps),), intakes=(told,)))
    states = [(TODAY.toordinal() - step.day, step.unconfirmed) for step in model.dose.taken if step.mcg == 50_000]
    assert states == [(10, True), (9, False), (4, True)]


def test_a_running_plan_is_drawn_ahead_and_earlier_versions_as_ghosts() -> None:
    lines = {line.kind: line for line in model_of(ashdown()).dose.lines}
    assert lines["plan"].label == "plan, version 2"
    assert [run.mcg for run in lines["plan"].runs] == [mg * 1000 for mg in (50, 40, 35, 30, 25, 20, 15, 10, 5, 0)]
    assert lines["plan"].from_mcg == 60_000
    assert lines["ghost"].label == "version 1"


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (PlanState.RUNNING, "plan, version 1"),
        (PlanState.HELD, "plan, version 1, held"),
        (PlanState.DRAFT, "plan, version 1, draft"),
    ],
    ids=["running", "held", "draft"],
)
def test_a_plan_says_its_state(state: PlanState, label: str) -> None:
    held_on = {"held_on": TODAY} if state is PlanState.HELD else {}
    steps = [(TODAY + timedelta(days=3), 50)]
    record = plain_record(plans=(plan(1, state, steps, **held_on),))
    assert model_of(record).dose.lines[0].label == label


def test_a_plan_being_drawn_up_stands_before_the_followed_one() -> None:
    draft = [(TODAY + timedelta(days=1), of_total(40)), (TODAY + timedelta(days=8), of_total(0))]
    band = dose_band(
        ashdown(), nothing_found(), marks=(), today=TODAY.toordinal(), guidance=Limits(), draft_steps=draft
    )
    lines = [(line.kind, line.label) for line in band.lines]
    assert ("plan", "plan, draft") in lines
    assert ("ghost", "version 2") in lines


def test_a_stop_is_a_named_window_until_the_dose_is_back() -> None:
    model = model_of(ashdown(), ABRUPT_STOP, marks=(ABRUPT_STOP,))
    (window,) = model.dose.falls
    assert (window.words, window.cause) == ("Abrupt stop, 60 → 0", "tablets ran out")
    assert (window.first, window.until) == (date(2026, 11, 12).toordinal(), TODAY.toordinal() + 1)


@pytest.mark.parametrize(
    ("severity", "windows"),
    [(Severity.INFO, 0), (Severity.CAUTION, 1), (Severity.HIGH, 1)],
    ids=["info", "caution", "high"],
)
def test_windows_begin_at_caution(severity: Severity, windows: int) -> None:
    past = finding("W2", severity, date(2026, 10, 5))
    assert len(model_of(plain_record(), marks=(past,)).dose.falls) == windows


def test_while_a_stop_stands_no_other_drop_is_drawn() -> None:
    drops = tuple(finding(code, Severity.HIGH, ABRUPT_STOP.since) for code in ("W2", "W3"))
    earlier = finding("W2", Severity.CAUTION, date(2026, 10, 5))
    model = model_of(ashdown(flags=()), ABRUPT_STOP, marks=(earlier, *drops))
    assert [window.code for window in model.dose.falls] == ["W2", "W1"]
    lane = {lane.key: lane for lane in model.lanes}["flags"]
    assert [mark.severity for mark in lane.marks] == ["caution", "critical"]


def test_what_the_rules_said_in_the_past_is_a_mark_unless_it_has_its_flag() -> None:
    past = finding("W2", Severity.HIGH, date(2026, 10, 5))
    lane = {lane.key: lane for lane in model_of(plain_record(), marks=(past,)).lanes}["flags"]
    assert [mark.severity for mark in lane.marks] == ["high"]
    flagged = plain_record(flags=(flag(date(2026, 10, 5), "W2", "high", "One-day drop"),))
    lane = {lane.key: lane for lane in model_of(flagged, marks=(past,)).lanes}["flags"]
    assert [mark.words for mark in lane.marks] == ["One-day drop"]


@pytest.mark.parametrize(
    ("mg", "ceiling"),
    [(150, None), (151, 200_000), (200, 200_000)],
    ids=["at three quarters", "just above", "at the ceiling"],
)
def test_the_ceiling_is_drawn_when_a_dose_comes_near(mg: int, ceiling: int | None) -> None:
    assert model_of(plain_record(regimens=(regimen(FIRST, mg),))).dose.ceiling_mcg == ceiling


@pytest.mark.parametrize(("label_set", "maximum"), [("US", 80_000), ("UK", 100_000)])
def test_the_labelled_maximum_is_that_of_the_clinic(label_set: str, maximum: int) -> None:
    assert model_of(plain_record(label_set=label_set)).dose.maximum_mcg == maximum


@pytest.mark.parametrize(("days", "runs"), [(27, 1), (28, 1), (29, 2)], ids=["27 days", "28 days", "29 days"])
def test_scores_more_than_four_weeks_apart_are_not_joined(days: int, runs: int) -> None:
    scores = (score(FIRST, "pain", "5"), score(FIRST + timedelta(days=days), "pain", "4"))
    (series,) = model_of(plain_record(scores=scores)).response.series
    assert len(series.runs) == runs


@pytest.mark.parametrize("value", ["1+", "nan", "inf", "-1", "11", "7e3", ""])
def test_a_value_that_is_no_score_from_0_to_10_is_not_drawn(value: str) -> None:
    assert model_of(plain_record(scores=(score(FIRST, "pain", value),))).response.series == ()


def test_a_report_stands_on_its_day_in_the_clinics_zone() -> None:
    at = datetime(2026, 10, 24, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/London"))
    late = ScoreEntry(id="s", recorded_at=at, recorded_by="x", at=at, scale="pain", value="3")
    (series,) = model_of(plain_record(scores=(late,))).response.series
    assert date.fromordinal(series.runs[0][0].day) == date(2026, 10, 25)


def test_a_step_back_carries_its_reason_and_lasts_until_the_next_change() -> None:
    model = model_of(ashdown())
    assert "back: sedation" in [note.text for note in model.dose.notes]
    holds = {lane.key: lane for lane in model.lanes}["holds"]
    assert [bar.words for bar in holds.bars] == ["stepped back 23 days"]


def test_grade_zero_is_no_symbol() -> None:
    lane = {
        lane.key: lane for lane in model_of(plain_record(sedations=(sedation(FIRST, 0), sedation(TODAY, 4)))).lanes
    }["sedation"]
    assert [(symbol.text, symbol.severity) for symbol in lane.symbols] == [("S4", "severe")]


@pytest.mark.parametrize(
    ("record", "findings", "shown"),
    [
        (plain_record(), (), "all"),
        (plain_record(), (ABRUPT_STOP,), "3m"),
        (plain_record(flags=(flag(TODAY, "W1", "critical", "Stop", "open"),)), (), "3m"),
        (plain_record(flags=(flag(TODAY, "W1", "critical", "Stop", "resolved"),)), (), "all"),
    ],
    ids=["nothing", "a critical finding", "an open critical flag", "a resolved one"],
)
def test_the_range_is_short_while_something_critical_stands(
    record: PatientRecord, findings: tuple[object, ...], shown: str
) -> None:
    assert model_of(record, *findings).default_range == shown


def test_ten_thousand_changes_stay_a_bounded_picture_and_say_so() -> None:
    begin = TODAY - timedelta(days=9_999)
    changes = tuple(regimen(begin + timedelta(days=n), 20 + 5 * (n % 7)) for n in range(10_000))
    model = model_of(plain_record(regimens=changes))
    assert len(model.dose.taken) <= 2_000
    assert model.thinned[0].total == 10_001
    assert max(step.mcg or 0 for step in model.dose.taken) == 50_000
    assert len(json.dumps(model.as_json())) < 200_000


def test_the_data_hold_finite_numbers_only_and_survive_json() -> None:
    data = model_of(ashdown(), ABRUPT_STOP).as_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_an_empty_record_has_an_empty_chart() -> None:
    model = model_of(plain_record(regimens=()))
    assert model.dose.taken == () or all(step.mcg is None for step in model.dose.taken)
    assert model.first <= model.today <= model.last


def test_a_change_ahead_is_named_by_its_day() -> None:
    ahead = TODAY + timedelta(days=10)
    model = model_of(plain_record(regimens=(regimen(FIRST, 60), regimen(ahead, 35))))
    lines = [(line.label.replace("\u00a0", " "), line.runs[0].first) for line in model.dose.lines]
    assert lines == [("prescribed", TODAY.toordinal() + 1), (f"from {ahead.day} {ahead:%b}", ahead.toordinal())]


def test_a_change_ahead_is_drawn_beside_the_plan_that_it_holds() -> None:
    ahead = TODAY + timedelta(days=3)
    held = plan(1, PlanState.HELD, weekly(TODAY + timedelta(days=1), [50, 40, 30], 7), held_on=ahead)
    model = model_of(plain_record(regimens=(regimen(FIRST, 60), regimen(ahead, 20)), plans=(held,)))
    shown = {line.label.replace("\u00a0", " "): line.runs[0].mcg for line in model.dose.lines}
    assert shown[f"from {ahead.day} {ahead:%b}"] == 20_000


def test_each_of_two_changes_ahead_has_its_own_day() -> None:
    first, second = TODAY + timedelta(days=10), TODAY + timedelta(days=17)
    model = model_of(plain_record(regimens=(regimen(FIRST, 60), regimen(first, 35), regimen(second, 20))))
    shown = [(line.label.replace("\u00a0", " "), line.runs[-1].mcg) for line in model.dose.lines]
    assert shown[1:] == [(f"from {first.day} {first:%b}", 35_000), (f"from {second.day} {second:%b}", 20_000)]
