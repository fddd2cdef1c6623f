"""Which products a clinic offers in its plans: chosen from the catalogue, and its own beside them.

An own product is never changed, because plans are made of it; it is retired, and brought back.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from titration.domain.errors import DomainError
from titration.domain.products import OWN_PREFIX, ProductForm, load_own_limits, own_product, stored
from titration.models import Clinic, Membership
from titration.permissions import Action, check_can
from titration.services.audit import record_event
from titration.services.drafts import Key
from titration.services.writing import check_codes, journey


@journey("products.chosen")
def choose_products(*, actor: Membership, codes: Sequence[str], now: datetime, key: Key | None = None) -> Clinic:
    """The whole list anew. Plans on file keep theirs."""

    def change(clinic: Clinic) -> dict[str, Any]:
        check_codes(codes, clinic.known_products, "products")
        if not codes:
            raise DomainError("Choose at least one product: without any, no plan could be drawn.")
        if any(clinic.own_products.get(code, {}).get("retired") for code in codes):
            raise DomainError("A retired product is offered no more. Bring it back first.")
        clinic.product_codes = [code for code in clinic.known_products if code in codes]
        return {"products": clinic.product_codes}

    return _changed(actor, "products.chosen", change, now)


@journey("product.added")
def add_product(
    *,
    actor: Membership,
    name: str,
    form: ProductForm,
    strength_mcg: int,
    parts: int,
    volume_ul: int,
    source: str,
    now: datetime,
    key: Key | None = None,
) -> Clinic:
    """A product of the clinic's own, offered at once."""

    def change(clinic: Clinic) -> dict[str, Any]:
        if len(clinic.own_products) >= load_own_limits().most_products:
            raise DomainError("The list of own products is full: a longer one is not read.")
        code = f"{OWN_PREFIX}{len(clinic.own_products) + 1}"
        product = own_product(
            code,
            name=" ".join(name.split()),
            form=form,
            strength_mcg=strength_mcg,
            parts=parts,
            volume_ul=volume_ul,
            source=" ".join(source.split()),
        )
        if product.name.casefold() in {each.name.casefold() for each in clinic.known_products.values()}:
            raise DomainError("A product of this name is in the list already.", about="name")
        clinic.product_codes = [*(each.code for each in clinic.offered_products), code]
        clinic.own_products = {**clinic.own_products, code: stored(product)}
        return {"product": code}

    return _changed(actor, "product.added", change, now)


@journey("product.retired")
def retire_product(*, actor: Membership, code: str, now: datetime) -> Clinic:
    """Offered no more; plans made of it still say what it is."""

    def change(clinic: Clinic) -> dict[str, Any]:
        _check_own(clinic, code, is_retired=False)
        kept = [each for each in clinic.product_codes if each != code]
        if not kept:
            raise DomainError("Choose another product first: without any, no plan could be drawn.")
        clinic.product_codes = kept
        clinic.own_products = {**clinic.own_products, code: {**clinic.own_products[code], "retired": True}}
        return {"product": code}

    return _changed(actor, "product.retired", change, now)


@journey("product.brought_back")
def bring_back_product(*, actor: Membership, code: str, now: datetime) -> Clinic:
    def change(clinic: Clinic) -> dict[str, Any]:
        _check_own(clinic, code, is_retired=True)
        values = {name: value for name, value in clinic.own_products[code].items() if name != "retired"}
        clinic.own_products = {**clinic.own_products, code: values}
        clinic.product_codes = [*clinic.product_codes, code]
        return {"product": code}

    return _changed(actor, "product.brought_back", change, now)


def _check_own(clinic: Clinic, code: str, *, is_retired: bool) -> None:
    if code not in clinic.own_products or bool(clinic.own_products[code].get("retired")) != is_retired:
        raise DomainError("This product stands otherwise by now. Reload the page.")


def _changed(actor: Membership, action: str, change: Callable[[Clinic], dict[str, Any]], now: datetime) -> Clinic:
    check_can(actor, Action.MANAGE_CLINIC)
    clinic = Clinic.objects.select_for_update().get(pk=actor.clinic_id)
    detail = change(clinic)
    clinic.save(update_fields=["product_codes", "own_products"])
    record_event(clinic=clinic, actor=actor, action=action, subject=clinic, detail=detail, now=now)
    return clinic
