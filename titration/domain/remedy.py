"""What would clear the findings of a proposed dose change: the smallest other change, found by asking `assess()` again.

First another daily total for the same day, then the same doses some days later. A change clears when none of the
findings fires any more and nothing of caution or above appears that was not there before. Only rules that a dose can
clear are asked about; there is no second rule set, and what cannot be found is said to be missing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil

from titration.domain.assess import assess
from titration.domain.case import case_at, with_dose_change
from titration.domain.dose_change import regimen_before
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import Guidance
from titration.domain.history import prescribed_history
from titration.domain.planned_doses import planned_history
from titration.domain.planning.presets import load_limits
from titration.domain.planning.spread import spread
from titration.domain.products import Product
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.treatment import is_over

_STOP = "W1"
_UP, _DOWN = 1, -1
# Towards which dose a finding of the rule weakens. What no dose can clear is not asked about.
_TOWARDS: Mapping[str, int] = {_STOP: _UP, "W2": _UP, "W3": _UP, "T1": _DOWN, "T2": _DOWN, "R1": _DOWN}


def is_quiet(severity: Severity | None) -> bool:
    """Whether this is nothing of caution or above: what a remedy must leave, here and in the planner."""
    return severity is None or severity < Severity.CAUTION


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseProposal:
    """A dose change that is not saved yet. before and after: what the rules say on its day without and with it."""

    record: PatientRecord
    starts_on: date
    regimen: Regimen
    today: date
    now: datetime
    before: Assessment
    after: Assessment
    products: tuple[Product, ...]

    @property
    def as_of(self) -> date:
        return max(self.starts_on, self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRemedy:
    """What would clear these findings: doses from a day on; regimen None: nothing was found.

    once_taken: it clears only when the doses are taken as prescribed again, since a report says otherwise today.
    """

    clears: tuple[Finding, ...]
    starts_on: date
    regimen: Regimen | None = None
    held_days: int = 0
    once_taken: bool = False

    @property
    def may_be_filled_in(self) -> bool:
        """A stop is never answered by a button; it is for words only."""
        return self.regimen is not None and all(finding.code != _STOP for finding in self.clears)


def find_dose_remedy(proposal: DoseProposal, guidance: Guidance) -> DoseRemedy | None:
    """The smallest change that clears what the proposal raises, and a stop that stays open too where one does both.

    None where the proposal raises nothing that a dose could clear.
    """
    raised, staying = tuple(_raised(proposal)), tuple(_staying_stop(proposal))
    for findings in ((*raised, *staying), raised) if raised and staying else ((*raised, *staying),):
        if findings and (found := _find(proposal, findings, guidance)) is not None:
            return found
    return DoseRemedy(clears=raised, starts_on=proposal.starts_on) if raised else None


def _raised(proposal: DoseProposal) -> Iterator[Finding]:
    stood = _levels(proposal.before)
    for finding in proposal.after.findings:
        if finding.code in _TOWARDS and _is_new(finding, stood):
            yield finding


def _staying_stop(proposal: DoseProposal) -> Iterator[Finding]:
    stood = _levels(proposal.before)
    for finding in proposal.after.findings:
        if finding.code == _STOP and not is_quiet(finding.severity) and not _is_new(finding, stood):
            yield finding


def _levels(assessment: Assessment) -> Mapping[str, Severity]:
    return {finding.code: finding.severity for finding in assessment.findings}


def _is_new(finding: Finding, stood: Mapping[str, Severity]) -> bool:
    """Caution or above, and higher than the same rule said before the change."""
    return not is_quiet(finding.severity) and finding.severity > stood.get(finding.code, 0)


def _find(proposal: DoseProposal, findings: tuple[Finding, ...], guidance: Guidance) -> DoseRemedy | None:
    ways = {_TOWARDS[finding.code] for finding in findings}
    question = _Question(proposal, findings, guidance)
    return (_other_dose(question, ways.pop()) if len(ways) == 1 else None) or _later_start(question)


@dataclass(frozen=True, slots=True)
class _Question:
    """One proposal, the findings to clear, and the same engine to ask."""

    proposal: DoseProposal
    findings: tuple[Finding, ...]
    guidance: Guidance

    @property
    def asks_for_intake(self) -> bool:
        """A stop that is already reported is cleared by what is taken, not by what is prescribed."""
        stood = _levels(self.proposal.before)
        return any(finding.code == _STOP and not _is_new(finding, stood) for finding in self.findings)

    @property
    def before_mcg(self) -> int:
        """What is prescribed on the day before the change; 0 where nothing is on file."""
        earlier = regimen_before(self.proposal.record, self.proposal.starts_on)
        return earlier.daily_mcg if earlier else 0

    def with_total(self, daily_mcg: int) -> Assessment:
        """The answer to another daily total; how it is spread over the day changes nothing for the rules."""
        return self._answer(self.proposal.starts_on, Regimen(morning_mcg=daily_mcg))

    def with_start(self, held_days: int) -> Assessment:
        return self._answer(self.proposal.starts_on + timedelta(held_days), self.proposal.regimen)

    def before_start(self, held_days: int) -> Assessment:
        """What the rules will say by then if nothing is changed."""
        return self._assessed(self.proposal.record, self.proposal.as_of + timedelta(held_days))

    def _answer(self, starts_on: date, regimen: Regimen) -> Assessment:
        proposal = self.proposal
        record = with_dose_change(proposal.record, starts_on, regimen, at=proposal.now)
        if self.asks_for_intake:
            record = _taken_from(record, starts_on, proposal.now)
        return self._assessed(record, max(starts_on, proposal.today))

    def _assessed(self, record: PatientRecord, on: date) -> Assessment:
        return assess(case_at(record, on, now=self.proposal.now), self.guidance)

    def clears(self, answer: Assessment, before: Assessment) -> bool:
        """Whether the findings fire no more, nor those that they hide; a stop that stood must have gone, not only be
        no higher.
        """
        stood, ways = _levels(before), {_TOWARDS[finding.code] for finding in self.findings}
        codes = {code for code, way in _TOWARDS.items() if way in ways}
        left = [finding for finding in answer.findings if finding.code in codes and not is_quiet(finding.severity)]
        return not any(self._is_left(finding, stood) for finding in left)

    def _is_left(self, finding: Finding, stood: Mapping[str, Severity]) -> bool:
        return _is_new(finding, stood) or (finding.code == _STOP and self.asks_for_intake)

    def is_remedy(self, answer: Assessment, before: Assessment) -> bool:
        stood = _levels(before)
        return self.clears(answer, before) and not any(_is_new(finding, stood) for finding in answer.findings)


def _taken_from(record: PatientRecord, starts_on: date, now: datetime) -> PatientRecord:
    """The record as it would be once a report says that doses are taken as prescribed again."""
    report = IntakeEntry(
        id="", recorded_at=now, recorded_by="", kind=IntakeKind.AS_PRESCRIBED, starts_on=starts_on, ends_on=None
    )
    earlier = tuple(replace(entry, recorded_at=min(entry.recorded_at, now)) for entry in record.intakes)
    return replace(record, intakes=(*earlier, report))


def _other_dose(question: _Question, way: int) -> DoseRemedy | None:
    """The nearest total towards the dose before that clears, among those that the clinic's products can make."""
    proposal = question.proposal
    totals = _totals(question, way)

    for total_mcg in _from_first(totals, lambda mcg: question.clears(question.with_total(mcg), proposal.before)):
        regimen = _spread(proposal, total_mcg)
        if regimen is not None:
            answer = question.with_total(total_mcg)
            return _remedy(question, regimen=regimen) if question.is_remedy(answer, proposal.before) else None
    return None


def _totals(question: _Question, way: int) -> list[int]:
    """Totals between the proposed one and the one before it, neither included, nearest to the proposed one first.

    For a stop that stands they reach up to the total that the stop asks for. None is above what nobody decided on.
    """
    proposal, step, before = question.proposal, load_limits().smallest_step, question.before_mcg
    proposed, highest = proposal.regimen.daily_mcg, _highest(question, way)
    if way == _DOWN:
        return list(range(min(proposed - 1, highest) // step * step, before, -step))
    end = before if not question.asks_for_intake else _enough(question) + step
    return list(range((proposed // step + 1) * step, min(end, highest + 1), step))


def _highest(question: _Question, way: int) -> int:
    """Going back up ends at what a signed plan has come to, and at nothing once the treatment is over; else no remedy
    is above the label and what is prescribed. Never above the ceiling.
    """
    record, starts_on = question.proposal.record, question.proposal.starts_on
    if way == _UP and is_over(record.treatment, starts_on):
        return 0
    planned = planned_history(record).on(starts_on.toordinal())
    if way == _UP and planned is not None:
        return max(planned, prescribed_history(record).on(starts_on.toordinal()) or 0)
    labelled = question.guidance.labelled_maximum_mcg(record.label_set)
    return min(max(labelled, question.before_mcg), question.guidance.ceiling_mcg)


def _enough(question: _Question) -> int:
    """What the stops that stand ask to be taken, in whole micrograms."""
    asked = [finding.values["enough_mcg"] for finding in question.findings if finding.code == _STOP]
    return max(ceil(mcg) for mcg in asked if isinstance(mcg, int | Fraction))


def _from_first[T](candidates: list[T], clears: Callable[[T], bool]) -> Iterable[T]:
    """The candidates from the first that clears on, by halving: what is nearer to no change clears the more."""
    if not candidates or not clears(candidates[-1]):
        return []
    low, high = 0, len(candidates) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if clears(candidates[middle]) else (middle + 1, high)
    return candidates[low:]


def _spread(proposal: DoseProposal, total_mcg: int) -> Regimen | None:
    earlier = regimen_before(proposal.record, proposal.starts_on)
    taken_at = [*proposal.regimen.doses_mcg]
    if earlier is not None:
        taken_at = [max(pair) for pair in zip(taken_at, earlier.doses_mcg, strict=True)]
    times = tuple(time for time, mcg in zip(TimeOfDay, taken_at, strict=True) if mcg) or tuple(TimeOfDay)[:3]
    return spread(total_mcg, times, proposal.products, earlier)


def _later_start(question: _Question) -> DoseRemedy | None:
    """The fewest days of holding the present dose after which the proposed doses clear; not for a day in the past."""
    proposal = question.proposal
    if proposal.starts_on < proposal.today or question.asks_for_intake:
        return None
    days = list(range(1, question.guidance.count("stays") + 1))
    for held_days in _from_first(days, lambda days: question.clears(question.with_start(days), proposal.before)):
        answer, before = question.with_start(held_days), question.before_start(held_days)
        return _remedy(question, held_days=held_days) if question.is_remedy(answer, before) else None
    return None


def _remedy(question: _Question, *, regimen: Regimen | None = None, held_days: int = 0) -> DoseRemedy:
    return DoseRemedy(
        clears=question.findings,
        starts_on=question.proposal.starts_on + timedelta(held_days),
        regimen=regimen or question.proposal.regimen,
        held_days=held_days,
        once_taken=question.asks_for_intake,
    )
