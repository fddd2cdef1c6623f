"""Where a treatment stands: under way, ended, handed over, or the patient died; and what that makes of doses.

Each change is an entry and the one recorded last says where the treatment stands. From its first day an ended treatment
is 0 mg a day; one that was handed over, or ended by death, is unknown here, never 0. Reports recorded later win date by
date, as among reports.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from titration.domain.days import show_full_day
from titration.domain.entries import IntakeEntry, IntakeKind, TreatmentEntry, TreatmentState
from titration.domain.errors import DomainError
from titration.domain.record import PatientRecord
from titration.domain.units import show_mg_per_day

_ONE_DAY = timedelta(days=1)
_REPORTED_AS = {
    TreatmentState.UNDER_TREATMENT: IntakeKind.AS_PRESCRIBED,
    TreatmentState.ENDED: IntakeKind.STOPPED,
    TreatmentState.MOVED: IntakeKind.UNKNOWN,
    TreatmentState.DIED: IntakeKind.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Days on which nothing of the prescription counts: from first_on until the day before `until` (None: on and on).
    is_zero: 0 mg is what counts instead; else nobody here knows.
    """

    first_on: date
    until: date | None
    is_zero: bool

    def covers(self, day: date) -> bool:
        return self.first_on <= day and (self.until is None or day < self.until)


def standing_changes(entries: Iterable[TreatmentEntry]) -> list[TreatmentEntry]:
    """Those that count, in the order of recording."""
    return sorted((entry for entry in entries if entry.counts), key=lambda entry: entry.recorded_at)


def stands(entries: Iterable[TreatmentEntry]) -> TreatmentEntry | None:
    """The entry that says where the treatment stands; None where it never changed."""
    changes = standing_changes(entries)
    return changes[-1] if changes else None


def died_on(entries: Iterable[TreatmentEntry]) -> date | None:
    last = stands(entries)
    return last.starts_on if last is not None and last.kind is TreatmentState.DIED else None


def closed_without_day(record: PatientRecord) -> TreatmentState | None:
    """How the treatment is over where no day is on file; nothing is judged then. None once an entry says it."""
    return None if stands(record.treatment) else record.closed_as


def has_died(record: PatientRecord) -> bool:
    return died_on(record.treatment) is not None or closed_without_day(record) is TreatmentState.DIED


def is_over(entries: Iterable[TreatmentEntry], day: date) -> bool:
    """Whether nothing is prescribed here on a day, because the treatment ended or is somebody else's."""
    return any(closing.covers(day) for closing in closings(entries))


def closings(entries: Iterable[TreatmentEntry]) -> Iterator[Closing]:
    changes = standing_changes(entries)
    for place, entry in enumerate(changes):
        if entry.kind is not TreatmentState.UNDER_TREATMENT:
            again = (each.starts_on for each in changes[place:] if each.kind is TreatmentState.UNDER_TREATMENT)
            yield Closing(
                first_on=_first_day(entry), until=next(again, None), is_zero=entry.kind is TreatmentState.ENDED
            )


def closed[Dose](doses: Mapping[date, Dose], entries: Iterable[TreatmentEntry], zero: Dose) -> dict[date, Dose | None]:
    """Doses by their first day, as far as they count beside the changes of a treatment; None: nobody here knows. One of
    the day on which a treatment goes on counts, also where it went on the day that it ended.
    """
    found: dict[date, Dose | None] = dict(doses)
    for closing in closings(entries):
        found = {day: dose for day, dose in found.items() if not closing.covers(day)}
        found.setdefault(closing.first_on, zero if closing.is_zero else None)
    return found


def check_not_over(entries: Iterable[TreatmentEntry], starts_on: date) -> None:
    """Raises DomainError on a day on which nothing is prescribed here: a dose of that day would never count."""
    if is_over(entries, starts_on):
        raise DomainError(
            f"The treatment had ended, or was somebody else's, on {show_full_day(starts_on)}: a dose from that day "
            "on would not count. Choose a day since it was put back, or correct that end in the time line first.",
            about="starts_on",
        )


def as_reports(entries: Iterable[TreatmentEntry]) -> Iterator[IntakeEntry]:
    """What each change says of the doses taken, in the form in which reports are weighed against each other."""
    for entry in standing_changes(entries):
        if entry.last_mcg is not None:
            last_on = entry.starts_on - _ONE_DAY
            yield _report(entry, IntakeKind.DAILY_TOTAL, last_on, last_on, entry.last_mcg)
        yield _report(entry, _REPORTED_AS[entry.kind], _first_day(entry), None, None)


def _report(
    entry: TreatmentEntry, kind: IntakeKind, first: date, last: date | None, daily_mcg: int | None
) -> IntakeEntry:
    return IntakeEntry(
        id=entry.id, recorded_at=entry.recorded_at, recorded_by=entry.recorded_by, kind=kind, starts_on=first,
        ends_on=last, daily_mcg=daily_mcg,
    )  # fmt: skip


def _first_day(entry: TreatmentEntry) -> date:
    """The day of a death is still a day of treatment."""
    return entry.starts_on + _ONE_DAY if entry.kind is TreatmentState.DIED else entry.starts_on


def mark_words(entry: TreatmentEntry | None) -> str:
    """For the banner, lists and papers; "" while under treatment."""
    if entry is None or entry.kind is TreatmentState.UNDER_TREATMENT:
        return ""
    if entry.kind is TreatmentState.DIED:
        return f"Died on {show_full_day(entry.starts_on)}"
    if entry.kind is TreatmentState.MOVED:
        return f"Handed over to {entry.handed_to}, from {show_full_day(entry.starts_on)}"
    return f"Treatment ended: {last_dose_words(entry)}"


_UNDATED = {
    TreatmentState.ENDED: "Treatment ended (day and last dose not on file)",
    TreatmentState.MOVED: "Handed over (day not on file)",
    TreatmentState.DIED: "Died (day not on file)",
}


def status_words(record: PatientRecord) -> str:
    """The same, also where it was said before days were asked for."""
    undated = closed_without_day(record)
    return _UNDATED[undated] if undated else mark_words(stands(record.treatment))


def last_dose_words(entry: TreatmentEntry) -> str:
    if entry.last_mcg is None:
        return f"nothing taken, from {show_full_day(entry.starts_on)}"
    return f"last dose on {show_full_day(entry.starts_on - _ONE_DAY)}, {show_mg_per_day(entry.last_mcg)}"
