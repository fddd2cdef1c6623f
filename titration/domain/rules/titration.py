"""T1 to T3: increases that are fast, doses above the label, doses above the ceiling. Monograph, If It
Works and If It Doesn't Work.

T1 and T2 look at what is prescribed, else at what was taken; T3 as a finding looks at what was taken, since a
prescribed or planned dose above the ceiling is refused before it reaches a rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from titration.domain.findings import Evidence, Finding, Severity, Undecided, fingerprint_of
from titration.domain.history import Day
from titration.domain.situation import Answer, Situation, as_date
from titration.domain.units import format_mg

_BRAIN_INJURY = "brain_injury"


@dataclass(frozen=True, slots=True)
class _Rise:
    """An increase on a day: from which dose, to which, and the level and limits it reaches."""

    severity: Severity
    from_mcg: int
    to_mcg: int
    limit: str
    span: str


def increase_too_fast(situation: Situation) -> Answer:
    """T1 as of the judged day."""
    missing = _t1_missing(situation)
    undecided = [Undecided(code="T1", missing=missing)] if missing else []
    rise = _rise_on(situation, situation.day)
    return ([_t1_finding(situation, rise)] if rise else []), undecided


def _rise_on(situation: Situation, day: Day) -> _Rise | None:
    dose = situation.prescribed_or_taken(day)
    if dose is None or was_held_before(situation, day, dose):
        return None
    reached = _fast_rise(situation, day, dose)
    slow = _slow_rise(situation, day, dose) if _needs_slow_steps(situation, day) else None
    return max(filter(None, (reached, slow)), key=lambda rise: rise.severity, default=None)


def was_held_before(situation: Situation, day: Day, dose: int) -> bool:
    """Whether a dose at least this high was held on enough of the last days: going back to it is no increase."""
    span, needed = situation.guidance.count("t1_held_span"), situation.guidance.count("t1_held_days")
    earlier = [mcg for back in range(1, span + 1) if (mcg := _dose_before(situation, day - back)) is not None]
    return any(mcg >= dose and earlier.count(mcg) >= needed for mcg in set(earlier))


def _fast_rise(situation: Situation, day: Day, dose: int) -> _Rise | None:
    lowest = lowest_before(situation, day, "t1_span")
    if lowest is None:
        return None
    for severity, limit in ((Severity.HIGH, "t1_high_rise"), (Severity.CAUTION, "t1_caution_rise")):
        if dose - lowest > situation.guidance.amount(limit):
            return _Rise(severity, lowest, dose, limit, "t1_span")
    return None


def _slow_rise(situation: Situation, day: Day, dose: int) -> _Rise | None:
    lowest = lowest_before(situation, day, "t1_slow_span")
    if lowest is None or dose - lowest <= situation.guidance.amount("t1_slow_rise"):
        return None
    return _Rise(Severity.CAUTION, lowest, dose, "t1_slow_rise", "t1_slow_span")


def lowest_before(situation: Situation, day: Day, span: str) -> int | None:
    days = range(day - situation.guidance.count(span), day)
    return min((mcg for earlier in days if (mcg := _dose_before(situation, earlier)) is not None), default=None)


def _dose_before(situation: Situation, day: Day) -> int | None:
    """The total of an earlier day; before the first entry it is 0 where there was no treatment before, else unknown."""
    dose = situation.prescribed_or_taken(day)
    if dose is None and situation.case.exposure_months == 0 and day < _first_day(situation):
        return 0
    return dose


def _first_day(situation: Situation) -> Day:
    """Of all that is known; asked for only where a dose is."""
    histories = (situation.case.taken, situation.case.prescribed)
    firsts = [history.first_day for history in histories if history and history.first_day is not None]
    return min(firsts)


def _needs_slow_steps(situation: Situation, day: Day) -> bool:
    age = _age_on(situation, day)
    out_of_range = age is not None and not (
        situation.guidance.amount("t1_child_age") <= age < situation.guidance.amount("t1_old_age")
    )
    return out_of_range or _BRAIN_INJURY in situation.case.conditions


def _age_on(situation: Situation, day: Day) -> int | None:
    born = situation.case.birth_date
    return None if born is None else age_on(born, as_date(day))


def age_on(birth_date: date, on: date) -> int:
    """Whole years on a day; someone born on 29 February is a year older on 1 March."""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


def _t1_missing(situation: Situation) -> str:
    day = situation.day
    dose = situation.prescribed_or_taken(day)
    if dose is None:
        return "prescribed_today"
    if dose and lowest_before(situation, day, "t1_span") is None:
        return "prescribed_before"
    age_matters = situation.case.birth_date is None and _rise_on(situation, day) is None
    if age_matters and not was_held_before(situation, day, dose) and _slow_rise(situation, day, dose):
        return "birth_date"
    return ""


def _t1_finding(situation: Situation, rise: _Rise) -> Finding:
    since = situation.day
    while _rise_on(situation, since - 1) is not None:
        since -= 1
    amount = rise.to_mcg - rise.from_mcg
    return Finding(
        code="T1",
        severity=rise.severity,
        since=as_date(since),
        episode=as_date(since),
        until=as_date(situation.day + 1),
        variant="slow" if rise.limit == "t1_slow_rise" else "rise",
        values={
            "from_mcg": rise.from_mcg,
            "to_mcg": rise.to_mcg,
            "rise_mcg": amount,
            "limit_mcg": situation.guidance.amount(rise.limit),
            "span_days": situation.guidance.count(rise.span),
            "day_on": as_date(since),
        },
        trigger=(str(rise.from_mcg), str(rise.to_mcg)),
        extent=amount,
        evidence=_t1_evidence(situation, rise),
        thresholds=situation.thresholds(rise.limit, rise.span),
    )


def _t1_evidence(situation: Situation, rise: _Rise) -> tuple[Evidence, ...]:
    lowest_day = _last_day_with(situation, rise)
    return (
        Evidence(label="Lowest dose before", value=format_mg(rise.from_mcg), unit="mg/day", on=lowest_day),
        Evidence(label="Dose", value=format_mg(rise.to_mcg), unit="mg/day", on=situation.case.as_of),
    )


def _last_day_with(situation: Situation, rise: _Rise) -> date:
    span = situation.guidance.count(rise.span)
    days = range(situation.day - 1, situation.day - span - 1, -1)
    return as_date(next(day for day in days if _dose_before(situation, day) == rise.from_mcg))


def above_the_label(situation: Situation) -> Answer:
    """T2 as of the judged day: the highest limit that the dose exceeds."""
    dose = situation.prescribed_or_taken(situation.day)
    if dose is None:
        return [], [Undecided(code="T2", missing="prescribed_today")]
    limit = next((step for step in _label_steps(situation) if dose > situation.guidance.amount(step[1])), None)
    return ([_t2_finding(situation, dose, *limit)] if limit else []), []


def _label_steps(situation: Situation) -> tuple[tuple[Severity, str, str], ...]:
    """Severity, threshold and wording, highest first; the first step is the labelled maximum of the clinic's own
    label.
    """
    steps = (
        (Severity.HIGH, "t2_team_review", "team_review"),
        (Severity.HIGH, "t2_second_opinion", "second_opinion"),
        (Severity.CAUTION, "labelled_maximum_uk", "above_all_labels"),
    )
    return (
        (*steps, (Severity.INFO, "labelled_maximum_us", "above_label")) if situation.case.label_set == "US" else steps
    )


def _t2_finding(situation: Situation, dose: int, severity: Severity, limit: str, variant: str) -> Finding:
    most = situation.guidance.amount(limit)
    since = _since(situation.day, situation.prescribed_or_taken, lambda mcg: mcg > most, _changes(situation))
    higher = takewhile(lambda step: step[1] != limit, _label_steps(situation))
    return Finding(
        code="T2",
        severity=severity,
        since=as_date(since),
        episode=as_date(since),
        variant=variant,
        values={"dose_mcg": dose, "limit_mcg": most, "day_on": as_date(since), "label_set": situation.case.label_set},
        trigger=(limit,),
        extent=most,
        beyond=frozenset(fingerprint_of(graver, words, (above,)) for graver, above, words in higher),
        evidence=(Evidence(label="Dose", value=format_mg(dose), unit="mg/day", on=situation.case.as_of),),
        thresholds=situation.thresholds(limit),
    )


def above_the_ceiling(situation: Situation) -> Answer:
    """T3 as of the judged day: more than the ceiling was really taken."""
    dose, ceiling = situation.case.taken.on(situation.day), situation.guidance.ceiling_mcg
    if dose is None:
        return [], [Undecided(code="T3", missing="taken_today")]
    if dose <= ceiling:
        return [], []
    taken = situation.case.taken
    since = _since(situation.day, taken.on, lambda mcg: mcg > ceiling, taken.days)
    finding = Finding(
        code="T3",
        severity=Severity.CRITICAL,
        since=as_date(since),
        episode=as_date(since),
        variant="taken",
        values={"dose_mcg": dose, "ceiling_mcg": ceiling, "day_on": as_date(since)},
        trigger=(str(since), str(dose)),
        extent=dose,
        evidence=(Evidence(label="Dose taken", value=format_mg(dose), unit="mg/day", on=situation.case.as_of),),
        thresholds=situation.thresholds("ceiling"),
    )
    return [finding], []


def _changes(situation: Situation) -> list[Day]:
    """The days on which what prescribing rules look at may change."""
    prescribed = situation.case.prescribed.days if situation.case.prescribed else ()
    return sorted({*situation.case.taken.days, *prescribed})


def _since(day: Day, dose_on: Callable[[Day], int | None], holds: Callable[[int], bool], changes: Sequence[Day]) -> Day:
    """The first day of the unbroken time up to `day` in which the dose is known and the condition holds."""
    begun = (change for change in reversed(changes) if change <= day)
    return next(change for change in begun if not ((before := dose_on(change - 1)) is not None and holds(before)))
