"""The catalogue with its sources, and a clinic's own products: what can be and what is refused."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

import titration.domain
from tests.domain.shelf import GRANULES, LIQUID, TEN, TEN_WHOLE, plain
from titration.domain.errors import DomainError
from titration.domain.guidance import ORIGINS
from titration.domain.products import PRODUCTS, Product, ProductForm, own_product, products_known, recipe, stored

GUIDANCE_FOLDER = Path(titration.domain.__file__).parent / "guidance"


@pytest.mark.parametrize("file_name", ["products.toml", "presets.toml"])
def test_every_entry_names_its_source_origin_and_review(file_name: str) -> None:
    content = tomllib.loads((GUIDANCE_FOLDER / file_name).read_text(encoding="utf-8"))
    alone = [content[name] for name in ("dispensing", "own") if name in content]
    limits = content.get("limits", {}).values()
    for entry in [*alone, *limits, *content.get("product", []), *content.get("preset", [])]:
        assert entry["source"], entry
        assert entry["locator"], entry
        assert entry["origin"] in ORIGINS, entry
        assert isinstance(entry["reviewed_on"], date), entry


@pytest.mark.parametrize(
    "fields",
    [
        {"form": ProductForm.TABLET, "strength_mcg": 0},
        {"form": ProductForm.TABLET, "strength_mcg": 10_000, "parts": 4},
        {"form": ProductForm.TABLET, "strength_mcg": 10_000, "volume_ul": 5},
        {"form": ProductForm.LIQUID, "strength_mcg": 10_000},
        {"form": ProductForm.GRANULES, "strength_mcg": 5_000, "parts": 2},
    ],
    ids=["no strength", "quarters", "a tablet with a volume", "a liquid without one", "half a packet"],
)
def test_refuses_a_product_that_cannot_be(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="x:"):
        Product(code="x", name="x", **fields)  # type: ignore[arg-type]


def test_says_how_each_product_may_be_split() -> None:
    words = [product.splitting_words for product in (TEN, TEN_WHOLE, GRANULES, LIQUID)]
    assert words == ["may be halved", "whole only", "whole only", "measured in mL"]


def test_the_catalogue_holds_what_is_sold() -> None:
    tablets = {product.strength_mcg for product in PRODUCTS.values() if product.form is ProductForm.TABLET}
    liquids = {plain(product.strength_words) for product in PRODUCTS.values() if product.is_liquid}
    assert tablets == {5_000, 10_000, 15_000, 20_000, 25_000}
    assert liquids == {"5 mg/5 mL", "10 mg/5 mL", "25 mg/5 mL"}
    assert any(product.form is ProductForm.GRANULES for product in PRODUCTS.values())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "product's name"),
        ({"source": ""}, "where its strength"),
        ({"strength_mcg": 0}, "above 0"),
        ({"strength_mcg": 50_100}, "up to 50 mg"),
        ({"strength_mcg": 10_050}, "above 0"),
        ({"volume_ul": 5_000}, "a tablet has none"),
        ({"form": ProductForm.LIQUID}, "needs the volume"),
        ({"form": ProductForm.GRANULES, "parts": 2}, "Only a tablet may be halved"),
        ({"parts": 4}, "Only a tablet may be halved"),
        ({"strength_mcg": 2_500, "parts": 2}, "Half of this tablet"),
    ],
)
def test_refuses_an_own_product(typed: dict[str, object], said: str) -> None:
    usual = {"name": "12.5 mg tablet", "form": ProductForm.TABLET, "strength_mcg": 12_500, "source": "the packet"}
    with pytest.raises(DomainError) as refusal:
        own_product("own-1", **{**usual, **typed})  # type: ignore[arg-type]
    assert said in plain(refusal.value.sentence)


def test_an_own_product_is_read_back_as_it_was_stored() -> None:
    hospital = own_product(
        "own-1", name="Oral suspension of the ward", form=ProductForm.LIQUID, strength_mcg=50_000, volume_ul=5_000,
        source="Hospital formula",
    )  # fmt: skip
    known = products_known({"own-1": {**stored(hospital), "retired": True}})
    assert known["own-1"] == hospital
    assert set(PRODUCTS) < set(known)
    assert plain(recipe(20_000, (hospital,)).words) == "2 mL of oral suspension 50 mg/5 mL (20 mg)"
