"""W6: doses that were missed, by their number: a reduction in fact.

It needs what a daily total does not tell: how many of the doses due were missed. A day without a report had as many
doses due as the last one reported.
"""

from collections.abc import Iterable
from fractions import Fraction

from titration.domain.case import MissedDoses
from titration.domain.findings import Evidence, Finding, Severity
from titration.domain.history import Day
from titration.domain.situation import Answer, Situation, as_date

_PER_CENT = 100


def missed_doses(situation: Situation) -> Answer:
    """W6 as of the judged day; silent where nothing was reported as missed."""
    count = misses_on(situation, situation.day)
    if count is None:
        return [], []
    variant, missed, due = count
    since = situation.day
    while misses_on(situation, since - 1) is not None:
        since -= 1
    on = as_date(since)
    finding = Finding(
        code="W6",
        severity=Severity.CAUTION,
        since=on,
        episode=on,
        variant=variant,
        values={
            "missed": missed,
            "due": due,
            "missed_percent": Fraction(missed * _PER_CENT, due),
            "day_on": situation.case.as_of,
        },
        trigger=tuple(f"{r.on}:{r.missed}/{r.due}" for r in _week(situation, situation.day)),
        evidence=tuple(
            Evidence(label="Doses missed", value=f"{r.missed} of {r.due}", on=r.on)
            for r in _week(situation, situation.day)
        ),
        thresholds=situation.thresholds("w6_day_count" if variant == "day" else "w6_week_share"),
    )
    return [finding], []


def misses_on(situation: Situation, day: Day) -> tuple[str, int, int] | None:
    """Which limit of W6 a day reaches, with the doses missed and due; None where it reaches none."""
    today = next((report for report in situation.case.missed if report.on.toordinal() == day), None)
    if today is not None and today.missed >= situation.guidance.count("w6_day_count"):
        return "day", today.missed, today.due
    week = _week(situation, day)
    missed = sum(report.missed for report in week)
    due = _due_in_week(situation, day, week)
    if missed and missed >= due * situation.guidance.amount("w6_week_share"):
        return "week", missed, due
    return None


def _week(situation: Situation, day: Day) -> list[MissedDoses]:
    first = day - situation.guidance.count("w6_span") + 1
    return [report for report in situation.case.missed if first <= report.on.toordinal() <= day]


def _due_in_week(situation: Situation, day: Day, week: Iterable[MissedDoses]) -> int:
    """Doses due: as reported; a day without a report, but with a known intake, had as many as the last reported one."""
    reported = {report.on.toordinal(): report.due for report in week}
    if not reported:
        return 0
    usual = reported[max(reported)]
    first = day - situation.guidance.count("w6_span") + 1
    return sum(
        reported.get(each, usual if situation.terms.dose(each) is not None else 0) for each in range(first, day + 1)
    )
