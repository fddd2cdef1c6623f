"""Boundary cases of rule E1 as data: which doses the products make, and which are refused.

E1 judges no patient but a planned dose and the products chosen for it, so its cases stand apart from those of
`boundaries`; the page about the rule shows both kinds alike. Each row is answered by the same `recipe` as every plan.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from titration.domain import guidance
from titration.domain.errors import NotMakeable
from titration.domain.products import PRODUCTS, Product, recipe
from titration.domain.units import parse_mg, show_mg

MAKING = "E1"


@dataclass(frozen=True, slots=True)
class MakingCase:
    """One row of the table. is_refused: what the rule must answer; expected: no severity, since it is no finding."""

    name: str
    dose_mcg: int
    products: tuple[Product, ...]
    is_refused: bool
    expected: None = None

    @property
    def words(self) -> str:
        """ "15 mg from 10 mg tablet, cannot be halved." """
        chosen = "; ".join(product.name for product in self.products) or "no product"
        return f"{show_mg(self.dose_mcg)} from {chosen}."

    @property
    def answer(self) -> str:
        """What the rule says: the recipe in words, or that it refuses."""
        try:
            made = recipe(self.dose_mcg, self.products)
        except NotMakeable:
            return "refused"
        return f"made: {made.words}"


@cache
def load_making_cases() -> tuple[MakingCase, ...]:
    """The table of E1, in the order in which it is shown."""
    text = files(guidance).joinpath("boundaries", f"{MAKING}.toml").read_text(encoding="utf-8")
    return tuple(_read(entry) for entry in tomllib.loads(text)["case"])


def _read(entry: Mapping[str, Any]) -> MakingCase:
    products = tuple(PRODUCTS[code] for code in entry["products"])
    return MakingCase(entry["name"], parse_mg(entry["dose"]), products, entry["refused"])
