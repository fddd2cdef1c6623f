"""The calendar of the patient's sheet: weeks, their parts, and the cells of each part.

A week is a list of parts, Monday first; where steps change in mid-week there is one part for each step, and every day
of the plan stands in exactly one part. A cell is "box" (to tick), "nil" (no dose then) or empty (the day belongs to
another part).

What changes is marked beside the time of day and never beside what to take, in a word that is no amount: whoever reads
"two tablets more" takes two besides.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from titration.domain.regimen import Regimen, TimeOfDay
from titration.exports.dates import short_date
from titration.exports.document import DocumentStep, PlanDocument, dose_at
from titration.exports.phrases import Value, step_words
from titration.exports.wording import MARKS, TIMES

_WEEK_DAYS = 7


def calendar_weeks(plan: PlanDocument) -> Iterator[Value]:
    """Weeks in order, each a list of parts; the day on which baclofen has ended has no box."""
    last = plan.last_dose_day
    monday = plan.starts_on - timedelta(days=plan.starts_on.weekday())
    while monday <= last:
        sunday = min(last, monday + timedelta(days=_WEEK_DAYS - 1))
        yield [_part(plan, step, monday, sunday) for step in _steps_between(plan, monday, sunday)]
        monday += timedelta(days=_WEEK_DAYS)


def _steps_between(plan: PlanDocument, first: date, last: date) -> list[DocumentStep]:
    return [step for step in plan.steps if step.starts_on <= last and plan.last_day_of(step) >= first]


def _part(plan: PlanDocument, step: DocumentStep, monday: date, sunday: date) -> Value:
    first, last = max(step.starts_on, monday), min(plan.last_day_of(step), sunday)
    days = [monday + timedelta(days=offset) for offset in range(_WEEK_DAYS)]
    shown = [first <= day <= last for day in days]
    is_new = step.starts_on == first
    return {
        "daily": plan.language.gettext("{dose} a day", dose=plan.language.mg(step.regimen.daily_mcg)),
        "mark": _mark(plan, "dose", is_changed=is_new and step.regimen != _regimen_before(plan, step)),
        "days": [
            _day_cell(plan, day, first=first) if held else {"label": "", "review": False}
            for day, held in zip(days, shown, strict=True)
        ],
        "rows": [_row(plan, step, time, shown=shown, is_new=is_new) for time in plan.times_used()],
    }


def _mark(plan: PlanDocument, which: str, *, is_changed: bool) -> str:
    return plan.language.gettext(MARKS[which]) if is_changed else ""


def _day_cell(plan: PlanDocument, day: date, *, first: date) -> Value:
    label = short_date(plan.language, day) if day == first or day.day == 1 else str(day.day)
    return {"label": label, "review": any(review.on == day for review in plan.reviews)}


def _row(plan: PlanDocument, step: DocumentStep, time: TimeOfDay, *, shown: list[bool], is_new: bool) -> Value:
    dose_mcg = step.dose_mcg(time)
    is_changed = is_new and dose_mcg != dose_at(_regimen_before(plan, step), time)
    return {
        "time": plan.language.gettext(TIMES[time]),
        "mark": _mark(plan, "time", is_changed=is_changed),
        "words": step_words(plan, step, time),
        "is_none": dose_mcg == 0,
        "ticks": [("box" if dose_mcg else "nil") if held else "" for held in shown],
    }


def _regimen_before(plan: PlanDocument, step: DocumentStep) -> Regimen:
    earlier = [other.regimen for other in plan.steps if other.starts_on < step.starts_on]
    return earlier[-1] if earlier else plan.start
