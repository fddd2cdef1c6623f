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
from titration.exports.document import CancelledStep, DocumentReview, DocumentStep, PlanDocument
from titration.exports.language import gettext_noop
from titration.exports.takings import take_words
from titration.exports.text import plain_text
from titration.exports.wording import TIMES

UID_DOMAIN = "titration.invalid"
_ONE_DAY = timedelta(days=1)
_CALLED_OFF_PLANS = frozenset({PlanState.STOPPED, PlanState.REPLACED})
_CALLED_OFF_STEPS = frozenset({"skipped", "stepped_back"})
_REVIEW_SUMMARY = {
    "clinic": gettext_noop("baclofen: review at the clinic"),
    "telephone": gettext_noop("baclofen: the clinic rings you"),
}


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
    event.add("summary", _summary(plan, step.regimen.daily_mcg))
    event.add("description", plain_text("\n".join([*_doses(plan, step), *_origin(plan)])))
    _set_status(event, plan, called_off=_is_called_off(plan, step))
    return event


def _review_event(plan: PlanDocument, review: DocumentReview) -> Event:
    event = _event(plan, review.id, review.on, review.on)
    event.add("summary", plan.language.gettext(_REVIEW_SUMMARY.get(review.how, gettext_noop("baclofen: review"))))
    event.add("description", plain_text("\n".join([review.purpose, *_origin(plan)])))
    _set_status(event, plan, called_off=plan.state in _CALLED_OFF_PLANS)
    return event


def _cancelled_event(plan: PlanDocument, step: CancelledStep) -> Event:
    event = _event(plan, step.id, step.starts_on, step.ends_on)
    say = plan.language
    event.add("summary", say.gettext("{step} (no longer planned)", step=_summary(plan, step.daily_mcg)))
    event.add("description", plain_text("\n".join([say.gettext("This step was replaced."), *_origin(plan)])))
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
    if plan.is_on_hold and not plan.stands_on(step.starts_on):
        return True
    never_started = plan.state in _CALLED_OFF_PLANS and step.state in ("planned", "held")
    return never_started or step.state in _CALLED_OFF_STEPS


def _summary(plan: PlanDocument, daily_mcg: int) -> str:
    if not daily_mcg:
        return plan.language.gettext("no more baclofen")
    return plan.language.gettext("baclofen {dose} a day", dose=plan.language.mg(daily_mcg))


def _doses(plan: PlanDocument, step: DocumentStep) -> Iterator[str]:
    say = plan.language
    for time_of_day, dose_mcg in zip(TimeOfDay, step.regimen.doses_mcg, strict=True):
        if dose_mcg:
            clock = plan.clinic.clock_times.get(time_of_day, "")
            taken = take_words(say, step.parts(time_of_day))
            yield f"{say.gettext(TIMES[time_of_day])} {clock}".strip() + f": {taken} ({say.mg(dose_mcg)})"


def _origin(plan: PlanDocument) -> Iterator[str]:
    say = plan.language
    if plan.signed is None:
        yield say.gettext("Draft, not signed: do not follow it yet.")
    number = say.gettext("Plan {number}, version {version}", number=plan.number, version=plan.version)
    yield f"{number}. " + say.gettext("Check code {code}", code=plan.content_hash) + "."
    yield say.gettext("Questions: {clinic}, {telephone}.", clinic=plan.clinic.name, telephone=plan.clinic.telephone)
