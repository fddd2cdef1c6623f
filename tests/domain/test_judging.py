"""A plan before the rules: step by step, as a whole, and what would clear it."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.domain.files import file_of, noted
from tests.factories import TODAY, regimen
from titration.domain.findings import Severity
from titration.domain.guidance import load_guidance
from titration.domain.judging import find_remedy, judge_plan
from titration.domain.planning import Phase, PlanDraft, PlanRequest, WayDown, draw_plan
from titration.domain.products import PRODUCTS
from titration.domain.record import IntakeEntry, IntakeKind, KidneyReadingEntry, PlanKind, RegimenEntry

GUIDANCE = load_guidance()
TABLETS = (PRODUCTS["tablet-10-halves"], PRODUCTS["tablet-5"])
RECORD = file_of(
    regimens=[noted(RegimenEntry, starts_on=TODAY - timedelta(days=60), regimen=regimen(20, 20, 20), reason="")],
    exposure_months=Fraction(24),
)


def drawn(way: WayDown, step_mg: int | None = None, days: int | None = None) -> PlanDraft:
    request = PlanRequest(
        kind=PlanKind.TAPER,
        start=regimen(20, 20, 20),
        first_step_on=TODAY + timedelta(days=1),
        target_mcg=0,
        products=TABLETS,
        way=way,
        step_mcg=step_mg * 1000 if step_mg else None,
        step_days=days,
    )
    return draw_plan(request, GUIDANCE)


@pytest.mark.parametrize("way", [WayDown.THREE_WEEKS, WayDown.WEEKLY_5MG])
def test_a_taper_of_label_pace_has_nothing_to_answer(way: WayDown) -> None:
    judged = judge_plan(RECORD, drawn(way).planned, today=TODAY, guidance=GUIDANCE)
    assert judged.answers == ()
    assert (judged.highest or Severity.INFO) is Severity.INFO


def test_each_finding_stands_at_the_step_that_brings_it() -> None:
    draft = drawn(WayDown.EQUAL, 30, 7)
    judged = judge_plan(RECORD, draft.planned, today=TODAY, guidance=GUIDANCE)
    assert list(judged.by_step) == [step.starts_on for step in draft.steps]
    assert judged.by_step[draft.steps[0].starts_on].severity is Severity.HIGH


def test_a_step_that_the_whole_names_stands_once() -> None:
    judged = judge_plan(RECORD, drawn(WayDown.EQUAL, 20, 2).planned, today=TODAY, guidance=GUIDANCE)
    days = [finding.values.get("day_on", finding.since) for finding in judged.findings]
    assert len(days) == len(set(days))


@pytest.mark.parametrize(("step_mg", "days"), [(10, 1), (20, 2), (30, 7), (60, 1)])
def test_a_remedy_leaves_nothing_of_caution_or_above(step_mg: int, days: int) -> None:
    draft = drawn(WayDown.EQUAL, step_mg, days)
    judged = judge_plan(RECORD, draft.planned, today=TODAY, guidance=GUIDANCE)
    remedy = find_remedy(RECORD, draft, judged, today=TODAY, guidance=GUIDANCE)
    assert remedy is not None
    assert (remedy.judged.highest or Severity.INFO) is Severity.INFO
    assert remedy.draft.ends_on > draft.ends_on
    assert remedy.draft.steps[-1].daily_mcg == 0


def test_a_quiet_plan_needs_no_remedy() -> None:
    draft = drawn(WayDown.WEEKLY_5MG)
    judged = judge_plan(RECORD, draft.planned, today=TODAY, guidance=GUIDANCE)
    assert find_remedy(RECORD, draft, judged, today=TODAY, guidance=GUIDANCE) is None


@pytest.mark.parametrize(
    ("totals", "codes"),
    [
        pytest.param([75, 80], set(), id="labelled steps to the labelled maximum"),
        pytest.param([75, 85], {"T2"}, id="above the label"),
        pytest.param([100], {"T1", "T2"}, id="a jump above the label"),
    ],
)
def test_rises_are_judged_by_pace_and_by_label(totals: list[int], codes: set[str]) -> None:
    steps = [(TODAY + timedelta(days=1 + 7 * at), regimen(mg)) for at, mg in enumerate(totals)]
    judged = judge_plan(RECORD, steps, today=TODAY, guidance=GUIDANCE)
    assert {finding.code for finding in judged.findings} == codes


def test_where_no_slower_plan_is_quiet_there_is_no_remedy() -> None:
    """A starting dose that 25 mg tablets cannot take down in small steps."""
    request = PlanRequest(
        kind=PlanKind.TAPER,
        start=regimen(25, 25, 25),
        first_step_on=TODAY + timedelta(days=1),
        target_mcg=0,
        products=(PRODUCTS["tablet-25"],),
        way=WayDown.EQUAL,
        step_mcg=25_000,
        step_days=1,
    )
    draft = draw_plan(request, GUIDANCE)
    judged = judge_plan(RECORD, draft.planned, today=TODAY, guidance=GUIDANCE)
    assert find_remedy(RECORD, draft, judged, today=TODAY, guidance=GUIDANCE) is None


def test_a_plan_that_is_only_too_short_takes_another_pace() -> None:
    short = replace(RECORD, exposure_months=Fraction(0), regimens=(replace(RECORD.regimens[0], regimen=regimen(10)),))
    request = PlanRequest(
        kind=PlanKind.TAPER,
        start=regimen(10),
        first_step_on=TODAY + timedelta(days=1),
        target_mcg=0,
        products=TABLETS,
        way=WayDown.EQUAL,
        step_mcg=5_000,
        step_days=5,
    )
    draft = draw_plan(request, GUIDANCE)
    judged = judge_plan(short, draft.planned, today=TODAY, guidance=GUIDANCE)
    remedy = find_remedy(short, draft, judged, today=TODAY, guidance=GUIDANCE)
    assert remedy is not None
    assert remedy.from_number is None


def test_a_remedy_never_ends_sooner_than_the_plan() -> None:
    """Two paces, the first too steep at 40 to 30 mg: what clears it does not hurry the slow second one."""
    paces = (
        Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=10_000, step_days=7),
        Phase(until_mcg=0, way=WayDown.EQUAL, step_mcg=5_000, step_days=14),
    )
    draft = draw_plan(replace(drawn(WayDown.EQUAL, 10, 7).request, phases=paces), GUIDANCE)
    judged = judge_plan(RECORD, draft.planned, today=TODAY, guidance=GUIDANCE)
    remedy = find_remedy(RECORD, draft, judged, today=TODAY, guidance=GUIDANCE)
    assert remedy is not None
    assert remedy.draft.ends_on >= draft.ends_on
    last = remedy.draft.steps[-6:]
    assert {(later.starts_on - earlier.starts_on).days for earlier, later in pairwise(last)} == {14}


def test_a_plan_falls_from_what_is_prescribed_until_it_begins() -> None:
    """20 mg a day now and 60 from next week on; halved a week later, it is no rise."""
    low, high = regimen(10, 0, 10), RECORD.regimens[0]
    now = replace(high, id="now", starts_on=TODAY - timedelta(days=1), regimen=low)
    soon = replace(high, id="soon", starts_on=TODAY + timedelta(days=7))
    steps = [(TODAY + timedelta(days=14), regimen(10, 10, 10))]
    as_ever = judge_plan(RECORD, steps, today=TODAY, guidance=GUIDANCE)
    record = replace(RECORD, regimens=(high, now, soon))
    judged = judge_plan(record, steps, today=TODAY, guidance=GUIDANCE)
    assert judged.highest == as_ever.highest == Severity.HIGH
    assert judged.by_step[steps[0][0]].values["from_mcg"] == 60_000


def test_each_fast_rise_of_a_plan_counts_also_after_one_that_stands_before_it() -> None:
    """15 to 50 mg by hand today, 55 tomorrow; 100 mg in one step two months later is a fast rise of its own."""
    ever = noted(RegimenEntry, starts_on=TODAY - timedelta(days=60), regimen=regimen(5, 5, 5), reason="")
    risen = replace(ever, id="risen", starts_on=TODAY, regimen=regimen(20, 10, 20))
    in_two_months = TODAY + timedelta(days=60)
    steps = [(TODAY + timedelta(days=1), regimen(20, 15, 20)), (in_two_months, regimen(40, 20, 40))]
    judged = judge_plan(replace(RECORD, regimens=(ever, risen)), steps, today=TODAY, guidance=GUIDANCE)
    assert (judged.by_step[in_two_months].code, judged.by_step[in_two_months].severity) == ("T1", Severity.HIGH)
    assert "T1" in {finding.code for finding in judged.answers}


@pytest.mark.parametrize("days", [1, 3, 5, 7, 10, 20, 40])
def test_a_stop_is_critical_also_where_nobody_knows_what_is_taken_since(days: int) -> None:
    """It falls from what is prescribed, and says that what was taken is missing."""
    report = noted(IntakeEntry, kind=IntakeKind.UNKNOWN, starts_on=TODAY - timedelta(days=days), ends_on=None)
    steps = [(TODAY + timedelta(days=1), regimen(0))]
    judged = judge_plan(replace(RECORD, intakes=(report,)), steps, today=TODAY, guidance=GUIDANCE)
    assert [(finding.code, finding.severity) for finding in judged.answers] == [("W5", Severity.CRITICAL)]
    assert "W5" in {open_question.code for open_question in judged.assessment.undecided}


def test_a_step_down_is_no_rise_where_one_stands_before_it() -> None:
    """15 to 50 mg by hand today: 45 mg tomorrow goes back from it."""
    ever = noted(RegimenEntry, starts_on=TODAY - timedelta(days=60), regimen=regimen(5, 5, 5), reason="")
    risen = replace(ever, id="risen", starts_on=TODAY, regimen=regimen(20, 10, 20))
    steps = [(TODAY + timedelta(days=1), regimen(15, 15, 15))]
    judged = judge_plan(replace(RECORD, regimens=(ever, risen)), steps, today=TODAY, guidance=GUIDANCE)
    assert "T1" not in {finding.code for finding in judged.findings}


def rising(start_mg: float, *totals_mg: float, egfr: int | None = None) -> list[str]:
    """What must be answered of weekly steps up."""
    ever = noted(RegimenEntry, starts_on=TODAY - timedelta(days=60), regimen=regimen(start_mg), reason="")
    readings = [noted(KidneyReadingEntry, on=TODAY, egfr=Fraction(egfr))] if egfr else []
    steps = [(TODAY + timedelta(days=1 + 7 * place), regimen(mg)) for place, mg in enumerate(totals_mg)]
    record = replace(RECORD, regimens=(ever,), kidney=tuple(readings))
    judged = judge_plan(record, steps, today=TODAY, guidance=GUIDANCE)
    return [f"{each.code} {each.severity.label} {each.variant}" for each in judged.answers]


@pytest.mark.parametrize(
    ("start_mg", "totals_mg", "egfr", "answers"),
    [
        pytest.param(115, (125, 130, 135), None, ["T2 high second_opinion"], id="above 120, once"),
        pytest.param(150, (160, 170), None, [], id="stands above 120"),
        pytest.param(175, (185, 195), None, ["T2 high team_review"], id="from above 120 to above 180"),
        pytest.param(
            115, (125, 140, 155, 170, 185), None, ["T2 high second_opinion", "T2 high team_review"], id="past both"
        ),
        pytest.param(30, (35, 40), 25, ["R1 critical severe_raised"], id="at eGFR 25, once"),
        pytest.param(30, (25, 20), 25, [], id="down at eGFR 25"),
    ],
)
def test_a_plan_asks_for_what_a_dose_change_would_ask_for(
    start_mg: float, totals_mg: tuple[float, ...], egfr: int | None, answers: list[str]
) -> None:
    assert rising(start_mg, *totals_mg, egfr=egfr) == answers
