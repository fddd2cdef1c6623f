"""W5: a taper judged as a whole, on its planned totals, when it is drawn. Lengths: the labels named in
`guidance/withdrawal.toml`.

Each planned day is put to W1, W2 and W3 as if it had been taken; for plans that end at zero the length counts too.
`judge_days` gives the same answers day by day for the planner's table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from titration.domain.findings import Evidence, Finding, Severity, Undecided
from titration.domain.history import Day, DoseHistory
from titration.domain.rules.firing import Firing
from titration.domain.rules.withdrawal import drop_on, stop_on, week_drop_on
from titration.domain.situation import Answer, Situation, as_date
from titration.domain.units import format_mg

_STEP_VARIANTS = {"W1": "stop", "W2": "step", "W3": "week"}


@dataclass(frozen=True, slots=True)
class _Length:
    """Days from the last day at the starting dose to the first day at zero, and the level they reach."""

    severity: Severity | None
    days: int
    start_mcg: int
    last_day_at_start: Day
    first_day_at_zero: Day
    limit: str


def taper_too_steep(situation: Situation) -> Answer:
    """W5 for the case's plan; silent where there is no plan."""
    plan = situation.case.plan
    if plan is None or plan.first_day is None:
        return [], []
    planned = _as_if_taken(situation, plan)
    steepest = max(_firings(planned, plan.days), key=_rank, default=None)
    length = _length(planned, plan)
    undecided = _undecided(situation, planned, plan.first_day)
    level = max(filter(None, (_step_level(steepest), length.severity if length else None)), default=None)
    if level is None:
        return [], undecided
    return [_finding(situation, plan.first_day, level, steepest, length)], undecided


def judge_days(situation: Situation) -> dict[Day, Firing]:
    """For every day of the plan on which W1, W2 or W3 fires: the highest of them."""
    plan = situation.case.plan
    if plan is None or plan.first_day is None:
        return {}
    judged: dict[Day, Firing] = {}
    for firing in _firings(_as_if_taken(situation, plan), plan.days):
        known = judged.get(firing.day)
        if known is None or firing.severity > known.severity:
            judged[firing.day] = firing
    return judged


def _as_if_taken(situation: Situation, plan: DoseHistory) -> Situation:
    """The same patient, with the plan taken as planned after what was taken. Days between today and the plan hold what
    is prescribed for them; where nothing is on file for them they keep today's dose. Where it is not known what is
    taken until then, the plan falls from what is prescribed.
    """
    case = situation.case
    taken = case.taken.going_on_from(case.day)
    if case.prescribed is not None and plan.first_day is not None and taken.on(plan.first_day - 1) is None:
        taken = taken.known_by(case.prescribed)
    taken = taken.followed_by(plan)
    return Situation.of(replace(case, taken=taken, missed=()), situation.guidance)


def _firings(planned: Situation, changes: Iterable[Day]) -> Iterable[Firing]:
    """All firings on planned days; only days within a week after a change can have one."""
    span = planned.guidance.count("w3_span")
    days = sorted({day + offset for day in changes for offset in range(span + 1)})
    for day in days:
        stop = stop_on(planned, day)
        if stop is not None:
            yield stop
            continue
        yield from filter(None, (drop_on(planned, day), week_drop_on(planned, day)))


def _rank(firing: Firing) -> tuple[int, int]:
    return firing.severity, -firing.day


def _step_level(steepest: Firing | None) -> Severity | None:
    """Info of a step does not count for the plan."""
    return steepest.severity if steepest and steepest.severity > Severity.INFO else None


def _length(planned: Situation, plan: DoseHistory) -> _Length | None:
    """The length of a plan that ends at zero; None for one that does not, or has nothing to fall from.

    A version that goes on with an earlier one is as long as both: its length counts from the dose before the first,
    and where nothing was taken then from the highest dose of the plan.
    """
    first_zero = plan.days[-1]
    if plan.values[-1] != 0 or plan.first_day is None:
        return None
    before = _first_day_of_all(planned, plan.first_day) - 1
    start = planned.terms.dose(before) or max(mcg or 0 for mcg in plan.values)
    if not start:
        return None
    last_at_start = _last_day_at_least(planned, start, before, first_zero)
    days = first_zero - last_at_start
    severity, limit = _length_level(planned, days, plan.first_day)
    return _Length(severity, days, start, last_at_start, first_zero, limit)


def _first_day_of_all(planned: Situation, first_day: Day) -> Day:
    began_on = planned.case.plan_began_on
    return first_day if began_on is None else min(first_day, began_on.toordinal())


def _last_day_at_least(planned: Situation, start: int, first: Day, until: Day) -> Day:
    totals = enumerate(planned.case.taken.span(first, until), first)
    return max(day for day, mcg in totals if mcg is not None and mcg >= start)


def _length_level(planned: Situation, days: int, first_day: Day) -> tuple[Severity | None, str]:
    count = planned.guidance.count
    for severity, limit in ((Severity.HIGH, "w5_high_days"), (Severity.CAUTION, "w5_caution_days")):
        if days < count(limit):
            return severity, limit
    if days < count("w5_info_days") and planned.terms.is_long(first_day):
        return Severity.INFO, "w5_info_days"
    return None, "w5_info_days"


def _undecided(situation: Situation, planned: Situation, first: Day) -> list[Undecided]:
    if planned.terms.maintenance(first) is None:
        return [Undecided(code="W5", missing="maintenance")]
    taken = situation.case.taken.going_on_from(situation.day)
    return [Undecided(code="W5", missing="taken_today")] if taken.on(first - 1) is None else []


def _finding(
    situation: Situation, first: Day, level: Severity, steepest: Firing | None, length: _Length | None
) -> Finding:
    by_step = steepest is not None and _step_level(steepest) == level
    step_values = dict(steepest.values) if steepest else {}
    return Finding(
        code="W5",
        severity=level,
        since=min(situation.case.as_of, as_date(first)),
        episode=as_date(first),
        variant=_STEP_VARIANTS[steepest.code] if steepest and by_step else "length",
        values={
            **step_values,
            "length_days": length.days if length else None,
            "limit_days": situation.guidance.count(length.limit) if length else None,
            "start_mcg": length.start_mcg if length else step_values.get("maintenance_mcg"),
            "zero_on": as_date(length.first_day_at_zero) if length else None,
        },
        trigger=_trigger(steepest, length),
        evidence=_evidence(steepest if by_step else None, length),
        thresholds=situation.thresholds(*_thresholds(steepest if by_step else None, length)),
    )


def _trigger(steepest: Firing | None, length: _Length | None) -> tuple[str, ...]:
    return (*(steepest.trigger if steepest else ()), str(length.days) if length else "")


def _evidence(steepest: Firing | None, length: _Length | None) -> tuple[Evidence, ...]:
    by_step = steepest.evidence if steepest else ()
    if length is None:
        return by_step
    return (
        *by_step,
        Evidence(
            label="Last day at the starting dose",
            value=format_mg(length.start_mcg),
            unit="mg/day",
            on=as_date(length.last_day_at_start),
        ),
        Evidence(
            label="First day at 0", value=str(length.days), unit="days later", on=as_date(length.first_day_at_zero)
        ),
    )


def _thresholds(steepest: Firing | None, length: _Length | None) -> tuple[str, ...]:
    by_step = steepest.thresholds if steepest else ()
    return (*by_step, length.limit) if length and length.severity else by_step
