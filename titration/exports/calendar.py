"""A plan as iCalendar: one all-day event a step and a review, so that a phone says what to take.

A UID outlives later versions: a step takes over the event of the one it replaces, and what is left is sent as
cancelled. SEQUENCE rises with each version and each calling off. The summary names the drug and the dose but not the
person, since it shows on a locked screen. Dates, never instants.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from titration.domain.record import PlanState
from titration.domain.regimen import TimeOfDay
from titration.exports.content_lines import day_line, instant_line, text_line, written
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
    return written(_lines(plan))


def _lines(plan: PlanDocument) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//titration//plan//EN", "CALSCALE:GREGORIAN")
    yield "METHOD:PUBLISH"
    for event in _events(plan):
        yield from ("BEGIN:VEVENT", *event, "END:VEVENT")
    yield "END:VCALENDAR"


def _events(plan: PlanDocument) -> Iterator[Iterator[str]]:
    if plan.begun_step is not None:
        yield _begun_event(plan, plan.begun_step)
    yield from (_step_event(plan, step) for step in plan.steps)
    yield from (_review_event(plan, review) for review in plan.reviews)
    yield from (_cancelled_event(plan, cancelled) for cancelled in plan.cancelled_steps)


def _step_event(plan: PlanDocument, step: DocumentStep) -> Iterator[str]:
    days = (step.starts_on, _last_day(plan, step))
    told = [_summary(plan, step.regimen.daily_mcg), *_doses(plan, step)]
    return _event(plan, step.event_id or step.id, days, told, called_off=_is_called_off(plan, step))


def _last_day(plan: PlanDocument, step: DocumentStep) -> date:
    """A hold or an end that comes while a step goes on ends what the plan says of it: another dose may follow."""
    until, last_on = plan.stands_until, plan.last_day_of(step)
    return last_on if until is None or until <= step.starts_on else min(last_on, until - _ONE_DAY)


def _review_event(plan: PlanDocument, review: DocumentReview) -> Iterator[str]:
    summary = plan.language.gettext(_REVIEW_SUMMARY.get(review.how, gettext_noop("baclofen: review")))
    called_off = plan.state in _CALLED_OFF_PLANS
    return _event(plan, review.id, (review.on, review.on), [summary, review.purpose], called_off=called_off)


def _cancelled_event(plan: PlanDocument, step: CancelledStep) -> Iterator[str]:
    say = plan.language
    summary = say.gettext("{step} (no longer planned)", step=_summary(plan, step.daily_mcg))
    told = [summary, say.gettext("This step was replaced.")]
    days = (step.starts_on, step.ends_on)
    return _event(plan, step.id, days, told, called_off=True, version=step.version)


def _begun_event(plan: PlanDocument, step: CancelledStep) -> Iterator[str]:
    """Taken until this version begins, however long it was planned for."""
    told = [_summary(plan, step.daily_mcg), plan.language.gettext("Begun with an earlier version of the plan.")]
    return _event(plan, step.id, (step.starts_on, step.ends_on), told, called_off=False)


def _event(
    plan: PlanDocument,
    public_id: str,
    days: tuple[date, date],
    told: list[str],
    *,
    called_off: bool,
    version: int | None = None,
) -> Iterator[str]:
    """An all-day event; its end is exclusive, as the format asks. told: the summary, then lines of the description.
    version: of the other plan that the event was of.
    """
    summary, *lines = told
    standing = "CONFIRMED" if plan.signed else "TENTATIVE"
    yield text_line("SUMMARY", summary)
    yield day_line("DTSTART", days[0])
    yield day_line("DTEND", days[1] + _ONE_DAY)
    yield instant_line("DTSTAMP", plan.printed.at)
    yield text_line("UID", f"{public_id}@{UID_DOMAIN}")
    yield f"SEQUENCE:{2 * (version or plan.version) + called_off}"
    yield text_line("DESCRIPTION", plain_text("\n".join([*lines, *_origin(plan)])))
    yield f"STATUS:{'CANCELLED' if called_off else standing}"
    yield "TRANSP:TRANSPARENT"


def _is_called_off(plan: PlanDocument, step: DocumentStep) -> bool:
    """A replaced plan goes on until the next one begins: its steps until then are not called off."""
    never_started = plan.state in _CALLED_OFF_PLANS and step.state in ("planned", "held")
    stands = not never_started if plan.stands_until is None else plan.stands_on(step.starts_on)
    return not stands or step.state in _CALLED_OFF_STEPS


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
