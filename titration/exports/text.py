"""Text at the edge of an export: free text without what no paper or file can hold, exact numbers.

Free text is kept as typed but for control characters and kinds of line ends.
"""

import re
from decimal import Decimal
from fractions import Fraction

from titration.domain.units import MCG_PER_MG

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def plain_text(text: str) -> str:
    """What was typed, with every kind of line end as LF and without control characters."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """The same on a single line, for names and headings."""
    return " ".join(plain_text(text).split("\n")).strip()


def mg_number(mcg: int) -> Decimal:
    """mg as an exact number, negative ones too: 2500 -> 2.5."""
    return Decimal(mcg) / MCG_PER_MG


def show_count(count: Fraction) -> str:
    """A number of tablets or millilitres: "112", "112.5"; never a fraction that a pharmacy system misreads."""
    return f"{count.numerator}" if count.denominator == 1 else f"{Decimal(count.numerator) / count.denominator:f}"
