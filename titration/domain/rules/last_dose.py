"""W4: the hours since the last dose, where a dose that was due is known to be missed.

It needs what a daily total does not tell: when the last dose was. Half-life is 4 to 5 hours; published
onsets of withdrawal are 18 to 31 hours after the last dose.
"""

from datetime import UTC, datetime, time, timedelta

from titration.domain.findings import Evidence, Finding, Severity, Undecided
from titration.domain.situation import Answer, Situation
from titration.domain.units import format_mg

_HOUR = timedelta(hours=1)
_W4_LEVELS = (
    (Severity.CRITICAL, "w4_critical_hours"),
    (Severity.HIGH, "w4_high_hours"),
    (Severity.CAUTION, "w4_caution_hours"),
)


def hours_since_last_dose(situation: Situation) -> Answer:
    """W4 as of the judged instant."""
    last = situation.case.last_dose_at
    if last is None or last > _now(situation):
        return [], _w4_undecided(situation)
    hours = _elapsed(last, _now(situation)) // _HOUR
    reached = next(((s, name) for s, name in _W4_LEVELS if hours >= situation.guidance.amount(name)), None)
    if reached is None or not _missed_since(situation, last):
        return [], []
    return [_w4_finding(situation, last, hours, *reached)], []


def hour_matters(situation: Situation) -> bool:
    """Whether W4 could say more later on the same day: doses are missing and the highest limit is not reached yet."""
    last = situation.case.last_dose_at
    if last is None or last > _now(situation) or not _missed_since(situation, last):
        return False
    return _elapsed(last, _now(situation)) < _HOUR * situation.guidance.count("w4_critical_hours")


def _now(situation: Situation) -> datetime:
    """The judged instant; a day without an hour is judged at its end."""
    case = situation.case
    zone = case.last_dose_at.tzinfo if case.last_dose_at else None
    return case.at or datetime.combine(case.as_of + timedelta(1), time.min, tzinfo=zone)


def _elapsed(earlier: datetime, later: datetime) -> timedelta:
    """Real time between two instants: within one zone Python subtracts what the clocks say, also when they change."""
    return later - earlier if earlier.tzinfo is None else later.astimezone(UTC) - earlier


def _after(instant: datetime, hours: int) -> datetime:
    """The instant so many real hours later, on the same clock."""
    if instant.tzinfo is None:
        return instant + _HOUR * hours
    return (instant.astimezone(UTC) + _HOUR * hours).astimezone(instant.tzinfo)


def _w4_undecided(situation: Situation) -> list[Undecided]:
    """Asked for only where doses are known to be missing, since only there the hours could matter."""
    missing_now = situation.terms.dose(situation.day) == 0 and situation.terms.maintenance(situation.day) is not None
    return [Undecided(code="W4", missing="last_dose")] if missing_now else []


def _missed_since(situation: Situation, last: datetime) -> bool:
    """Whether a dose that was due since the last one is known to be missed: by report, or by a whole day at zero."""
    reported = any(
        report.missed and last.date() <= report.on <= situation.case.as_of for report in situation.case.missed
    )
    later_days = range(last.date().toordinal() + 1, situation.day + 1)
    return reported or any(situation.terms.dose(day) == 0 for day in later_days)


def _w4_finding(situation: Situation, last: datetime, hours: int, level: Severity, limit: str) -> Finding:
    maintenance = situation.terms.maintenance(situation.day)
    weighty = (
        maintenance is not None
        and maintenance >= situation.guidance.amount("w4_maintenance")
        and situation.terms.is_long(situation.day)
    )
    since = _after(last, situation.guidance.count(limit))
    first = _after(last, situation.guidance.count("w4_caution_hours"))
    usual = "unknown" if maintenance is None else format_mg(maintenance)
    return Finding(
        code="W4",
        severity=level if weighty else level.shifted(-1),
        since=since.date(),
        episode=first.date(),
        variant="hours",
        values={
            "hours": hours,
            "last_dose": last,
            "last_on": last.date(),
            "notes": () if weighty else ("low_or_short",),
        },
        trigger=(last.isoformat(), limit),
        evidence=(
            Evidence(label="Last dose", value=last.strftime("%H:%M"), on=last.date()),
            Evidence(label="Hours since then", value=str(hours), unit="h", on=situation.case.as_of),
            Evidence(label="Usual dose in the 28 days before", value=usual, unit="mg/day", on=situation.case.as_of),
        ),
        thresholds=situation.thresholds(limit, "w4_maintenance"),
    )
