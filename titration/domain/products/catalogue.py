"""The products a clinic may choose from, read from `guidance/products.toml`.

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

from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg

_FILE = Path(__file__).parent.parent / "guidance" / "products.toml"
UL_PER_ML = 1000
HALVED = 2


class ProductForm(StrEnum):
    TABLET = "tablet"
    LIQUID = "liquid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product a clinic uses, with the source of its strength and of how it may be split.

    code: stable key such as "tablet-10-halves". name: shown text. Tablets: strength_mcg each, parts 1 (whole only) or
    2 (may be halved).
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
        """ "oral solution 5 mg/5 mL": the name in running text."""
        kind = self.name.split(" ", 2)[:2]
        return f"{' '.join(kind).lower()} {self.strength_words}"

    @property
    def words(self) -> str:
        """ "5 mg tablet" or "oral solution 5 mg/5 mL"."""
        return self.liquid_words if self.is_liquid else f"{self.strength_words} tablet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """How exactly a liquid can be measured, and how far from the dose that may take us (rule E1)."""

    step_ul: int
    dose_error_percent: int


def show_ml(millilitres: Fraction) -> str:
    """ "7.5 mL": in tenths, no trailing zero, a space that never breaks."""
    return f"{format_mg(millilitres * 1000)}{NO_BREAK_SPACE}mL"


@cache
def _read_file() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _product(entry: dict[str, Any]) -> Product:
    return Product(**{**entry, "form": ProductForm(entry["form"])})


def load_measuring() -> Measuring:
    """What rule E1 allows for liquids."""
    entry = _read_file()["recipe"]
    return Measuring(step_ul=entry["measure_step_ul"], dose_error_percent=entry["dose_error_percent"])


PRODUCTS: dict[str, Product] = {entry["code"]: _product(entry) for entry in _read_file()["product"]}
