"""Two drafts side by side, and the one hash that says whether two plans have the same content."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from titration.domain.planning.presets import load_limits
from titration.domain.planning.request import PlanDraft, PlanStepDraft
from titration.domain.products import Product, quantities, supplied_until
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen

_PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """What a clinician compares. days: from the first step to the last. largest_drop_percent: the largest fall, as a
    share of the dose
    before it, among falls of more than 5 mg (None: there is none); largest_drop_on its day. quantities: as in
    `quantities`."""

    ends_on: date
    days: int
    step_count: int
    largest_drop_percent: Fraction | None
    largest_drop_on: date | None
    quantities: tuple[tuple[Product, Fraction], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A draft and the one that might replace it. days_longer and steps_more are negative where the other is shorter."""

    this: PlanSummary
    other: PlanSummary

    @property
    def days_longer(self) -> int:
        return self.other.days - self.this.days

    @property
    def steps_more(self) -> int:
        return self.other.step_count - self.this.step_count


def compare(this: PlanDraft, other: PlanDraft) -> Comparison:
    """Both drafts in the same measures."""
    return Comparison(this=summarise(this), other=summarise(other))


def summarise(draft: PlanDraft) -> PlanSummary:
    """Length, steps, largest drop and quantities of one draft."""
    drop = _largest_drop(draft.request.start, draft.steps)
    return PlanSummary(
        ends_on=draft.ends_on,
        days=(draft.ends_on - draft.steps[0].starts_on).days,
        step_count=len(draft.steps),
        largest_drop_percent=drop[0] if drop else None,
        largest_drop_on=drop[1] if drop else None,
        quantities=tuple(quantities(draft.steps, supplied_until(draft.steps))),
    )


def _largest_drop(start: Regimen, steps: Sequence[PlanStepDraft]) -> tuple[Fraction, date] | None:
    """Of equal shares the earliest."""
    totals = [start.daily_mcg, *[step.daily_mcg for step in steps]]
    drops = [
        (Fraction((before - after) * _PER_CENT, before), step.starts_on)
        for before, after, step in zip(totals, totals[1:], steps, strict=False)
        if before - after > load_limits().smallest_step
    ]
    return max(drops, key=lambda drop: (drop[0], -drop[1].toordinal()), default=None)


def content_hash(
    steps: Sequence[tuple[date, Regimen]],
    *,
    kind: PlanKind,
    start: Regimen,
    product_codes: Sequence[str],
    target_mcg: int,
) -> str:
    """SHA-256 (hex) of what the patient follows: kind, start, target, products in any order, and every step's date
    and four doses.

    The same content always gives the same hash; who, when and why are not part of it.
    """
    content = {
        "kind": kind.value,
        "products": sorted(product_codes),
        "start_mcg": start.doses_mcg,
        "steps": [[starts_on.isoformat(), *regimen.doses_mcg] for starts_on, regimen in steps],
        "target_mcg": target_mcg,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()
