"""A plan against what was taken: how many days behind, how many mg apart, and the days that these figures come from.

Only what is known counts: a day of which nobody knows what was taken is counted apart, and what only the plan says is
called unconfirmed. Days are those on which the version was meant to be followed, from its first step to today.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from titration.domain.days import show_near_day
from titration.domain.history import Day, DoseHistory
from titration.domain.record import PlanEntry, PlanKind
from titration.domain.units import show_mg, show_mg_per_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """planned and taken: of today (None: not known). days_behind: since the plan last stood at what is taken now,
    negative where the patient is ahead; None where the plan never stands there, or nothing is known. stood_on: that
    day. apart_days of known_days differ, from apart_first to apart_last; apart_mcg: taken less planned, summed up.
    """

    on: date
    since: date
    planned_mcg: int
    taken_mcg: int | None
    days_behind: int | None
    stood_on: date | None
    known_days: int
    unknown_days: int
    unconfirmed_days: int
    apart_days: int
    apart_mcg: int
    apart_first: date | None
    apart_last: date | None

    @property
    def apart_now_mcg(self) -> int | None:
        return None if self.taken_mcg is None else self.taken_mcg - self.planned_mcg

    @property
    def is_on_plan(self) -> bool:
        return self.apart_now_mcg == 0


def planned_course(plan: PlanEntry, start_mcg: int) -> DoseHistory:
    """The daily totals as the version was signed, from the day before its first step on."""
    first = plan.steps[0].starts_on.toordinal()
    steps = ((step.starts_on.toordinal(), step.regimen.daily_mcg) for step in plan.steps)
    return DoseHistory.of([(first - 1, start_mcg), *steps])


def against(
    plan: PlanEntry, taken: DoseHistory, *, start_mcg: int, today: date, unconfirmed: frozenset[Day] = frozenset()
) -> Against | None:
    """None before the first step. unconfirmed: days on which only the plan says what was taken."""
    first, now = plan.steps[0].starts_on.toordinal(), today.toordinal()
    if now < first:
        return None
    planned = planned_course(plan, start_mcg)
    pairs = list(zip(range(first, now + 1), planned.span(first, now), taken.span(first, now), strict=True))
    known = [(day, took - meant) for day, meant, took in pairs if took is not None and meant is not None]
    apart = [(day, mcg) for day, mcg in known if mcg]
    stood = _stood_on(plan, planned, taken.on(now), today)
    return Against(
        on=today, since=plan.steps[0].starts_on, planned_mcg=planned.on(now) or 0, taken_mcg=taken.on(now),
        days_behind=None if stood is None else (today - stood).days, stood_on=stood,
        known_days=len(known), unknown_days=len(pairs) - len(known),
        unconfirmed_days=sum(day in unconfirmed for day, _ in known),
        apart_days=len(apart), apart_mcg=sum(mcg for _, mcg in apart),
        apart_first=date.fromordinal(apart[0][0]) if apart else None,
        apart_last=date.fromordinal(apart[-1][0]) if apart else None,
    )  # fmt: skip


def _stood_on(plan: PlanEntry, planned: DoseHistory, taken_mcg: int | None, today: date) -> date | None:
    """The day on which the plan stands at what is taken today: today itself, else the last day before it on which the
    plan had not gone further, else the first day ahead on which it will have gone as far.
    """
    if taken_mcg is None:
        return None
    way = -1 if plan.kind is PlanKind.TAPER else 1
    gone = way * ((planned.on(today.toordinal()) or 0) - taken_mcg)
    if not gone:
        return today
    if gone > 0:
        return _last_not_further(planned, way, taken_mcg, today.toordinal())
    ahead = (day for day, mcg in zip(planned.days, planned.values, strict=True)
             if day > today.toordinal() and mcg is not None and way * (mcg - taken_mcg) >= 0)  # fmt: skip
    return _date(next(ahead, None))


def _last_not_further(planned: DoseHistory, way: int, taken_mcg: int, today: Day) -> date | None:
    ends = [*(day - 1 for day in planned.days[1:]), today]
    held = [min(end, today) for day, end, mcg in zip(planned.days, ends, planned.values, strict=True)
            if day <= today and mcg is not None and way * (mcg - taken_mcg) <= 0]  # fmt: skip
    return _date(held[-1] if held else None)


def _date(day: Day | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def behind_words(found: Against) -> str:
    """3 days behind: 55 mg/day was planned until 22 Nov."""
    if found.taken_mcg is None:
        return "Not known: nobody says what is taken"
    if found.is_on_plan:
        return "On plan today"
    taken = show_mg_per_day(found.taken_mcg)
    if found.stood_on is None or found.days_behind is None:
        return f"Not on the plan's course: it never stands at {taken}"
    day = show_near_day(found.stood_on, beside=found.on)
    count = f"{abs(found.days_behind)} day{'' if abs(found.days_behind) == 1 else 's'}"
    if found.days_behind > 0:
        return f"{count} behind: the plan left {taken} after {day}"
    return f"{count} ahead: the plan comes to {taken} on {day}"


def apart_words(found: Against) -> str:
    """10 mg more than planned today: 60 taken, 50 planned."""
    if found.taken_mcg is None or found.apart_now_mcg is None:
        return f"{show_mg_per_day(found.planned_mcg)} planned today"
    if not found.apart_now_mcg:
        return f"Nothing: {show_mg_per_day(found.taken_mcg)} planned and taken today"
    more = "more" if found.apart_now_mcg > 0 else "less"
    amount = show_mg(abs(found.apart_now_mcg))
    taken, planned = show_mg_per_day(found.taken_mcg), show_mg_per_day(found.planned_mcg)
    return f"{amount} {more} today: {taken} taken, {planned} planned"


def course_words(found: Against) -> str:
    """3 of 12 days differ, 20 to 22 Nov, 30 mg more in all; 2 days not known; 5 unconfirmed."""
    parts = [_apart_course(found)]
    if found.unknown_days:
        parts.append(f"{_count(found.unknown_days)} not known")
    if found.unconfirmed_days:
        parts.append(f"{_count(found.unconfirmed_days)} unconfirmed")
    return "; ".join(parts)


def _apart_course(found: Against) -> str:
    days = f"{found.apart_days} of {_count(found.known_days)}"
    if found.apart_first is None or found.apart_last is None:
        return f"No difference on {_count(found.known_days)} since {show_near_day(found.since, beside=found.on)}"
    first, last = (show_near_day(day, beside=found.on) for day in (found.apart_first, found.apart_last))
    span = f"on {first}" if first == last else f"first on {first}, last on {last}"
    word = "more" if found.apart_mcg > 0 else "less"
    total = f"{show_mg(abs(found.apart_mcg))} {word} in all" if found.apart_mcg else "as much in all"
    return f"{days} differ, {span}: {total}"


def _count(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
