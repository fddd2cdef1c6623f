"""S1: reported sedation. Monograph, Sedation (problematic) and What to Do About AEs.

Grades are our own words on the logic of CTCAE. A severe grade stands until a later grade says it is better; a milder
one stands for a week.
"""

from datetime import date, timedelta

from titration.domain.case import Sedation
from titration.domain.findings import Evidence, Finding, Severity
from titration.domain.rules.titration import was_held_before
from titration.domain.situation import Answer, Situation
from titration.domain.units import format_mg
from titration.domain.vocabulary import SEDATION_GRADES


def sedation(situation: Situation) -> Answer:
    """S1 as of the judged day. Without a report there is nothing to judge; it is asked for at every visit instead."""
    reports = reports_so_far(situation)
    severe = _severe_since_better(situation, reports)
    if severe:
        return [_severe_finding(situation, severe)], []
    if not reports:
        return [], []
    latest = reports[-1]
    stays_until = latest.at.date() + timedelta(situation.guidance.count("s1_stays"))
    if latest.grade != situation.guidance.count("s1_moderate_grade") or situation.case.as_of >= stays_until:
        return [], []
    return [_moderate_finding(situation, latest, stays_until)], []


def reports_so_far(situation: Situation) -> list[Sedation]:
    """In the order of time; of one instant the graver counts as the later."""
    case = situation.case
    known = (r for r in case.sedation if r.at.date() <= case.as_of and (case.at is None or r.at <= case.at))
    return sorted(known, key=lambda report: (report.at, report.grade))


def standing_severe(situation: Situation, reports: list[Sedation]) -> Sedation | None:
    """The highest severe report since sedation was last better."""
    return max(_severe_since_better(situation, reports), key=lambda report: report.grade, default=None)


def _severe_since_better(situation: Situation, reports: list[Sedation]) -> list[Sedation]:
    severe: list[Sedation] = []
    for report in reports:
        if report.grade >= situation.guidance.count("s1_severe_grade"):
            severe.append(report)
        elif report.grade <= situation.guidance.count("s1_better_grade"):
            severe.clear()
    return severe


def _severe_finding(situation: Situation, reports: list[Sedation]) -> Finding:
    """reports: the severe ones since sedation was last better, in the order of time."""
    severe = max(reports, key=lambda report: report.grade)
    critical = severe.grade >= situation.guidance.count("s1_critical_grade")
    return Finding(
        code="S1",
        severity=Severity.CRITICAL if critical else Severity.HIGH,
        since=severe.at.date(),
        episode=reports[0].at.date(),
        variant="cannot_be_roused" if critical else "hard_to_rouse",
        values=_values(severe),
        trigger=(severe.at.isoformat(), str(severe.grade)),
        evidence=evidence(situation, severe),
        thresholds=situation.thresholds("s1_critical_grade" if critical else "s1_severe_grade", "s1_better_grade"),
    )


def _moderate_finding(situation: Situation, report: Sedation, until: date) -> Finding:
    increase = _increase_before(situation, report.at.date())
    return Finding(
        code="S1",
        severity=Severity.INFO if increase is None else Severity.CAUTION,
        since=report.at.date(),
        episode=report.at.date(),
        until=until,
        variant="moderate" if increase is None else "after_increase",
        values={**_values(report), "until_on": until, "increase_on": increase},
        trigger=(report.at.isoformat(), str(report.grade)),
        evidence=evidence(situation, report),
        thresholds=situation.thresholds("s1_moderate_grade", "s1_after_increase", "s1_stays"),
    )


def _increase_before(situation: Situation, on: date) -> date | None:
    """The day of the last increase within the days before the report; going back to a dose held before is none."""
    day, taken = on.toordinal(), situation.case.taken
    for candidate in range(day, day - situation.guidance.count("s1_after_increase") - 1, -1):
        dose = taken.on(candidate)
        if dose is not None and taken.rises_on(candidate) and not was_held_before(situation, candidate, dose):
            return date.fromordinal(candidate)
    return None


def _values(report: Sedation) -> dict[str, object]:
    return {
        "grade": report.grade,
        "grade_words": SEDATION_GRADES[report.grade],
        "at": report.at,
        "day_on": report.at.date(),
    }


def evidence(situation: Situation, report: Sedation) -> tuple[Evidence, ...]:
    on = report.at.date()
    dose = situation.case.taken.on(on.toordinal())
    return (
        Evidence(label="Sedation", value=str(report.grade), unit="grade", on=on),
        Evidence(label="Dose taken", value="unknown" if dose is None else format_mg(dose), unit="mg/day", on=on),
    )
