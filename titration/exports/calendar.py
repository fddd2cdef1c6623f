"""A plan as iCalendar: one all-day event a step and a review, so that a phone says what to take.

A UID is the public id of its step and outlives later versions; SEQUENCE is the plan's version; steps that no longer
stand are sent as cancelled. The summary names the drug and the dose but not the person, since it shows on a locked
screen. Dates, never instants.
"""

from collections.abc import Iterator
from datetime import UTC, date, timedelta

from icalendar import Calendar, Event

from titration.domain.record import PlanState
from titration.domain.regimen import TimeOfDay
from titration.domain.units import show_mg
from titration.exports.document import CancelledStep, DocumentReview, DocumentStep, PlanDocument
from titration.exports.text import TIME_WORDS, plain_text

UID_DOMAIN = "titration.invalid"
_ONE_DAY = timedelta(days=1)
_CALLED_OFF_PLANS = frozenset({PlanState.STOPPED, PlanState.REPLACED})
_CALLED_OFF_STEPS = frozenset({"skipped", "stepped_back"})
_REVIEW_SUMMARY = {"clinic": "baclofen: review at the clinic", "telephone": "baclofen: the clinic rings you"}


def write_calendar(plan: PlanDocument) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//titration//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for event in _events(plan):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(plan: PlanDocument) -> Iterator[Event]:
    for step in plan.steps:
        yield _step_event(plan, step)
    for review in plan.reviews:
        yield _review_event(plan, review)
    for cancelled in plan.cancelled_steps:
        yield _cancelled_event(plan, cancelled)


def _step_event(plan: PlanDocument, step: DocumentStep) -> Event:
    event = _event(plan, step.id, step.starts_on, plan.last_day_of(step))
    event.add("summary", _summary(step.regimen.daily_mcg))
    event.add("description", plain_text("\n".join([*_doses(plan, step), *_origin(plan)])))
    _set_status(event, plan, called_off=_is_called_off(plan, step))
    return event


def _review_event(plan: PlanDocument, review: DocumentReview) -> Event:
    event = _event(plan, review.id, review.on, review.on)
    event.add("summary", _REVIEW_SUMMARY.get(review.how, "baclofen: review"))
    event.add("description", plain_text("\n".join([review.purpose, *_origin(plan)])))
    _set_status(event, plan, called_off=plan.state in _CALLED_OFF_PLANS)
    return event


def _cancelled_event(plan: PlanDocument, step: CancelledStep) -> Event:
    event = _event(plan, step.id, step.starts_on, step.ends_on)
    event.add("summary", f"{_summary(step.daily_mcg)} (no longer planned)")
    event.add("description", plain_text("\n".join(["This step was replaced.", *_origin(plan)])))
    event.add("status", "CANCELLED")
    event.add("sequence", plan.version)
    return event


def _event(plan: PlanDocument, public_id: str, first: date, last: date) -> Event:
    """An all-day event; its end is exclusive, as the format asks."""
    event = Event()
    event.add("uid", f"{public_id}@{UID_DOMAIN}")
    event.add("dtstamp", plan.printed.at.astimezone(UTC))
    event.add("dtstart", first)
    event.add("dtend", last + _ONE_DAY)
    event.add("transp", "TRANSPARENT")
    return event


def _set_status(event: Event, plan: PlanDocument, *, called_off: bool) -> None:
    standing = "CONFIRMED" if plan.signed else "TENTATIVE"
    event.add("status", "CANCELLED" if called_off else standing)
    event.add("sequence", plan.version + called_off)


def _is_called_off(plan: PlanDocument, step: DocumentStep) -> bool:
    if plan.is_on_hold and plan.held_on is not None and step.starts_on >= plan.held_on:
        return True
    never_started = plan.state in _CALLED_OFF_PLANS and step.state in ("planned", "held")
    return never_started or step.state in _CALLED_OFF_STEPS


def _summary(daily_mcg: int) -> str:
    return f"baclofen {show_mg(daily_mcg)} a day" if daily_mcg else "no more baclofen"


def _doses(plan: PlanDocument, step: DocumentStep) -> Iterator[str]:
    for time_of_day, dose_mcg in zip(TimeOfDay, step.regimen.doses_mcg, strict=True):
        if dose_mcg:
            clock = plan.clinic.clock_times.get(time_of_day, "")
            yield f"{TIME_WORDS[time_of_day]} {clock}".strip() + f": {step.recipe(time_of_day)} ({show_mg(dose_mcg)})"


def _origin(plan: PlanDocument) -> Iterator[str]:
    if plan.signed is None:
        yield "Draft, not signed: do not follow it yet."
    yield f"Plan {plan.number}, version {plan.version}. Check code {plan.content_hash}."
    yield f"Questions: {plan.clinic.name}, {plan.clinic.telephone}."
