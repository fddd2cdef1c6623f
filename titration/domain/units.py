"""Doses as whole micrograms inside, as text only at the edges.

The one place that knows the resolution of 0.1 mg and how a dose is written on screen and paper: a leading zero, no
trailing zero, a space before the unit that never breaks. Reading is strict ASCII: what would have to be guessed is
refused.
"""

import re
from fractions import Fraction
from itertools import count

from titration.domain.errors import NotADose

MCG_PER_MG = 1000
RESOLUTION_MCG = 100
NO_BREAK_SPACE = "\u00a0"
_DOSE = re.compile(r"(0|[1-9][0-9]{0,3})(?:\.([0-9]))?", re.ASCII)


def parse_mg(text: str) -> int:
    """Micrograms of a dose written in mg, such as "2.5".

    Accepts 0 to 9999.9 in steps of 0.1 mg, ASCII digits and a point; blanks around it are ignored.
    Raises NotADose for everything else, among them a sign, a comma, an exponent, a unit, a second decimal.
    Source: ISMP rules for writing doses.
    """
    match = _DOSE.fullmatch(text.strip(" "))
    if match is None:
        raise NotADose(_why_not_a_dose(text))
    whole, tenths = match.groups()
    return int(whole) * MCG_PER_MG + int(tenths or 0) * RESOLUTION_MCG


def _why_not_a_dose(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        return "Write the dose in mg, for example 10 or 2.5; write 0 for none."
    if stripped.startswith("."):
        return "Write a zero before the point, for example 0.5."
    if "," in stripped:
        return "Write a point, not a comma, for example 2.5."
    return "Write the dose in mg with digits and at most one decimal, for example 10 or 2.5."


def format_mg(mcg: int | Fraction) -> str:
    """The number of mg as text: "60", "2.5", "0.5". Finer than 0.1 mg is rounded half up for showing only."""
    tenths = (mcg * 10 + MCG_PER_MG // 2) // MCG_PER_MG
    whole, rest = divmod(int(tenths), 10)
    return f"{whole}.{rest}" if rest else str(whole)


def show_mg(mcg: int | Fraction) -> str:
    """A dose with its unit and a space that never breaks: "2.5 mg"."""
    return f"{format_mg(mcg)}{NO_BREAK_SPACE}mg"


def show_mg_per_day(mcg: int | Fraction) -> str:
    """A daily total with its unit: "60 mg/day"."""
    return f"{show_mg(mcg)}/day"


def show_percent(percent: int | Fraction) -> str:
    """A percentage to one decimal, or to as many as keep it from looking as if a limit were met: 74.97, never 75."""
    exact = Fraction(percent)
    digits = next(d for d in count(1) if round(exact, d).denominator > 1 or round(exact, d) == exact)
    whole, rest = divmod(round(exact * 10**digits), 10**digits)
    shown = f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")
    return f"{shown}{NO_BREAK_SPACE}%"
