"""For which days a report of what was taken counts: its own, up to an end that was given, or on and on.

One table says which kinds go on by themselves. The sentence about it is worked out on the record as it would be, so
that it names what really counts on the day after.
"""

from dataclasses import replace
from datetime import date, timedelta

from titration.domain.days import show_near_day
from titration.domain.errors import DomainError
from titration.domain.history import taken_history
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord
from titration.domain.units import show_mg_per_day

GOES_ON_BY_ITSELF = frozenset({IntakeKind.RAN_OUT, IntakeKind.STOPPED, IntakeKind.UNKNOWN, IntakeKind.AS_PRESCRIBED})
END_OR_ON = "Write the last day it was so, or tick that it goes on; both together say two things."
_ONE_DAY = timedelta(days=1)


def last_day(kind: IntakeKind, *, starts_on: date, ends_on: date | None, goes_on: bool) -> date | None:
    """The last day that a report counts for, None where it goes on. Raises DomainError on an end that goes on."""
    if ends_on is not None and goes_on:
        raise DomainError(END_OR_ON, about="goes_on")
    if ends_on is not None:
        return ends_on
    return None if goes_on or kind in GOES_ON_BY_ITSELF else starts_on


def counted_words(record: PatientRecord, entry: IntakeEntry, today: date) -> tuple[str, ...]:
    """For which days a report counts and with what, then what counts on the day after its last one."""
    reported = replace(record, intakes=(*record.intakes, entry))
    if entry.ends_on is None:
        return (_open_words(reported, entry, today),)
    days = _days_words(entry.starts_on, entry.ends_on, today)
    amount = _amount(reported, entry.starts_on)
    return f"It counts {days}: {amount}.", _after_words(reported, entry.ends_on + _ONE_DAY, today)


def _open_words(reported: PatientRecord, entry: IntakeEntry, today: date) -> str:
    since, amount = show_near_day(entry.starts_on, beside=today), _amount(reported, entry.starts_on)
    if entry.kind is IntakeKind.AS_PRESCRIBED:
        return f"From {since} on, what is prescribed counts as taken again: {amount} on that day."
    return f"It counts from {since} on, until another report says otherwise: {amount}."


def _days_words(first: date, last: date, today: date) -> str:
    if first == last:
        return f"for {show_near_day(first, beside=today)} alone"
    return f"from {show_near_day(first, beside=today)} to {show_near_day(last, beside=today)}, both included"


def _amount(record: PatientRecord, on: date) -> str:
    mcg = taken_history(record).on(on.toordinal())
    return "not known" if mcg is None else show_mg_per_day(mcg)


def _after_words(reported: PatientRecord, on: date, today: date) -> str:
    day, amount = show_near_day(on, beside=today), _amount(reported, on)
    covering = report_of(reported, on)
    if covering is None or covering.kind is IntakeKind.AS_PRESCRIBED:
        return f"From {day} what is prescribed counts as taken again: {amount}."
    since = show_near_day(covering.starts_on, beside=today)
    return f"From {day} what was reported since {since} counts again: {amount}."


def report_of(record: PatientRecord, on: date) -> IntakeEntry | None:
    """The one that counts on a day: the one recorded last."""
    covering = [
        entry
        for entry in record.intakes
        if entry.counts and entry.starts_on <= on and (entry.ends_on is None or on <= entry.ends_on)
    ]
    return max(covering, key=lambda entry: entry.recorded_at, default=None)
