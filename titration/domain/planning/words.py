"""A plan in words: its length, each change, what to dispense, and what a slower plan would clear.

Words for a screen; the patient's papers have their own.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from titration.domain.days import show_full_day, show_near_day
from titration.domain.findings import Severity
from titration.domain.planning.request import PlanStepDraft
from titration.domain.products import Product, quantities, supplied_until
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg, show_percent

_A_WEEK, _PER_CENT = 7, 100
_GRAVE = (Severity.CRITICAL, Severity.HIGH, Severity.CAUTION)


def length_words(days: int) -> str:
    """ "20 days", "8 weeks": weeks from two whole ones on."""
    if days >= 2 * _A_WEEK and days % _A_WEEK == 0:
        return f"{days // _A_WEEK} weeks"
    return f"{days} day{'' if days == 1 else 's'}"


def summary_words(steps: Sequence[PlanStepDraft], today: date) -> str:
    """ "12 steps in 20 days, to 6 Dec"."""
    first, last = steps[0].starts_on, steps[-1].starts_on
    count = f"{len(steps)} step{'' if len(steps) == 1 else 's'}"
    return f"{count} in {length_words((last - first).days)}, to {show_near_day(last, beside=today)}"


def change_words(before_mcg: int, after_mcg: int) -> str:
    """Signed: "−5 mg", "+15 mg"."""
    return f"{_sign(before_mcg, after_mcg)}{show_mg(abs(after_mcg - before_mcg))}"


def percent_words(before_mcg: int, after_mcg: int) -> str:
    """Of the dose before; nothing where there was none."""
    if not before_mcg:
        return ""
    share = show_percent(Fraction(abs(after_mcg - before_mcg) * _PER_CENT, before_mcg))
    return f"{_sign(before_mcg, after_mcg)}{share}"


def _sign(before_mcg: int, after_mcg: int) -> str:
    if after_mcg == before_mcg:
        return ""
    return "+" if after_mcg > before_mcg else "−"


def supply_lines(steps: Sequence[PlanStepDraft]) -> tuple[str, ...]:
    """What to dispense for the whole plan, a line a product, then the days that it is for."""
    until = supplied_until(steps)
    lines = tuple(amount_words(product, amount) for product, amount in quantities(steps, until))
    first, last = steps[0].starts_on, until - timedelta(days=1)
    return (*lines, f"for {show_near_day(first, beside=last)} to {show_full_day(last)}") if lines else ()


def amount_words(product: Product, amount: Fraction) -> str:
    """Whole tablets to dispense, with what is used where a half is left over; a liquid as its volume."""
    number, whole = format_mg(amount * 1000), ceil(amount)
    if product.is_liquid:
        return f"{number}{NO_BREAK_SPACE}mL of {product.liquid_words}"
    left_over = "" if whole == amount else f" ({number} are used)"
    return f"{whole} {product.piece_words(whole)} of {product.strength_words}{left_over}"


def cleared_words(levels: Iterable[Severity], from_number: int | None) -> str:
    """What a slower plan would clear, as something to consider. levels: of the steps that it clears."""
    cleared = list(levels)
    counted = [f"{cleared.count(level)} {level.label}" for level in _GRAVE if level in cleared]
    way = "Consider smaller steps" if from_number else "Consider a slower pace"
    begin = f" from step {from_number} on" if from_number else ""
    return f"{way}{begin}. Clears {' and '.join(counted) if counted else 'the length'}; raises nothing new."
