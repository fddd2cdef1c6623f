"""Properties that hold for every course of doses, not only for those that somebody thought of."""

import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import event, given, seed, settings
from hypothesis import strategies as st

from tests.domain.courses import FIRST, GUIDANCE, case_of, each_day, level
from titration.domain.assess import assess, marks
from titration.domain.case import Case, Interruption, KidneyReading, MissedDoses, ReportedIntake, Score, Sedation, Sign
from titration.domain.case_file import CaseFile, read_case
from titration.domain.findings import Finding, Severity
from titration.domain.history import DoseHistory
from titration.domain.record import IntakeKind
from titration.domain.rules import RULES
from titration.domain.vocabulary import C1_CONDITIONS, COMEDICATIONS, CONDITIONS, INTERRUPTIONS, WITHDRAWAL_SIGNS
from titration.domain.wording import say, say_undecided

WITHDRAWAL = ("W1", "W2", "W3")
DOSES = st.sampled_from([0, 5, 10, 12.5, 15, 20, 25, 30, 40, 45, 50, 60, 75, 80, 90, 100, 120, 180, 200, 300])
STEADY = st.tuples(st.sampled_from([20, 30, 45, 60, 80, 120]), st.integers(15, 50))


def runs_of(doses: st.SearchStrategy[float | None]) -> st.SearchStrategy[list[tuple[float | None, int]]]:
    """Anything at all, or a steady dose and what came of it in a few days: else few cases have a dose to fall from."""
    anything = st.lists(st.tuples(doses, st.integers(1, 20)), min_size=1, max_size=8)
    after = st.lists(st.tuples(doses, st.integers(1, 4)), min_size=1, max_size=4)
    return anything | st.builds(lambda steady, changes: [steady, *changes], STEADY, after)


RUNS, KNOWN_RUNS = runs_of(DOSES | st.none()), runs_of(DOSES)
MONTHS = st.sampled_from([None, Fraction(0), Fraction(1), Fraction(12)])
RUNS_OF_CASES, KNOWN_CASES = (
    st.builds(lambda runs, months: case_of(*runs, months=months), runs, MONTHS) for runs in (RUNS, KNOWN_RUNS)
)


@given(
    start=st.integers(80, 120),
    falls=st.lists(st.integers(10, 95), min_size=1, max_size=3),
    factor=st.sampled_from([Fraction(3, 4), Fraction(3, 2), Fraction(2)]),
    months=MONTHS,
)
@settings(deadline=None)
def test_scaling_all_doses_changes_no_percent_rule(
    start: int, falls: list[int], factor: Fraction, months: Fraction | None
) -> None:
    """Away from the limits in mg: no dose of 20 mg or less, no step of 20 mg or less but in per cent of the dose."""
    runs, mg = [(Fraction(start), 40)], Fraction(start)
    for fall in falls:
        lower = mg * (100 - fall) / 100
        if lower * Fraction(3, 4) <= 20 or (mg - lower) * Fraction(3, 4) <= 20:
            break
        runs.append((lower, 3))
        mg = lower
    plain, scaled = (
        DoseHistory.from_daily(_daily([(dose * times, days) for dose, days in runs])) for times in (1, factor)
    )
    case = case_of((1, sum(days for _, days in runs)), months=months)
    event(f"W2 {level(replace(case, taken=plain), 'W2')}")
    assert level(replace(case, taken=plain), "W2") == level(replace(case, taken=scaled), "W2")


def _daily(runs: list[tuple[Fraction, int]]) -> list[tuple[int, int]]:
    day, known = FIRST.toordinal(), []
    for mg, days in runs:
        known += [(day + offset, int(mg * 1000)) for offset in range(days)]
        day += days
    return known


@given(rows=st.lists(DOSES, min_size=1, max_size=60), order=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_input_rows_does_not_matter(rows: list[float], order: object) -> None:
    taken = [[(FIRST + timedelta(place)).isoformat(), f"{mg:g}"] for place, mg in enumerate(rows)]
    shuffled = list(taken)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    as_of = (FIRST + timedelta(len(rows) - 1)).isoformat()
    forward, mixed = (
        read_case(json.dumps({"schema": "titration.case/1", "as_of": as_of, "taken": each}), GUIDANCE).case
        for each in (taken, shuffled)
    )
    assert assess(forward, GUIDANCE) == assess(mixed, GUIDANCE)


@given(runs=RUNS, months=MONTHS)
@settings(deadline=None, max_examples=40)
def test_day_by_day_equals_each_day_afresh(runs: list[tuple[float | None, int]], months: Fraction | None) -> None:
    """No day knows what came after it, and none remembers what was asked before."""
    case = case_of(*runs, months=months)
    if case.taken.first_day is None:
        return
    days = CaseFile(case, date.fromordinal(case.taken.first_day)).days()
    for day, whole in zip(days, each_day(case), strict=True):
        until_then = replace(case, as_of=day.as_of, taken=case.taken.until(day.day))
        assert _told(assess(until_then, GUIDANCE).findings) == _told(whole.findings)


def _told(findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    return [(each.code, each.severity, each.since, each.episode, each.until, each.fingerprint) for each in findings]


@given(usual=st.sampled_from([20, 30, 60, 90, 120]), taken=st.integers(0, 8), months=MONTHS, after=st.integers(0, 13))
@settings(deadline=None)
def test_adding_the_missed_dose_back_never_raises_severity(
    usual: int, taken: int, months: Fraction | None, after: int
) -> None:
    """The day of the miss with a part of its dose, then with the whole: steady days before and after."""
    part = min(usual, usual * taken / 8)
    with_miss = case_of((usual, 40), (part, 1), *[(usual, after)] * bool(after), months=months)
    put_back = case_of((usual, 41), *[(usual, after)] * bool(after), months=months)
    for code in WITHDRAWAL:
        assert (level(put_back, code) or 0) <= (level(with_miss, code) or 0)


@given(runs=KNOWN_RUNS, months=MONTHS, condition=st.sampled_from(sorted(C1_CONDITIONS)))
@settings(deadline=None)
def test_a_vulnerability_never_lowers_a_level(
    runs: list[tuple[float | None, int]], months: Fraction | None, condition: str
) -> None:
    plain = case_of(*runs, months=months)
    vulnerable = replace(plain, conditions=frozenset({condition}))
    levels = [{f.code: f.severity for f in assess(case, GUIDANCE).findings} for case in (plain, vulnerable)]
    assert all(levels[1][code] >= severity for code, severity in levels[0].items())
    assert set(levels[1]) - set(levels[0]) <= {"C1"}


DAYS = st.integers(0, 90)


def on(offset: int) -> date:
    return FIRST + timedelta(offset)


def at(offset: int, hour: int) -> datetime:
    return datetime.combine(on(offset), time(hour))


REPORTS = st.builds(
    lambda day, days, kind: ReportedIntake(
        first_on=on(day), last_on=None if days is None else on(day + days), kind=kind
    ),
    DAYS,
    st.none() | st.integers(0, 9),
    st.sampled_from(IntakeKind),
)


def several[T](each: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(each, max_size=3).map(tuple)


def words(known: Iterable[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(known)), max_size=3)


def history(runs: list[tuple[float | None, int]], start: int) -> DoseHistory:
    day, changes = on(start).toordinal(), []
    for mg, days in runs:
        changes.append((day, None if mg is None else round(mg * 1000)))
        day += days
    return DoseHistory.of(changes)


HISTORIES = st.builds(history, RUNS, st.integers(0, 60))
PLANS = st.builds(history, KNOWN_RUNS, DAYS)


def missed_on(days: st.SearchStrategy[int]) -> st.SearchStrategy[MissedDoses]:
    return st.builds(
        lambda day, n, more: MissedDoses(on=on(day), missed=n, due=n + more), days, st.integers(0, 4), DAYS
    )


def signs_on(days: st.SearchStrategy[int]) -> st.SearchStrategy[Sign]:
    return st.builds(
        lambda day, code, more: Sign(on=on(day), code=code, until=None if more is None else on(day + more)),
        days,
        st.sampled_from(sorted(WITHDRAWAL_SIGNS)),
        st.none() | st.integers(0, 20),
    )


def scores_on(days: st.SearchStrategy[int]) -> st.SearchStrategy[Score]:
    return st.builds(
        lambda day, scale, value: Score(on=on(day), scale=scale, value=value),
        days,
        st.sampled_from(["spasticity", "pain"]),
        st.integers(0, 10),
    )


def interruptions_on(days: st.SearchStrategy[int]) -> st.SearchStrategy[Interruption]:
    return st.builds(
        lambda day, kind, has: Interruption(on=on(day), kind=kind, has_continuity=has),
        days,
        st.sampled_from(sorted(INTERRUPTIONS)),
        st.booleans(),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A day within or soon after the course, and reports of any day or of the two weeks before it."""
    runs, start = draw(RUNS), draw(st.integers(0, 30))
    today = start + sum(days for _, days in runs) - draw(st.integers(0, 5))
    days = DAYS | st.integers(max(0, today - 13), max(0, today))
    moments = st.builds(at, days, st.integers(0, 23))
    as_of = on(max(0, today))
    return Case(
        as_of=as_of,
        at=draw(st.none() | st.just(datetime.combine(as_of, time(10)))),
        taken=draw(st.sampled_from([history(runs, start)] * 9 + [DoseHistory()])),
        prescribed=draw(st.none() | HISTORIES),
        plan=draw(st.none() | PLANS),
        exposure_months=draw(MONTHS),
        birth_date=draw(st.none() | st.dates(date(1930, 1, 1), date(2020, 1, 1))),
        label_set=draw(st.sampled_from(["US", "UK", "AU"])),
        reports=draw(several(REPORTS)),
        missed=draw(several(missed_on(days))),
        sedation=draw(several(st.builds(lambda at, grade: Sedation(at=at, grade=grade), moments, st.integers(0, 4)))),
        signs=draw(several(signs_on(days))),
        conditions=draw(words(CONDITIONS)),
        comedications=draw(words(COMEDICATIONS)),
        known_since={code: on(draw(DAYS)) for code in draw(words({*CONDITIONS, *COMEDICATIONS}))},
        egfr=draw(
            several(
                st.builds(lambda day, n: KidneyReading(on=on(day), egfr=Fraction(n, 10)), days, st.integers(0, 1500))
            )
        ),
        last_dose_at=draw(st.none() | moments),
        scores=draw(several(scores_on(days))),
        interruptions=draw(several(interruptions_on(days))),
        runs_out_on=draw(st.none() | days.map(on)),
        next_review_on=draw(st.none() | days.map(on)),
    )


RANDOM_CASES = int(os.environ.get("TITRATION_RANDOM_CASES", "2000"))


@given(case=cases())
@settings(deadline=None, max_examples=RANDOM_CASES)
def test_every_case_is_answered_in_words(case: Case) -> None:
    """`make random-cases` asks 10,000."""
    assessment = assess(case, GUIDANCE)
    for finding in (*assessment.findings, *marks(case, GUIDANCE, FIRST)):
        told = say(finding, GUIDANCE)
        assert told.title
        assert told.reason
        words = " ".join((told.title, told.reason, *told.why, *told.consider, *told.clears, *told.missing))
        assert not re.search(r"\b(None|nan|inf)\b", words)
        assert not any(isinstance(value, float) and math.isnan(value) for value in finding.values.values())
        assert isinstance(finding.severity, Severity)
    assert all(say_undecided(undecided, GUIDANCE) for undecided in assessment.undecided)
    severities = [finding.severity for finding in assessment.findings]
    assert severities == sorted(severities, reverse=True)
    assert assessment.next_change_on is None or assessment.next_change_on >= case.as_of


@pytest.mark.parametrize(
    ("drawn", "codes"),
    [
        pytest.param(RUNS_OF_CASES, ("W1", "W2", "W3", "T1", "T2"), id="day by day"),
        pytest.param(KNOWN_CASES, ("W1", "W2", "W3"), id="vulnerability"),
        pytest.param(cases(), tuple(RULES), id="every case"),
    ],
)
def test_the_cases_of_these_properties_do_raise_the_rules(
    drawn: st.SearchStrategy[Case], codes: tuple[str, ...]
) -> None:
    """A property of cases in which nothing fires says nothing."""
    counted: Counter[str] = Counter()

    @seed(0)
    @given(case=drawn)
    @settings(deadline=None, max_examples=300, database=None)
    def ask(case: Case) -> None:
        counted.update({finding.code for finding in assess(case, GUIDANCE).findings})

    ask()
    assert {code for code in codes if not counted[code]} == set()
