"""High and critical findings that were answered for a dose change or an end of treatment that lies ahead.

Until its day nothing stands open, and nobody may read from that that nothing was raised.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from titration.domain.case import case_at
from titration.domain.days import show_near_day
from titration.domain.findings import Finding
from titration.domain.guidance import Guidance
from titration.domain.history import prescribed_history
from titration.domain.record import PatientRecord, RegimenEntry, TreatmentEntry
from titration.domain.treatment import standing_changes
from titration.domain.units import show_mg_per_day
from titration.domain.worsening import ASKED_FROM, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredAhead:
    """A finding as it will be on the day of what raises it. words: from when which dose, and what was answered."""

    finding: Finding
    words: str


def answered_ahead(record: PatientRecord, *, today: date, now: datetime, guidance: Guidance) -> Iterator[AnsweredAhead]:
    """In the order of their days, the highest of a day first."""
    for entry in sorted(_answered_entries(record, today), key=lambda entry: entry.starts_on):
        before = case_at(_without(record, entry), entry.starts_on, now=now)
        found = compare(before, case_at(record, entry.starts_on, now=now), guidance)
        for finding in found.worse:
            if finding.severity >= ASKED_FROM:
                yield AnsweredAhead(finding=finding, words=_words(record, entry, today))


def _answered_entries(record: PatientRecord, today: date) -> list[RegimenEntry | TreatmentEntry]:
    ordered: list[RegimenEntry | TreatmentEntry] = [entry for entry in record.regimens if entry.counts]
    entries = [*ordered, *standing_changes(record.treatment)]
    return [entry for entry in entries if entry.answered and entry.starts_on > today]


def answer_for(record: PatientRecord, day: date, today: date) -> str:
    """What was answered for the dose that begins on a day to come, "" where nobody was asked."""
    answered = [entry.answered for entry in _answered_entries(record, today) if entry.starts_on == day]
    return answered[-1] if answered else ""


def _without(record: PatientRecord, left_out: RegimenEntry | TreatmentEntry) -> PatientRecord:
    return replace(
        record,
        regimens=tuple(entry for entry in record.regimens if entry is not left_out),
        treatment=tuple(entry for entry in record.treatment if entry is not left_out),
    )


def _words(record: PatientRecord, entry: RegimenEntry | TreatmentEntry, today: date) -> str:
    mcg = prescribed_history(record).on(entry.starts_on.toordinal()) or 0
    answered = entry.answered.rstrip(".")
    return f"From {show_near_day(entry.starts_on, beside=today)}: {show_mg_per_day(mcg)}. Answered: {answered}."
