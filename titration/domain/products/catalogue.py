"""The products a clinic may choose from, read from `guidance/products.toml`; a clinic's own stand beside them.

Splitting is a property of the product: one country's 25 mg tablet may be halved, another's may not. Quarters are not
supported: no product
here is known to break into equal quarters.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from titration.domain.guidance import load_guidance
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg

_LIQUIDS = ("oral solution", "oral suspension")
_FILE = Path(__file__).parent.parent / "guidance" / "products.toml"
UL_PER_ML = 1000
HALVED = 2


class ProductForm(StrEnum):
    TABLET = "tablet"
    LIQUID = "liquid"
    GRANULES = "granules"


_PIECES = {
    ProductForm.TABLET: ("tablet", "tablets"),
    ProductForm.GRANULES: ("packet of granules", "packets of granules"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product a clinic uses, with the source of its strength and of how it may be split.

    code: stable key such as "tablet-10-halves". name: shown text. Tablets: strength_mcg each, parts 1 (whole only) or
    2 (may be halved). Granules come in packets of strength_mcg each, taken whole.
    Liquids: strength_mcg in volume_ul microlitres (5 mg in 5 mL: 5000 in 5000).
    """

    code: str
    name: str
    form: ProductForm
    strength_mcg: int
    parts: int = 1
    volume_ul: int = 0
    market: str = ""
    source: str = ""
    locator: str = ""
    origin: str = "design"
    reviewed_on: date | None = None

    def __post_init__(self) -> None:
        if self.strength_mcg <= 0 or self.parts not in (1, HALVED):
            raise ValueError(f"{self.code}: a strength above 0, whole or halved")
        if self.is_liquid != (self.volume_ul > 0):
            raise ValueError(f"{self.code}: a liquid has a volume, a tablet has none")
        if self.parts > 1 and self.form is not ProductForm.TABLET:
            raise ValueError(f"{self.code}: only a tablet may be halved")

    @property
    def is_liquid(self) -> bool:
        return self.form is ProductForm.LIQUID

    @property
    def piece_mcg(self) -> int:
        """The smallest piece of a tablet that can be taken."""
        return self.strength_mcg // self.parts

    @property
    def strength_words(self) -> str:
        """ "10 mg" for a tablet, "5 mg/5 mL" for a liquid: the concentration is always spelt out."""
        if not self.is_liquid:
            return show_mg(self.strength_mcg)
        return f"{show_mg(self.strength_mcg)}/{show_ml(Fraction(self.volume_ul, UL_PER_ML))}"

    @property
    def liquid_words(self) -> str:
        """ "oral solution 5 mg/5 mL": the name of a liquid in running text."""
        kind = " ".join(self.name.split(" ", 2)[:2]).lower()
        return f"{kind if kind in _LIQUIDS else 'oral liquid'} {self.strength_words}"

    @property
    def words(self) -> str:
        """ "5 mg tablet" or "oral solution 5 mg/5 mL"."""
        return self.liquid_words if self.is_liquid else f"{self.strength_words} {self.piece_words(1)}"

    def piece_words(self, count: int | Fraction) -> str:
        """ "tablet" or "tablets", "packet of granules" or "packets of granules"; not of a liquid."""
        one, more = _PIECES[self.form]
        return one if count <= 1 else more

    @property
    def splitting_words(self) -> str:
        if self.is_liquid:
            return "measured in mL"
        return "may be halved" if self.parts > 1 else "whole only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """How exactly a liquid can be measured, and how far from the dose that may take us (rule E1)."""

    step_ul: int
    dose_error: Fraction


def show_ml(millilitres: Fraction) -> str:
    """ "7.5 mL": in tenths, no trailing zero, a space that never breaks."""
    return f"{format_mg(millilitres * 1000)}{NO_BREAK_SPACE}mL"


@cache
def _read_file() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _product(entry: dict[str, Any]) -> Product:
    return Product(**{**entry, "form": ProductForm(entry["form"])})


@cache
def load_measuring() -> Measuring:
    """What rule E1 allows for liquids."""
    amount = load_guidance().amount
    return Measuring(step_ul=int(amount("e1_measure_step") * UL_PER_ML), dose_error=Fraction(amount("e1_dose_error")))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimits:
    """What a clinic's own product may be at most."""

    largest_strength_mcg: int
    largest_volume_ul: int
    most_products: int


@cache
def load_own_limits() -> OwnLimits:
    """The bounds of a clinic's own products."""
    entry = _read_file()["own"]
    return OwnLimits(**{name: entry[name] for name in ("largest_strength_mcg", "largest_volume_ul", "most_products")})


@cache
def load_period_days() -> int:
    """How many days tablets are dispensed for at a time."""
    return int(_read_file()["dispensing"]["period_days"])


PRODUCTS: dict[str, Product] = {entry["code"]: _product(entry) for entry in _read_file()["product"]}
