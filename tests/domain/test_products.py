"""Products and recipes: what can be made, in which words, and what is said when it can't."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import titration.domain
from titration.domain.errors import DomainError, NotMakeable
from titration.domain.guidance import ORIGINS
from titration.domain.planning import PlanStepDraft
from titration.domain.products import (
    PRODUCTS,
    Product,
    ProductForm,
    Recipe,
    makes_exactly,
    own_product,
    products_known,
    quantities,
    quantities_by_period,
    recipe,
    stored,
    supplied_until,
)
from titration.domain.products.recipe import nearest_makeable
from titration.domain.products.wording import count_words
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import NO_BREAK_SPACE

TEN, FIVE, TWENTY = PRODUCTS["tablet-10-halves"], PRODUCTS["tablet-5"], PRODUCTS["tablet-20-halves"]
TEN_WHOLE, AUSTRIAN, GERMAN = PRODUCTS["tablet-10"], PRODUCTS["tablet-25-halves"], PRODUCTS["tablet-25"]
LIQUID, DOUBLE, STRONG = PRODUCTS["liquid-5-in-5"], PRODUCTS["liquid-10-in-5"], PRODUCTS["liquid-25-in-5"]
GUIDANCE_FOLDER = Path(titration.domain.__file__).parent / "guidance"

product_choices = st.sets(st.sampled_from(sorted(PRODUCTS)), min_size=1, max_size=4).map(
    lambda codes: tuple(PRODUCTS[code] for code in sorted(codes))
)


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


@pytest.mark.parametrize(
    ("dose_mcg", "products", "words"),
    [
        (0, (TEN,), "none"),
        (5_000, (TEN,), "half a 10 mg tablet"),
        (10_000, (TEN,), "one 10 mg tablet"),
        (15_000, (TEN,), "one and a half 10 mg tablets"),
        (20_000, (TEN,), "two 10 mg tablets"),
        (25_000, (TEN, TWENTY), "one 20 mg tablet and half a 10 mg tablet"),
        (15_000, (TEN, FIVE), "one 10 mg tablet and one 5 mg tablet"),
        (10_000, (FIVE, TWENTY), "two 5 mg tablets"),
        (30_000, (TEN, TWENTY), "one 20 mg tablet and one 10 mg tablet"),
        (12_500, (AUSTRIAN,), "half a 25 mg tablet"),
        (45_000, (AUSTRIAN, TEN), "one 25 mg tablet and two 10 mg tablets"),
        (105_000, (FIVE,), "twenty-one 5 mg tablets"),
        (7_500, (LIQUID,), "7.5 mL of oral solution 5 mg/5 mL (7.5 mg)"),
        (10_000, (STRONG,), "2 mL of oral suspension 25 mg/5 mL (10 mg)"),
        (10_000, (TEN, LIQUID), "one 10 mg tablet"),
        (12_000, (TEN, LIQUID), "12 mL of oral solution 5 mg/5 mL (12 mg)"),
        (2_500, (DOUBLE,), "1.2 mL of oral solution 10 mg/5 mL (2.4 mg)"),
    ],
)
def test_says_a_recipe_in_plain_words(dose_mcg: int, products: tuple[Product, ...], words: str) -> None:
    assert plain(recipe(dose_mcg, products).words) == words


@pytest.mark.parametrize(
    ("dose_mcg", "products", "words"),
    [
        (15_000, (TEN,), "one and a half tablets"),
        (10_000, (TEN,), "one tablet"),
        (25_000, (TEN, TWENTY), "one 20 mg and half a 10 mg"),
        (7_500, (LIQUID,), "7.5 mL (7.5 mg)"),
    ],
)
def test_says_a_recipe_shortly_for_tables(dose_mcg: int, products: tuple[Product, ...], words: str) -> None:
    assert plain(recipe(dose_mcg, products).words_short) == words


@pytest.mark.parametrize(
    ("dose_mcg", "products", "said"),
    [
        (5_000, (TEN_WHOLE,), ("Nearest: 10 mg.", "the 5 mg tablet or oral solution 5 mg/5 mL")),
        (15_000, (TEN_WHOLE,), ("Nearest: 10 mg and 20 mg.",)),
        (2_500, (TEN,), ("Nearest: 5 mg.", "It needs oral solution 5 mg/5 mL.")),
        (12_500, (GERMAN,), ("the 25 mg tablet that can be halved",)),
        (12_340, (TEN,), ("No product that we know makes it.",)),
        (5_000, (), ("No product is chosen",)),
    ],
)
def test_names_the_nearest_doses_and_the_product_that_is_needed(
    dose_mcg: int, products: tuple[Product, ...], said: tuple[str, ...]
) -> None:
    with pytest.raises(NotMakeable) as refusal:
        recipe(dose_mcg, products)
    assert all(part in plain(refusal.value.sentence) for part in said), refusal.value.sentence


@pytest.mark.parametrize(
    ("dose_mcg", "made_mcg"),
    [(1_000, 1_000), (1_100, None), (10_400, 10_000), (10_600, 11_000), (9_600, 10_000), (400, None)],
    ids=["exact", "9 % off", "4 % less", "4 % more", "near", "no mark at all"],
)
def test_a_liquid_is_rounded_to_the_syringe_within_five_percent(dose_mcg: int, made_mcg: int | None) -> None:
    ten_per_ml = replace(STRONG, code="hospital", strength_mcg=50_000)
    if made_mcg is None:
        with pytest.raises(NotMakeable):
            recipe(dose_mcg, (ten_per_ml,))
        return
    made = recipe(dose_mcg, (ten_per_ml,))
    assert (made.made_mcg, made.is_rounded) == (made_mcg, made_mcg != dose_mcg)


@pytest.mark.parametrize(
    ("dose_mcg", "is_made"), [(9_523, False), (9_524, True), (10_000, True), (10_526, True), (10_527, False)]
)
def test_five_percent_of_the_dose_is_the_limit(dose_mcg: int, is_made: bool) -> None:
    coarse = replace(STRONG, code="coarse", strength_mcg=500_000)  # 10 mg a mark
    assert (coarse.strength_mcg, makes(dose_mcg, coarse)) == (500_000, is_made)


def makes(dose_mcg: int, product: Product) -> bool:
    try:
        recipe(dose_mcg, (product,))
    except NotMakeable:
        return False
    return True


def test_a_rounded_liquid_is_not_exact() -> None:
    assert recipe(2_500, (DOUBLE,)).is_rounded
    assert not makes_exactly(2_500, (DOUBLE,))


def test_splitting_belongs_to_the_product_and_not_to_the_strength() -> None:
    assert makes_exactly(12_500, (AUSTRIAN,))
    assert not makes_exactly(12_500, (GERMAN,))


@given(st.integers(0, 2000).map(lambda tenths: tenths * 100), product_choices)
def test_the_parts_hold_what_the_recipe_says(dose_mcg: int, products: tuple[Product, ...]) -> None:
    try:
        made = recipe(dose_mcg, products)
    except NotMakeable:
        return
    assert sum((_mcg(product, amount) for product, amount in made.parts), Fraction()) == made.made_mcg
    assert all(product in products and amount > 0 for product, amount in made.parts)
    assert all(product.is_liquid or (amount * product.parts).denominator == 1 for product, amount in made.parts)
    assert made.made_mcg == dose_mcg or (len(made.parts) == 1 and made.parts[0][0].is_liquid)


def _mcg(product: Product, amount: Fraction) -> Fraction:
    if product.is_liquid:
        return amount * 1000 * product.strength_mcg / product.volume_ul
    return amount * product.strength_mcg


@dataclass(frozen=True)
class Step:
    starts_on: date
    recipes: dict[TimeOfDay, Recipe] = field(default_factory=dict)


FIRST = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("dose_mcg", "product", "days", "amount"),
    [
        (5_000, TEN, 28, Fraction(14)),
        (5_000, TEN, 7, Fraction(7, 2)),
        (15_000, TEN, 1, Fraction(3, 2)),
        (7_500, LIQUID, 10, Fraction(75)),
        (10_000, TEN, 0, None),
    ],
    ids=["half a tablet for 28 days", "half a tablet for a week", "one day", "liquid in mL", "no day"],
)
def test_counts_exactly_what_a_plan_uses(dose_mcg: int, product: Product, days: int, amount: Fraction | None) -> None:
    step = Step(FIRST, {TimeOfDay.EVENING: recipe(dose_mcg, (product,))})
    expected = [] if amount is None else [(product, amount)]
    assert quantities([step], FIRST + timedelta(days)) == expected


@pytest.mark.parametrize(
    ("gaps", "last_mcg", "days"),
    [
        ((7,), 0, 7),
        ((7,), 5_000, 14),
        ((3, 3), 15_000, 13),
        ((14,), 5_000, 28),
        ((), 5_000, 7),
    ],
    ids=["to zero", "goes on for a week", "a week at least", "goes on for its gap", "one step"],
)
def test_a_plan_that_goes_on_is_supplied_for_its_last_dose_too(gaps: tuple[int, ...], last_mcg: int, days: int) -> None:
    starts = [FIRST + timedelta(sum(gaps[:number])) for number in range(len(gaps) + 1)]
    steps = [PlanStepDraft(starts_on=day, regimen=Regimen(evening_mcg=10_000)) for day in starts[:-1]]
    steps.append(PlanStepDraft(starts_on=starts[-1], regimen=Regimen(evening_mcg=last_mcg)))
    assert supplied_until(steps) == FIRST + timedelta(days)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 200))
def test_quantities_of_two_halves_of_a_plan_add_up(gaps: list[int], cut_days: int) -> None:
    starts = [FIRST + timedelta(sum(gaps[:number])) for number in range(len(gaps))]
    steps = [Step(day, {TimeOfDay.MORNING: recipe(5_000 * (9 - n), (TEN,))}) for n, day in enumerate(starts)]
    end = FIRST + timedelta(sum(gaps))
    cut = min(FIRST + timedelta(cut_days), end)
    early = [step for step in steps if step.starts_on < cut]
    late = [Step(max(step.starts_on, cut), step.recipes) for step in [*early[-1:], *steps[len(early) :]]]
    parts = [_total(early, cut), _total(late, end)]
    assert sum(parts) == _total(steps, end)


def _total(steps: list[Step], ends_on: date) -> Fraction:
    return sum((amount for _, amount in quantities(steps, ends_on)), Fraction())


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


GRANULES = PRODUCTS["granules-5"]


def test_says_how_each_product_may_be_split() -> None:
    words = [product.splitting_words for product in (TEN, TEN_WHOLE, GRANULES, LIQUID)]
    assert words == ["may be halved", "whole only", "whole only", "measured in mL"]


@pytest.mark.parametrize(
    ("dose_mcg", "words", "short"),
    [
        (5_000, "one 5 mg packet of granules", "one packet of granules"),
        (15_000, "three 5 mg packets of granules", "three packets of granules"),
    ],
)
def test_granules_come_in_whole_packets(dose_mcg: int, words: str, short: str) -> None:
    made = recipe(dose_mcg, (GRANULES,))
    assert (plain(made.words), plain(made.words_short)) == (words, short)
    with pytest.raises(NotMakeable):
        recipe(2_500, (GRANULES,))
    assert plain(recipe(25_000, (GRANULES, TWENTY)).words_short) == "one 20 mg and one 5 mg packet of granules"


def test_the_catalogue_holds_what_is_sold() -> None:
    tablets = {product.strength_mcg for product in PRODUCTS.values() if product.form is ProductForm.TABLET}
    liquids = {plain(product.strength_words) for product in PRODUCTS.values() if product.is_liquid}
    assert tablets == {5_000, 10_000, 15_000, 20_000, 25_000}
    assert liquids == {"5 mg/5 mL", "10 mg/5 mL", "25 mg/5 mL"}
    assert any(product.form is ProductForm.GRANULES for product in PRODUCTS.values())


def test_periods_add_up_to_the_whole_and_count_halves_as_halves() -> None:
    half, whole = recipe(5_000, (TEN,)), recipe(10_000, (TEN,))
    steps = [Step(FIRST, {TimeOfDay.EVENING: half}), Step(FIRST + timedelta(35), {TimeOfDay.EVENING: whole})]
    periods = quantities_by_period(steps, FIRST + timedelta(60))
    assert [(each.days, dict(each.amounts)[TEN]) for each in periods] == [(28, 14), (28, Fraction(49, 2)), (4, 4)]
    assert periods[1].first_on == FIRST + timedelta(28)
    assert sum(dict(each.amounts)[TEN] for each in periods) == _total(steps, FIRST + timedelta(60))


def test_a_period_has_a_day() -> None:
    with pytest.raises(ValueError, match="one day or more"):
        quantities_by_period([Step(FIRST)], FIRST + timedelta(1), period_days=0)


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


def test_without_products_no_dose_is_near() -> None:
    assert nearest_makeable(15_000, ()) == ()


def test_from_a_hundred_on_numbers_are_digits() -> None:
    assert [count_words(number) for number in (99, 100)] == ["ninety-nine", "100"]
