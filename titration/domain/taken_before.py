"""A plan's next step beside what is really taken before it, where that is not what is prescribed.

No rule judges a rise to a dose from less than was prescribed: T1 and T2 look at what is prescribed. So the figures
stand in a sentence wherever such a plan is drawn, signed or printed, and ask to check. Falls are judged from what is
taken.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from titration.domain.days import show_near_day
from titration.domain.guidance import Guidance
from titration.domain.history import Day, DoseHistory, prescribed_history, taken_history
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.units import show_mg, show_mg_per_day, show_percent

_ONE_DAY = timedelta(days=1)
_PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBefore:
    """taken_mcg from since to last_on, both included (None: not known); is_over: later days have no report of their
    own, so that the prescribed dose counts as taken there. prescribed_mcg: on last_on. was_held: as much as the step
    was held lately, so that T1 calls going back to it no increase. is_first: of the plan's steps.
    """

    taken_mcg: int | None
    since: date
    last_on: date
    is_over: bool
    prescribed_mcg: int | None
    step_on: date
    step_mcg: int
    was_held: bool
    is_first: bool

    @property
    def days(self) -> int:
        return (self.last_on - self.since).days + 1

    @property
    def rise_mcg(self) -> int | None:
        """From what is taken to the step, negative for a fall; None where nobody knows what is taken."""
        return None if self.taken_mcg is None else self.step_mcg - self.taken_mcg

    @property
    def rise_percent(self) -> Fraction | None:
        """Of what is taken, without a sign; from nothing there is no per cent."""
        return Fraction(abs(self.rise_mcg or 0) * _PER_CENT, self.taken_mcg) if self.taken_mcg else None


def taken_before(
    record: PatientRecord, steps: Sequence[tuple[date, Regimen]], *, today: date, guidance: Guidance
) -> TakenBefore | None:
    """What is taken before the first of these steps that is not past; None where it is what is prescribed, or where
    all steps have begun.
    """
    ahead = next(((number, step) for number, step in enumerate(steps) if step[0] >= today), None)
    if ahead is None:
        return None
    number, (step_on, regimen) = ahead
    taken, prescribed = taken_history(record), prescribed_history(record)
    now = min(today, step_on - _ONE_DAY).toordinal()
    was_held = _was_held(taken, now, regimen.daily_mcg, guidance)
    day = _day_apart(taken, prescribed, now, regimen.daily_mcg, 1 if was_held else guidance.count("t1_span"))
    if day is None:
        return None
    return TakenBefore(
        taken_mcg=taken.on(day),
        since=date.fromordinal(_since(taken, day)),
        last_on=date.fromordinal(day),
        is_over=day < now,
        prescribed_mcg=prescribed.on(day),
        step_on=step_on,
        step_mcg=regimen.daily_mcg,
        was_held=was_held,
        is_first=number == 0,
    )  # fmt: skip


def _was_held(taken: DoseHistory, now: Day, step_mcg: int, guidance: Guidance) -> bool:
    """As T1 asks it of what is prescribed: one dose at least as high, on enough of the last days."""
    lately = taken.span(now - guidance.count("t1_held_span") + 1, now)
    held = [mcg for mcg in lately if mcg is not None and mcg >= step_mcg]
    return any(held.count(mcg) >= guidance.count("t1_held_days") for mcg in set(held))


def _day_apart(taken: DoseHistory, prescribed: DoseHistory, now: Day, step_mcg: int, span_days: int) -> Day | None:
    """Today, where taken and prescribed differ; else the last of so many days, today included, on which less than the
    step was taken, or nobody knows what.
    """
    if taken.on(now) != prescribed.on(now):
        return now
    apart = (day for day in range(now - 1, now - span_days, -1) if taken.on(day) != prescribed.on(day))
    return next((day for day in apart if (mcg := taken.on(day)) is None or mcg < step_mcg), None)


def _since(taken: DoseHistory, day: Day) -> Day:
    position = bisect_right(taken.days, day)
    return taken.days[position - 1] if position else day


def before_words(found: TakenBefore | None, *, guidance: Guidance, today: date) -> str:
    """What is taken, what the step makes of it, what no rule sees, and what to check; "" where nothing differs."""
    return "" if found is None else " ".join(_sentences(found, guidance, today))


def _sentences(found: TakenBefore, guidance: Guidance, today: date) -> Iterator[str]:
    yield f"{_taken_words(found, today)}; {_prescribed_words(found)}."
    step = f"The {'first' if found.is_first else 'next'} step, {show_mg_per_day(found.step_mcg)} on "
    step += show_near_day(found.step_on, beside=today)
    if found.rise_mcg is None:
        yield f"{step}, would be a rise from less and a fall from more. Check what is really taken before it."
        return
    yield f"{step}, is {_difference_words(found)}."
    if found.rise_mcg <= 0:
        yield "Check what is really taken. Falls are judged from what is taken."
    elif found.was_held:
        days, of_days = guidance.count("t1_held_days"), guidance.count("t1_held_span")
        yield f"As much was taken on {days} or more of the last {of_days} days: by rule T1 going back is no increase."
        yield "Check why less is taken, and signs of withdrawal."
    else:
        yield _unjudged_words(found.rise_mcg, guidance)
        yield "Check what is really taken and how it is tolerated; consider a plan from that dose, or smaller steps."


def _taken_words(found: TakenBefore, today: date) -> str:
    since, last = (show_near_day(day, beside=today) for day in (found.since, found.last_on))
    days = f"{found.days} day{'' if found.days == 1 else 's'}"
    verb = "was" if found.is_over else "is"
    amount = show_mg_per_day(found.taken_mcg) if found.taken_mcg else "Nothing"
    if found.taken_mcg is None:
        amount, verb = "Nobody knows what", "was"
    if found.is_over:
        return f"{amount} {verb} taken until {last} ({days}), and nothing is reported since"
    return f"{amount} {verb} taken since {since} ({days})"


def _prescribed_words(found: TakenBefore) -> str:
    if found.prescribed_mcg is None:
        return "nothing is on file as prescribed"
    return f"{show_mg_per_day(found.prescribed_mcg)} {'was' if found.is_over else 'is'} prescribed"


def _difference_words(found: TakenBefore) -> str:
    if not found.rise_mcg:
        return "what is taken already"
    share = f" ({show_percent(found.rise_percent)})" if found.rise_percent is not None else ""
    return f"{show_mg(abs(found.rise_mcg))}{share} {'more' if found.rise_mcg > 0 else 'less'} than that"


def _unjudged_words(rise_mcg: int, guidance: Guidance) -> str:
    """T1's own limit, where the rise from what is taken is above it."""
    limit_mcg, span = guidance.amount("t1_caution_rise"), guidance.count("t1_span")
    if rise_mcg <= limit_mcg:
        return "No rule judges this rise: T1 looks at what is prescribed."
    within = f"{show_mg_per_day(limit_mcg)} within {span} days"
    return f"A rise above {within} is fast by rule T1, which looks at what is prescribed and so names no step here."
