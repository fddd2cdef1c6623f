"""What a prescription falls back to when one of its entries no longer counts.

Only what is on file is read; nothing is judged.
"""

from dataclasses import replace
from datetime import date

from titration.domain.history import prescribed_history, prescribed_regimens, taken_history
from titration.domain.plan_holds import HeldByChange, held_without
from titration.domain.plan_versions import goes_on_from_another_dose
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen


def prescribed_without(record: PatientRecord, entry_id: str, on: date) -> tuple[date, Regimen] | None:
    """Since when, and what, would be prescribed on a day without that regimen change; None when nothing is known."""
    earlier = [(since, regimen) for since, regimen in prescribed_regimens(_without(record, entry_id)) if since <= on]
    return earlier[-1] if earlier else None


def taken_without(record: PatientRecord, entry_id: str, on: date) -> int | None:
    """The daily total that would count as taken on a day without that report of what was taken; None: not known."""
    intakes = tuple(entry for entry in record.intakes if entry.id != entry_id)
    return taken_history(replace(record, intakes=intakes)).on(on.toordinal())


def counting_without_change(record: PatientRecord, entry_id: str, on: date) -> tuple[int | None, int | None]:
    """What would count as prescribed and as taken on a day without that change of where the treatment stands."""
    treatment = tuple(entry for entry in record.treatment if entry.id != entry_id)
    without = replace(record, treatment=treatment)
    day = on.toordinal()
    return prescribed_history(without).on(day), taken_history(without).on(day)


def holds_the_plan(record: PatientRecord, entry_id: str, today: date) -> bool:
    """Whether the next planned step would go on from another dose without that regimen change, so that it waits."""
    return goes_on_from_another_dose(record, _without(record, entry_id), today)


def released_without(record: PatientRecord, entry_id: str, held: HeldByChange) -> PatientRecord | None:
    """The record without that regimen change, and with what had begun of the plan that it holds; None where the hold
    stays as it is.
    """
    without = _without(record, entry_id)
    held_on = held_without(held, record, without)
    if held_on is None:
        return None
    plans = tuple(replace(plan, held_on=held_on) if plan.id == held.plan_id else plan for plan in record.plans)
    return replace(without, plans=plans)


def _without(record: PatientRecord, entry_id: str) -> PatientRecord:
    return replace(record, regimens=tuple(entry for entry in record.regimens if entry.id != entry_id))
