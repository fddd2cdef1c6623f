"""What is compared of two plans, and the one hash that says whether two plans have the same content."""

import hashlib
import json
from collections.abc import Iterator, Sequence
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
class Change:
    """One change of dose: by so many mcg, as a share of the dose before it (None: there was none), on a day."""

    mcg: int
    percent: Fraction | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """What a clinician compares. days: from the first step to the last. largest_drop: the largest fall as a share of
    the dose before it, among falls of more than 5 mg (None: there is none). largest_rise: the largest in mg. largest:
    the largest change in mg either way. quantities: as in `quantities`."""

    starts_on: date
    ends_on: date
    ends_at_mcg: int
    days: int
    step_count: int
    largest: Change
    largest_drop: Change | None
    largest_rise: Change | None
    quantities: tuple[tuple[Product, Fraction], ...]

    @property
    def largest_drop_percent(self) -> Fraction | None:
        return self.largest_drop.percent if self.largest_drop else None


def summarise(draft: PlanDraft) -> PlanSummary:
    """Length, steps, largest drop and quantities of one draft."""
    return summarise_steps(draft.request.start, draft.steps)


def summarise_steps(start: Regimen, steps: Sequence[PlanStepDraft]) -> PlanSummary:
    """The same of any steps, from the regimen before them."""
    changes = list(_changes(start, steps))
    return PlanSummary(
        starts_on=steps[0].starts_on,
        ends_on=steps[-1].starts_on,
        ends_at_mcg=steps[-1].daily_mcg,
        days=(steps[-1].starts_on - steps[0].starts_on).days,
        step_count=len(steps),
        largest=max((change for _, change in changes), key=lambda change: change.mcg),
        largest_drop=_steepest([change for fell, change in changes if fell]),
        largest_rise=max(
            (change for fell, change in changes if not fell and change.mcg), key=lambda change: change.mcg, default=None
        ),
        quantities=tuple(quantities(steps, supplied_until(steps))),
    )


def _changes(start: Regimen, steps: Sequence[PlanStepDraft]) -> Iterator[tuple[bool, Change]]:
    """(whether it is a fall, the change) of each step."""
    totals = [start.daily_mcg, *[step.daily_mcg for step in steps]]
    for before, after, step in zip(totals, totals[1:], steps, strict=False):
        by_mcg = abs(after - before)
        percent = Fraction(by_mcg * _PER_CENT, before) if before else None
        yield after < before, Change(mcg=by_mcg, percent=percent, on=step.starts_on)


def _steepest(falls: Sequence[Change]) -> Change | None:
    """Of equal shares the earliest."""
    large = [fall for fall in falls if fall.mcg > load_limits().smallest_step]
    return max(large, key=lambda fall: (fall.percent or 0, -fall.on.toordinal()), default=None)


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
