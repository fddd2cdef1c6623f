"""W4, W8, S2, R1, R2, C1 to C3 and N1 at their boundaries."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest

from tests.domain.courses import FIRST, GUIDANCE, LONG, SHORT, Run, case_of, found, level, missing
from titration.domain.assess import assess
from titration.domain.case import Case, Interruption, KidneyReading, MissedDoses, Score, Sedation
from titration.domain.findings import Severity

INFO, CAUTION, HIGH, CRITICAL = Severity
STEADY: tuple[Run, ...] = ((60, 60),)


def day(offset: int) -> date:
    return FIRST + timedelta(offset)


def instant(offset: int, hour: int) -> datetime:
    return datetime.combine(day(offset), time(hour))


def waiting(hours: int, *, mg: float = 60, months: Fraction | None = LONG, missed: int = 1) -> Case:
    """A dose was missed; the last one was so many hours ago."""
    case = case_of((mg, 60), months=months, missed=(MissedDoses(on=day(59), missed=missed, due=3),))
    at = instant(59, 23)
    return replace(case, at=at, last_dose_at=at - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (waiting(11), None),
        (waiting(12), CAUTION),
        (waiting(17), CAUTION),
        (waiting(18), HIGH),
        (waiting(23), HIGH),
        (waiting(24), CRITICAL),
        (waiting(24, missed=0), None),
        (waiting(24, mg=30), CRITICAL),
        (waiting(24, mg=29.9), HIGH),
        (waiting(12, mg=29.9), INFO),
        (waiting(24, months=None), CRITICAL),
    ],
    ids=[
        *("11 h", "12 h", "17 h", "18 h", "23 h", "24 h", "nothing missed", "usual dose 30", "usual dose below 30"),
        *("never below info", "unknown exposure"),
    ],
)
def test_hours_since_the_last_dose(case: Case, expected: Severity | None) -> None:
    assert level(case, "W4") == expected


def test_hours_count_less_before_exposure_is_long() -> None:
    case = case_of((60, 40), months=SHORT, missed=(MissedDoses(on=day(39), missed=1, due=3),))
    assert level(replace(case, at=instant(39, 23), last_dose_at=instant(38, 22)), "W4") is HIGH


def test_a_whole_day_without_a_dose_is_a_missed_dose() -> None:
    case = replace(case_of((60, 60), (0, 1)), at=instant(60, 10), last_dose_at=instant(59, 22))
    assert level(case, "W4") is CAUTION


def test_the_last_dose_is_asked_for_where_doses_are_missing() -> None:
    assert missing(case_of((60, 60), (0, 1)), "W4") == "last_dose"
    assert missing(case_of(*STEADY), "W4") is None


def test_while_hours_count_the_answer_may_change_today() -> None:
    assert assess(waiting(12), GUIDANCE).next_change_on == day(59)
    assert assess(waiting(30), GUIDANCE).next_change_on != day(59)


@pytest.mark.parametrize(
    ("ahead", "continuity", "expected"),
    [(0, False, HIGH), (14, False, HIGH), (15, False, None), (-1, False, None), (5, True, None)],
    ids=["today", "14 days", "15 days", "yesterday", "with a note"],
)
def test_a_planned_interruption(ahead: int, continuity: bool, expected: Severity | None) -> None:
    planned = Interruption(on=day(59 + ahead), kind="surgery", has_continuity=continuity)
    assert level(replace(case_of(*STEADY), interruptions=(planned,)), "W8") == expected


@pytest.mark.parametrize(
    ("empty_in", "review_in", "expected"),
    [(2, None, HIGH), (3, None, None), (3, 4, CAUTION), (3, 3, None), (-1, None, HIGH)],
    ids=["in 2 days", "in 3 days", "before the review", "on the day of the review", "empty since yesterday"],
)
def test_tablets_that_run_out(empty_in: int, review_in: int | None, expected: Severity | None) -> None:
    review = None if review_in is None else day(59 + review_in)
    case = replace(case_of(*STEADY), runs_out_on=day(59 + empty_in), next_review_on=review)
    assert level(case, "W8") == expected


def test_nobody_who_takes_nothing_runs_out() -> None:
    assert level(replace(case_of((0, 60)), runs_out_on=day(59)), "W8") is None


def sedated(grade: int, *drugs: str, ago: int = 0) -> Case:
    report = Sedation(at=instant(59 - ago, 9), grade=grade)
    return replace(case_of(*STEADY, sedation=(report,)), comedications=frozenset(drugs))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (sedated(0, "opioid"), None),
        (sedated(1, "opioid"), CAUTION),
        (sedated(2, "alcohol"), HIGH),
        (sedated(4, "tizanidine"), HIGH),
        (sedated(2), None),
        (sedated(2, "lithium"), None),
        (sedated(1, "opioid", ago=6), CAUTION),
        (sedated(1, "opioid", ago=7), None),
        (sedated(3, "opioid", ago=30), HIGH),
    ],
    ids=[
        "grade 0",
        "grade 1",
        "grade 2",
        "grade 4",
        "no other drug",
        "no depressant",
        "7th day",
        "8th day",
        "severe stands",
    ],
)
def test_sedation_with_other_depressants(case: Case, expected: Severity | None) -> None:
    assert level(case, "S2") == expected


def kidney(egfr: float, *runs: Run, born: date = date(1980, 6, 1), conditions: tuple[str, ...] = ()) -> Case:
    case = case_of(*(runs or STEADY), birth_date=born, conditions=conditions)
    return replace(case, egfr=(KidneyReading(on=FIRST, egfr=Fraction(str(egfr))),))


OLD, NOT_YET_OLD = date(1960, 3, 5), date(1960, 3, 6)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (kidney(90), None),
        (kidney(89.9), INFO),
        (kidney(60), INFO),
        (kidney(59.9), CAUTION),
        (kidney(30), CAUTION),
        (kidney(29.9), HIGH),
        (kidney(45, (20, 60), born=OLD), HIGH),
        (kidney(45, (20, 60), born=NOT_YET_OLD), CAUTION),
        (kidney(45, (19.9, 60), born=OLD), CAUTION),
        (kidney(20, (60, 57), (65, 3)), CRITICAL),
        (kidney(20, (60, 56), (65, 4)), HIGH),
        (kidney(20, (0, 59), (5, 1)), CRITICAL),
        (kidney(20, (0, 60)), None),
        (kidney(95, conditions=("dialysis",)), HIGH),
    ],
    ids=[
        *("90", "below 90", "60", "below 60", "30", "below 30", "66 years and 20 mg", "65 years", "below 20 mg"),
        *("raised", "raised 4 days ago", "started", "not taken", "dialysis"),
    ],
)
def test_kidney_function(case: Case, expected: Severity | None) -> None:
    assert level(case, "R1") == expected


def test_an_old_reading_is_named_as_such() -> None:
    fresh, old = (found(replace(kidney(45), as_of=day(59 + extra)), "R1") for extra in (0, 307))
    assert fresh is not None
    assert fresh.values["notes"] == ()
    assert old is None or old.values["notes"] == ("old_reading",)


def readings(*pairs: tuple[int, float]) -> Case:
    egfr = tuple(KidneyReading(on=day(offset), egfr=Fraction(str(value))) for offset, value in pairs)
    return replace(case_of((60, 200)), egfr=egfr)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (readings((100, 80), (190, 60)), HIGH),
        (readings((100, 80), (190, 60.1)), None),
        (readings((99, 80), (190, 60)), None),
        (readings((100, 80), (110, 40), (199, 70)), None),
        (readings((20, 80), (108, 40)), None),
        (readings((20, 80), (109, 40)), HIGH),
        (readings((190, 40)), None),
    ],
    ids=[
        "25 percent in 90 days",
        "just below",
        "91 days",
        "recovered",
        "latest too old",
        "latest 90 days old",
        "one reading",
    ],
)
def test_kidney_change(case: Case, expected: Severity | None) -> None:
    assert level(case, "R2") == expected


def test_acute_injury_is_high() -> None:
    assert level(case_of(*STEADY, conditions=("acute_kidney_injury",)), "R2") is HIGH


@pytest.mark.parametrize(
    ("code", "condition", "expected"),
    [("C1", "psychosis", INFO), ("C1", "stroke", None), ("C3", "pregnancy", HIGH), ("C3", "stroke", None)],
)
def test_conditions(code: str, condition: str, expected: Severity | None) -> None:
    assert level(case_of(*STEADY, conditions=(condition,)), code) == expected


@pytest.mark.parametrize(("drug", "expected"), [("lithium", CAUTION), ("nsaid", CAUTION), ("opioid", None)])
def test_interactions(drug: str, expected: Severity | None) -> None:
    assert level(replace(case_of(*STEADY), comedications=frozenset({drug})), "C2") == expected


def test_what_was_known_from_the_start_is_context_and_what_came_later_a_flag() -> None:
    case = replace(case_of(*STEADY), comedications=frozenset({"lithium"}))
    standing, added = found(case, "C2"), found(replace(case, known_since={"lithium": day(30)}), "C2")
    assert standing is not None
    assert added is not None
    assert (standing.raises_flag, added.raises_flag) == (False, True)


def scored(first: int, latest: int, *runs: Run, on: int = 59) -> Case:
    scores = (Score(on=day(0), scale="pain", value=first), Score(on=day(on), scale="pain", value=latest))
    return replace(case_of(*(runs or STEADY)), scores=scores)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (scored(10, 9), INFO),
        (scored(10, 8), None),
        (scored(10, 10, (30, 17), (60, 43)), INFO),
        (scored(10, 10, (30, 18), (60, 42)), None),
        (scored(10, 10, on=41), None),
        (scored(0, 5), None),
        (scored(10, 10, (60, 59), (0, 1)), None),
    ],
    ids=["10 percent", "20 percent", "42 days", "41 days", "scored too early", "nothing to lower", "stopped"],
)
def test_no_response(case: Case, expected: Severity | None) -> None:
    assert level(case, "N1") == expected


def test_no_response_is_the_one_info_that_reaches_the_worklist() -> None:
    finding = found(scored(10, 9), "N1")
    assert finding is not None
    assert finding.raises_flag
