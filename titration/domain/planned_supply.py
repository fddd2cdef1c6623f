"""How long the tablets that were dispensed last if a plan is followed, and what each period of it needs.

The first counts in mg across strengths, as the patient page does; the second counts pieces of each product exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from titration.domain.days import show_full_day, show_near_day, show_span
from titration.domain.judging import Steps, as_prescribed
from titration.domain.planning import PlanStepDraft
from titration.domain.planning.words import amount_words
from titration.domain.products import quantities_by_period, supplied_until
from titration.domain.record import PatientRecord
from titration.domain.supply import supply_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """One period in words: its days, then what each of its products needs."""

    span: str
    amounts: tuple[str, ...]


def period_rows(steps: Sequence[PlanStepDraft]) -> tuple[PeriodRow, ...]:
    """A row for each period of dispensing, to the end of the plan."""
    return tuple(
        PeriodRow(
            span=show_span(period.first_on, period.last_on, beside=period.first_on),
            amounts=tuple(amount_words(product, amount) for product, amount in period.amounts),
        )
        for period in quantities_by_period(steps, supplied_until(steps))
    )


def runs_out_on(record: PatientRecord, steps: Steps, today: date) -> date | None:
    """The first day that the dispensed tablets on file would not cover if this plan were prescribed; None where they
    reach its end, or where nothing is known to have been dispensed."""
    return supply_of(as_prescribed(record, steps), today).empty_on


def runs_out_words(record: PatientRecord, steps: Steps, today: date) -> str:
    """One sentence; nothing where no dispensing is on file."""
    if not any(entry.counts for entry in record.dispensings):
        return ""
    empty_on = runs_out_on(record, steps, today)
    if empty_on is None:
        return "What was dispensed lasts for the whole plan, or is not known to end."
    if empty_on <= today:
        return f"The first day without enough of what was dispensed was {show_full_day(empty_on)}."
    last = show_near_day(steps[-1][0], beside=today)
    early = f", before the last step on {last}" if empty_on < steps[-1][0] else ""
    return f"The first day without enough of what was dispensed is {show_full_day(empty_on)}{early}."
