"""Whether somebody has said what was taken on a day, or whether only a signed plan says so.

A dose that was prescribed by itself counts as said; a step of a plan counts from when it was confirmed. "As
prescribed" tells no day later than the one on which it was recorded.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from titration.domain.history import Day, prescribed_regimens
from titration.domain.plan_transitions import TOLD_STATES
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord
from titration.domain.treatment import closings

_LAST_DAY = date(9999, 12, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """sources: each prescribed day with whether a plan alone says so; spans: told days, the last one excluded."""

    sources: tuple[tuple[Day, bool], ...]
    spans: tuple[tuple[Day, Day], ...]

    @property
    def edges(self) -> set[Day]:
        """Every day on which the answer may change."""
        return {*(day for day, _ in self.sources), *(edge for span in self.spans for edge in span)}

    def is_unconfirmed(self, day: Day) -> bool:
        """Whether what counts as taken on that day is the plan's word alone."""
        return self._is_from_plan(day) and not self.is_told(day)

    def is_told(self, day: Day) -> bool:
        """Whether an intake report speaks of that day."""
        position = bisect_right(self.spans, (day, date.max.toordinal()))
        return bool(position) and day < self.spans[position - 1][1]

    def _is_from_plan(self, day: Day) -> bool:
        position = bisect_right(self.sources, (day, True))
        return bool(position) and self.sources[position - 1][1]


def reported(record: PatientRecord) -> Reported:
    settled = {entry.starts_on for entry in record.regimens if entry.counts}
    settled |= {step.starts_on for plan in record.plans for step in plan.steps if step.state in TOLD_STATES}
    settled |= {closing.first_on for closing in closings(record.treatment)}
    sources = ((day.toordinal(), day not in settled) for day, _ in prescribed_regimens(record))
    return Reported(sources=tuple(sources), spans=tuple(_told_spans(record)))


def is_told(intakes: Iterable[IntakeEntry], day: date) -> bool:
    """Whether a report speaks of that day."""
    spans = (_told_span(entry) for entry in intakes if entry.counts)
    return any(first <= day.toordinal() < until for first, until in spans)


def _told_spans(record: PatientRecord) -> list[tuple[Day, Day]]:
    """Without overlap, in the order of days."""
    spans: list[tuple[Day, Day]] = []
    for first, until in sorted(_told_span(entry) for entry in record.intakes if entry.counts):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(until, spans[-1][1]))
        elif until > first:
            spans.append((first, until))
    return spans


def _told_span(entry: IntakeEntry) -> tuple[Day, Day]:
    last = entry.ends_on or date.max
    if entry.kind is IntakeKind.AS_PRESCRIBED:
        last = min(last, entry.recorded_at.date())
    return entry.starts_on.toordinal(), min(last, _LAST_DAY).toordinal() + 1
