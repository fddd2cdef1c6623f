"""Two plans side by side, in words: each measure of both, and how the other differs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from titration.domain.days import show_full_day
from titration.domain.findings import Finding, Severity
from titration.domain.planning.compare import Change, PlanSummary
from titration.domain.planning.words import amount_words, length_words
from titration.domain.products import Product
from titration.domain.products.wording import list_words
from titration.domain.units import show_mg, show_mg_per_day, show_percent

_LEVELS = (Severity.CRITICAL, Severity.HIGH, Severity.CAUTION, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A plan's summary and what the rules say of it. name: how it is called beside another."""

    name: str
    summary: PlanSummary
    findings: tuple[Finding, ...]


def measures(this: Measured, other: Measured) -> tuple[tuple[str, str, str], ...]:
    """(what is measured, this plan, the other), a row each."""
    rows: list[tuple[str, str, str]] = []
    for label, words in _MEASURES:
        rows.append((label, words(this), words(other)))
    products = dict.fromkeys(product for each in (this, other) for product, _ in each.summary.quantities)
    rows += [(f"To dispense, {product.words}", _needs(this, product), _needs(other, product)) for product in products]
    return tuple(rows)


def _needs(plan: Measured, product: Product) -> str:
    amount = dict(plan.summary.quantities).get(product)
    return amount_words(product, amount) if amount else "none"


def steepest_words(summary: PlanSummary) -> str:
    """The steepest fall above the smallest step; of a plan without one, the largest change."""
    if summary.largest_drop is not None:
        return _change_words(summary.largest_drop)
    if summary.largest_rise is not None:
        return "no fall"
    return show_mg(summary.largest.mcg)


def _rise_words(summary: PlanSummary) -> str:
    return _change_words(summary.largest_rise) if summary.largest_rise else "no rise"


def _change_words(change: Change) -> str:
    """ "10 mg (50 %) on 3 Dec 2026"."""
    share = f" ({show_percent(change.percent)})" if change.percent is not None else ""
    return f"{show_mg(change.mcg)}{share} on {show_full_day(change.on)}"


def findings_words(findings: Iterable[Finding]) -> str:
    """ "1 high, 2 caution"; "none" where no rule names a step."""
    levels = [finding.severity for finding in findings]
    counted = [f"{levels.count(level)} {level.label}" for level in _LEVELS if level in levels]
    return ", ".join(counted) or "none"


_MEASURES: tuple[tuple[str, Callable[[Measured], str]], ...] = (
    ("First step", lambda plan: show_full_day(plan.summary.starts_on)),
    ("Last step", lambda plan: f"{show_full_day(plan.summary.ends_on)}, {show_mg_per_day(plan.summary.ends_at_mcg)}"),
    ("Length", lambda plan: length_words(plan.summary.days)),
    ("Changes of dose", lambda plan: str(plan.summary.step_count)),
    ("Steepest fall", lambda plan: steepest_words(plan.summary)),
    ("Largest rise", lambda plan: _rise_words(plan.summary)),
    ("Findings", lambda plan: findings_words(plan.findings)),
)


def difference_words(this: Measured, other: Measured) -> tuple[str, ...]:
    """Sentences that say how the other plan differs; one that says so where nothing that is measured does."""
    words = (
        *_length(this, other),
        *_target(this, other),
        *_steps(this, other),
        *_steepness(this, other),
        *_findings(this, other),
        *_tablets(this, other),
    )
    return words or ("Both are the same in everything that is measured here.",)


def _length(this: Measured, other: Measured) -> Iterator[str]:
    if this.summary.ends_on != other.summary.ends_on:
        yield f"{other.name} ends {_apart(this.summary.ends_on, other.summary.ends_on)}."
    if this.summary.starts_on != other.summary.starts_on:
        yield f"It begins {_apart(this.summary.starts_on, other.summary.starts_on)}."


def _apart(this: date, other: date) -> str:
    days = (other - this).days
    return f"{length_words(abs(days))} {'later' if days > 0 else 'earlier'}, on {show_full_day(other)}"


def _target(this: Measured, other: Measured) -> Iterator[str]:
    mine, theirs = this.summary.ends_at_mcg, other.summary.ends_at_mcg
    if mine != theirs:
        yield f"It ends at {show_mg_per_day(theirs)} instead of {show_mg_per_day(mine)}."


def _steps(this: Measured, other: Measured) -> Iterator[str]:
    more = other.summary.step_count - this.summary.step_count
    if more:
        yield f"It changes the dose {abs(more)} time{'' if abs(more) == 1 else 's'} {'more' if more > 0 else 'less'}."


def _steepness(this: Measured, other: Measured) -> Iterator[str]:
    mine, theirs = steepest_words(this.summary), steepest_words(other.summary)
    if mine != theirs:
        yield f"Its steepest fall is {theirs}, instead of {mine}."


def _findings(this: Measured, other: Measured) -> Iterator[str]:
    mine, theirs = findings_words(this.findings), findings_words(other.findings)
    if mine != theirs:
        yield f"Findings: {theirs}, instead of {mine}."


def _tablets(this: Measured, other: Measured) -> Iterator[str]:
    before, after = _dispensed(this), _dispensed(other)
    changes = [(product, after.get(product, 0) - before.get(product, 0)) for product in before | after]
    more = [amount_words(product, Fraction(amount)) for product, amount in changes if amount > 0]
    less = [amount_words(product, Fraction(-amount)) for product, amount in changes if amount < 0]
    yield from _needing(more, "more")
    yield from _needing(less, "less")


def _dispensed(plan: Measured) -> dict[Product, Fraction | int]:
    """What is handed out: whole tablets, mL as they are."""
    return {product: amount if product.is_liquid else ceil(amount) for product, amount in plan.summary.quantities}


def _needing(words: Sequence[str], which: str) -> Iterator[str]:
    if words:
        yield f"To dispense: {list_words(words)} {which}."
