"""Tablets and liquids, how each may be split, and how a dose is made from them.

A dose becomes a recipe of pieces that exist, or the reason why there is none; nothing in between.
"""

from titration.domain.products.catalogue import (
    PRODUCTS,
    Product,
    ProductForm,
    load_measuring,
    load_own_limits,
    load_period_days,
    show_ml,
)
from titration.domain.products.own import OWN_PREFIX, own_product, products_known, stored
from titration.domain.products.recipe import Recipe, makes_exactly, nearest_makeable, recipe
from titration.domain.products.supply import (
    DispensingPeriod,
    quantities,
    quantities_by_period,
    supplied_until,
)
from titration.domain.products.wording import only_tablet

__all__ = [
    "OWN_PREFIX",
    "PRODUCTS",
    "DispensingPeriod",
    "Product",
    "ProductForm",
    "Recipe",
    "load_measuring",
    "load_own_limits",
    "load_period_days",
    "makes_exactly",
    "nearest_makeable",
    "only_tablet",
    "own_product",
    "products_known",
    "quantities",
    "quantities_by_period",
    "recipe",
    "show_ml",
    "stored",
    "supplied_until",
]
