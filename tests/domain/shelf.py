"""The products of the catalogue by short names, and their words with plain spaces."""

from titration.domain.products import PRODUCTS
from titration.domain.units import NO_BREAK_SPACE

TEN, FIVE, TWENTY = PRODUCTS["tablet-10-halves"], PRODUCTS["tablet-5"], PRODUCTS["tablet-20-halves"]
TEN_WHOLE, AUSTRIAN, GERMAN = PRODUCTS["tablet-10"], PRODUCTS["tablet-25-halves"], PRODUCTS["tablet-25"]
LIQUID, DOUBLE, STRONG = PRODUCTS["liquid-5-in-5"], PRODUCTS["liquid-10-in-5"], PRODUCTS["liquid-25-in-5"]
GRANULES = PRODUCTS["granules-5"]


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")
