"""The products that a clinic offers: chosen, added, retired, and known for ever where a plan is made of them."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError

from tests.factories import NOW, TODAY, make_patient, regimen
from tests.services.test_every_service import refuse_audit  # noqa: F401 - a fixture
from titration.domain.errors import DomainError
from titration.domain.fact_words import dispensed_words
from titration.domain.products import PRODUCTS, ProductForm
from titration.domain.supply import supply_of
from titration.models import AuditEvent, Clinic, Membership
from titration.permissions import PermissionRefused
from titration.selectors import patient_record
from titration.services.dispensing import record_dispensing
from titration.services.products import add_product, bring_back_product, choose_products, retire_product

TABLET = {
    "name": "12.5 mg tablet", "form": ProductForm.TABLET, "strength_mcg": 12_500, "parts": 1, "volume_ul": 0,
    "source": "Packet of the ward",
}  # fmt: skip


def added(actor: Membership, **changes: Any) -> Clinic:
    return add_product(actor=actor, now=NOW, **{**TABLET, **changes})


ACTS: dict[str, Callable[[Membership], Callable[[], Any]]] = {
    "products.chosen": lambda actor: lambda: choose_products(actor=actor, codes=["tablet-5"], now=NOW),
    "product.added": lambda actor: lambda: added(actor),
    "product.retired": lambda actor: _then(actor, retire_product),
    "product.brought_back": lambda actor: _then(actor, bring_back_product),
}
each_act = pytest.mark.parametrize("action", ACTS)


def _then(actor: Membership, act: Any) -> Callable[[], Any]:
    added(actor)
    if act is bring_back_product:
        retire_product(actor=actor, code="own-1", now=NOW)
    return lambda: act(actor=actor, code="own-1", now=NOW)


def test_a_chosen_list_is_offered_in_the_order_of_the_catalogue(ada: Membership) -> None:
    clinic = choose_products(actor=ada, codes=["liquid-5-in-5", "tablet-5"], now=NOW)
    assert [product.code for product in clinic.offered_products] == ["tablet-5", "liquid-5-in-5"]


def test_an_own_product_stands_beside_the_catalogue(ada: Membership) -> None:
    clinic = added(ada)
    assert [product.code for product in clinic.offered_products] == [*PRODUCTS, "own-1"]
    assert clinic.known_products["own-1"].strength_mcg == 12_500


def test_a_retired_product_is_still_known_and_never_comes_back_as_another(ada: Membership) -> None:
    added(ada)
    clinic = retire_product(actor=ada, code="own-1", now=NOW)
    assert "own-1" not in {product.code for product in clinic.offered_products}
    assert clinic.known_products["own-1"].name == "12.5 mg tablet"
    clinic = added(ada, name="30 mg tablet", strength_mcg=30_000)
    assert clinic.known_products["own-2"].strength_mcg == 30_000
    clinic = bring_back_product(actor=ada, code="own-1", now=NOW)
    assert {"own-1", "own-2"} < {product.code for product in clinic.offered_products}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda ada: choose_products(actor=ada, codes=[], now=NOW), "at least one product"),
        (lambda ada: choose_products(actor=ada, codes=["tablet-99"], now=NOW), "from the list"),
        (lambda ada: added(ada, strength_mcg=99_000), "up to 50"),
        (lambda ada: added(ada, name="10 MG tablet, can be halved"), "of this name"),
        (lambda ada: retire_product(actor=ada, code="tablet-5", now=NOW), "Reload the page"),
        (lambda ada: bring_back_product(actor=ada, code="own-1", now=NOW), "Reload the page"),
    ],
)
def test_refuses(act: Callable[[Membership], Any], said: str, ada: Membership) -> None:
    with pytest.raises(DomainError, match=said):
        act(ada)
    assert Clinic.objects.get(pk=ada.clinic_id).own_products == {}


def test_the_last_product_stays(ada: Membership) -> None:
    added(ada)
    choose_products(actor=ada, codes=["own-1"], now=NOW)
    with pytest.raises(DomainError, match="another product first"):
        retire_product(actor=ada, code="own-1", now=NOW)


def test_a_retired_product_is_not_chosen(ada: Membership) -> None:
    _then(ada, bring_back_product)
    with pytest.raises(DomainError, match="Bring it back first"):
        choose_products(actor=ada, codes=["own-1"], now=NOW)


@each_act
def test_is_audited_by_codes_alone(action: str, ada: Membership) -> None:
    ACTS[action](ada)()
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor, event.object_type) == (action, ada.user, "clinic")
    assert set(event.detail) <= {"product", "products"}


@each_act
def test_a_failing_audit_rolls_back(action: str, ada: Membership, refuse_audit: Any) -> None:  # noqa: F811
    act = ACTS[action](ada)
    before = Clinic.objects.values().get(pk=ada.clinic_id)
    refuse_audit()
    with pytest.raises(DatabaseError):
        act()
    assert Clinic.objects.values().get(pk=ada.clinic_id) == before


@each_act
def test_only_an_administrator_changes_them(action: str, ada: Membership, alice: Membership) -> None:
    act = ACTS[action](ada)
    ada.is_clinic_admin, ada.user = False, alice.user
    with pytest.raises(PermissionRefused, match="Only an administrator"):
        act()
    assert AuditEvent.objects.latest("pk").detail["attempt"] == action


def test_what_was_dispensed_of_an_own_product_is_counted(ada: Membership, alice: Membership) -> None:
    """Half a box of 12.5 mg tablets and one of the catalogue's, together in mg."""
    added(ada)
    alice.clinic.refresh_from_db()
    patient = make_patient(alice, takes=regimen(12.5))
    for product, quantity in (("own-1", 10), ("tablet-25", 5)):
        record_dispensing(actor=alice, patient=patient, product=product, quantity=Fraction(quantity), on=TODAY, now=NOW)
    patient.clinic.refresh_from_db()
    record = patient_record(patient, NOW)
    assert {entry.made.name for entry in record.dispensings if entry.made} == {
        "12.5 mg tablet", "25 mg tablet, cannot be halved"
    }  # fmt: skip
    assert supply_of(record, TODAY).empty_on == TODAY + timedelta(days=20)
    assert dispensed_words(record.dispensings[0]).replace("\u00a0", " ") == "10 tablets of 12.5 mg"
