"""A clinic's own products beside the catalogue: kept as plain values, read back as products.

An own product is never changed, because plans are made of it; another strength or splitting is another product. A
retired one is offered no more and still read.
"""

from collections.abc import Mapping
from typing import Any

from titration.domain.errors import DomainError
from titration.domain.products.catalogue import HALVED, PRODUCTS, Product, ProductForm, load_own_limits
from titration.domain.units import RESOLUTION_MCG, show_mg

OWN_PREFIX = "own-"


def own_product(
    code: str, *, name: str, form: ProductForm, strength_mcg: int, parts: int = 1, volume_ul: int = 0, source: str
) -> Product:
    """A product of the clinic's own, or the sentence that says what is wrong with it."""
    _check(name, form, strength_mcg, parts, volume_ul, source)
    return Product(
        code=code,
        name=name,
        form=form,
        strength_mcg=strength_mcg,
        parts=parts,
        volume_ul=volume_ul,
        market="own list",
        source=source,
        locator="This clinic's own product",
    )


def _check(name: str, form: ProductForm, strength_mcg: int, parts: int, volume_ul: int, source: str) -> None:
    limits = load_own_limits()
    if not name.strip() or not source.strip():
        raise DomainError("Write the product's name, and where its strength and splitting are stated.")
    if not 0 < strength_mcg <= limits.largest_strength_mcg or strength_mcg % RESOLUTION_MCG:
        raise DomainError(f"Write a strength above 0 and up to {show_mg(limits.largest_strength_mcg)}.")
    if (form is ProductForm.LIQUID) != (volume_ul > 0) or volume_ul > limits.largest_volume_ul:
        raise DomainError("A liquid needs the volume that holds its strength, for example 5 mL; a tablet has none.")
    if parts not in (1, HALVED) or (parts == HALVED and form is not ProductForm.TABLET):
        raise DomainError("Only a tablet may be halved; granules and liquids are not split.")
    if parts == HALVED and strength_mcg // HALVED % RESOLUTION_MCG:
        raise DomainError("Half of this tablet is no dose in steps of 0.1\u00a0mg. Choose whole only.")


def stored(product: Product) -> dict[str, Any]:
    """As JSON."""
    return {
        "name": product.name,
        "form": product.form.value,
        "strength_mcg": product.strength_mcg,
        "parts": product.parts,
        "volume_ul": product.volume_ul,
        "source": product.source,
    }


def products_known(own: Mapping[str, Mapping[str, Any]]) -> dict[str, Product]:
    """The catalogue and the own products, by code. own: as `stored`, with what else is kept beside it."""
    return {**PRODUCTS, **{code: _read(code, values) for code, values in own.items()}}


def _read(code: str, values: Mapping[str, Any]) -> Product:
    names = ("name", "strength_mcg", "parts", "volume_ul", "source")
    return own_product(code, form=ProductForm(values["form"]), **{name: values[name] for name in names})
