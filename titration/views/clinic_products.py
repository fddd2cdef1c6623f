"""Which products the clinic's plans are made of, on a page: chosen from the catalogue, and its own beside them."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.products import Product
from titration.forms.clinic_plans import OwnProductForm, ProductsForm
from titration.permissions import Action, check_can
from titration.services.products import add_product, bring_back_product, choose_products, retire_product
from titration.views.answers import attempt, saved, show
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page

PAGE = "settings/products.html"


@clinic_page(*FORM)
def products(request: ClinicRequest) -> HttpResponse:
    """GET: the catalogue and the own list. POST: which of them are offered."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    if request.method != "POST":
        return _page(request, OwnProductForm(label_suffix=""))
    known = _standing(request)
    form = ProductsForm(request.POST, known=known)
    tried = attempt(
        form,
        lambda: choose_products(
            actor=request.membership,
            codes=form.cleaned_data["products"],
            now=request.now,
            key=form.cleaned_data["key"],
        ),
    )
    if tried.row is not None:
        return saved(request, reverse("products"), "Products saved. Plans on file keep theirs.")
    return _page(request, OwnProductForm(label_suffix=""), refused=form, status=tried.status)


@clinic_page(*WRITES)
def product_add(request: ClinicRequest) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    form = OwnProductForm(request.POST, label_suffix="")
    tried = attempt(
        form,
        lambda: add_product(actor=request.membership, now=request.now, key=form.cleaned_data["key"], **form.product()),
    )
    if tried.row is not None:
        return saved(request, reverse("products"), "Product added. It is offered in the planner.")
    return _page(request, form, status=tried.status)


@clinic_page(*WRITES)
def product_retire(request: ClinicRequest, code: str) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    retire_product(actor=request.membership, code=code, now=request.now)
    return saved(request, reverse("products"), "Product retired. Plans made of it still name it.")


@clinic_page(*WRITES)
def product_bring_back(request: ClinicRequest, code: str) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    bring_back_product(actor=request.membership, code=code, now=request.now)
    return saved(request, reverse("products"), "Product brought back.")


def _standing(request: ClinicRequest) -> list[Product]:
    """All but those retired."""
    clinic = request.membership.clinic
    retired = {code for code, values in clinic.own_products.items() if values.get("retired")}
    return [product for code, product in clinic.known_products.items() if code not in retired]


def _rows(request: ClinicRequest) -> Iterator[dict[str, Any]]:
    clinic = request.membership.clinic
    offered = {product.code for product in clinic.offered_products}
    for product in _standing(request):
        yield {
            "product": product,
            "is_offered": product.code in offered,
            "is_own": product.code in clinic.own_products,
        }


def _page(
    request: ClinicRequest, form: OwnProductForm, *, refused: ProductsForm | None = None, status: int = 200
) -> HttpResponse:
    clinic = request.membership.clinic
    retired = [clinic.known_products[code] for code, each in clinic.own_products.items() if each.get("retired")]
    offered = refused or ProductsForm(known=_standing(request))
    context = {"rows": list(_rows(request)), "form": form, "offered": offered, "refused": refused, "retired": retired}
    return show(request, PAGE, context, status=status)
