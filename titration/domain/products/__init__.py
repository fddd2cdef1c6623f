"""Tablets and liquids, how each may be split, and how a dose is made from them.

A dose becomes a recipe of pieces that exist, or the reason why there is none; nothing in between.
"""

from titration.domain.products.catalogue import PRODUCTS, Product, ProductForm, load_measuring, show_ml
from titration.domain.products.recipe import Recipe, makes_exactly, nearest_makeable, recipe
from titration.domain.products.supply import quantities, supplied_until

__all__ = [
    "PRODUCTS",
    "Product",
    "ProductForm",
    "Recipe",
    "load_measuring",
    "makes_exactly",
    "nearest_makeable",
    "quantities",
    "recipe",
    "show_ml",
    "supplied_until",
]
