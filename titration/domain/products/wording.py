"""Pieces of tablets and volumes in plain words.

"One and a half 10 mg tablets", never "1.5 tabs"; a liquid always as volume, concentration and mg, because a ten-fold
mistake is one word away.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from titration.domain.products.catalogue import UL_PER_ML, Product, ProductForm, show_ml
from titration.domain.units import show_mg

_SMALL = (
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def count_words(number: int) -> str:
    """ "one" to "ninety-nine"; digits from 100."""
    if number < len(_SMALL):
        return _SMALL[number]
    tens, rest = divmod(number, 10)
    if tens >= len(_TENS):
        return str(number)
    return f"{_TENS[tens]}-{_SMALL[rest]}" if rest else _TENS[tens]


def list_words(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"; "none" for nothing."""
    if not words:
        return "none"
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def part_words(product: Product, amount: Fraction) -> str:
    """ "half a 10 mg tablet", "two 10 mg tablets", "7.5 mL of oral solution 5 mg/5 mL (7.5 mg)"."""
    if product.is_liquid:
        return f"{show_ml(amount)} of {product.liquid_words} ({_liquid_mg(product, amount)})"
    return _count_words(amount, f"{product.strength_words} {product.piece_words(amount)}")


def only_tablet(products: Iterable[Product | None]) -> Product | None:
    """The one tablet, by its strength, that a plan uses and that the patient has: a heading may name it once.

    None where they are of more than one strength or form, or where one of them is not known: then "one tablet" would
    be any of them, and each dose names its own. All words of doses ask this.
    """
    known = list(products)
    first = known[0] if known else None
    if first is None or first.form is not ProductForm.TABLET:
        return None
    same = all(other is not None and _kind(other) == _kind(first) for other in known)
    return first if same else None


def _kind(product: Product) -> tuple[ProductForm, int]:
    return product.form, product.strength_mcg


def bare_tablets(amount: Fraction) -> str:
    """ "half a tablet", "one and a half tablets": where a heading names `only_tablet`."""
    return _count_words(amount, "tablet" if amount <= 1 else "tablets")


def _count_words(amount: Fraction, noun: str) -> str:
    whole, rest = divmod(amount, 1)
    if not whole:
        return f"half a {noun}"
    return f"{count_words(whole)} and a half {noun}" if rest else f"{count_words(whole)} {noun}"


def _liquid_mg(product: Product, amount: Fraction) -> str:
    return show_mg(amount * UL_PER_ML * product.strength_mcg / product.volume_ul)
