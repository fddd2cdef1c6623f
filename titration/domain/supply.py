"""How long the dispensed tablets last: the first day on which what is left no longer covers the dose.

Exact, and in mg across strengths and forms: 10 mg is two 5 mg tablets or one of 10 mg, whether or not the dose can
be made of what is left. Tablets from before the first dispensing on file are not known and not counted. Up to today
the doses taken are used up, after it those prescribed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise

from titration.domain.history import Day, DoseHistory, prescribed_history, taken_history
from titration.domain.products.catalogue import UL_PER_ML
from titration.domain.record import DispensingEntry, IntakeKind, PatientRecord

_LAST_DAY = date.max.toordinal()
_TELLING = frozenset({IntakeKind.BY_TIME, IntakeKind.DAILY_TOTAL, IntakeKind.MISSED, IntakeKind.AS_PRESCRIBED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was dispensed on one day. until: the first day not covered by it, None where it lasts without end."""

    first_on: date
    entries: tuple[DispensingEntry, ...]
    until: date | None
    is_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """stretches in date order. empty_on: the first day without enough tablets, None where that is not known or never
    comes.
    """

    stretches: tuple[Stretch, ...] = ()
    empty_on: date | None = None


def supply_of(record: PatientRecord, as_of: date) -> Supply:
    """The supply as it is known on the evening of a day. A product that the catalogue does not know makes it unknown;
    so does a report of doses taken after the tablets should have ended: then they come from elsewhere.
    """
    dispensings = [entry for entry in record.dispensings if entry.counts and entry.on <= as_of]
    if not dispensings:
        return Supply()
    stretches = tuple(_stretches(dispensings, _Use.of(record, as_of)))
    is_known = all(entry.made is not None for entry in dispensings)
    return Supply(stretches=stretches, empty_on=_empty_on(record, stretches[-1], as_of) if is_known else None)


def _empty_on(record: PatientRecord, last: Stretch, as_of: date) -> date | None:
    if not last.is_empty or last.until is None or _was_taken_after(record, last.until, as_of):
        return None
    return last.until


def _was_taken_after(record: PatientRecord, empty_on: date, as_of: date) -> bool:
    """Whether somebody reported doses of a later day."""
    return any(
        entry.counts and entry.kind in _TELLING and entry.starts_on <= as_of and (entry.ends_on or as_of) > empty_on
        and (entry.kind is IntakeKind.AS_PRESCRIBED or (entry.regimen.daily_mcg if entry.regimen else entry.daily_mcg))
        for entry in record.intakes
    )  # fmt: skip


def dispensed_mcg(entry: DispensingEntry) -> Fraction:
    """How much baclofen was dispensed; 0 for a product that nobody knows."""
    product = entry.made
    if product is None:
        return Fraction(0)
    each = Fraction(product.strength_mcg * UL_PER_ML, product.volume_ul) if product.is_liquid else product.strength_mcg
    return entry.quantity * each


@dataclass(frozen=True, slots=True)
class _Use:
    """What is due and what is used up on each day, and the days on which the box was reported empty."""

    due: DoseHistory
    used: DoseHistory
    emptied: frozenset[Day]

    @classmethod
    def of(cls, record: PatientRecord, as_of: date) -> "_Use":
        due, taken, tomorrow = prescribed_history(record), taken_history(record), as_of.toordinal() + 1
        until_today = [(day, mcg) for day, mcg in zip(taken.days, taken.values, strict=True) if day < tomorrow]
        ahead = [(tomorrow, due.on(tomorrow))]
        ahead += [(day, mcg) for day, mcg in zip(due.days, due.values, strict=True) if day > tomorrow]
        reports = (entry for entry in record.intakes if entry.counts and entry.kind is IntakeKind.RAN_OUT)
        emptied = frozenset(entry.starts_on.toordinal() for entry in reports if entry.starts_on <= as_of)
        return cls(due, DoseHistory.of([*until_today, *ahead]), emptied)

    def edges(self, first: Day) -> list[Day]:
        """Days on which something changes, from `first` on."""
        return sorted(day for day in {first, *self.due.days, *self.used.days, *self.emptied} if day >= first)

    def on(self, day: Day) -> tuple[int, int]:
        """(needed, used up) in mcg a day. Where the intake is not known, what was due counts as used."""
        due, used = self.due.on(day) or 0, self.used.on(day)
        return (max(due, used), used) if used is not None else (due, due)


def _stretches(dispensings: Sequence[DispensingEntry], use: _Use) -> Iterator[Stretch]:
    """One a day of dispensing; what is left of one goes into the next."""
    by_day = _by_day(dispensings)
    days = sorted(by_day)
    edges, left = use.edges(days[0]), Fraction(0)
    for day, following in pairwise([*days, None]):
        assert day is not None  # noqa: S101 - only the end of the pairs is None
        left += sum((dispensed_mcg(entry) for entry in by_day[day]), Fraction(0))
        empty, left = _spend(left, _spans(day, following, edges), use)
        end = following if empty is None else empty
        yield Stretch(
            first_on=date.fromordinal(day),
            entries=by_day[day],
            until=None if end is None else date.fromordinal(end),
            is_empty=empty is not None,
        )


def _by_day(dispensings: Sequence[DispensingEntry]) -> Mapping[Day, tuple[DispensingEntry, ...]]:
    ordered = sorted(dispensings, key=lambda entry: entry.on)
    return {on.toordinal(): tuple(entries) for on, entries in groupby(ordered, key=lambda entry: entry.on)}


def _spans(first: Day, until: Day | None, edges: Sequence[Day]) -> Iterator[tuple[Day, Day | None]]:
    """From `first` to the day before `until`, cut where something changes; (from, to the day before)."""
    inside = edges[bisect_left(edges, first + 1) : None if until is None else bisect_left(edges, until)]
    yield from pairwise([first, *inside, until])


def _spend(left: Fraction, spans: Iterator[tuple[Day, Day | None]], use: _Use) -> tuple[Day | None, Fraction]:
    """The first day that is not covered, None where all are; and what is left at the end."""
    empty: Day | None = None
    begun = False
    for first, until in spans:
        if begun and first in use.emptied:
            left = Fraction(0)
        begun = True
        needed, used = use.on(first)
        if empty is None:
            empty = _first_short(left, needed, used, first=first, until=until)
        if until is not None:
            left = max(Fraction(0), left - used * (until - first))
    return empty, left


def _first_short(left: Fraction, needed: int, used: int, *, first: Day, until: Day | None) -> Day | None:
    """The first day of a span on which less is left than needed."""
    if left < needed:
        return first
    if not used:
        return None
    day = first + int((left - needed) // used) + 1
    return day if day < (_LAST_DAY if until is None else until) else None
